// Hooks of modules: in which order they run, what they see and what they may replace, as in PyTorch.
import { afterEach, expect, test, vi } from 'vitest'
import { autograd, nn, ones, type RemovableHandle, type Tensor, tensor } from '../../src/index.ts'

afterEach(() => vi.restoreAllMocks())

class Scale extends nn.Module<[x: Tensor, options?: { by?: number }]> {
  forward(x: Tensor, options?: { by?: number }): Tensor {
    if (x.ndim === 0) throw new Error('no dimensions')
    return x.mul(options?.by ?? 2)
  }
}

test('forward hooks run in order and replace what they return', () => {
  const seen: string[] = []
  const model = new Scale()
  const note = (name: string) => () => void seen.push(name)
  model.registerForwardPreHook(note('second'))
  model.registerForwardPreHook(note('first'), { prepend: true })
  const handle = model.registerForwardPreHook((_, [x]) => [x.add(1)])
  model.registerForwardHook((_, [x], y) => y.sub(x))
  expect([model(tensor([1])).item(), seen]).toEqual([2, ['first', 'second']])
  handle.remove()
  handle.remove()
  expect(model(tensor([1])).item()).toBe(1)
})

test('options of a call are apart with withKwargs', () => {
  const model = new Scale()
  model.registerForwardPreHook((_, args, kwargs) => [args, { by: ((kwargs.by as number) ?? 1) * 3 }], {
    withKwargs: true,
  })
  const seen: unknown[] = []
  model.registerForwardHook((_, args, kwargs, y) => void seen.push(args.length, kwargs, y.item()), { withKwargs: true })
  model(tensor([1]), { by: 5 })
  expect(seen).toEqual([1, { by: 15 }, 15])
  expect(model(tensor([1])).item()).toBe(3)
})

test('alwaysCall: also when forward throws, and then what they throw is a warning', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const model = new Scale()
  const seen: string[] = []
  model.registerForwardHook(() => void seen.push('no'))
  model.registerForwardHook(() => void seen.push('yes'), { alwaysCall: true })
  const fail = () => {
    throw new Error('second')
  }
  model.registerForwardHook(fail, { alwaysCall: true })
  expect(() => model(tensor(1))).toThrow('no dimensions')
  expect([seen, warn.mock.calls.length]).toEqual([['yes'], 1])
})

test('backward hooks see gradients of outputs and inputs, and replace them', () => {
  const model = new Scale()
  const seen: unknown[] = []
  model.registerFullBackwardPreHook((_, [dy]) => [dy!.mul(10)])
  model.registerFullBackwardHook((module, [dx, none], [dy]) => {
    seen.push(module === model, dx!.item(), none, dy!.item())
    return [dx!.add(1), null]
  })
  const x = tensor([3]).requiresGrad_()
  model(x, { by: 4 }).backward()
  expect([seen, x.grad!.item()]).toEqual([[true, 40, null, 10], 41])
  model.registerFullBackwardHook((() => []) as never)
  expect(() => model(x, {}).backward()).toThrow(
    'Backward hook returned an invalid number of grad_input, got 0, but expected 2',
  )
})

test('backward hooks of a module whose inputs need no gradient', () => {
  const model = new nn.Linear(2, 1)
  const seen: unknown[] = []
  const handle = model.registerFullBackwardHook((_, dx, dy) => void seen.push(dx, dy[0]!.tolist()), { prepend: true })
  model(ones(1, 2)).sum().backward()
  expect(seen).toEqual([[null], [[1]]])
  handle.remove()
  model(ones(1, 2)).sum().backward()
  expect(seen).toHaveLength(2)
})

test('gradients through backward hooks have gradients', () => {
  const model = new Scale()
  model.registerFullBackwardHook(() => {})
  const x = tensor([3]).requiresGrad_()
  const [first] = autograd.grad(model(x).pow(2), [x], { createGraph: true })
  expect([first!.item(), autograd.grad(first!, [x])[0]!.item()]).toEqual([24, 8])
})

