// PyTorch beside: src/bench/peer.py, started once for each measurement.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ArgumentError, DistributedError } from '../../errors.ts'
import type { Measurement, Surroundings } from './jobs.ts'
import { type Timing, timing } from './timing.ts'

const program = fileURLToPath(new URL('../peer.py', import.meta.url))
const mostKept = 1 << 16

/** @throws ArgumentError for what is no Python with PyTorch */
export function checkPython(python: string): void {
  const code = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'
  const { error, status } = spawnSync(python, ['-c', code], { stdio: 'ignore', timeout: 30_000 })
  if (error !== undefined) throw new ArgumentError(`--python '${python}': cannot be started: ${error.message}`)
  if (status !== 0) {
    throw new ArgumentError(`--python '${python}': has no torch; name a Python that has it, such as venv/bin/python`)
  }
}

export class Peer {
  readonly #python: string
  readonly #plan: object
  readonly #around: Surroundings

  constructor(python: string, workload: string, threads: number, measurement: Measurement, around: Surroundings) {
    this.#python = python
    const { steps = null, ...given } = measurement
    this.#plan = { workload, threads, steps, ...given }
    this.#around = around
  }

  /** Single processes at the same time, or ranks of DistributedDataParallel. */
  async run(mode: 'alone' | 'ddp', ranks: number, batchSize: number): Promise<Timing> {
    const { timeout, signal } = this.#around
    signal.throwIfAborted()
    const plan = JSON.stringify({ ...this.#plan, mode, ranks, batchSize })
    // Its processes end with it.
    const child = spawn(this.#python, [program, plan], { stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', chunk => {
        text[name] = (text[name] + chunk).slice(-mostKept)
      })
    }
    let late = false
    const end = () => child.kill('SIGKILL')
    const timer = setTimeout(() => {
      late = end()
    }, timeout * 1000)
    signal.addEventListener('abort', end)
    const code = await new Promise<number | null>((ended, failed) => {
      child.once('error', failed)
      child.once('close', ended)
    })
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    signal.throwIfAborted()
    const who = `PyTorch, ${ranks === 1 ? '1 process' : `${ranks} ${mode === 'ddp' ? 'ranks' : 'processes'}`}`
    if (late) throw new DistributedError(`${who}: not at the end after ${timeout} s; raise --timeout`)
    if (code !== 0) throw new DistributedError(`${who}: ${text.stderr.trim().split('\n').at(-1)}`)
    return timing([{ windows: JSON.parse(text.stdout) as number[] }])
  }
}
