// A search as pictures.
import { ArgumentError } from '../errors.ts'
import { plot } from '../viz/index.ts'
import { type Experiment, measured } from './experiment.ts'
import { forestOf } from './importance.ts'
import type { Objective } from './objectives.ts'
import { type Dimension, shown } from './parameters.ts'

/** The value of each trial, and the best up to it. */
export function historyOf(experiment: Experiment, { name, minimize }: Objective): plot.Figure {
  const trials = measured(experiment)
  const completed = trials.filter(({ state }) => state === 'completed')
  const of = (some: typeof trials) => ({
    x: some.map(({ number }) => number),
    y: some.map(({ values }) => values[name]![0]),
  })
  let best = minimize ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  const bests = of(completed).y.map(value => (best = minimize ? Math.min(best, value) : Math.max(best, value)))
  const stopped = trials.filter(({ state }) => state === 'stopped')
  return plot.line(
    {
      'best so far': { x: of(completed).x, y: bests },
      completed: { ...of(completed), style: 'points' },
      ...(stopped.length > 0 && { stopped: { ...of(stopped), style: 'points' } }),
    },
    { x: 'trial', y: name },
  )
}

/** A line for each trial. */
export function parallelOf(experiment: Experiment, { name }: Objective): plot.Figure {
  const trials = measured(experiment)
  const axes = experiment.space.dimensions.map(dimension => ({
    name: dimension.name,
    ...(dimension.kind === 'category' || dimension.levels <= 6
      ? { values: levelsOf(dimension) }
      : { log: dimension.log }),
  }))
  const rows = trials.map(({ parameters, values }) => ({ ...parameters, [name]: values[name]![0] }))
  return plot.parallel(rows, { axes: [...axes, { name }], color: name })
}

const levelsOf = ({ levels, decode }: Dimension) => Array.from({ length: levels }, (_, i) => decode((i + 0.5) / levels))

const mostCells = 40

/** Places all over a dimension of numbers, by rising numbers, each of another. */
function placesOf({ levels, encode, decode }: Dimension): number[] {
  const count = Math.min(levels, mostCells)
  const values = Array.from({ length: count }, (_, i) => decode((i + 0.5) / count) as number)
  return [...new Set(values)].sort((a, b) => a - b).map(value => encode(value)!)
}

/** What the forest expects over two parameters, with the trials. @throws ArgumentError for other names */
export function contourOf(experiment: Experiment, names: readonly [string, string], objective: Objective): plot.Figure {
  const { dimensions } = experiment.space
  const chosen = names.map(name => dimensions.findIndex(one => one.name === name))
  const missing = names.find((_, i) => chosen[i]! < 0)
  if (missing !== undefined) throw new ArgumentError(`contour: no parameter ${shown(missing)} is varied`)
  const category = chosen.find(i => typeof dimensions[i]!.decode(0) !== 'number')
  if (category !== undefined) throw new ArgumentError(`contour: ${shown(dimensions[category]!.name)} is no number`)
  if (chosen[0] === chosen[1]) throw new ArgumentError(`contour: expected two parameters, got ${shown(names[0])} twice`)
  const forest = forestOf('contour', experiment, objective)
  const [x, y] = chosen.map(i => dimensions[i]!) as [Dimension, Dimension]
  const [across, down] = [placesOf(x), placesOf(y)]
  const valuesOf = ({ decode }: Dimension, places: number[]) => places.map(place => decode(place) as number)
  const tried = ({ name }: Dimension) => measured(experiment).map(({ parameters }) => parameters[name] as number)
  return plot.contour(
    down.map(row => across.map(column => forest.mean(chosen, [column, row]))),
    {
      x: x.name,
      y: y.name,
      value: objective.name,
      columns: valuesOf(x, across),
      rows: valuesOf(y, down),
      logX: x.log,
      logY: y.log,
      points: [tried(x), tried(y)],
    },
  )
}
