// What is known of all trials of a search. With a folder, it is what the file trials.jsonl says: records are appended
// by one write each, by the search and by its trials' processes, and whoever wants to know reads on. A process that is
// killed leaves at most a record cut short, which everybody skips, so nothing that was written is ever lost.
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ArgumentError } from '../errors.ts'
import { statOf } from '../proc.ts'
import type { HalvingOptions, Report } from './halving.ts'
import type { Mean, Objective } from './objectives.ts'
import type { Parameter, Values } from './parameters.ts'

/** What a search is about; the first record. */
export interface Header {
  name: string
  parameters: readonly Parameter[]
  parameterConstraints: readonly string[]
  objectives: readonly Objective[]
  seed: number
  halving: Required<HalvingOptions> | null
}

/** 'stopped': by successive halving, before its end. */
export type TrialState = 'running' | 'completed' | 'stopped' | 'failed'

export interface Trial {
  /** From 0. */
  readonly number: number
  /** How often it has been started: more than once where the search was killed meanwhile. */
  readonly attempt: number
  readonly parameters: Values
  readonly state: TrialState
  /** Mean and standard error by objective; of a stopped trial what it reported last. */
  readonly values?: Readonly<Record<string, Mean>>
  readonly reports: readonly Report[]
  /** Why it failed. */
  readonly reason?: string
  /** How long it ran. */
  readonly seconds?: number
}

/** How often a trial has been started: what is left of an earlier start may not speak for a later one. */
type Attempt = { trial: number; attempt: number }

/** A line of the file. */
export type Entry =
  | { search: Header }
  | { opened: Owner }
  | { closed: Owner }
  | (Attempt & { parameters: Values })
  | (Attempt & { step: number; value: number | null })
  | (Attempt & { stopped: number })
  | (Attempt & { values: Record<string, Mean> })
  | (Attempt & { failed: string })
  | (Attempt & { seconds: number })

/** A process, and when it was started, since numbers come again. */
interface Owner {
  process: number
  born: string
}

type Known = { -readonly [K in keyof Trial]: Trial[K] } & { reports: Report[] }

export class Ledger {
  header: Header | undefined
  readonly #trials: Known[] = []
  readonly #owners: Owner[] = []
  readonly #path: string | undefined
  /** How much of the file has been read, and the record at its end that was not whole. */
  #read = 0
  #rest: Buffer = Buffer.alloc(0)

  /**
   * Of the file in a folder, which `create` makes if it has to; without a folder, of what is written here.
   * @throws what the file system says; ArgumentError for a file that is none of a search
   */
  constructor(folder: string | undefined, create: boolean) {
    if (folder === undefined) return
    this.#path = resolve(folder, 'trials.jsonl')
    if (create) mkdirSync(folder, { recursive: true })
    if (create && !existsSync(this.#path)) return
    this.#catchUp()
    // A search that was killed at once has left a part of the first line.
    if (this.header !== undefined || this.#read === this.#rest.length) return
    throw new ArgumentError(`${this.#path}: this is not the log of a search`)
  }

  /** All trials by their numbers. */
  get trials(): readonly Trial[] {
    this.#catchUp()
    return this.#trials
  }

  /** `durable` waits until the disk has it, so that it outlives a loss of power. */
  write(entry: Entry, durable = false): void {
    if (this.#path === undefined) {
      this.#take(entry)
      return
    }
    const file = openSync(this.#path, 'a+')
    try {
      // Behind a record cut short a new line begins. Beside other writers there may be an empty line too many.
      const { size } = fstatSync(file)
      const last = Buffer.alloc(1, '\n')
      if (size > 0) readSync(file, last, 0, 1, size - 1)
      const bytes = Buffer.from(`${last.toString() === '\n' ? '' : '\n'}${JSON.stringify(entry)}\n`)
      // One write, unless the disk is full: then the next one says so.
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      if (durable) fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }

  /** Refuses a second search in the folder. @throws ArgumentError while another process has it open */
  open(op: string): void {
    if (this.#path === undefined) return
    this.#catchUp()
    const before = this.#owners.length
    this.write({ opened: thisProcess() })
    this.#catchUp()
    // Of two that come at the same time the first in the file may stay.
    const mine = this.#owners.findIndex((one, i) => i >= before && isSame(one, thisProcess()))
    const other = this.#owners.slice(0, mine).find(one => one.born !== '' && bornAt(one.process) === one.born)
    if (other === undefined) return
    this.close()
    throw new ArgumentError(`${op}: folder: process ${other.process} is searching in '${dirname(this.#path)}' already`)
  }

  /** Lets others search in the folder. */
  close(): void {
    this.write({ closed: thisProcess() }, true)
  }

  #catchUp(): void {
    if (this.#path === undefined) return
    const file = openSync(this.#path, 'r')
    try {
      const { size } = fstatSync(file)
      const bytes = Buffer.alloc(Math.max(0, size - this.#read))
      this.#read += readSync(file, bytes, 0, bytes.length, this.#read)
      this.#rest = Buffer.concat([this.#rest, bytes])
    } finally {
      closeSync(file)
    }
    const end = this.#rest.lastIndexOf(10) + 1
    const lines = this.#rest.subarray(0, end).toString()
    this.#rest = this.#rest.subarray(end)
    for (const line of lines.split('\n')) {
      const entry = parsed(line)
      if (entry !== undefined) this.#take(entry)
    }
  }

  #take(entry: Entry): void {
    if ('search' in entry) this.header ??= entry.search
    else if ('opened' in entry) this.#owners.push(entry.opened)
    else if ('closed' in entry) {
      const at = this.#owners.findLastIndex(one => isSame(one, entry.closed))
      if (at >= 0) this.#owners.splice(at, 1)
    } else if ('parameters' in entry) {
      const { trial: number, attempt, parameters } = entry
      this.#trials[number] = { number, attempt, parameters, state: 'running', reports: [] }
    } else this.#takeResult(entry)
  }

  #takeResult(
    entry: Exclude<Entry, { search: Header } | { opened: Owner } | { closed: Owner } | { parameters: Values }>,
  ) {
    const trial = this.#trials[entry.trial]
    if (trial?.attempt !== entry.attempt) return
    if ('step' in entry) trial.reports.push([entry.step, entry.value ?? Number.NaN])
    else if ('stopped' in entry) {
      const value = trial.reports.at(-1)![1]
      trial.state = Number.isFinite(value) ? 'stopped' : 'failed'
      if (trial.state === 'stopped') trial.values = { [this.header!.objectives[0]!.name]: [value, null] }
      else trial.reason = `report: the value at step ${entry.stopped} is ${value}`
    } else if ('values' in entry) {
      if (trial.state === 'failed') return
      if (trial.state === 'running') trial.state = 'completed'
      trial.values = entry.values
    } else if ('failed' in entry) {
      trial.state = 'failed'
      trial.reason = entry.failed
    } else trial.seconds = entry.seconds
  }
}

/** What is cut short is no JSON, or none of an object. */
function parsed(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line)
    return typeof entry === 'object' && entry !== null ? entry : undefined
  } catch {
    return undefined
  }
}

const isSame = (a: Owner, b: Owner) => a.process === b.process && a.born === b.born

const thisProcess = (): Owner => ({ process: process.pid, born: bornAt(process.pid) })

/** When a living process was started, in ticks since the machine was; '' for none, or where there is no /proc. */
function bornAt(pid: number): string {
  try {
    const [state, ...fields] = statOf(pid)
    return state === 'Z' ? '' : fields[18]!
  } catch {
    return ''
  }
}
