// The control plane: a ZeroMQ ROUTER on a free port of this machine, encrypted with keys made for this job. The ZAP
// handler admits the job's client key and nothing else, so a stranger ends at the handshake and no message of his is
// read. Ranks that stay silent are not suspected: synchronous training blocks their event loop for minutes. Death is
// learnt from the process, not from heartbeats.
import * as zmq from 'zeromq'
import { DtrainError } from '../../src/errors.ts'
import { Store } from './store.ts'
import { type Envelope, type FailureReport, pack, type Reply, unpack } from './wire.ts'
import { decodeZ85 } from './z85.ts'

type OnFailure = (rank: number, report: FailureReport) => void

export interface Access {
  endpoint: string
  port: number
  serverKey: string
  publicKey: string
  secretKey: string
}

const zapEndpoint = 'inproc://zeromq.zap.01'

export class Rendezvous {
  /** What a rank needs to connect. */
  readonly access: Access
  private readonly store: Store
  /** Where ranks wait for each other before they start; apart, so that no name of the user's collides with it. */
  private readonly entrance: Store
  private readonly outbox: [Uint8Array, Uint8Array][] = []
  private sending = false

  private constructor(
    private readonly router: zmq.Router,
    private readonly zap: zmq.Router,
    client: { publicKey: string; secretKey: string },
    serverKey: string,
    worldSize: number,
    timeoutSeconds: number,
    private readonly onFailure: OnFailure,
  ) {
    const endpoint = router.lastEndpoint!
    this.access = { endpoint, port: Number(endpoint.split(':').at(-1)), serverKey, ...client }
    this.store = new Store(worldSize, timeoutSeconds)
    this.entrance = new Store(worldSize, timeoutSeconds)
  }

  static async open(worldSize: number, timeoutSeconds: number, onFailure: OnFailure): Promise<Rendezvous> {
    const context = new zmq.Context({ blocky: false })
    const server = zmq.curveKeyPair()
    const client = zmq.curveKeyPair()
    // The handler must listen before the first handshake, or everybody is let in.
    const zap = new zmq.Router({ context, linger: 0 })
    await zap.bind(zapEndpoint)
    void admitOnly(zap, decodeZ85(client.publicKey))
    const router = new zmq.Router({
      context,
      linger: 200,
      curveServer: true,
      curveSecretKey: server.secretKey,
      zapDomain: 'dtrain',
    })
    await router.bind('tcp://127.0.0.1:*')
    const rendezvous = new Rendezvous(router, zap, client, server.publicKey, worldSize, timeoutSeconds, onFailure)
    void rendezvous.serve()
    return rendezvous
  }

  /** Tells the store that a rank's process has ended. */
  rankGone(rank: number): void {
    this.store.rankGone(rank)
    this.entrance.rankGone(rank)
  }

  close(): void {
    this.router.close()
    this.zap.close()
  }

  private async serve(): Promise<void> {
    for await (const [peer, frame] of this.router) {
      const request = frame && readRequest(frame)
      if (peer && request) void this.reply(peer, request)
    }
  }

  private async reply(peer: Uint8Array, request: Envelope): Promise<void> {
    const reply: Reply = { id: request.id }
    try {
      const value = await this.handle(request)
      if (value !== undefined) reply.value = value
    } catch (error) {
      const { message } = error as Error
      reply.error = { code: error instanceof DtrainError ? error.code : 'DTRAIN_INTERNAL', message }
    }
    this.outbox.push([peer, pack(reply)])
    if (!this.sending) await this.drain()
  }

  /** ZeroMQ allows one send at a time. */
  private async drain(): Promise<void> {
    this.sending = true
    for (let next = this.outbox.shift(); next && !this.router.closed; next = this.outbox.shift()) {
      await this.router.send(next).catch(() => {})
    }
    this.sending = false
  }

  private async handle(request: Envelope): Promise<Reply['value'] | undefined> {
    switch (request.op) {
      case 'join':
        await this.entrance.barrier('start', request.rank)
        return
      case 'set':
        this.store.set(request.key, request.value)
        return
      case 'get':
        return this.store.get(request.key)
      case 'add':
        return this.store.add(request.key, request.by)
      case 'barrier':
        await this.store.barrier(request.name, request.rank)
        return
      case 'failed':
        this.onFailure(request.rank, request.report)
    }
  }
}

/** A rank can run any code, so what it sends may be no message at all; that is dropped. */
function readRequest(frame: Uint8Array): Envelope | undefined {
  try {
    const message = unpack<Envelope>(frame)
    return typeof message === 'object' && message !== null ? message : undefined
  } catch {
    return undefined
  }
}

/** Answers the handshakes (ZeroMQ RFC 27): frames are identity, '', version, request id, domain, address, routing id,
 * mechanism, key. */
async function admitOnly(zap: zmq.Router, key: Uint8Array): Promise<void> {
  for await (const [identity, , version, requestId, , , , mechanism, credentials] of zap) {
    const known = String(mechanism) === 'CURVE' && credentials?.equals(key) === true
    const verdict = known ? ['200', 'OK', 'rank', ''] : ['400', 'unknown key', '', '']
    await zap.send([identity!, '', version!, requestId!, ...verdict])
  }
}
