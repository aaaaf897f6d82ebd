// Early stopping: when it stops, which weights it keeps, and that it goes on where it was.
import { expect, test } from 'vitest'
import { ArgumentError, EarlyStopping, nn, noGrad, tensor, tidy } from '../../src/index.ts'

/** The number of the step at which it stops, from 1. */
function stopsAt(stopping: EarlyStopping, values: number[]): number {
  return values.findIndex(value => stopping.step(value)) + 1
}

test('it stops after as many steps without progress as it has patience', () => {
  expect(stopsAt(new EarlyStopping({ patience: 2 }), [3, 2, 2.5, 1, 1, 1.5, 0])).toBe(6)
  expect(stopsAt(new EarlyStopping(1), [3, 2, 2])).toBe(3)
  expect(stopsAt(new EarlyStopping(), [1, 1, 1, 1])).toBe(4)
  expect(stopsAt(new EarlyStopping({ patience: 2, mode: 'max' }), [1, 2, 3, 3, 2])).toBe(5)
})

test('progress is what is better by more than minDelta', () => {
  expect(stopsAt(new EarlyStopping({ patience: 2, minDelta: 0.5 }), [3, 2.5, 2.4, 2.2, 1.9])).toBe(5)
  expect(stopsAt(new EarlyStopping({ patience: 2, minDelta: 0.5, mode: 'max' }), [1, 1.5, 1.4])).toBe(3)
})

test('NaN is no progress', () => {
  const stopping = new EarlyStopping({ patience: 2 })
  expect(stopsAt(stopping, [Number.NaN, 1, Number.NaN, Number.NaN])).toBe(4)
  expect(stopping.best).toBe(1)
})

test('the weights of the best value are kept, also out of tidy', () => {
  const model = new nn.Linear(1, 1)
  const stopping = new EarlyStopping({ patience: 3, model })
  const set = (value: number) => noGrad(() => model.weight.fill_(value))
  for (const value of [5, 4, 2, 3]) {
    tidy(() => {
      set(value)
      stopping.step(tensor(value))
    })
  }
  expect(stopping.bestState.weight!.item()).toBe(2)
  stopping.restoreBest()
  expect(model.weight.item()).toBe(2)
  set(7)
  const other = new EarlyStopping({ patience: 3, model })
  other.loadStateDict(stopping.stateDict())
  expect([other.best, other.numBadEpochs]).toEqual([2, 1])
  expect([other.step(3), other.step(2)]).toEqual([false, true])
  other.restoreBest()
  expect(model.weight.item()).toBe(2)
})

test('a state before the first step is that of a new one', () => {
  const stopping = new EarlyStopping(1)
  stopping.step(1)
  stopping.loadStateDict(new EarlyStopping().stateDict())
  expect(stopping.stateDict()).toEqual({ best: null, num_bad_epochs: 0, best_state: null })
})

const wrong: [call: () => unknown, text: string][] = [
  [() => new EarlyStopping(0), 'EarlyStopping: patience: expected a positive integer, got 0'],
  [() => new EarlyStopping({ mode: 'low' as never }), "EarlyStopping: mode must be 'min' or 'max', got 'low'"],
  [() => new EarlyStopping({ minDelta: '1' as never }), 'EarlyStopping: minDelta: expected a number, got a string'],
  [() => new EarlyStopping({ delta: 1 } as never), "EarlyStopping: unknown option 'delta'; "],
  [() => new EarlyStopping().step('1' as never), 'step: value: expected a number, got a string'],
  [() => new EarlyStopping().restoreBest(), 'EarlyStopping: it has no model; give it { model }'],
  [
    () => new EarlyStopping({ model: new nn.Linear(1, 1) }).bestState,
    'EarlyStopping: no weights have been kept; give it { model }, and call step()',
  ],
  [
    () => new EarlyStopping().loadStateDict({} as never),
    'loadStateDict: expected the state dict of an EarlyStopping, got an object',
  ],
]

test('wrong calls are refused', () => {
  for (const [call, text] of wrong) {
    expect(call, text).toThrow(text)
    expect(call, text).toThrow(ArgumentError)
  }
})
