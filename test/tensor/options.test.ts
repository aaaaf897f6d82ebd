// Any object is an options object, however it was made: `parseArgs` of node:util gives objects without a prototype,
// programs have classes of settings. Tensors, arrays and whatever else can be iterated are not.
import { parseArgs } from 'node:util'
import { describe, expect, test } from 'vitest'
import { defaultCollate } from '../../src/data/index.ts'
import {
  ArgumentError,
  arange,
  DataLoader,
  Generator,
  grad,
  maxPool2d,
  nn,
  ones,
  optim,
  randint,
  randomSplit,
  type Tensor,
  TensorDataset,
  tidy,
  zeros,
} from '../../src/index.ts'

/** The same options as objects of several kinds. */
const kinds: Record<string, <O extends object>(options: O) => O> = {
  plain: options => ({ ...options }),
  'null prototype': options => Object.assign(Object.create(null), options),
  'fields of a class': options => Object.assign(new (class Settings {})(), options),
  'getters of a class': options => {
    class Settings {
      readonly #secret = options
      read(key: string): unknown {
        return this.#secret[key as never]
      }
    }
    for (const key of Object.keys(options)) {
      const get = function (this: Settings) {
        return this.read(key)
      }
      Object.defineProperty(Settings.prototype, key, { get, configurable: true })
    }
    return new Settings() as never
  },
  inherited: options => Object.create(options),
}

const ten = new TensorDataset(arange(10))

for (const [kind, make] of Object.entries(kinds)) {
  describe(kind, () => {
    test('layers and functions', () => {
      expect(new nn.Linear(2, 1, make({ bias: false })).bias).toBeNull()
      expect(new nn.Linear(2, 1, true, make({ dtype: 'float64' as const })).weight.dtype).toBe('float64')
      expect(new nn.MaxPool2d(2, make({ stride: 1 })).stride).toBe(1)
      expect(new nn.LogSoftmax(make({ dim: 0 })).dim).toBe(0)
      expect(new nn.Parameter(ones(1), make({ requiresGrad: false })).requiresGrad).toBe(false)
      expect(ones(2, 3).sum(make({ dim: 1, keepdim: true })).shape).toEqual([2, 1])
      expect(ones(2, 3).sum(1, make({ keepdim: true })).shape).toEqual([2, 1])
      expect(maxPool2d(ones(1, 1, 4, 4), 2, make({ stride: 1 })).shape).toEqual([1, 1, 3, 3])
      expect(ones(1).to(make({ dtype: 'int64' as const })).dtype).toBe('int64')
    })

    test('makers of tensors', () => {
      expect(zeros(2, 3, make({ dtype: 'int64' as const })).dtype).toBe('int64')
      expect(zeros([2, 3], make({ requiresGrad: true })).requiresGrad).toBe(true)
      expect(arange(3, make({ dtype: 'float64' as const })).dtype).toBe('float64')
      const seeded = () => make({ generator: new Generator().manualSeed(3) })
      expect(randint(99, [4], seeded()).toArray()).toEqual(randint(99, [4], seeded()).toArray())
      expect(
        zeros(3)
          .uniform_(make({ from: 5, to: 5 }))
          .toArray(),
      ).toEqual([5, 5, 5])
      expect(
        zeros(2)
          .normal_(make({ mean: 2, std: 0 }))
          .toArray(),
      ).toEqual([2, 2])
    })

    test('gradients and optimizers', () => {
      const x = ones(2, { requiresGrad: true })
      x.mul(2).backward(make({ gradient: ones(2) }))
      expect(x.grad!.toArray()).toEqual([2, 2])
      expect(grad([x.sum()], [zeros(1, { requiresGrad: true })], make({ allowUnused: true }))).toEqual([null])
      const layer = new nn.Linear(1, 1)
      const optimizer = new optim.SGD([make({ params: [layer.weight], lr: 0.5 })], make({ momentum: 0.9 }))
      expect([optimizer.paramGroups[0]!.lr, optimizer.paramGroups[0]!.momentum]).toEqual([0.5, 0.9])
      layer(ones(1, 1)).backward()
      optimizer.zeroGrad(make({ setToNone: false }))
      layer.zeroGrad(make({ setToNone: false }))
      expect(layer.weight.grad!.toArray()).toEqual([[0]])
      expect(layer.parameters(make({ recurse: false }))).toHaveLength(2)
      expect(layer.loadStateDict({}, make({ strict: false })).missingKeys).toEqual(['weight', 'bias'])
    })

    test('loaders', () => {
      expect(new DataLoader(ten, make({ batchSize: 4 })).length).toBe(3)
      expect(new DataLoader(ten, 4, make({ dropLast: true })).length).toBe(2)
      const halves = () => randomSplit(ten, [5, 5], make({ generator: new Generator().manualSeed(1) }))[0].indices
      expect(halves()).toEqual(randomSplit(ten, [5, 5], new Generator().manualSeed(1))[0].indices)
    })
  })
}

test('parseArgs of node:util gives options', () => {
  const { values } = parseArgs({ args: ['--no-bias'], options: { bias: { type: 'boolean' } }, allowNegative: true })
  expect(new nn.Linear(2, 1, values).bias).toBeNull()
})

test('what can be iterated is no options object', () => {
  const not = (value: unknown) => value as never
  expect(() => zeros(not(new Map([['dtype', 'int64']])))).toThrow(
    new ArgumentError('zeros: expected sizes as numbers, got a Map'),
  )
  expect(() => ones(1).to(not(new Set()))).toThrow(
    new ArgumentError('to: expected a dtype, a device, a tensor or options, got a Set'),
  )
  expect(() => zeros(1).uniform_(not(zeros(1)))).toThrow(
    new ArgumentError('uniform_: expected a number, got an object'),
  )
  expect(() => zeros(1).normal_(not('2'))).toThrow(new ArgumentError('normal_: expected a number, got a string'))
})

test('objects without a prototype hold tensors as plain ones do', () => {
  const kept = tidy(() => Object.assign(Object.create(null), { x: ones(2) }) as { x: Tensor })
  expect(kept.x.toArray()).toEqual([1, 1])
  const samples = [1, 2].map(x => Object.assign(Object.create(null), { x }) as { x: number })
  expect(defaultCollate(samples).x.toArray()).toEqual([1, 2])
})
