// What `dtrain bench scaling` tells a rank to measure, in DTRAIN_BENCH as JSON, and what the rank answers in a file.

export interface BenchPlan {
  /** Where the answers are written, and where processes that measure at the same time find each other. */
  folder: string
  /** Which of the jobs that run at the same time this is, and how many they are. */
  job: number
  jobs: number
  /** Steps that are not measured. */
  warmup: number
  windows: number
  /** Of a window; otherwise as many as take so many `seconds`. */
  steps?: number | undefined
  seconds: number
  /** For step factories. */
  batchSize: number
  wrapped: boolean
}

export interface BenchAnswer {
  /** The program exports a step factory, so it was told the size of the batch and whether to wrap its model. */
  isFactory: boolean
  /** Steps of the program, with those of the warm-up. */
  steps: number
  /** Of a window; null if the warm-up has not ended. */
  perWindow: number | null
  /** Seconds of a step in each window. */
  windows: number[]
}

/** Where a rank answers. */
export const answerFile = (job: number, rank: number): string => `answer-${job}-${rank}.json`
export const isAnswer = (name: string): boolean => /^answer-\d+-\d+\.json$/.test(name)
