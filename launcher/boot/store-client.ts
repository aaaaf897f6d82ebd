// A rank's end of the control plane. boot.ts connects it and publishes it, so that the library finds it without
// importing the launcher. A receive is pending only while an answer is due: so an idle store never keeps the process
// alive, and an awaited one does.
import * as zmq from 'zeromq'
import { DistributedError, PeerError } from '../../src/errors.ts'
import { env } from '../../src/job/env.ts'
import type { Store, StoreValue } from '../../src/job/store.ts'
import { type FailureReport, pack, type Reply, type Request, unpack } from '../control/wire.ts'

interface Pending {
  resolve: (value: Reply['value']) => void
  reject: (error: Error) => void
}

export class StoreClient implements Store {
  private readonly pending = new Map<number, Pending>()
  private readonly outbox: Uint8Array[] = []
  private sending = false
  private receiving = false
  private lastId = 0

  constructor(
    private readonly socket: zmq.Dealer,
    private readonly rank: number,
  ) {}

  /** Waits until all ranks of the job have joined. */
  async join(): Promise<void> {
    await this.ask({ op: 'join' })
  }

  async failed(report: FailureReport): Promise<void> {
    await this.ask({ op: 'failed', report })
  }

  async set(key: string, value: StoreValue): Promise<void> {
    await this.ask({ op: 'set', key, value })
  }

  async get(key: string): Promise<StoreValue> {
    return (await this.ask({ op: 'get', key })) as StoreValue
  }

  async add(key: string, n: number): Promise<number> {
    return (await this.ask({ op: 'add', key, by: n })) as number
  }

  async barrier(name: string): Promise<void> {
    await this.ask({ op: 'barrier', name })
  }

  close(): void {
    this.socket.close()
  }

  private ask(request: Request): Promise<Reply['value']> {
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject })
      this.post(request, id)
      if (!this.receiving) void this.receive()
    })
  }

  private post(request: Request, id: number): void {
    this.outbox.push(pack({ ...request, id, rank: this.rank }))
    if (!this.sending) void this.drain()
  }

  /** ZeroMQ allows one send at a time. The first one starts in this very call, before the caller can block. */
  private async drain(): Promise<void> {
    this.sending = true
    for (let frame = this.outbox.shift(); frame; frame = this.outbox.shift()) {
      await this.socket.send(frame).catch(() => {})
    }
    this.sending = false
  }

  private async receive(): Promise<void> {
    this.receiving = true
    try {
      while (this.pending.size > 0) {
        const [frame] = await this.socket.receive()
        this.settle(unpack<Reply>(frame!))
      }
    } catch (error) {
      for (const { reject } of this.pending.values()) reject(new DistributedError('store closed', { cause: error }))
      this.pending.clear()
    }
    this.receiving = false
  }

  private settle({ id, value, error }: Reply): void {
    const waiting = this.pending.get(id)
    this.pending.delete(id)
    if (!error) waiting?.resolve(value)
    else waiting?.reject(new (error.code === 'DTRAIN_PEER' ? PeerError : DistributedError)(error.message))
  }
}

/**
 * Connects to the launcher with the keys from the environment. Does not wait: messages queue until the launcher
 * answers.
 */
export function connectStore(): StoreClient {
  const endpoint = env('DTRAIN_STORE')
  if (endpoint === undefined)
    throw new DistributedError('DTRAIN_STORE is not set: this process was not started by dtrain')
  const socket = new zmq.Dealer({
    context: new zmq.Context({ blocky: false }),
    linger: 500,
    curveServerKey: env('DTRAIN_STORE_SERVER_KEY')!,
    curvePublicKey: env('DTRAIN_STORE_PUBLIC_KEY')!,
    curveSecretKey: env('DTRAIN_STORE_SECRET_KEY')!,
  })
  socket.connect(endpoint)
  return new StoreClient(socket, env('RANK') ?? 0)
}
