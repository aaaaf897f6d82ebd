// What `dtrain bench comm` asks of its ranks, and what they answer.

export interface Plan {
  device: 'cpu' | 'cuda'
  /** Otherwise everything runs once: emulated GPUs have no times. */
  timed: boolean
  /** In bytes: of the larger side of a collective. */
  sizes: readonly number[]
  /** Rounds of each measurement. */
  windows: number
  /** Where rank 0 writes what it has found. */
  file: string
}

/** Seconds of a call in each round, or null without times. */
export type Seconds = number[] | null

export interface Found {
  /** By name, then by size. */
  collectives: Record<string, Seconds[]>
  /** Seconds of the processors that an average of gradients takes on a rank, by size. */
  busy: Seconds[]
  barrier: Seconds
  /** Of `copyBytes`, by all ranks at once. */
  copy: Seconds
  /** Of a processor, or on a GPU, with weights of `kernelSizes`: forward and backward, and the optimizer. */
  passes: Seconds[]
  /** The same of a convolution, whose tensors take so many bytes. */
  convolution: Seconds[]
  update: Seconds[]
}

const mebi = 2 ** 20
export const copyBytes = 64 * mebi
export const kernelSizes: readonly number[] = [mebi / 4, 2 * mebi, 16 * mebi, 64 * mebi]
