// What `optimize` takes, and the checks of it. Ax's names in camelCase, where Ax has them.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ArgumentError } from '../errors.ts'
import { Options, refuse } from '../tensor/index.ts'
import type { EvaluationFunction } from './functions.ts'
import { type HalvingOptions, readHalving } from './halving.ts'
import type { Header, Trial } from './ledger.ts'
import { type ObjectiveOptions, readObjectives } from './objectives.ts'
import { type Parameter, type ParametersOf, positive, shown, type Values } from './parameters.ts'
import type { ScriptJob } from './scripts.ts'
import { Space } from './space.ts'
import { readStrategy, type StrategyName } from './strategies/index.ts'
import type { Strategy } from './strategies/strategy.ts'

/** Options of `optimize`. */
export interface OptimizeOptions<P extends readonly Parameter[] = readonly Parameter[]> {
  /** What is varied, and between what. */
  parameters: P
  /** Evaluates parameters in this process; it may be asynchronous. Or `script`. */
  evaluationFunction?: EvaluationFunction<ParametersOf<P>>
  /** A script that `dtrain` runs for each trial, in processes of its own; it calls `trial`. */
  script?: string | URL
  /** Arguments of the script. */
  args?: readonly string[]
  /** Ranks of a trial of the script, default 1. */
  nproc?: number
  /** The same on GPUs, one each. */
  gpus?: number
  /** The GPUs are emulated, default false. */
  emulate?: boolean
  /** Whether the objective is to be small, default false. */
  minimize?: boolean
  /** Default 'objective'. */
  objectiveName?: string
  /** Several objectives by name, in place of `minimize` and `objectiveName`. */
  objectives?: Readonly<Record<string, ObjectiveOptions>>
  /** Such as 'x1 + x2 <= 1' or 'x1 <= x2'. */
  parameterConstraints?: readonly string[]
  /** Default 20; of a search that goes on, those before are among them. */
  totalTrials?: number
  /** How the next point is chosen, default 'bayesian'. */
  strategy?: StrategyName | Strategy
  /** Default: a random one. */
  seed?: number
  /** Trials at a time, default 1. */
  parallelism?: number
  /** Stop trials early, by what they report: asynchronous successive halving. Default false. */
  halving?: boolean | HalvingOptions
  /** Seconds that a trial may take; default: as many as it likes. */
  timeout?: number
  /** Where the search is written down. A search that is there already goes on. */
  folder?: string
  /** Default: 'search'. */
  experimentName?: string
  /** Called after each trial. */
  onTrial?: (trial: Trial) => void
}

const optimizeOptions = new Options<OptimizeOptions>({
  parameters: true,
  evaluationFunction: true,
  script: true,
  args: true,
  nproc: true,
  gpus: true,
  emulate: true,
  minimize: true,
  objectiveName: true,
  objectives: true,
  parameterConstraints: true,
  totalTrials: true,
  strategy: true,
  seed: true,
  parallelism: true,
  halving: true,
  timeout: true,
  folder: true,
  experimentName: true,
  onTrial: true,
})

/** Node's timers overflow above 2^31 milliseconds. */
const mostSeconds = 2_000_000

/** A search that has been asked for, with all its defaults. */
export interface Plan {
  header: Header
  /** Whether the seed is the caller's. */
  isSeeded: boolean
  space: Space
  strategy: Strategy
  totalTrials: number
  parallelism: number
  timeout: number
  folder: string | undefined
  evaluate: EvaluationFunction<Values> | ScriptJob
  onTrial: (trial: Trial) => void
}

