// Compares what a program of examples/ prints with what its twin in Python printed (scripts/golden/examples): the same
// words, and the same numbers but for rounding. Where lines are broken does not matter: Node breaks long objects.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'

/** Any number; `tensor([1., 2.])` has some without digits behind the point. */
const number = /-?\d+\.?\d*(?:e[-+]?\d+)?/g

/** What tensors print has four digits behind the point, of which the last may be rounded otherwise. */
const lastDigit = 1.01e-4

interface Printed {
  words: string
  numbers: number[]
}

function parse(text: string): Printed {
  const words = text.replace(number, '#').replace(/\s+/g, ' ').trim()
  return { words, numbers: [...text.matchAll(number)].map(([digits]) => Number(digits)) }
}

/** What a twin printed in one of its runs. */
export function twin(name: string, run: string): string {
  const { printed } = JSON.parse(readFileSync(new URL(`../golden/examples/${name}.json`, import.meta.url), 'utf8'))
  return printed[run].join('\n')
}

/** What the program prints, on as many ranks as are named before it, and without their numbers. */
export async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr, leftovers } = await runDtrain(args, { limitMs: 110_000 })
  if (code !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`)
  expect(leftovers).toEqual({ processes: [], files: [] })
  return stdout.replaceAll(/^\[\d[\d,-]*\] /gm, '').replaceAll(/torch\.Size\(\[(.*?)\]\)/g, '[ $1 ]')
}

/** Numbers may be off by this much of their size, or by `atol`. */
export function expectPrinted(got: string, want: string, rtol: number, atol = 0): void {
  const [ours, theirs] = [parse(got), parse(want)]
  expect(ours.words).toBe(theirs.words)
  const off = theirs.numbers.flatMap((wanted, i) => {
    const number = ours.numbers[i]!
    const most = Math.max(rtol * Math.abs(wanted), atol, Number.isInteger(wanted * 1e4) ? lastDigit : 0)
    return Math.abs(number - wanted) <= most ? [] : [`number ${i}: ${number} instead of ${wanted}`]
  })
  expect(off).toEqual([])
}
