// The sizes that a model sees when its batches are split: those of torch.chunk, on processes and on GPUs.
import { expect, test, vi } from 'vitest'
import { gpuArguments, gpus, noGpus } from '../support/gpus.ts'
import { run, twin } from './printed.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Lines of several ranks come in any order. */
const sorted = (text: string) => text.trimEnd().split('\n').sort()

const printed = async (...ranks: string[]) => sorted(await run('--no-fold', ...ranks, 'examples/data-parallel.ts'))

for (const n of [1, 2, 3]) {
  const wanted = twin('data-parallel', String(n))

  test(`${n} processes`, async () => {
    expect(await printed('--nproc', String(n))).toEqual(sorted(wanted.replace('GPUs', 'processes')))
  })

  test(`${n} GPUs`, async ({ skip }) => {
    if (gpus < n) skip(noGpus(n))
    expect(await printed(...gpuArguments(n))).toEqual(sorted(wanted))
  })
}
