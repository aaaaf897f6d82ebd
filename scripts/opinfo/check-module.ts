// One of PyTorch's module test inputs, as modules.py has written it, run by dtrain: the constructor by the rule of the
// API, what it draws, the keys of the state, what forward answers, the state afterwards, the printed form, and the
// gradients of inputs and parameters.
import * as dt from '../../src/index.ts'
import { camel } from './report.ts'
import {
  type Data,
  decode,
  difference,
  type Entry,
  entriesOf,
  gradientDifference,
  leavesOf,
  type Tensor,
} from './values.ts'

type Argument = { name: string; value: ModuleEntry; default: boolean }
type ModuleEntry = Entry | { module: string; arguments: Argument[]; state: State } | { function: string }
type State = Record<string, Entry>

export interface ModuleSample {
  dtype: dt.DType
  training: boolean
  arguments: Argument[]
  initial: State
  state: State
  forward: Argument[]
  out: Entry
  /** The same computed in a wider dtype. */
  precise?: Entry[]
  after: State
  printed: string
  weights?: Entry[]
  inputs?: Entry[]
  parameters?: State
}

type Constructor = new (...args: unknown[]) => dt.nn.Module & ((...args: unknown[]) => unknown)

/** The classes of dtrain by PyTorch's names. */
export const classes = dt.nn as unknown as Record<string, Constructor | undefined>
const functions = dt.nn.functional as unknown as Record<string, unknown>

/** The arguments of a call: positional ones, and the options. */
function argumentsOf(list: readonly Argument[], data: Data, leaves: Tensor[]): unknown[] {
  const positional: unknown[] = []
  const options: Record<string, unknown> = {}
  for (const { name, value, default: optional } of list) {
    const one = decoded(value, data, leaves)
    if (optional) options[camel(name)] = one
    else positional.push(one)
  }
  return Object.keys(options).length > 0 ? [...positional, options] : positional
}

function decoded(entry: ModuleEntry, data: Data, leaves: Tensor[]): unknown {
  if (entry !== null && typeof entry === 'object') {
    if ('module' in entry) {
      const module = new classes[entry.module]!(...argumentsOf(entry.arguments, data, leaves))
      return load(module, entry.state, data)
    }
    if ('function' in entry) return functions[camel(entry.function)]
  }
  return decode(dt, entry as Entry, data, leaves)
}

/** What differs from PyTorch, or undefined. */
export function checkModule(name: string, sample: ModuleSample, data: Data): string | undefined {
  dt.manualSeed(42)
  const module = new classes[name]!(...argumentsOf(sample.arguments, data, []))
  const initial = states('initial', module.stateDict(), sample.initial, data)
  if (initial !== undefined) return initial
  load(module.train(sample.training), sample.state, data)
  const inputs: Tensor[] = []
  const given = argumentsOf(sample.forward, data, inputs)
  dt.manualSeed(42)
  const got = leavesOf(dt, module(...given))
  const want = entriesOf(sample.out)
  if (got.length !== want.length) return `forward gives ${got.length} values, not ${want.length}`
  for (const [i, value] of got.entries()) {
    const problem = difference(dt, value, want[i]!, data, true)
    const precise = sample.precise?.[i]
    if (problem !== undefined && (!precise || difference(dt, value, precise, data, true))) return `forward: ${problem}`
  }
  const after = states('afterwards', module.stateDict(), sample.after, data)
  if (after !== undefined) return after
  if (plain(String(module)) !== plain(sample.printed))
    return `prints ${module}, not ${sample.printed}`.replaceAll('\n', '\\n')
  return sample.weights === undefined ? undefined : gradients(module, sample, got, inputs, data)
}

/** A module with that state, in its dtype. */
function load(module: dt.nn.Module, state: State, data: Data): dt.nn.Module {
  const tensors = Object.fromEntries(Object.entries(state).map(([key, entry]) => [key, tensorOf(entry, data)]))
  const real = Object.values(tensors).find(x => x.dtype.includes('float'))
  if (real !== undefined) module.to({ dtype: real.dtype })
  module.loadStateDict(tensors)
  return module
}

/** JavaScript has one number for 1 and 1.0. */
const plain = (text: string) => text.replace(/(?<=[=(]-?\d+)\.0\b/g, '')

const tensorOf = (entry: Entry, data: Data) => decode(dt, entry, data, []) as Tensor

function states(when: string, got: Map<string, Tensor> | Record<string, unknown>, want: State, data: Data) {
  const entries = Object.entries(got instanceof Map ? Object.fromEntries(got) : got)
  const [ours, theirs] = [entries.map(([key]) => key).join(' '), Object.keys(want).join(' ')]
  if (ours !== theirs) return `${when}: the state is ${ours || 'empty'}, not ${theirs || 'empty'}`
  for (const [key, value] of entries) {
    const problem = difference(dt, value, want[key]!, data, true)
    if (problem !== undefined) return `${when}: ${key}: ${problem}`
  }
  return undefined
}

function gradients(module: dt.nn.Module, sample: ModuleSample, got: unknown[], inputs: Tensor[], data: Data) {
  const leaves = [
    ...inputs.map((x, i): [string, Tensor, Entry] => [`input ${i}`, x, sample.inputs![i]!]),
    ...[...module.namedParameters()].map(([key, p]): [string, Tensor, Entry] => [
      key,
      p,
      sample.parameters![key] ?? null,
    ]),
  ]
  return gradientDifference(dt, got, sample.weights!, leaves, data)
}
