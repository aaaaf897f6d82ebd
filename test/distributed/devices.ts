// The devices on which jobs of several ranks are tested: the CPU, and emulated GPUs, for which the launcher wants other
// flags and the build another addon.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { type Result, type RunOptions, root, runDtrain } from '../support/run-dtrain.ts'

export type DeviceName = 'cpu' | 'cuda'
export const devices: DeviceName[] = ['cpu', 'cuda']

/** The launcher's first line with emulated GPUs. */
export const notice = "dtrain: GPUs are emulated on this machine's CPU: for correctness, never for speed\n"

const addon = join(root, 'build/Emulated/dtrain.node')

/** Skips a test of a device that is not in the build. */
export function requireDevice(device: DeviceName, { skip }: TestContext): void {
  if (device === 'cuda' && !existsSync(addon)) skip(`${addon} has not been built (DTRAIN_CUDA=off)`)
}

/** Runs a job of `ranks` ranks on the device; the launcher's line about the emulation is taken out of stderr. */
export async function runOn(
  device: DeviceName,
  ranks: number,
  args: string[],
  options: RunOptions = {},
): Promise<Result> {
  const where = device === 'cpu' ? ['--nproc', String(ranks)] : ['--gpus', String(ranks), '--emulate']
  const result = await runDtrain([...where, ...args], options)
  return { ...result, stderr: result.stderr.replace(notice, '') }
}
