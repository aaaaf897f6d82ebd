// Parallel coordinates: an axis for each quantity, and a line across them for each row, as for the runs of a search.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, refuse } from '../../tensor/index.ts'
import { Figure, type FigureOptions, figureNames, type Spec } from './figure.ts'
import { themeOf } from './theme.ts'

/** An axis of `plot.parallel`. */
export interface ParallelAxis {
  /** The field of the rows. */
  name: string
  /** Logarithmic, default false. */
  log?: boolean
  /** Of an axis without numbers all values, from the bottom; default: those of the rows, where any is no number. */
  values?: readonly (number | string | boolean)[]
}

/** Options of `plot.parallel`. */
export interface ParallelOptions extends FigureOptions {
  /** The axes, from the left; default: all fields of the first row. */
  axes?: readonly (string | ParallelAxis)[]
  /** The field that colours the lines; default: the last axis. */
  color?: string
}

const parallelOptions = new Options<ParallelOptions>({ axes: true, color: true, ...figureNames })
const axisOptions = new Options<ParallelAxis>({ name: true, log: true, values: true })

/** Values by the names of axes. */
export type ParallelRow = Readonly<Record<string, number | string | boolean>>

interface Axis {
  name: string
  place(value: number | string | boolean): number
  ticks: { at: number; text: string }[]
}

/**
 * A line for each row, across an axis for each of its fields. pandas: plotting.parallel_coordinates.
 * @throws ArgumentError for no rows, or fields that they lack
 * @example plot.parallel(runs, { axes: [{ name: 'lr', log: true }, 'width', 'loss'], color: 'loss' })
 */
export function parallel(rows: readonly ParallelRow[], options?: ParallelOptions): Figure {
  const op = 'parallel'
  atMost('parallel', 2, arguments.length)
  const given = parallelOptions.read(op, options)
  if (!Array.isArray(rows)) refuse(op, 'an array of rows', rows)
  if (rows.length === 0) throw new ArgumentError(`${op}: there are no rows to draw`)
  const wanted = given.axes ?? Object.keys(rows[0]!)
  const axes = wanted.map(one => axisOf(op, typeof one === 'string' ? { name: one } : axisOptions.read(op, one), rows))
  if (axes.length < 2) throw new ArgumentError(`${op}: expected two axes or more`)
  const color = axisOf(op, { name: given.color ?? axes.at(-1)!.name }, rows).name
  const names = axes.map(({ name }) => name)
  const lines = rows.flatMap((row, line) =>
    axes.map(({ name, place }) => ({ line, axis: name, at: place(row[name]!), color: row[color]! })),
  )
  const ticks = axes.flatMap(axis => axis.ticks.map(tick => ({ axis: axis.name, ...tick })))
  const [page, ink] = themeOf(op, given) === 'dark' ? ['#16191f', '#e6e9ee'] : ['#ffffff', '#1f2328']
  const x = {
    field: 'axis',
    type: 'nominal',
    title: null,
    scale: { type: 'point', domain: names, padding: 0.35 },
    axis: { domain: false, ticks: false, grid: true, labelAngle: 0, labelFontSize: 12, labelPadding: 10 },
  }
  const y = { field: 'at', type: 'quantitative', axis: null, scale: { domain: [0, 1] } }
  /** Twice, since lines run through them: their surroundings, then the texts. */
  const tickTexts = (look: Spec) => ({
    data: { values: ticks },
    mark: { type: 'text', align: 'right', dx: -6, fontSize: 10, ...look },
    encoding: { x, y, text: { field: 'text' } },
  })
  const isNumber = typeof rows[0]![color] === 'number'
  const colors = isNumber ? { type: 'quantitative', scale: { scheme: 'viridis' } } : { type: 'nominal' }
  const spec = {
    layer: [
      {
        data: { values: lines },
        mark: { type: 'line', strokeWidth: 1.6, opacity: 0.65 },
        encoding: {
          x,
          y,
          detail: { field: 'line' },
          color: { field: 'color', ...colors, legend: { title: color, symbolType: 'stroke', gradientLength: 200 } },
        },
      },
      tickTexts({ stroke: page, strokeWidth: 4, strokeOpacity: 0.8 }),
      tickTexts({ fill: ink }),
    ],
  }
  return new Figure(op, spec, given, { width: Math.max(420, 130 * axes.length), height: 300 })
}

function axisOf(op: string, { name, log = false, values }: ParallelAxis, rows: readonly ParallelRow[]): Axis {
  const lacking = rows.findIndex(row => row[name] === undefined)
  if (lacking >= 0) throw new ArgumentError(`${op}: row ${lacking} has no '${name}'`)
  const all = rows.map(row => row[name]!)
  if (values !== undefined || all.some(value => typeof value !== 'number')) {
    const levels = values ?? [...new Set(all)]
    const place = (value: number | string | boolean) => (levels.indexOf(value) + 0.5) / levels.length
    const unknown = all.find(value => !levels.includes(value))
    if (unknown !== undefined) throw new ArgumentError(`${op}: '${unknown}' is none of the values of '${name}'`)
    return { name, place, ticks: levels.map(level => ({ at: place(level), text: String(level) })) }
  }
  const numbers = all as number[]
  if (!numbers.every(value => Number.isFinite(value) && (!log || value > 0))) {
    throw new ArgumentError(`${op}: '${name}' must have finite numbers${log ? ' greater than 0' : ''}`)
  }
  const scale = log ? Math.log10 : (value: number) => value
  const [low, high] = [scale(Math.min(...numbers)), scale(Math.max(...numbers))]
  const range = high - low || 1
  const place = (value: number | string | boolean) => (scale(value as number) - low) / range
  const ticks = Array.from({ length: high > low ? 5 : 1 }, (_, i) => {
    const value = low + (i * range) / 4
    return { at: i / 4, text: String(Number((log ? 10 ** value : value).toPrecision(3))) }
  })
  return { name, place, ticks }
}
