// `dtrain bench simulate`: from the options of the command line to what is printed. Only a picture needs the addon.

import { ArgumentError } from '../errors.ts'
import { nearest } from '../tensor/options.ts'
import { type Answer, failureOf } from './answer.ts'
import { readMeasured } from './comm/measured.ts'
import type { Failures } from './failures.ts'
import { type Link, type Topology, topologies } from './network.ts'
import { pictureOf, reportOf } from './report.ts'
import { readStep } from './step.ts'
import { study } from './study.ts'

export interface SimulateOptions {
  /** A preset, or the path of a description or of traces. */
  step: string
  /** Default: 2 to 4096, or those that were measured. */
  ranks?: readonly number[] | undefined
  topology: string
  link?: Link | undefined
  /** Path of what `dtrain bench comm --json` has printed, instead of links. */
  comm?: string | undefined
  perHost: number
  intraLink?: Link | undefined
  /** Standard deviation of a rank's time, as a share; default: what the step says. */
  jitter?: number | undefined
  failures?: Failures | undefined
  steps: number
  seed: number
  /** Path of a picture. */
  plot?: string | undefined
  json: boolean
}

/** Runs the command. Returns what it prints, and its exit code. */
export async function simulateCommand(options: SimulateOptions): Promise<Answer> {
  try {
    return { text: await run(options), code: 0 }
  } catch (error) {
    return failureOf('simulate', error)
  }
}

async function run(options: SimulateOptions): Promise<string> {
  const { jitter, failures, steps, seed, plot } = options
  const { cluster, ranks } = placeOf(options)
  const given = readStep(options.step)
  const step = jitter === undefined ? given : { ...given, jitter: { sd: jitter } }
  const found = study({ step, cluster, failures, ranks, steps, seed })
  if (plot !== undefined) await (await pictureOf(found)).save(plot)
  if (options.json) return `${JSON.stringify(found)}\n`
  return plot === undefined ? reportOf(found) : `${reportOf(found)}\npicture: ${plot}\n`
}

/** Links, or a machine; and how many ranks there are to be. */
function placeOf({ comm, link, perHost, intraLink, ...options }: SimulateOptions) {
  if (link !== undefined && comm === undefined) {
    const cluster = { topology: topologyOf(options.topology), link, perHost, intraLink }
    return { cluster, ranks: options.ranks ?? Array.from({ length: 12 }, (_, i) => 2 ** (i + 1)) }
  }
  if (comm === undefined) throw new ArgumentError('give --link, what connects ranks, or --comm, what was measured')
  if (link !== undefined) throw new ArgumentError('--link and --comm exclude each other')
  const cluster = readMeasured(comm)
  return { cluster, ranks: options.ranks ?? cluster.jobs.map(({ ranks }) => ranks) }
}

function topologyOf(name: string): Topology {
  const topology = topologies.find(one => one === name)
  if (topology !== undefined) return topology
  const near = nearest(name, topologies)
  const advice = near === undefined ? `there are ${topologies.join(', ')}` : `did you mean '${near}'?`
  throw new ArgumentError(`--topology '${name}': unknown; ${advice}`)
}
