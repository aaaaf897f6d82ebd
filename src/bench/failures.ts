// What failures cost a long job: a failure of any rank throws away what was done since the last checkpoint.

/** All in seconds. */
export interface Failures {
  /** Mean time between failures of one rank. */
  mtbf: number
  /** Work between two checkpoints. */
  interval: number
  /** What a checkpoint takes. */
  cost: number
  /** From a failure until the job works again. */
  restart: number
}

/**
 * The share of the time in which the job gets on. Failures come at random, so a stretch of x seconds that is begun anew
 * after each of them takes (M + restart)(e^(x/M) - 1) seconds on average, where M is the job's mean time between them.
 */
export function usefulShare(ranks: number, { mtbf, interval, cost, restart }: Failures): number {
  const mean = mtbf / ranks
  return interval / ((mean + restart) * Math.expm1((interval + cost) / mean))
}

/** The interval that loses least (Young, 1974): sqrt(2 cost M). */
export function bestInterval(ranks: number, { mtbf, cost }: Failures): number {
  return Math.sqrt((2 * cost * mtbf) / ranks)
}
