// Casts and moves, and other elements for a tensor that is there; methods only. `to`, its short forms and `contiguous`
// return the tensor itself when there is nothing to do, as in PyTorch.
import { ArgumentError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { handleOf, named } from '../args.ts'
import { type Device, deviceCode } from '../device.ts'
import { type DType, dtypeCode } from '../dtype.ts'
import { Options } from '../options.ts'
import { refuse } from '../refuse.ts'
import { asNumber, checkFits } from '../scalar.ts'
import { type Tensor, wrap } from '../tensor.ts'
import { type CudaOptions, cudaArguments, type TensorToOptions, tensorToOptions } from '../to-options.ts'

/**
 * The tensor in another dtype or on another device, or itself. A dtype, a device, both in either order, a tensor to be
 * like, or options. A move keeps the host waiting only from a device to the host, and from the host for more than 1
 * MiB. PyTorch: torch.Tensor.to.
 * @throws ArgumentError for an unknown dtype, UnsupportedError for a device that is not available
 * @example labels.to('int64')
 * @example images.to('cuda', { nonBlocking: true })
 */
export function to(
  x: Tensor,
  first: DType | Device | Tensor | TensorToOptions,
  second?: DType | Device | TensorToOptions,
  options?: TensorToOptions,
): Tensor {
  const wanted = tensorToOptions(first, second, options)
  const { dtype = x.dtype, device = x.device, nonBlocking = false, copy = false } = wanted
  const code = dtypeCode('to', dtype)
  const cast = dtype === x.dtype ? x : wrap(native.cast(x.handle, code))
  const place = device === 'cuda' ? `cuda:${native.cudaCurrentDevice()}` : deviceCode('to', device)
  if ((place ?? 'cpu') !== x.device) return wrap(native.to(cast.handle, place, nonBlocking))
  return copy && cast === x ? wrap(native.clone(x.handle, true)) : cast
}

/** On a CUDA device, by default the current one. PyTorch: torch.Tensor.cuda. */
export function cuda(x: Tensor, device?: number | CudaOptions, options?: CudaOptions): Tensor {
  return named('cuda', () => to(x, cudaArguments(device, options)))
}

/** On the CPU. PyTorch: torch.Tensor.cpu. */
export function cpu(x: Tensor): Tensor {
  return to(x, 'cpu')
}

/**
 * A copy in memory of the host that CUDA devices reach by themselves, so that `to('cuda', { nonBlocking: true })` does
 * not wait; itself if it is there. PyTorch: torch.Tensor.pin_memory.
 * @throws UnsupportedError without a CUDA device
 */
export function pinMemory(x: Tensor): Tensor {
  return native.isPinned(x.handle) ? x : wrap(native.pinMemory(x.handle))
}

/** Whether the elements are in pinned memory. PyTorch: torch.Tensor.is_pinned. */
export function isPinned(x: Tensor): boolean {
  return native.isPinned(x.handle)
}

const typeNames: Record<DType, string> = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  int64: 'LongTensor',
  uint8: 'ByteTensor',
  bool: 'BoolTensor',
  float16: 'HalfTensor',
  bfloat16: 'BFloat16Tensor',
  int32: 'IntTensor',
  int16: 'ShortTensor',
  int8: 'CharTensor',
}

/** What `type` takes and gives. */
export interface TypeOptions {
  /** A dtype, or a name such as `'dtrain.FloatTensor'` or `'dtrain.cuda.LongTensor'`. */
  dtype?: string
  /** As in `to`. */
  nonBlocking?: boolean
}

const typeOptions = new Options<TypeOptions>({ dtype: true, nonBlocking: true })

/**
 * The name of dtype and device, such as `'dtrain.FloatTensor'` and `'dtrain.cuda.LongTensor'`; or the tensor in
 * another dtype, of a name also on that device. PyTorch: torch.Tensor.type.
 * @throws ArgumentError for an unknown name
 * @example x.type('dtrain.DoubleTensor') // x.to('float64')
 */
