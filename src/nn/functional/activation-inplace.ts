// Activations that write into x and return it, by the names that PyTorch has for them beside the option `inplace`.
import { atMost, type InplaceOptions, relu, type Tensor } from '../../tensor/index.ts'
import { celu, elu, hardtanh, leakyRelu, rrelu, selu, threshold } from './activation.ts'
import {
  type EluOptions,
  eluOptions,
  type HardtanhOptions,
  hardtanhOptions,
  type LeakyReluOptions,
  leakyReluOptions,
  type RreluFunctionOptions,
  rreluFunctionOptions,
} from './activation-options.ts'

type Changing<O extends InplaceOptions> = Omit<O, 'inplace'>
const inplace = true

/** `relu` in place. PyTorch: torch.nn.functional.relu_. */
export function relu_(x: Tensor): Tensor {
  atMost('relu_', 1, arguments.length)
  return relu(x, inplace)
}

/** `selu` in place. PyTorch: torch.nn.functional.selu_. */
export function selu_(x: Tensor): Tensor {
  atMost('selu_', 1, arguments.length)
  return selu(x, inplace)
}

/** `hardtanh` in place. PyTorch: torch.nn.functional.hardtanh_. */
export function hardtanh_(
  x: Tensor,
  minVal?: number | Changing<HardtanhOptions>,
  options?: Changing<HardtanhOptions>,
): Tensor {
  atMost('hardtanh_', 3, arguments.length)
  return hardtanh(x, { ...hardtanhOptions.readFirst('hardtanh_', minVal, options), inplace })
}

/** `leakyRelu` in place. PyTorch: torch.nn.functional.leaky_relu_. */
export function leakyRelu_(
  x: Tensor,
  negativeSlope?: number | Changing<LeakyReluOptions>,
  options?: Changing<LeakyReluOptions>,
): Tensor {
  atMost('leakyRelu_', 3, arguments.length)
  return leakyRelu(x, { ...leakyReluOptions.readFirst('leakyRelu_', negativeSlope, options), inplace })
}

/** `rrelu` in place. PyTorch: torch.nn.functional.rrelu_. */
export function rrelu_(
  x: Tensor,
  lower?: number | Changing<RreluFunctionOptions>,
  options?: Changing<RreluFunctionOptions>,
): Tensor {
  atMost('rrelu_', 3, arguments.length)
  return rrelu(x, { ...rreluFunctionOptions.readFirst('rrelu_', lower, options), inplace })
}

/** `elu` in place. PyTorch: torch.nn.functional.elu_. */
export function elu_(x: Tensor, alpha?: number | Changing<EluOptions>, options?: Changing<EluOptions>): Tensor {
  atMost('elu_', 3, arguments.length)
  return elu(x, { ...eluOptions.readFirst('elu_', alpha, options), inplace })
}

/** `celu` in place. PyTorch: torch.nn.functional.celu_. */
export function celu_(x: Tensor, alpha?: number | Changing<EluOptions>, options?: Changing<EluOptions>): Tensor {
  atMost('celu_', 3, arguments.length)
  return celu(x, { ...eluOptions.readFirst('celu_', alpha, options), inplace })
}

/** `threshold` in place. PyTorch: torch.nn.functional.threshold_. */
export function threshold_(x: Tensor, limit: number, value: number): Tensor {
  atMost('threshold_', 3, arguments.length)
  return threshold(x, limit, value, inplace)
}
