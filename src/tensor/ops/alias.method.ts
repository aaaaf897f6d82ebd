// PyTorch's other names of ops in place, methods only. The messages of errors have the first one.
export {
  atan2_ as arctan2_,
  div_ as divide_,
  div_ as trueDivide_,
  mul_ as multiply_,
  sub_ as subtract_,
} from './arithmetic.method.ts'
export {
  ge_ as greaterEqual_,
  gt_ as greater_,
  le_ as lessEqual_,
  lt_ as less_,
  ne_ as notEqual_,
} from './compare.method.ts'
export { clamp_ as clip_ } from './select.method.ts'
export {
  abs_ as absolute_,
  acos_ as arccos_,
  acosh_ as arccosh_,
  asin_ as arcsin_,
  asinh_ as arcsinh_,
  atan_ as arctan_,
  atanh_ as arctanh_,
  neg_ as negative_,
  sign_ as sgn_,
  trunc_ as fix_,
} from './unary.method.ts'
export { transpose_ as swapaxes_, transpose_ as swapdims_ } from './view.method.ts'
