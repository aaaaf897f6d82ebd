// Which addon is loaded, and what is said when it cannot be or when it is the emulated one: in a package of its own,
// with addons that are missing, broken, or the one of this tree under both names.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let home = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'package-'))
  cpSync(join(root, 'dist/src'), join(home, 'dist/src'), { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "name": "dtrain", "type": "module" }')
})
afterEach(() => rmSync(home, { recursive: true }))

const addon = (kind: string) => join(home, 'build', kind, 'dtrain.node')

function provide(kind: string): void {
  mkdirSync(dirname(addon(kind)), { recursive: true })
  copyFileSync(join(root, 'build/Release/dtrain.node'), addon(kind))
}

/** Loads the core and prints the message of what is thrown, or `loaded`. */
function load(env: NodeJS.ProcessEnv = {}): { stdout: string; stderr: string } {
  const script =
    "await import('./dist/src/native/load.js').then(() => console.log('loaded'), e => console.log(e.name, e.message))"
  const { DTRAIN_EMULATE, DTRAIN_JOB, ...inherited } = process.env
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: home,
    env: { ...inherited, ...env },
    encoding: 'utf8',
  })
  return { stdout: run.stdout, stderr: run.stderr.replace(/^\(node:\d+\) |^\(Use `node --trace-warnings.*\n/gm, '') }
}

const missing = 'cannot be loaded: it has not been built'

test('an addon that has not been built', () => {
  expect(load().stdout).toBe(
    `UnsupportedError dtrain: the native core ${missing}\n  ${addon('Release')}\nTo build it, type\n  scripts/setup.sh\n`,
  )
})

test('the emulated addon is never taken for the other one, nor the other way round', () => {
  provide('Release')
  expect(load()).toEqual({ stdout: 'loaded\n', stderr: '' })
  expect(load({ DTRAIN_EMULATE: '1' }).stdout).toBe(
    `UnsupportedError dtrain: the native core with emulated GPUs ${missing}\n  ${addon('Emulated')}\n` +
      'To build it, type\n  scripts/setup.sh --emulate\n',
  )
  rmSync(addon('Release'))
  provide('Emulated')
  expect(load().stdout).toContain(missing)
})

test('emulation is announced once, by the launcher if there is one', () => {
  provide('Emulated')
  expect(load({ DTRAIN_EMULATE: '1' })).toEqual({
    stdout: 'loaded\n',
    stderr: "[DTRAIN_EMULATE] Warning: GPUs are emulated on this machine's CPU: for correctness, never for speed\n",
  })
  expect(load({ DTRAIN_EMULATE: '1', DTRAIN_JOB: 'job' })).toEqual({ stdout: 'loaded\n', stderr: '' })
  expect(load({ DTRAIN_EMULATE: '' }).stdout).toContain(missing)
})

test('a file that is no addon', () => {
  mkdirSync(dirname(addon('Release')), { recursive: true })
  writeFileSync(addon('Release'), 'text')
  expect(load().stdout).toMatch(
    /^UnsupportedError dtrain: the native core cannot be loaded: .*dtrain\.node: .*\n {2}\//,
  )
})
