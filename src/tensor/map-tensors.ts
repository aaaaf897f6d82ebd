// Values with tensors in them: batches, what modules take and return. Tensors are found in arrays, maps and plain
// objects, in order.
import { deeper, isPlainObject } from './args.ts'
import { Tensor } from './tensor.ts'

/**
 * `value` with every tensor in it (itself, in arrays, maps and plain objects) replaced; everything else is shared, or
 * what `other` makes of it. @throws ArgumentError for a value that holds itself @internal
 */
export function mapTensors<T>(value: T, fn: (x: Tensor) => Tensor, other: (v: unknown) => unknown = v => v): T {
  const map = (v: unknown, level: number): unknown => {
    if (v instanceof Tensor) return fn(v)
    const mapped = (item: unknown) => map(item, deeper('the value', level))
    if (Array.isArray(v)) return v.map(mapped)
    if (v instanceof Map) return new Map(Array.from(v, ([key, item]) => [key, mapped(item)]))
    if (isPlainObject(v)) return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, mapped(item)]))
    return other(v)
  }
  return map(value, 0) as T
}
