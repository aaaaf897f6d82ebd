// Rounded divisions that are refused, and their gradient. The values are in test/ops/cases/div-rounding.ts.
import { expect, test } from 'vitest'
import { ArgumentError, DTypeError, ones, tensor } from '../../src/index.ts'

test('divisions that are refused', () => {
  const five = tensor([5n])
  expect(() => five.div(0, { roundingMode: 'floor' })).toThrow(new ArgumentError('div: integer division by zero'))
  expect(() => five.div_(tensor([0n]), { roundingMode: 'trunc' })).toThrow(
    new ArgumentError('div_: integer division by zero'),
  )
  expect(() => tensor([true]).div(tensor([true]), { roundingMode: 'trunc' })).toThrow(
    new DTypeError('div: a rounded division is not defined for bool tensors'),
  )
  expect(() => five.div(2, { roundingMode: 'ceil' as 'floor' })).toThrow(ArgumentError)
  expect(() => five.div(2, { rounding: 'floor' } as object)).toThrow(
    new ArgumentError("div: unknown option 'rounding'; did you mean 'roundingMode'?"),
  )
})

test('null divides exactly, and a rounded quotient has the gradient 0', () => {
  expect(tensor([3n]).div(2, { roundingMode: null }).item()).toBe(1.5)
  const w = ones(2, { requiresGrad: true })
  w.div(w.detach(), { roundingMode: 'floor' }).sum().backward()
  expect(w.grad!.toArray()).toEqual([0, 0])
})
