// What plots are made of: numbers from arrays, typed arrays and tensors, and series of them with names and styles.
import { ArgumentError } from '../../errors.ts'
import { isPlainObject, kindOf, Options, refuse, Tensor } from '../../tensor/index.ts'

/** Numbers: an array, a typed array, or a tensor of one dimension. */
export type Values = Tensor | Iterable<number | bigint>

/** How a series is drawn. */
export type SeriesStyle = 'solid' | 'dashed' | 'dotted' | 'points'

/** Numbers with what else a series may have. */
export interface Series {
  y: Values
  /** Default: 0, 1, 2, … */
  x?: Values
  /** Default 'solid'. */
  style?: SeriesStyle
  /** Any colour of CSS; default: the next of the theme. */
  color?: string
  /** Width of the line, or size of the points. */
  width?: number
  /** Measure it on the axis at the right, default false. */
  right?: boolean
}

/** One series, or several by name. */
export type SeriesOrMany = Values | Series | Readonly<Record<string, Values | Series>>

const seriesOptions = new Options<Series>({ y: true, x: true, style: true, color: true, width: true, right: true })
const styles = ['solid', 'dashed', 'dotted', 'points']

/** A series with all its numbers; `name` is undefined for one that stands alone. */
export type ReadSeries = Omit<Series, 'x' | 'y'> & { name: string | undefined; x: number[]; y: number[] }

/** @throws ArgumentError for what holds no numbers, or as many x as y */
export function readSeries(op: string, given: SeriesOrMany): ReadSeries[] {
  if (isValues(given)) return [oneSeries(op, undefined, given)]
  if (!isPlainObject(given)) refuse(op, 'numbers, or series of numbers by name', given)
  const lonely = 'y' in given && ('x' in given || Object.keys(given).every(key => key in lone))
  if (lonely) return [oneSeries(op, undefined, given as Series)]
  const many = Object.entries(given).map(([name, one]) => oneSeries(op, name, one))
  if (many.length === 0) throw new ArgumentError(`${op}: there are no series to draw`)
  return many
}

/** Names of a series' fields, by which a series that stands alone is told from several with names. */
const lone = { y: 0, style: 0, color: 0, width: 0, right: 0 }

function oneSeries(op: string, name: string | undefined, given: Values | Series): ReadSeries {
  const where = name === undefined ? op : `${op}: ${name}`
  const series = isValues(given) ? { y: given } : seriesOptions.read(where, given)
  const y = readValues(where, series.y)
  const x = series.x === undefined ? y.map((_, i) => i) : readValues(`${where}: x`, series.x)
  if (x.length !== y.length) throw new ArgumentError(`${where}: there are ${x.length} x for ${y.length} y`)
  if (series.style !== undefined && !styles.includes(series.style)) {
    throw new ArgumentError(
      `${where}: style must be ${styles.map(style => `'${style}'`).join(', ')}: '${series.style}'`,
    )
  }
  return { ...series, name, x, y }
}

function isValues(given: unknown): given is Values {
  return given instanceof Tensor || (typeof given === 'object' && given !== null && Symbol.iterator in given)
}

/** The numbers. @throws ArgumentError for a tensor of several dimensions, or elements that are no numbers */
export function readValues(op: string, given: Values): number[] {
  if (!isValues(given)) refuse(op, 'numbers in an array, a typed array or a tensor', given)
  if (given instanceof Tensor) {
    if (given.ndim !== 1) {
      throw new ArgumentError(`${op}: expected a tensor of one dimension, got shape [${given.shape.join(', ')}]`)
    }
    return numbersOf(given)
  }
  return Array.from(given, (value, i) => {
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
    const advice = (value as unknown) instanceof Tensor ? '; keep loss.item() instead' : ''
    throw new ArgumentError(`${op}: expected numbers, got ${kindOf(value)} at ${i}${advice}`)
  })
}

/** All elements, also of the short floats, whose typed arrays hold their bits. */
export function numbersOf(x: Tensor): number[] {
  return Array.from(x.detach().to('float64').toTypedArray(), Number)
}

/** The rows of a table. @throws ArgumentError for what is no table of numbers */
export function readTable(op: string, given: Tensor | readonly Values[]): number[][] {
  if (given instanceof Tensor) {
    if (given.ndim !== 2) {
      throw new ArgumentError(`${op}: expected a tensor of two dimensions, got shape [${given.shape.join(', ')}]`)
    }
    const flat = numbersOf(given)
    const width = given.size(1)
    return Array.from({ length: given.size(0) }, (_, i) => flat.slice(i * width, (i + 1) * width))
  }
  if (!Array.isArray(given)) refuse(op, 'a tensor or rows of numbers', given)
  const rows = given.map((row, i) => readValues(`${op}: row ${i}`, row))
  const odd = rows.findIndex(row => row.length !== rows[0]!.length)
  if (odd >= 0) {
    throw new ArgumentError(`${op}: rows differ in length: ${rows[0]!.length} and, at ${odd}, ${rows[odd]!.length}`)
  }
  return rows
}
