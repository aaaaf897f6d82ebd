// Functions, hooks, anomaly mode, checkpoint, derivatives of functions and changes in place: what five programs of each
// kind find is what PyTorch's find.
import { expect, test } from 'vitest'
import { Tensor } from '../../src/index.ts'
import { golden } from '../support/golden.ts'
import { programs } from './programs.ts'

const { entries } = golden<unknown>('autograd')

/** What JSON has of it. */
function plain(x: unknown): unknown {
  if (x instanceof Tensor) return plain(x.to(x.dtype === 'bool' ? 'float64' : x.dtype).toArray())
  return Array.isArray(x) ? x.map(plain) : x
}

/** What PyTorch says of NaN, as dtrain says it, but for where the op was called. */
const inWords = (text: string) =>
  text.replace(
    /^Function '(\w+)' returned nan values in its (\d+)th output\.$/,
    'backward: $1 returned nan values in its output $2',
  )

function compare(found: unknown, expected: unknown, digits: number): void {
  if (Array.isArray(expected)) {
    expect((found as unknown[]).length).toBe(expected.length)
    for (const [i, value] of expected.entries()) compare((found as unknown[])[i], value, digits)
  } else if (typeof expected === 'number') expect(found).toBeCloseTo(expected, digits)
  else expect(String(found).replace(/; it was called at .*$/, '')).toBe(inWords(String(expected)))
}

test('the programs are those of the file', () => {
  expect(Object.keys(programs)).toEqual(Object.keys(entries))
})

for (const [name, program] of Object.entries(programs)) {
  test(name, () => {
    compare(plain(program()), entries[name], name === 'checkpoint_random' ? 6 : 10)
  })
}
