// Ops in place that are recorded: what they do to the graph beside their gradients, which are among the cases. What
// they refuse is in wrong/elementwise.ts.
import { expect, test } from 'vitest'
import { AutogradError } from '../../src/errors.ts'
import { nn, noGrad, tensor, zeros } from '../../src/index.ts'

const numbers = (data: Iterable<unknown>) => [...data].map(Number)

test('the tensor itself is changed and returned, and gets the gradient of its new value', () => {
  const x = tensor([-1, 2], { requiresGrad: true })
  const y = x.mul(3)
  y.retainGrad()
  expect(y.relu_()).toBe(y)
  expect(numbers(y.toTypedArray())).toEqual([0, 6])
  expect(y.gradFn?.name).toBe('ReluBackward0')
  expect(y.gradFn?.nextFunctions[0]?.[0]?.name).toBe('MulBackward0')
  y.sum().backward()
  expect(numbers(y.grad!.toTypedArray())).toEqual([1, 1])
  expect(numbers(x.grad!.toTypedArray())).toEqual([0, 3])
})

test('several in a row, and a use of the value before the first', () => {
  const x = tensor([0.5, -0.25], { requiresGrad: true, dtype: 'float64' })
  const before = x.mul(2)
  const sum = before.add(1)
  before.sin_().neg_().abs_()
  sum.add(before).sum().backward()
  const want = [0.5, -0.25].map(v => 2 + 2 * Math.cos(2 * v) * Math.sign(v))
  numbers(x.grad!.toTypedArray()).forEach((got, i) => {
    expect(got).toBeCloseTo(want[i]!, 12)
  })
})

test('what another formula has kept is found out', () => {
  const x = tensor([0.5], { requiresGrad: true })
  const y = x.sigmoid()
  y.relu_()
  expect(() => y.sum().backward()).toThrow(AutogradError)
})

test('a view may be changed, and only the view be used then', () => {
  const x = tensor([[-1, 2]], { requiresGrad: true })
  const y = x.mul(3).view(2)
  y.relu_().sum().backward()
  expect(numbers(x.grad!.toTypedArray())).toEqual([0, 3])
  const layers = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.Flatten(), new nn.ReLU(true))
  layers(zeros(1, 1, 3, 3))
    .sum()
    .backward()
  const rows = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(true))
  expect(rows(zeros(2, 5, 3)).shape).toEqual([2, 5, 4])
})

test('arithmetic in place takes part in the graph, for a tensor too that needed no gradient', () => {
  const w = tensor([2, 3], { requiresGrad: true, dtype: 'float64' })
  const sum = zeros(2, { dtype: 'float64' })
  sum.add_(w, { alpha: 2 }).mul_(w)
  sum.addcmul_(w, w)
  expect([sum.gradFn?.name, sum.isLeaf]).toEqual(['AddcmulBackward0', false])
  sum.sum().backward() // 3 w²
  expect(numbers(w.grad!.toTypedArray())).toEqual([12, 18])
  expect(() => noGrad(() => sum.detach().add_(1))).not.toThrow()
})

test('inside noGrad a leaf may be changed, and its detached elements always', () => {
  const x = tensor([-1, 2], { requiresGrad: true })
  noGrad(() => x.abs_())
  x.detach().neg_()
  expect(numbers(x.toTypedArray())).toEqual([-1, -2])
  expect(x.isLeaf).toBe(true)
})

test('a network of layers in place has the gradients of one that is not', () => {
  const make = (inplace: boolean) => new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(inplace), new nn.Linear(4, 2))
  const [one, two] = [make(false), make(true)]
  two.loadStateDict(one.stateDict())
  const x = tensor([
    [1, -2, 3],
    [-4, 5, -6],
  ])
  const gradients = [one, two].map(model => {
    model(x).pow(2).sum().backward()
    return [...model.parameters()].map(p => numbers(p.grad!.toTypedArray()))
  })
  expect(gradients[1]).toEqual(gradients[0])
})

test('layers in place write into their input', () => {
  const x = tensor([-1, 2])
  expect(new nn.ReLU(true)(x)).toBe(x)
  expect(numbers(x.toTypedArray())).toEqual([0, 2])
  expect(new nn.ReLU({ inplace: false })(x)).not.toBe(x)
})
