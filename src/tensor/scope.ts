// `tidy` frees the tensors a function made, except the ones it returns. It is synchronous: an asynchronous function
// would leave its scope open for whatever runs while it waits. Parameters, gradients and optimizer state never
// belong to a scope, because they are not made by `wrap`.
import { native } from '../native/load.ts'
import { isPlainObject, runNow } from './args.ts'
import { atMost } from './refuse.ts'
import type { Tensor } from './tensor.ts'

let current: Tensor[] | null = null
/** Tensors passed to `keep` since the outermost scope opened. */
const kept = new Set<Tensor>()

/** Puts a new tensor into the scope that is open, if any. */
export function own(x: Tensor): void {
  if (current !== null) current.push(x)
}

/** Adds a returned value, and what is inside of it: of arrays, maps and plain objects. */
function collect(value: unknown, into: Set<unknown>): void {
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (into.has(next)) continue // an object that holds itself
    into.add(next)
    if (Array.isArray(next)) for (const item of next) left.push(item)
    else if (next instanceof Map) left.push(...next.values())
    else if (isPlainObject(next)) left.push(...Object.values(next))
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
  const survivors = new Set<unknown>()
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
