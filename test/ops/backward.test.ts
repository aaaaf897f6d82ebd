// Every differentiable case: gradients of sum(out * w) against PyTorch, in all float dtypes, their dtype and shape too.

import { grad } from '../../src/index.ts'
import { expectTensor } from '../support/golden.ts'
import { poisonFreeMemory } from '../support/poison.ts'
import { carrying, differentiable, makeInputs, makeSeeds, runCase } from '../support/run-case.ts'
import { eachOp } from './each-op.ts'

eachOp(
  'backward',
  (it, answer) => {
    const inputs = makeInputs(it, answer)
    poisonFreeMemory()
    const outputs = carrying(runCase(it, inputs))
    if (outputs.length !== answer.seeds!.length)
      throw new Error(`${outputs.length} outputs carry a gradient, in PyTorch ${answer.seeds!.length}`)
    const gradients = grad(outputs, differentiable(it, inputs), { gradOutputs: makeSeeds(outputs, answer.seeds!) })
    gradients.forEach((dx, i) => {
      expectTensor(`gradient ${i}`, dx, answer.gradients![i]!)
    })
  },
  (_, answer) => answer.gradients !== undefined,
)
