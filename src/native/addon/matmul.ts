// Matrix products.
// Written by `npm run addon-types` from native/binding/tables/matmul.cc.
import type { Handle } from './types.ts'

export interface MatmulFunctions {
  matmul(x: Handle, y: Handle): Handle
  bmm(x: Handle, y: Handle): Handle
  addmm(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): Handle
  linear(x: Handle, weight: Handle, bias: Handle | null): Handle
}
