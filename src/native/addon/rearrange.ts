// Elements in another order, or several times.
// Written by `npm run addon-types` from native/binding/tables/rearrange.cc.
import type { Dims, Handle } from './types.ts'

export interface RearrangeFunctions {
  flip(x: Handle, dims: Dims): Handle
  roll(x: Handle, shifts: Dims, dims: Dims): Handle
  rot90(x: Handle, k: number, dims: Dims): Handle
  repeat(x: Handle, repeats: Dims): Handle
  tile(x: Handle, dims: Dims): Handle
  pixelShuffle(x: Handle, upscaleFactor: number): Handle
  pixelUnshuffle(x: Handle, downscaleFactor: number): Handle
  channelShuffle(x: Handle, groups: number): Handle
}
