// A search as text: a line for each trial, then the best, and what matters.
import { columns } from '../columns.ts'
import { type Experiment, measured } from './experiment.ts'
import type { Trial } from './ledger.ts'
import type { Mean } from './objectives.ts'

/** All trials, in columns. */
export function tableOf({ trials, objectives, space }: Experiment): string {
  const names = space.dimensions.map(({ name }) => name)
  const goals = objectives.map(({ name }) => name)
  const header = ['trial', 'state', ...goals, ...names, 'seconds', 'steps', '']
  const rows = trials.map(({ number, state, values, parameters, seconds, reports, reason = '' }) => [
    String(number),
    state,
    ...goals.map(goal => (values ? meanText(values[goal]!) : '')),
    ...names.map(name => short(parameters[name]!)),
    seconds === undefined ? '' : seconds.toFixed(1),
    reports.length === 0 ? '' : String(reports.at(-1)![0]),
    reason.split('\n', 1)[0]!,
  ])
  return columns([header, ...rows])
}

/** What `dtrain tune status` prints. */
export function statusOf(experiment: Experiment): string {
  const { name, trials, objectives } = experiment
  const goals = objectives.map(one => `${one.minimize ? 'least' : 'most'} ${one.name}`).join(', ')
  const parts = [`${name}: ${goals}; ${countsOf(trials)}`, experiment.table()]
  if (objectives.length > 1) parts.push(frontText(experiment))
  else if (experiment.best !== undefined) parts.push(`best so far: ${trialText(experiment.best)}`)
  if (measured(experiment).length >= 4) parts.push(...objectives.map(one => importanceText(experiment, one.name)))
  return parts.join('\n\n')
}

function countsOf(trials: readonly Trial[]): string {
  const states = ['completed', 'stopped', 'failed', 'running'] as const
  const counts = states.map(state => [trials.filter(trial => trial.state === state).length, state] as const)
  return (
    counts
      .filter(([count]) => count > 0)
      .map(([count, state]) => `${count} ${state}`)
      .join(', ') || 'no trials yet'
  )
}

function frontText({ front }: Experiment): string {
  return ['front so far:', ...front.map(trial => `  ${trialText(trial)}`)].join('\n')
}

function trialText({ number, values, parameters }: Trial & { values: Readonly<Record<string, Mean>> }): string {
  const measures = Object.entries(values).map(([name, mean]) => `${name} ${meanText(mean)}`)
  const settings = Object.entries(parameters).map(([name, value]) => `${name} ${short(value)}`)
  return `trial ${number}: ${measures.join(', ')} at ${settings.join(', ')}`
}

const width = 24

function importanceText(experiment: Experiment, objective: string): string {
  const shares = Object.entries(experiment.importance(objective)).sort(([, a], [, b]) => b - a)
  if (shares.every(([, share]) => share === 0)) return `${objective} is the same in all trials`
  const together = Math.max(0, 1 - shares.reduce((sum, [, share]) => sum + share, 0))
  const rows = [...shares, ['several together', together] as const].map(([name, share]) => [
    name,
    `${Math.round(100 * share)} %`.padStart(5),
    '█'.repeat(Math.round(width * share)),
  ])
  return [`share of the variance of ${objective} (main effects of a random forest, fANOVA):`, columns(rows)].join('\n')
}

function meanText([mean, sem]: Mean): string {
  return sem === null ? short(mean) : `${short(mean)} ± ${short(sem)}`
}

function short(value: number | string | boolean): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value)
}
