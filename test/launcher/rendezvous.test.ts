// The control plane: store, counters, barriers and the shared segment across ranks, the environment contract, and who
// can send something, which is nobody but a rank.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readReport } from '../../launcher/control/wire.ts'
import { root, runDtrain, startDtrain } from '../support/run-dtrain.ts'

const fixtures = 'test/launcher/fixtures'

vi.setConfig({ testTimeout: 60_000 })

test('ranks exchange values, count, meet and share memory', async () => {
  const { code, stdout, stderr, leftovers } = await runDtrain(['--nproc', '3', `${fixtures}/exchange.ts`])
  expect(stderr).toBe('')
  expect(stdout).toBe('[0-2] sum 6 0\n[0-2] text grüße\n[0-2] segment 1 2 3 53248 0 true\n')
  expect({ code, leftovers }).toEqual({ code: 0, leftovers: { processes: [], files: [] } })
})

test('a barrier fails when a rank has left', async () => {
  const { code, stdout } = await runDtrain(['--nproc', '2', `${fixtures}/leaver.ts`])
  expect({ code, stdout }).toEqual({ code: 0, stdout: "[0] DTRAIN_PEER barrier 'never': rank 1 has exited\n" })
})

test('every rank gets the environment contract', async () => {
  const args = ['--nproc', '2', '--timeout', '42', '--omp-threads', '3', `${fixtures}/environment.ts`]
  const { launcher, done } = startDtrain(args, { env: { CUDA_VISIBLE_DEVICES: '0', DTRAIN_GPUS: '4' } })
  const { stdout } = await done
  const ranks = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line.slice('[0] '.length)))
  for (const [rank, variables] of ranks.entries()) {
    expect(variables).toMatchObject({
      RANK: String(rank),
      LOCAL_RANK: String(rank),
      WORLD_SIZE: '2',
      LOCAL_WORLD_SIZE: '2',
      GROUP_RANK: '0',
      GROUP_WORLD_SIZE: '1',
      MASTER_ADDR: '127.0.0.1',
      MASTER_PORT: expect.stringMatching(/^[1-9]\d+$/),
      OMP_NUM_THREADS: '3',
      CUDA_VISIBLE_DEVICES: '',
      DTRAIN_LAUNCHER_PID: String(launcher.pid),
      DTRAIN_SHM_FD: '3',
      DTRAIN_TIMEOUT: '42',
    })
    expect(variables.DTRAIN_JOB).toBe(ranks[0].DTRAIN_JOB)
    expect(variables.MASTER_PORT).toBe(ranks[0].MASTER_PORT)
    expect(variables).not.toHaveProperty('DTRAIN_GPUS')
  }
  const own = await runDtrain([`${fixtures}/environment.ts`], {
    env: { OMP_NUM_THREADS: '5', CUDA_VISIBLE_DEVICES: '1' },
  })
  expect(JSON.parse(own.stdout)).toMatchObject({ OMP_NUM_THREADS: '5', CUDA_VISIBLE_DEVICES: '1' })
})

test('emulated GPUs are announced first, and a rank sees one', async () => {
  const { code, stdout, stderr } = await runDtrain(['--emulate', `${fixtures}/environment.ts`])
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "dtrain: GPUs are emulated on this machine's CPU: for correctness, never for speed\n",
  })
  expect(JSON.parse(stdout)).toMatchObject({
    WORLD_SIZE: '1',
    CUDA_VISIBLE_DEVICES: '0',
    DTRAIN_GPUS: '1',
    DTRAIN_EMULATE: '1',
    DTRAIN_EMULATION: 'devices=1',
  })
})

test('ranks on GPUs know one id of NCCL before the script begins', async ({ skip }) => {
  skip(!existsSync(join(root, 'build/Emulated/dtrain.node')), 'the addon with emulated GPUs has not been built')
  const { code, stdout } = await runDtrain(['--gpus', '2', '--emulate', `${fixtures}/nccl-id.ts`])
  // Lines that come more than a moment apart are not merged.
  const lines = new Set(stdout.replaceAll(/^\[\S+\] /gm, '').match(/.+/g))
  expect([...lines]).toEqual([expect.stringMatching(/^128 bytes, [0-9a-f]{64}$/)])
  expect(code).toBe(0)
})

test('no process of a job listens anywhere', async () => {
  const { launcher, done, printed, output } = startDtrain(['--nproc', '2', `${fixtures}/hold.ts`, 'idle'])
  await printed('[0,1] all hold')
  const ranks = [0, 1].map(rank => Number(new RegExp(`rank ${rank} is (\\d+)\\.`).exec(output())![1]))
  const listening = new Set([
    ...listeners('tcp', 3, '0A', 9),
    ...listeners('tcp6', 3, '0A', 9),
    ...listeners('unix', 3, '00010000', 6),
  ])
  expect([launcher.pid!, ...ranks].flatMap(sockets).filter(socket => listening.has(socket))).toEqual([])
  launcher.kill('SIGTERM')
  await done
})

/** Inodes of the sockets in /proc/net/<table> whose field `at` has this value. */
function listeners(table: string, at: number, value: string, inode: number): string[] {
  const rows = readFileSync(`/proc/net/${table}`, 'latin1').split('\n').slice(1)
  return rows.map(row => row.trim().split(/ +/)).flatMap(row => (row[at] === value ? [row[inode]!] : []))
}

function sockets(pid: number): string[] {
  const links = readdirSync(`/proc/${pid}/fd`).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`))
  return links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
}

test('what is no message ends the channel of the rank that has sent it, and no other', async () => {
  const { code, stdout, stderr } = await runDtrain(['--nproc', '2', '--no-fold', `${fixtures}/garbage.ts`])
  expect(stdout).toContain('[1] DTRAIN_DISTRIBUTED store: closed: the launcher does not answer any more\n')
  expect(stdout).toContain('[0] still here\n')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('whatever a rank reports can be printed', () => {
  const strange = { head: 'of something that it could not describe', frames: [] }
  expect(readReport(7)).toEqual(strange)
  expect(readReport({ frames: [1, 'a (b.ts:1:2)'], code: 8, cause: null, errors: [[]] })).toEqual({
    head: strange.head,
    frames: ['a (b.ts:1:2)'],
    cause: strange,
    errors: [strange],
  })
})

test('a message has a length, and one that is too long is refused where it is sent', async () => {
  const { code, stdout } = await runDtrain([`${fixtures}/large.ts`])
  expect(stdout).toBe(
    '33554432 bytes\nDTRAIN_ARGUMENT store.set: 68157474 bytes, at most 67108864 are allowed; what is larger than 64 MiB goes into a file\n',
  )
  expect(code).toBe(0)
})

test('the start has a limit, and who does not come is named', async () => {
  const late = ['--nproc', '3', '--timeout', '1', '--node-options', `--import ./${fixtures}/late.mjs`]
  const { code, stderr, ms, leftovers } = await runDtrain([...late, `${fixtures}/hello.ts`])
  expect(stderr).toBe(
    'dtrain: rank 1 failed: did not come to the start of the script in 1 s; ranks 0, 2 waited for it; raise the limit with dtrain --timeout SECONDS\ndtrain: 2 other ranks were stopped\n',
  )
  expect({ code, leftovers }).toEqual({ code: 1, leftovers: { processes: [], files: [] } })
  expect(ms).toBeLessThan(5000)
})
