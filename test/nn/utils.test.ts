// Gradients made shorter, and parameters as one vector; by their definitions.
import { expect, test } from 'vitest'
import { ArgumentError, nn, ones, type Tensor, tensor } from '../../src/index.ts'
import { device } from '../support/device.ts'

const { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm, parametersToVector, vectorToParameters } =
  nn.utils

const grads = [[3, -4], [12], [Number.NaN]]

/** Two parameters with gradients, 3, -4 and 12, and one without. */
function parameters(): Tensor[] {
  return grads.map((values, i) => {
    const parameter = ones(values.length, { device, requiresGrad: true })
    if (i < 2) parameter.grad = tensor(values, { device })
    return parameter
  })
}

const gradsOf = (all: Tensor[]) => all.map(one => (one.grad === null ? null : (one.grad.toArray() as number[])))

function expectClose(got: (number[] | null)[], want: (number[] | null)[]) {
  expect(got.map(one => one?.map(value => Math.fround(value)) ?? null)).toEqual(
    want.map(one => one?.map(value => expect.closeTo(value, 5)) ?? null),
  )
}

test.each([
  [2, 13],
  [1, 19],
  [Number.POSITIVE_INFINITY, 12],
])('clipGradNorm_ by the norm %s', (normType, norm) => {
  for (const most of [1, 6.5, 100]) {
    const all = parameters()
    expect(clipGradNorm_(all, most, { normType }).item()).toBeCloseTo(norm, 5)
    const factor = Math.min(1, most / (norm + 1e-6))
    expectClose(gradsOf(all), [[3 * factor, -4 * factor], [12 * factor], null])
  }
  const all = parameters()
  const total = getTotalNorm(
    gradsOf(all).flatMap(values => (values === null ? [] : [tensor(values)])),
    normType,
  )
  expect(total.item()).toBeCloseTo(norm, 5)
  clipGradsWithNorm_(all, 1, tensor(2, { device }))
  expectClose(gradsOf(all), [[1.5, -2], [6], null])
})

test('of one parameter, of none, of several dtypes, and what is not finite', () => {
  const [one] = parameters()
  expect(clipGradNorm_(one!, 1, 2).item()).toBeCloseTo(5, 5)
  expect(clipGradNorm_([], 1).item()).toBe(0)
  const double = ones(1, { dtype: 'float64', device, requiresGrad: true })
  double.grad = tensor([12], { dtype: 'float64', device })
  const [single] = parameters()
  const total = clipGradNorm_([single!, double], 1)
  expect([total.dtype, total.item()]).toEqual(['float64', expect.closeTo(13, 5)])
  expectClose(gradsOf([single!, double]), [[3 / 13, -4 / 13], [12 / 13]])
  const all = parameters()
  all[2]!.grad = tensor(grads[2]!, { device })
  expect(() => clipGradNorm_(all, 1, { errorIfNonfinite: true })).toThrow(
    new ArgumentError(
      'clipGradNorm_: The total norm of order 2 for gradients from `parameters` is non-finite, so it cannot be clipped. To disable ' +
        'this error and scale the gradients by the non-finite norm anyway, set `errorIfNonfinite=false`',
    ),
  )
  expect(gradsOf(all)[0]).toEqual([3, -4])
  expect(clipGradNorm_(all, 1).item()).toBeNaN()
  expect(gradsOf(all)[0]).toEqual([Number.NaN, Number.NaN])
})

test('clipGradValue_ limits elements', () => {
  const all = parameters()
  clipGradValue_(all, 3.5)
  expect(gradsOf(all)).toEqual([[3, -3.5], [3.5], null])
})

test('parameters become a vector and are made of one', () => {
  const model = new nn.Linear(2, 3, { device })
  const vector = parametersToVector(model.parameters())
  expect([vector.shape, vector.requiresGrad]).toEqual([[9], true])
  vector.sum().backward()
  const weights = model.weight
  vectorToParameters(tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], { dtype: 'float32', device }), model.parameters())
  expect(model.weight).toBe(weights)
  expect(model.weight.toArray()).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  expect(model.bias!.toArray()).toEqual([7, 8, 9])
  expect(model.bias!.grad!.toArray()).toEqual([1, 1, 1])
  expect(model.bias!.requiresGrad).toBe(true)
})

test('wrong calls are refused', () => {
  const wrong: [call: () => unknown, text: string][] = [
    [() => clipGradNorm_([1 as never], 1), 'clipGradNorm_: expected tensors, got a number'],
    [() => clipGradNorm_(parameters(), '1' as never), 'clipGradNorm_: maxNorm: expected a number, got a string'],
    [
      () => clipGradsWithNorm_(parameters(), 1, 2 as never),
      'clipGradsWithNorm_: totalNorm: expected a tensor, got a number',
    ],
    [() => clipGradValue_(parameters(), null as never), 'clipGradValue_: clipValue: expected a number, got null'],
    [() => parametersToVector([1 as never]), 'parametersToVector: expected tensors, got a number'],
    [() => vectorToParameters(1 as never, []), 'vectorToParameters: vec: expected a tensor, got a number'],
  ]
  for (const [call, text] of wrong) expect(call).toThrow(new ArgumentError(text))
})
