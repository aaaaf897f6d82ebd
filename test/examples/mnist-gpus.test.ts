// The digits on GPUs: every loss must be the one a single process on the CPU has. In float32 that holds until rounding,
// which differs between devices and numbers of ranks, tips the first maximum or ReLU to the other side; in float64 it
// holds for as long as anybody cares to train.
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { gpuArguments, gpus, noGpus, requireEmulation } from '../support/gpus.ts'
import { runDtrain } from '../support/run-dtrain.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

async function losses(command: string[], args: string[]): Promise<number[]> {
  const run = await runDtrain([...command, 'examples/mnist.ts', '--log-interval', '1', '--epochs', '1', ...args], {
    limitMs: 110_000,
  })
  expect({ code: run.code, leftovers: run.leftovers }).toEqual({ code: 0, leftovers: { processes: [], files: [] } })
  return [...run.stdout.matchAll(/step \d+: loss (\S+)$/gm)].map(match => Number(match[1]))
}

const jobs: [name: string, args: string[], steps: number, counts: number[]][] = [
  // 67 rows are 34 + 33 on two ranks, 17 + 17 + 17 + 16 on four. A step that goes wrong shows in the loss of the next.
  ['float64, 24 steps', ['--double', '--batch-size', '67', '--steps', '24'], 24, [1, 2, 4]],
  // A whole epoch, whose last batch has 174 rows: 44 + 44 + 44 + 42 on four ranks.
  ['float32, 14 steps', ['--batch-size', '602'], 14, [1, 4]],
]

describe.each(jobs)('%s', (_, args, steps, counts) => {
  let wanted: number[]
  beforeAll(async () => {
    wanted = await losses(['--nproc', '1'], args) // hides GPUs
    expect(wanted.length).toBe(steps)
  })

  for (const n of counts) {
    test(`${n} GPUs have the losses of the CPU, every one within 1e-5`, async ({ skip }) => {
      if (gpus < n) skip(noGpus(n))
      const got = await losses(gpuArguments(n), args)
      expect(got.length).toBe(steps)
      const off = got.map((loss, i) => Math.abs(loss - wanted[i]!) / wanted[i]!)
      expect(Math.max(...off)).toBeLessThan(1e-5)
    })
  }
})

test('the emulation is announced first, on stderr', async context => {
  requireEmulation(context)
  if (gpus < 1) context.skip(noGpus(1))
  const { stdout, stderr } = await runDtrain([...gpuArguments(1), 'examples/mnist.ts', '--steps', '1'])
  expect(stderr).toBe("dtrain: GPUs are emulated on this machine's CPU: for correctness, never for speed\n")
  expect(stdout).toMatch(/^epoch 1: loss /)
})
