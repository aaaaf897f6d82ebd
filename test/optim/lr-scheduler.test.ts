// Every scheduler gives PyTorch's rates and momenta, and has its state. test/golden/schedulers.json holds schedulers
// with their arguments and what two groups of parameters have after each step; one test runs an entry. Sums and
// products are PyTorch's to the last bit; cosines and powers of JavaScript and C differ in it.
import { expect, test, vi } from 'vitest'
import { ArgumentError, ones, optim, tensor } from '../../src/index.ts'
import { golden } from '../support/golden.ts'

type Given = number | string | boolean | { function: string; variable: string } | Given[]

interface Spec {
  scheduler: Exclude<keyof typeof optim.lrScheduler, 'LRScheduler'> | 'SWALR'
  args?: Given[]
  options?: Record<string, Given>
  schedulers?: Spec[]
}

interface Entry {
  spec: Spec
  optimizer: 'SGD' | 'Adam'
  lrs: number[]
  /** The initial rates of a training that goes on. */
  initial?: number[]
  /** What each step gets. */
  given?: number[]
  /** At first and after each step, by group; one row of momenta means that they stay. */
  rates: number[][]
  momenta: number[][]
  state: Record<string, unknown>
}

type Scheduler = optim.lrScheduler.LRScheduler<[given?: number]>

const camel = (name: string) => name.replace(/(?<=\w)_(\w)/g, (_, letter: string) => letter.toUpperCase())

function value(given: Given): unknown {
  if (Array.isArray(given)) return given.map(value)
  return typeof given === 'object' ? new Function(given.variable, `return ${given.function}`) : given
}

function build(optimizer: optim.lrScheduler.ScheduledOptimizer, spec: Spec): Scheduler {
  const options = Object.entries(spec.options ?? {}).map(([name, given]) => [camel(name), value(given)])
  const parts = spec.schedulers?.map(part => build(optimizer, part))
  const args = [...(parts ? [parts] : []), ...(spec.args ?? []).map(value), Object.fromEntries(options)]
  const kinds = { ...optim.lrScheduler, SWALR: optim.swaUtils.SWALR }
  const Kind = kinds[spec.scheduler] as unknown as new (...args: unknown[]) => Scheduler
  return spec.scheduler === 'ChainedScheduler' ? new Kind(...args) : new Kind(optimizer, ...args)
}

function optimizerOf({ optimizer, lrs, initial }: Entry) {
  const groups = lrs.map(lr => ({ params: [ones(1, { requiresGrad: true })], lr }))
  const made = optimizer === 'SGD' ? new optim.SGD(groups, { momentum: 0.9 }) : new optim.Adam(groups)
  for (const [i, lr] of (initial ?? []).entries()) Object.assign(made.paramGroups[i]!, { initialLr: lr })
  return made
}

function momentaOf(optimizer: optim.SGD | optim.Adam): number[] {
  return optimizer.paramGroups.map(group => ('betas' in group ? group.betas[0]! : group.momentum))
}

/** What has cosines or powers in it, of which no two libraries have the same last bit. */
const transcendental = /SWALR|Cosine|OneCycle|Polynomial|exp_range|\*\*/

function expectClose(what: string, got: unknown, want: unknown, tolerance: number): void {
  if (typeof want === 'number' && typeof got === 'number') {
    if (Math.abs(got - want) > tolerance * Math.max(Math.abs(want), 1e-3)) expect(got, what).toBe(want)
  } else if (typeof want === 'object' && want !== null) {
    const keys = Object.keys(want)
    expect(Object.keys(got as object).sort(), what).toEqual(keys.sort())
    for (const key of keys) expectClose(`${what}.${key}`, got![key as never], want[key as never], tolerance)
  } else expect(typeof got === 'number' && !Number.isFinite(got) ? String(got) : got, what).toBe(want)
}

const sgd = (lr = 0.1) => new optim.SGD([ones(1, { requiresGrad: true })], { lr, momentum: 0.9 })

