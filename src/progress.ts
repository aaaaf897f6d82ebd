// A progress bar for loops. On a terminal it redraws one line; under the launcher rank 0 writes `text\r`, which the
// launcher shows as its live line. Nothing is left behind at the end, so what the program prints afterwards stands
// alone; into a file or pipe nothing is written at all.
import { createRequire } from 'node:module'
import type { Options as BarOptions, Format, Params } from 'cli-progress'
import { env } from './job/env.ts'
import { rankInfo } from './job/rank.ts'
import { atMost, Options } from './tensor/index.ts'

/** Options of `progress`. */
export interface ProgressOptions {
  /** Stands before the bar. */
  label?: string
  /** Number of items; default: `length` or `size` of the iterable. */
  total?: number
  /** Stand after the bar with their names, as they are when it is drawn: metrics, or what else has a text. */
  metrics?: Readonly<Record<string, object>>
  /** Stands after those; called at most 10 times per second. */
  status?: () => string
}

const progressOptions = new Options<ProgressOptions>({ label: true, total: true, metrics: true, status: true })

// Loaded for the first bar that somebody sees: it takes as long as all of dtrain's own modules together.
const require = createRequire(import.meta.url)

const redrawMs = 100
const barWidth = 24
const clearLine = '\x1b[2K'
const look: BarOptions = {
  format: '{label}{bar} {value}/{total} {eta_formatted}{status}',
  barsize: barWidth,
  barCompleteString: '━'.repeat(barWidth + 1),
  barIncompleteString: '─'.repeat(barWidth + 1),
  barGlue: '',
  autopaddingChar: '',
}

/** Writes a live line so that the next one replaces it, or undefined where nobody would see it. */
function liveLine(): ((text: string) => void) | undefined {
  if (rankInfo().rank !== 0) return undefined
  if (env('WORLD_SIZE') !== undefined) return text => process.stderr.write(`${text}\r`)
  if (!process.stderr.isTTY) return undefined
  return text => process.stderr.write(`\r${clearLine}${text.slice(0, (process.stderr.columns || 80) - 1)}`)
}

function render(value: number, total: number | undefined, startTime: number, options: ProgressOptions): string {
  const label = options.label === undefined ? '' : `${options.label} `
  const texts = Object.entries(options.metrics ?? {}).map(([name, metric]) => `${name} ${metric}`)
  if (options.status !== undefined) texts.push(options.status())
  const status = texts.length === 0 ? '' : ` ${texts.join(', ')}`
  if (total === undefined) return `${label}${value}${status}`
  const eta = value === 0 ? 0 : Math.ceil(((Date.now() - startTime) / 1000 / value) * (total - value))
  const params: Params = { progress: value / total, value, total, eta, startTime, stopTime: null, maxWidth: 0 }
  const { Formatter } = (require('cli-progress') as { Format: typeof Format }).Format
  return Formatter(look, params, { label, status })
}

/** `length` or `size` of an iterable that has one. */
function sizeOf(iterable: object): number | undefined {
  const { length, size } = iterable as { length?: unknown; size?: unknown }
  if (typeof length === 'number') return length
  return typeof size === 'number' ? size : undefined
}

/**
 * Goes through an iterable and shows how far it is, on rank 0; the metrics are that rank's. What comes later, as the
 * batches of a loader with workers do, is gone through by `for await`.
 * @example for (const [x, y] of progress(loader, { label: 'epoch 1', metrics: { loss } })) trainStep(x, y)
 */
export function progress<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
  label?: string | ProgressOptions,
  options?: ProgressOptions,
): Generator<T, void> & AsyncIterable<T> {
  atMost('progress', 3, arguments.length)
  const given = progressOptions.readFirst('progress', label, options)
  return Object.assign(shown(iterable as Iterable<T>, given), {
    [Symbol.asyncIterator]: () => shownLater(iterable, given),
  })
}

function* shown<T>(iterable: Iterable<T>, options: ProgressOptions): Generator<T, void> {
  const bar = new Bar(iterable, options)
  try {
    for (const item of iterable) {
      bar.draw()
      yield item
      bar.value += 1
    }
  } finally {
    bar.end()
  }
}

async function* shownLater<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions,
): AsyncGenerator<T, void> {
  const bar = new Bar(iterable, options)
  try {
    for await (const item of iterable) {
      bar.draw()
      yield item
      bar.value += 1
    }
  } finally {
    bar.end()
  }
}

class Bar {
  /** Items that are done. */
  value = 0
  readonly #write = liveLine()
  readonly #options: ProgressOptions
  readonly #total: number | undefined
  readonly #start = Date.now()
  #drawn = 0

  constructor(iterable: object, options: ProgressOptions) {
    this.#options = options
    if (this.#write !== undefined) this.#total = options.total ?? sizeOf(iterable)
  }

  draw(): void {
    if (this.#write === undefined || Date.now() - this.#drawn < redrawMs) return
    this.#drawn = Date.now()
    this.#write(render(this.value, this.#total, this.#start, this.#options))
  }

  /** Leaves a blank, since an empty live line would leave the last one standing. */
  end(): void {
    this.#write?.(' ')
  }
}
