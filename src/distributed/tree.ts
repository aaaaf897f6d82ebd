// What modules take and return, as lists of tensors and a text that says how they are nested: see `mapTensors`.
import { ArgumentError, ShapeError } from '../errors.ts'
import { deeper, isPlainObject, mapTensors, Tensor } from '../tensor/index.ts'

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

/**
 * `output`, if the ranks' can be joined. `name` is the wrapper's, for messages.
 * @throws ArgumentError unless it has tensors, and all of them where `tensorsIn` finds them; ShapeError when one has no
 * rows @internal
 */
export function gatherable<T>(name: string, output: T): T {
  let found = false
  const look = (value: unknown, level: number): void => {
    const inner = (item: unknown) => look(item, deeper(`${name}: what the module returned`, level))
    if (value instanceof Tensor) {
      found = true
      if (value.ndim > 0) return
      throw new ShapeError(
        `${name}: the model returned a 0-d tensor, which cannot be gathered along dim 0; return one row per sample and ` +
          'reduce outside the model',
      )
    } else if (Array.isArray(value)) value.forEach(inner)
    else if (value instanceof Map) for (const item of value.values()) inner(item)
    else if (isPlainObject(value)) Object.values(value).forEach(inner)
    else if (typeof value === 'object' && value !== null) {
      const inside = value instanceof Set ? [...value] : Object.values(value)
      if (!inside.some(item => item instanceof Tensor)) return
      throw new ArgumentError(
        `${name}: the module returned a tensor in a ${value.constructor.name}, where it could not be gathered; return arrays, maps or plain objects`,
      )
    }
  }
  look(output, 0)
  if (found) return output
  throw new ArgumentError(
    `${name}: the module returned no tensor, nor any inside arrays, maps or plain objects, so there is nothing to gather`,
  )
}

/** What ranks must have in common: nesting, keys, and all that is not a tensor, as text. @internal */
export function structureOf(value: unknown, level = 0): string {
  if (value instanceof Tensor) return 'tensor'
  const inner = (item: unknown) => structureOf(item, deeper('what a module takes or returns', level))
  if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`
  if (value instanceof Map)
    return `Map {${Array.from(value, ([key, item]) => `${inner(key)} => ${inner(item)}`).join(', ')}}`
  if (isPlainObject(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${inner(item)}`)
      .join(', ')}}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'function'
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value)
}
