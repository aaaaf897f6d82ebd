// Attention and transformers: what is computed is compared with PyTorch in test/nn/golden.test.ts; here, masks, copies
// of layers, and what is refused.
import { expect, test } from 'vitest'
import {
  defaultGenerator,
  manualSeed,
  nn,
  ones,
  randn,
  softmax,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../../src/index.ts'

const { scaledDotProductAttention: attend } = nn.functional
const near = (got: Tensor, want: Tensor) => expect(got.sub(want).abs().max().item()).toBeLessThan(1e-5)

test('a causal mask hides what comes later', () => {
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2, 16), 2).eval()
  const x = randn(5, 1, 8)
  const mask = nn.Transformer.generateSquareSubsequentMask(5)
  near(encoder(x, mask).index(':3'), encoder(x.index(':3'), mask.index(':3', ':3')))
})

test('where nothing may be looked at, the result is 0', () => {
  const [q, k, v] = [randn(2, 4), randn(3, 4), randn(3, 4)]
  const mask = tensor([
    [true, true, false],
    [false, false, false],
  ])
  const y = attend(q, k, v, mask)
  near(y.index(0), attend(q.index(':1'), k.index(':2'), v.index(':2')).index(0))
  expect(y.index(1).tolist()).toEqual([0, 0, 0, 0])
})

test.each([
  ['all keys', {}],
  ['those before', { isCausal: true }],
  ['those of a mask', { attnMask: randn(150, 1100).gt(1) }],
  ['biased ones', { attnMask: randn(2, 1, 1100) }],
])('more queries and keys than a block has: %s', (_, options: Parameters<typeof attend>[4] & object) => {
  const [q, k, v] = [randn(2, 150, 8), randn(2, 1100, 8), randn(2, 1100, 4)] as const
  const dy = randn(2, 150, 4)
  const passes = (of: (...xs: Tensor[]) => Tensor, double: boolean) => {
    const leaves = [q, k, v].map(x => (double ? x.double() : x.clone()).requiresGrad_())
    const y = of(...leaves)
    y.backward(double ? dy.double() : dy)
    return [y, ...leaves.map(x => x.grad!)]
  }
  const mask = options.isCausal ? ones(150, 1100, { dtype: 'bool' }).tril() : options.attnMask
  const want = passes((q, k, v) => {
    const scores = q!.matmul(k!.transpose(1, 2)).div(Math.sqrt(8))
    const seen = mask === undefined ? scores : mask?.dtype === 'bool' ? where(mask, scores, -1e30) : scores.add(mask!)
    return softmax(seen, -1).matmul(v!)
  }, true)
  const got = passes((q, k, v) => attend(q!, k!, v!, options), false)
  for (const [i, x] of got.entries()) near(x, want[i]!)
})

test('rows that share their memory, and one row at a time', () => {
  const [q, k, v] = [randn(2, 3, 4), randn(2, 5, 4), randn(2, 5, 4)]
  const row = () => randn(2, 1, 4).expand(2, 5, 4)
  const windows = () => randn(20).asStrided([2, 5, 4], [5, 1, 1])
  const single = () => randn(8).asStrided([2, 1, 4], [4, 1, 1])
  const passes = (of: typeof attend, given: Tensor[], dy: Tensor) => {
    const leaves = given.map(x => x.detach().requiresGrad_())
    const y = of(...(leaves as [Tensor, Tensor, Tensor]))
    y.backward(dy)
    return [y, ...leaves.map(x => x.grad!)]
  }
  const formula = (q: Tensor, k: Tensor, v: Tensor) => softmax(q.matmul(k.transpose(1, 2)).div(2), -1).matmul(v)
  for (const given of [
    [row(), k, v],
    [q, row(), v],
    [q, k, row()],
    [q, windows(), v],
    [single(), k, windows()],
  ]) {
    const shape = [2, given[0]!.size(1), 4]
    for (const dy of [randn(shape), randn(2, 1, 4).expand(...shape)]) {
      const want = passes(formula, given, dy)
      for (const [i, x] of passes(attend, given, dy).entries()) near(x, want[i]!)
    }
  }
})

test('heads of keys that several heads of queries share', () => {
  const [q, k, v] = [randn(1, 4, 3, 2), randn(1, 2, 3, 2), randn(1, 2, 3, 2)]
  const shared = attend(q, k, v, { enableGqa: true })
  const each = (x: Tensor) => x.indexSelect(1, tensor([0, 0, 1, 1], { dtype: 'int64' }))
  near(shared, attend(q, each(k), each(v)))
  expect(() => attend(randn(1, 3, 3, 2), k, v, { enableGqa: true })).toThrow('3 heads of queries are no multiple of 2')
})

test('layers of a stack are copies, and making them draws nothing', () => {
  manualSeed(3)
  const layer = new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 4, activation: 'gelu', normFirst: true })
  const before = defaultGenerator.getState()
  const decoder = new nn.TransformerDecoder(layer, 3)
  expect(defaultGenerator.getState()).toEqual(before)
  for (const copy of decoder.layers) {
    near(copy.linear1.weight, layer.linear1.weight)
    expect(copy.linear1.weight).not.toBe(layer.linear1.weight)
  }
})

test('what is refused', () => {
  expect(() => new nn.MultiheadAttention(10, 3)).toThrow('MultiheadAttention: 10 features are not divisible by 3 heads')
  expect(() => new nn.TransformerEncoderLayer(8, 2, { activation: 'tanh' as never })).toThrow(
    "TransformerEncoderLayer: activation: expected 'relu', 'gelu' or a function, got 'tanh'",
  )
  expect(() => new nn.TransformerEncoder(new nn.ReLU() as never, 2)).toThrow(
    'TransformerEncoder: expected a layer of nn',
  )
  const attention = new nn.MultiheadAttention(4, 2)
  const x = zeros(3, 1, 4)
  expect(() => attention(x, x, x, { attnMask: zeros(2, 3) })).toThrow(
    'expected attnMask [3, 3] or [2, 3, 3], got [2, 3]',
  )
  expect(() => attention(x, x, x, { keyPaddingMask: zeros(1, 2) })).toThrow(
    'expected keyPaddingMask [1, 3], got [1, 2]',
  )
  expect(() => attend(x, x, x, zeros(1), { isCausal: true })).toThrow('expected attnMask or isCausal, got both')
  expect(() => new nn.Transformer({ dModel: 4, nhead: 2 })(x, zeros(3, 2, 4))).toThrow(
    'Transformer: source and target have 1 and 2 samples',
  )
})
