// The job's key-value store, counters and barriers, as the launcher keeps them. Pure bookkeeping: no sockets.
// Every wait ends: by its answer, by the time-out, or because a rank it needs has exited.
import { DistributedError, PeerError } from '../../src/errors.ts'
import type { StoreValue } from '../../src/job/store.ts'

interface Waiter<T> {
  rank: number
  resolve: (value: T) => void
  reject: (error: DistributedError) => void
}

type Meeting = Map<number, Waiter<void>>

export class Store {
  private readonly values = new Map<string, StoreValue>()
  private readonly counters = new Map<string, number>()
  private readonly readers = new Map<string, Set<Waiter<StoreValue>>>()
  private readonly barriers = new Map<string, Meeting>()
  private readonly gone = new Set<number>()

  constructor(
    private readonly worldSize: number,
    private readonly timeoutSeconds: number,
  ) {}

  set(key: string, value: StoreValue): void {
    this.counters.delete(key)
    this.values.set(key, value)
    this.answer(key, value)
  }

  /** A counter goes on from an integer that was set. */
  add(key: string, by: number): number {
    const sum = (this.counters.get(key) ?? integer(key, this.values.get(key) ?? '0')) + by
    this.values.delete(key)
    this.counters.set(key, sum)
    this.answer(key, String(sum))
    return sum
  }

  /** Waits until some rank sets the key. A counter reads as decimal text. */
  get(key: string, rank: number): Promise<StoreValue> {
    const value = this.counters.get(key)?.toString() ?? this.values.get(key)
    if (value !== undefined) return Promise.resolve(value)
    if (this.isLast(rank)) return Promise.reject(nobodyLeft(key))
    const waiting = this.readers.get(key) ?? new Set()
    this.readers.set(key, waiting)
    return this.wait<StoreValue>(
      rank,
      waiter => waiting.add(waiter),
      waiter => waiting.delete(waiter),
      () => new DistributedError(`store: no rank set '${key}' within ${this.timeoutSeconds} s`),
    )
  }

  /** Resolves when all ranks are here; the name is free again afterwards. */
  barrier(name: string, rank: number): Promise<void> {
    const meeting: Meeting = this.barriers.get(name) ?? new Map()
    if (meeting.has(rank))
      return Promise.reject(new DistributedError(`barrier '${name}': rank ${rank} is here already`))
    const left = [...this.gone].filter(other => !meeting.has(other))
    if (left.length > 0) return Promise.reject(exited(name, left))
    this.barriers.set(name, meeting)
    const arrival = this.wait<void>(
      rank,
      waiter => meeting.set(rank, waiter),
      () => meeting.delete(rank),
      () => {
        const missing = this.missing(meeting)
        const text = `barrier '${name}': ${plural(missing)} did not come in ${this.timeoutSeconds} s`
        return blaming(missing[0]!, new DistributedError(text))
      },
    )
    if (meeting.size === this.worldSize) this.release(name, meeting)
    return arrival
  }

  /** A rank has exited: no barrier it has not reached can complete any more, and the last rank reads in vain. */
  rankGone(rank: number): void {
    this.gone.add(rank)
    for (const [name, meeting] of this.barriers) {
      if (meeting.has(rank)) continue
      this.barriers.delete(name)
      for (const waiter of meeting.values()) waiter.reject(exited(name, [rank]))
    }
    for (const [key, waiting] of this.readers) {
      for (const waiter of [...waiting].filter(({ rank }) => this.isLast(rank))) {
        waiting.delete(waiter)
        waiter.reject(nobodyLeft(key))
      }
    }
  }

  /** All others have exited. */
  private isLast(rank: number): boolean {
    return this.worldSize > 1 && this.gone.size === this.worldSize - 1 && !this.gone.has(rank)
  }

  private answer(key: string, value: StoreValue): void {
    const waiting = this.readers.get(key)
    this.readers.delete(key)
    for (const waiter of waiting ?? []) waiter.resolve(value)
  }

  private release(name: string, meeting: Meeting): void {
    this.barriers.delete(name)
    for (const waiter of meeting.values()) waiter.resolve()
  }

  private missing(meeting: Meeting): number[] {
    return [...Array(this.worldSize).keys()].filter(rank => !meeting.has(rank))
  }

  private wait<T>(
    rank: number,
    add: (w: Waiter<T>) => void,
    remove: (w: Waiter<T>) => void,
    late: () => Error,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = late()
        remove(waiter)
        reject(error)
      }, this.timeoutSeconds * 1000)
      const waiter: Waiter<T> = {
        rank,
        resolve: value => {
          clearTimeout(timer)
          resolve(value)
        },
        reject: error => {
          clearTimeout(timer)
          reject(error)
        },
      }
      add(waiter)
    })
  }
}

function integer(key: string, value: StoreValue): number {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value)
  const shown = typeof value === 'string' ? `'${value}'` : `${value.length} bytes`
  throw new DistributedError(`store: add: '${key}' holds ${shown}, not an integer; count in another key`)
}

export const plural = (ranks: number[]) => (ranks.length === 1 ? `rank ${ranks[0]}` : `ranks ${ranks.join(', ')}`)

const nobodyLeft = (key: string) => new PeerError(`store: no rank set '${key}', and all other ranks have ended`)

const exited = (name: string, ranks: number[]) =>
  blaming(ranks[0]!, new PeerError(`barrier '${name}': ${plural(ranks)} ${ranks.length === 1 ? 'has' : 'have'} exited`))

/** An error with the rank that is to blame for it. */
const blaming = <E extends DistributedError>(culprit: number, error: E) => Object.assign(error, { culprit })
