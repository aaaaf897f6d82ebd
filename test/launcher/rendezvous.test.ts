// The control plane: store, counters, barriers and the shared segment across ranks, the environment contract, and what
// a stranger can do, which is nothing.
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import * as zmq from 'zeromq'
import { Rendezvous } from '../../launcher/control/rendezvous.ts'
import { pack, type Reply, unpack } from '../../launcher/control/wire.ts'
import { root, runDtrain, startDtrain } from '../support/run-dtrain.ts'

const fixtures = 'test/launcher/fixtures'

vi.setConfig({ testTimeout: 60_000 })

test('ranks exchange values, count, meet and share memory', async () => {
  const { code, stdout, stderr, leftovers } = await runDtrain(['--nproc', '3', `${fixtures}/exchange.ts`])
  expect(stderr).toBe('')
  expect(stdout).toBe('[0-2] sum 6 0\n[0-2] text grüße\n[0-2] segment 1 2 3 1048576 0 true\n')
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
      OMP_NUM_THREADS: '3',
      CUDA_VISIBLE_DEVICES: '',
      DTRAIN_LAUNCHER_PID: String(launcher.pid),
      DTRAIN_SHM_FD: '3',
      DTRAIN_TIMEOUT: '42',
    })
    expect(variables.DTRAIN_STORE).toBe(`tcp://127.0.0.1:${variables.MASTER_PORT}`)
    expect(variables.DTRAIN_JOB).toBe(ranks[0].DTRAIN_JOB)
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

test('a stranger is refused and disturbs nobody', async () => {
  const failures: unknown[] = []
  const job = await Rendezvous.open(1, 5, (...failure) => failures.push(failure))
  const { endpoint, port, serverKey, publicKey, secretKey } = job.access
  const failed = pack({ op: 'failed', id: 1, rank: 0, report: { head: 'stranger', frames: [] } })
  const context = new zmq.Context({ blocky: false })
  const ask = async (keys: Partial<zmq.SocketOptions<zmq.Dealer>>, frame: Uint8Array | string) => {
    const socket = new zmq.Dealer({ context, linger: 0, receiveTimeout: 500, sendTimeout: 500, ...keys })
    socket.connect(endpoint)
    try {
      await socket.send(frame)
      return unpack<Reply>((await socket.receive())[0]!)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code
    } finally {
      socket.close()
    }
  }
  const own = zmq.curveKeyPair()
  const [plain, wrongKey, wrongServer] = await Promise.all([
    ask({}, failed),
    ask({ curveServerKey: serverKey, curvePublicKey: own.publicKey, curveSecretKey: own.secretKey }, failed),
    ask({ curveServerKey: own.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey }, failed),
    new Promise<void>(resolve => {
      connect(port, '127.0.0.1')
        .on('error', () => {})
        .once('close', () => resolve())
        .end('GET / HTTP/1.1\r\n\r\n')
        .resume()
    }),
  ])
  expect([plain, wrongKey, wrongServer]).toEqual(['EAGAIN', 'EAGAIN', 'EAGAIN'])

  const keys = { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey }
  expect(await ask(keys, 'not MessagePack: \xc1')).toBe('EAGAIN')
  expect(await ask(keys, pack({ op: 'add', id: 7, rank: 0, key: 'n', by: 2 }))).toEqual({ id: 7, value: 2 })
  expect(failures).toEqual([])
  job.close()
})
