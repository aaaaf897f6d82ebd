// Runs a case on the inputs that its golden answer holds.

import type { Case, DType, Tensor } from './case.ts'
import { dtrain } from './device.ts'
import type { Answer, Element } from './golden.ts'
import { flat, makeInput } from './layout.ts'

export function makeInputs(test: Case, answer: Answer): Tensor[] {
  return test.inputs.map((input, i) => makeInput(input, answer.inputs[i]!))
}

/** All outputs of the case, one or several. */
export function runCase(test: Case, inputs: Tensor[]): Tensor[] {
  const result = test.run(dtrain, ...inputs)
  return Array.isArray(result) ? result : [result]
}

/** The inputs whose gradient is compared. */
export function differentiable(test: Case, inputs: Tensor[]): Tensor[] {
  return inputs.filter((_, i) => test.inputs[i]!.grad)
}

/** The outputs that carry a gradient: indices and masks do not. */
export function carrying(outputs: Tensor[]): Tensor[] {
  return outputs.filter(y => y.requiresGrad)
}

/** The w of sum(out * w), in the shape and dtype of each output. */
export function makeSeeds(outputs: readonly Tensor[], seeds: Element[][]): Tensor[] {
  return outputs.map((y, i) => flat(seeds[i]!, y.dtype as DType).view([...y.shape]))
}

/** Whether PyTorch gave gradients and every input that takes part is float64, as finite differences need. */
export function isDifferentiable(test: Case, answer: Answer): boolean {
  return answer.gradients !== undefined && test.inputs.every(input => !input.grad || input.dtype === 'float64')
}