// First, because it is once in a process.
test('a step before the optimizer’s first one is warned of, once', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const inOrder = sgd()
  const scheduler = new optim.lrScheduler.StepLR(inOrder, 3)
  inOrder.step()
  scheduler.step()
  expect(warn).not.toHaveBeenCalled()
  for (let i = 0; i < 2; i++) new optim.lrScheduler.StepLR(sgd(), 3).step()
  expect(warn.mock.calls).toEqual([
    [
      'Detected call of `scheduler.step()` before `optimizer.step()`. You should call them in the opposite order: ' +
        '`optimizer.step()` before `scheduler.step()`. Failure to do this skips the first value of the learning rate ' +
        'schedule.',
      { code: 'DTRAIN_SCHEDULER_ORDER' },
    ],
  ])
  warn.mockRestore()
})

for (const [name, entry] of Object.entries(golden<Entry>('schedulers').entries)) {
  test(name, () => {
    const { spec, given, rates, momenta, state } = entry
    const tolerance = transcendental.test(JSON.stringify(spec)) ? 1e-12 : 0
    let optimizer = optimizerOf(entry)
    let scheduler = build(optimizer, spec)
    for (const [i, want] of rates.entries()) {
      if (i > 0) {
        optimizer.step()
        scheduler.step(...(given ? [given[i - 1]!] : []))
      }
      const got = optimizer.paramGroups.map(group => group.lr)
      expectClose(`rates after step ${i}`, got, want, tolerance)
      expectClose(`momenta after step ${i}`, momentaOf(optimizer), momenta[i] ?? momenta[0], tolerance)
      expect(scheduler.getLastLr()).toEqual(got)
      if (i !== 25) continue
      // The rest is done by others, which take over the state.
      const saved = [optimizer.stateDict(), JSON.parse(JSON.stringify(scheduler.stateDict()))] as const
      optimizer = optimizerOf(entry)
      scheduler = build(optimizer, spec)
      optimizer.loadStateDict(saved[0])
      scheduler.loadStateDict(saved[1])
    }
    expectClose('the state', scheduler.stateDict(), state, tolerance)
  })
}

test('all schedulers of PyTorch are here, in the namespace and beside the optimizers', () => {
  const all = new Set(Object.values(golden<Entry>('schedulers').entries).map(({ spec }) => spec.scheduler))
  const names = [...all].filter(name => name !== 'SWALR')
  expect(['LRScheduler', ...names].sort()).toEqual(Object.keys(optim.lrScheduler).sort())
  for (const name of names) expect(optim[name]).toBe(optim.lrScheduler[name])
})

test('options by position and by name are the same', () => {
  const { StepLR, CosineAnnealingLR, LambdaLR, ReduceLROnPlateau } = optim.lrScheduler
  const same = (...schedulers: { stateDict(): unknown }[]) =>
    expect(schedulers[0]!.stateDict()).toEqual(schedulers[1]!.stateDict())
  same(new StepLR(sgd(), 3, 0.5), new StepLR(sgd(), 3, { gamma: 0.5 }))
  same(new CosineAnnealingLR(sgd(), 3, 0.5), new CosineAnnealingLR(sgd(), 3, { etaMin: 0.5, lastEpoch: -1 }))
  same(new LambdaLR(sgd(), () => 1, -1), new LambdaLR(sgd(), () => 1))
  same(new ReduceLROnPlateau(sgd(), 'max'), new ReduceLROnPlateau(sgd(), { mode: 'max' }))
})

test('a schedule of one’s own overrides getLr', () => {
  class InverseSqrt extends optim.lrScheduler.LRScheduler {
    declare readonly warmup: number

    constructor(optimizer: optim.lrScheduler.ScheduledOptimizer, warmup: number) {
      super(optimizer, { fields: { warmup } })
    }

    protected override getLr(): number[] {
      return this.baseLrs.map(lr => lr / Math.sqrt(this.lastEpoch + this.warmup))
    }
  }
  const optimizer = sgd(1)
  const scheduler = new InverseSqrt(optimizer, 1)
  const rates = Array.from({ length: 4 }, () => {
    const [lr] = scheduler.getLastLr()
    optimizer.step()
    scheduler.step()
    return lr
  })
  expect(rates).toEqual([1, 1 / Math.sqrt(2), 1 / Math.sqrt(3), 1 / 2])
  expect(scheduler.stateDict()).toMatchObject({ warmup: 1, base_lrs: [1], last_epoch: 4 })
  expect(() => new optim.lrScheduler.LRScheduler(sgd())).toThrow(
    'LRScheduler: it does not compute learning rates for an epoch',
  )
})

