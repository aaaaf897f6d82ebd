// Writes Python's pickles of protocol 2, with the few instructions that torch.load(weights_only=True) reads. Integers
// become ints and other numbers floats, null becomes None, arrays lists, objects and Maps dicts, bytes bytes.
import { ArgumentError } from '../errors.ts'
import { Tensor } from '../tensor/index.ts'

/** A call in a pickle: `function(*args)`. */
export class Call {
  readonly name: string
  readonly args: readonly unknown[]

  /** `name` is that of a function: `torch._utils._rebuild_tensor_v2`. */
  constructor(name: string, args: readonly unknown[]) {
    this.name = name
    this.args = args
  }
}

/** A class or constant by its name: `torch.FloatStorage`. */
export class Name {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Python's tuple. */
export class Tuple {
  readonly items: readonly unknown[]

  constructor(...items: readonly unknown[]) {
    this.items = items
  }
}

/** What torch.save keeps outside of the pickle. */
export class PersistentId {
  readonly id: Tuple

  constructor(id: Tuple) {
    this.id = id
  }
}

const encoder = new TextEncoder()

class Writer {
  #bytes = new Uint8Array(1024)
  #length = 0

  put(...bytes: number[]): void {
    this.write(Uint8Array.from(bytes))
  }

  code(letter: string): void {
    this.put(letter.charCodeAt(0))
  }

  write(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + bytes.length))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}

const littleEndian = (value: number, bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)

/**
 * One pickle. `replace` may turn a value into another before it is written, a tensor into a `Call`. The value holds
 * nothing but what a file can hold (values.ts).
 */
export function pickle(value: unknown, replace: (value: unknown) => unknown): Uint8Array {
  const out = new Writer()
  out.put(0x80, 2)
  write(value)
  out.code('.')
  return out.done()

  function write(given: unknown): void {
    const value = replace(given)
    if (value === null || value === undefined) out.code('N')
    else if (typeof value === 'boolean') out.put(value ? 0x88 : 0x89)
    else if (typeof value === 'number') writeNumber(value)
    else if (typeof value === 'bigint') writeInteger(value)
    else if (typeof value === 'string') writeText(value)
    else if (value instanceof Name) writeName(value.name)
    else writeObject(value as object)
  }

  function writeObject(value: object): void {
    if (value instanceof Tuple) writeTuple(value.items)
    else if (value instanceof Call) {
      writeName(value.name)
      writeTuple(value.args)
      out.code('R')
    } else if (value instanceof PersistentId) {
      writeTuple(value.id.items)
      out.code('Q')
    } else if (value instanceof Uint8Array) {
      // As Python itself writes bytes in this protocol: as the text that latin-1 makes of them.
      write(new Call('_codecs.encode', [Buffer.from(value).toString('latin1'), 'latin1']))
    } else if (Array.isArray(value)) writeList(value)
    else writeDict(value instanceof Map ? [...value] : properties(value))
  }

  function writeTuple(items: readonly unknown[]): void {
    out.code('(')
    for (const item of items) write(item)
    out.code('t')
  }

  function writeList(items: readonly unknown[]): void {
    out.code(']')
    if (items.length === 0) return
    out.code('(')
    for (const item of items) write(item)
    out.code('e')
  }

  function writeDict(pairs: readonly (readonly [unknown, unknown])[]): void {
    out.code('}')
    if (pairs.length === 0) return
    out.code('(')
    for (const [key, value] of pairs) {
      write(asKey(key))
      write(value)
    }
    out.code('u')
  }

  function writeNumber(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      writeInteger(BigInt(value))
      return
    }
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, value, false)
    out.code('G')
    out.write(bytes)
  }

  function writeInteger(value: bigint): void {
    if (value >= 0n && value < 256n) {
      out.put('K'.charCodeAt(0), Number(value))
      return
    }
    let bytes = 1
    while (BigInt.asIntN(8 * bytes, value) !== value) bytes++
    if (bytes <= 4) {
      out.code('J')
      bytes = 4
    } else {
      if (bytes > 255) throw new ArgumentError('an integer of more than 255 bytes')
      out.put(0x8a, bytes)
    }
    const unsigned = BigInt.asUintN(8 * bytes, value)
    out.write(Uint8Array.from({ length: bytes }, (_, i) => Number((unsigned >> BigInt(8 * i)) & 255n)))
  }

  function writeText(value: string): void {
    const bytes = encoder.encode(value)
    out.code('X')
    out.write(littleEndian(bytes.length, 4))
    out.write(bytes)
  }

  function writeName(name: string): void {
    const dot = name.lastIndexOf('.')
    out.code('c')
    out.write(encoder.encode(`${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`))
  }
}

/** A list cannot be a key in Python, nor an item of a set. */
export function asKey(value: unknown): unknown {
  return Array.isArray(value) ? new Tuple(...value.map(asKey)) : value
}

/**
 * The items of an object. Keys of an object are texts in JavaScript; those that are integers were ints in Python, as in
 * the state of an optimizer, unless they name tensors, as in the state of a list of modules.
 */
function properties(value: object): [unknown, unknown][] {
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined)
  const ints = pairs.every(([key, item]) => /^(0|-?[1-9]\d{0,14})$/.test(key) && !(item instanceof Tensor))
  return ints ? pairs.map(([key, item]) => [Number(key), item]) : pairs
}
