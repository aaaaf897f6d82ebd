// What NCCL wants of the ranks of a job, and one sentence where it refuses: two ranks on one GPU, which it allows from
// version 2.30 on if it is told that they are meant; the same version everywhere. And how a rank ends that NCCL does
// not let go.
import { beforeEach, expect, test } from 'vitest'
import { gpus, noGpus, real, requireEmulation } from '../support/gpus.ts'
import { runDtrain } from '../support/run-dtrain.ts'
import { notice } from './devices.ts'

const fixture = (name: string) => [`test/distributed/fixtures/${name}.ts`, 'cuda']
const run = (script: string[], env: NodeJS.ProcessEnv = {}, where = '0,0') =>
  runDtrain(['--gpus', where, ...(real > 0 ? [] : ['--emulate']), ...script], { env })

const refusal = (version: string) =>
  `two ranks have the same GPU, or parts (MIG) of one, which NCCL ${version} refuses: give each rank a GPU of its own; ` +
  'two ranks of one GPU want NCCL 2.30 or newer, and dtrain --gpus 0,0'

beforeEach(({ skip }) => {
  if (gpus < 1) skip(noGpus(1))
})

test.for(['collectives', 'reducer'])('%s', async name => {
  const { code, stdout, stderr } = await run(fixture(name))
  expect({ code, stdout, stderr: stderr.replace(notice, '') }).toEqual({ code: 0, stdout: '[0,1] ok\n', stderr: '' })
})

test('an NCCL that is older', async context => {
  requireEmulation(context)
  const { code, stderr } = await run(fixture('collectives'), { DTRAIN_EMULATION_FAULT: 'oldnccl' })
  expect(stderr).toMatch(/dtrain: rank \d failed: DistributedError: distributed: two ranks/)
  expect(stderr).toContain(refusal('2.29.7'))
  expect(code).toBe(1)
})

test('ranks that share a GPU though NCCL was not told', async context => {
  requireEmulation(context)
  const { code, stderr } = await run(fixture('undeclared'))
  expect(stderr).toContain(refusal('2.32.3'))
  expect(code).toBe(1)
})

test('ranks with different versions', async context => {
  requireEmulation(context)
  const { code, stderr } = await run(fixture('collectives'), { DTRAIN_EMULATION_FAULT: 'oldnccl rank=1' }, '0,1')
  expect(stderr).toContain(
    'distributed: the ranks have different versions of NCCL, which cannot talk to each other: rank 0 has 2.32.3, rank 1 ' +
      'has 2.29.7; let all of them find the same one (DTRAIN_LIBRARY_PATH)',
  )
  expect(code).toBe(1)
})

test('a rank whose abort does not return ends with its exit code', async context => {
  requireEmulation(context)
  const fault = { DTRAIN_EMULATION_FAULT: 'nccl rank=1 after=1; abort rank=1' }
  const { code, stderr, ms, leftovers } = await run(fixture('exit-after-failure'), fault, '0,1')
  expect(stderr).toContain('dtrain: rank 1 exited with code 5')
  expect({ code, leftovers }).toEqual({ code: 5, leftovers: { processes: [], files: [] } })
  expect(ms).toBeLessThan(5000)
})
