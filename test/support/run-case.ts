// Runs a case on the inputs that its golden answer holds: on the device under test, or on the CPU, where central
// differences sample the function; that a device computes the same function is what its golden values show.

import * as library from '../../src/index.ts'
import type { Case, DType, Dtrain, Tensor } from './case.ts'
import { dtrain } from './device.ts'
import type { Answer, Element } from './golden.ts'
import { flat, makeInput } from './layout.ts'

export function makeInputs(test: Case, answer: Answer): Tensor[] {
  return test.inputs.map((input, i) => makeInput(input, answer.inputs[i]!))
}

/** All outputs of the case, one or several. */
export function runCase(test: Case, inputs: Tensor[], dt: Dtrain = dtrain): Tensor[] {
  const result = test.run(dt, ...inputs)
  return Array.isArray(result) ? result : [result]
}

/** The same, of inputs on the CPU. */
export function runOnCpu(test: Case, inputs: Tensor[]): Tensor[] {
  return runCase(test, inputs, library)
}

/** The tensor on the CPU: a leaf that needs a gradient if it does. */
export function onCpu(x: Tensor): Tensor {
  return x.detach().to('cpu').requiresGrad_(x.requiresGrad)
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
