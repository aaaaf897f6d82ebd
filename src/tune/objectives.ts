// What a search wants to be small or large, and what an evaluation says of it: a number, or a mean with its standard
// error. Of several objectives none is the best, so there is a front: the trials that no other beats in all of them.
import { ArgumentError } from '../errors.ts'
import { isPlainObject, Options, refuse } from '../tensor/index.ts'
import { shown } from './parameters.ts'

export interface Objective {
  readonly name: string
  readonly minimize: boolean
}

/** A number, or its mean and standard error; without the second the noise is unknown. */
export type Measurement = number | readonly [mean: number, sem?: number | null]

/** What an evaluation returns: the objective, or all of them by name. */
export type Evaluation = Measurement | Readonly<Record<string, Measurement>>

/** Mean and standard error of an objective; null: the noise is unknown. */
export type Mean = readonly [mean: number, sem: number | null]

/** How each of several objectives is wanted. */
export interface ObjectiveOptions {
  /** Default false. */
  minimize?: boolean
}

const objectiveOptions = new Options<ObjectiveOptions>({ minimize: true })

/** The objectives of a search, from those of its options that are about them. @throws ArgumentError */
export function readObjectives(
  op: string,
  given: { minimize?: boolean; objectiveName?: string; objectives?: Readonly<Record<string, ObjectiveOptions>> },
): Objective[] {
  const { minimize = false, objectiveName: name = 'objective', objectives } = given
  if (objectives === undefined) {
    if (typeof minimize !== 'boolean') refuse(`${op}: minimize`, 'true or false', minimize)
    if (typeof name !== 'string') refuse(`${op}: objectiveName`, 'a text', name)
    return [{ name, minimize }]
  }
  if (given.minimize !== undefined || given.objectiveName !== undefined) {
    throw new ArgumentError(`${op}: objectives have their names and minimize each; leave the other out`)
  }
  if (!isPlainObject(objectives)) refuse(`${op}: objectives`, 'objectives by name', objectives)
  const read = Object.entries(objectives).map(([name, one]) => {
    const { minimize = false } = objectiveOptions.read(`${op}: objective '${name}'`, one)
    if (typeof minimize !== 'boolean') refuse(`${op}: objective '${name}': minimize`, 'true or false', minimize)
    return { name, minimize }
  })
  if (read.length === 0) throw new ArgumentError(`${op}: objectives: there is none`)
  return read
}

/** All objectives of an evaluation. @throws ArgumentError for what is missing, NaN or infinite */
export function readEvaluation(op: string, result: Evaluation, objectives: readonly Objective[]): Record<string, Mean> {
  const byName = isPlainObject(result) ? (result as Readonly<Record<string, Measurement>>) : undefined
  if (byName === undefined && objectives.length > 1) refuse(op, `an object with ${list(objectives)}`, result)
  const unknown = Object.keys(byName ?? {}).find(name => objectives.every(one => one.name !== name))
  if (unknown !== undefined) {
    throw new ArgumentError(`${op}: '${unknown}' is no objective; the search has ${list(objectives)}`)
  }
  const of = (name: string) => (byName ? byName[name] : (result as Measurement))
  return Object.fromEntries(objectives.map(({ name }) => [name, readMeasured(`${op}: ${name}`, of(name))]))
}

function readMeasured(what: string, measured: Measurement | undefined): Mean {
  const pair = typeof measured === 'number' ? [measured] : measured
  if (!Array.isArray(pair) || typeof pair[0] !== 'number') refuse(what, 'a number or [mean, sem]', measured)
  const [mean, sem = null] = pair as [number, (number | null)?]
  if (!Number.isFinite(mean)) throw new ArgumentError(`${what}: the value is ${mean}`)
  if (sem !== null && !(sem >= 0 && sem < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError(`${what}: the standard error must be a number from 0 on: ${shown(sem)}`)
  }
  return [mean, sem]
}

const list = (objectives: readonly Objective[]) => objectives.map(({ name }) => shown(name)).join(', ')

/** Means by objective, each to be small. */
export function lossesOf(values: Readonly<Record<string, Mean>>, objectives: readonly Objective[]): number[] {
  return objectives.map(({ name, minimize }) => (minimize ? values[name]![0] : -values[name]![0]))
}

const dominates = (a: readonly number[], b: readonly number[]) =>
  a.every((value, i) => value <= b[i]!) && a.some((value, i) => value < b[i]!)

/**
 * For each row of losses how many fronts are before its own: 0 for what no other row beats in everything; -1 behind the
 * first `most` fronts.
 */
export function frontsOf(losses: readonly (readonly number[])[], most = losses.length): number[] {
  const fronts = new Array<number>(losses.length).fill(-1)
  for (let front = 0; front < most && fronts.includes(-1); front++) {
    const left = losses.filter((_, i) => fronts[i] === -1)
    const undominated = losses.map((row, i) => fronts[i] === -1 && !left.some(other => dominates(other, row)))
    for (const [i, is] of undominated.entries()) if (is) fronts[i] = front
  }
  return fronts
}

/**
 * The indices of rows from the best to the worst: front by front, and of a front those first that have most room
 * between their neighbours, the ends before all (the order of NSGA-II). For one objective this is sorting.
 */
export function rank(losses: readonly (readonly number[])[]): number[] {
  const indices = losses.map((_, i) => i)
  const count = losses[0]?.length ?? 0
  if (count === 1) return indices.sort((a, b) => losses[a]![0]! - losses[b]![0]!)
  const fronts = frontsOf(losses)
  const room = losses.map(() => 0)
  for (let objective = 0; objective < count; objective++) {
    const of = (i: number) => losses[i]![objective]!
    for (let front = 0; front <= Math.max(...fronts); front++) {
      const members = indices.filter(i => fronts[i] === front)
      members.sort((a, b) => of(a) - of(b))
      const range = of(members.at(-1)!) - of(members[0]!) || 1
      for (const [place, i] of members.entries()) {
        const [before, after] = [members[place - 1], members[place + 1]]
        const isEnd = before === undefined || after === undefined
        room[i]! += isEnd ? Number.POSITIVE_INFINITY : (of(after) - of(before)) / range
      }
    }
  }
  return indices.sort((a, b) => fronts[a]! - fronts[b]! || room[b]! - room[a]! || a - b)
}
