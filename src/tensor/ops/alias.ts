// PyTorch's other names of ops that are functions and methods. The messages of errors have the first one.
export { atan2 as arctan2, div as divide, div as trueDivide, mul as multiply, sub as subtract } from './arithmetic.ts'
export { ge as greaterEqual, gt as greater, le as lessEqual, lt as less, ne as notEqual } from './compare.ts'
export { clamp as clip } from './select.ts'
export { chunk as unsafeChunk, split as unsafeSplit, splitWithSizes as unsafeSplitWithSizes } from './split.ts'
export {
  abs as absolute,
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atanh as arctanh,
  neg as negative,
  sign as sgn,
  trunc as fix,
} from './unary.ts'
export { movedim as moveaxis, transpose as swapaxes, transpose as swapdims } from './view.ts'
