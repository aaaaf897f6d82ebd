// Which GPUs a job gets, on machines that do not exist.
import { afterAll, expect, test } from 'vitest'
import { chooseGpus, isShared, visibleGpus } from '../../launcher/options/gpus.ts'
import { machine, removeMachines } from './machine.ts'

afterAll(removeMachines)

const four = ['0000:01:00.0', '0000:02:00.0', '0000:41:00.0', '0000:42:00.0']
const seen = (list: string, gpus = four) => visibleGpus(machine(gpus, { CUDA_VISIBLE_DEVICES: list }))

test('GPUs are counted in /dev, as a container has them, or else in /proc', () => {
  const devices = ['nvidia0', 'nvidia1', 'nvidiactl', 'nvidia-uvm', 'null']
  expect(visibleGpus(machine([], {}, devices))).toEqual(['0', '1'])
  expect(visibleGpus(machine(four, {}, ['nvidia6', 'nvidiactl']))).toEqual(['0'])
  expect(visibleGpus(machine(four))).toEqual(['0', '1', '2', '3'])
  expect(visibleGpus(machine([], {}, ['dxg']))).toEqual(['0'])
  expect(visibleGpus(machine([]))).toEqual([])
  expect(visibleGpus({ root: '/no/such/folder', env: {} })).toEqual([])
})

test('a list that the caller has set is honoured as by CUDA', () => {
  expect(seen('2,0')).toEqual(['2', '0'])
  expect(seen(' 3 , 1 ')).toEqual(['3', '1'])
  expect(seen('')).toEqual([])
  expect(seen('-1')).toEqual([])
  expect(seen('NoDevFiles')).toEqual([])
  expect(seen('0,4,1')).toEqual(['0'])
  expect(seen('0,1,0')).toEqual(['0', '1'])
  expect(seen('GPU-8932f937-d72c,2')).toEqual(['GPU-8932f937-d72c', '2'])
  expect(seen('MIG-a,MIG-b,MIG-c', ['0000:01:00.0'])).toEqual(['MIG-a', 'MIG-b', 'MIG-c'])
  expect(seen('0,GPU-8932f937-d72c', [])).toEqual([])
})

test('ranks take the first ones', () => {
  expect(chooseGpus(2, false, machine(four, { CUDA_VISIBLE_DEVICES: '3,1,0' }))).toEqual(['3', '1'])
  expect(chooseGpus('all', false, machine(four))).toEqual(['0', '1', '2', '3'])
  expect(chooseGpus(2, true, machine(four, { CUDA_VISIBLE_DEVICES: '3' }))).toEqual(['0', '1'])
})

test('a list names the GPU of each rank, two of which may have the same', () => {
  expect(chooseGpus([2, 0], false, machine(four))).toEqual(['2', '0'])
  expect(chooseGpus([1, 1], false, machine(four, { CUDA_VISIBLE_DEVICES: '3,GPU-8932' }))).toEqual([
    'GPU-8932',
    'GPU-8932',
  ])
  expect(chooseGpus([0, 0], false, machine(['0000:01:00.0']))).toEqual(['0', '0'])
  expect(chooseGpus([0, 0, 5], true, machine([]))).toEqual(['0', '0', '5'])
  expect(isShared(['0', '1', '0'])).toBe(true)
  expect(isShared(['0', '1'])).toBe(false)
  expect(chooseGpus([0, 0, 1, 0], false, machine(four))).toBe(
    '--gpus 0,0,1,0: NCCL has room for 2 ranks on one GPU, and GPU 0 is named more often',
  )
  expect(chooseGpus([0, 4], false, machine(four))).toBe(
    '--gpus 0,4: this machine has 4 GPUs, numbered from 0; type --gpus 4, --nproc 2 for CPU ranks, or --gpus 2 --emulate to emulate GPUs on the CPU',
  )
  expect(chooseGpus([0, 64], true, machine([]))).toBe('--gpus 0,64: at most 64 GPUs can be emulated')
})

test('parts of one GPU are not ranks of one job', () => {
  const parts = { CUDA_VISIBLE_DEVICES: 'MIG-a,MIG-b,MIG-c' }
  expect(chooseGpus(1, false, machine(['0000:01:00.0'], parts))).toEqual(['MIG-a'])
  expect(chooseGpus(3, false, machine(four, parts))).toEqual(['MIG-a', 'MIG-b', 'MIG-c'])
  const refused =
    'parts (MIG) of 1 GPU cannot be ranks of one job, since NCCL refuses two parts of one GPU; type --gpus 1,'
  expect(chooseGpus('all', false, machine(['0000:01:00.0'], parts))).toBe(
    `--gpus all: 3 ${refused} --nproc N for CPU ranks, or --gpus N --emulate to emulate GPUs on the CPU`,
  )
  expect(chooseGpus(2, false, machine(['0000:01:00.0'], parts))).toBe(
    `--gpus 2: 2 ${refused} --nproc 2 for CPU ranks, or --gpus 2 --emulate to emulate GPUs on the CPU`,
  )
})

test('more than there are is a sentence that says what to type', () => {
  expect(chooseGpus(8, false, machine(four))).toBe(
    '--gpus 8: this machine has 4 GPUs; type --gpus 4, --nproc 8 for CPU ranks, or --gpus 8 --emulate to emulate GPUs on the CPU',
  )
  expect(chooseGpus(2, false, machine(['0000:01:00.0']))).toBe(
    '--gpus 2: this machine has 1 GPU; type --gpus 1, --nproc 2 for CPU ranks, or --gpus 2 --emulate to emulate GPUs on the CPU',
  )
  expect(chooseGpus(3, false, machine(four, { CUDA_VISIBLE_DEVICES: '1,2' }))).toBe(
    "--gpus 3: CUDA_VISIBLE_DEVICES='1,2' leaves 2 GPUs; type --gpus 2, --nproc 3 for CPU ranks, or --gpus 3 --emulate to emulate GPUs on the CPU",
  )
  expect(chooseGpus('all', false, machine(four, { CUDA_VISIBLE_DEVICES: '' }))).toBe(
    "--gpus all: CUDA_VISIBLE_DEVICES='' leaves no NVIDIA GPU; type --nproc N for CPU ranks, or --gpus N --emulate to emulate GPUs on the CPU",
  )
})
