// A tensor that a module registers by having it as a field. It shares the elements of the tensor it is made of, is a
// leaf of the graph, and never belongs to a `tidy` scope.
import { native } from '../../native/load.ts'
import { atMost, flag, handleOf, Options, Tensor } from '../../tensor/index.ts'

/** Options of `Parameter`. */
export interface ParameterOptions {
  requiresGrad?: boolean
}

const parameterOptions = new Options<ParameterOptions>({ requiresGrad: true })

/**
 * A learnable tensor of a module. PyTorch: torch.nn.parameter.Parameter.
 * @example
 * class Scale extends nn.Module {
 *   weight = new nn.Parameter(randn(5))
 *   forward(x: Tensor) { return x.mul(this.weight) }
 * }
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, requiresGrad?: boolean | ParameterOptions) {
    atMost('Parameter', 2, arguments.length)
    super(native.detach(handleOf('Parameter', data)))
    const given = parameterOptions.readFirst('Parameter', requiresGrad)
    if (flag('Parameter: requiresGrad', given.requiresGrad ?? true)) native.setRequiresGrad(this.handle, true)
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`
  }
}
