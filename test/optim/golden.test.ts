// Every optimizer follows PyTorch, by the table of scripts/golden/optimizers.py: the weights after each of 20 steps,
// the state dict after ten, and what comes after that from a state dict. Steps are compared with those in float64, so
// floats may be off by what 20 of them round; those of 16 bits round their state in every step too. With
// DTRAIN_OPTIMIZERS=FOLDER state dicts are written there, from which `optimizers.py check FOLDER` goes on in PyTorch.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DType, optim, save, type Tensor, tensor } from '../../src/index.ts'
import { floats } from '../support/case.ts'
import { device } from '../support/device.ts'
import { type Element, expectElements, golden, type Stored } from '../support/golden.ts'

type Saved = Omit<optim.OptimizerStateDict, 'state'> & { state: Record<number, Record<string, Stored | number>> }

const { Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, ASGD, Muon, NAdam, RAdam, RMSprop, Rprop, SGD } = optim
const optimizers = { Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, ASGD, Muon, NAdam, RAdam, RMSprop, Rprop, SGD }

interface Entry {
  optimizer: keyof typeof optimizers
  options: object
  /** Options of a second group, which has the last parameter. */
  second: object | null
  shapes: number[][]
  start: Element[]
  steps: { grads: (Element[] | null)[]; weights: Element[] }[]
  saved: Saved
}

const { entries, saved: half } = golden<Entry>('optimizers') as ReturnType<typeof golden<Entry>> & { saved: number }

/** Options that say how PyTorch computes, and that dtrain has not. */
const absent = ['foreach', 'fused', 'capturable', 'differentiable']
const rounding: Partial<Record<DType, number>> = {
  float64: 1e-12,
  float32: 2 ** -24,
  float16: 2 ** -11,
  bfloat16: 2 ** -8,
}

const camel = (options: object) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(.)/g, (_, c) => c.toUpperCase()), value]),
  )

const filled = (data: readonly Element[], shape: number[], dtype: DType) =>
  tensor(data.map(Number), { dtype, device }).view(...shape)

/** One tensor for each shape from the elements of all. */
function split(data: Element[], shapes: number[][], dtype: DType): Tensor[] {
  let at = 0
  return shapes.map(shape => {
    const size = shape.reduce((a, b) => a * b, 1)
    at += size
    return filled(data.slice(at - size, at), shape, dtype)
  })
}

class Training {
  readonly params: Tensor[]
  readonly optimizer: optim.Optimizer

  constructor(
    readonly entry: Entry,
    readonly dtype: DType,
    weights: Element[],
  ) {
    this.params = split(weights, entry.shapes, dtype)
    for (const param of this.params) param.requiresGrad = true
    const [w, late, last] = this.params as [Tensor, Tensor, Tensor]
    const groups = [{ params: [w, late] }, { params: [last], ...camel(entry.second ?? {}) }]
    const Kind = optimizers[entry.optimizer] as new (params: unknown, options: object) => optim.Optimizer
    this.optimizer = new Kind(entry.second ? groups : this.params, camel(entry.options))
  }

  /** Steps from one number up to another, each compared with PyTorch's. */
  run(from: number, to: number): void {
    for (const [i, { grads, weights }] of this.entry.steps.slice(from, to).entries()) {
      for (const [j, param] of this.params.entries()) {
        const grad = grads[j]
        param.grad = grad ? filled(grad, this.entry.shapes[j]!, this.dtype) : null
      }
      this.optimizer.step()
      this.compare(`weights after step ${from + i + 1}`, this.params, weights)
    }
  }

  compare(what: string, tensors: Tensor[], want: Element[]): void {
    const got = tensors.flatMap(x => [...(x.detach().cpu().to('float64').toTypedArray() as Float64Array)])
    const unit = 80 * rounding[this.dtype]! // four roundings in each step
    expectElements(what, got, want, value => unit * Math.max(1, Math.abs(value)))
  }
}

describe.each(floats)('%s', dtype => {
  test.each(Object.entries(entries))('%s', (name, entry) => {
    const training = new Training(entry, dtype, entry.start)
    training.run(0, half)
    if (process.env.DTRAIN_OPTIMIZERS !== undefined && dtype === 'float32') {
      const written = { params: training.params.map(x => x.detach()), optimizer: training.optimizer.stateDict() }
      save(written, join(process.env.DTRAIN_OPTIMIZERS, `${Object.keys(entries).indexOf(name)}.pth`))
    }
    const { state, param_groups } = training.optimizer.stateDict()
    for (const [i, values] of Object.entries(entry.saved.state)) {
      expect(Object.keys(state[Number(i)]!)).toEqual(Object.keys(values))
      for (const [key, want] of Object.entries(values)) {
        const got = state[Number(i)]![key]
        if (typeof want === 'number') expect(got, key).toBe(want)
        else training.compare(`${key} of parameter ${i}`, [got as Tensor], want.data)
      }
    }
    const known = entry.saved.param_groups.map(group =>
      Object.fromEntries(Object.entries(group).filter(([name]) => !absent.includes(name))),
    )
    expect(param_groups).toEqual(known)
    training.run(half, entry.steps.length)
  })
})

test.each(Object.entries(entries))('from PyTorch’s state dict: %s', (_, entry) => {
  const training = new Training({ ...entry, options: {} }, 'float32', entry.steps[half - 1]!.weights)
  const { state, param_groups } = entry.saved
  const tensors = Object.entries(state).map(([i, values]) => {
    const its = Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'number' ? tensor(value) : filled(value.data, value.shape, 'float64'), // a step is a tensor too
    ])
    return [i, Object.fromEntries(its)]
  })
  training.optimizer.loadStateDict({ state: Object.fromEntries(tensors), param_groups })
  training.run(half, entry.steps.length)
})
