// The first `--emulate` builds the addon with emulated GPUs in the folder that the set-up has configured: here a
// made-up one, whose build makes a file that is no addon, or fails.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root, runDtrain } from '../support/run-dtrain.ts'

mkdirSync(join(root, 'build'), { recursive: true })
const folder = mkdtempSync(join(root, 'build', 'made-up-'))
afterAll(() => rmSync(folder, { recursive: true }))

const emulate = () =>
  runDtrain(['--emulate', 'test/launcher/fixtures/tensor.ts'], { env: { DTRAIN_BUILD: relative(root, folder) } })
const provide = (command: string) =>
  writeFileSync(
    join(folder, 'build.ninja'),
    `rule addon\n  command = ${command}\nbuild Emulated/dtrain.node: addon\nbuild dtrain_emulated: phony Emulated/dtrain.node\n`,
  )
const first = 'dtrain: the first --emulate builds the native core with emulated GPUs; this takes a while\n'

test('where nothing is set up, the rank says what to type', async () => {
  const { code, stderr } = await emulate()
  expect(stderr).not.toContain(first)
  expect(stderr).toContain('scripts/setup.sh --emulate')
  expect(code).toBe(1)
})

test('a build that fails ends the launcher', async () => {
  provide('false')
  const { code, stdout, stderr } = await emulate()
  expect(stderr.startsWith(first)).toBe(true)
  expect(stderr).toMatch(/\ndtrain: the native core with emulated GPUs cannot be built: the reason is above \(.*\)\n$/)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('it is built once, and then loaded', async () => {
  provide('echo text > $out')
  expect((await emulate()).stderr).toContain(first)
  const { stderr } = await emulate()
  expect(stderr).not.toContain(first)
  expect(stderr).toContain('the native core with emulated GPUs cannot be loaded')
})
