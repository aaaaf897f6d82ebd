// Which GPUs the ranks of a job get, found without loading the addon or NVIDIA's libraries: a login node must be able to
// refuse a command line. A rank sees exactly one GPU, so it is `cuda:0` in every rank.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where to look; a test gives another machine. */
export interface Machine {
  /** In front of /proc and /dev. */
  root: string
  env: NodeJS.ProcessEnv
}

export const thisMachine: Machine = { root: '/', env: process.env }

/** The emulation has no more (native/emulation/settings.cc). */
const mostEmulated = 64

/**
 * GPUs of the machine, or of this container: some containers see all of the machine's in /proc, but only theirs in /dev.
 * Before the driver is first used, /dev may have none. Under WSL all there is is one file for the graphics of Windows.
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
 * What CUDA_VISIBLE_DEVICES may be for a rank, one entry per GPU that can be used. As in CUDA, a list that the caller has
 * set already is honoured up to its first entry that names no GPU, or one named before. A UUID is taken as it is; so is
 * that of a part of a GPU (MIG), of which there may be more than GPUs.
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
export function chooseGpus(wanted: number | 'all', emulate: boolean, machine: Machine): string[] | string {
  if (emulate) return emulated(wanted)
  const visible = visibleGpus(machine)
  if (wanted === 'all' && visible.length > 0) return visible
  if (wanted !== 'all' && wanted <= visible.length) return visible.slice(0, wanted)
  const n = wanted === 'all' ? 'N' : wanted
  const fewer = visible.length > 0 ? `--gpus ${visible.length}, ` : ''
  const instead = `type ${fewer}--nproc ${n} for CPU ranks, or --gpus ${n} --emulate to emulate GPUs on the CPU`
  return `--gpus ${wanted}: ${supply(visible.length, machine)}; ${instead}`
}

function emulated(wanted: number | 'all'): string[] | string {
  if (wanted === 'all') return '--gpus all: there is no end of emulated GPUs; type --gpus N --emulate'
  if (wanted > mostEmulated) return `--gpus ${wanted}: at most ${mostEmulated} GPUs can be emulated`
  return Array.from({ length: wanted }, (_, index) => String(index))
}

function supply(visible: number, machine: Machine): string {
  const given = machine.env.CUDA_VISIBLE_DEVICES
  const gpus = visible === 0 ? 'no NVIDIA GPU' : visible === 1 ? '1 GPU' : `${visible} GPUs`
  const hidden = given !== undefined && count(machine) > 0
  return hidden ? `CUDA_VISIBLE_DEVICES='${given}' leaves ${gpus}` : `this machine has ${gpus}`
}
