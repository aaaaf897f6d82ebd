// A surface over two numbers, as areas of equal height seen from above.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, type Tensor } from '../../tensor/index.ts'
import { Figure, type FigureOptions, figureNames } from './figure.ts'
import type { Points } from './line.ts'
import { themeOf } from './theme.ts'
import { readTable, readValues, type Values } from './values.ts'

/** Options of `plot.contour`. */
export interface ContourOptions extends FigureOptions {
  /** Title below. */
  x?: string
  /** Title at the left. */
  y?: string
  /** Title of the heights. */
  value?: string
  /** What the columns and the rows are at, rising; default: their indices. */
  columns?: Values
  rows?: Values
  /** Logarithmic axes, default false. */
  logX?: boolean
  logY?: boolean
  /** How many heights are told apart, default 12. */
  levels?: number
  /** Points to be drawn on the surface: all x, and all y. */
  points?: Points
}

const contourOptions = new Options<ContourOptions>({
  x: true,
  y: true,
  value: true,
  columns: true,
  rows: true,
  logX: true,
  logY: true,
  levels: true,
  points: true,
  ...figureNames,
})

/**
 * The height of a surface at places of a grid, the first row at the bottom. PyTorch's programs: plt.contourf.
 * @throws ArgumentError for what is no table, or places that do not rise
 * @example plot.contour(surface, { x: 'weight', y: 'bias', columns: weights, rows: biases })
 */
export function contour(table: Tensor | readonly Values[], options?: ContourOptions): Figure {
  const op = 'contour'
  atMost('contour', 2, arguments.length)
  const given = contourOptions.read(op, options)
  const heights = readTable(op, table)
  const [height, width] = [heights.length, heights[0]?.length ?? 0]
  if (width < 2 || height < 2) throw new ArgumentError(`${op}: expected two rows and two columns or more`)
  const columns = edges(`${op}: columns`, given.columns, width, given.logX ?? false)
  const rows = edges(`${op}: rows`, given.rows, height, given.logY ?? false)
  const { levels = 12 } = given
  if (!Number.isSafeInteger(levels) || levels < 2 || levels > 100) {
    throw new ArgumentError(`${op}: levels must be an integer from 2 to 100: ${levels}`)
  }
  const flat = heights.flat().filter(Number.isFinite)
  const [low, high] = flat.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity])
  const bounds = Array.from({ length: levels - 1 }, (_, i) => low + ((i + 1) * (high - low)) / levels)
  const levelOf = (value: number) => bounds.filter(bound => value >= bound).length
  const cells = heights.flatMap((row, i) =>
    runs(row, levelOf).map(([from, to]) => {
      const value = Number.isFinite(row[from]) ? row[from] : null
      return { x: columns[from], x2: columns[to], y: rows[i], y2: rows[i + 1], value }
    }),
  )
  const scale = (log: boolean | undefined, ends: readonly number[]) => ({
    ...(log ? { type: 'log' } : { zero: false }),
    domain: [ends[0], ends.at(-1)],
    nice: false,
  })
  const axis = { grid: false, labelOverlap: true, tickCount: 6 }
  const position = {
    x: { field: 'x', type: 'quantitative', title: given.x ?? null, scale: scale(given.logX, columns), axis },
    y: { field: 'y', type: 'quantitative', title: given.y ?? null, scale: scale(given.logY, rows), axis },
  }
  const dark = themeOf(op, given) === 'dark'
  const color = {
    field: 'value',
    type: 'quantitative',
    scale: low < high ? { type: 'threshold', domain: bounds, scheme: 'viridis' } : { scheme: 'viridis' },
    legend: { title: given.value ?? null, format: '.3~r' },
  }
  const surface = {
    data: { values: cells },
    mark: { type: 'rect', strokeWidth: 1, invalid: 'filter', aria: false },
    encoding: {
      ...position,
      x2: { field: 'x2' },
      y2: { field: 'y2' },
      fill: color,
      stroke: color, // or there are seams between cells
    },
  }
  const marks = given.points && {
    data: { values: pointsOf(op, given.points) },
    mark: {
      type: 'point',
      filled: true,
      size: 30,
      fill: dark ? '#10131a' : '#ffffff',
      stroke: '#30343b',
      opacity: 0.9,
    },
    encoding: position,
  }
  const spec = { layer: marks ? [surface, marks] : [surface] }
  return new Figure(op, spec, given, { width: 400, height: 360 })
}

/** Stretches of a row that have one colour, from and to: a picture with fewer parts is smaller. */
function runs(row: readonly number[], levelOf: (value: number) => number): [from: number, to: number][] {
  const colors = row.map(value => (Number.isFinite(value) ? levelOf(value) : undefined))
  const starts = row.map((_, i) => i).filter(i => i === 0 || colors[i] !== colors[i - 1])
  return starts.map((from, i) => [from, starts[i + 1] ?? row.length])
}

/** The bounds of cells around places: in the middle between them, on either scale. */
function edges(what: string, places: Values | undefined, count: number, log: boolean): number[] {
  const given = places === undefined ? Array.from({ length: count }, (_, i) => i) : readValues(what, places)
  if (given.length !== count) throw new ArgumentError(`${what}: there are ${given.length} places for ${count}`)
  if (log && given.some(place => place <= 0)) {
    throw new ArgumentError(`${what}: a logarithmic axis has places greater than 0`)
  }
  if (!given.every((place, i) => Number.isFinite(place) && (i === 0 || place > given[i - 1]!))) {
    throw new ArgumentError(`${what}: places must rise`)
  }
  const scaled = log ? given.map(Math.log) : given
  const middles = scaled.slice(1).map((place, i) => (scaled[i]! + place) / 2)
  const [first, last] = [2 * scaled[0]! - middles[0]!, 2 * scaled.at(-1)! - middles.at(-1)!]
  return [first, ...middles, last].map(place => (log ? Math.exp(place) : place))
}

function pointsOf(op: string, points: Points): { x: number; y: number }[] {
  const [x, y] = points.map(values => readValues(`${op}: points`, values)) as [number[], number[]]
  if (x.length !== y.length) throw new ArgumentError(`${op}: points: there are ${x.length} x for ${y.length} y`)
  return x.map((value, i) => ({ x: value, y: y[i]! }))
}
