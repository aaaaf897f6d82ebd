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
  rand,
  randint,
  randomSplit,
  type Tensor,
  TensorDataset,
  tensor,
  tidy,
  zeros,
  zerosLike,
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
  'hidden from loops': options =>
    Object.defineProperties(
      {} as typeof options,
      Object.fromEntries(Object.entries(options).map(([key, value]) => [key, { value }])),
    ),
  'a proxy': options => new Proxy(options, {}),
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

test('an option that is undefined is left out, for optimizers too', () => {
  const weight = ones(1, { requiresGrad: true })
  const given = { lr: undefined, momentum: 0.5, nesterov: undefined }
  const { defaults, paramGroups } = new optim.SGD([{ params: [weight], ...given } as never], given as never)
  const options = { lr: 1e-3, momentum: 0.5, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }
  expect(defaults).toEqual(options)
  expect(paramGroups).toEqual([{ ...options, params: [weight] }])
})

test('two objects of options are put together', () => {
  expect(ones(2, 3).sum({ dim: 1 }, { keepdim: true }).shape).toEqual([2, 1])
  expect(new DataLoader(ten, { batchSize: 4 }, { dropLast: true }).length).toBe(2)
  const { uniform_, normal_ } = nn.init
  expect(uniform_(zeros(2), { a: 3, b: 3 }).toArray()).toEqual([3, 3])
  expect(normal_(zeros(2), { mean: 3, std: 0 }).toArray()).toEqual([3, 3])
})

const not = (value: unknown) => value as never
const parameter = ones(1, { requiresGrad: true })

const misread: [call: () => unknown, text: string][] = [
  [() => new nn.Linear(2, 1, not(new Map([['bias', false]]))), 'Linear: bias: expected true or false, got a Map'],
  [() => new nn.Linear(2, 1, not('false')), 'Linear: bias: expected true or false, got a string'],
  [() => new nn.Conv2d(1, 1, 1, { bias: not(0) }), 'Conv2d: bias: expected true or false, got a number'],
  [() => new nn.Parameter(ones(1), not('false')), 'Parameter: requiresGrad: expected true or false, got a string'],
  [() => zeros(1, { requiresGrad: not('false') }), 'zeros: requiresGrad: expected true or false, got a string'],
  [
    () => new nn.ReLU().registerBuffer('b', null, not(0)),
    'registerBuffer: persistent: expected true or false, got a number',
  ],
  [() => new nn.ReLU().parameters(not(new Map())), 'recurse: expected true or false, got a Map'],
  [() => new nn.ReLU().loadStateDict({}, not('no')), 'loadStateDict: strict: expected true or false, got a string'],
  [() => new nn.ReLU().zeroGrad(not(0)), 'zeroGrad: setToNone: expected true or false, got a number'],
  [() => new optim.SGD([parameter]).zeroGrad(not(new Map())), 'zeroGrad: setToNone: expected true or false, got a Map'],
  [() => new optim.SGD([parameter], { lr: not('0.1') }), 'SGD: lr: expected a number, got a string'],
  [() => new optim.SGD([parameter], { nesterov: not('false') }), 'SGD: nesterov: expected true or false, got a string'],
  [() => new optim.SGD([parameter], 0.1, not(new Map())), 'SGD: expected options, got a Map'],
  [() => new DataLoader(ten, { shuffle: not('false') }), 'DataLoader: shuffle: expected true or false, got a string'],
  [() => new DataLoader(ten, 2, not([true])), 'DataLoader: expected options, got an array'],
  [() => ones(1).add(1, not(2)), 'add: expected options, got a number'],
  [() => ones(1).sub_(ones(1), not(new Map())), 'sub_: expected options, got a Map'],
  [() => arange(3).sum(0, not(true)), 'sum: expected options, got a boolean'],
  [() => randint(3, [2], not('int64')), 'randint: expected options, got a string'],
  [() => zerosLike(ones(1), not('int64')), 'zerosLike: expected options, got a string'],
  [() => rand(2, { generator: not(7) }), 'rand: expected a generator, got a number'],
  [() => zeros(2).normal_({ generator: not({}) }), 'normal_: expected a generator, got an object'],
  [() => [...new DataLoader(ten, { generator: not(7) })], 'DataLoader: expected a generator, got a number'],
  [() => new nn.ReLU().train(not('false')), 'train: expected true or false, got a string'],
  [
    () => nn.init.kaimingNormal_(ones(2, 2), { mode: not('fan-in') }),
    'kaimingNormal_: Mode fan-in not supported, please use one of fan_in, fan_out',
  ],
  [() => tensor(1, not('int64')), 'tensor: expected options, got a string'],
  // Names that do not exist: near by their letters, by what others call them, near none.
  [
    () => new optim.SGD([parameter], not({ learningRate: 0.1 })),
    "SGD: unknown option 'learningRate'; did you mean 'lr'?",
  ],
  [
    () => new optim.SGD([parameter], 0.1, not({ weight_decay: 1 })),
    "SGD: unknown option 'weight_decay'; did you mean 'weightDecay'?",
  ],
  [
    () => new optim.SGD([parameter], not({ foo: 1 })),
    "SGD: unknown option 'foo'; it has lr, momentum, dampening, weightDecay, nesterov, maximize",
  ],
  [
    () => new optim.SGD(not([{ params: [parameter], learning_rate: 1 }])),
    "SGD: unknown option 'learning_rate'; did you mean 'lr'?",
  ],
  [() => ones(2).sum(not({ axis: 0 })), "sum: unknown option 'axis'; did you mean 'dim'?"],
  [() => ones(2).sum(0, not({ keepdims: true })), "sum: unknown option 'keepdims'; did you mean 'keepdim'?"],
  [() => ones(2).add(1, not({ aplha: 2 })), "add: unknown option 'aplha'; did you mean 'alpha'?"],
  [() => zeros(2, not({ requires_grad: true })), "zeros: unknown option 'requires_grad'; did you mean 'requiresGrad'?"],
  [() => zeros(2, not({ size: 3 })), "zeros: unknown option 'size'; it has dtype, device, requiresGrad"],
  [() => ones(2).to(not({ type: 'int64' })), "to: unknown option 'type'; did you mean 'dtype'?"],
  [() => new nn.Conv2d(1, 1, 1, not({ pad: 1 })), "Conv2d: unknown option 'pad'; did you mean 'padding'?"],
  [() => new DataLoader(ten, not({ batch: 4 })), "DataLoader: unknown option 'batch'; did you mean 'batchSize'?"],
]

