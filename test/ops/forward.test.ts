// Every case: values, dtype and shape of its outputs against PyTorch.

import { describe, test } from 'vitest'
import { device } from '../support/device.ts'
import { type Answer, expectTensor, golden } from '../support/golden.ts'
import { poisonFreeMemory } from '../support/poison.ts'
import { makeInputs, runCase } from '../support/run-case.ts'
import { families } from './cases/index.ts'

for (const [family, cases] of Object.entries(families)) {
  const { entries } = golden<Answer>(`ops-${family}`)
  describe(family, () => {
    for (const it of cases) {
      test(it.name, ({ skip }) => {
        if (device !== 'cpu' && it.sequential) skip(it.sequential)
        const answer = entries[it.name]
        if (!answer) throw new Error(`no golden answer; run scripts/golden/make.sh`)
        const inputs = makeInputs(it, answer)
        poisonFreeMemory()
        const outputs = runCase(it, inputs)
        if (outputs.length !== answer.outputs.length)
          throw new Error(`${outputs.length} outputs, PyTorch has ${answer.outputs.length}`)
        outputs.forEach((y, i) => {
          expectTensor(outputs.length > 1 ? `output ${i}` : 'output', y, answer.outputs[i]!)
        })
      })
    }
  })
}
