// Searches on functions whose least value is known: the median regret of several seeds after 20, 30 and 60 trials, and
// the milliseconds that a trial takes. With --python, an interpreter that has Optuna, bench/tune.py adds its samplers,
// and BoTorch where that is there too.
//   npx tsx bench/tune.ts
//   npx tsx bench/tune.ts --python python3 --seeds 30 --plot regret.svg
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BayesianSearch, optimize, type Parameter, type Question, type StrategyName } from 'dtrain/tune'
import { plot } from 'dtrain/viz'
import { machineLine, median, type Spread, spreadOf, within } from '../dist/src/bench/measure.js'
import { columns } from '../dist/src/columns.js'

const { values: args } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    strategies: { type: 'string', default: 'random,sobol,tpe,bayesian' },
    functions: { type: 'string', default: 'booth,branin,hartmann6,mixed' },
    python: { type: 'string' },
    plot: { type: 'string' },
  },
})
const [seeds, trials] = [Number(args.seeds), 60]

interface Problem {
  parameters: Parameter[]
  least: number
  f(x: Record<string, number>): number
}

const range = (name: string, low: number, high: number): Parameter => ({ name, type: 'range', bounds: [low, high] })

const hartmann = {
  alpha: [1, 1.2, 3, 3.2],
  a: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  p: [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ],
}

const problems: Record<string, Problem> = {
  booth: {
    parameters: [range('x', -10, 10), range('y', -10, 10)],
    least: 0,
    f: ({ x, y }) => (x! + 2 * y! - 7) ** 2 + (2 * x! + y! - 5) ** 2,
  },
  branin: {
    parameters: [range('x', -5, 10), range('y', 0, 15)],
    least: 0.39788735772973816,
    f: ({ x, y }) =>
      (y! - (5.1 / (4 * Math.PI ** 2)) * x! * x! + (5 / Math.PI) * x! - 6) ** 2 +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x!) +
      10,
  },
  hartmann6: {
    parameters: Array.from({ length: 6 }, (_, i) => range(`x${i}`, 0, 1)),
    least: -3.322368011415515,
    f: x => {
      const distance = (i: number) =>
        hartmann.a[i]!.reduce((sum, a, j) => sum + a * (x[`x${j}`]! - hartmann.p[i]![j]!) ** 2, 0)
      return -hartmann.alpha.reduce((sum, alpha, i) => sum + alpha * Math.exp(-distance(i)), 0)
    },
  },
  // As of a network: a rate, a width, and one of some kinds.
  mixed: {
    parameters: [
      { name: 'lr', type: 'range', bounds: [1e-4, 1], logScale: true },
      { name: 'n', type: 'range', bounds: [1, 64], valueType: 'int' },
      { name: 'c', type: 'choice', values: [1, 0, 2, 0.5], isOrdered: false },
    ],
    least: 0,
    f: ({ lr, n, c }) => (Math.log10(lr!) + 2) ** 2 + ((n! - 20) / 16) ** 2 + c!,
  },
}

/** For each number of trials the median of the least value so far, minus what can be reached. */
function regret(runs: number[][], least: number): number[] {
  const bests = runs.map(values => values.map((_, i) => Math.min(...values.slice(0, i + 1)) - least))
  return Array.from({ length: trials }, (_, i) => median(bests.map(best => best[i]!)))
}

async function ours(strategy: StrategyName, { parameters, f }: Problem): Promise<{ runs: number[][]; ms: number }> {
  const start = performance.now()
  const runs: number[][] = []
  for (let seed = 0; seed < seeds; seed++) {
    const evaluationFunction = (x: Record<string, unknown>) => f(x as Record<string, number>)
    const search = { parameters, evaluationFunction, minimize: true, totalTrials: trials, strategy, seed }
    const { experiment } = await optimize(search)
    runs.push(experiment.trials.map(({ values }) => values!.objective![0]))
  }
  return { runs, ms: (performance.now() - start) / seeds / trials }
}

function theirs(name: string): Record<string, { runs: number[][]; ms: number }> {
  if (args.python === undefined) return {}
  const script = fileURLToPath(new URL('tune.py', import.meta.url))
  const { stdout, status } = spawnSync(args.python, [script, name, args.seeds, String(trials)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return status === 0 ? JSON.parse(stdout) : {}
}

const figures: plot.Figure[] = []
const lines = [['function', 'regret of 20', 'of 30', 'of 60', 'ms a trial', 'method']]
for (const name of args.functions.split(',')) {
  const problem = problems[name]!
  const results: Record<string, { runs: number[][]; ms: number }> = {}
  for (const strategy of args.strategies.split(',')) results[strategy] = await ours(strategy as StrategyName, problem)
  Object.assign(results, theirs(name))
  const curves = Object.entries(results).map(([method, { runs, ms }]) => {
    const curve = regret(runs, problem.least)
    lines.push([name, ...[20, 30, 60].map(count => curve[count - 1]!.toPrecision(3)), ms.toFixed(2), method])
    return [method, { x: curve.map((_, i) => i + 1), y: curve }] as const
  })
  figures.push(plot.line(Object.fromEntries(curves), { title: name, x: 'trial', y: 'regret', logY: true, width: 420 }))
}

/** Milliseconds of the processor for one suggestion, the median of nine after 100 trials in 6 dimensions. */
async function overhead(): Promise<Spread> {
  const strategy = new BayesianSearch()
  const times: number[] = []
  const suggest = (question: Question) => {
    const start = process.cpuUsage()
    const point = strategy.suggest(question)
    const { user, system } = process.cpuUsage(start)
    if (question.finished.length >= 100) times.push((user + system) / 1000)
    return point
  }
  const { parameters, f } = problems.hartmann6!
  const evaluationFunction = (x: Record<string, unknown>) => f(x as Record<string, number>)
  const own = { name: strategy.name, suggest }
  await optimize({ parameters, evaluationFunction, minimize: true, totalTrials: 109, strategy: own, seed: 0 })
  return spreadOf(times)
}

const suggestion = await overhead()
console.log(`${machineLine()}\n${columns(lines)}`)
console.log(
  `a suggestion of 'bayesian' after 100 trials in 6 dimensions: ${suggestion.median.toFixed(0)} ms ${within(suggestion)}`,
)
if (args.plot !== undefined) await plot.subplots(figures, 2).save(args.plot)
