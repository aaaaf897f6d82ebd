// `dtrain bench comm`: from the options of the command line to what is printed.
import { type Answer, failureOf } from '../answer.ts'
import { type CommPlan, runJobs } from './jobs.ts'
import { measuredOf } from './measured.ts'
import { pictureOf, reportOf } from './report.ts'

export interface CommOptions extends CommPlan {
  /** Path of a picture. */
  plot?: string | undefined
  json: boolean
}

/** Runs the command. Returns what it prints, and its exit code. */
export async function commCommand(options: CommOptions): Promise<Answer> {
  try {
    const measured = measuredOf(options, await runJobs(options))
    if (options.plot !== undefined) await (await pictureOf(measured)).save(options.plot)
    return { text: options.json ? `${JSON.stringify(measured)}\n` : reportOf(measured), code: 0 }
  } catch (error) {
    return failureOf('comm', error)
  }
}
