// Loading state dicts. The expected messages were printed by PyTorch 2.13 for the same modules and dicts.
import { expect, test } from 'vitest'
import { ArgumentError, nn, ones, type Tensor, zeros } from '../../src/index.ts'

class Shared extends nn.Module {
  scale = new nn.Parameter(ones(1))
  a = new nn.Linear(2, 2)
  b = this.a

  constructor() {
    super()
    this.registerBuffer('steps', zeros([]))
  }

  forward(x: Tensor): Tensor {
    return this.a(x)
  }
}

test('a state dict shares its tensors and loads into another module', () => {
  const from = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1))
  const to = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1))
  const state = from.stateDict()
  expect(Object.keys(state)).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
  expect(state['0.weight']!.requiresGrad).toBe(false)
  expect(to.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] })
  const x = ones(1, 2)
  expect(to(x).toArray()).toEqual(from(x).toArray())
  state['0.bias']!.fill_(7)
  expect(from.parameters()[1]!.toArray()).toEqual([7, 7, 7])
  expect(to.parameters()[1]!.toArray()).not.toEqual([7, 7, 7])
  expect(to.parameters()[1]!.requiresGrad).toBe(true)
})

test('everything that does not fit is reported at once', () => {
  const state = { 'a.weight': zeros(3, 2), 'a.bias': zeros(2), x: ones(1), 'b.weight': zeros(2, 2) }
  expect(() => new Shared().loadStateDict(state)).toThrow(
    new ArgumentError(
      'Error(s) in loading state_dict for Shared:\n\t' +
        'Missing key(s) in state_dict: "scale", "steps", "b.bias". \n\t' +
        'Unexpected key(s) in state_dict: "x". \n\t' +
        'size mismatch for a.weight: copying a param with shape torch.Size([3, 2]) from checkpoint, ' +
        'the shape in current model is torch.Size([2, 2]).',
    ),
  )
  expect(() => new nn.Linear(2, 2).loadStateDict({})).toThrow(
    'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "weight", "bias". ',
  )
})

test('without strict, keys that differ are only returned', () => {
  const layer = new nn.Linear(2, 2)
  expect(layer.loadStateDict({ bias: ones(2), extra: ones(1) }, { strict: false })).toEqual({
    missingKeys: ['weight'],
    unexpectedKeys: ['extra'],
  })
  expect(layer.bias!.toArray()).toEqual([1, 1])
})

test('only an object is a state dict', () => {
  const not = (value: unknown) => value as never
  const layer = new nn.Linear(2, 2)
  const load = (state: unknown) => () => layer.loadStateDict(not(state), { strict: false })
  expect(load(new Map([['bias', ones(2)]]))).toThrow(
    new ArgumentError('loadStateDict: expected a state dict, got a Map'),
  )
  expect(load([ones(2)])).toThrow(new ArgumentError('loadStateDict: expected a state dict, got an array'))
  expect(load(layer)).toThrow(new ArgumentError('loadStateDict: expected a state dict, got a Linear'))
  const bare = Object.assign(Object.create(null), { bias: ones(2) })
  expect(layer.loadStateDict(bare, { strict: false }).missingKeys).toEqual(['weight'])
})
