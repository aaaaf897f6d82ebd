// Elements or channels left out by chance.
// Written by `npm run addon-types` from native/binding/tables/dropout.cc.
import type { Handle } from './types.ts'

export interface DropoutFunctions {
  dropout(x: Handle, p: number, training: boolean): Handle
  featureDropout(x: Handle, p: number, training: boolean): Handle
  dropout_(x: Handle, p: number, training: boolean): void
  featureDropout_(x: Handle, p: number, training: boolean): void
  alphaDropout(x: Handle, p: number, training: boolean): Handle
  featureAlphaDropout(x: Handle, p: number, training: boolean): Handle
  alphaDropout_(x: Handle, p: number, training: boolean): void
  featureAlphaDropout_(x: Handle, p: number, training: boolean): void
}
