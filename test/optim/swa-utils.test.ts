// Averages of models: the mean of all, those that forget, and what batch normalization remembers; by their definitions.
import { expect, test } from 'vitest'
import { ArgumentError, nn, noGrad, optim, type Tensor, tensor, zeros } from '../../src/index.ts'
import { device } from '../support/device.ts'

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, updateBn } = optim.swaUtils

const values = [1, 4, -2, 8]
const numbers = (x: Tensor) => (x.detach().cpu().to('float64').toArray() as number[][]).flat()

/** What the averages of a weight are that is each of the values in turn, and the model. */
function averages(options: optim.swaUtils.AveragedModelOptions) {
  const model = new nn.Linear(2, 1, { device })
  const averaged = new AveragedModel(model, options)
  const found = values.map(value => {
    noGrad(() => model.weight.fill_(value))
    averaged.updateParameters(model)
    return numbers((averaged.module as nn.Linear).weight)[1]!
  })
  return { found, averaged, model }
}

test('the mean of all models', () => {
  const means = values.map((_, i) => values.slice(0, i + 1).reduce((a, b) => a + b) / (i + 1))
  for (const options of [{}, { avgFn: getSwaAvgFn() }, { multiAvgFn: getSwaMultiAvgFn() }]) {
    const { found, averaged } = averages(options)
    for (const [i, mean] of means.entries()) expect(found[i]).toBeCloseTo(mean, 5)
    expect(averaged.n_averaged.item()).toBe(4)
  }
})

test('averages that forget', () => {
  const means = [values[0]!]
  for (const value of values.slice(1)) means.push(0.75 * means.at(-1)! + 0.25 * value)
  for (const options of [{ avgFn: getEmaAvgFn(0.75) }, { multiAvgFn: getEmaMultiAvgFn({ decay: 0.75 }) }]) {
    const { found } = averages(options)
    for (const [i, mean] of means.entries()) expect(found[i]).toBeCloseTo(mean, 5)
  }
})

test('an averaged model is a copy that computes and is saved as in PyTorch', () => {
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.PReLU(), new nn.Linear(3, 1))
  const averaged = new AveragedModel(model)
  expect(averaged.module).not.toBe(model)
  expect(String(averaged.module)).toBe(String(model))
  const keys = Object.keys(model.stateDict()).map(key => `module.${key}`)
  expect(Object.keys(averaged.stateDict())).toEqual(['n_averaged', ...keys])
  const x = tensor([
    [1, 2],
    [3, 5],
  ])
  averaged.eval()
  expect(averaged(x).toArray()).toEqual(model.eval()(x).toArray())
  const copy = (averaged.module as nn.Sequential)[0] as nn.Linear
  noGrad(() => copy.weight.fill_(0))
  expect(numbers((model[0] as nn.Linear).weight)).not.toContain(0)
  expect(averaged.parameters().every(parameter => parameter.requiresGrad)).toBe(true)
})

test('buffers are averaged or taken over', () => {
  const running = (useBuffers: boolean) => {
    const model = new nn.BatchNorm1d(1)
    const averaged = new AveragedModel(model, { useBuffers })
    for (const value of values) {
      model.running_mean!.fill_(value)
      averaged.updateParameters(model)
    }
    return (averaged.module as nn.BatchNorm1d).running_mean!.item()
  }
  expect(running(false)).toBe(8)
  expect(running(true)).toBeCloseTo(2.75, 5)
})

test('updateBn makes running statistics the means over all batches', async () => {
  const model = new nn.Sequential(new nn.BatchNorm1d(1), new nn.Linear(1, 1))
  model.eval()
  const norm = model[0] as unknown as nn.BatchNorm1d
  norm.running_mean!.fill_(100)
  const batches = [
    [1, 3],
    [5, 9],
    [0, 2],
  ].map(batch => [tensor(batch).view(2, 1), zeros(2)])
  await updateBn(batches, model)
  expect(norm.running_mean!.item()).toBeCloseTo((2 + 7 + 1) / 3, 5)
  expect(norm.running_var!.item()).toBeCloseTo((2 + 8 + 2) / 3, 5)
  expect([norm.momentum, norm.training, model.training]).toEqual([0.1, false, false])
})

test('every layer can be copied', () => {
  for (const layer of [new nn.LSTM(2, 3), new nn.GRUCell(2, 3), new nn.TransformerEncoderLayer(4, 2), new nn.ReLU()]) {
    const averaged = new AveragedModel(layer as nn.AnyModule)
    expect(String(averaged.module)).toBe(String(layer))
    expect(Object.keys(averaged.module.stateDict())).toEqual(Object.keys(layer.stateDict()))
  }
  const lstm = new nn.LSTM(2, 3)
  const x = zeros(4, 1, 2)
  const [got, want] = [new AveragedModel(lstm as nn.AnyModule), lstm].map(one => (one(x) as [Tensor, unknown])[0])
  expect(got!.toArray()).toEqual(want!.toArray())
})

test('wrong calls are refused', () => {
  const model = new nn.Linear(1, 1)
  class Private extends nn.Module {
    #scale = 2
    forward(x: Tensor) {
      return x.mul(this.#scale)
    }
  }
  const wrong: [call: () => unknown, text: string][] = [
    [() => getEmaAvgFn(1.5), 'getEmaAvgFn: Invalid decay value 1.5 provided. Please provide a value in [0,1] range.'],
    [() => getEmaMultiAvgFn('1' as never), 'getEmaMultiAvgFn: decay: expected a number, got a string'],
    [
      () => new AveragedModel(model, { avgFn: getSwaAvgFn(), multiAvgFn: getSwaMultiAvgFn() }),
      'Only one of avgFn and multiAvgFn should be provided',
    ],
    [
      () => new AveragedModel(new nn.Sequential(new Private())),
      'AveragedModel: a Private cannot be copied, since its class has #private members; make them plain fields',
    ],
    [() => new AveragedModel(1 as never), 'AveragedModel: expected a module, got a number'],
    [() => new AveragedModel(model).updateParameters(1 as never), 'updateParameters: expected a module, got a number'],
  ]
  for (const [call, text] of wrong) expect(call).toThrow(new ArgumentError(text))
})
