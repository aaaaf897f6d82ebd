// Containers: modules and parameters by position and by name. Printed texts are PyTorch's.
import { expect, test } from 'vitest'
import { nn, ones, randn, zeros } from '../../src/index.ts'

const names = (module: nn.AnyModule) =>
  module.namedChildren().map(([name, child]) => `${name} ${child.constructor.name}`)
const three = () => [new nn.Linear(2, 2), new nn.ReLU(), new nn.Tanh()]

test('rows of modules grow, shrink and are sliced', () => {
  const model = new nn.Sequential(...three())
  expect(names(model.insert(1, new nn.Sigmoid()))).toEqual(['0 Linear', '1 Sigmoid', '2 ReLU', '3 Tanh'])
  expect(String(model.pop(-1))).toBe('Tanh()')
  expect(names(model.extend([new nn.GELU(), new nn.Tanh()]))).toEqual([
    '0 Linear',
    '1 Sigmoid',
    '2 ReLU',
    '3 GELU',
    '4 Tanh',
  ])
  expect(names(model.slice(1, -1))).toEqual(['1 Sigmoid', '2 ReLU', '3 GELU'])
  expect([model.length, String(model.at(-2)), Object.keys(model.stateDict())]).toEqual([
    5,
    "GELU(approximate='none')",
    ['0.weight', '0.bias'],
  ])
  const list = new nn.ModuleList<nn.AnyModule>(three())
  expect(names(list.slice(1))).toEqual(['0 ReLU', '1 Tanh'])
  expect(names(list.insert(-1, new nn.GELU()).insert(4, new nn.GELU()))).toEqual([
    ...['0 Linear', '1 ReLU', '2 GELU', '3 Tanh', '4 GELU'],
  ])
  expect(() => list.at(5)).toThrow('ModuleList.at: index 5 is out of range for 5 entries')
  expect(() => list.pop(-6)).toThrow('ModuleList.pop: index -6 is out of range for 5 entries')
  expect(() => list.insert(0, ones(1) as never)).toThrow('ModuleList.insert: expected a module, got a Tensor')
})

test('names of a Sequential are kept by slices, and lost when one is taken out', () => {
  const model = new nn.Sequential({ fc: new nn.Linear(2, 2), act: new nn.ReLU(), out: new nn.Linear(2, 1) })
  expect(names(model.slice(1))).toEqual(['act ReLU', 'out Linear'])
  expect(model.slice(0, -1)(ones(3, 2)).shape).toEqual([3, 2])
  model.pop(1)
  expect(names(model)).toEqual(['0 Linear', '1 Linear'])
})

test('modules by names', () => {
  const dict = new nn.ModuleDict<nn.AnyModule>({ b: new nn.Linear(2, 3), a: new nn.ReLU() })
  expect(String(dict)).toBe(`ModuleDict(
  (b): Linear(in_features=2, out_features=3, bias=True)
  (a): ReLU()
)`)
  expect([dict.length, dict.keys(), [...dict], dict.has('a'), dict.has('c')]).toEqual([
    2,
    ['b', 'a'],
    ['b', 'a'],
    true,
    false,
  ])
  expect(Object.keys(dict.stateDict())).toEqual(['b.weight', 'b.bias'])
  expect(dict.update([['c', new nn.Tanh()]]).pop('b')).toBeInstanceOf(nn.Linear)
  expect(dict.items().map(([key, module]) => `${key} ${module}`)).toEqual(['a ReLU()', 'c Tanh()'])
  expect(() => dict.get('b')).toThrow("ModuleDict: there is no 'b'")
  expect(() => new nn.ModuleDict({ 1: new nn.ReLU() })).toThrow("pass new Map([['1', module], …])")
  expect(() => dict.set('keys', new nn.ReLU())).toThrow("attribute 'keys' already exists")
  dict.clear()
  expect([dict.length, String(dict)]).toEqual([0, 'ModuleDict()'])
})

test('parameters in a list', () => {
  const list = new nn.ParameterList<unknown>([new nn.Parameter(ones(2, 3)), ones(2), 'word'])
  expect(String(list)).toBe(`ParameterList(
    (0): Parameter containing: [torch.float32 of size 2x3]
    (1): Parameter containing: [torch.float32 of size 2]
    (2): Object of type: string
)`)
  list.append(zeros(1)).extend([zeros(1, { dtype: 'float64' })])
  expect([list.length, list.at(2), list.slice(3).length]).toEqual([5, 'word', 2])
  expect(list.namedParameters().map(([name]) => name)).toEqual(['0', '1', '3', '4'])
  expect(list.set(1, randn(7)).parameters()[1]!.shape).toEqual([7])
  expect(() => list.at(5)).toThrow('ParameterList.at: index 5 is out of range for 5 entries')
})

test('parameters by names', () => {
  const dict = new nn.ParameterDict(
    new Map([
      ['right', ones(2, 3)],
      ['left', ones(2)],
    ]),
  )
  expect(String(dict)).toBe(`ParameterDict(
    (right): Parameter containing: [torch.FloatTensor of size 2x3]
    (left): Parameter containing: [torch.FloatTensor of size 2]
)`)
  expect([dict.keys(), Object.keys(dict.stateDict())]).toEqual([
    ['right', 'left'],
    ['right', 'left'],
  ])
  expect(dict.set('left', zeros(4)).pop('right').shape).toEqual([2, 3])
  expect(dict.items().map(([key, p]) => [key, p.shape, p.requiresGrad])).toEqual([['left', [4], true]])
})
