// What the formats of torch.save have in common: which Python value is which of ours, and how a tensor stands in the
// pickle: as a call that rebuilds it from a storage, which other tensors may share.
import { ArgumentError } from '../errors.ts'
import { Parameter } from '../nn/module/parameter.ts'
import { type DType, dtypes, itemSize, Tensor } from '../tensor/index.ts'
import { viewOf } from './file-memory.ts'
import type { Allowed } from './unpickle.ts'

/** A storage in a pickle: its memory as uint8, and what it holds. */
export class LoadedStorage {
  readonly bytes: Tensor
  readonly dtype: DType
  /** `'cpu'` or `'cuda:0'`, where it has been. */
  readonly location: string

  constructor(bytes: Tensor, dtype: DType, location: string) {
    this.bytes = bytes
    this.dtype = dtype
    this.location = location
  }
}

/** The names of PyTorch's storages, by dtype. */
export const storageNames: Readonly<Record<DType, string>> = {
  float32: 'FloatStorage',
  float64: 'DoubleStorage',
  int64: 'LongStorage',
  uint8: 'ByteStorage',
  bool: 'BoolStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  int32: 'IntStorage',
  int16: 'ShortStorage',
  int8: 'CharStorage',
}

/** A type of storages, as a pickle names it. */
export class StorageType {
  readonly dtype: DType

  constructor(dtype: DType) {
    this.dtype = dtype
  }
}

/** Makes a tensor of a storage; null where only the storages are asked for. */
export type Rebuild = (storage: LoadedStorage, ...view: TensorView) => Tensor | null

/** Offset in elements, sizes, strides, and whether it needs gradients. */
export type TensorView = [offset: number, size: readonly number[], stride: readonly number[], requiresGrad: boolean]

/** A tensor in a storage. `place` moves it to where it is wanted. */
export function rebuildWith(place: (x: Tensor, location: string) => Tensor): Rebuild {
  return ({ bytes, dtype, location }, offset, size, stride, requiresGrad) => {
    const x = place(viewOf(bytes, offset * itemSize(dtype), dtype, size, stride), location)
    return requiresGrad ? x.requiresGrad_() : x
  }
}

/** What a pickle of torch.save may name, and what becomes of it. */
export function allowed(rebuild: Rebuild): Allowed {
  const tensor = (storage: unknown, offset: unknown, size: unknown, stride: unknown, requiresGrad: unknown) => {
    if (!(storage instanceof LoadedStorage)) throw new ArgumentError('the pickle is damaged: a tensor without storage')
    return rebuild(storage, integers([offset])[0]!, integers(size), integers(stride), requiresGrad === true)
  }
  const parameter = (x: unknown, requiresGrad: unknown) =>
    x instanceof Tensor ? new Parameter(x, requiresGrad === true) : x
  const table: [string, unknown][] = [
    ['collections.OrderedDict', (pairs: [unknown, unknown][] = []) => new Map(pairs)],
    ['collections.Counter', (counts = new Map()) => counts],
    ['_codecs.encode', (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))],
    ['torch.Size', (sizes: number[]) => sizes],
    ['torch.device', (...parts: (string | number)[]) => parts.join(':')],
    ['torch._utils._rebuild_tensor_v2', tensor],
    ['torch._utils._rebuild_tensor', tensor],
    ['torch._utils._rebuild_parameter', parameter],
    ['torch._utils._rebuild_parameter_with_state', parameter],
    ...dtypes.map((dtype): [string, unknown] => [`torch.${dtype}`, dtype]),
  ]
  for (const dtype of dtypes) {
    for (const module of ['torch', 'torch.cuda'])
      table.push([`${module}.${storageNames[dtype]}`, new StorageType(dtype)])
  }
  for (const builtins of ['builtins', '__builtin__']) {
    table.push([`${builtins}.set`, (items: unknown[] = []) => new Set(items)])
    table.push([`${builtins}.frozenset`, (items: unknown[] = []) => new Set(items)])
    table.push([`${builtins}.bytearray`, (bytes: Uint8Array) => bytes ?? new Uint8Array()])
  }
  for (const numpy of ['numpy', 'numpy.core', 'numpy._core']) {
    table.push([`${numpy}.dtype`, (name: string) => new NumpyType(name)])
    table.push([`${numpy}.multiarray.scalar`, (type: NumpyType, bytes: Uint8Array) => type.scalar(bytes)])
  }
  return new Map(table)
}

/** NumPy's dtype of a single number, as losses often are one. */
class NumpyType {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  /** Byte order and fields, which numbers of these kinds have in one way only. */
  setState(): void {}

  scalar(bytes: Uint8Array): number | bigint | boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    switch (this.name) {
      case 'f8':
        return view.getFloat64(0, true)
      case 'f4':
        return view.getFloat32(0, true)
      case 'i8': {
        const value = view.getBigInt64(0, true)
        return Number.isSafeInteger(Number(value)) ? Number(value) : value
      }
      case 'i4':
        return view.getInt32(0, true)
      case 'b1':
        return view.getUint8(0) !== 0
      default:
        throw new ArgumentError(`it holds a number of NumPy's type '${this.name}', which is not one of f8 f4 i8 i4 b1`)
    }
  }
}

function integers(values: unknown): number[] {
  if (!Array.isArray(values) || !values.every(Number.isSafeInteger)) {
    throw new ArgumentError('the pickle is damaged: sizes of a tensor that are none')
  }
  return values
}

/**
 * Values of Python as those of JavaScript: a dict whose keys are all texts, or all integers, becomes an object, another
 * one stays a Map.
 */
export function toJs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJs)
  if (value instanceof Set) return new Set([...value].map(toJs))
  if (!(value instanceof Map)) return value
  const pairs = [...value].map(([key, item]): [unknown, unknown] => [toJs(key), toJs(item)])
  const kinds = new Set(pairs.map(([key]) => (Number.isSafeInteger(key) ? 'integer' : typeof key)))
  const plain = kinds.size === 0 || (kinds.size === 1 && (kinds.has('string') || kinds.has('integer')))
  return plain ? Object.fromEntries(pairs as [string, unknown][]) : new Map(pairs)
}
