// Which GPUs a job gets, on machines that do not exist.
import { afterAll, expect, test } from 'vitest'
import { chooseGpus, visibleGpus } from '../../launcher/gpus.ts'
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
