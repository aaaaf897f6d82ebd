// Losses of pairs of elements as modules: their graph, what they refuse and what they warn of. Values and gradients are
// cases of the ops.
import { expect, test } from 'vitest'
import {
  ArgumentError,
  AutogradError,
  DTypeError,
  nn,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts'

const F = nn.functional
const [x, target] = [tensor([0.25, 0.75, 0.5]), tensor([0, 1, 0.75])]
const weight = tensor([1, 2, 3])

test('a module is its function with options', () => {
  const pairs: [nn.AnyModule, Tensor][] = [
    [new nn.MSELoss(), F.mseLoss(x, target)],
    [new nn.MSELoss('sum'), F.mseLoss(x, target, { reduction: 'sum' })],
    [new nn.MSELoss({ reduction: 'none' }), F.mseLoss(x, target, 'none')],
    [new nn.L1Loss('sum'), F.l1Loss(x, target, { reduction: 'sum' })],
    [new nn.SmoothL1Loss({ beta: 0 }), F.l1Loss(x, target)],
    [new nn.SmoothL1Loss({ beta: 0.1 }), F.smoothL1Loss(x, target, { beta: 0.1 })],
    [new nn.SmoothL1Loss('sum', { beta: 0.1 }), F.smoothL1Loss(x, target, 'sum', { beta: 0.1 })],
    [new nn.HuberLoss({ delta: 0.1 }), F.huberLoss(x, target, { delta: 0.1 })],
    [new nn.BCELoss(weight), F.binaryCrossEntropy(x, target, weight)],
    [new nn.BCELoss({ reduction: 'sum' }), F.binaryCrossEntropy(x, target, { reduction: 'sum' })],
    [new nn.BCEWithLogitsLoss(weight), F.binaryCrossEntropyWithLogits(x, target, weight)],
    [
      new nn.BCEWithLogitsLoss({ posWeight: weight, reduction: 'sum' }),
      F.binaryCrossEntropyWithLogits(x, target, { posWeight: weight, reduction: 'sum' }),
    ],
  ]
  for (const [module, want] of pairs) expect((module(x, target) as Tensor).toArray()).toEqual(want.toArray())
})

test('weights are saved under PyTorch’s keys', () => {
  expect(Object.keys(new nn.BCELoss(weight).stateDict())).toEqual(['weight'])
  const criterion = new nn.BCEWithLogitsLoss({ weight: ones(3), posWeight: ones(3) })
  expect(Object.keys(criterion.stateDict())).toEqual(['weight', 'pos_weight'])
  criterion.loadStateDict({ weight: ones(3), pos_weight: weight })
  expect(criterion.posWeight!.toArray()).toEqual([1, 2, 3])
})

test('a loss is one node of the graph, with PyTorch’s name; l1Loss is three', () => {
  const leaf = x.clone().detach().requiresGrad_()
  const names = [F.mseLoss, F.smoothL1Loss, F.huberLoss, F.binaryCrossEntropy, F.binaryCrossEntropyWithLogits].map(
    loss => {
      const node = loss(leaf, target).gradFn!
      expect(node.nextFunctions[0]![0]!.name).toBe('AccumulateGrad')
      return node.name
    },
  )
  expect(names).toEqual([
    'MseLossBackward0',
    'SmoothL1LossBackward0',
    'HuberLossBackward0',
    'BinaryCrossEntropyBackward0',
    'BinaryCrossEntropyWithLogitsBackward0',
  ])
  expect(F.l1Loss(leaf, target).gradFn!.name).toBe('MeanBackward0')
})

test('weights of mseLoss and huberLoss have gradients, those of cross entropies have none', () => {
  const leaf = weight.clone().requiresGrad_()
  F.mseLoss(x, target, { reduction: 'sum', weight: leaf }).backward()
  expect(leaf.grad!.toArray()).toEqual([0.0625, 0.0625, 0.0625])
  for (const call of [
    () => F.binaryCrossEntropy(x, target, leaf),
    () => F.binaryCrossEntropyWithLogits(x, target, leaf),
  ]) {
    expect(call).toThrow(AutogradError)
    expect(call).toThrow(/: weight has no gradient; detach\(\) it$/)
  }
  expect(() => F.binaryCrossEntropyWithLogits(x, target, { posWeight: leaf })).toThrow(
    'binaryCrossEntropyWithLogits: posWeight has no gradient; detach() it',
  )
})

test('what is no pair is refused', () => {
  const wrong: [call: () => unknown, kind: new (text: string) => Error, text: string][] = [
    [() => F.mseLoss(x, zeros(2)), ShapeError, 'mseLoss: shapes do not broadcast: [3] and [2] (3 != 2 in dim 0)'],
    [
      () => F.mseLoss(x.long(), target.long()),
      DTypeError,
      "mseLoss: not implemented for int64; convert with x.to('float32')",
    ],
    [
      () => F.huberLoss(x.long(), target),
      DTypeError,
      "huberLoss: not implemented for int64; convert with x.to('float32')",
    ],
    [
      () => F.mseLoss(x, target, { weight: ones(2) }),
      ShapeError,
      'mseLoss: expected a weight for each element of input [3], got [2]',
    ],
    [
      () => F.mseLoss(x, target, 'max' as never),
      ArgumentError,
      "mseLoss: reduction: expected 'none', 'mean' or 'sum', got 'max'",
    ],
    [() => F.smoothL1Loss(x, target, { beta: -1 }), ArgumentError, 'smoothL1Loss: beta must not be negative, got -1'],
    [() => F.huberLoss(x, target, { delta: 0 }), ArgumentError, 'huberLoss: delta must be positive, got 0'],
    [
      () => F.binaryCrossEntropy(x, ones(1, 3)),
      ShapeError,
      'binaryCrossEntropy: expected a target of the shape of input, [3], got [1, 3]',
    ],
    [
      () => F.binaryCrossEntropy(x, target.double()),
      DTypeError,
      'binaryCrossEntropy: expected a target of the dtype of input, float32, got float64',
    ],
    [
      () => F.binaryCrossEntropy(x, target, ones(2, 3)),
      ShapeError,
      'binaryCrossEntropy: weight [2, 3] does not broadcast to input [3]',
    ],
    [
      () => F.binaryCrossEntropyWithLogits(x, target, { posWeight: ones(2) }),
      ShapeError,
      'binaryCrossEntropyWithLogits: posWeight [2] does not broadcast to input [3]',
    ],
  ]
  for (const [call, kind, text] of wrong) {
    expect(call, text).toThrow(kind)
    expect(call).toThrow(text)
  }
})

test('probabilities outside [0, 1] are refused, and named', () => {
  const bad = (values: number[], at: 'input' | 'target') => () =>
    at === 'input' ? F.binaryCrossEntropy(tensor(values), target) : F.binaryCrossEntropy(x, tensor(values))
  for (const at of ['input', 'target'] as const) {
    const text = `binaryCrossEntropy: all elements of ${at} must be from 0 to 1, got `
    expect(bad([0, 1.5, 1], at)).toThrow(`${text}1.5`)
    expect(bad([0, 1.5, -3], at)).toThrow(`${text}-3`)
    expect(bad([0, Number.NaN, 1], at)).toThrow(`${text}nan`)
  }
  expect(F.binaryCrossEntropy(x, target, { weight: tensor([1, Number.NaN, 1]) }).item()).toBeNaN()
})

test('shapes that differ broadcast with a warning, once', async () => {
  const warnings: string[] = []
  const listen = (warning: Error) => void warnings.push(warning.message)
  process.on('warning', listen)
  for (const _ of [1, 2]) F.huberLoss(zeros(3, 1), zeros(3))
  await new Promise(resolve => setImmediate(resolve))
  process.off('warning', listen)
  expect(warnings).toEqual([
    'huberLoss: target [3] broadcasts to input [3, 1], which is likely to give a wrong result; give them the same shape',
  ])
})
