// Every differentiable case: gradients of sum(out * w) against PyTorch, in both float dtypes, their dtype and shape too.

import { describe, test } from 'vitest'
import { grad } from '../../src/index.ts'
import { type Answer, expectTensor, golden } from '../support/golden.ts'
import { poisonFreeMemory } from '../support/poison.ts'
import { carrying, differentiable, makeInputs, makeSeeds, runCase } from '../support/run-case.ts'
import { families } from './cases/index.ts'

for (const [family, cases] of Object.entries(families)) {
  const { entries } = golden<Answer>(`ops-${family}`)
  const checked = cases.filter(it => entries[it.name]?.gradients)
  if (checked.length === 0) continue
  describe(family, () => {
    for (const it of checked) {
      test(it.name, () => {
        const answer = entries[it.name]!
        const inputs = makeInputs(it, answer)
        poisonFreeMemory()
        const outputs = carrying(runCase(it, inputs))
        if (outputs.length !== answer.seeds!.length)
          throw new Error(`${outputs.length} outputs carry a gradient, in PyTorch ${answer.seeds!.length}`)
        const gradients = grad(outputs, differentiable(it, inputs), { gradOutputs: makeSeeds(outputs, answer.seeds!) })
        gradients.forEach((dx, i) => {
          expectTensor(`gradient ${i}`, dx, answer.gradients![i]!)
        })
      })
    }
  })
}
