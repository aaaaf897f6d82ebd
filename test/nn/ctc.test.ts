// The gradient of ctcLoss, which has no second one, so its cases hold no gradients: here it is compared with central
// differences, behind the log-softmax that it is made for.
import { expect, test } from 'vitest'
import { grad, nn, randn, type Tensor, tensor } from '../../src/index.ts'
import { expectGradient, numericGradient } from '../support/gradcheck.ts'

const labels = tensor([
  [1n, 2n, 2n],
  [3n, 1n, 0n],
])
const scores = () => randn(6, 2, 4, { dtype: 'float64' }).requiresGrad_()

for (const reduction of ['mean', 'sum'] as const) {
  test(`the gradient of the ${reduction}`, () => {
    const loss = (x: Tensor) => nn.functional.ctcLoss(x.logSoftmax(2), labels, [6, 5], [3, 2], { reduction })
    const x = scores()
    expectGradient(
      'scores',
      grad(loss(x), [x])[0]!,
      numericGradient(x => loss(x).item(), [x], 0),
    )
  })
}

test('what is impossible has a gradient of NaN, or of 0', () => {
  const x = randn(2, 1, 4).logSoftmax(2).requiresGrad_()
  const loss = (zeroInfinity: boolean) => nn.functional.ctcLoss(x, tensor([[1n, 1n]]), [2], [2], { zeroInfinity })
  expect([loss(false).item(), loss(true).item()]).toEqual([Infinity, 0])
  expect(grad(loss(true), [x])[0]!.abs().sum().item()).toBe(0)
  expect(grad(loss(false), [x])[0]!.isnan().all().tolist()).toBe(true)
})

test('there is no second derivative', () => {
  const x = scores()
  const loss = nn.functional.ctcLoss(x.logSoftmax(2), labels, [6, 5], [3, 2])
  const [first] = grad(loss, [x], { createGraph: true })
  expect(() => first!.sum().backward()).toThrow('ctcLoss: there is no second derivative')
})
