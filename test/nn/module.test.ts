// How modules register, find and name what they are made of, and what calling one does.
import { expect, test } from 'vitest'
import { nn, ones, type Tensor, tensor, tidy, zeros } from '../../src/index.ts'

class Twice extends nn.Module {
  a = new nn.Linear(2, 2)
  scale = new nn.Parameter(ones(1))
  b = this.a // the same module under two names
  note = ones(3) // a plain tensor is not registered

  constructor() {
    super()
    this.registerBuffer('steps', zeros([]))
    this.registerBuffer('tmp', zeros(1), { persistent: false })
  }

  forward(x: Tensor): Tensor {
    return this.b(this.a(x)).mul(this.scale)
  }
}

const names = (pairs: [string, unknown][]) => pairs.map(([name]) => name)

test('members are found in PyTorch’s order, shared ones once, and state dicts keep every name', () => {
  // The same class in PyTorch 2.13: named_parameters, named_buffers, named_modules, named_children, list(state_dict())
  const model = new Twice()
  expect(names(model.namedParameters())).toEqual(['scale', 'a.weight', 'a.bias'])
  expect(names(model.namedParameters({ recurse: false }))).toEqual(['scale'])
  expect(names(model.namedBuffers())).toEqual(['steps', 'tmp'])
  expect(names(model.namedModules())).toEqual(['', 'a'])
  expect(names(model.namedChildren())).toEqual(['a'])
  expect(Object.keys(model.stateDict())).toEqual(['scale', 'steps', 'a.weight', 'a.bias', 'b.weight', 'b.bias'])
  expect(model.parameters()).toHaveLength(3)
  expect(model.buffers()).toHaveLength(2)
})

test('a module is a function, an instance of its class, and its fields may be called name and length', () => {
  class Named extends nn.Module<[x: Tensor, factor: number]> {
    override name = 'mine'
    override length = 3
    forward(x: Tensor, factor: number): Tensor {
      return x.mul(factor)
    }
  }
  const module = new Named()
  expect(module(tensor([1, 2]), 3).toArray()).toEqual([3, 6])
  expect(module.forward(tensor([1, 2]), 3).toArray()).toEqual([3, 6])
  expect(module).toBeInstanceOf(nn.Module)
  expect([typeof module, module.name, module.length]).toEqual(['function', 'mine', 3])
  expect('call' in module || 'bind' in module).toBe(false)
})

test('parameters may be replaced, and removed by null', () => {
  const layer = new nn.Linear(2, 2)
  layer.weight = new nn.Parameter(ones(2, 2))
  layer.bias = null
  expect(layer(tensor([[1, 2]])).toArray()).toEqual([[3, 3]])
  expect(Object.keys(layer.stateDict())).toEqual(['weight'])
})

test('registering by name refuses methods and dots', () => {
  const model = new Twice()
  expect(() => model.registerBuffer('forward', null)).toThrow("attribute 'forward' already exists")
  expect(() => model.registerParameter('a.b', null)).toThrow('parameter name can\'t be empty or contain "."')
  model.registerModule('head', new nn.Identity())
  expect(names(model.namedChildren())).toEqual(['a', 'head'])
})

test('hooks see and replace arguments and outputs until they are removed', () => {
  const module = new nn.Identity()
  const before = module.registerForwardPreHook((_, [x]) => [x.add(1)])
  const after = module.registerForwardHook((_, [x], output) => output.mul(10).add(x))
  expect(module(tensor(1)).item()).toBe(22)
  before.remove()
  expect(module(tensor(1)).item()).toBe(11)
  after.remove()
  expect(module(tensor(1)).item()).toBe(1)
})

test('train, eval, apply and requiresGrad_ reach every module', () => {
  const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.ReLU()))
  model.eval()
  expect(model.modules().map(module => module.training)).toEqual([false, false, false, false])
  model.train()
  const visited: string[] = []
  model.apply(module => void visited.push(module.constructor.name))
  expect(visited).toEqual(['Linear', 'ReLU', 'Sequential', 'Sequential'])
  expect(model.modules().every(module => module.training)).toBe(true)
  expect(
    model
      .requiresGrad_(false)
      .parameters()
      .map(p => p.requiresGrad),
  ).toEqual([false, false])
})

test('zeroGrad drops gradients or fills them with zeros', () => {
  const layer = new nn.Linear(1, 1)
  layer(ones(1, 1)).backward()
  layer.zeroGrad({ setToNone: false })
  expect(layer.weight.grad!.toArray()).toEqual([[0]])
  layer.zeroGrad()
  expect(layer.weight.grad).toBeNull()
})

test('to casts parameters in place and keeps them learnable', () => {
  const layer = new nn.Linear(2, 1)
  const { weight } = layer
  layer.double()
  expect(layer.weight).toBe(weight)
  expect([weight.dtype, weight.requiresGrad, layer.bias!.dtype]).toEqual(['float64', true, 'float64'])
  expect(layer(ones(1, 2, { dtype: 'float64' })).dtype).toBe('float64')
  expect([layer.half(), layer.bfloat16()].map(it => it === layer)).toEqual([true, true])
  expect(weight.dtype).toBe('bfloat16')
  expect(layer(ones(1, 2).bfloat16()).dtype).toBe('bfloat16')
  expect(() => layer.to('int64')).toThrow(
    'nn.Module.to only accepts floating point dtypes, but got desired dtype=torch.int64',
  )
})

test('a sequential is indexed, iterated and extended', () => {
  const relu = new nn.ReLU()
  const model = new nn.Sequential(new nn.Linear(2, 3), relu)
  expect([model.length, model[1] === relu, [...model].length]).toEqual([2, true, 2])
  expect(model.append(new nn.Flatten()).length).toBe(3)
  expect(model(zeros(4, 2)).shape).toEqual([4, 3])
  const list = new nn.ModuleList([relu])
  expect([list.length, list[0] === relu, [...list]]).toEqual([1, true, [relu]])
})

test('a model made inside tidy keeps its parameters', () => {
  const model = tidy(() => new nn.Linear(2, 2))
  expect(model(zeros(1, 2)).shape).toEqual([1, 2])
})

test('to keeps gradients', () => {
  const model = new nn.Linear(2, 1)
  model(tensor([[1, 2]]))
    .sum()
    .backward()
  model.double()
  expect(model.weight.grad?.dtype).toBe('float64')
  expect(model.weight.grad?.toArray()).toEqual([[1, 2]])
})
