// Images in another size.
// Written by `npm run addon-types` from native/binding/tables/resample.cc.
import type { Dims, Handle } from './types.ts'

export interface ResampleFunctions {
  gridSampler(
    x: Handle,
    grid: Handle,
    mode: 'bilinear' | 'nearest' | 'bicubic',
    padding: 'zeros' | 'border' | 'reflection',
    alignCorners: boolean,
  ): Handle
  interpolate(
    x: Handle,
    size: Dims,
    scales: number[],
    mode: 'nearest' | 'nearestExact' | 'linear' | 'cubic' | 'area',
    alignCorners: boolean,
    antialias: boolean,
  ): Handle
}
