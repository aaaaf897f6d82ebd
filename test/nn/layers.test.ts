// Layers: what is computed is tested with the ops; here, how their arguments are read and refused.
import { expect, test } from 'vitest'
import { ArgumentError, arange, nn, ones, randn, relu, type Tensor, tensor, zeros } from '../../src/index.ts'

test('convolution sizes', () => {
  const x = zeros(2, 4, 9, 8)
  expect(new nn.Conv2d(4, 6, 3)(x).shape).toEqual([2, 6, 7, 6])
  expect(new nn.Conv2d(4, 6, [3, 5], { padding: 'same' })(x).shape).toEqual([2, 6, 9, 8])
  expect(new nn.Conv2d(4, 6, 3, 2, { padding: 1, groups: 2 })(x).shape).toEqual([2, 6, 5, 4])
  expect(new nn.Conv2d(4, 6, 3, { padding: 'valid', dilation: 2 })(x).shape).toEqual([2, 6, 5, 4])
})

test('a transposed convolution takes the size of its result', () => {
  const layer = new nn.ConvTranspose2d(2, 3, 3, [2, 3], { padding: [1, 0] })
  const x = ones(1, 2, 4, 5)
  expect(layer(x).shape).toEqual([1, 3, 7, 15])
  expect(layer(x, [8, 17]).shape).toEqual([1, 3, 8, 17])
  expect(layer(x, { outputSize: [1, 3, 7, 16] }).shape).toEqual([1, 3, 7, 16])
  expect(layer(x.squeeze(0), [8, 15]).shape).toEqual([3, 8, 15])
  expect(() => layer(x, [9, 15])).toThrow('ConvTranspose2d: outputSize must be from [7, 15] to [8, 17], got [9, 15]')
  expect(() => layer(x, [7])).toThrow(
    'ConvTranspose2d: outputSize: expected 2 or 4 numbers for an input of 4 dimensions, got 1',
  )
  // A convolution and its transpose with one weight are adjoint.
  const conv = new nn.Conv1d(2, 4, 3, { stride: 2, bias: false })
  const [a, b] = [randn(1, 2, 9), randn(1, 4, 4)]
  const back = nn.functional.convTranspose1d(b, conv.weight, { stride: 2 })
  expect(conv(a).mul(b).sum().item()).toBeCloseTo(a.mul(back).sum().item(), 4)
})

test('convolutions that are refused', () => {
  const wrong = (size: unknown) => size as number
  expect(() => new nn.Linear(wrong('2'), 1)).toThrow('Linear: expected sizes as numbers, got a string')
  expect(() => new nn.Linear(1, 1.5)).toThrow('Linear: sizes must be integers, got [1, 1.5]')
  expect(() => new nn.Conv2d(wrong('3'), 2, 3)).toThrow('Conv2d: expected sizes as numbers, got a string')
  expect(() => new nn.Conv2d(wrong(2n), 2, 3)).toThrow('Conv2d: expected sizes as numbers, got a bigint')
  expect(() => new nn.Conv2d(1, 2, -3)).toThrow('Conv2d: kernelSize: sizes must not be negative, got [-3, -3]')
  expect(() => new nn.Conv2d(3, 6, 3, { groups: 2 })).toThrow('in_channels must be divisible by groups')
  expect(() => new nn.Conv2d(4, 3, 3, { groups: 2 })).toThrow('out_channels must be divisible by groups')
  expect(() => new nn.Conv2d(1, 1, 3, { padding: 'same', stride: 2 })).toThrow(
    "padding='same' is not supported for strided convolutions",
  )
  expect(() => new nn.ConvTranspose1d(1, 1, 3, { paddingMode: 'reflect' as never })).toThrow(
    'Only "zeros" padding mode is supported for ConvTranspose1d',
  )
  expect(() => new nn.ConvTranspose3d(1, 1, 3, { padding: 'same' as never })).toThrow(
    'ConvTranspose3d: padding must be a number or an array of three, got a string',
  )
  expect(() => new nn.Conv2d(1, 1, 3, { paddingMode: 'mirror' as never })).toThrow(
    "Conv2d: paddingMode: expected 'zeros', 'reflect', 'replicate' or 'circular', got 'mirror'",
  )
})

test('pooling strides by its kernel size', () => {
  expect(new nn.MaxPool2d(2)(zeros(1, 1, 5, 5)).shape).toEqual([1, 1, 2, 2])
  expect(new nn.MaxPool2d(2, { ceilMode: true })(zeros(1, 1, 5, 5)).shape).toEqual([1, 1, 3, 3])
  expect(new nn.MaxPool2d([2, 3], 1)(zeros(1, 1, 5, 5)).shape).toEqual([1, 1, 4, 3])
})

test('flatten keeps the batch', () => {
  expect(new nn.Flatten()(zeros(2, 3, 4)).shape).toEqual([2, 12])
  expect(new nn.Flatten({ startDim: 0, endDim: 1 })(zeros(2, 3, 4)).shape).toEqual([6, 4])
})

