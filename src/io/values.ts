// What a file can hold: tensors and plain values, nested; and which of its tensors share memory.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { deeper, kindOf, Tensor, wrap } from '../tensor/index.ts'
import { denseStrides, memoryOf } from './file-memory.ts'

/** A value that `save` writes and `load` gives back. */
export type Saved =
  | Tensor
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly Saved[]
  | ReadonlySet<Saved>
  | ReadonlyMap<Saved, Saved>
  | { readonly [key: string]: Saved }

/** @throws ArgumentError for a value that no file holds; `path` says where it stands */
export function checkHolds(value: unknown, path: string): void {
  if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') return
  if (value === null || value instanceof Tensor || value instanceof Uint8Array || Array.isArray(value)) return
  if (value instanceof Map || value instanceof Set) return
  const prototype = Object.getPrototypeOf(value)
  if (typeof value === 'object' && (prototype === Object.prototype || prototype === null)) return
  const what = typeof value === 'object' ? `a ${prototype.constructor.name}` : kindOf(value)
  throw new ArgumentError(
    `save: ${path || 'the value'} is ${what}, which a file cannot hold; give it tensors, numbers, texts, bytes, and ` +
      'arrays, objects, Maps or Sets of them, such as model.stateDict()',
  )
}

/** All tensors in a value. @throws ArgumentError for a value that contains itself, or that no file holds */
export function tensorsIn(value: unknown): Tensor[] {
  const found: Tensor[] = []
  const open = new Set<unknown>()
  visit(value, '', 0)
  return found

  function visit(item: unknown, path: string, level: number): void {
    checkHolds(item, path)
    if (item instanceof Tensor) found.push(item)
    if (typeof item !== 'object' || item === null || item instanceof Tensor || item instanceof Uint8Array) return
    if (open.has(item)) throw new ArgumentError(`save: ${path || 'the value'} contains itself`)
    open.add(item)
    for (const [key, child] of children(item))
      visit(child, path === '' ? key : `${path}.${key}`, deeper('save: the value', level))
    open.delete(item)
  }
}

function children(item: object): [string, unknown][] {
  if (item instanceof Map) {
    return [...item].flatMap(([key, value]): [string, unknown][] => [
      ['(key)', key],
      [String(key), value],
    ])
  }
  if (item instanceof Set) return [...item].map(value => ['(item)', value])
  return Object.entries(item)
}

/** Where a tensor stands in what is written. */
export interface Placed {
  /** The memory that it is in; tensors of one memory have the same. */
  key: number
  /** All of that memory, as uint8. */
  bytes: Tensor
  /** From where in it, in elements. */
  offset: number
  strides: readonly number[]
}

/**
 * The memory of several tensors. One that is alone in its memory is written densely; those that share it are written
 * with all of it, and share it again when they are read.
 */
export class SharedMemory {
  readonly #users = new Map<number, Set<Tensor>>()
  readonly #dense = new Map<Tensor, Placed>()

  constructor(tensors: readonly Tensor[]) {
    for (const x of new Set(tensors)) {
      if (x.numel() === 0) continue
      const { address } = native.storage(x.handle)
      const users = this.#users.get(address) ?? new Set()
      this.#users.set(address, users.add(x))
    }
  }

  /** Whether others of the tensors are in its memory. */
  isShared(x: Tensor): boolean {
    return x.numel() > 0 && this.#users.get(native.storage(x.handle).address)!.size > 1
  }

  of(x: Tensor): Placed {
    if (this.isShared(x)) {
      const { address } = native.storage(x.handle)
      return { key: address, bytes: memoryOf(x, 'all'), offset: native.storageOffset(x.handle), strides: x.stride() }
    }
    const known = this.#dense.get(x)
    if (known !== undefined) return known
    const bytes = memoryOf(wrap(native.contiguous(native.detach(x.handle))), 'its own')
    const placed = { key: -1 - this.#dense.size, bytes, offset: 0, strides: denseStrides(x.shape) }
    this.#dense.set(x, placed)
    return placed
  }
}
