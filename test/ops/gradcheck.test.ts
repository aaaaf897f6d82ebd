// Every differentiable float64 case away from kinks: gradients against central differences. Independent of PyTorch, so it
// also catches a golden value that was made with the wrong expression.

import { describe, test } from 'vitest'
import { grad, noGrad } from '../../src/index.ts'
import { type Answer, golden } from '../support/golden.ts'
import { expectGradient, numericGradient, weighted } from '../support/gradcheck.ts'
import { carrying, isDifferentiable, makeInputs, makeSeeds, runCase } from '../support/run-case.ts'
import { families } from './cases/index.ts'

for (const [family, cases] of Object.entries(families)) {
  const { entries } = golden<Answer>(`ops-${family}`)
  const checked = cases.filter(it => !it.kink && entries[it.name] && isDifferentiable(it, entries[it.name]!))
  if (checked.length === 0) continue
  describe(family, () => {
    for (const it of checked) {
      test(it.name, () => {
        const answer = entries[it.name]!
        const inputs = makeInputs(it, answer)
        const results = runCase(it, inputs)
        const outputs = carrying(results)
        const carries = results.map(y => y.requiresGrad)
        const seeds = makeSeeds(outputs, answer.seeds!)
        const wanted = inputs.flatMap((_, i) => (it.inputs[i]!.grad ? [i] : []))
        const gradients = grad(
          outputs,
          wanted.map(i => inputs[i]!),
          { gradOutputs: seeds },
        )
        const f = (...xs: typeof inputs) =>
          noGrad(() =>
            weighted(
              runCase(it, xs).filter((_, i) => carries[i]),
              seeds,
            ),
          )
        wanted.forEach((which, i) => {
          expectGradient(`gradient ${i}`, gradients[i]!, numericGradient(f, inputs, which))
        })
      })
    }
  })
}
