// Parameter groups, state dicts and text of optimizers.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ArgumentError, nn, ones, optim, type Tensor, tensor } from '../../src/index.ts'

const leaf = (n: number) => ones(n, { requiresGrad: true })

function trained() {
  const [w, v] = [leaf(2), leaf(1)]
  const optimizer = new optim.SGD([{ params: [w] }, { params: [v], lr: 0.5 }], { lr: 0.1, momentum: 0.9 })
  w.sum().add(v.sum()).backward()
  optimizer.step()
  return optimizer
}

test('groups have options of their own, which may be changed', () => {
  const optimizer = trained()
  expect(optimizer.paramGroups.map(group => [group.lr, group.momentum])).toEqual([
    [0.1, 0.9],
    [0.5, 0.9],
  ])
  for (const group of optimizer.paramGroups) group.lr *= 2
  expect(optimizer.stateDict().param_groups.map(group => group.lr)).toEqual([0.2, 1])
  optimizer.addParamGroup({ params: leaf(3), momentum: 0 })
  expect(optimizer.paramGroups[2]!.params).toHaveLength(1)
})

test('state dicts have PyTorch’s keys', () => {
  const { state, param_groups } = trained().stateDict()
  expect([state[0]!.momentum_buffer, state[1]!.momentum_buffer].map(String)).toEqual([
    'tensor([1., 1.])',
    'tensor([1.])',
  ])
  const common = { momentum: 0.9, dampening: 0, weight_decay: 0, nesterov: false, maximize: false }
  expect(param_groups).toEqual([
    { lr: 0.1, ...common, params: [0] },
    { lr: 0.5, ...common, params: [1] },
  ])
})

/** SGD whose learning rate is divided by the number of a parameter's step. */
class Slowing extends optim.Optimizer<{ lr: number }> {
  protected override stepGroup(group: optim.ParamGroup<{ lr: number }>): void {
    const batches = this.withGradients(group, param => this.countStep(param))
    for (const [step, params] of batches) {
      this.update('sgd', params, { momentumBuffer: 1 }, [group.lr / step, 0.5, 0, 0, 0, 0])
    }
  }
}

test('an optimizer of one’s own counts the steps of each parameter, and says with what its state starts', () => {
  const [w, v] = [leaf(1), leaf(1)]
  const optimizer = new Slowing([w, v], { lr: 1 })
  const step = (...used: Tensor[]) => {
    optimizer.zeroGrad()
    for (const param of used) param.sum().backward()
    optimizer.step()
    return [w.item(), v.item()]
  }
  expect(step(w)).toEqual([-0.5, 1]) // momentum 0.5 + 1
  expect(step(w, v)).toEqual([-1.375, -0.5]) // half of 0.75 + 1, and the first step of v
  const saved = optimizer.stateDict()
  expect([saved.state[0]!.step, saved.state[1]!.step]).toEqual([2, 1])
  saved.state[0]!.step = tensor(3) // as PyTorch saves it
  optimizer.loadStateDict(saved)
  expect(step(w)[0]).toBe(-1.375 - 1.875 / 4)
})

test('an update that does not exist, or with other states or numbers than it takes, is refused', () => {
  class Wrong extends optim.Optimizer {
    constructor(
      readonly name: string,
      readonly states: Record<string, number>,
      readonly scalars: number[],
    ) {
      super([leaf(1)], {})
    }
    protected override stepGroup({ params }: optim.ParamGroup<object>): void {
      this.update(this.name as 'sgd', params, this.states, this.scalars)
    }
  }
  expect(() => new Wrong('adammax', {}, []).step()).toThrow(
    /^optimStep: kind: expected 'sgd', 'adam', .*, got 'adammax'$/,
  )
  expect(() => new Wrong('sgd', { a: 0, b: 0 }, []).step()).toThrow('sgd: expected 0 to 1 states, got 2')
  expect(() => new Wrong('sgd', { a: 0 }, [1]).step()).toThrow('sgd: expected 6 numbers, got 1')
})

test('state dicts of other groups are refused', () => {
  const saved = trained().stateDict()
  for (const wrong of [new Map(), { param_groups: [] }, undefined]) {
    expect(() => new optim.SGD([leaf(1)]).loadStateDict(wrong as never)).toThrow(
      /^loadStateDict: expected an optimizer's state dict, got /,
    )
  }
  expect(() => new optim.SGD([leaf(1)]).loadStateDict(saved)).toThrow(
    'loaded state dict has a different number of parameter groups',
  )
  const other = new optim.SGD([{ params: [leaf(1), leaf(2)] }, { params: [leaf(1)] }])
  expect(() => other.loadStateDict(saved)).toThrow(
    "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
  )
})

