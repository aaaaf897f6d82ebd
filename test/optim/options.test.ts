// The options of optimizers: what each refuses, with PyTorch's words, and how they print.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ArgumentError, ones, optim, type Tensor } from '../../src/index.ts'

const common = ['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adagrad', 'Adadelta', 'Adamax', 'ASGD', 'NAdam', 'RAdam'] as const
const names = [...common, 'Adafactor', 'Muon', 'Rprop'] as const
type Name = (typeof names)[number]

// One of them all would need what all options have in common.
const classes: Record<Name, new (params: Tensor[] | { params: Tensor[] }[], options?: object) => optim.Optimizer> =
  optim
const make = (name: Name, options?: object) => new classes[name]([ones(1, 1)], options)

const wrong: [Name, object, string][] = [
  ...names.map((name): [Name, object, string] => [name, { lr: '1' }, `${name}: lr: expected a number, got a string`]),
  ...common.flatMap((name): [Name, object, string][] => [
    [name, { lr: -1 }, 'Invalid learning rate: -1'],
    [name, { weightDecay: -0.5 }, 'Invalid weightDecay value: -0.5'],
    [name, { weightDecay: Number.NaN }, 'Invalid weightDecay value: NaN'],
    [name, { maximize: 1 }, `${name}: maximize: expected true or false, got a number`],
  ]),
  ['SGD', { momentum: -1 }, 'Invalid momentum value: -1'],
  ['SGD', { nesterov: true }, 'Nesterov momentum requires a momentum and zero dampening'],
  ...(['Adam', 'AdamW', 'Adamax', 'NAdam', 'RAdam'] as const).flatMap((name): [Name, object, string][] => [
    [name, { eps: -1 }, 'Invalid epsilon value: -1'],
    [name, { betas: [1, 0] }, 'Invalid beta parameter at index 0: 1'],
    [name, { betas: [0, -1] }, 'Invalid beta parameter at index 1: -1'],
    [name, { betas: [0.9] }, `${name}: betas: expected two numbers, got an array`],
    [name, { betas: 0.9 }, `${name}: betas: expected two numbers, got a number`],
  ]),
  ['AdamW', { decoupledWeightDecay: false }, "AdamW: unknown option 'decoupledWeightDecay'; it has lr, betas, eps, "],
  ['RMSprop', { eps: -1 }, 'Invalid epsilon value: -1'],
  ['RMSprop', { momentum: -1 }, 'Invalid momentum value: -1'],
  ['RMSprop', { alpha: -1 }, 'Invalid alpha value: -1'],
  ['Adagrad', { eps: -1 }, 'Invalid epsilon value: -1'],
  ['Adagrad', { lrDecay: -1 }, 'Invalid lrDecay value: -1'],
  ['Adagrad', { initialAccumulatorValue: -1 }, 'Invalid initialAccumulatorValue value: -1'],
  ['Adadelta', { rho: 1.1 }, 'Invalid rho value: 1.1'],
  ['Adadelta', { rho: -1 }, 'Invalid rho value: -1'],
  ['Adadelta', { eps: -1 }, 'Invalid epsilon value: -1'],
  ['Adafactor', { lr: -1 }, 'Learning rate should be >= 0 but is: -1'],
  ['Adafactor', { beta2Decay: 0.8 }, 'beta2Decay should be <= 0 but is: 0.8'],
  ['Adafactor', { eps: [-1e-30, 1e-3] }, 'epsilon1 should be >= 0 but is: -1e-30'],
  ['Adafactor', { eps: [null, -1] }, 'epsilon2 should be >= 0 but is: -1'],
  ['Adafactor', { eps: 1 }, 'Adafactor: eps: expected a number or null, and a number, got a number'],
  ['Adafactor', { d: 0 }, 'Clipping threshold d should be >= 1 but is: 0'],
  ['Adafactor', { weightDecay: -1 }, 'weightDecay should be >= 0 but is: -1'],
  ['Muon', { lr: -1 }, 'Learning rate should be >= 0 but is: -1'],
  ['Muon', { momentum: -1 }, 'momentum should be >= 0 but is: -1'],
  ['Muon', { weightDecay: -1 }, 'weight decay should be >= 0 but is: -1'],
  ['Muon', { adjustLrFn: 'arbitrary' }, 'Adjust learning rate function arbitrary is not supported'],
  ['Muon', { nsCoefficients: [1, 2] }, 'Muon: nsCoefficients: expected three numbers, got an array'],
  ['Muon', { nsSteps: 1.5 }, 'Muon: nsSteps: expected an integer that is not negative, got a number'],
  ['NAdam', { momentumDecay: -0.2 }, 'Invalid momentumDecay value: -0.2'],
  ['Rprop', { lr: -1 }, 'Invalid learning rate: -1'],
  ['Rprop', { etas: [1, 0.5] }, 'Invalid eta values: 1, 0.5'],
]

test.each(wrong)('%s %o', (name, options, text) => {
  expect(() => make(name, options)).toThrow(ArgumentError)
  expect(() => make(name, options)).toThrow(text)
})

