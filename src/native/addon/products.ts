// Sums of a tensor and a product; with an underscore in place.
// Written by `npm run addon-types` from native/binding/tables/products.cc.
import type { Handle } from './types.ts'

export interface ProductsFunctions {
  addmm_(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): void
  addmv(input: Handle, matrix: Handle, vector: Handle, beta: number, alpha: number): Handle
  addmv_(input: Handle, matrix: Handle, vector: Handle, beta: number, alpha: number): void
  addr(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): Handle
  addr_(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): void
  addbmm(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): Handle
  addbmm_(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): void
  baddbmm(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): Handle
  baddbmm_(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): void
}
