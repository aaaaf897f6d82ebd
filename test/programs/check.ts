// Many programs of one seed.
import type { Device } from '../../src/index.ts'
import { Dice } from '../support/dice.ts'
import { generate, run, shrink, source } from './program.ts'

/** Runs the programs 0 … count - 1 of a seed up to the first that fails; `text` says what was done, or shows it. */
export function check(seed: number, count: number, device: Device): { text: string; failed: boolean } {
  const sum = { ran: 0, refused: 0, differentiated: 0 }
  for (let i = 0; i < count; i++) {
    const program = generate(new Dice(seed, i))
    const outcome = run(program, device)
    if (outcome.problem !== undefined) {
      const short = shrink(program, device)
      return {
        failed: true,
        text: `program ${i} of seed ${seed} on ${device}: ${run(short, device).problem}\n${source(short)}\n`,
      }
    }
    sum.ran += outcome.ran
    sum.refused += outcome.refused
    sum.differentiated += outcome.differentiated
  }
  const text =
    `seed ${seed} on ${device}: ${count} programs of ${sum.ran} statements, gradients of ${sum.differentiated} ` +
    `variables; ${sum.refused} statements or gradients refused, since something was changed in place`
  return { failed: false, text }
}
