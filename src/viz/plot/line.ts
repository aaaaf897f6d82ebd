// Lines and points over x: losses, learning rates, data. Both kinds are series of one plot, so they may be mixed.
import { ArgumentError } from '../../errors.ts'
import { atMost, isPlainObject, Options, refuse } from '../../tensor/index.ts'
import { Figure, type FigureOptions, figureNames, type Spec } from './figure.ts'
import { legendAbove } from './text.ts'
import { colorOf, type Theme, themeOf } from './theme.ts'
import { type ReadSeries, readSeries, type SeriesOrMany, type Values } from './values.ts'

/** Options of `plot.line` and `plot.scatter`. */
export interface LineOptions extends FigureOptions {
  /** Title of the x axis. */
  x?: string
  /** Title of the y axis. */
  y?: string
  /** Title of the y axis at the right, which series with `right: true` have. */
  right?: string
  /** Logarithmic axes; numbers that have no logarithm are gaps. Default false. */
  logX?: boolean
  logY?: boolean
  logRight?: boolean
  /** From where to where an axis goes; default: as far as there are numbers. */
  xLim?: readonly [number, number]
  yLim?: readonly [number, number]
  rightLim?: readonly [number, number]
}

const lineOptions = new Options<LineOptions>({
  x: true,
  y: true,
  right: true,
  logX: true,
  logY: true,
  logRight: true,
  xLim: true,
  yLim: true,
  rightLim: true,
  ...figureNames,
})

/** More points than this are more than there are pixels. */
const mostPoints = 1200

/**
 * Lines through numbers, against their index or against `x`. PyTorch's programs: plt.plot.
 * @throws ArgumentError for what holds no numbers
 * @example
 * const dotted = { y: valLosses, style: 'dotted' } as const
 * const series = { training: losses, validation: dotted, rate: { y: rates, right: true } }
 * await plot.line(series, { x: 'epoch', y: 'loss', right: 'learning rate', logY: true, logRight: true }).save('a.png')
 */
export function line(series: SeriesOrMany, options?: LineOptions): Figure {
  atMost('line', 2, arguments.length)
  return draw('line', readSeries('line', series), lineOptions.read('line', options))
}

/** Points of one kind: all x, and all y. */
export type Points = readonly [x: Values, y: Values]

/**
 * Points, of one kind or of several by name. PyTorch's programs: plt.scatter.
 * @throws ArgumentError for what holds no numbers, or as many x as y
 * @example plot.scatter({ training: [xTrain, yTrain], validation: [xVal, yVal] }, { x: 'x', y: 'y' })
 */
export function scatter(points: Points | Readonly<Record<string, Points>>, options?: LineOptions): Figure {
  atMost('scatter', 2, arguments.length)
  const series = (where: string, given: unknown) => {
    if (!Array.isArray(given) || given.length !== 2) refuse(where, '[x, y]', given)
    return { x: given[0], y: given[1], style: 'points' as const }
  }
  const named = isPlainObject(points)
    ? Object.fromEntries(Object.entries(points).map(([name, xy]) => [name, series(`scatter: ${name}`, xy)]))
    : series('scatter', points)
  return draw('scatter', readSeries('scatter', named), lineOptions.read('scatter', options))
}

