// The arguments of `to` and `cuda`, of tensors and of modules.
import { type Device, isDevice } from './device.ts'
import type { DType } from './dtype.ts'
import { isOptions, Options } from './options.ts'
import { refuse } from './refuse.ts'
import { Tensor } from './tensor.ts'

/** Options of `to`. */
export interface ToOptions {
  dtype?: DType
  device?: Device
  /** Do not wait for a copy from pinned memory, which must not be changed until the device has got there. */
  nonBlocking?: boolean
}

const known = new Options<ToOptions>({ dtype: true, device: true, nonBlocking: true })

/** Options of `cuda`. */
export interface CudaOptions {
  /** Number of the device, default the current one. */
  device?: number
  /** As in `to`. */
  nonBlocking?: boolean
}

/** @internal */
export const cudaOptions = new Options<CudaOptions>({ device: true, nonBlocking: true })

/** The arguments of `to` as options. @internal */
export function toOptions(...given: (DType | Device | Tensor | ToOptions | undefined)[]): ToOptions {
  const options: ToOptions = {}
  for (const [i, item] of given.entries()) {
    if (item instanceof Tensor) Object.assign(options, { dtype: item.dtype, device: item.device })
    else if (isOptions(item)) Object.assign(options, known.copy(known.read('to', item)))
    else if (isDevice(item)) options.device = item
    else if (typeof item === 'string') options.dtype = item as DType
    else if (item !== undefined || i === 0) refuse('to', 'a dtype, a device, a tensor or options', item)
  }
  return options
}
