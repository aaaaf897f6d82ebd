// JavaScript's booleans where scalars are taken. The expected values are PyTorch 2.13's for the same calls.
import { expect, test } from 'vitest'
import { add, DTypeError, full, fullLike, ones, tensor, zeros } from '../../src/index.ts'

test('full makes bool of a boolean', () => {
  expect([full([2], true).dtype, full([2], true).toArray()]).toEqual(['bool', [true, true]])
  expect([full([1], true, { dtype: 'int64' }).dtype, full([1], false).item()]).toEqual(['int64', 0])
  expect([fullLike(zeros(1), true).dtype, fullLike(zeros(1), true).item()]).toEqual(['float32', 1])
})

test('true is 1 beside floats and integers, and keeps their dtype', () => {
  expect([ones(1).add(true).item(), add(true, ones(1)).item()]).toEqual([2, 2])
  expect([tensor([5n]).mul(true).dtype, tensor([5n]).add(true).item()]).toEqual(['int64', 6])
  expect(ones(2).add_(true).toArray()).toEqual([2, 2])
  expect(ones(2).add(ones(2), { alpha: 2 }).mul(false).toArray()).toEqual([0, 0])
})

test('beside bool it is bool, which cannot be subtracted', () => {
  const b = tensor([true, false])
  expect([b.add(true), b.mul(true), add(false, b)].map(x => [x.dtype, x.toArray()])).toEqual([
    ['bool', [true, true]],
    ['bool', [true, false]],
    ['bool', [true, false]],
  ])
  expect([b.div(true).dtype, b.clone().add_(true).toArray(), b.clone().mul_(true).toArray()]).toEqual([
    'float32',
    [true, true],
    [true, false],
  ])
  for (const x of [b, ones(1), tensor([1n])]) {
    expect(() => x.sub(true)).toThrow(new DTypeError('sub: not defined for bool tensors'))
  }
})

test('comparisons and fill_', () => {
  expect(tensor([true, false]).eq(true).toArray()).toEqual([true, false])
  expect(tensor([0, 1, 2]).gt(false).toArray()).toEqual([false, true, true])
  expect(zeros(2).fill_(true).toArray()).toEqual([1, 1])
  expect(zeros(2, { dtype: 'bool' }).fill_(true).toArray()).toEqual([true, true])
})
