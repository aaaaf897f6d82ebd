// Choosing and shaping elements. The comments give the Python of each expected value.
import { expect, test } from 'vitest'
import {
  ArgumentError,
  AutogradError,
  arange,
  cat,
  DTypeError,
  type Index,
  IndexError,
  memoryStats,
  ones,
  ShapeError,
  stack,
  tensor,
  zeros,
} from '../../src/index.ts'

const x = arange(24).view(2, 3, 4)
const rows: [python: string, indices: Index[], shape: number[], first?: number, last?: number][] = [
  ['x[1]', [1], [3, 4], 12, 23],
  ['x[-1, 2]', [-1, 2], [4], 20, 23],
  ['x[1, 2, 3]', [1, 2, 3], [], 23, 23],
  ['x[:]', [':'], [2, 3, 4], 0, 23],
  ['x[:, 1]', [':', 1], [2, 4], 4, 19],
  ['x[..., 1]', ['...', 1], [2, 3], 1, 21],
  ['x[...]', ['...'], [2, 3, 4], 0, 23],
  ['x[0, ..., None]', [0, '...', null], [3, 4, 1], 0, 11],
  ['x[None, :, 1:, ::2]', [null, ':', '1:', '::2'], [1, 2, 2, 2], 4, 22],
  ['x[:, -2:, 1:-1]', [':', '-2:', '1:-1'], [2, 2, 2], 5, 22],
  ['x[:, 0:99:2]', [':', '0:99:2'], [2, 2, 4], 0, 23],
  ['x[:, [2, 0]]', [':', [2, 0]], [2, 2, 4], 8, 15],
  ['x[1, :, torch.tensor([3])]', [1, ':', tensor([3n])], [3, 1], 15, 23],
  [
    'x[:, :, torch.tensor([[0, 1], [2, 3]])]',
    [
      ':',
      ':',
      tensor([
        [0n, 1n],
        [2n, 3n],
      ]),
    ],
    [2, 3, 2, 2],
    0,
    23,
  ],
  ['x[[-1, 0]]', [[-1, 0]], [2, 3, 4], 12, 11],
  ['x[:, [0, -1]]', [':', [0, -1]], [2, 2, 4], 0, 23],
  ['x[[]]', [[]], [0, 3, 4], undefined, undefined],
  ['x[torch.tensor([-1, 0])]', [tensor([-1n, 0n])], [2, 3, 4], 12, 11],
  ['x[..., torch.tensor([[-1], [0]])]', ['...', tensor([[-1n], [0n]])], [2, 3, 2, 1], 3, 20],
  ['x[torch.tensor([-1, 0], dtype=torch.int32)]', [tensor(Int32Array.of(-1, 0))], [2, 3, 4], 12, 11],
  ['x[torch.tensor(-2)]', [tensor(-2n)], [3, 4], 0, 11],
  ['x[torch.tensor(1)]', [tensor(1n)], [3, 4], 12, 23],
]

for (const [python, indices, shape, first, last] of rows) {
  test(python, () => {
    const y = x.index(...indices)
    const elements = y.flatten().toArray() as number[]
    expect([y.shape, elements[0], elements.at(-1)]).toEqual([shape, first, last])
  })
}

test('empty slices and slices past the end', () => {
  expect(x.index('2:1').shape).toEqual([0, 3, 4])
  expect(x.index('-9:9').shape).toEqual([2, 3, 4])
  const [from, to] = [1, 3]
  expect(x.index(0, `${from}:${to}`).shape).toEqual([2, 4])
})

test('an index is a view, and gradients flow through it', () => {
  const w = ones(2, 2, { requiresGrad: true })
  w.index(':', 1).mul(3).sum().backward()
  expect(w.grad!.toArray()).toEqual([
    [0, 3],
    [0, 3],
  ])
  const y = ones(2, 2)
  y.index(0).fill_(5)
  expect(y.toArray()).toEqual([
    [5, 5],
    [1, 1],
  ])
})

test('indices that are refused', () => {
  expect(() => x.index(0, 0, 0, 0)).toThrow(new IndexError('index: too many indices for tensor of dimension 3: got 4'))
  expect(() => x.index(5)).toThrow(IndexError)
  expect(() => x.index('...', '...')).toThrow("index: only one '...' is allowed")
  expect(() => x.index('::0')).toThrow("index: the step of a slice must be greater than zero, got '::0'")
  expect(() => x.index('1-3' as ':')).toThrow("index: '1-3' is not a slice")
  expect(() => x.index(tensor([true, false, true]))).toThrow(
    new IndexError('index: a mask of shape [3] does not fit dim 0 of a tensor of shape [2, 3, 4]'),
  )
  expect(() => x.index([0, 1], [0, 1, 2])).toThrow(
    new IndexError('index: the shapes of the indices do not broadcast: [2] and [3]'),
  )
  expect(() => x.index(zeros(2, 3, 4, { dtype: 'bool' }), 0)).toThrow(
    new IndexError('index: too many indices for tensor of dimension 3: got 4'),
  )
  expect(() => x.index(tensor([0.5]))).toThrow(
    new IndexError(
      'index: tensors used as indices must be int64, int32 or bool, got float32; convert with .long(), or .bool() for a mask',
    ),
  )
  expect(() => x.index([true, 2])).toThrow('index: true is not an integer')
  expect(() => x.index([[0.5]])).toThrow('index: 0.5 is not an integer')
  expect(() => x.index(':', [5])).toThrow('index: index 5 is out of range for dim 1 of size 3')
})

