// How often numbers fall between which bounds.
import { ArgumentError } from '../../errors.ts'
import { atMost, isPlainObject, Options } from '../../tensor/index.ts'
import { Figure, type FigureOptions, figureNames } from './figure.ts'
import { legendAbove } from './text.ts'
import { colorOf, themeOf } from './theme.ts'
import { readValues, type Values } from './values.ts'

/** Options of `plot.histogram`. */
export interface HistogramOptions extends FigureOptions {
  /** How many bars; default: as many as suit the numbers, by the rule of NumPy's 'auto'. */
  bins?: number
  /** Title of the x axis. */
  x?: string
  /** Title of the y axis; default 'count' or 'density'. */
  y?: string
  /** Make the area of each series 1, default false. */
  density?: boolean
  /** A logarithmic axis for the counts, default false. */
  logY?: boolean
}

const histogramOptions = new Options<HistogramOptions>({
  bins: true,
  x: true,
  y: true,
  density: true,
  logY: true,
  ...figureNames,
})

/**
 * Bars for how often numbers fall between which bounds, for one series or several by name. NaN and infinities are left
 * out. PyTorch's programs: plt.hist.
 * @throws ArgumentError for what holds no numbers
 * @example await plot.histogram(layer.weight.flatten(), { x: 'weight' }).save('weights.png')
 */
export function histogram(values: Values | Readonly<Record<string, Values>>, options?: HistogramOptions): Figure {
  atMost('histogram', 2, arguments.length)
  const given = histogramOptions.read('histogram', options)
  const series = isPlainObject(values)
    ? Object.entries(values).map(([name, one]) => ({ name, numbers: readValues(`histogram: ${name}`, one) }))
    : [{ name: undefined, numbers: readValues('histogram', values) }]
  const finite = series.map(one => ({ ...one, numbers: one.numbers.filter(Number.isFinite) }))
  const all = finite.flatMap(({ numbers }) => numbers)
  if (all.length === 0) throw new ArgumentError('histogram: there are no numbers to draw')
  const theme = themeOf('histogram', given)
  const edges = edgesOf(all, given.bins)
  const density = given.density ?? false
  const bars = finite.flatMap(({ name, numbers }) => {
    const counts = count(numbers, edges)
    return counts.flatMap((n, i) => {
      const [from, to] = [edges[i]!, edges[i + 1]!]
      const y = density ? n / (numbers.length * (to - from)) : n
      return n === 0 ? [] : [{ from, to, y, series: name ?? '' }]
    })
  })
  const names = finite.map(({ name }) => name ?? '')
  const one = isPlainObject(values) ? {} : { legend: null }
  const size = { width: 560, height: 300 }
  const legend = { ...legendAbove(names, given.width ?? size.width), symbolType: 'square' }
  const spec = {
    data: { values: bars },
    mark: { type: 'bar', binSpacing: edges.length > 60 ? 0 : 1, opacity: names.length > 1 ? 0.6 : 0.9 },
    encoding: {
      x: { field: 'from', type: 'quantitative', title: given.x ?? null, bin: 'binned', scale: { zero: false } },
      x2: { field: 'to' },
      y: {
        field: 'y',
        type: 'quantitative',
        title: given.y ?? (density ? 'density' : 'count'),
        stack: null,
        scale: given.logY ? { type: 'log', domainMin: density ? undefined : 0.5 } : { zero: true },
      },
      ...(given.logY && { y2: { datum: density ? Math.min(...bars.map(({ y }) => y)) / 2 : 0.5 } }),
      color: {
        field: 'series',
        type: 'nominal',
        scale: { domain: names, range: names.map((_, i) => colorOf(theme, i)) },
        legend,
        ...one,
      },
    },
  }
  return new Figure('histogram', spec, given, size)
}

/** Bounds of equal bars. The default number is the larger of Sturges' and of Freedman and Diaconis'. */
function edgesOf(numbers: number[], wanted?: number): number[] {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0)) {
    throw new ArgumentError(`histogram: bins must be a positive integer: ${wanted}`)
  }
  const sorted = Float64Array.from(numbers).sort()
  const quantile = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!
  let [from, to] = [sorted[0]!, sorted.at(-1)!]
  if (from === to) [from, to] = [from - 0.5, to + 0.5]
  const width = (2 * (quantile(0.75) - quantile(0.25))) / Math.cbrt(sorted.length)
  const byWidth = width > 0 ? Math.ceil((to - from) / width) : 1
  const bins = wanted ?? Math.min(Math.max(byWidth, Math.ceil(Math.log2(sorted.length)) + 1), 200)
  return Array.from({ length: bins + 1 }, (_, i) => from + ((to - from) * i) / bins)
}

/** How many numbers are in each bar; the upper bound of the last one is in it. */
function count(numbers: number[], edges: number[]): number[] {
  const bins = edges.length - 1
  const [from, to] = [edges[0]!, edges[bins]!]
  const counts = new Array<number>(bins).fill(0)
  for (const value of numbers) counts[Math.min(Math.floor(((value - from) / (to - from)) * bins), bins - 1)]!++
  return counts
}
