// What benchmarks measure with: the order of sides, medians and quartiles, tables, and a twin in another process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { alternate, measured, ratioOf, spreadOf, Twin, within } from '../../src/bench/measure.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-measure-'))
afterAll(() => rmSync(home, { recursive: true }))

// By numpy.quantile([4, 1, 3, 2], [0.25, 0.5, 0.75]).
test('median and quartiles', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 })
  expect(spreadOf([7])).toEqual({ low: 7, median: 7, high: 7 })
  expect(within({ low: 1.75, median: 2.5, high: 3.25 })).toBe('± 30 %')
  expect(ratioOf([1, 2, 4], [2, 6, 16])).toEqual({ low: 2.5, median: 3, high: 3.5 })
})

test('sides take turns, and make as many calls as a round has time for', async () => {
  const made: string[] = []
  const side = (name: string, us: number) => (calls: number) => {
    made.push(`${name}${calls}`)
    return us
  }
  const times = await alternate([side('a', 500), side('b', 2000)], { rounds: 3, ms: 4 })
  expect(times).toEqual([
    [500, 500, 500],
    [2000, 2000, 2000],
  ])
  expect(made.join(' ')).toBe('a1 a1 b1 b1 a8 b2 b2 a8 a8 b2')
})

// Python is not asked for: the twin's protocol is the same in any language.
const twin = join(home, 'twin.js')
writeFileSync(
  twin,
  `console.log('PyTorch 9')
require('readline').createInterface({ input: process.stdin })
  .on('line', line => line === '2 slow row' ? process.exit() : console.log(line.includes('row') ? 8 : 'what?'))`,
)

test('a table beside a twin', async () => {
  const other = await Twin.start(process.execPath, twin)
  const rows = [{ cells: ['row', 1], make: () => () => {}, work: 10 }]
  const table = { heads: ['what', 'size'], rows, rate: { head: 'per µs', unit: 1 } }
  const [machine, head, line, ...rest] = (await measured(table, other, { rounds: 3, calls: 5 })).split('\n')
  expect(machine).toMatch(/, \d+ cores?, Node [\d.]+, PyTorch 9, load [\d.]+$/)
  expect(head!.split(/ {2,}/)).toEqual([
    'what',
    'size',
    'µs',
    'spread',
    'per µs',
    'PyTorch',
    'spread',
    'ratio',
    'spread',
  ])
  expect(line).toMatch(/^row +1 .* 8\.00 +± 0 % +[\d.]+ +± \d+ %$/)
  expect(rest).toEqual([])
  await expect(other.side('nothing')(1)).rejects.toThrow("the twin in Python has no time of 'nothing': what?")
  await expect(other.side('slow row')(2)).rejects.toThrow("the twin in Python has no time of 'slow row': it has ended")
  other.end()
})

test('a twin that cannot be', async () => {
  await expect(Twin.start('/no/python', twin)).rejects.toThrow("--python '/no/python': spawn /no/python ENOENT")
  const silent = join(home, 'silent.js')
  writeFileSync(silent, 'console.error("cause\\nModuleNotFoundError: No module named \'torch\'")')
  const failed = Twin.start(process.execPath, silent)
  await expect(failed).rejects.toThrow(`--python '${process.execPath}': ModuleNotFoundError: No module named 'torch'`)
})
