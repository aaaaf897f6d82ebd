// `dtrain tune status <folder>`: what a search has found so far, as text and as pictures beside its record.
import { join } from 'node:path'
import { DtrainError } from '../errors.ts'
import type { Figure } from '../viz/plot/index.ts'
import { type Experiment, loadExperiment, measured } from './experiment.ts'
import { statusOf } from './table.ts'

const usage = 'usage: dtrain tune status <folder>'

/** Runs the command. Returns what it prints, and its exit code. */
export async function tune(args: readonly string[]): Promise<{ text: string; code: number }> {
  const [name, folder, ...more] = args
  if (name !== 'status' || folder === undefined || more.length > 0) return { text: `dtrain: ${usage}\n`, code: 2 }
  try {
    const experiment = loadExperiment(folder)
    const status = statusOf(experiment)
    const files = await draw(experiment, folder)
    const drawn = files.length === 0 ? '' : `\npictures: ${files.join(', ')}\n`
    return { text: `${status}\n${drawn}`, code: 0 }
  } catch (error) {
    if (error instanceof DtrainError || (error as NodeJS.ErrnoException).syscall) {
      return { text: `dtrain: ${(error as Error).message}\n`, code: 1 }
    }
    throw error
  }
}

/** Draws what there is enough data for. Returns the names of the files. */
async function draw(experiment: Experiment, folder: string): Promise<string[]> {
  const count = measured(experiment).length
  const figures: Record<string, Figure> = {}
  if (count > 0) {
    figures['history.svg'] = experiment.history()
    figures['parallel.svg'] = experiment.parallel()
  }
  const pair = count >= 4 ? mostImportant(experiment) : []
  if (pair.length === 2) figures['contour.svg'] = experiment.contour(pair[0]!, pair[1]!)
  const files = Object.entries(figures).map(([name, figure]) => ({ path: join(folder, name), figure }))
  for (const { path, figure } of files) await figure.save(path)
  return files.map(({ path }) => path)
}

/** The two numbers that explain most, if there are two. */
function mostImportant(experiment: Experiment): string[] {
  const shares = experiment.importance()
  const numbers = experiment.space.dimensions.filter(({ decode }) => typeof decode(0) === 'number')
  const names = numbers.map(({ name }) => name)
  return names.sort((a, b) => shares[b]! - shares[a]!).slice(0, 2)
}
