// Reads Python's pickles, protocols 0 to 5 as far as torch.save writes them, without ever running code: what a pickle
// calls by name must be in a table of the caller's, and everything else is refused by its name. A dict becomes a Map,
// since its keys may be anything; tuples and lists become arrays; integers beyond 2^53 become bigints.
import { ArgumentError } from '../errors.ts'

/** What a pickle may name: `'collections.OrderedDict'` and a function that makes one. */
export type Allowed = ReadonlyMap<string, unknown>

/** A persistent id, such as a storage of torch.save's. */
export type Persistent = (id: unknown) => unknown

type State = Map<unknown, unknown>

const mark = Symbol('mark')

/** Reads one pickle after another from bytes. */
export class Unpickler {
  /** Where the next pickle begins. */
  position: number
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #allowed: Allowed
  readonly #persistent: Persistent
  readonly #encoding: 'utf8' | 'latin1'
  #stack: unknown[] = []
  #memo = new Map<number, unknown>()

  /** `encoding`: that of the strings of Python 2, which are bytes in 'latin1'. */
  constructor(
    bytes: Uint8Array,
    allowed: Allowed,
    persistent: Persistent,
    position = 0,
    encoding: 'utf8' | 'latin1' = 'utf8',
  ) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#allowed = allowed
    this.#persistent = persistent
    this.position = position
    this.#encoding = encoding
  }

  /** @throws ArgumentError for a damaged pickle, or one that names what is not allowed */
  read(): unknown {
    this.#stack = []
    this.#memo = new Map()
    for (;;) {
      const code = this.#byte()
      if (code === 0x2e) return this.#pop() // STOP
      this.#step(code)
    }
  }

  #step(code: number): void {
    const simple = this.#value(code)
    if (simple !== undefined) {
      this.#stack.push(simple.value)
      return
    }
    switch (String.fromCharCode(code)) {
      case '\x80': // PROTO
        if (this.#byte() > 5) throw damaged('a protocol above 5')
        return
      case '\x95': // FRAME
        this.#take(8)
        return
      case '(':
        this.#stack.push(mark)
        return
      case '0':
        this.#pop()
        return
      case '1':
        this.#toMark()
        return
      case '2':
        this.#stack.push(this.#top())
        return
      case 'q':
        this.#memo.set(this.#byte(), this.#top())
        return
      case 'r':
        this.#memo.set(this.#uint32(), this.#top())
        return
      case 'p':
        this.#memo.set(Number(this.#line()), this.#top())
        return
      case '\x94':
        this.#memo.set(this.#memo.size, this.#top())
        return
      case 'a': {
        const item = this.#pop()
        this.#list().push(item)
        return
      }
      case 'e': {
        const items = this.#toMark()
        const list = this.#list()
        for (const item of items) list.push(item)
        return
      }
      case 's': {
        const [value, key] = [this.#pop(), this.#pop()]
        this.#dict().set(key, value)
        return
      }
      case 'u': {
        const items = pairs(this.#toMark())
        const dict = this.#dict()
        for (const [key, value] of items) dict.set(key, value)
        return
      }
      case '\x90': {
        const items = this.#toMark()
        const set = this.#top()
        if (!(set instanceof Set)) throw damaged('items without a set')
        for (const item of items) set.add(item)
        return
      }
      case 'b': {
        this.#build(this.#pop())
        return
      }
      default:
        throw damaged(`the unknown instruction ${code}`)
    }
  }

  /** What instructions leave that only push a value. */
  #value(code: number): { value: unknown } | undefined {
    switch (String.fromCharCode(code)) {
      case 'N':
        return { value: null }
      case '\x88':
        return { value: true }
      case '\x89':
        return { value: false }
      case 'K':
        return { value: this.#byte() }
      case 'M':
        return { value: this.#byte() + 256 * this.#byte() }
      case 'J':
        return { value: this.#view.getInt32(this.#advance(4), true) }
      case '\x8a':
        return { value: integer(this.#take(this.#byte())) }
      case '\x8b':
        return { value: integer(this.#take(this.#uint32())) }
      case 'I':
      case 'L':
        return { value: this.#number() }
      case 'F':
        return { value: Number(this.#line()) }
      case 'G':
        return { value: this.#view.getFloat64(this.#advance(8), false) }
      case '\x8c':
        return { value: this.#text(this.#byte()) }
      case 'X':
        return { value: this.#text(this.#uint32()) }
      case '\x8d':
        return { value: this.#text(this.#uint64()) }
      case 'U': // strings of Python 2
        return { value: this.#text(this.#byte(), this.#encoding) }
      case 'T':
        return { value: this.#text(this.#uint32(), this.#encoding) }
      case 'C':
        return { value: this.#take(this.#byte()).slice() }
      case 'B':
        return { value: this.#take(this.#uint32()).slice() }
      case '\x8e':
      case '\x96':
        return { value: this.#take(this.#uint64()).slice() }
      case ')':
      case ']':
        return { value: [] }
      case '}':
        return { value: new Map() }
      case '\x8f':
        return { value: new Set() }
      case 't':
      case 'l':
        return { value: this.#toMark() }
      case 'd': {
        return { value: new Map(pairs(this.#toMark())) }
      }
      case '\x91':
        return { value: new Set(this.#toMark()) }
      case '\x85':
        return { value: [this.#pop()] }
      case '\x86':
        return { value: this.#last(2) }
      case '\x87':
        return { value: this.#last(3) }
      case 'h':
        return this.#recall(this.#byte())
      case 'j':
        return this.#recall(this.#uint32())
      case 'g':
        return this.#recall(Number(this.#line()))
      case 'c':
        return { value: this.#global(this.#line(), this.#line()) }
      case '\x93': {
        const [name, module] = [this.#pop(), this.#pop()]
        return { value: this.#global(String(module), String(name)) }
      }
      case 'R':
      case '\x81': {
        const [args, called] = [this.#pop(), this.#pop()]
        if (typeof called !== 'function' || !Array.isArray(args)) throw damaged('a call of what is no function')
        return { value: called(...args) } // only the table has functions
      }
      case 'Q':
        return { value: this.#persistent(this.#pop()) }
      default:
        return undefined
    }
  }

  #global(module: string, name: string): unknown {
    const full = `${module}.${name}`
    if (!this.#allowed.has(full)) {
      throw new ArgumentError(`it asks for '${full}'; only tensors and plain values are read, never code`)
    }
    return this.#allowed.get(full)
  }

  /** Attributes of an object. Those of an OrderedDict, such as `_metadata`, are no items of it. */
  #build(state: unknown): void {
    const target = this.#top()
    if (target instanceof Map) return
    const set = (target as { setState?: (state: unknown) => void } | null)?.setState
    if (set === undefined) throw damaged('attributes of a value that has none')
    set.call(target, state)
  }

  #recall(index: number): { value: unknown } {
    if (!this.#memo.has(index)) throw damaged(`value ${index} before it is there`)
    return { value: this.#memo.get(index) }
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw damaged('a value that is missing')
    return this.#stack.at(-1)
  }

  #pop(): unknown {
    const value = this.#top()
    if (value === mark) throw damaged('a value that is missing')
    this.#stack.pop()
    return value
  }

  #last(n: number): unknown[] {
    return Array.from({ length: n }, () => this.#pop()).reverse()
  }

  #toMark(): unknown[] {
    const at = this.#stack.lastIndexOf(mark)
    if (at < 0) throw damaged('an end without a beginning')
    const items = this.#stack.splice(at)
    items.shift()
    return items
  }

  #list(): unknown[] {
    const list = this.#top()
    if (!Array.isArray(list)) throw damaged('an item without a list')
    return list
  }

  #dict(): State {
    const dict = this.#top()
    if (!(dict instanceof Map)) throw damaged('an item without a dict')
    return dict
  }

  #advance(n: number): number {
    const at = this.position
    if (!(n <= this.#bytes.length - at)) throw damaged('an end in the middle of a value')
    this.position += n
    return at
  }

  #take(n: number): Uint8Array {
    const at = this.#advance(n)
    return this.#bytes.subarray(at, at + n)
  }

  #byte(): number {
    return this.#bytes[this.#advance(1)]!
  }

  #uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  #uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true))
  }

  #text(length: number, encoding: 'utf8' | 'latin1' = 'utf8'): string {
    const { buffer, byteOffset } = this.#take(length)
    return Buffer.from(buffer, byteOffset, length).toString(encoding)
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0) throw damaged('a line without an end')
    const line = this.#text(end - this.position)
    this.position += 1
    return line
  }

  /** A line of INT or LONG. */
  #number(): unknown {
    const line = this.#line()
    if (line === '00' || line === '01') return line === '01'
    if (!/^-?\d+L?$/.test(line)) throw damaged('a number that is none')
    return exact(BigInt(line.replace('L', '')))
  }
}

function damaged(what: string): ArgumentError {
  return new ArgumentError(`the pickle is damaged: ${what}`)
}

/** Keys and values in turn. */
function pairs(items: unknown[]): [unknown, unknown][] {
  if (items.length % 2 !== 0) throw damaged('a key without a value')
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]])
}

/** Little-endian bytes in two's complement. */
function integer(bytes: Uint8Array): number | bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
  return exact(BigInt.asIntN(8 * bytes.length, value))
}

function exact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