export function type(x: Tensor): string
export function type(x: Tensor, dtype: string | TypeOptions, options?: TypeOptions): Tensor
export function type(x: Tensor, dtype?: string | TypeOptions, options?: TypeOptions): string | Tensor {
  const { dtype: name, nonBlocking = false } = typeOptions.readFirst('type', dtype, options)
  if (name === undefined) return `dtrain.${x.isCuda ? 'cuda.' : ''}${typeNames[x.dtype]}`
  if (typeof name !== 'string') refuse('type', 'the name of a dtype', name)
  const [, cuda, typeName] = /^dtrain\.(cuda\.)?(\w+)$/.exec(name) ?? []
  if (typeName === undefined) return named('type', () => to(x, { dtype: name as DType, nonBlocking }))
  const found = Object.entries(typeNames).find(([, known]) => known === typeName)
  if (found === undefined)
    throw new ArgumentError(`type: unknown name '${name}'; known are ${Object.values(typeNames).join(', ')}`)
  return to(x, {
    dtype: found[0] as DType,
    device: cuda === undefined ? 'cpu' : x.isCuda ? x.device : 'cuda',
    nonBlocking,
  })
}

/** As float32. PyTorch: torch.Tensor.float. */
export function float(x: Tensor): Tensor {
  return to(x, 'float32')
}

/** As float64. PyTorch: torch.Tensor.double. */
export function double(x: Tensor): Tensor {
  return to(x, 'float64')
}

/** As float16. PyTorch: torch.Tensor.half. */
export function half(x: Tensor): Tensor {
  return to(x, 'float16')
}

/** As bfloat16. PyTorch: torch.Tensor.bfloat16. */
export function bfloat16(x: Tensor): Tensor {
  return to(x, 'bfloat16')
}

/** As int64. PyTorch: torch.Tensor.long. */
export function long(x: Tensor): Tensor {
  return to(x, 'int64')
}

/** As int32. PyTorch: torch.Tensor.int. */
export function int(x: Tensor): Tensor {
  return to(x, 'int32')
}

/** As int16. PyTorch: torch.Tensor.short. */
export function short(x: Tensor): Tensor {
  return to(x, 'int16')
}

/** As int8. PyTorch: torch.Tensor.char. */
export function char(x: Tensor): Tensor {
  return to(x, 'int8')
}

/** As uint8. PyTorch: torch.Tensor.byte. */
export function byte(x: Tensor): Tensor {
  return to(x, 'uint8')
}

/** As bool: whether not zero. PyTorch: torch.Tensor.bool. */
export function bool(x: Tensor): Tensor {
  return to(x, 'bool')
}

/**
 * The tensor itself if its elements lie densely in row-major order, otherwise a copy where they do. PyTorch:
 * torch.Tensor.contiguous.
 */
export function contiguous(x: Tensor): Tensor {
  return native.isContiguous(x.handle) ? x : wrap(native.contiguous(x.handle))
}

/** Sets every element. PyTorch: torch.Tensor.fill_. @throws ArgumentError for a number that the dtype cannot hold */
export function fill_(x: Tensor, value: number | boolean): Tensor {
  const number = asNumber(value)
  checkFits('fill_', number, x.dtype)
  native.fill_(x.handle, number)
  return x
}

/** Sets every element to 0. PyTorch: torch.Tensor.zero_. */
export function zero_(x: Tensor): Tensor {
  native.zero_(x.handle)
  return x
}

/** Options of `copy_`. */
export interface CopyOptions {
  /** Do not wait for a copy from or to pinned memory. */
  nonBlocking?: boolean
}

const copyOptions = new Options<CopyOptions>({ nonBlocking: true })

/**
 * Copies the elements of `source`, broadcast and cast to x, also from another device. PyTorch: torch.Tensor.copy_.
 * @throws ShapeError when the shape of `source` does not broadcast to that of x
 */
export function copy_(x: Tensor, source: Tensor, nonBlocking?: boolean | CopyOptions): Tensor {
  const given = copyOptions.readFirst('copy_', nonBlocking)
  native.copy_(x.handle, handleOf('copy_', source), given.nonBlocking ?? false)
  return x
}
