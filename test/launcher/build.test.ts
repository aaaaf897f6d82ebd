// `dtrain build` where nothing can be built; scripts/test-installs.ts builds with it.
import { expect, test } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'

test('it says what is missing, and how to install it', async () => {
  const { code, stdout, stderr } = await runDtrain(['build'], { env: { PATH: '/nowhere' } })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(
    'dtrain: build: missing: cmake, ninja-build, g++. On Debian and Ubuntu type\n' +
      '  sudo apt-get install -y --no-install-recommends cmake ninja-build g++\nand then npx dtrain build again\n',
  )
})

test('help and mistakes', async () => {
  expect((await runDtrain(['build', '--help'])).stdout).toContain('also the core with emulated GPUs')
  const { code, stderr } = await runDtrain(['build', '--cuda'])
  expect({ code, stderr }).toEqual({ code: 2, stderr: "dtrain: build: unknown option '--cuda'\n" })
})
