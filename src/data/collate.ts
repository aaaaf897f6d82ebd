// From a list of samples to one batch: tensors and typed arrays are stacked, numbers become a tensor, arrays and plain
// objects are collated part by part. As everywhere, numbers make float32 and bigints int64: give class labels as int64
// tensors or bigints.
import { ArgumentError } from '../errors.ts'
import { atMost, deeper, isPlainObject, kindOf, stack, Tensor, tensor } from '../tensor/index.ts'

/** The type of a batch of samples of type T. */
export type Collated<T> = T extends Tensor | ArrayBufferView | number | bigint | boolean
  ? Tensor
  : T extends string
    ? string[]
    : T extends object
      ? { [K in keyof T]: Collated<T[K]> }
      : never

/**
 * Puts samples together along a new first dimension. PyTorch: torch.utils.data.default_collate.
 * @throws ArgumentError for samples it knows no batch for, ShapeError when tensors differ in shape
 * @example defaultCollate([[zeros(28, 28), 3n], [ones(28, 28), 7n]]) // images (2, 28, 28), and labels
 */
export function defaultCollate<T>(samples: readonly T[]): Collated<T> {
  atMost('defaultCollate', 1, arguments.length)
  return collate(samples, 0) as Collated<T>
}

function collate(samples: readonly unknown[], level: number): unknown {
  const first = samples[0]
  const part = (of: (sample: unknown) => unknown) => collate(samples.map(of), deeper('defaultCollate: a sample', level))
  if (first instanceof Tensor) return stack(samples as Tensor[])
  if (ArrayBuffer.isView(first)) return stack(samples.map(sample => tensor(sample as ArrayBufferView)))
  if (typeof first === 'number' || typeof first === 'bigint' || typeof first === 'boolean') {
    return tensor(samples as number[])
  }
  if (typeof first === 'string') return [...samples]
  if (Array.isArray(first)) {
    if (samples.some(sample => (sample as unknown[]).length !== first.length)) {
      throw new ArgumentError('each element in list of batch should be of equal size')
    }
    return first.map((_, i) => part(sample => (sample as unknown[])[i]))
  }
  if (isPlainObject(first)) {
    const keys = Object.keys(first)
    return Object.fromEntries(keys.map(key => [key, part(sample => (sample as never)[key])]))
  }
  throw new ArgumentError(`defaultCollate: cannot make a batch of ${kindOf(first)}; pass your own collateFn`)
}