/** @throws ArgumentError */
export function readPlan(op: string, options: OptimizeOptions): Plan {
  if (options === undefined) refuse(op, '{ parameters, evaluationFunction }', options)
  const given = optimizeOptions.read(op, options)
  const { parameters, parameterConstraints = [], experimentName: name = 'search', folder } = given
  const space = new Space(op, parameters, parameterConstraints)
  const objectives = readObjectives(op, given)
  const both = objectives.find(objective => objective.name in space.decode(space.dimensions.map(() => 0)))
  if (both !== undefined) throw new ArgumentError(`${op}: ${shown(both.name)} is a parameter and an objective`)
  const halving = readHalving(`${op}: halving`, given.halving ?? false)
  if (halving !== undefined && objectives.length > 1) {
    throw new ArgumentError(`${op}: halving: it takes one objective, and there are ${objectives.length}`)
  }
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    refuse(`${op}: folder`, 'the path of a folder', folder)
  }
  if (typeof name !== 'string') refuse(`${op}: experimentName`, 'a text', name)
  const seed = given.seed ?? Math.floor(Math.random() * 2 ** 32)
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new ArgumentError(`${op}: seed must be an integer from 0 to 2^32 - 1: ${shown(seed)}`)
  }
  const parallelism = positive(`${op}: parallelism`, given.parallelism ?? 1)
  const timeout = given.timeout ?? mostSeconds
  if (typeof timeout !== 'number' || !(timeout > 0 && timeout <= mostSeconds)) {
    throw new ArgumentError(`${op}: timeout must be seconds, from 0 to ${mostSeconds}: ${shown(timeout)}`)
  }
  if (given.onTrial !== undefined && typeof given.onTrial !== 'function') {
    refuse(`${op}: onTrial`, 'a function', given.onTrial)
  }
  return {
    header: { name, parameters, parameterConstraints, objectives, seed, halving: halving ?? null },
    isSeeded: given.seed !== undefined,
    space,
    strategy: readStrategy(op, given.strategy ?? 'bayesian'),
    totalTrials: positive(`${op}: totalTrials`, given.totalTrials ?? 20),
    parallelism,
    timeout,
    folder,
    evaluate: readEvaluate(op, given, parallelism, timeout),
    onTrial: given.onTrial ?? (() => {}),
  }
}

function readEvaluate(op: string, given: OptimizeOptions, parallelism: number, timeout: number): Plan['evaluate'] {
  const { evaluationFunction, script, args = [], nproc, gpus, emulate = false, folder } = given
  if ((evaluationFunction === undefined) === (script === undefined)) {
    throw new ArgumentError(`${op}: expected an evaluationFunction or a script, one of the two`)
  }
  if (evaluationFunction !== undefined) {
    if (typeof evaluationFunction !== 'function') refuse(`${op}: evaluationFunction`, 'a function', evaluationFunction)
    for (const name of ['args', 'nproc', 'gpus', 'emulate'] as const) {
      if (given[name] !== undefined) throw new ArgumentError(`${op}: ${name} is for a script, not for a function`)
    }
    return evaluationFunction as EvaluationFunction<Values>
  }
  if (folder === undefined) {
    throw new ArgumentError(`${op}: a script needs a folder, where the search and its trials are written down`)
  }
  const path = script instanceof URL ? fileURLToPath(script) : script!
  if (typeof path !== 'string') refuse(`${op}: script`, 'the path of a script, or its URL', path)
  if (!existsSync(path)) throw new ArgumentError(`${op}: script: there is no file '${path}'`)
  if (!Array.isArray(args) || args.some(one => typeof one !== 'string')) {
    refuse(`${op}: args`, 'an array of texts', args)
  }
  if (nproc !== undefined && gpus !== undefined) {
    throw new ArgumentError(`${op}: nproc are ranks on CPUs, gpus are ranks on GPUs: give one of the two`)
  }
  if (emulate !== false && gpus === undefined) throw new ArgumentError(`${op}: emulate is for gpus`)
  const ranks = positive(`${op}: ${gpus === undefined ? 'nproc' : 'gpus'}`, gpus ?? nproc ?? 1)
  return { script: path, args, nproc: ranks, gpus: gpus !== undefined, emulate, parallelism, folder, timeout }
}
