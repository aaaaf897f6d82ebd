// A rank's end of the control plane. boot.ts opens it and publishes it, so that the library finds it without importing
// the launcher. The channel keeps the process alive only while an answer is due: so an idle store does not, and an
// awaited one does.
import { Socket } from 'node:net'
import { inspect } from 'node:util'
import { ArgumentError, DistributedError, later, PeerError } from '../../src/errors.ts'
import type { Store, StoreValue } from '../../src/job/store.ts'
import { channelFd, maxMessageBytes, receive, send } from '../control/channel.ts'
import type { FailureReport, Reply, Request } from '../control/wire.ts'

interface Pending {
  resolve: (value: Reply['value']) => void
  reject: (error: Error) => void
}

export class StoreClient implements Store {
  private readonly pending = new Map<number, Pending>()
  private lastId = 0

  constructor(private readonly channel: Socket) {
    receive<Reply>(channel, reply => this.settle(reply))
    channel.on('error', () => {}).on('close', () => this.end())
    channel.unref()
  }

  /** Waits until all ranks of the job have joined. */
  async join(): Promise<void> {
    await this.ask({ op: 'join' }, this.join)
  }

  async failed(report: FailureReport): Promise<void> {
    await this.ask({ op: 'failed', report }, this.failed)
  }

  async set(key: string, value: StoreValue): Promise<void> {
    named('set', key)
    if (typeof value !== 'string' && !(value instanceof Uint8Array))
      refuse('set', `a string or a Uint8Array as the value of '${key}'`, value)
    await this.ask({ op: 'set', key, value }, this.set)
  }

  async get(key: string): Promise<StoreValue> {
    named('get', key)
    return (await this.ask({ op: 'get', key }, this.get)) as StoreValue
  }

  async add(key: string, n: number): Promise<number> {
    named('add', key)
    if (!Number.isSafeInteger(n)) refuse('add', `an integer to add to '${key}'`, n)
    return (await this.ask({ op: 'add', key, by: n }, this.add)) as number
  }

  async barrier(name: string): Promise<void> {
    named('barrier', name)
    await this.ask({ op: 'barrier', name }, this.barrier)
  }

  /** `caller`: the method that the program has called, for the stack of an error. */
  private ask(request: Request, caller: (...args: never[]) => unknown): Promise<Reply['value']> {
    const at = later(caller)
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      if (this.channel.destroyed) return reject(at(closed()))
      try {
        send(this.channel, { ...request, id })
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        const most = `${maxMessageBytes >> 20} MiB`
        reject(
          at(new ArgumentError(`store.${request.op}: ${error.message}; what is larger than ${most} goes into a file`)),
        )
        return
      }
      this.pending.set(id, { resolve, reject: error => reject(at(error)) })
      this.channel.ref()
    })
  }

  private settle({ id, value, error }: Reply): void {
    const waiting = this.pending.get(id)
    this.pending.delete(id)
    if (this.pending.size === 0) this.channel.unref()
    if (!error) waiting?.resolve(value)
    else waiting?.reject(new (error.code === 'DTRAIN_PEER' ? PeerError : DistributedError)(error.message))
  }

  private end(): void {
    for (const { reject } of this.pending.values()) reject(closed())
    this.pending.clear()
  }
}

const closed = () => new DistributedError('store: closed: the launcher does not answer any more')

function named(op: string, key: unknown): void {
  if (typeof key !== 'string') refuse(op, op === 'barrier' ? 'a string as name' : 'a string as key', key)
}

function refuse(op: string, expected: string, value: unknown): never {
  const name = typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'Object') : undefined
  const shown = name === undefined ? inspect(value) : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
  throw new ArgumentError(`store.${op}: expected ${expected}, got ${shown}`)
}

/** Opens the channel that the launcher has left in this process. Does not wait. */
export const connectStore = () => new StoreClient(new Socket({ fd: channelFd, readable: true, writable: true }))