test('Muon takes matrices only, and so many iterations', () => {
  const text = 'Muon only supports 2D parameters whereas we found a parameter with size: [2,3,4]'
  expect(() => new optim.Muon([ones(2, 3, 4)])).toThrow(new ArgumentError(text))
  const optimizer = new optim.Muon([ones(2, 3)])
  expect(() => optimizer.addParamGroup({ params: ones(2, 3, 4) })).toThrow(new ArgumentError(text))
  expect(optimizer.paramGroups).toHaveLength(1)
  expect(() => new optim.Muon([ones(2, 3)], { nsSteps: 100 }).step()).toThrow(
    new ArgumentError('Number of steps must be less than 100 for computational efficiency'),
  )
})

test.each(names)('%s: a group has no option that the optimizer has not', name => {
  const text = `${name}: unknown option 'learningRate'; did you mean 'lr'?`
  const group = { params: [ones(1, 1)], learningRate: 1 }
  const optimizer = make(name)
  expect(() => optimizer.addParamGroup(group)).toThrow(new ArgumentError(text))
  expect(optimizer.paramGroups).toHaveLength(1)
  expect(() => new classes[name]([group])).toThrow(new ArgumentError(text))
})

test('defaults are PyTorch’s, and print as there, without the options that do not exist here', () => {
  const printed = {
    Adam: `Adam (
Parameter Group 0
    amsgrad: False
    betas: (0.9, 0.999)
    decoupled_weight_decay: False
    eps: 1e-08
    lr: 0.001
    maximize: False
    weight_decay: 0
)`,
    AdamW: `AdamW (
Parameter Group 0
    amsgrad: False
    betas: (0.9, 0.999)
    decoupled_weight_decay: True
    eps: 1e-08
    lr: 0.001
    maximize: False
    weight_decay: 0.01
)`,
    RMSprop: `RMSprop (
Parameter Group 0
    alpha: 0.99
    centered: False
    eps: 1e-08
    lr: 0.01
    maximize: False
    momentum: 0
    weight_decay: 0
)`,
    Adagrad: `Adagrad (
Parameter Group 0
    eps: 1e-10
    initial_accumulator_value: 0
    lr: 0.01
    lr_decay: 0
    maximize: False
    weight_decay: 0
)`,
    Adadelta: `Adadelta (
Parameter Group 0
    eps: 1e-06
    lr: 1
    maximize: False
    rho: 0.9
    weight_decay: 0
)`,
    Adafactor: `Adafactor (
Parameter Group 0
    beta2_decay: -0.8
    d: 1
    eps: (None, 0.001)
    lr: 0.01
    maximize: False
    weight_decay: 0
)`,
    Adamax: `Adamax (
Parameter Group 0
    betas: (0.9, 0.999)
    eps: 1e-08
    lr: 0.002
    maximize: False
    weight_decay: 0
)`,
    ASGD: `ASGD (
Parameter Group 0
    alpha: 0.75
    lambd: 0.0001
    lr: 0.01
    maximize: False
    t0: 1000000
    weight_decay: 0
)`,
    Muon: `Muon (
Parameter Group 0
    adjust_lr_fn: None
    eps: 1e-07
    lr: 0.001
    momentum: 0.95
    nesterov: True
    ns_coefficients: (3.4445, -4.775, 2.0315)
    ns_steps: 5
    weight_decay: 0.1
)`,
    NAdam: `NAdam (
Parameter Group 0
    betas: (0.9, 0.999)
    decoupled_weight_decay: False
    eps: 1e-08
    lr: 0.002
    maximize: False
    momentum_decay: 0.004
    weight_decay: 0
)`,
    RAdam: `RAdam (
Parameter Group 0
    betas: (0.9, 0.999)
    decoupled_weight_decay: False
    eps: 1e-08
    lr: 0.001
    maximize: False
    weight_decay: 0
)`,
    Rprop: `Rprop (
Parameter Group 0
    etas: (0.5, 1.2)
    lr: 0.01
    maximize: False
    step_sizes: (1e-06, 50)
)`,
  }
  for (const [name, text] of Object.entries(printed)) expect(inspect(make(name as Name))).toBe(text)
})

test('AdamW decouples weight decay whatever it loads', () => {
  const saved = make('Adam', { weightDecay: 0.5 }).stateDict()
  const other = new optim.AdamW([ones(1)])
  other.loadStateDict(saved)
  expect(other.paramGroups[0]).toMatchObject({ weightDecay: 0.5, decoupledWeightDecay: true })
})

test('Adagrad has its state before the first step, by the options of each group', () => {
  const optimizer = new optim.Adagrad([ones(2)], { initialAccumulatorValue: 0.5 })
  optimizer.addParamGroup({ params: ones(1), initialAccumulatorValue: 2 })
  const { state } = optimizer.stateDict()
  expect([0, 1].map(i => [state[i]!.step, String(state[i]!.sum)])).toEqual([
    [0, 'tensor([0.5000, 0.5000])'],
    [0, 'tensor([2.])'],
  ])
})
