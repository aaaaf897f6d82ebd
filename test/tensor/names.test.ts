// Names that JavaScript or PyTorch make special: `var`, which is a reserved word; `type`, whose texts are dtrain's own;
// and the `new…` methods, which take dtype and device from a tensor.
import { expect, test } from 'vitest'
import * as dt from '../../src/index.ts'
import { dtypes, ones, tensor, var as variance } from '../../src/index.ts'

test('var is a method, a property of the package, and an import by another name', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 7],
  ])
  expect(x.var().item()).toBeCloseTo(4.6666667, 6)
  expect(dt.var(x, 1, { correction: 0 }).item).toBeTypeOf('function')
  expect(variance(x, { dim: 1, keepdim: true }).shape).toEqual([2, 1])
  expect(dt.varMean(x, 1).map(y => y.shape)).toEqual([[2], [2]])
  expect(dt.stdMean(x, { keepdim: true }).map(y => y.shape)).toEqual([
    [1, 1],
    [1, 1],
  ])
  expect(dt.stdMean(x)[0].item()).toBe(x.std().item())
  expect(() => dt.varMean(x, { axis: 1 } as never)).toThrow("varMean: unknown option 'axis'; did you mean 'dim'?")
})

test('max and min of two tensors are maximum and minimum', () => {
  const [x, y] = [tensor([1, 5, 3], { requiresGrad: true }), tensor([2, 4, 3])]
  expect(x.max(y).toArray()).toEqual([2, 5, 3])
  expect(dt.min(x, y).gradFn?.name).toBe('MinimumBackward0')
  expect(dt.max(x).item()).toBe(5)
})

test('type names dtype and device, and converts', () => {
  const x = ones(2)
  expect(dtypes.map(dtype => x.to(dtype).type())).toEqual([
    'dtrain.FloatTensor',
    'dtrain.DoubleTensor',
    'dtrain.LongTensor',
    'dtrain.ByteTensor',
    'dtrain.BoolTensor',
    'dtrain.HalfTensor',
    'dtrain.BFloat16Tensor',
    'dtrain.IntTensor',
    'dtrain.ShortTensor',
    'dtrain.CharTensor',
  ])
  expect(x.type('dtrain.DoubleTensor').dtype).toBe('float64')
  expect(x.type('int64').type()).toBe('dtrain.LongTensor')
  expect(x.type({ dtype: 'dtrain.FloatTensor' })).toBe(x)
  expect(() => x.type('dtrain.QuadTensor')).toThrow("type: unknown name 'dtrain.QuadTensor'; known are FloatTensor, ")
})

test('new tensors are like the one that is asked', () => {
  const x = ones(2, { dtype: 'float64', requiresGrad: true })
  for (const made of [x.newZeros(2, 3), x.newOnes([2, 3]), x.newEmpty(2, 3), x.newFull([2, 3], 7)]) {
    expect(made.dtype).toBe('float64')
    expect(made.shape).toEqual([2, 3])
    expect(made.requiresGrad).toBe(false)
  }
  expect(x.newTensor([1, 2]).dtype).toBe('float64')
  expect(x.newZeros(2, { dtype: 'int64' }).dtype).toBe('int64')
  expect(x.newTensor([1, 2], { dtype: 'bool' }).toArray()).toEqual([true, true])
  expect(x.newOnes(2, { requiresGrad: true }).requiresGrad).toBe(true)
})