for (const [call, text] of misread) {
  test(text, () => expect(call).toThrow(new ArgumentError(text)))
}

test('unknown names are found wherever an object has them', () => {
  for (const [kind, make] of Object.entries(kinds)) {
    if (kind === 'hidden from loops') continue // nobody hides a misspelt name
    const refused = () => ones(2, 3).sum(make({ dim: 1, keepdims: true }))
    expect(refused, kind).toThrow(new ArgumentError("sum: unknown option 'keepdims'; did you mean 'keepdim'?"))
  }
})

test('what is no option is not looked at: symbols, methods of a class, undefined', () => {
  const note = Symbol('note')
  class Settings {
    dim = 1;
    [note] = 'a reminder'
    describe(): string {
      return 'along rows'
    }
  }
  expect(ones(2, 3).sum(new Settings()).shape).toEqual([2])
  expect(ones(2, 3).sum({ dim: 1, axis: undefined } as object).shape).toEqual([2])
  expect(() => ones(2, 3).sum({ dim: 1, axis: () => 1 } as object)).toThrow(ArgumentError)
})

test('what can be iterated is no options object', () => {
  expect(() => zeros(not(new Map([['dtype', 'int64']])))).toThrow(
    new ArgumentError('zeros: expected sizes as numbers, got a Map'),
  )
  expect(() => ones(1).to(not(new Set()))).toThrow(
    new ArgumentError('to: expected a dtype, a device, a tensor or options, got a Set'),
  )
  expect(() => zeros(1).uniform_(not(zeros(1)))).toThrow(
    new ArgumentError('uniform_: from: expected a number, got an object'),
  )
  expect(() => zeros(1).normal_(not('2'))).toThrow(new ArgumentError('normal_: mean: expected a number, got a string'))
})

test('objects without a prototype hold tensors as plain ones do', () => {
  const kept = tidy(() => Object.assign(Object.create(null), { x: ones(2) }) as { x: Tensor })
  expect(kept.x.toArray()).toEqual([1, 1])
  const samples = [1, 2].map(x => Object.assign(Object.create(null), { x }) as { x: number })
  expect(defaultCollate(samples).x.toArray()).toEqual([1, 2])
})
