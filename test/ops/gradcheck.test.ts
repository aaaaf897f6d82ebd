// Every differentiable float64 case away from kinks: gradients against central differences. Independent of PyTorch, so
// it also catches a golden value that was made with the wrong expression.

import { grad, noGrad } from '../../src/index.ts'
import { isDifferentiable } from '../support/golden.ts'
import { expectGradient, numericGradient, weighted } from '../support/gradcheck.ts'
import { carrying, makeInputs, makeSeeds, onCpu, runCase, runOnCpu } from '../support/run-case.ts'
import { eachOp } from './each-op.ts'

eachOp(
  'gradcheck',
  (it, answer) => {
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
    const weights = seeds.map(onCpu)
    const f = (...xs: typeof inputs) =>
      noGrad(() =>
        weighted(
          runOnCpu(it, xs).filter((_, i) => carries[i]),
          weights,
        ),
      )
    wanted.forEach((which, i) => {
      expectGradient(`gradient ${i}`, gradients[i]!, numericGradient(f, inputs.map(onCpu), which))
    })
  },
  (it, answer) => !it.kink && isDifferentiable(it, answer),
)
