// What every benchmark measures with: the sides of a comparison take turns, so that what else the machine does meets
// all of them alike; of many rounds the median counts, and the middle half of the rounds says how far to trust it. A
// side is a function here, or a row of a twin, the same in Python (bench/twin.py). Node only: scripts of bench/ import
// this beside the library that they measure.
import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { columns } from '../columns.ts'
import { ArgumentError } from '../errors.ts'

/** Of some rounds, in any unit. */
export interface Spread {
  median: number
  /** The middle half of the rounds lies between these. */
  low: number
  high: number
}

export function spreadOf(values: readonly number[]): Spread {
  const rising = values.toSorted((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (rising.length - 1)
    const [below, above] = [rising[Math.floor(place)]!, rising[Math.ceil(place)]!]
    return below + (above - below) * (place - Math.floor(place))
  }
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

export const median = (values: readonly number[]): number => spreadOf(values).median

/** Half of what the middle half spans, as a share of the median: `± 3 %`. */
export function within({ median, low, high }: Spread): string {
  return `± ${median === 0 ? 0 : Math.round((50 * (high - low)) / median)} %`
}

/** Microseconds of one call, of `calls` calls in a row. */
export type Side = (calls: number) => number | Promise<number>

export const calling =
  (call: () => unknown): Side =>
  calls => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) call()
    return ((performance.now() - start) * 1000) / calls
  }

export interface Rounds {
  rounds?: number
  /** About what a round takes, in milliseconds: so many calls it makes. */
  ms?: number
  /** Calls of a round; default: by `ms`. */
  calls?: number
}

/** Microseconds of a call by round, for each side. In turn now the first begins a round, now the last. */
export async function alternate(
  sides: readonly Side[],
  { rounds = 11, ms = 10, calls }: Rounds = {},
): Promise<number[][]> {
  const counts: number[] = []
  for (const side of sides) {
    await side(1)
    counts.push(calls ?? Math.max(1, Math.min(1e6, Math.round((1000 * ms) / (await side(1))))))
  }
  const times = sides.map(() => [] as number[])
  for (let round = 0; round < rounds; round++) {
    const order = sides.map((_, i) => (round % 2 === 0 ? i : sides.length - 1 - i))
    for (const i of order) times[i]!.push(await sides[i]!(counts[i]!))
  }
  return times
}

/** Microseconds of one call of `call`. */
export async function microseconds(call: () => unknown, options?: Rounds): Promise<Spread> {
  return spreadOf((await alternate([calling(call)], options))[0]!)
}

/** How many times as long as the first each round of the others takes. */
export function ratioOf(first: readonly number[], other: readonly number[]): Spread {
  return spreadOf(other.map((time, round) => time / first[round]!))
}

/** What numbers were measured on: `AMD EPYC, 2 cores, Node 20.20.0, load 0.3`, and the versions of what else ran. */
export function machineLine(...versions: string[]): string {
  const cores = availableParallelism()
  const model = cpus()[0]?.model.trim() ?? process.arch
  const parts = [`${cores} core${cores === 1 ? '' : 's'}`, `Node ${process.versions.node}`, ...versions]
  return [model, ...parts, `load ${loadavg()[0]!.toFixed(1)}`].join(', ')
}

/** A process of Python that measures rows of its own when it is asked to: see bench/twin.py. */
export class Twin {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  /** What it is: `PyTorch 2.13.0`. */
  readonly version: string

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, version: string) {
    this.#process = process
    this.#lines = lines
    this.version = version
  }

  /** @throws ArgumentError when the interpreter cannot be started or lacks what the script imports */
  static async start(python: string, script: string, ...args: string[]): Promise<Twin> {
    const child = spawn(python, [script, '--serve', ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.on('error', () => {}) // its end is noticed where its answer is read
    let said = ''
    child.stderr.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-4096)
    })
    const failed = new Promise<never>((_, reject) => {
      child.once('error', error => reject(new ArgumentError(`--python '${python}': ${error.message}`)))
    })
    failed.catch(() => {})
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const first = await Promise.race([lines.next(), failed])
    if (!first.done) return new Twin(child, lines, first.value)
    const reason = said.trim().split('\n').at(-1)
    throw new ArgumentError(`--python '${python}': ${reason === '' ? 'it ended without a word' : reason}`)
  }

  /** A row of the script. */
  side(row: string): Side {
    return async calls => {
      this.#process.stdin!.write(`${calls} ${row}\n`)
      const { value, done } = await this.#lines.next()
      const time = Number(value)
      if (done || !(time >= 0))
        throw new ArgumentError(`the twin in Python has no time of '${row}': ${value ?? 'it has ended'}`)
      return time
    }
  }

  end(): void {
    this.#process.stdin!.end()
  }
}

/** A row of a table of microseconds. */
export interface Row {
  /** Cells of the first columns; with spaces between them, the name of the row in a twin. */
  cells: readonly (string | number)[]
  make: () => () => unknown
  /** How many operations or bytes a call has, for the column of `rate`. */
  work?: number
}

export interface Table {
  heads: readonly string[]
  rows: readonly Row[]
  /** Work a second: GFLOP/s, say, where a microsecond of it is `unit` pieces of work. */
  rate?: { head: string; unit: number }
}

const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** Prints a table, beside the twin in `script` where the command line has `--python`: all of a script that has one. */
export async function show(table: Table, script: string, rounds?: Rounds): Promise<void> {
  const twin = await twinOf(script)
  console.log(await measured(table, twin, rounds))
  twin?.end()
}

/** The twin in `script`, if the command line has `--python`; without what it needs, the end of the process. */
export async function twinOf(script: string, ...args: string[]): Promise<Twin | undefined> {
  const { values } = parseArgs({ options: { python: { type: 'string' } }, allowPositionals: true })
  if (values.python === undefined) return undefined
  try {
    return await Twin.start(values.python, script, ...args)
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}

/** Measures the rows, beside those of a twin if there is one, and returns the table with the machine above it. */
export async function measured({ heads, rows, rate }: Table, twin?: Twin, rounds?: Rounds): Promise<string> {
  const beside = twin === undefined ? [] : ['PyTorch', 'spread', 'ratio', 'spread']
  const lines: string[][] = [[...heads, 'µs', 'spread', ...(rate ? [rate.head] : []), ...beside]]
  for (const { cells, make, work = 0 } of rows) {
    const name = cells.join(' ')
    const sides = [calling(make()), ...(twin ? [twin.side(name)] : [])]
    const [ours, theirs] = (await alternate(sides, rounds)) as [number[], number[]?]
    const time = spreadOf(ours)
    const line = [...cells.map(String), number(time.median), within(time)]
    if (rate) line.push(number(work / time.median / rate.unit))
    if (theirs) {
      const [other, ratio] = [spreadOf(theirs), ratioOf(ours, theirs)]
      line.push(number(other.median), within(other), ratio.median.toFixed(2), within(ratio))
    }
    lines.push(line)
  }
  return `${machineLine(...(twin ? [twin.version] : []))}\n${columns(lines)}`
}
