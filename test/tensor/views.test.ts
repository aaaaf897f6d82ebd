// What views share, and what a view in place does to the tensor itself and to others on its memory. The rules are
// PyTorch's.
import { describe, expect, test } from 'vitest'
import { arange, asStridedScatter, broadcastShapes, nn, noGrad, ones, rand, tensor, zeros } from '../../src/index.ts'

describe('in place', () => {
  test('the tensor itself has the other shape', () => {
    const x = arange(6).view(2, 3)
    expect(x.shape).toEqual([2, 3])
    expect(x.t_()).toBe(x)
    expect(x.shape).toEqual([3, 2])
    expect(x.unsqueeze_(0).transpose_(0, 2).tolist()).toEqual([
      [[0], [1], [2]],
      [[3], [4], [5]],
    ])
    expect(x.squeeze_().stride()).toEqual([3, 1])
    expect(x.asStrided_([2], [5]).tolist()).toEqual([0, 5])
    expect(x.swapaxes_(0, -1).numel()).toBe(2)
  })

  test('elements are shared as before', () => {
    const x = zeros(2, 3)
    const row = x.index(0)
    x.t_()
    row.fill_(1)
    expect(x.tolist()).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ])
  })

  test('it is recorded, and views made before stay in the graph', () => {
    const x = ones(2, 3).requiresGrad_()
    const y = x.mul(2)
    const row = y.index(0)
    y.t_()
    expect(y.gradFn!.name).toBe('TBackward0')
    row.sum().add(y.index(':', 1).sum().mul(3)).backward()
    expect(x.grad!.tolist()).toEqual([
      [2, 2, 2],
      [6, 6, 6],
    ])
  })

  test('what was kept of the tensor is stale', () => {
    const y = ones(2, 3).requiresGrad_().mul(2)
    const square = y.mul(y)
    y.t_()
    expect(() => square.sum().backward()).toThrow('modified in place since')
  })

  test('a gradient that is kept is that of the new shape', () => {
    const y = ones(2, 3).requiresGrad_().mul(2)
    y.retainGrad()
    y.unsqueeze_(0).sum().backward()
    expect(y.grad!.shape).toEqual([1, 2, 3])
  })

  test('a leaf changes without gradients being recorded only', () => {
    const x = ones(2, 3).requiresGrad_()
    expect(() => x.squeeze_()).toThrow('squeeze_: cannot change a leaf tensor')
    noGrad(() => x.t_())
    expect([x.shape, x.isLeaf]).toEqual([[3, 2], true])
  })
})

describe('resize_', () => {
  test('elements keep their places', () => {
    const x = arange(6)
    const view = x.index('2:')
    expect(x.resize_(2, 2).tolist()).toEqual([
      [0, 1],
      [2, 3],
    ])
    view.fill_(7)
    expect(x.tolist()).toEqual([
      [0, 1],
      [7, 7],
    ])
    expect(x.t().resize_(2, 2).stride()).toEqual([1, 2])
    expect(x.resize_(6).tolist()).toEqual([0, 1, 7, 7, 7, 7])
  })

  test('with more elements it has memory of its own', () => {
    const x = arange(3)
    const view = x.index(':2')
    expect(x.resizeAs_(zeros(2, 4)).view(-1).index(':3').tolist()).toEqual([0, 1, 2])
    view.fill_(7)
    expect(x.index(0, ':2').tolist()).toEqual([0, 1])
    expect(zeros(2, 0).resize_(0).shape).toEqual([0])
  })

  test('of a slice: what lies behind it comes in', () => {
    expect(arange(6).index('1:3').resize_(4).tolist()).toEqual([1, 2, 3, 4])
  })
})

test('parts are views: what is written into them is in the whole', () => {
  const x = zeros(4)
  x.split(3)[1]!.fill_(1)
  x.tensorSplit([1])[0]!.fill_(2)
  x.unfold(0, 1, 2).index(1).fill_(3)
  x.unflatten(0, [2, 2]).movedim(0, 1).index(1, 0).fill_(4)
  expect(x.tolist()).toEqual([2, 4, 3, 1])
})

test('to with copy is another tensor', () => {
  const x = ones(2)
  expect(x.to('float32')).toBe(x)
  const copy = x.to('float32', { copy: true })
  copy.fill_(2)
  expect(x.tolist()).toEqual([1, 1])
  expect(x.to({ dtype: 'int64', copy: true }).dtype).toBe('int64')
})

test('shapes broadcast', () => {
  expect(broadcastShapes([2, 1], 3, [4, 1, 1])).toEqual([4, 2, 3])
  expect(broadcastShapes([0, 1], [])).toEqual([0, 1])
  expect(broadcastShapes()).toEqual([])
})

test('asStridedScatter has the gradients of a copy in place', () => {
  const x = rand(3, 3).requiresGrad_()
  const y = rand(2).requiresGrad_()
  asStridedScatter(x, y, [2], [4]).sum().backward()
  expect(x.grad!.tolist()).toEqual([
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
  ])
  expect(y.grad!.tolist()).toEqual([1, 1])
})

test('oneHot', () => {
  const classes = tensor([[0n, 2n]])
  expect(nn.functional.oneHot(classes).tolist()).toEqual([
    [
      [1, 0, 0],
      [0, 0, 1],
    ],
  ])
  expect(nn.functional.oneHot(classes, 4).shape).toEqual([1, 2, 4])
  expect(nn.functional.oneHot(tensor(3n)).tolist()).toEqual([0, 0, 0, 1])
  expect(nn.functional.oneHot(zeros(0, { dtype: 'int64' }), 2).shape).toEqual([0, 2])
})