test('parameters that cannot be optimized are refused', () => {
  const w = leaf(1)
  expect(() => new optim.SGD([])).toThrow(new ArgumentError('optimizer got an empty parameter list'))
  expect(() => new optim.SGD([w.mul(2)])).toThrow("can't optimize a non-leaf Tensor")
  expect(() => new optim.SGD([{ params: [w] }, { params: [w] }])).toThrow(
    'some parameters appear in more than one parameter group',
  )
  expect(() => new optim.SGD([w, 3 as never])).toThrow(
    'optimizer can only optimize Tensors, but one of the params is a number',
  )
  expect(() => new optim.SGD([w, w])).toThrow(new ArgumentError('some parameters appear more than once in a group'))
  for (const [params, kind] of [
    [w, 'a Tensor'],
    [new nn.Linear(1, 1), 'a Linear'],
    [undefined, 'undefined'],
  ]) {
    expect(() => new optim.SGD(params as never)).toThrow(
      new ArgumentError(`SGD: expected an iterable of parameters or groups, got ${kind}`),
    )
  }
  expect(() => new optim.SGD([{} as never])).toThrow(
    new ArgumentError('addParamGroup: expected an iterable of parameters, got undefined'),
  )
  expect(() => new optim.SGD([3 as never])).toThrow(
    new ArgumentError('optimizer can only optimize Tensors, but one of the params is a number'),
  )
})

test('zeroGrad drops gradients or fills them with zeros', () => {
  const w = leaf(2)
  const optimizer = new optim.SGD([w])
  w.sum().backward()
  optimizer.zeroGrad({ setToNone: false })
  expect(w.grad!.toArray()).toEqual([0, 0])
  optimizer.zeroGrad()
  expect(w.grad).toBeNull()
})

test('an optimizer prints as in PyTorch, without the options that do not exist here', () => {
  expect(inspect(trained())).toBe(`SGD (
Parameter Group 0
    dampening: 0
    lr: 0.1
    maximize: False
    momentum: 0.9
    nesterov: False
    weight_decay: 0

Parameter Group 1
    dampening: 0
    lr: 0.5
    maximize: False
    momentum: 0.9
    nesterov: False
    weight_decay: 0
)`)
})

test('parameters may have names, all of them or none', () => {
  const model = new nn.Linear(2, 1)
  const optimizer = new optim.SGD(model.namedParameters(), { lr: 0.5 })
  expect(optimizer.paramGroups[0]!.params).toEqual(model.parameters())
  expect(optimizer.stateDict().param_groups[0]).toMatchObject({ param_names: ['weight', 'bias'], params: [0, 1] })
  expect(() => new optim.SGD([['w', leaf(1)], leaf(1)] as never)).toThrow(
    new ArgumentError('all optimizer params should be with/without names. Some param names are missing'),
  )
  expect(() => optimizer.addParamGroup({ params: leaf(1) })).toThrow(
    new ArgumentError(
      'all optimizer param groups should be with/without names. cannot add param group without names to the optimizer',
    ),
  )
  expect(() => new optim.SGD([{ params: [leaf(1)] }, { params: [['w', leaf(1)]] }])).toThrow(
    'cannot add param group with names to the optimizer',
  )
})

test('hooks run before and after steps, saving and loading, until they are removed', () => {
  const optimizer = trained()
  const ran: string[] = []
  const say = (text: string) => () => void ran.push(text)
  const handles = [
    optimizer.registerStepPreHook((its, args) => {
      expect([its, args]).toEqual([optimizer, []])
      ran.push('before')
      return [() => 5]
    }),
    optimizer.registerStepPostHook((its, args) => void ran.push(`after with ${its === optimizer} ${args[0]!()}`)),
    optimizer.registerStateDictPreHook(say('saves')),
    optimizer.registerStateDictPreHook(say('saves first'), { prepend: true }),
    optimizer.registerStateDictPostHook((_, state) => ({ ...state, param_groups: [state.param_groups[0]!] })),
    optimizer.registerLoadStateDictPreHook((_, { state, param_groups }) => ({
      state,
      param_groups: [...param_groups, { ...param_groups[0]!, params: [1] }],
    })),
    optimizer.registerLoadStateDictPostHook(say('loaded')),
  ]
  expect(optimizer.step()).toBe(5)
  const saved = optimizer.stateDict()
  expect(saved.param_groups).toHaveLength(1)
  optimizer.loadStateDict(saved)
  const all = ['before', 'after with true 5', 'saves first', 'saves', 'loaded']
  expect(ran).toEqual(all)
  for (const handle of handles) handle.remove()
  expect(optimizer.step()).toBeUndefined()
  optimizer.loadStateDict(optimizer.stateDict())
  expect(ran).toEqual(all)
  expect(() => optimizer.registerStepPreHook(1 as never)).toThrow(
    new ArgumentError('registerStepPreHook: expected a function, got a number'),
  )
  optimizer.registerStepPreHook(() => 1 as never)
  expect(() => optimizer.step()).toThrow('a hook before a step: expected no value, or arguments, got a number')
})