test('a metric may be a tensor with one element', () => {
  const optimizer = sgd()
  const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 })
  for (let i = 0; i < 2; i++) scheduler.step(tensor(1))
  expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.01)
})

test('the worst metric comes back from JSON', () => {
  for (const mode of ['min', 'max'] as const) {
    const scheduler = new optim.lrScheduler.ReduceLROnPlateau(sgd(), mode)
    const before = scheduler.stateDict()
    scheduler.step(1)
    scheduler.loadStateDict(JSON.parse(JSON.stringify(before)))
    expect(scheduler.stateDict()).toEqual(before)
  }
})

test('schedules see the groups that the optimizer has', () => {
  const optimizer = sgd()
  const step = new optim.lrScheduler.StepLR(optimizer, 1)
  const lambda = new optim.lrScheduler.LambdaLR(optimizer, () => 0.5)
  optimizer.addParamGroup({ params: ones(1, { requiresGrad: true }), lr: 1 })
  optimizer.step()
  step.step()
  expect(step.getLastLr()[1]).toBeCloseTo(0.1)
  expect(() => lambda.step()).toThrow('LambdaLR: made for 1 parameter groups, but the optimizer has 2')
})

const other = new optim.lrScheduler.StepLR(sgd(), 3)
class Plain extends optim.Optimizer<{ lr: number }> {
  protected override stepGroup(): void {}
}
const plain = () => new Plain([ones(1, { requiresGrad: true })], { lr: 1 })
const schedulers = optim.lrScheduler

