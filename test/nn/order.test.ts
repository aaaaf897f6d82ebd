// Members stand in the order in which they were registered, whatever their names: JavaScript objects would put names
// like '0' first. The expected orders are those of the same modules in PyTorch 2.13.
import { expect, test } from 'vitest'
import { ArgumentError, nn, ones, optim, type Tensor, tensor } from '../../src/index.ts'

class Neg extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.neg()
  }
}

class Plus extends nn.Module {
  readonly #summand: number
  constructor(summand: number) {
    super()
    this.#summand = summand
  }
  forward(x: Tensor): Tensor {
    return x.add(this.#summand)
  }
}

class Net extends nn.Module {
  first = new nn.Linear(1, 1)
  declare last: nn.Linear

  constructor() {
    super()
    this.registerModule('1', new nn.Linear(1, 2))
    this.registerParameter('0', new nn.Parameter(ones(3)))
    this.last = new nn.Linear(1, 4)
    this.registerBuffer('2', ones(5))
    this.registerParameter('scale', new nn.Parameter(ones(6)))
  }

  forward(x: Tensor): Tensor {
    return x
  }
}

const names = (pairs: [string, unknown][]) => pairs.map(([name]) => name)

test('what is appended to named modules runs after them', () => {
  // nn.Sequential(OrderedDict(neg=Neg())).append(nn.ReLU())(tensor([-1., 2.]))
  const model = new nn.Sequential({ neg: new Neg() }).append(new nn.ReLU())
  expect(names(model.namedChildren())).toEqual(['neg', '1'])
  expect(model(tensor([-1, 2])).toArray()).toEqual([1, 0])
  expect([...model].map(module => module.constructor.name)).toEqual(['Neg', 'ReLU'])
  expect(String(model)).toBe('Sequential(\n  (neg): Neg()\n  (1): ReLU()\n)')
})

test('a Map keeps its order, also of integers', () => {
  const model = new nn.Sequential(
    new Map<string, nn.Module>([
      ['fc', new Plus(1)],
      ['1', new Neg()],
      ['0', new Plus(10)],
    ]),
  )
  expect(names(model.namedChildren())).toEqual(['fc', '1', '0'])
  expect(model(tensor([2])).toArray()).toEqual([7])
  expect(names(model.append(new nn.ReLU()).namedChildren())).toEqual(['fc', '1', '0', '3'])
})

test('an object with integer keys is refused, because it has lost its order', () => {
  expect(() => new nn.Sequential({ fc: new Neg(), 1: new Neg(), 0: new Neg() })).toThrow(
    new ArgumentError(
      "Sequential: the keys '0', '1' come first in a JavaScript object wherever they were written; " +
        "pass the modules one by one, or new Map([['0', module], …])",
    ),
  )
  expect(() => new nn.Sequential(Object.assign(Object.create(null), { '7': new Neg() }))).toThrow(ArgumentError)
  // No array index, so an object keeps its place.
  const model = new nn.Sequential({
    b: new Neg(),
    '01': new Neg(),
    '-1': new Neg(),
    '4294967295': new Neg(),
    a: new Neg(),
  })
  expect(names(model.namedChildren())).toEqual(['b', '01', '-1', '4294967295', 'a'])
})

test('every walk over members has one order', () => {
  const net = new Net()
  expect(names(net.namedParameters())).toEqual([
    '0',
    'scale',
    'first.weight',
    'first.bias',
    '1.weight',
    '1.bias',
    'last.weight',
    'last.bias',
  ])
  expect(names(net.namedBuffers())).toEqual(['2'])
  expect(names(net.namedModules())).toEqual(['', 'first', '1', 'last'])
  expect(net.parameters().map(p => p.numel())).toEqual([3, 6, 1, 1, 2, 2, 4, 4])
  const visited: unknown[] = []
  net.apply(module => void visited.push(module))
  expect(visited).toEqual([...net.children(), net])
  expect(new optim.SGD(net.parameters()).paramGroups[0]!.params).toEqual(net.parameters())
})

test('a member keeps its place when it is replaced, and loses it when it is deleted', () => {
  const model = new nn.Sequential({ a: new Plus(1) }).append(new Neg()).append(new Plus(5))
  model.registerModule('1', new nn.ReLU())
  expect(names(model.namedChildren())).toEqual(['a', '1', '2'])
  Reflect.deleteProperty(model, '1')
  expect(names(model.namedChildren())).toEqual(['a', '2'])
  model.registerModule('1', new Neg())
  expect(names(model.namedChildren())).toEqual(['a', '2', '1'])
})

test('a list that has lost a member may get others of any name', () => {
  const model = new nn.Sequential(new Plus(1), new Plus(2))
  Reflect.deleteProperty(model, '0')
  model.registerModule('a', new Neg())
  model.registerModule('2', new Neg())
  expect(names(model.namedChildren())).toEqual(['1', 'a', '2'])
  model.registerModule('0', new Neg())
  expect(names(model.namedChildren())).toEqual(['1', 'a', '2', '0'])
})

test('what is appended replaces nothing', () => {
  // PyTorch's append names by length as well, and loses the module that has the name.
  const model = new nn.Sequential(new Map([['1', new Neg()]])).append(new Plus(1))
  expect(names(model.namedChildren())).toEqual(['1', '2'])
  const list = new nn.ModuleList<nn.Module>([new Plus(1), new Plus(2)])
  Reflect.deleteProperty(list, '0')
  list.append(new Neg())
  expect(names(list.namedChildren())).toEqual(['1', '2'])
})

test('names are texts', () => {
  const numbered = new Map([[1, new Neg()]]) as never
  expect(() => new nn.Sequential(numbered)).toThrow(
    new ArgumentError('Sequential.registerModule: expected a name in quotes, got a number'),
  )
})

test('an integer field that was not registered is refused, because its place is not known', () => {
  class Stack extends nn.Module {
    fc = new nn.Linear(1, 1)
    0 = new nn.Linear(1, 1)
    forward(x: Tensor): Tensor {
      return x
    }
  }
  const text =
    "Stack: the place of field '0' among the others is not known, since JavaScript puts integers first; " +
    "write this.registerModule('0', …)"
  expect(() => new Stack().parameters()).toThrow(new ArgumentError(text))
  expect(() => new Stack().stateDict()).toThrow(new ArgumentError(text))
})

test('state dicts have the order of registration, and load by name', () => {
  const keys = ['0', 'scale', '2', 'first.weight', 'first.bias', '1.weight', '1.bias', 'last.weight', 'last.bias']
  expect(Object.keys(new nn.Sequential({ net: new Net() }).stateDict())).toEqual(keys.map(key => `net.${key}`))
  const state = new Net().stateDict() // an object, so here '0' and '2' come first
  expect(Object.keys(state).sort()).toEqual([...keys].sort())
  expect(new Net().loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] })
  expect(new Net().loadStateDict({}, { strict: false }).missingKeys).toEqual(keys)
})
