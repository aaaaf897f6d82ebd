// The arguments of `to` and `cuda`, of tensors and of modules.
import { checked } from './args.ts'
import { type Device, isDevice } from './device.ts'
import type { DType } from './dtype.ts'
import { isOptions, Options } from './options.ts'
import { refuse } from './refuse.ts'
import { shown } from './repr.ts'
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

const cudaOptions = new Options<CudaOptions>({ device: true, nonBlocking: true })

/** The arguments of `cuda` as options of `to`. @internal */
export function cudaArguments(device?: number | CudaOptions, options?: CudaOptions): ToOptions {
  const { device: index, nonBlocking = false } = cudaOptions.readFirst('cuda', device, options)
  return { device: index === undefined ? 'cuda' : (`cuda:${shown(index)}` as Device), nonBlocking }
}

/** Options of a tensor's `to`. */
export interface TensorToOptions extends ToOptions {
  /** Another tensor also where there is nothing to do; default false. */
  copy?: boolean
}

const knownOfTensors = new Options<TensorToOptions>({ dtype: true, device: true, nonBlocking: true, copy: true })

type Argument<O> = DType | Device | Tensor | O | undefined

/** The arguments of a module's `to` as options. @internal */
export function toOptions(...given: Argument<ToOptions>[]): ToOptions {
  return read(known, given)
}

/** The arguments of a tensor's `to` as options. @internal */
export function tensorToOptions(...given: Argument<TensorToOptions>[]): TensorToOptions {
  return read(knownOfTensors, given)
}

function read<O extends ToOptions>(known: Options<O>, given: Argument<O>[]): O {
  const options = {} as O
  for (const [i, item] of given.entries()) {
    if (item instanceof Tensor) {
      const { dtype, device } = checked('to', item)
      Object.assign(options, { dtype, device })
    } else if (isOptions(item)) Object.assign(options, known.copy(known.read('to', item as O)))
    else if (isDevice(item)) options.device = item
    else if (typeof item === 'string') options.dtype = item as DType
    else if (item !== undefined || i === 0) refuse('to', 'a dtype, a device, a tensor or options', item)
  }
  return options
}