test('indexPut_ refuses what does not fit', () => {
  const at = tensor([0n, 1n])
  expect(() => zeros(2).indexPut_([at], tensor([1n, 2n]))).toThrow(
    new DTypeError('indexPut_: values must have the dtype of the tensor: int64 into float32'),
  )
  expect(() => zeros(2, 3).indexPut_([at], zeros(2))).toThrow(
    new ShapeError('indexPut_: values of shape [2] do not broadcast to the shape of what is indexed, [2, 3]'),
  )
  expect(() => zeros(2).indexPut_([at, at], zeros(2))).toThrow(
    new IndexError('indexPut_: too many indices for a tensor of 1 dimensions'),
  )
  expect(() => zeros(2).indexPut_([], zeros(2))).toThrow(new ArgumentError('indexPut_: expected at least one index'))
  expect(() => ones(2, { requiresGrad: true }).indexPut_([at], zeros(2))).toThrow(AutogradError)
  const y = zeros(2)
  expect(y.indexPut_([at], y.add(1))).toBe(y)
  expect(y.toArray()).toEqual([1, 1])
})

test('an index of several tensors is one node', () => {
  const w = ones(2, 2, { requiresGrad: true })
  expect(String(w.index([0, 1], [1, 1]).gradFn)).toBe('<IndexBackward0>')
  expect(String(w.squeeze([0, 1]).gradFn)).toBe('<SqueezeBackward0>')
})

test('an index tensor with negative positions stays as it is', () => {
  const at = tensor([-1n, 0n])
  x.index(at)
  expect(at.toArray()).toEqual([-1, 0])
})

test('a failing index or stack leaves no native tensor behind', () => {
  const [a, b] = [zeros(2), zeros(3)]
  const before = memoryStats().wrappers
  expect(() => x.index(0, [1, 7])).toThrow(IndexError)
  expect(() => x.index(':', [1, 0], 9)).toThrow(IndexError)
  expect(() => stack([a, b])).toThrow(ShapeError)
  expect(() => stack([a, a], 5)).toThrow(IndexError)
  expect(memoryStats().wrappers).toBeLessThanOrEqual(before) // a collection may have freed others
})

test('an index leaves one native tensor', () => {
  const at = tensor([[-1n, 0n]])
  const before = memoryStats().wrappers
  x.index(0, ':', at)
  x.index('1:', null, 0, [0, -1])
  expect(memoryStats().wrappers).toBe(before + 2)
})

test('t is recorded as the transpose of a matrix', () => {
  const w = ones(2, 3, { requiresGrad: true })
  expect(String(w.t().gradFn)).toBe('<TBackward0>')
  w.t().mul(arange(6).view(3, 2)).sum().backward()
  expect(w.grad!.toArray()).toEqual([
    [0, 2, 4],
    [1, 3, 5],
  ])
})

test('views', () => {
  expect([x.view(6, -1).shape, x.reshape([4, 6]).shape, x.flatten(1).shape]).toEqual([
    [6, 4],
    [4, 6],
    [2, 12],
  ])
  expect([x.permute(2, 0, 1).shape, x.transpose(0, 2).shape, x.flatten().shape]).toEqual([[4, 2, 3], [4, 3, 2], [24]])
  expect(x.unsqueeze(1).squeeze(1).shape).toEqual([2, 3, 4])
  expect(
    ones(3, 1)
      .expand(-1, 2)
      .expandAs(ones(2, 3, 2)).shape,
  ).toEqual([2, 3, 2])
  expect(arange(3).t().toArray()).toEqual([0, 1, 2])
  expect(x.narrow(1, -2, 2).shape).toEqual([2, 2, 4])
  expect(x.narrow(1, tensor(-2n), 2).shape).toEqual([2, 2, 4])
  expect(() => x.narrow(1, tensor([1n]), 2)).toThrow(
    new ArgumentError('narrow: start must be a number or a 0-d tensor of integers, got shape [1] of int64'),
  )
  expect(() => x.squeeze([0, -3])).toThrow(new ArgumentError('squeeze: dim -3 appears multiple times in [0, -3]'))
  expect(() => x.narrow(1, 2, 2)).toThrow('narrow: start (2) + length (2) exceeds dimension size (3)')
})

test('cat, stack and chunk', () => {
  const [a, b] = [arange(2), arange(2, 4)]
  expect(cat([a, b]).toArray()).toEqual([0, 1, 2, 3])
  expect(cat([a.view(1, 2), b.view(1, 2)], { dim: 1 }).shape).toEqual([1, 4])
  expect(stack([a, b]).toArray()).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect(stack([a, b], 1).toArray()).toEqual([
    [0, 2],
    [1, 3],
  ])
  // torch.arange(10).chunk(4)
  expect(
    arange(10)
      .chunk(4)
      .map(part => part.toArray()),
  ).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]])
  expect(x.chunk(2, -1).map(part => part.shape)).toEqual([
    [2, 3, 2],
    [2, 3, 2],
  ])
})

test('what is not an index does not compile', () => {
  const wrong = [
    // @ts-expect-error letters are no bounds
    () => x.index('a:b'),
    // @ts-expect-error a slice has a colon
    () => x.index('3'),
    // @ts-expect-error a mask is an array
    () => x.index(true),
  ]
  for (const call of wrong) expect(call).toThrow()
})
