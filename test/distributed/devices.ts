// The devices on which jobs of several ranks are tested: the CPU, and GPUs (emulated, unless it is `npm run test:gpu`),
// for which the launcher wants other flags.
import type { TestContext } from 'vitest'
import { gpuArguments, gpus, noGpus } from '../support/gpus.ts'
import { type Result, type RunOptions, runDtrain } from '../support/run-dtrain.ts'

export type DeviceName = 'cpu' | 'cuda'
export const devices: DeviceName[] = ['cpu', 'cuda']

/** The launcher's first line with emulated GPUs. */
export const notice = "dtrain: GPUs are emulated on this machine's CPU: for correctness, never for speed\n"

/** Skips a test of a device that is not there for all ranks. */
export function requireDevice(device: DeviceName, ranks: number, { skip }: TestContext): void {
  if (device === 'cuda' && gpus < ranks) skip(noGpus(ranks))
}

/** The launcher's arguments for so many ranks. */
export const ranksOn = (device: DeviceName, ranks: number): string[] =>
  device === 'cpu' ? ['--nproc', String(ranks)] : gpuArguments(ranks)

/** Runs a job of `ranks` ranks on the device; the launcher's line about the emulation is taken out of stderr. */
export async function runOn(
  device: DeviceName,
  ranks: number,
  args: string[],
  options: RunOptions = {},
): Promise<Result> {
  const result = await runDtrain([...ranksOn(device, ranks), ...args], options)
  return { ...result, stderr: result.stderr.replace(notice, '') }
}
