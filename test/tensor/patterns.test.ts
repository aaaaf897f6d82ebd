// Tensors that follow a pattern, and those whose place in memory is chosen.
import { expect, test } from 'vitest'
import { ArgumentError, ShapeError } from '../../src/errors.ts'
import {
  arange,
  emptyPermuted,
  emptyStrided,
  fill,
  linalg,
  randintLike,
  scalarTensor,
  tensor,
  trilIndices,
  triuIndices,
  vander,
  zeros,
} from '../../src/index.ts'

test('places of triangles', () => {
  expect(trilIndices(3, 2).toArray()).toEqual([
    [0, 1, 1, 2, 2],
    [0, 0, 1, 0, 1],
  ])
  expect(triuIndices(2, 3, 1).toArray()).toEqual([
    [0, 0, 1],
    [1, 2, 2],
  ])
  expect(trilIndices(2, 2, { offset: -2 }).shape).toEqual([2, 0])
  expect(triuIndices(1, 2, { offset: -1, dtype: 'int32' }).dtype).toBe('int32')
  expect(() => trilIndices(-1, 2)).toThrow(ShapeError)
})

test('powers', () => {
  expect(vander(tensor([1, 2, 3])).toArray()).toEqual([
    [1, 1, 1],
    [4, 2, 1],
    [9, 3, 1],
  ])
  const x = tensor([2n, -3n])
  expect(vander(x, 4, { increasing: true }).toArray()).toEqual([
    [1, 2, 4, 8],
    [1, -3, 9, -27],
  ])
  expect(vander(x, { N: 0 }).shape).toEqual([2, 0])
  expect(vander(tensor([true, false]), 2).dtype).toBe('int64')
  expect(linalg.vander(tensor([[2], [3]]), { N: 3 }).toArray()).toEqual([[[1, 2, 4]], [[1, 3, 9]]])
  expect(() => vander(zeros(2, 2))).toThrow('vander: expected one dimension, got [2, 2]')
  expect(() => linalg.vander(zeros(2, 1))).toThrow('vander: expected at least two powers of elements, got 1')
  expect(() => linalg.vander(scalarTensor(1))).toThrow(ShapeError)
})

test('strides and orders of dimensions', () => {
  const columns = emptyStrided([2, 3], [1, 2])
  expect([columns.stride(), columns.isContiguous()]).toEqual([[1, 2], false])
  expect(columns.fill_(1).sum().item()).toBe(6)
  expect(emptyStrided([3, 4], [0, 1], { dtype: 'int8' }).stride()).toEqual([0, 1])
  expect(emptyStrided([0, 3], [9, 1]).numel()).toBe(0)
  expect(emptyPermuted([2, 3, 4], [0, 2, 1]).stride()).toEqual([12, 1, 3])
  expect(emptyPermuted([], []).shape).toEqual([])
  expect(zeros(2, { dtype: 'float64' }).newEmptyStrided([2, 2], [1, 2]).dtype).toBe('float64')
  expect(() => emptyStrided([2], [1, 1])).toThrow('emptyStrided: there are 1 sizes and 2 strides')
  expect(() => emptyPermuted([2, 3], [0, 0])).toThrow(
    'emptyPermuted: the order [0, 0] must name each of the 2 dimensions once',
  )
})

test('numbers alone and like others', () => {
  expect([scalarTensor(3).dtype, scalarTensor(true, { dtype: 'bool' }).toArray()]).toEqual(['float32', true])
  expect(fill(arange(3), 7).toArray()).toEqual([7, 7, 7])
  expect(arange(1, 8, { step: 3 }).toArray()).toEqual([1, 4, 7])
  const drawn = randintLike(zeros(4, 5), 2, 4)
  expect([drawn.dtype, drawn.shape, drawn.ge(2).all().item(), drawn.lt(4).all().item()]).toEqual([
    'float32',
    [4, 5],
    1,
    1,
  ])
  expect(randintLike(arange(3), 1).toArray()).toEqual([0, 0, 0])
})

test('distributions refuse what they are not defined for', () => {
  const x = zeros(3)
  expect(() => x.exponential_(0)).toThrow('exponential_: lambd must be positive, got 0')
  expect(() => x.geometric_(1)).toThrow('geometric_: p must be between 0 and 1, got 1')
  expect(() => x.cauchy_({ sigma: -1 })).toThrow('cauchy_: sigma must be positive, got -1')
  expect(() => x.logNormal_(0, 0)).toThrow('logNormal_: std must be positive, got 0')
  expect(() => arange(3).exponential_()).toThrow('exponential_')
  expect(() => x.exponential_({ lambda: 1 } as never)).toThrow(ArgumentError)
  expect(() => x.random_(3, 3)).toThrow('random_: low must be less than high, got low 3 and high 3')
  expect(() => x.random_({ from: 3 })).toThrow('random_: expected an end behind from 3: give both, or { to }')
})
