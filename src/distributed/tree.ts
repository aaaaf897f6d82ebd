// Values with tensors in them: what modules take and return. Tensors are found in arrays, maps and plain objects, in
// order; everything else is passed on as it is.
import { Tensor } from '../tensor/index.ts'

/** `value` with every tensor in it (itself, in arrays, maps and plain objects) replaced; the rest is shared. @internal */
export function mapTensors<T>(value: T, fn: (x: Tensor) => Tensor): T {
  const map = (v: unknown): unknown => {
    if (v instanceof Tensor) return fn(v)
    if (Array.isArray(v)) return v.map(map)
    if (v instanceof Map) return new Map(Array.from(v, ([key, item]) => [key, map(item)]))
    if (isPlain(v)) return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, map(item)]))
    return v
  }
  return map(value) as T
}

/** All tensors in `value`. @internal */
export function tensorsIn(value: unknown): Tensor[] {
  const found: Tensor[] = []
  mapTensors(value, x => {
    found.push(x)
    return x
  })
  return found
}

/** `value` with its tensors replaced by others, in the order of `tensorsIn`. @internal */
export function withTensors<T>(value: T, tensors: readonly Tensor[]): T {
  let next = 0
  return mapTensors(value, () => tensors[next++]!)
}

/** What ranks must have in common: nesting, keys, and all that is not a tensor, as text. @internal */
export function structureOf(value: unknown): string {
  if (value instanceof Tensor) return 'tensor'
  if (Array.isArray(value)) return `[${value.map(structureOf).join(', ')}]`
  if (value instanceof Map)
    return `Map {${Array.from(value, ([key, item]) => `${structureOf(key)} => ${structureOf(item)}`).join(', ')}}`
  if (isPlain(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${structureOf(item)}`)
      .join(', ')}}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'function'
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
