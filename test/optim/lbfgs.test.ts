// L-BFGS follows PyTorch, by the table of scripts/golden/lbfgs.py: the loss of every call of the closure, the weights
// after each step, the state dict after two, and what comes after that from a state dict.
import { expect, test } from 'vitest'
import { ArgumentError, optim, Tensor, tensor, tidy } from '../../src/index.ts'
import { device } from '../support/device.ts'
import { golden, type Stored } from '../support/golden.ts'

type Value = number | null | Stored | Value[]

interface Entry {
  function: 'rosenbrock' | 'regression'
  options: object
  steps: { losses: number[]; weights: number[] }[]
  saved: { state: Record<number, Record<string, Value>>; param_groups: optim.OptimizerStateDict['param_groups'] }
}

const file = golden<Entry>('lbfgs')
const {
  x,
  y,
  start,
  saved: half,
} = file as typeof file & {
  x: number[][]
  y: number[][]
  start: Record<Entry['function'], number[][]>
  saved: number
}

// It is made of ops, so on another device than the CPU one of each function is enough.
const entries = Object.entries(file.entries).filter(([name]) => device === 'cpu' || name.includes("'max_iter': 5}"))

const doubles = (data: number[] | number[][]) => tensor(data, { dtype: 'float64', device })

const functions: Record<Entry['function'], (...params: Tensor[]) => Tensor> = {
  rosenbrock(a, b) {
    const valley = b!.sub(a!.pow(2)).pow(2).mul(100)
    return a!.neg().add(1).pow(2).add(valley).sum()
  },
  regression(weight, bias) {
    const found = doubles(x).matmul(weight!.view(3, 1)).tanh().add(bias!)
    return found.sub(doubles(y)).pow(2).mean()
  },
}

class Training {
  readonly params: Tensor[]
  readonly optimizer: optim.LBFGS
  losses: number[] = []

  constructor(
    readonly entry: Entry,
    options: object,
    weights: number[],
  ) {
    const rest = [...weights]
    this.params = start[entry.function].map(({ length }) => doubles(rest.splice(0, length)).requiresGrad_())
    this.optimizer = new optim.LBFGS(this.params, options)
  }

  closure = (): Tensor => {
    this.optimizer.zeroGrad()
    const loss = functions[this.entry.function](...this.params)
    loss.backward()
    this.losses.push(loss.item())
    return loss
  }

  /** Steps from one number up to another, each compared with PyTorch's. */
  run(from: number, to: number): void {
    for (const { losses, weights } of this.entry.steps.slice(from, to)) {
      this.losses = []
      const first = this.optimizer.step(this.closure)
      expect(first.item()).toBe(this.losses[0])
      expectClose(this.losses, losses)
      expectClose(this.weights(), weights)
    }
  }

  weights(): number[] {
    return this.params.flatMap(param => param.detach().toArray() as number[])
  }
}

/** Within what the order of a sum makes of the last digits in some fifty iterations. */
function expectClose(got: number[], want: number[], size: (value: number) => number = Math.abs): void {
  expect(got).toHaveLength(want.length)
  for (const [i, value] of want.entries()) expect(Math.abs(got[i]! - value)).toBeLessThan(1e-9 * size(value) + 1e-11)
}

const camel = (options: object) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(.)/g, (_, c) => c.toUpperCase()), value]),
  )

/** Numbers of a state, whatever holds them. */
function numbers(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(numbers)
  if (typeof value === 'number') return [value]
  return value instanceof Tensor ? (value.toArray() as number[]) : (value as Stored).data.map(Number)
}

test.each(entries)('%s', (_, entry) => {
  const training = new Training(entry, camel(entry.options), start[entry.function].flat())
  training.run(0, half)
  const { state, param_groups } = training.optimizer.stateDict()
  const { al: _scratch, ...want } = entry.saved.state[0]!
  expect(Object.keys(state[0]!).sort()).toEqual(Object.keys(want).sort())
  for (const [key, value] of Object.entries(want)) {
    const all = numbers(value)
    const largest = Math.max(...all.map(Math.abs)) // most are differences of larger numbers
    expectClose(numbers(state[0]![key]), all, () => 100 * largest)
  }
  expect(param_groups).toEqual(entry.saved.param_groups)
  training.run(half, entry.steps.length)
})

test.each(entries)('from PyTorch’s state dict: %s', (_, entry) => {
  const made = (value: Value): unknown => {
    if (Array.isArray(value)) return value.map(made)
    if (value === null || typeof value === 'number') return value
    return doubles(value.data.map(Number)).view(value.shape)
  }
  const training = new Training(entry, {}, entry.steps[half - 1]!.weights)
  const state = Object.fromEntries(Object.entries(entry.saved.state[0]!).map(([key, value]) => [key, made(value)]))
  training.optimizer.loadStateDict({ state: { 0: state as never }, param_groups: entry.saved.param_groups })
  training.run(half, entry.steps.length)
})

const short = file.entries["rosenbrock {'line_search_fn': 'strong_wolfe', 'max_iter': 4}"]!

test('its own state dict continues in the same way', () => {
  const first = new Training(short, camel(short.options), start.rosenbrock.flat())
  first.run(0, half)
  const second = new Training(short, {}, first.weights())
  second.optimizer.loadStateDict(first.optimizer.stateDict())
  first.run(half, half + 1) // changes nothing of what the other one has
  second.run(half, half + 1)
})

test('steps inside tidy keep their memory', () => {
  const training = new Training(short, camel(short.options), start.rosenbrock.flat())
  for (let step = 0; step < half; step++) tidy(() => training.run(step, step + 1))
})

test('a parameter without a gradient stays', () => {
  const [used, unused] = [doubles([3]).requiresGrad_(), doubles([5]).requiresGrad_()]
  const optimizer = new optim.LBFGS([used, unused], 0.5)
  optimizer.step(() => {
    optimizer.zeroGrad()
    const loss = used.pow(2).sum()
    loss.backward()
    return loss
  })
  expect(Math.abs(used.item())).toBeLessThan(0.1)
  expect(unused.item()).toBe(5)
})

test('what it refuses', () => {
  const params = [doubles([1]).requiresGrad_()]
  const thrown = (call: () => unknown, text: string) => {
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(text)
  }
  thrown(() => new optim.LBFGS(params, -1), 'Invalid learning rate: -1')
  thrown(
    () => new optim.LBFGS(params, { lineSearchFn: 'armijo' as never }),
    "LBFGS: only 'strong_wolfe' is supported as lineSearchFn, or null: armijo",
  )
  thrown(() => new optim.LBFGS(params, { historySize: '5' as never }), 'LBFGS: historySize: expected a number, got ')
  thrown(
    () => new optim.LBFGS([{ params }, { params: [doubles([2])] }] as never),
    "LBFGS doesn't support per-parameter options (parameter groups)",
  )
  thrown(() => new optim.LBFGS(params).step(), 'LBFGS: step: expected a closure that returns the loss, got undefined')
})
