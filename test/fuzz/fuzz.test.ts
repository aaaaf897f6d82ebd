// A part of the fuzz: every function of the package is called about three times, in the way of `npm run fuzz`.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('3,000 calls return, or throw what names the op', () => {
  const script = fileURLToPath(new URL('fuzz.ts', import.meta.url))
  const args = ['--import', 'tsx', script, '--calls', '3000', '--seed', '1']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' })
})
