// Every case: values, dtype and shape of its outputs against PyTorch.

import { expectTensor } from '../support/golden.ts'
import { poisonFreeMemory } from '../support/poison.ts'
import { makeInputs, runCase } from '../support/run-case.ts'
import { eachOp } from './each-op.ts'

eachOp('forward', (it, answer) => {
  const inputs = makeInputs(it, answer)
  poisonFreeMemory()
  const outputs = runCase(it, inputs)
  if (outputs.length !== answer.outputs.length)
    throw new Error(`${outputs.length} outputs, PyTorch has ${answer.outputs.length}`)
  outputs.forEach((y, i) => {
    expectTensor(outputs.length > 1 ? `output ${i}` : 'output', y, answer.outputs[i]!)
  })
})
