// The terminal (or the pipes) that the launcher writes to. On a terminal the last line may be live: a progress bar,
// which is wiped before anything else is printed and drawn again below it.
import { once } from 'node:events'
import { fstatSync } from 'node:fs'
import type { WriteStream } from 'node:tty'

/** Of the output of scripts that have been told to end. */
const endRoom = 16 << 20

const wipe = '\r\x1b[2K'

/** Resolves when a stream takes more, or never will. */
export const drained = (stream: NodeJS.EventEmitter): Promise<unknown> => once(stream, 'drain').catch(() => {})

/**
 * Node waits for a terminal, which may have been stopped by Ctrl-S, and hears no signal meanwhile. What it starts makes
 * a pipe wait too that it inherits, for all who write into it.
 */
export function neverBlock(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle: handle } = stream as unknown as { _handle?: { setBlocking?(on: boolean): void } }
    handle?.setBlocking?.(false)
  }
}

export type Channel = 'stdout' | 'stderr'
export const channels: Channel[] = ['stdout', 'stderr']

/** What a screen needs of process.stdout and process.stderr. */
export type Output = NodeJS.EventEmitter &
  Pick<WriteStream, 'write' | 'isTTY' | 'columns' | 'writableNeedDrain' | 'writableLength'> & { fd?: number }

export class Screen {
  /** Live text by rank. */
  private readonly live = new Map<number, string>()
  private drawn = false
  private readonly gone = new Set<Channel>()
  private broken: string | undefined
  private readonly outputs: Record<Channel, Output>
  /** How much is kept for somebody who does not read. */
  private room = 0
  private givenUp = false
  private readonly waiting = new Set<() => void>()

  /** Whose last line has no end yet; of outputs that go to one place, both are `stderr` here. */
  private readonly unfinished = new Set<Channel>()
  private readonly onePlace: boolean

  constructor(
    { stdout, stderr }: Record<Channel, Output>,
    /** What is written from now on is lost: the reader went away (`dtrain ... | head`), or there is `failure`. */
    onLost: () => void,
  ) {
    this.onePlace = isOnePlace({ stdout, stderr })
    // Two streams into one place would mix their lines where a slow reader makes one of them wait.
    this.outputs = { stdout, stderr: this.onePlace ? stdout : stderr }
    for (const channel of channels) {
      this.outputs[channel].on('error', (error: NodeJS.ErrnoException) => {
        if (this.gone.has(channel)) return
        // The terminal has gone away. Whether the job ends is up to the signal that is sent then.
        if (error.code === 'EIO' && this.outputs[channel].isTTY) {
          this.gone.add(channel)
          return
        }
        // A reader who left wants to see nothing more, whichever way.
        if (error.code === 'EPIPE') for (const other of channels) this.gone.add(other)
        else this.broken ??= `cannot write to ${channel}: ${error.message}`
        this.gone.add(channel)
        onLost()
      })
    }
  }

  /** Why output was lost although somebody may be reading, as on a full disk. */
  get failure(): string | undefined {
    return this.broken
  }

  /** Prints what a rank has written; `text` is latin1. */
  print(channel: Channel, text: string): void {
    if (this.gone.has(channel) || text === '') return
    const output = this.outputs[channel]
    // The live line is not in the way of an output that goes elsewhere.
    if (this.drawn && output.isTTY) this.clear()
    output.write(Buffer.from(text, 'latin1'))
    const place = this.onePlace ? 'stderr' : channel
    if (text.endsWith('\n')) this.unfinished.delete(place)
    else this.unfinished.add(place)
    if (!this.drawn) this.draw()
  }

  /** Prints lines of the launcher's own, below what a rank has left without an end of line. */
  note(text: string): void {
    if (text === '') return
    const start = this.unfinished.has('stderr') ? '\n' : ''
    this.print('stderr', start + Buffer.from(text).toString('latin1'))
  }

  /** Sets or removes the live line of a rank; the lowest rank's is shown. */
  show(rank: number, text: string | undefined): void {
    const before = this.shown()
    if (text === undefined) this.live.delete(rank)
    else this.live.set(rank, text)
    if (this.shown() === before) return
    if (this.drawn) this.clear()
    this.draw()
  }

  get hasTerminal(): boolean {
    return this.outputs.stdout.isTTY === true
  }

  /** Resolves when the reader has caught up, or is not waited for; undefined when nothing waits for him. */
  blocked(): Promise<unknown> | undefined {
    const slow = this.reading().filter(output => output.writableNeedDrain && !(output.writableLength < this.room))
    return slow.length > 0 ? this.waitFor(Promise.all(slow.map(drained))) : undefined
  }

  /** Resolves when all has been written, or somebody who does not read it is given up. */
  async flushed(): Promise<void> {
    const written = this.reading().map(output => new Promise<unknown>(resolve => output.write('', resolve)))
    if (!this.givenUp) await this.waitFor(Promise.all(written))
  }

  /** Scripts are to come to their handlers of a signal, so what they print is kept for a slow reader. */
  keep(): void {
    this.room = endRoom
    this.goOn()
  }

  /** From now on nothing is written for somebody who does not read. */
  giveUp(): void {
    this.givenUp = true
    for (const channel of channels) if (this.outputs[channel].writableLength > 0) this.gone.add(channel)
    this.goOn()
  }

  private waitFor(promise: Promise<unknown>): Promise<void> {
    return new Promise(resolve => {
      this.waiting.add(resolve)
      void promise.then(() => {
        this.waiting.delete(resolve)
        resolve()
      })
    })
  }

  private goOn(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }

  private reading(): Output[] {
    return channels.filter(channel => !this.gone.has(channel)).map(channel => this.outputs[channel])
  }

  private shown(): string | undefined {
    return this.live.size === 0 ? undefined : this.live.get(Math.min(...this.live.keys()))
  }

  private clear(): void {
    this.outputs.stdout.write(wipe)
    this.drawn = false
  }

  private draw(): void {
    const shown = this.shown()
    // Below a line without an end there is no room.
    if (!this.hasTerminal || this.gone.has('stdout') || shown === undefined || this.unfinished.size > 0) return
    const text = Buffer.from(shown, 'latin1').toString()
    // A wrapped line could not be wiped. Colours make text look longer than it is, so only plain text is cut.
    const width = this.outputs.stdout.columns || 80
    this.outputs.stdout.write(text.includes('\x1b') ? text : text.slice(0, width - 1))
    this.drawn = true
  }
}

function isOnePlace({ stdout, stderr }: Record<Channel, Output>): boolean {
  if (stdout.fd === undefined || stderr.fd === undefined) return false
  const [first, second] = [fstatSync(stdout.fd), fstatSync(stderr.fd)]
  return first.dev === second.dev && first.ino === second.ino
}
