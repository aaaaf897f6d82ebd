// Which GPUs the ranks of a job get, found without loading the addon or NVIDIA's libraries: a login node must be able
// to refuse a command line. A rank sees exactly one GPU, so it is `cuda:0` in every rank.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where to look; a test gives another machine. */
export interface Machine {
  /** In front of /proc and /dev. */
  root: string
  env: NodeJS.ProcessEnv
}

export const thisMachine: Machine = { root: '/', env: process.env }

/** The emulation has no more (emulation/cuda/settings.cc). */
const mostEmulated = 64
/** NCCL's kernels wait for each other, so those of all ranks of a GPU must fit on it at a time. */
const mostSharing = 2

/** What `--gpus` may be: how many, or the number of each rank's GPU, as CUDA counts those that the caller sees. */
export type GpuChoice = number | 'all' | number[]

/**
 * GPUs of the machine, or of this container: some containers see all of the machine's in /proc, but only theirs in
 * /dev. Before the driver is first used, /dev may have none. Under WSL all there is is one file for the graphics of
 * Windows.
 */
function count({ root }: Machine): number {
  const files = list(join(root, 'dev'))
  return (
    files.filter(isDevice).length ||
    list(join(root, 'proc/driver/nvidia/gpus')).length ||
    files.filter(name => name === 'dxg').length
  )
}

const isDevice = (name: string) => /^nvidia\d+$/.test(name)

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/**
 * What CUDA_VISIBLE_DEVICES may be for a rank, one entry per GPU that can be used. As in CUDA, a list that the caller
 * has set already is honoured up to its first entry that names no GPU, or one named before. A UUID is taken as it is;
 * so is that of a part of a GPU (MIG), of which there may be more than GPUs.
 */
export function visibleGpus(machine: Machine): string[] {
  const total = count(machine)
  const given = machine.env.CUDA_VISIBLE_DEVICES
  if (given === undefined) return Array.from({ length: total }, (_, index) => String(index))
  if (total === 0) return []
  const entries = given.split(',').map(entry => entry.trim())
  const isGpu = (entry: string) => /^(GPU|MIG)-./.test(entry) || (/^\d+$/.test(entry) && Number(entry) < total)
  const end = entries.findIndex((entry, index) => !isGpu(entry) || entries.indexOf(entry) < index)
  return end < 0 ? entries : entries.slice(0, end)
}

/** The GPU of each rank for `--gpus wanted`, or a sentence that says why not and what to type instead. */
export function chooseGpus(wanted: GpuChoice, emulate: boolean, machine: Machine): string[] | string {
  const crowded = Array.isArray(wanted) && wanted.find(gpu => wanted.filter(one => one === gpu).length > mostSharing)
  if (typeof crowded === 'number')
    return `--gpus ${wanted}: NCCL has room for ${mostSharing} ranks on one GPU, and GPU ${crowded} is named more often`
  return emulate ? emulated(wanted) : real(wanted, machine)
}

function real(wanted: GpuChoice, machine: Machine): string[] | string {
  const visible = visibleGpus(machine)
  const n = wanted === 'all' ? 'N' : Array.isArray(wanted) ? wanted.length : wanted
  const instead = (fewer: number) => {
    const gpus = fewer > 0 ? `--gpus ${fewer}, ` : ''
    return `type ${gpus}--nproc ${n} for CPU ranks, or --gpus ${n} --emulate to emulate GPUs on the CPU`
  }
  const chosen = choose(wanted, visible)
  if (!chosen) {
    const numbered = Array.isArray(wanted) && visible.length > 0 ? ', numbered from 0' : ''
    return `--gpus ${wanted}: ${supply(visible.length, machine)}${numbered}; ${instead(visible.length)}`
  }
  const parts = chosen.filter(entry => entry.startsWith('MIG-')).length
  const most = Math.max(1, chosen.length - parts + count(machine))
  if (parts > count(machine))
    return `--gpus ${wanted}: ${parts} parts (MIG) of ${gpusText(count(machine))} cannot be ranks of one job, since NCCL refuses two parts of one GPU; ${instead(most)}`
  return chosen
}

function choose(wanted: GpuChoice, visible: string[]): string[] | undefined {
  if (wanted === 'all') return visible.length > 0 ? visible : undefined
  const numbers = Array.isArray(wanted) ? wanted : [...Array(wanted).keys()]
  return numbers.every(gpu => gpu < visible.length) ? numbers.map(gpu => visible[gpu]!) : undefined
}

function emulated(wanted: GpuChoice): string[] | string {
  if (wanted === 'all') return '--gpus all: there is no end of emulated GPUs; type --gpus N --emulate'
  const numbers = Array.isArray(wanted) ? wanted : [...Array(wanted).keys()]
  if (numbers.some(gpu => gpu >= mostEmulated)) return `--gpus ${wanted}: at most ${mostEmulated} GPUs can be emulated`
  return numbers.map(String)
}

/** Whether two ranks have the same one. */
export const isShared = (gpus: readonly string[]): boolean => new Set(gpus).size < gpus.length

const gpusText = (n: number) => (n === 0 ? 'no NVIDIA GPU' : n === 1 ? '1 GPU' : `${n} GPUs`)

function supply(visible: number, machine: Machine): string {
  const given = machine.env.CUDA_VISIBLE_DEVICES
  const hidden = given !== undefined && count(machine) > 0
  return hidden
    ? `CUDA_VISIBLE_DEVICES='${given}' leaves ${gpusText(visible)}`
    : `this machine has ${gpusText(visible)}`
}