test('classification losses take their options', () => {
  // x = torch.arange(9.).view(3, 3) / 4; t = torch.tensor([0, 2, 1]); F.cross_entropy(x, t, ...)
  const x = arange(9).view(3, 3).div(4)
  const target = tensor([0n, 2n, 1n])
  const weight = tensor([1, 2, 3])
  expect(new nn.CrossEntropyLoss()(x, target).item()).toBeCloseTo(1.119338, 6)
  expect(new nn.CrossEntropyLoss({ ignoreIndex: 0 })(x, target).item()).toBeCloseTo(0.994338, 6)
  expect(new nn.CrossEntropyLoss(weight)(x, target).item()).toBeCloseTo(1.0360047, 6)
  expect(new nn.CrossEntropyLoss(weight, { reduction: 'sum' })(x, target).item()).toBeCloseTo(6.216028, 6)
  expect(new nn.CrossEntropyLoss({ weight, reduction: 'none' })(x, target).toArray()).toEqual(
    new nn.NLLLoss({ weight, reduction: 'none' })(new nn.LogSoftmax(1)(x), target).toArray(),
  )
  expect(Object.keys(new nn.CrossEntropyLoss(weight).stateDict())).toEqual(['weight'])
  expect(() => new nn.CrossEntropyLoss({ reduction: 'median' as never })(x, target)).toThrow(
    "crossEntropy: reduction: expected 'none', 'mean' or 'sum', got 'median'",
  )
})

test('modules and parameters of a wrong kind are refused', () => {
  const not = (value: unknown) => value as never
  const wrong: [call: () => unknown, text: string][] = [
    [() => new nn.Sequential(not(relu)), 'Sequential.registerModule: expected a module, got a function'],
    [() => new nn.ModuleList([not(3)]), 'ModuleList.registerModule: expected a module, got a number'],
    [
      () => new nn.Linear(2, 2).registerParameter('w', not(zeros(2))),
      'Linear.registerParameter: expected a parameter or null, got a Tensor',
    ],
    [
      () => new nn.Linear(2, 2).registerBuffer('w', not([2])),
      'Linear.registerBuffer: expected a tensor or null, got an array',
    ],
    [() => new nn.Parameter(not(3)), 'Parameter: expected a tensor, got a number'],
    [
      () => new nn.CrossEntropyLoss(not('sum')),
      'CrossEntropyLoss.registerBuffer: expected a tensor or null, got a string',
    ],
    [
      () => new nn.Conv2d(1, 2, not(undefined)),
      'Conv2d: kernelSize must be a number or a pair of numbers, got undefined',
    ],
    [() => new nn.MaxPool2d(not('2')), 'MaxPool2d: kernelSize must be a number or a pair of numbers, got a string'],
    [() => new nn.Conv2d(2, 2, 3, { groups: 0.5 }), 'groups must be a positive integer'],
    [() => new nn.Linear(2, 2).loadStateDict(not(undefined)), 'loadStateDict: expected a state dict, got undefined'],
    [
      () => new nn.Linear(2, 2).loadStateDict({ weight: not(3), bias: zeros(2) }),
      'loadStateDict: weight: expected a tensor, got a number',
    ],
  ]
  for (const [call, text] of wrong) expect(call).toThrow(new ArgumentError(text))
})

test('cross entropy refuses targets that are neither classes nor probabilities', () => {
  const scores = ones(2, 3)
  expect(() => new nn.CrossEntropyLoss({ labelSmoothing: 1.5 })(scores, scores)).toThrow(
    'crossEntropy: labelSmoothing must be between 0 and 1, got 1.5',
  )
  expect(() => nn.functional.crossEntropy(scores, scores.long())).toThrow(
    'crossEntropy: expected class probabilities of a floating dtype as target, got int64',
  )
  expect(() => nn.functional.crossEntropy(scores, scores, { ignoreIndex: 0 })).toThrow(
    'crossEntropy: ignoreIndex does not go with class probabilities',
  )
})

test('layers of a function alone do what it does', () => {
  const { functional: F } = nn
  const [x, y] = [arange(192).view(2, 4, 4, 6).float(), arange(192, 0, -1).view(2, 4, 4, 6).float()]
  const layers: [got: Tensor, want: Tensor][] = [
    [new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })(x), F.interpolate(x, { scaleFactor: 2, mode: 'bilinear' })],
    [new nn.UpsamplingNearest2d(3)(x), F.upsampleNearest(x, 3)],
    [new nn.UpsamplingBilinear2d({ scaleFactor: 1.5 })(x), F.upsampleBilinear(x, { scaleFactor: 1.5 })],
    [new nn.PixelShuffle(2)(x), F.pixelShuffle(x, 2)],
    [new nn.PixelUnshuffle(2)(x), F.pixelUnshuffle(x, 2)],
    [new nn.ChannelShuffle(2)(x), F.channelShuffle(x, 2)],
    [new nn.Unfold(2, { stride: 2 })(x), F.unfold(x, 2, { stride: 2 })],
    [new nn.Fold([4, 6], 2, { stride: 2 })(F.unfold(x, 2, { stride: 2 })), x],
    [new nn.Unflatten(1, [2, -1])(x), x.view(2, 2, 2, 4, 6)],
    [new nn.CosineSimilarity({ dim: -1 })(x, y), F.cosineSimilarity(x, y, -1)],
    [new nn.PairwiseDistance(1, { keepdim: true })(x, y), F.pairwiseDistance(x, y, 1, { keepdim: true })],
  ]
  for (const [got, want] of layers) {
    expect(got.shape).toEqual(want.shape)
    expect(got.tolist()).toEqual(want.tolist())
  }
})

test('padding takes one number, or one for each side', () => {
  const wrong = (sides: unknown) => sides as number
  expect(() => new nn.ZeroPad2d(wrong([1, 2]))).toThrow('ZeroPad2d: expected a number or 4 numbers, got an array')
  expect(() => new nn.ConstantPad1d(1, wrong('2'))).toThrow('ConstantPad1d: expected a number, got a string')
})
