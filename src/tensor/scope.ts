// `tidy` frees the tensors a function made, except the ones it returns. It is synchronous: an asynchronous function
// would leave its scope open for whatever runs while it waits. Parameters, gradients and optimizer state never
// belong to a scope, because they are not made by `wrap`.
import { native } from '../native/load.ts'
import { isPlainObject, runNow } from './args.ts'
import { atMost } from './refuse.ts'
import { Tensor } from './tensor.ts'

let current: Tensor[] | null = null
/** Tensors passed to `keep` since the outermost scope opened. */
const kept = new Set<Tensor>()

/** Puts a new tensor into the scope that is open, if any. */
export function own(x: Tensor): void {
  if (current !== null) current.push(x)
}

/** Adds the tensors in a returned value: itself, or inside arrays, maps and plain objects. */
function collect(value: unknown, into: Set<Tensor>): void {
  if (value instanceof Tensor) {
    into.add(value)
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, into)
  } else if (value instanceof Map) {
    for (const item of value.values()) collect(item, into)
  } else if (isPlainObject(value)) {
    for (const item of Object.values(value)) collect(item, into)
  }
}

/**
 * Runs `fn` and frees every tensor made in it, except those it returns (also inside arrays, maps and plain objects),
 * those passed to `keep`, parameters and gradients. Scopes nest: what survives belongs to the outer one.
 * @throws ArgumentError when `fn` returns a promise
 * @example const loss = tidy(() => criterion(model(x), y).item())
 */
export function tidy<T>(fn: () => T): T {
  atMost('tidy', 1, arguments.length)
  const outer = current
  const mine: Tensor[] = []
  const survivors = new Set<Tensor>()
  current = mine
  try {
    const result = runNow('tidy', fn)
    collect(result, survivors)
    return result
  } finally {
    current = outer
    for (const x of mine) {
      if (kept.has(x)) continue
      if (!survivors.has(x)) native.dispose(x.handle)
      else if (outer !== null) outer.push(x)
    }
    if (outer === null) kept.clear()
  }
}

/**
 * Takes a tensor out of every open `tidy` scope and returns it; it then lives until it is disposed or collected.
 * @example tidy(() => { best = keep(x.clone()) })
 */
export function keep(x: Tensor): Tensor {
  atMost('keep', 1, arguments.length)
  if (current !== null) kept.add(x)
  return x
}
