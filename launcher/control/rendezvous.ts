// The control plane: each rank has a channel to the launcher, one end of a pair of sockets that it inherits. So there
// is no port, no address and no key, and who asks is known by the channel. Ranks that stay silent are not suspected:
// synchronous training blocks their event loop for minutes. Death is learnt from the process, not from heartbeats. Only
// the start has a limit: where a rank does not come while another waits, it is reported itself.
import type { Duplex } from 'node:stream'
import { DistributedError, DtrainError } from '../../src/errors.ts'
import { receive, send } from './channel.ts'
import { plural, Store } from './store.ts'
import { type Envelope, type FailureReport, type Reply, readReport } from './wire.ts'

/** Why others fail, and because of whom. */
export interface Blame {
  rank: number
  reason: string
  /** Who says so. Of itself: then ranks that found the same out for themselves are no victims. */
  by?: number
}

type OnFailure = (rank: number, report: FailureReport) => void

/** How long all ranks together may take to their first sign, if `--timeout` is shorter. */
const startSeconds = 60

export class Rendezvous {
  /** Errors of the store that are the fault of another rank than the one that gets them. */
  readonly blamed: Blame[] = []
  private readonly store: Store
  private readonly channels = new Map<number, Duplex>()
  /** How to let those go on who wait at the start. */
  private readonly joined = new Map<number, () => void>()
  private limit: NodeJS.Timeout | undefined

  constructor(
    private readonly worldSize: number,
    private readonly timeoutSeconds: number,
    private readonly onFailure: OnFailure,
  ) {
    this.store = new Store(worldSize, timeoutSeconds)
  }

  /** Serves a rank. */
  attach(rank: number, channel: Duplex): void {
    this.channels.set(rank, channel)
    channel.on('error', () => {}) // the rank has gone
    receive<Envelope>(channel, request => void this.reply(rank, channel, request))
    this.limit ??= this.after(Math.max(this.timeoutSeconds, startSeconds))
  }

  /** Tells the store that a rank's process has ended, `well` with code 0. */
  rankGone(rank: number, well: boolean): void {
    this.store.rankGone(rank)
    const waited = this.joined.size > 0 && this.joined.size < this.worldSize
    if (well && waited && !this.joined.has(rank))
      this.onFailure(rank, { head: 'ended before the script, where the other ranks wait for it', frames: [] })
  }

  close(): void {
    clearTimeout(this.limit)
    for (const channel of this.channels.values()) channel.destroy()
  }

  private async reply(rank: number, channel: Duplex, request: Envelope): Promise<void> {
    const reply: Reply = { id: request.id }
    try {
      const value = await this.handle(rank, request)
      if (value !== undefined) reply.value = value
    } catch (error) {
      const { message, culprit } = error as Error & { culprit?: number }
      if (culprit !== undefined) this.blamed.push({ rank: culprit, reason: message })
      reply.error = { code: error instanceof DtrainError ? error.code : 'DTRAIN_INTERNAL', message }
    }
    send(channel, reply)
  }

  private async handle(rank: number, request: Envelope): Promise<Reply['value'] | undefined> {
    switch (request.op) {
      case 'join':
        await this.start(rank)
        return
      case 'set':
        this.store.set(request.key, request.value)
        return
      case 'get':
        return this.store.get(request.key, rank)
      case 'add':
        return this.store.add(request.key, request.by)
      case 'barrier':
        await this.store.barrier(request.name, rank)
        return
      case 'failed':
        this.onFailure(rank, readReport(request.report))
        return
      default:
        throw new DistributedError(`store: there is no request '${(request as { op: unknown }).op}'`)
    }
  }

  /** Resolves when all ranks are here. */
  private start(rank: number): Promise<void> {
    return new Promise(resolve => {
      this.joined.set(rank, resolve)
      if (this.joined.size === 1) {
        clearTimeout(this.limit)
        this.limit = this.after(this.timeoutSeconds)
      }
      if (this.joined.size < this.worldSize) return
      clearTimeout(this.limit)
      for (const go of this.joined.values()) go()
    })
  }

  /** Nobody waits for the only rank, which may wait for a debugger. */
  private after(seconds: number): NodeJS.Timeout | undefined {
    if (this.worldSize === 1) return undefined
    const late = () => {
      const [first, ...more] = [...Array(this.worldSize).keys()].filter(rank => !this.joined.has(rank))
      const others = more.length === 0 ? '' : `, nor did ${plural(more)}`
      const waiting = [...this.joined.keys()].sort((a, b) => a - b)
      const who = waiting.length === 0 ? 'nobody has' : `${plural(waiting)} waited for it`
      const head = `did not come to the start of the script in ${seconds} s${others}; ${who}`
      this.onFailure(first!, { head: `${head}; raise the limit with dtrain --timeout SECONDS`, frames: [] })
    }
    return setTimeout(late, seconds * 1000)
  }
}
