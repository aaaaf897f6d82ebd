// A training step of one rank: what the simulation knows of a program. It comes from the name of a preset, from a
// description in JSON, or from traces.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentError } from '../errors.ts'
import { nearest } from '../tensor/options.ts'
import { presets } from './presets.ts'
import { stepOfTraces } from './trace.ts'

/** Gradients that are sent together. */
export interface Bucket {
  bytes: number
  /** Seconds from the start of backward. */
  ready: number
}

/** By what a rank's time is multiplied in each step: a normal distribution around 1, or one of the samples. */
export type Jitter = { sd: number } | { samples: readonly number[] }

/** Times are in seconds. */
export interface Step {
  name: string
  /** From the end of the optimizer to the start of backward: loading data belongs to it. */
  forward: number
  backward: number
  optimizer: number
  /** In the order in which they are sent. */
  buckets: Bucket[]
  /** Bytes of the tensors that a step makes: outputs, and their gradients. */
  activations?: number
  jitter: Jitter
  /** A step of one process without a wrapper, which efficiency is measured against; default: what a rank computes. */
  alone?: number
}

/** What a rank computes. */
export const computeOf = ({ forward, backward, optimizer }: Omit<Step, 'name' | 'buckets' | 'jitter'>): number =>
  forward + backward + optimizer

/** The step of a preset, of a file, or of a folder with the traces of all ranks. @throws ArgumentError */
export function readStep(source: string): Step {
  const preset = presets[source]
  if (preset !== undefined) return preset
  const stats = statSync(source, { throwIfNoEntry: false })
  if (stats === undefined) {
    const names = Object.keys(presets)
    const near = nearest(source, names)
    const advice = near === undefined ? `presets are ${names.join(', ')}` : `did you mean '${near}'?`
    throw new ArgumentError(`--step '${source}': neither a preset nor a file; ${advice}`)
  }
  if (stats.isDirectory()) {
    const files = readdirSync(source).filter(name => /^rank-\d+\.json$/.test(name))
    if (files.length === 0) throw new ArgumentError(`--step '${source}': the folder has no rank-N.json`)
    return stepOfTraces(
      files.map(name => parse(join(source, name))),
      source,
    )
  }
  const value = parse(source)
  if (Array.isArray(value) || 'traceEvents' in value) return stepOfTraces([value], source)
  return stepOfDescription(value as Record<string, unknown>, source)
}

function parse(file: string): object {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new ArgumentError(`--step '${file}': not JSON: ${error.message}`)
    throw error
  }
  if (typeof value !== 'object' || value === null) throw new ArgumentError(`--step '${file}': expected an object`)
  return value
}

const fields = ['name', 'forward', 'backward', 'optimizer', 'buckets', 'activations', 'jitter', 'alone']

/** Times of a description are in milliseconds. */
function stepOfDescription(given: Record<string, unknown>, source: string): Step {
  const fail = (message: string): never => {
    throw new ArgumentError(`--step '${source}': ${message}`)
  }
  for (const name of Object.keys(given)) {
    if (fields.includes(name)) continue
    const near = nearest(name, fields)
    fail(`unknown field '${name}'; ${near === undefined ? `it has ${fields.join(', ')}` : `did you mean '${near}'?`}`)
  }
  const number = (value: unknown, name: string, unit = 1): number => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value * unit
    return fail(`${name} must be a number that is not negative, got ${JSON.stringify(value)}`)
  }
  const list = (value: unknown, name: string): unknown[] =>
    Array.isArray(value) && value.length > 0 ? value : fail(`${name} must be a list that is not empty`)
  const millisecond = 1e-3
  const backward = number(given.backward, 'backward', millisecond)
  const buckets = list(given.buckets, 'buckets').map((bucket, i) => {
    const { bytes, ready } = (bucket ?? {}) as Record<string, unknown>
    const at = number(ready, `ready of bucket ${i}`, millisecond)
    if (at > backward) fail(`bucket ${i} is ready after ${ready} ms, but backward ends after ${given.backward} ms`)
    return { bytes: number(bytes, `bytes of bucket ${i}`), ready: at }
  })
  const { sd = 0, samples } = (given.jitter ?? {}) as Record<string, unknown>
  return {
    name: typeof given.name === 'string' ? given.name : source,
    forward: number(given.forward, 'forward', millisecond),
    backward,
    optimizer: number(given.optimizer ?? 0, 'optimizer', millisecond),
    buckets,
    jitter:
      samples === undefined
        ? { sd: number(sd, 'sd of jitter') }
        : { samples: list(samples, 'samples of jitter').map((value, i) => number(value, `sample ${i} of jitter`)) },
    ...(given.activations !== undefined && { activations: number(given.activations, 'activations') }),
    ...(given.alone !== undefined && { alone: number(given.alone, 'alone', millisecond) }),
  }
}