function draw(op: string, given: ReadSeries[], options: LineOptions): Figure {
  for (const lim of ['xLim', 'yLim', 'rightLim'] as const) {
    const range = options[lim]
    if (range !== undefined && !(Array.isArray(range) && range.length === 2 && range.every(Number.isFinite))) {
      throw new ArgumentError(`${op}: ${lim} must be two numbers, from and to`)
    }
  }
  const { xLim } = options
  const series = xLim === undefined ? given : given.map(one => cut(one, Math.min(...xLim), Math.max(...xLim)))
  const size = { width: 560, height: 320 }
  const look = lookOf(series, themeOf(op, options), options.width ?? size.width)
  const left = series.filter(({ right }) => !right)
  const right = series.filter(({ right }) => right)
  const logarithms = (some: ReadSeries[], of: 'x' | 'y', log: boolean | undefined) =>
    log ? around(some.flatMap(one => one[of].map(value => usable(value, true)))) : undefined
  // Between epochs there is nothing to label.
  const whole = series.every(one => one.x.every(Number.isInteger)) && { tickMinStep: 1 }
  const x = axis(options.x, options.logX, options.xLim ?? logarithms(series, 'x', options.logX), whole || {})
  // An axis that measures one series has its colour.
  const [only] = right
  const color = right.length === 1 && left.length > 0 ? look.range[series.indexOf(only!)] : undefined
  const axes = {
    left: axis(options.y, options.logY, options.yLim ?? logarithms(left, 'y', options.logY)),
    right: axis(options.right, options.logRight, options.rightLim ?? logarithms(right, 'y', options.logRight), {
      orient: 'right',
      ...(left.length > 0 && { grid: false }),
      ...(color && { titleColor: color, labelColor: color }),
    }),
  }
  const layers = (some: ReadSeries[], y: Spec): Spec[] =>
    some.length === 0 ? [] : [{ layer: some.flatMap(one => layerOf(one, x, y, options, look.encoding(one))) }]
  const parts = [...layers(left, axes.left), ...layers(right, axes.right)]
  const resolve = parts.length > 1 && { resolve: { scale: { y: 'independent' } } }
  return new Figure(op, { layer: parts, ...resolve }, options, size)
}

/** A series without what is drawn beyond `from` and `to`, so that the other axis goes as far as what is seen. */
function cut(series: ReadSeries, from: number, to: number): ReadSeries {
  const { x, y } = series
  // NaN is kept, as the gap that it is.
  const isSeen = (i: number, k: number) => !(Math.max(x[i]!, x[k]!) < from || Math.min(x[i]!, x[k]!) > to)
  const isLine = series.style !== 'points'
  const last = x.length - 1
  const kept = x.flatMap((_, i) =>
    isSeen(i, i) || (isLine && (isSeen(Math.max(i - 1, 0), i) || isSeen(i, Math.min(i + 1, last)))) ? [i] : [],
  )
  return { ...series, x: kept.map(i => x[i]!), y: kept.map(i => y[i]!) }
}

function axis(title: string | undefined, log: boolean | undefined, lim?: readonly [number, number], more?: Spec): Spec {
  const scale = log ? { type: 'log', nice: false } : { zero: false }
  return {
    type: 'quantitative',
    title: title ?? null,
    scale: { ...scale, ...(lim && { domain: lim, nice: false }) },
    axis: { ...(log && logAxis(lim)), ...more },
  }
}

const isPowerOfTen = 'abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 0.001'

/** 10⁻⁶, in vega's language. */
const exponent = 'abs(round(log(datum.value) / LN10))'
const digit = (of: string) => `'⁰¹²³⁴⁵⁶⁷⁸⁹'[${of}]`
const power =
  `'10' + (datum.value < 1 ? '⁻' : '') + (${exponent} > 9 ? ${digit(`floor(${exponent} / 10)`)} : '') + ` +
  digit(`${exponent} % 10`)

/**
 * Between the powers of ten the lines of the grid are faint, and have no labels where there are three powers. Powers
 * that would be long numbers are written as powers.
 */
function logAxis(lim: readonly [number, number] | undefined): Spec {
  const [from, to] = (lim ?? [1, 1]).map(Math.log10) as [number, number]
  const [low, high] = [Math.ceil(Math.min(from, to)), Math.floor(Math.max(from, to))]
  const isLong = high - low >= 2
  const isFar = low < -4 || high > 5
  return {
    tickCount: 6,
    labelOverlap: true,
    gridOpacity: { condition: { test: isPowerOfTen, value: 1 }, value: 0.45 },
    ...(isLong && { labelExpr: `${isPowerOfTen} ? ${isFar ? power : 'datum.label'} : ''` }),
  }
}

/** A logarithmic axis ends a little beyond the numbers: the next power of ten may be far away. */
function around(values: (number | null)[]): readonly [number, number] | undefined {
  const present = values.filter(value => value !== null)
  if (present.length === 0) return undefined
  const [low, high] = present.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, 0])
  const margin = low === high ? 2 : (high / low) ** 0.04
  return [low / margin, high * margin]
}

