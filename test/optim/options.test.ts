// The options of optimizers: what each refuses, with PyTorch's words, and how they print.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ArgumentError, ones, optim } from '../../src/index.ts'

type Name = 'SGD' | 'Adam' | 'AdamW' | 'RMSprop' | 'Adagrad'

const names: Name[] = ['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adagrad']
const make = (name: Name, options?: object) => new optim[name]([ones(1)], options)

const wrong: [Name, object, string][] = [
  ...names.flatMap((name): [Name, object, string][] => [
    [name, { lr: -1 }, 'Invalid learning rate: -1'],
    [name, { weightDecay: -0.5 }, 'Invalid weightDecay value: -0.5'],
    [name, { weightDecay: Number.NaN }, 'Invalid weightDecay value: NaN'],
    [name, { lr: '1' }, `${name}: lr: expected a number, got a string`],
    [name, { maximize: 1 }, `${name}: maximize: expected true or false, got a number`],
  ]),
  ['SGD', { momentum: -1 }, 'Invalid momentum value: -1'],
  ['SGD', { nesterov: true }, 'Nesterov momentum requires a momentum and zero dampening'],
  ...(['Adam', 'AdamW'] as const).flatMap((name): [Name, object, string][] => [
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
]

test.each(wrong)('%s %o', (name, options, text) => {
  expect(() => make(name, options)).toThrow(ArgumentError)
  expect(() => make(name, options)).toThrow(text)
})

test.each(names)('%s: a group has no option that the optimizer has not', name => {
  const text = `${name}: unknown option 'learningRate'; did you mean 'lr'?`
  const group = { params: [ones(1)], learningRate: 1 }
  const optimizer = make(name)
  expect(() => optimizer.addParamGroup(group)).toThrow(new ArgumentError(text))
  expect(optimizer.paramGroups).toHaveLength(1)
  expect(() => new optim[name]([group])).toThrow(new ArgumentError(text))
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
