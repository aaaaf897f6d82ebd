// Options objects. The rule everywhere: arguments without a default are positional, the ones with a default go in one
// trailing options object, and the first of those may be positional too: `x.sum(1)` is `x.sum({ dim: 1 })`. Any object
// is an options object but a tensor and what can be iterated; its class may give options too. A name that a function
// does not have is refused with the nearest that it has. scripts/arguments.ts checks the signatures.
import { ArgumentError } from '../errors.ts'
import { refuse } from './refuse.ts'

/** Whether a value is an options object: any object but a tensor, an array or something else that can be iterated. */
export function isOptions(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) return false
  // Of all else only a tensor says what it becomes as a primitive. Asking for its class would load it before this file.
  return isPlain(value) || !(Symbol.toPrimitive in value)
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const none = Object.freeze({})

/**
 * The options of one type, `O`, by name and in order: the first is the one that may be positional. The compiler
 * compares the names with the type.
 * @example const reduceOptions = new Options<ReduceOptions>({ dim: true, keepdim: true, dtype: true })
 */
export class Options<O extends object> {
  readonly #names: readonly string[]

  constructor(names: { readonly [K in keyof O]-?: true }) {
    this.#names = Object.keys(names)
  }

  /** Options that have a place of their own. @throws ArgumentError for no options object, or an unknown name */
  read(op: string, options: O | null | undefined): O {
    if (options == null) return none as O
    return isOptions(options) ? this.#checked(op, options) : refuse(op, 'options', options, this.read)
  }

  /** Options of which the first may stand before the others by itself. @throws ArgumentError as `read` */
  readFirst(op: string, first: unknown, options?: O | null): O {
    if (first === undefined) return this.read(op, options)
    const name = this.#names[0] as keyof O
    const given = isOptions(first) ? this.#checked(op, first as O) : undefined
    if (options == null) return given ?? ({ [name]: first } as O)
    const all = this.copy(this.read(op, options))
    if (given !== undefined) return Object.assign(all, this.copy(given))
    all[name] = first as never
    return all
  }

  /** Options of which the first two may stand before the others. @throws ArgumentError as `read` */
  readTwo(op: string, first: unknown, second: unknown, options?: O | null): O {
    if (second === undefined) return this.readFirst(op, first, options)
    const all = this.copy(this.read(op, options))
    if (isOptions(second)) Object.assign(all, this.copy(this.#checked(op, second as O)))
    else all[this.#names[1] as keyof O] = second as never
    return this.readFirst(op, first, all)
  }

  /** A copy of what the object and its class give, visible or not; undefined means left out, as everywhere. */
  copy(options: O): O {
    const copy: Record<string, unknown> = {}
    for (const name of this.#names) {
      const value = options[name as never]
      if (value !== undefined) copy[name] = value
    }
    return copy as O
  }

  #checked(op: string, options: O): O {
    if (!isPlain(options)) this.#refuseUnknown(op, options)
    else for (const name in options) if (!this.#names.includes(name)) this.#refuseUnknown(op, options)
    return options
  }

  /** Looks at all that an object and its classes have, but for methods and what is undefined. */
  #refuseUnknown(op: string, options: object): void {
    for (let level: object = options; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
      for (const name of Object.getOwnPropertyNames(level)) {
        if (this.#names.includes(name)) continue
        const value = options[name as never]
        if (value === undefined || (level !== options && typeof value === 'function')) continue
        const error = new ArgumentError(`${op}: unknown option '${name}'; ${this.#advice(name)}`)
        Error.captureStackTrace(error, this.read)
        throw error
      }
    }
  }

  #advice(name: string): string {
    const near = nearest(name, this.#names)
    return near === undefined ? `it has ${this.#names.join(', ')}` : `did you mean '${near}'?`
  }
}

/** What other libraries call an option; for names that are not near ours by their letters. */
const otherNames: Record<string, string> = {
  axis: 'dim',
  axes: 'dim',
  batch: 'batchSize',
  ceil: 'ceilMode',
  decay: 'weightDecay',
  epsilon: 'eps',
  gradient: 'gradOutputs',
  l2: 'weightDecay',
  learningRate: 'lr',
  mb: 'bucketCapMb',
  pad: 'padding',
  rng: 'generator',
  rounding: 'roundingMode',
  smoothing: 'labelSmoothing',
  stepSize: 'lr',
  type: 'dtype',
}

/** The name that was probably meant: `keep_dim` is keepdim, `alhpa` alpha, `learningRate` lr. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase()
  const distances = names.map(other => distance(plain(name), plain(other)))
  const least = Math.min(...distances)
  const near = names[distances.indexOf(least)]!
  if (least <= Math.max(1, Math.floor(Math.min(name.length, near.length) / 3))) return near
  return names.find(other =>
    Object.entries(otherNames).some(([key, ours]) => ours === other && plain(key) === plain(name)),
  )
}

/** How many letters must be put in, taken out, replaced or swapped with the next to make one text of the other. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 1; j <= b.length; j++) rows[0]!.push(j)
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : replaced
      rows[i]!.push(Math.min(replaced, swapped, rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1))
    }
  }
  return rows[a.length]![b.length]!
}