/** One dash longer than most lines, not many short ones: each is drawn by itself. */
const solid = [1e6, 0]
const dashes = { solid, dashed: [7, 4], dotted: [2, 3], points: solid }

/** As large as points are, in a legend whose other symbols are lines: a legend has one size. */
const smallCircle = 'M-0.3,0A0.3,0.3,0,1,1,0.3,0A0.3,0.3,0,1,1,-0.3,0'

/** Colours by name, with the legend where there are names; the legend shows lines as they are drawn. */
function lookOf(series: ReadSeries[], theme: Theme, width: number) {
  const range = series.map(({ color }, i) => color ?? colorOf(theme, i))
  const domain = series.map(({ name }) => name ?? '')
  const legend = series.some(({ name }) => name !== undefined)
  const onlyPoints = series.every(({ style }) => style === 'points')
  const mixed = !onlyPoints && series.some(({ style }) => style === 'points')
  const isPoints = `indexof(${JSON.stringify(domain.filter((_, i) => series[i]!.style === 'points'))}, datum.label) >= 0`
  const dashed = series.some(({ style }) => style === 'dashed' || style === 'dotted')
  const shown = legend && {
    legend: {
      ...legendAbove(domain, width),
      symbolType: onlyPoints ? 'circle' : 'stroke',
      ...(onlyPoints && { symbolStrokeWidth: 0, symbolSize: 70 }),
      ...(mixed && {
        encoding: {
          symbols: {
            opacity: { value: 1 },
            shape: { condition: { test: isPoints, value: smallCircle }, value: 'stroke' },
          },
        },
      }),
    },
  }
  const color = { field: 'series', type: 'nominal', scale: { domain, range }, ...(shown || { legend: null }) }
  const dash = {
    field: 'series',
    type: 'nominal',
    scale: { domain, range: series.map(({ style }) => dashes[style ?? 'solid']) },
    ...(legend ? { legend: {} } : { legend: null }),
  }
  return {
    range,
    encoding: ({ style }: ReadSeries): Spec =>
      style === 'points' || !dashed ? { color } : { color, strokeDash: dash },
  }
}

function layerOf(series: ReadSeries, x: Spec, y: Spec, options: LineOptions, look: Spec): Spec {
  const points = series.style === 'points'
  const { xLim, yLim, rightLim } = options
  const logY = series.right ? options.logRight : options.logY
  const rows = series.x.map((value, i) => ({ x: usable(value, options.logX), y: usable(series.y[i]!, logY) }))
  const clip = xLim !== undefined || (series.right ? rightLim : yLim) !== undefined
  const mark = points
    ? { type: 'point', filled: true, size: series.width ?? 36, opacity: 0.8 }
    : {
        type: 'line',
        strokeWidth: series.width ?? 2,
        strokeJoin: 'round',
        strokeCap: (series.style ?? 'solid') === 'solid' ? 'round' : 'butt', // a point between gaps is a dot
        invalid: 'break-paths-show-domains',
      }
  const present = rows.filter(row => row.x !== null)
  const values = (points ? present : thin(present)).map(row => ({ ...row, series: series.name ?? '' }))
  return {
    data: { values },
    mark: { ...mark, clip },
    encoding: { x: { field: 'x', ...x }, y: { field: 'y', ...y }, ...look },
  }
}

function usable(value: number, log: boolean | undefined): number | null {
  return Number.isFinite(value) && !(log && value <= 0) ? value : null
}

type Row = { x: number | null; y: number | null }

/** Of many points the lowest and the highest of each short stretch, so no peak is lost. */
function thin(rows: Row[]): Row[] {
  if (rows.length <= mostPoints) return rows
  const kept: Row[] = []
  const stretch = (2 * rows.length) / mostPoints
  for (let from = 0; from < rows.length; from += stretch) {
    const part = rows.slice(Math.floor(from), Math.floor(from + stretch))
    const height = ({ y }: Row) => y ?? Number.NEGATIVE_INFINITY // a gap is kept as the lowest
    const low = part.reduce((a, b) => (height(b) < height(a) ? b : a))
    const high = part.reduce((a, b) => (height(b) > height(a) ? b : a))
    kept.push(...part.filter(row => row === low || row === high))
  }
  return kept
}