const wrong: [call: () => unknown, text: string][] = [
  [() => new schedulers.StepLR({} as never, 3), 'StepLR: expected an optimizer, got an object'],
  [() => new schedulers.StepLR(sgd(), 0), 'StepLR: stepSize: expected a positive integer, got 0'],
  [() => new schedulers.StepLR(sgd(), 3, '0.1' as never), 'StepLR: gamma: expected a number, got a string'],
  [
    () => new schedulers.StepLR(sgd(), 3, { factor: 1 } as never),
    "StepLR: unknown option 'factor'; it has gamma, lastEpoch",
  ],
  [() => (other as Scheduler).step(1), 'step: expected no arguments, got 1'],
  [
    () => new schedulers.StepLR(sgd(), 3, { lastEpoch: 4 }),
    "param 'initialLr' is not specified in paramGroups[0] when resuming scheduler with lastEpoch >= 0; " +
      'load the state dict of the optimizer first',
  ],
  [() => other.loadStateDict([] as never), "loadStateDict: expected a scheduler's state dict, got an array"],
  [() => new schedulers.LambdaLR(sgd(), 0.5 as never), 'LambdaLR: lrLambda: expected a function, got a number'],
  [
    () => new schedulers.MultiplicativeLR(sgd(), []),
    'MultiplicativeLR: expected 1 functions, one for each group, got 0',
  ],
  [() => new schedulers.ConstantLR(sgd(), 2), 'Constant multiplicative factor expected to be between 0 and 1.'],
  [
    () => {
      const scheduler = new schedulers.ConstantLR(sgd(), { factor: 0, totalIters: 1 })
      scheduler.step()
    },
    'ConstantLR: a factor of 0 cannot be undone',
  ],
  [
    () => new schedulers.LinearLR(sgd(), 0),
    'Starting multiplicative factor expected to be greater than 0 and less or equal to 1.',
  ],
  [
    () => new schedulers.LinearLR(sgd(), { endFactor: 2 }),
    'Ending multiplicative factor expected to be between 0 and 1.',
  ],
  [() => new schedulers.CosineAnnealingLR(sgd(), 2.5), 'CosineAnnealingLR: TMax: expected a positive integer, got 2.5'],
  [
    () => new schedulers.CosineAnnealingWarmRestarts(sgd(), 2, 0),
    'CosineAnnealingWarmRestarts: TMult: expected a positive integer, got 0',
  ],
  [() => new schedulers.CosineAnnealingWarmRestarts(sgd(), 2).step(-1), 'Expected non-negative epoch, but got -1'],
  [() => new schedulers.CyclicLR(sgd(), 0.1, [1, 2]), 'CyclicLR: maxLr has 2 values, but the optimizer has 1 groups'],
  [
    () => new schedulers.CyclicLR(sgd(), 0.1, 1, { mode: 'square' as never }),
    "CyclicLR: mode must be 'triangular', 'triangular2' or 'exp_range', got 'square'",
  ],
  [
    () => new schedulers.CyclicLR(plain(), 0.1, 1),
    'optimizer must support momentum or beta1 with `cycleMomentum` option enabled',
  ],
  [() => new schedulers.OneCycleLR(sgd(), 1), 'You must define either totalSteps OR (epochs AND stepsPerEpoch)'],
  [
    () => new schedulers.OneCycleLR(sgd(), 1, { totalSteps: 9, pctStart: 2 }),
    'Expected float between 0 and 1 pctStart, but got 2',
  ],
  [
    () => new schedulers.OneCycleLR(sgd(), 1, { totalSteps: 9, annealStrategy: 'sin' as never }),
    "annealStrategy must be one of 'cos' or 'linear', instead got sin",
  ],
  [
    () => {
      const scheduler = new schedulers.OneCycleLR(sgd(), 1, 2)
      for (let i = 0; i < 3; i++) scheduler.step()
    },
    'Tried to step 3 times. The specified number of total steps is 2',
  ],
  [() => new optim.swaUtils.SWALR(sgd(), [1, 2]), 'SWALR: swaLr has 2 values, but the optimizer has 1 groups'],
  [
    () => new optim.swaUtils.SWALR(sgd(), 0.1, { annealStrategy: 'sin' as never }),
    "annealStrategy must be one of 'cos' or 'linear', instead got sin",
  ],
  [() => new optim.swaUtils.SWALR(sgd(), 0.1, -1), 'annealEpochs must be equal or greater than 0, got -1'],
  [() => new schedulers.ReduceLROnPlateau(sgd(), { factor: 1 }), 'Factor should be < 1.0.'],
  [() => new schedulers.ReduceLROnPlateau(sgd(), 'low' as never), 'mode low is unknown!'],
  [() => new schedulers.ReduceLROnPlateau(sgd(), { thresholdMode: 'sum' as never }), 'threshold mode sum is unknown!'],
  [
    () => new schedulers.ReduceLROnPlateau(sgd()).step(...([] as unknown as [number])),
    'step: metrics: expected a number, got undefined',
  ],
  [
    () => new schedulers.SequentialLR(sgd(), [], []),
    'SequentialLR expects at least one scheduler, but got no scheduler.',
  ],
  [
    () => new schedulers.SequentialLR(sgd(), [other], []),
    'SequentialLR expects all schedulers to belong to the same optimizer, but got scheduler StepLR at index 0 of ' +
      'another one.',
  ],
  [
    () => new schedulers.SequentialLR(other.optimizer, [other], [4]),
    'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, ' +
      'but got number of schedulers 1 and the number of milestones to be equal to 1',
  ],
  [
    () => new schedulers.ChainedScheduler([new schedulers.ReduceLROnPlateau(sgd()) as never]),
    'ChainedScheduler does not support `ReduceLROnPlateau` scheduler as it needs a metric when calling `step`, but got ' +
      'one at index 0 in the given schedulers sequence.',
  ],
  [
    () => new schedulers.ChainedScheduler([1 as never]),
    'ChainedScheduler: schedulers[0]: expected a scheduler, got a number',
  ],
]

test('wrong calls are refused', () => {
  for (const [call, text] of wrong) {
    expect(call, text).toThrow(text)
    expect(call, text).toThrow(ArgumentError)
  }
})
