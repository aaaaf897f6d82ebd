// All parameters of a model as one vector, and back.
import { ArgumentError } from '../../errors.ts'
import { atMost, cat, refuse, Tensor } from '../../tensor/index.ts'

function listOf(op: string, parameters: Iterable<Tensor>): Tensor[] {
  if (typeof parameters?.[Symbol.iterator] !== 'function') refuse(op, 'parameters that can be iterated', parameters)
  const all = [...parameters]
  for (const one of all) {
    if (!(one instanceof Tensor)) refuse(op, 'tensors', one)
    if (one.device === all[0]!.device) continue
    throw new ArgumentError(`${op}: found two parameters on different devices, which one vector cannot be`)
  }
  return all
}

/**
 * The elements of all parameters in one vector, through which gradients flow. PyTorch:
 * torch.nn.utils.parameters_to_vector.
 * @example const vector = nn.utils.parametersToVector(model.parameters())
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  atMost('parametersToVector', 1, arguments.length)
  return cat(listOf('parametersToVector', parameters).map(parameter => parameter.view(-1)))
}

/**
 * Makes the parameters views of slices of a vector, one after the other. PyTorch: torch.nn.utils.vector_to_parameters.
 * @throws ArgumentError for parameters on several devices
 */
export function vectorToParameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  atMost('vectorToParameters', 2, arguments.length)
  if (!(vec instanceof Tensor)) refuse('vectorToParameters: vec', 'a tensor', vec)
  let at = 0
  for (const parameter of listOf('vectorToParameters', parameters)) {
    const slice = vec.detach().narrow(0, at, parameter.numel())
    const { grad } = parameter
    parameter.replaceData(slice.view(...parameter.shape))
    if (grad !== null) parameter.grad = grad
    at += parameter.numel()
  }
}
