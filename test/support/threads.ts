// How many threads tests run kernels with: one, and several, even where the machine has one core.

import { native } from '../../src/native/load.ts'

export function threads(): number[] {
  return [1, 4]
}

export function setNumThreads(count: number): void {
  native.setNumThreads(count)
}
