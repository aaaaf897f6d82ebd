// Values with tensors in them: batches, what modules take and return. Tensors are found in arrays, maps and plain
// objects, in order.
import { isPlainObject } from './args.ts'
import { Tensor } from './tensor.ts'

/**
 * `value` with every tensor in it (itself, in arrays, maps and plain objects) replaced; everything else is shared, or
 * what `other` makes of it. @internal
 */
export function mapTensors<T>(value: T, fn: (x: Tensor) => Tensor, other: (v: unknown) => unknown = v => v): T {
  const map = (v: unknown): unknown => {
    if (v instanceof Tensor) return fn(v)
    if (Array.isArray(v)) return v.map(map)
    if (v instanceof Map) return new Map(Array.from(v, ([key, item]) => [key, map(item)]))
    if (isPlainObject(v)) return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, map(item)]))
    return other(v)
  }
  return map(value) as T
}
