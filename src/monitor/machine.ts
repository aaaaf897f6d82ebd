// How busy the machine and some processes are, as Linux tells in /proc. Percent are of the time since the question
// before, so they are absent in the first answer about a process.
import { readFileSync } from 'node:fs'
import { statOf } from '../proc.ts'

/** The machine as a whole; in a container too. */
export interface MachineSample {
  /** Percent of the time of all cores. */
  cpu?: number
  cores: number
  /** Bytes that are not available to a new program. */
  memoryUsed: number
  memoryTotal: number
}

/** One process with all its threads. */
export interface ProcessSample {
  /** Percent of the time of one core. */
  cpu?: number
  /** Bytes of it that are in the machine's memory. */
  memory: number
}

interface Ticks {
  busy: number
  all: number
}

/** Linux counts the time of processes in hundredths of a second. */
const ticksPerSecond = 100

/** Answers about what happened since it was asked the last time. */
export class Usage {
  #machine = machineTicks()
  #processes = new Map<number, { ticks: number; time: number }>()

  machine(): MachineSample {
    const before = this.#machine
    this.#machine = machineTicks()
    const [busy, all] = [this.#machine.busy - before.busy, this.#machine.all - before.all]
    const memory = readFileSync('/proc/meminfo', 'latin1')
    const total = kilobytes(memory, 'MemTotal')
    return {
      ...(all > 0 && { cpu: (busy / all) * 100 }),
      cores: cores(),
      memoryUsed: total - kilobytes(memory, 'MemAvailable'),
      memoryTotal: total,
    }
  }

  /** Those that live. */
  processes(pids: readonly number[]): Map<number, ProcessSample> {
    const before = this.#processes
    this.#processes = new Map()
    const out = new Map<number, ProcessSample>()
    for (const pid of pids) {
      try {
        const now = { ticks: processTicks(pid), time: performance.now() / 1000 }
        const last = before.get(pid)
        const ticks = last && (now.ticks - last.ticks) / (now.time - last.time)
        const memory = kilobytes(readFileSync(`/proc/${pid}/status`, 'latin1'), 'VmRSS')
        this.#processes.set(pid, now)
        out.set(pid, { ...(ticks !== undefined && { cpu: (ticks / ticksPerSecond) * 100 }), memory })
      } catch {
        // Ended meanwhile.
      }
    }
    return out
  }
}

function processTicks(pid: number): number {
  const [user, system] = statOf(pid).slice(11, 13)
  return Number(user) + Number(system)
}

const cpuLines = () => readFileSync('/proc/stat', 'latin1').match(/^cpu.*$/gm) ?? []

function machineTicks(): Ticks {
  // user nice system idle iowait irq softirq steal; what follows is a part of user
  const ticks = cpuLines()[0]!.split(/\s+/).slice(1, 9).map(Number)
  const all = ticks.reduce((sum, one) => sum + one, 0)
  return { busy: all - ticks[3]! - ticks[4]!, all }
}

const cores = () => cpuLines().length - 1

/** A line such as `MemTotal:  16384 kB`, in bytes. */
function kilobytes(text: string, name: string): number {
  return Number(text.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'))?.[1] ?? 0) * 1024
}
