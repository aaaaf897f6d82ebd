// `dtrain bench scaling`: from the options of the command line to what is printed. Nothing of its jobs is left: they
// end with this process, and so does the folder with what they have answered, unless this process is killed by -9.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { columns } from '../../columns.ts'
import { ArgumentError } from '../../errors.ts'
import { nearest } from '../../tensor/options.ts'
import { type Answer, failureOf } from '../answer.ts'
import { spansOf } from '../timeline.ts'
import { mebi } from '../units.ts'
import { Jobs, type Program, type Surroundings } from './jobs.ts'
import { checkPython } from './peer.ts'
import { pictureOf, reportOf } from './report.ts'
import { type Mode, type Setting, study } from './study.ts'
import { workloads } from './workloads.ts'

export interface ScalingOptions {
  /** One of the two. */
  script?: string | undefined
  workload?: string | undefined
  args: readonly string[]
  ranks: readonly number[]
  gpus: boolean
  emulate: boolean
  modes: readonly Mode[]
  batchSize: number
  threads: number
  warmup: number
  windows: number
  steps?: number | undefined
  seconds: number
  /** Of a job, in seconds. */
  timeout: number
  peer?: string | undefined
  python: string
  /** A folder for the traces. */
  trace?: string | undefined
  /** Path of a picture. */
  plot?: string | undefined
  json: boolean
}

const ownProgram = fileURLToPath(new URL('../workload.js', import.meta.url))
const endings: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs the command. Returns what it prints, and its exit code; `progress` is told what is being measured. */
export async function scalingCommand(options: ScalingOptions, progress: (what: string) => void): Promise<Answer> {
  const stop = new AbortController()
  const end = (signal: NodeJS.Signals) => stop.abort(signal)
  for (const signal of endings) process.on(signal, end)
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-bench-'))
  try {
    return { text: await run(options, { folder, timeout: options.timeout, signal: stop.signal }, progress), code: 0 }
  } catch (error) {
    if (stop.signal.aborted) {
      const signal: NodeJS.Signals = stop.signal.reason
      return { text: `dtrain: bench scaling: ended by ${signal}\n`, code: 128 + constants.signals[signal] }
    }
    return failureOf('scaling', error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    for (const signal of endings) process.off(signal, end)
  }
}

async function run(options: ScalingOptions, around: Surroundings, progress: (what: string) => void): Promise<string> {
  const { ranks, modes, batchSize, gpus, emulate, threads, warmup, windows, steps, seconds, plot, json } = options
  const { name, script, args } = programOf(options)
  const program: Program = { script, args, gpus, emulate, threads }
  const measurement = { warmup, windows, steps, seconds }
  const python = peerOf(options)
  const traces = options.trace === undefined ? undefined : resolve(options.trace)
  const setting: Setting = { name, program, measurement, ranks, modes, batchSize, python, traces }
  if (emulate) return emulated(setting, around, json)
  const report = await study(setting, around, progress)
  if (plot !== undefined) await (await pictureOf(report)).save(plot)
  if (json) return `${JSON.stringify(report)}\n`
  return plot === undefined ? reportOf(report) : `${reportOf(report)}\npicture: ${plot}\n`
}

function programOf({ script, workload, args }: ScalingOptions): { name: string; script: string; args: string[] } {
  if (script !== undefined) return { name: basename(script), script: resolve(script), args: [...args] }
  if (workloads.some(name => name === workload)) return { name: workload!, script: ownProgram, args: [workload!] }
  const near = nearest(workload!, workloads)
  const advice = near === undefined ? `there are ${workloads.join(', ')}` : `did you mean '${near}'?`
  throw new ArgumentError(`--workload '${workload}': unknown; ${advice}`)
}

/** The Python that has PyTorch, if it was asked for. */
function peerOf({ peer, python, gpus, script }: ScalingOptions): string | undefined {
  if (peer === undefined) return undefined
  if (peer !== 'torch') throw new ArgumentError(`--peer '${peer}': unknown; there is torch`)
  if (script !== undefined) throw new ArgumentError('--peer torch: has the built-in workloads only; give --workload')
  if (gpus) throw new ArgumentError('--peer torch: compares ranks on CPUs; give --nproc')
  checkPython(python)
  return python
}

/** Emulated GPUs say whether it works, and what would be sent, but nothing of times. */
async function emulated(setting: Setting, around: Surroundings, json: boolean): Promise<string> {
  const { program, measurement, ranks, batchSize, name, traces = around.folder } = setting
  const jobs = new Jobs(program, { ...measurement, steps: measurement.steps ?? measurement.warmup }, around)
  const found: { ranks: number; steps: number; buckets: number[] }[] = []
  for (const count of ranks) {
    const folder = join(traces, `emulated-${count}`)
    const steps = await jobs.traced(count, { batchSize, wrapped: true }, folder)
    const trace: object = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8'))
    const buckets: number[] = []
    for (const { name, bytes } of spansOf(trace)) {
      const [, bucket] = /^ready (\d+)$/.exec(name) ?? []
      if (bucket !== undefined) buckets[Number(bucket)] = bytes
    }
    found.push({ ranks: count, steps: measurement.warmup + steps, buckets })
  }
  if (json) return `${JSON.stringify({ name, emulated: true, points: found })}\n`
  const rows = found.map(({ ranks, steps, buckets }) => [
    ...[String(ranks), String(steps), String(buckets.length)],
    buckets.map(bytes => mebi(bytes)).join(', '),
  ])
  return (
    `${name} on emulated GPUs, which are for correctness: there are no times to tell. All ranks have made their steps.\n\n` +
    `${columns([['ranks', 'steps', 'buckets', 'MiB of each'], ...rows])}\n`
  )
}
