// Compares what a program of examples/ prints with what its twin in Python printed (scripts/golden/examples): the same
// words, and the same numbers but for rounding. Where lines are broken does not matter: Node breaks long objects. And
// looks at the pictures that a program has drawn: those that examples/README.md shows beside it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { expect } from 'vitest'
import { Image } from '../../src/vision/index.ts'
import { root, runDtrain } from '../support/run-dtrain.ts'

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
export function run(...args: string[]): Promise<string> {
  return inFolder(folder => start({ OUTPUTS: folder, PICTURES: 'none' }, args))
}

/** A program of examples/ and its options. */
export type Program = readonly [name: string, ...options: string[]]

/** What each of several programs prints, which run one after the other in one job. */
export async function runAll(ranks: number, programs: readonly Program[]): Promise<string[]> {
  return inFolder(folder => startAll({ OUTPUTS: folder, PICTURES: 'none' }, ranks, programs))
}

/** The same, with a look at the pictures of these programs, but for `missing`. */
export async function drawAll(programs: readonly Program[], missing: readonly string[] = []): Promise<string[]> {
  return inFolder(async folder => {
    const printed = await startAll({ OUTPUTS: folder }, 1, programs)
    const pictures = readdirSync(folder).filter(name => /\.(svg|png)$/.test(name))
    expect([...pictures, ...missing].sort()).toEqual(programs.flatMap(([name]) => picturesOf(`${name}.ts`)).sort())
    for (const name of pictures) {
      const bytes = readFileSync(join(folder, name))
      const { width, height } = name.endsWith('.svg') ? new Resvg(bytes) : Image.open(join(folder, name))
      expect(Math.min(width, height), name).toBeGreaterThan(60)
      expect(bytes.length).toBeLessThanOrEqual(100_000)
    }
    return printed
  })
}

async function startAll(env: NodeJS.ProcessEnv, ranks: number, programs: readonly Program[]): Promise<string[]> {
  const args = ['--nproc', String(ranks), 'test/examples/fixtures/programs.ts', JSON.stringify(programs)]
  const [, ...parts] = (await start(env, args)).split(/^program \S+\n/m)
  expect(parts.length).toBe(programs.length)
  return parts
}

/** The names of the pictures in a program's line of examples/README.md. */
function picturesOf(program: string): string[] {
  const list = readFileSync(join(root, 'examples/README.md'), 'utf8').split('\n')
  const line = list.find(line => line.startsWith(`| [${program}](`))
  return [...line!.matchAll(/<img src="\.\.\/docs\/pictures\/([^"]+)"/g)].map(([, name]) => name!)
}

async function inFolder<T>(what: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-outputs-'))
  return what(folder).finally(() => rmSync(folder, { recursive: true }))
}

async function start(env: NodeJS.ProcessEnv, args: string[]): Promise<string> {
  const { code, stdout, stderr, leftovers } = await runDtrain(args, { limitMs: 110_000, env })
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
