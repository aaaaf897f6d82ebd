// The dataset of loader.ts, which worker threads import.
import { type Dataset, rand, type Tensor } from 'dtrain'

const clock = new Int32Array(new SharedArrayBuffer(4))

/** Some work that takes a processor, counted in turns. */
export function compute(turns: number): number {
  let x = 1
  for (let i = 0; i < turns; i++) x = Math.imul(x, 1_664_525) + 1_013_904_223
  return x
}

/** A sample is a picture of 3 x 32 x 32; it waits a millisecond, or computes for that many turns. */
export class Slow implements Dataset<Tensor> {
  readonly length: number
  readonly turns: number

  constructor(length: number, turns: number) {
    this.length = length
    this.turns = turns
  }

  get(): Tensor {
    if (this.turns > 0) compute(this.turns)
    else Atomics.wait(clock, 0, 0, 1)
    return rand(3, 32, 32)
  }
}