test('hooks of all modules run before those of one', () => {
  const seen: string[] = []
  const { module } = nn.modules
  const model = new nn.Sequential(new nn.Linear(1, 1))
  model.registerForwardPreHook(() => void seen.push('own'))
  const name = (one: nn.AnyModule) => one.constructor.name
  const handles: RemovableHandle[] = [
    module.registerModuleForwardPreHook(one => void seen.push(`before ${name(one)}`)),
    module.registerModuleForwardHook(one => void seen.push(`after ${name(one)}`)),
    module.registerModuleFullBackwardPreHook(one => void seen.push(`backward of ${name(one)}`)),
    module.registerModuleFullBackwardHook(one => void seen.push(`gradients of ${name(one)}`)),
  ]
  model(ones(1, 1).requiresGrad_()).sum().backward()
  for (const handle of handles) handle.remove()
  model(ones(1, 1))
  expect(seen).toEqual([
    ...['before Sequential', 'own', 'before Linear', 'after Linear', 'after Sequential'],
    ...['backward of Sequential', 'backward of Linear', 'gradients of Linear', 'gradients of Sequential', 'own'],
  ])
})

test('hooks of state dicts change what is saved and loaded', () => {
  const model = new nn.Sequential(new nn.Linear(1, 1))
  const seen: unknown[] = []
  model.at(0).registerStateDictPreHook((_, prefix, keepVars) => void seen.push(prefix, keepVars))
  model.at(0).registerStateDictPostHook((_, state, prefix) => {
    state[`${prefix}w`] = state[`${prefix}weight`]!
    delete state[`${prefix}weight`]
  })
  const state = model.stateDict({ keepVars: true })
  expect([seen, Object.keys(state)]).toEqual([
    ['0.', true],
    ['0.bias', '0.w'],
  ])
  expect(() => model.loadStateDict(state)).toThrow(
    'Error(s) in loading state_dict for Sequential:\n\tMissing key(s) in state_dict: "0.weight". ' +
      '\n\tUnexpected key(s) in state_dict: "0.w". ',
  )
  model.at(0).registerLoadStateDictPreHook((_, given, prefix) => {
    given[`${prefix}weight`] = given[`${prefix}w`]!
    delete given[`${prefix}w`]
  })
  model.registerLoadStateDictPostHook((_, keys) => void seen.push(keys.missingKeys))
  expect(model.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] })
  expect(seen.at(-1)).toEqual([])
})

test('assign takes tensors as they are', () => {
  const model = new nn.BatchNorm1d(2)
  model.weight!.requiresGrad = false
  const state = Object.fromEntries(Object.entries(new nn.BatchNorm1d(2).double().stateDict()))
  expect(model.loadStateDict(state, { assign: true }).missingKeys).toEqual([])
  expect([model.weight!.dtype, model.weight!.requiresGrad, model.running_mean === state.running_mean]).toEqual([
    ...['float64', false, true],
  ])
})

test('members by their paths', () => {
  const model = new nn.Sequential({ body: new nn.Sequential(new nn.Linear(1, 2), new nn.BatchNorm1d(2)) })
  expect(String(model.getSubmodule('body.0'))).toBe('Linear(in_features=1, out_features=2, bias=True)')
  expect(model.getSubmodule('')).toBe(model)
  expect(model.getParameter('body.0.weight').shape).toEqual([2, 1])
  expect(model.getBuffer('body.1.running_var').shape).toEqual([2])
  model.setSubmodule('body.1', new nn.ReLU())
  model.setSubmodule('head', new nn.Identity())
  expect(Object.keys(model.stateDict())).toEqual(['body.0.weight', 'body.0.bias'])
  expect(() => model.getSubmodule('body.2')).toThrow('Sequential has no attribute `2`')
  expect(() => model.getSubmodule('body.0.bias')).toThrow('`bias` is not an nn.Module')
  expect(() => model.getParameter('body.0.inFeatures')).toThrow('`inFeatures` is not an nn.Parameter')
  expect(() => model.getBuffer('body.0.bias')).toThrow('`bias` is not a buffer')
  expect(() => model.setSubmodule('', new nn.ReLU())).toThrow('Cannot set the submodule without a target name!')
  expect(() => model.setSubmodule('tail', new nn.ReLU(), true)).toThrow('Sequential has no attribute `tail`')
  expect(model.toEmpty('cpu').getParameter('body.0.weight').shape).toEqual([2, 1])
})
