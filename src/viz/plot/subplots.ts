// Several plots in one picture.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, refuse } from '../../tensor/index.ts'
import { Figure } from './figure.ts'
import type { Theme } from './theme.ts'

/** Options of `plot.subplots`. */
export interface SubplotsOptions {
  /** How many stand in a row; default: all. */
  columns?: number
  title?: string
  /** Default: that of the first plot. */
  theme?: Theme
}

const subplotsOptions = new Options<SubplotsOptions>({ columns: true, title: true, theme: true })

/**
 * Several plots side by side in one picture. PyTorch's programs: plt.subplots.
 * @throws ArgumentError for anything but plots
 * @example await plot.subplots([plot.line(losses, { logY: true }), plot.line(losses)]).save('both.png')
 */
export function subplots(
  figures: readonly Figure[],
  columns?: number | SubplotsOptions,
  options?: SubplotsOptions,
): Figure {
  atMost('subplots', 3, arguments.length)
  const given = subplotsOptions.readFirst('subplots', columns, options)
  if (!Array.isArray(figures)) refuse('subplots', 'an array of plots', figures)
  if (figures.length === 0) throw new ArgumentError('subplots: there are no plots to draw')
  for (const figure of figures) if (!(figure instanceof Figure)) refuse('subplots', 'a plot', figure)
  const { columns: wide = figures.length, theme = figures[0]!.theme, title } = given
  if (!Number.isInteger(wide) || wide < 1) {
    throw new ArgumentError(`subplots: columns must be a positive integer: ${wide}`)
  }
  const spec = {
    concat: figures.map(({ spec }) => spec),
    columns: wide,
    spacing: 36,
    resolve: { scale: { color: 'independent', strokeDash: 'independent' }, legend: { color: 'independent' } },
  }
  return new Figure('subplots', spec, { theme, ...(title !== undefined && { title }) })
}
