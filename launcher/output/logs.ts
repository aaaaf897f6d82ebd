// Brings the output of all ranks to one screen: whole lines, prefixed with their ranks, identical ones merged. What a
// single rank writes to stdout goes through untouched, since it may be data. When the reader is slow, the ranks are
// made to wait, never buffered.
import { createWriteStream, openSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import pc from 'picocolors'
import { DtrainError } from '../../src/errors.ts'
import { Fold } from './fold.ts'
import { makeFolder } from './folders.ts'
import { Lines } from './lines.ts'
import { Marks, type Piece } from './marks.ts'
import { type Channel, channels, drained, type Screen } from './screen.ts'

export interface LogOptions {
  nproc: number
  /** Ranks to show; default all. */
  ranks?: number[] | undefined
  fold: boolean
  logDir?: string | undefined
  /** The rank that reads standard input. */
  stdin?: number | undefined
}

const quietMs = 500
/** More than Node prints when it gives up. */
const lastBytes = 1 << 14

export class Logs {
  private readonly shown: Set<number>
  private readonly folds: Record<Channel, Fold>
  private readonly files: WriteStream[] = []
  private readonly sources = new Set<Readable>()
  /** By rank, the end of its stderr. */
  private readonly last: string[] = []
  private readonly colours: ((text: string) => string)[]
  private pausing = false
  private lastData = performance.now()

  constructor(
    private readonly screen: Screen,
    private readonly options: LogOptions,
  ) {
    const { nproc, ranks, logDir } = options
    this.shown = new Set(ranks ?? Array(nproc).keys())
    const { cyan, yellow, green, magenta, blue } = pc.createColors(screen.hasTerminal && !process.env.NO_COLOR)
    this.colours = [cyan, yellow, green, magenta, blue]
    this.folds = { stdout: this.fold('stdout'), stderr: this.fold('stderr') }
    if (logDir !== undefined) {
      try {
        makeFolder(logDir)
        for (let rank = 0; rank < nproc; rank++) this.files.push(this.logFile(rank, join(logDir, `rank-${rank}.log`)))
      } catch (error) {
        throw new DtrainError(`cannot write into the folder of --log-dir: ${(error as Error).message}`)
      }
    }
  }

  attach(rank: number, streams: Record<Channel, Readable>): void {
    let open = channels.length
    for (const channel of channels) {
      const source = streams[channel]
      this.sources.add(source)
      const show = this.shown.has(rank) ? this.printer(rank, channel) : undefined
      const marks = new Marks()
      const take = (pieces: Piece[]) => {
        for (const { lines, text } of pieces) {
          if (text !== '') this.files[rank]?.write(text, 'latin1')
          show?.data(text, lines)
        }
      }
      source.on('data', (chunk: Buffer) => {
        this.lastData = performance.now()
        if (channel === 'stderr') this.last[rank] = (this.lastWords(rank) + chunk.toString('latin1')).slice(-lastBytes)
        take(marks.push(chunk.toString('latin1')))
        this.holdIfSlow()
      })
      source.once('close', () => {
        this.sources.delete(source)
        take(marks.flush())
        show?.end()
        this.folds[channel].end(rank)
        if (--open === 0) this.screen.show(rank, undefined)
      })
    }
  }

  /** Adds to the log file of a rank what the launcher prints for it. */
  note(rank: number, text: string): void {
    this.files[rank]?.write(text)
  }

  /** What a rank has written last to stderr. */
  lastWords(rank: number): string {
    return this.last[rank] ?? ''
  }

  /** Prints everything that has come in. Call it after the ranks have ended. */
  async close(): Promise<void> {
    this.lastData = performance.now()
    while (this.sources.size > 0) {
      // A process that escaped may hold a pipe open for ever, but one with data in it is never given up.
      if (!this.pausing && performance.now() - this.lastData > quietMs)
        for (const source of this.sources) source.destroy()
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    for (const channel of channels) this.folds[channel].flush()
    await this.screen.blocked()
    for (const file of this.files) file.end()
    await Promise.allSettled(this.files.map(file => finished(file)))
  }

  /** Opened at once, so that a wrong directory fails before training; a disk that fills up later costs only the log. */
  private logFile(rank: number, path: string): WriteStream {
    const file = createWriteStream(path, { fd: openSync(path, 'w') })
    return file.once('error', error =>
      this.screen.note(`dtrain: the log of rank ${rank} ends here (${path}), the job goes on: ${error.message}\n`),
    )
  }

  private fold(channel: Channel): Fold {
    return new Fold(this.shown, lines => {
      this.screen.print(channel, lines.map(({ ranks, text }) => this.prefixed(ranks, text)).join(''))
    })
  }

  private printer(rank: number, channel: Channel): { data: (text: string, lines?: number) => void; end: () => void } {
    if (this.options.nproc === 1 && channel === 'stdout') {
      return { data: text => this.screen.print(channel, text), end: () => {} }
    }
    const lines = new Lines({
      line: text => {
        this.screen.show(rank, undefined)
        if (this.options.fold) this.folds[channel].line(rank, text)
        else this.screen.print(channel, this.prefixed([rank], text))
      },
      live: text => this.screen.hasTerminal && this.screen.show(rank, text),
    })
    const data = (text: string, together?: number) => {
      if (together !== undefined) lines.together(together)
      lines.push(text)
      // Whoever types wants to see what he is asked.
      if (rank === this.options.stdin && this.screen.hasTerminal && lines.unfinished !== '')
        this.screen.show(rank, lines.unfinished)
    }
    return { data, end: () => lines.flush() }
  }

  private prefixed(ranks: number[], text: string): string {
    const prefix = this.prefix(ranks)
    return text
      .split('\n')
      .map(line => `${prefix}${line}\n`)
      .join('')
  }

  private prefix(ranks: number[]): string {
    if (this.options.nproc === 1) return ''
    const text = `[${formatRanks(ranks)}]`
    return `${ranks.length > 1 ? text : this.colours[ranks[0]! % this.colours.length]!(text)} `
  }

  private holdIfSlow(): void {
    const blocked = this.pausing ? undefined : this.blocked()
    if (!blocked) return
    this.pausing = true
    for (const source of this.sources) source.pause()
    void blocked.then(() => {
      this.pausing = false
      this.lastData = performance.now()
      for (const source of this.sources) source.resume()
    })
  }

  private blocked(): Promise<unknown> | undefined {
    const files = this.files.filter(file => file.writableNeedDrain && !file.destroyed)
    const waits = files.map(drained)
    const screen = this.screen.blocked()
    if (screen) waits.push(screen)
    return waits.length > 0 ? Promise.all(waits) : undefined
  }
}

/** [0, 1, 2, 4] → "0-2,4" */
export function formatRanks(ranks: number[]): string {
  const parts: string[] = []
  for (let i = 0; i < ranks.length; ) {
    let end = i
    while (ranks[end + 1] === ranks[end]! + 1) end++
    // Two neighbours read better as a list.
    if (end - i >= 2) parts.push(`${ranks[i]}-${ranks[end]}`)
    else parts.push(...ranks.slice(i, end + 1).map(String))
    i = end + 1
  }
  return parts.join(',')
}
