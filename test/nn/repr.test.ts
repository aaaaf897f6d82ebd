// The text of modules. Every expected text was printed by PyTorch 2.13 for the same constructor calls.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { nn, ones } from '../../src/index.ts'

test('containers show their modules one below the other', () => {
  const model = new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(10, 3, { bias: false }),
    new nn.LogSoftmax({ dim: 1 }),
  )
  expect(inspect(model)).toBe(`Sequential(
  (0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
  (1): ReLU()
  (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  (3): Flatten(start_dim=1, end_dim=-1)
  (4): Linear(in_features=10, out_features=3, bias=False)
  (5): LogSoftmax(dim=1)
)`)
  const nested = new nn.Sequential({ fc: new nn.Linear(2, 3), inner: new nn.Sequential(new nn.Identity()) })
  expect(String(nested)).toBe(`Sequential(
  (fc): Linear(in_features=2, out_features=3, bias=True)
  (inner): Sequential(
    (0): Identity()
  )
)`)
  expect(String(new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2), new nn.ReLU()]))).toBe(`ModuleList(
  (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)
  (2): ReLU()
)`)
  expect([String(new nn.ModuleList()), String(new nn.Sequential())]).toEqual(['ModuleList()', 'Sequential()'])
})

const layers: [make: () => nn.AnyModule, text: string][] = [
  [
    () => new nn.Conv2d(4, 8, [3, 5], { stride: 2, padding: [1, 0], dilation: [1, 2], groups: 2, bias: false }),
    'Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 2), padding=(1, 0), dilation=(1, 2), groups=2, bias=False)',
  ],
  [() => new nn.Conv2d(1, 2, 3, { padding: 'same' }), 'Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=same)'],
  [
    () => new nn.Conv2d(1, 2, 3, 1, { padding: 'valid' }),
    'Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=valid)',
  ],
  [() => new nn.Conv1d(2, 4, 3, { padding: 1 }), 'Conv1d(2, 4, kernel_size=(3,), stride=(1,), padding=(1,))'],
  [
    () => new nn.Conv1d(2, 4, 3, { padding: 'same', paddingMode: 'circular' }),
    'Conv1d(2, 4, kernel_size=(3,), stride=(1,), padding=same, padding_mode=circular)',
  ],
  [
    () => new nn.Conv3d(2, 4, [1, 2, 3], 2, { groups: 2, bias: false }),
    'Conv3d(2, 4, kernel_size=(1, 2, 3), stride=(2, 2, 2), groups=2, bias=False)',
  ],
  [
    () => new nn.ConvTranspose2d(2, 4, 3, 2, { padding: 1, outputPadding: 1, dilation: 2 }),
    'ConvTranspose2d(2, 4, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), output_padding=(1, 1))',
  ],
  [
    () => new nn.MaxPool2d([2, 3], { stride: 1, padding: 1, dilation: 2, ceilMode: true }),
    'MaxPool2d(kernel_size=(2, 3), stride=1, padding=1, dilation=2, ceil_mode=True)',
  ],
  [() => new nn.Flatten(2, { endDim: 3 }), 'Flatten(start_dim=2, end_dim=3)'],
  [() => new nn.Unflatten(1, [2, -1]), 'Unflatten(dim=1, unflattened_size=(2, -1))'],
  [
    () => new nn.Embedding(10, 3, -1, { maxNorm: 1, normType: 1, scaleGradByFreq: true }),
    'Embedding(10, 3, padding_idx=9, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True)',
  ],
  [
    () => new nn.EmbeddingBag(10, 3, 1.5, { paddingIdx: -1, mode: 'sum' }),
    "EmbeddingBag(10, 3, max_norm=1.5, mode='sum', padding_idx=9)",
  ],
  [() => new nn.ConstantPad2d(2, 3.5), 'ConstantPad2d(padding=(2, 2, 2, 2), value=3.5)'],
  [() => new nn.ZeroPad1d([1, 2]), 'ZeroPad1d((1, 2))'],
  [() => new nn.CircularPad2d([1, 2, 3, 4]), 'CircularPad2d((1, 2, 3, 4))'],
  [
    () => new nn.Upsample({ scaleFactor: 2, mode: 'bilinear', alignCorners: true }),
    "Upsample(scale_factor=2.0, mode='bilinear')",
  ],
  [() => new nn.Upsample({ scaleFactor: [2, 3] }), "Upsample(scale_factor=(2.0, 3.0), mode='nearest')"],
  [() => new nn.Upsample([2, 3]), "Upsample(size=(2, 3), mode='nearest')"],
  [() => new nn.UpsamplingNearest2d({ scaleFactor: 2 }), "UpsamplingNearest2d(scale_factor=2.0, mode='nearest')"],
  [() => new nn.UpsamplingBilinear2d(3), "UpsamplingBilinear2d(size=3, mode='bilinear')"],
  [() => new nn.PixelShuffle(3), 'PixelShuffle(upscale_factor=3)'],
  [() => new nn.PixelUnshuffle(3), 'PixelUnshuffle(downscale_factor=3)'],
  [() => new nn.ChannelShuffle(2), 'ChannelShuffle(groups=2)'],
  [() => new nn.Fold([4, 5], [2, 2]), 'Fold(output_size=(4, 5), kernel_size=(2, 2), dilation=1, padding=0, stride=1)'],
  [() => new nn.Unfold([2, 3], { padding: 1 }), 'Unfold(kernel_size=(2, 3), dilation=1, padding=1, stride=1)'],
  [() => new nn.CosineSimilarity(), 'CosineSimilarity()'],
  [() => new nn.PairwiseDistance(), 'PairwiseDistance()'],
  [() => new nn.CTCLoss(), 'CTCLoss()'],
  [() => new nn.CrossEntropyLoss({ weight: ones(3) }), 'CrossEntropyLoss()'],
  [() => new nn.NLLLoss(), 'NLLLoss()'],
  [() => new nn.MSELoss('sum'), 'MSELoss()'],
  [() => new nn.L1Loss(), 'L1Loss()'],
  [() => new nn.SmoothL1Loss({ beta: 2 }), 'SmoothL1Loss()'],
  [() => new nn.HuberLoss({ delta: 2 }), 'HuberLoss()'],
  [() => new nn.BCELoss({ weight: ones(3) }), 'BCELoss()'],
  [() => new nn.BCEWithLogitsLoss({ posWeight: ones(3) }), 'BCEWithLogitsLoss()'],
]

for (const [make, text] of layers) {
  test(text, () => {
    expect(String(make())).toBe(text)
  })
}
