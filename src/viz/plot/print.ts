// A plot of characters for a terminal: each holds 2 x 4 dots of braille.
import pc from 'picocolors'
import { ArgumentError } from '../../errors.ts'
import { atMost, Options } from '../../tensor/index.ts'
import { readSeries, type SeriesOrMany } from './values.ts'

/** Options of `plot.print`. */
export interface PrintOptions {
  /** Characters in a line; default: as many as the terminal has, at most 100. */
  width?: number
  /** Lines of the plot, default 12. */
  height?: number
  /** Logarithmic axes; numbers that have no logarithm are left out. Default false. */
  logX?: boolean
  logY?: boolean
}

const printOptions = new Options<PrintOptions>({ width: true, height: true, logX: true, logY: true })

/** Bits of a braille character, by row and column of its dots. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
]
const colors = [pc.blue, pc.red, pc.green, pc.yellow, pc.magenta, pc.cyan]

/**
 * Prints lines through numbers as characters. Several series by name have colours where the terminal has.
 * @throws ArgumentError for what holds no numbers
 * @example plot.print(losses, { logY: true })
 */
export function print(series: SeriesOrMany, options?: PrintOptions): void {
  atMost('print', 2, arguments.length)
  console.log(braille(series, printOptions.read('print', options)))
}

/** The text that `print` prints. @internal */
export function braille(given: SeriesOrMany, options: PrintOptions = {}): string {
  const { width = Math.min(process.stdout.columns ?? 80, 100), height = 12, logX = false, logY = false } = options
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ArgumentError(`print: ${name} must be a positive integer: ${value}`)
    }
  }
  const series = readSeries('print', given)
  const place = (values: number[], log: boolean) => (log ? values.map(Math.log10) : values)
  const placed = series.map(one => ({ ...one, x: place(one.x, logX), y: place(one.y, logY) }))
  const points = placed.map(({ x, y }) => x.map((value, i) => [value, y[i]!] as const))
  const shown = points.flat().filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  if (shown.length === 0) throw new ArgumentError('print: there are no numbers to draw')
  const [xs, ys] = [rangeOf(shown.map(([x]) => x)), rangeOf(shown.map(([, y]) => y))]

  const label = (value: number, log: boolean) => short(log ? 10 ** value : value)
  const labels = Array.from({ length: height }, (_, i) => {
    const isLabelled = i === 0 || i === height - 1 || (height >= 9 && i === Math.floor((height - 1) / 2))
    return isLabelled ? label(ys.high - ((ys.high - ys.low) * i) / Math.max(1, height - 1), logY) : ''
  })
  const margin = Math.max(...labels.map(text => text.length))
  const columns = Math.max(2, width - margin - 2)
  const grid = new Grid(columns, height)
  for (const [i, line] of points.entries()) grid.draw(line, xs, ys, i)

  const legend = series.map(({ name }, i) => (name === undefined ? '' : `${color(i)('⠒⠒')} ${name}`)).filter(Boolean)
  const ends = [label(xs.low, logX), label(xs.high, logX)] as const
  return [
    ...(legend.length > 0 ? [`${' '.repeat(margin + 2)}${legend.join('   ')}`] : []),
    ...grid.lines(color).map((line, i) => `${labels[i]!.padStart(margin)} ${labels[i] ? '┤' : '│'}${line}`),
    `${' '.repeat(margin + 1)}└${'─'.repeat(columns)}`,
    `${' '.repeat(margin + 2)}${ends[0]}${ends[1].padStart(columns - ends[0].length)}`,
  ]
    .map(line => line.trimEnd())
    .join('\n')
}

function color(i: number): (text: string) => string {
  return colors[i % colors.length]!
}

type Range = { low: number; high: number }

function rangeOf(values: number[]): Range {
  const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity])
  return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high }
}

function short(value: number): string {
  const digits = Number(value.toPrecision(3))
  const size = Math.abs(digits)
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? digits.toExponential() : String(digits)
}

/** Dots in characters; each character has the colour of the series that came last to it. */
class Grid {
  readonly #columns: number
  readonly #rows: number
  readonly #bits: Uint8Array
  readonly #owners: Uint8Array

  constructor(columns: number, rows: number) {
    this.#columns = columns
    this.#rows = rows
    this.#bits = new Uint8Array(columns * rows)
    this.#owners = new Uint8Array(columns * rows)
  }

  /** Straight lines from point to point, with a gap where there is no number. */
  draw(points: readonly (readonly [number, number])[], xs: Range, ys: Range, owner: number): void {
    let last: readonly [number, number] | null = null
    for (const [x, y] of points) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        last = null
        continue
      }
      const to = [
        Math.round(((x - xs.low) / (xs.high - xs.low)) * (2 * this.#columns - 1)),
        Math.round(((ys.high - y) / (ys.high - ys.low)) * (4 * this.#rows - 1)),
      ] as const
      const from = last ?? to
      const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1)
      for (let i = 0; i <= steps; i++) {
        const between = (axis: 0 | 1) => Math.round(from[axis] + ((to[axis] - from[axis]) * i) / steps)
        this.#set(between(0), between(1), owner)
      }
      last = to
    }
  }

  #set(x: number, y: number, owner: number): void {
    const cell = Math.floor(y / 4) * this.#columns + Math.floor(x / 2)
    this.#bits[cell]! |= dots[y % 4]![x % 2]!
    this.#owners[cell] = owner
  }

  lines(paint: (owner: number) => (text: string) => string): string[] {
    return Array.from({ length: this.#rows }, (_, row) => {
      let line = ''
      for (let i = row * this.#columns; i < (row + 1) * this.#columns; i++) {
        const bits = this.#bits[i]!
        line += bits === 0 ? ' ' : paint(this.#owners[i]!)(String.fromCharCode(0x2800 + bits))
      }
      return line
    })
  }
}
