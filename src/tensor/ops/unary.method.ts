// Functions of one tensor that write their result into it and return it, methods only. They are recorded, so they may
// stand in a network: backward keeps what it needs of the old values. A leaf that needs a gradient may be changed only
// inside `noGrad`; what shares elements with the tensor, its base or its views, is not used in the graph any more.
// Where the result has another dtype, as of integers, it does not fit, which is an error.
import { native } from '../../native/load.ts'
import { type LogitOptions, logitOptions, type RoundOptions, roundOptions } from '../elementwise-options.ts'
import type { Tensor } from '../tensor.ts'

/** `neg` in place. PyTorch: torch.Tensor.neg_. */
export function neg_(x: Tensor): Tensor {
  native.neg_(x.handle)
  return x
}

/** `exp` in place. PyTorch: torch.Tensor.exp_. */
export function exp_(x: Tensor): Tensor {
  native.exp_(x.handle)
  return x
}

/** `log` in place. PyTorch: torch.Tensor.log_. */
export function log_(x: Tensor): Tensor {
  native.log_(x.handle)
  return x
}

/** `abs` in place. PyTorch: torch.Tensor.abs_. */
export function abs_(x: Tensor): Tensor {
  native.abs_(x.handle)
  return x
}

/** `sign` in place. PyTorch: torch.Tensor.sign_. */
export function sign_(x: Tensor): Tensor {
  native.sign_(x.handle)
  return x
}

/** `floor` in place. PyTorch: torch.Tensor.floor_. */
export function floor_(x: Tensor): Tensor {
  native.floor_(x.handle)
  return x
}

/** `ceil` in place. PyTorch: torch.Tensor.ceil_. */
export function ceil_(x: Tensor): Tensor {
  native.ceil_(x.handle)
  return x
}

/** `trunc` in place. PyTorch: torch.Tensor.trunc_. */
export function trunc_(x: Tensor): Tensor {
  native.trunc_(x.handle)
  return x
}

/** `reciprocal` in place. PyTorch: torch.Tensor.reciprocal_. */
export function reciprocal_(x: Tensor): Tensor {
  native.reciprocal_(x.handle)
  return x
}

/** `sqrt` in place. PyTorch: torch.Tensor.sqrt_. */
export function sqrt_(x: Tensor): Tensor {
  native.sqrt_(x.handle)
  return x
}

/** `rsqrt` in place. PyTorch: torch.Tensor.rsqrt_. */
export function rsqrt_(x: Tensor): Tensor {
  native.rsqrt_(x.handle)
  return x
}

/** `sigmoid` in place. PyTorch: torch.Tensor.sigmoid_. */
export function sigmoid_(x: Tensor): Tensor {
  native.sigmoid_(x.handle)
  return x
}

/** `tanh` in place. PyTorch: torch.Tensor.tanh_. */
export function tanh_(x: Tensor): Tensor {
  native.tanh_(x.handle)
  return x
}

/** `sin` in place. PyTorch: torch.Tensor.sin_. */
export function sin_(x: Tensor): Tensor {
  native.sin_(x.handle)
  return x
}

/** `cos` in place. PyTorch: torch.Tensor.cos_. */
export function cos_(x: Tensor): Tensor {
  native.cos_(x.handle)
  return x
}

/** `log1p` in place. PyTorch: torch.Tensor.log1p_. */
export function log1p_(x: Tensor): Tensor {
  native.log1p_(x.handle)
  return x
}

/** `expm1` in place. PyTorch: torch.Tensor.expm1_. */
export function expm1_(x: Tensor): Tensor {
  native.expm1_(x.handle)
  return x
}

/** `log2` in place. PyTorch: torch.Tensor.log2_. */
export function log2_(x: Tensor): Tensor {
  native.log2_(x.handle)
  return x
}

/** `log10` in place. PyTorch: torch.Tensor.log10_. */
export function log10_(x: Tensor): Tensor {
  native.log10_(x.handle)
  return x
}

/** `exp2` in place. PyTorch: torch.Tensor.exp2_. */
export function exp2_(x: Tensor): Tensor {
  native.exp2_(x.handle)
  return x
}

/** `erf` in place. PyTorch: torch.Tensor.erf_. */
export function erf_(x: Tensor): Tensor {
  native.erf_(x.handle)
  return x
}

/** `erfc` in place. PyTorch: torch.Tensor.erfc_. */
export function erfc_(x: Tensor): Tensor {
  native.erfc_(x.handle)
  return x
}

/** `round` in place. PyTorch: torch.Tensor.round_. */
export function round_(x: Tensor, options?: RoundOptions): Tensor {
  native.round_(x.handle, roundOptions.read('round_', options).decimals ?? 0)
  return x
}

/** `tan` in place. PyTorch: torch.Tensor.tan_. */
export function tan_(x: Tensor): Tensor {
  native.tan_(x.handle)
  return x
}

/** `asin` in place. PyTorch: torch.Tensor.asin_. */
export function asin_(x: Tensor): Tensor {
  native.asin_(x.handle)
  return x
}

/** `acos` in place. PyTorch: torch.Tensor.acos_. */
export function acos_(x: Tensor): Tensor {
  native.acos_(x.handle)
  return x
}

/** `atan` in place. PyTorch: torch.Tensor.atan_. */
export function atan_(x: Tensor): Tensor {
  native.atan_(x.handle)
  return x
}

/** `sinh` in place. PyTorch: torch.Tensor.sinh_. */
export function sinh_(x: Tensor): Tensor {
  native.sinh_(x.handle)
  return x
}

/** `cosh` in place. PyTorch: torch.Tensor.cosh_. */
export function cosh_(x: Tensor): Tensor {
  native.cosh_(x.handle)
  return x
}

/** `asinh` in place. PyTorch: torch.Tensor.asinh_. */
export function asinh_(x: Tensor): Tensor {
  native.asinh_(x.handle)
  return x
}

/** `acosh` in place. PyTorch: torch.Tensor.acosh_. */
export function acosh_(x: Tensor): Tensor {
  native.acosh_(x.handle)
  return x
}

/** `atanh` in place. PyTorch: torch.Tensor.atanh_. */
export function atanh_(x: Tensor): Tensor {
  native.atanh_(x.handle)
  return x
}

/** `frac` in place. PyTorch: torch.Tensor.frac_. */
export function frac_(x: Tensor): Tensor {
  native.frac_(x.handle)
  return x
}

/** `deg2rad` in place. PyTorch: torch.Tensor.deg2rad_. */
export function deg2rad_(x: Tensor): Tensor {
  native.deg2rad_(x.handle)
  return x
}

/** `rad2deg` in place. PyTorch: torch.Tensor.rad2deg_. */
export function rad2deg_(x: Tensor): Tensor {
  native.rad2deg_(x.handle)
  return x
}

/** `logit` in place. PyTorch: torch.Tensor.logit_. */
export function logit_(x: Tensor, eps?: number | null | LogitOptions, options?: LogitOptions): Tensor {
  native.logit_(x.handle, logitOptions.readFirst('logit_', eps, options).eps ?? null)
  return x
}
