// What the environment of a rank says about GPUs.
import { afterEach, expect, test, vi } from 'vitest'
import type { RunOptions } from '../../launcher/options/options.ts'
import { rankEnv } from '../../launcher/ranks/spawn.ts'

afterEach(() => vi.unstubAllEnvs())

function gpuEnv(rank: number, given: Partial<RunOptions>) {
  const options = { nproc: 2, gpus: undefined, emulate: false, trace: undefined, ...given } as RunOptions
  const { CUDA_VISIBLE_DEVICES, DTRAIN_GPUS, DTRAIN_EMULATE, DTRAIN_EMULATION, DTRAIN_TRACE } = rankEnv(rank, {
    id: 'job',
    options,
    segment: 9,
    port: 29500,
    code: 10,
    ignored: [],
  })
  return { CUDA_VISIBLE_DEVICES, DTRAIN_GPUS, DTRAIN_EMULATE, DTRAIN_EMULATION, DTRAIN_TRACE }
}

const nothing = {
  CUDA_VISIBLE_DEVICES: undefined,
  DTRAIN_GPUS: undefined,
  DTRAIN_EMULATE: undefined,
  DTRAIN_EMULATION: undefined,
  DTRAIN_TRACE: undefined,
}

test('each rank on a GPU sees its own only', () => {
  const gpus = ['GPU-8932f937-d72c', '3']
  expect(gpuEnv(0, { gpus })).toEqual({ ...nothing, CUDA_VISIBLE_DEVICES: 'GPU-8932f937-d72c', DTRAIN_GPUS: 2 })
  expect(gpuEnv(1, { gpus })).toEqual({ ...nothing, CUDA_VISIBLE_DEVICES: '3', DTRAIN_GPUS: 2 })
})

test('NCCL is told of ranks that share a GPU, and of how many multiprocessors each may take unless the caller says', () => {
  const nccl = (gpus: string[]) => {
    const options = { nproc: 2, gpus, emulate: false } as RunOptions
    const env = rankEnv(1, { id: 'job', options, segment: 9, code: 10, port: 29500, ignored: [] })
    return [env.CUDA_VISIBLE_DEVICES, env.NCCL_MULTI_RANK_GPU_ENABLE, env.NCCL_MAX_CTAS]
  }
  expect(nccl(['3', '3'])).toEqual(['3', 1, 8])
  expect(nccl(['2', '3'])).toEqual(['3', undefined, undefined])
  vi.stubEnv('NCCL_MAX_CTAS', '4')
  expect(nccl(['3', '3'])).toEqual(['3', 1, '4'])
})

test('ranks on CPUs see none, and nothing of the job that this launcher may be a rank of', () => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '7')
  vi.stubEnv('DTRAIN_GPUS', '8')
  vi.stubEnv('DTRAIN_EMULATE', undefined)
  vi.stubEnv('DTRAIN_EMULATION', undefined)
  vi.stubEnv('DTRAIN_TRACE', undefined)
  expect(gpuEnv(0, { gpus: [] })).toEqual({ ...nothing, CUDA_VISIBLE_DEVICES: '' })
  expect(gpuEnv(0, {})).toEqual({ ...nothing, CUDA_VISIBLE_DEVICES: '7' })
})

test('a rank does not pass on whose job it is: what it starts has another parent', () => {
  vi.stubEnv('DTRAIN_SEARCH_PID', '5')
  const options = { nproc: 1, emulate: false } as RunOptions
  const env = rankEnv(0, { id: 'job', options, segment: 9, code: 10, port: 29500, ignored: [] })
  expect(env).toHaveProperty('DTRAIN_SEARCH_PID', undefined)
})

test('enough GPUs are emulated, and the settings of the caller win', () => {
  const gpus = [...Array(12).keys()].map(String)
  vi.stubEnv('DTRAIN_EMULATION', undefined)
  const emulated = { ...nothing, CUDA_VISIBLE_DEVICES: '11', DTRAIN_GPUS: 12, DTRAIN_EMULATE: 1 }
  expect(gpuEnv(11, { gpus, emulate: true })).toEqual({ ...emulated, DTRAIN_EMULATION: 'devices=12' })
  expect(gpuEnv(1, { gpus: ['5', '0'], emulate: true }).DTRAIN_EMULATION).toBe('devices=6')
  vi.stubEnv('DTRAIN_EMULATION', 'memory=1GiB,devices=16')
  expect(gpuEnv(11, { gpus, emulate: true }).DTRAIN_EMULATION).toBe('devices=12,memory=1GiB,devices=16')
  expect(gpuEnv(0, { gpus: [], emulate: true }).DTRAIN_EMULATION).toBe('memory=1GiB,devices=16')
})
