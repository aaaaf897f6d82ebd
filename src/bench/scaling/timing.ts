// Seconds of a step, from windows of steps.
import type { BenchAnswer } from '../../job/bench.ts'
import { median } from '../measure.ts'

export interface Timing {
  /** The median of the windows. */
  seconds: number
  /** From the fastest window to the slowest, as a share of the median. */
  spread: number
  /** Seconds of a step in each, the mean over ranks or processes. */
  windows: number[]
}

/** Of ranks, or of processes at the same time. */
export function timing(answers: readonly Pick<BenchAnswer, 'windows'>[]): Timing {
  const count = Math.min(...answers.map(({ windows }) => windows.length))
  const windows = Array.from({ length: count }, (_, w) => {
    return answers.reduce((sum, answer) => sum + answer.windows[w]!, 0) / answers.length
  })
  const seconds = median(windows)
  return { seconds, spread: (Math.max(...windows) - Math.min(...windows)) / seconds, windows }
}
