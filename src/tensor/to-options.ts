// The arguments of `to`, of tensors and of modules.
import { copyOptions, isOptions, refuse } from './args.ts'
import { type Device, isDevice } from './device.ts'
import type { DType } from './dtype.ts'
import { Tensor } from './tensor.ts'

/** Options of `to`. */
export interface ToOptions {
  dtype?: DType
  device?: Device
  /** Do not wait for a copy from pinned memory, which must not be changed until the device has got there. */
  nonBlocking?: boolean
}

/** The arguments of `to` as options. @internal */
export function toOptions(...given: (DType | Device | Tensor | ToOptions | undefined)[]): ToOptions {
  const options: ToOptions = {}
  for (const [i, item] of given.entries()) {
    if (item instanceof Tensor) Object.assign(options, { dtype: item.dtype, device: item.device })
    else if (isOptions(item)) Object.assign(options, copyOptions(item))
    else if (isDevice(item)) options.device = item
    else if (typeof item === 'string') options.dtype = item as DType
    else if (item !== undefined || i === 0) refuse('to', 'a dtype, a device, a tensor or options', item)
  }
  return options
}
