// A table of numbers as coloured cells, such as a confusion matrix.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, type Tensor } from '../../tensor/index.ts'
import { Figure, type FigureOptions, figureNames, type Spec } from './figure.ts'
import { themeOf } from './theme.ts'
import { readTable, type Values } from './values.ts'

/** Options of `plot.heatmap`. */
export interface HeatmapOptions extends FigureOptions {
  /** Title below. */
  x?: string
  /** Title at the left. */
  y?: string
  /** Names of the columns and of the rows; default: their indices. */
  columns?: readonly (string | number)[]
  rows?: readonly (string | number)[]
  /** Write the numbers into the cells; default: where there are at most 256. */
  numbers?: boolean
  /** The numbers that have the first and the last colour; default: the least and the greatest. */
  range?: readonly [number, number]
}

const heatmapOptions = new Options<HeatmapOptions>({
  x: true,
  y: true,
  columns: true,
  rows: true,
  numbers: true,
  range: true,
  ...figureNames,
})

const mostCells = 40_000

/**
 * A table of numbers as coloured cells, the first row at the top. PyTorch's programs: plt.imshow, sns.heatmap.
 * @throws ArgumentError for what is no table, or one of more than 40,000 cells
 * @example plot.heatmap(confusion.matrix, { x: 'predicted', y: 'true', rows: classes, columns: classes })
 */
export function heatmap(table: Tensor | readonly Values[], options?: HeatmapOptions): Figure {
  const op = 'heatmap'
  atMost('heatmap', 2, arguments.length)
  const given = heatmapOptions.read(op, options)
  const rows = readTable(op, table)
  const [height, width] = [rows.length, rows[0]?.length ?? 0]
  if (width === 0) throw new ArgumentError(`${op}: there are no numbers to draw`)
  if (height * width > mostCells) {
    throw new ArgumentError(`${op}: ${height} x ${width} cells are too many to tell apart; plot.images draws pixels`)
  }
  const names = (what: 'rows' | 'columns', size: number) => {
    const list = given[what] ?? Array.from({ length: size }, (_, i) => i)
    if (list.length !== size) throw new ArgumentError(`${op}: there are ${list.length} names for ${size} ${what}`)
    return list.map(String)
  }
  const [down, across] = [names('rows', height), names('columns', width)]
  const flat = rows.flat().filter(Number.isFinite)
  const [low, high] = given.range ?? flat.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity])
  const dark = themeOf(op, given) === 'dark'
  const values = rows.flatMap((row, i) =>
    row.map((value, j) => ({
      row: i,
      column: j,
      value: Number.isFinite(value) ? value : null,
      text: short(value),
      // Blues get darker with the number, viridis gets brighter.
      ink: (value - low) / (high - low || 1) > 0.55 === dark ? '#10131a' : '#ffffff',
    })),
  )
  const size = Math.min(48, Math.max(4, Math.floor(480 / Math.max(height, width))))
  const longest = 7 * Math.max(...across.map(name => name.length)) + 8
  const position = (field: string, title: string | undefined, labels: string[], space: number, more: Spec) => ({
    field,
    type: 'ordinal',
    title: title ?? null,
    scale: { domain: labels.map((_, i) => i), paddingInner: size > 16 ? 0.04 : 0 },
    axis: {
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      values: every(labels.length, Math.ceil(space / size)),
      domain: false,
      ticks: false,
      grid: false,
      ...more,
    },
  })
  // Names that are longer than their cells are wide stand at an angle; among narrow cells some have none.
  const slanted = longest > size && size >= 14
  const cells = {
    mark: 'rect',
    encoding: {
      color: {
        field: 'value',
        type: 'quantitative',
        scale: { domain: [low, high], scheme: dark ? 'viridis' : 'blues' },
        legend: { title: null, gradientLength: Math.min(200, size * height) },
      },
    },
  }
  const numbers = {
    mark: { type: 'text', fontSize: Math.min(12, Math.max(7, size / 3.4)) },
    encoding: { text: { field: 'text' }, color: { field: 'ink', type: 'nominal', scale: null } },
  }
  const spec = {
    data: { values },
    encoding: {
      x: position('column', given.x, across, slanted ? 14 : longest, { labelAngle: slanted ? -40 : 0 }),
      y: position('row', given.y, down, 14, {}),
    },
    resolve: { scale: { color: 'independent' } },
    layer: (given.numbers ?? values.length <= 256) ? [cells, numbers] : [cells],
  }
  return new Figure(op, spec, given, { width: size * width, height: size * height })
}

function every(length: number, step: number): number[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step)
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)))
}
