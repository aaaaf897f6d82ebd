// GPUs for tests that start jobs: emulated ones, or the machine's for `npm run test:gpu`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { root } from './run-dtrain.ts'

// How many to use, or a list of one per rank: `0,0` for two ranks on the one GPU that there is.
const given = process.env.DTRAIN_TEST_GPU ?? '0'
const list = given.includes(',') ? given.split(',') : undefined

/** Of the machine; 0 if GPUs are emulated. */
export const real = list?.length ?? Number(given)

/** How many a job may have. */
export const gpus = real || (existsSync(join(root, 'build/Emulated/dtrain.node')) ? 8 : 0)

/** The launcher's arguments for a job with a rank on each of n GPUs. */
export const gpuArguments = (n: number): string[] => [
  '--gpus',
  n > 1 && list ? list.slice(0, n).join(',') : String(n),
  ...(real > 0 ? [] : ['--emulate']),
]

/** Why a test that needs n GPUs is skipped. */
export const noGpus = (n: number): string =>
  real > 0 ? `needs ${n} GPUs, this machine has ${real}` : 'the emulated addon has not been built (DTRAIN_CUDA=off)'

/** Skips a test of what only emulated GPUs do: failing when asked to, being announced. */
export function requireEmulation({ skip }: TestContext): void {
  if (real > 0) skip('these GPUs are real')
}
