// Elementwise functions of one tensor.
// Written by `npm run addon-types` from native/binding/tables/unary.cc.
import type { Handle } from './types.ts'

export interface UnaryFunctions {
  neg(x: Handle): Handle
  exp(x: Handle): Handle
  log(x: Handle): Handle
}
