// Options that ops which write at an index share with their forms in place.
import { flag } from './args.ts'
import { Options } from './options.ts'

/** Options of `indexPut` and `put`. */
export interface AccumulateOptions {
  /** Add to what is there, also where a position is given several times; default false. */
  accumulate?: boolean
}

const accumulateOptions = new Options<AccumulateOptions>({ accumulate: true })

/** Whether an op adds. @throws ArgumentError unless it is said by true or false */
export function accumulates(op: string, accumulate: boolean | AccumulateOptions | undefined): boolean {
  return flag(`${op}: accumulate`, accumulateOptions.readFirst(op, accumulate).accumulate ?? false)
}

/** What `scatterReduce` and `indexReduce` make of all elements that come to one place. */
export type Gathering = 'sum' | 'prod' | 'mean' | 'amax' | 'amin'

/** Options of `scatterReduce` and `indexReduce`. */
export interface IncludeSelfOptions {
  /** Whether the element that is there counts too; default true. */
  includeSelf?: boolean
}

const includeSelfOptions = new Options<IncludeSelfOptions>({ includeSelf: true })

/** Whether the element that is there counts. @throws ArgumentError unless it is said by true or false */
export function includesSelf(op: string, options: IncludeSelfOptions | undefined): boolean {
  return flag(`${op}: includeSelf`, includeSelfOptions.read(op, options).includeSelf ?? true)
}

/** Options of `scatter`. */
export interface ScatterOptions {
  /** Add to what is there or multiply it, in place of writing; then there is no gradient. */
  reduce?: 'add' | 'multiply'
}

const scatterOptions = new Options<ScatterOptions>({ reduce: true })

/** How elements are merged; null writes them. @throws ArgumentError for no options object */
export function mergeOf(op: string, options: ScatterOptions | undefined): 'add' | 'multiply' | null {
  return scatterOptions.read(op, options).reduce ?? null
}
