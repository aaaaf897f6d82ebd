// Which families the long suites take: a commit's hash decides, names and --all override it.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chosen, half, without } from '../../scripts/sample.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const all = chosen(['--all'])

test('two commits of different parity run all families between them, and none twice', () => {
  const [even, odd] = [half('0000000e55'), half('ffffffff55')]
  expect([...even, ...odd].sort()).toEqual(all)
  expect(Math.abs(even.length - odd.length)).toBeLessThan(2)
})

test('names choose, and a name that is no family is refused', () => {
  expect(chosen(['conv', 'pool'])).toEqual(['conv', 'pool'])
  expect(() => chosen(['conv', 'drawing'])).toThrow(`no family 'drawing'; there are ${all.join(', ')}`)
})

test('what is left out of the native tests exists', () => {
  const names = execFileSync('grep', ['-rhoE', 'TEST\\("[^"]*"', 'native/test', 'emulation/test'], {
    cwd: root,
  }).toString()
  expect(without(all)).toEqual([])
  for (const argument of without([])) expect(names).toContain(argument.slice(1))
})
