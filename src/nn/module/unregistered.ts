// The trap of the plain list: modules and parameters are registered by being fields of a module, so those in an array
// of one are not, and training leaves them as they are. A warning says so when parameters() is first asked for.
// #private fields cannot be seen, which makes them the place for what is not to be registered.
import { isPlainObject } from '../../tensor/index.ts'
import { Callable } from './callable.ts'
import type { AnyModule } from './module.ts'
import { Parameter } from './parameter.ts'

/** Enough to find a list of layers, and little enough for a list of a million samples, or one that holds itself. */
const mostItems = 1000
const mostLevels = 5

const told = new Set<string>()

/** What a field's value is and holds, where that is something to look into. */
function container(value: unknown): [name: string, items: Iterable<unknown>] | undefined {
  if (Array.isArray(value)) return ['an array', value]
  if (value instanceof Map) return ['a Map', value.values()]
  if (value instanceof Set) return ['a Set', value]
  if (isPlainObject(value)) return ['an object', Object.values(value)]
  return undefined
}

/** The first module or parameter in `items` that is not registered, also in containers among them. */
function find(
  items: Iterable<unknown>,
  registered: ReadonlySet<unknown>,
  levels = mostLevels,
  budget = { items: mostItems },
): unknown {
  for (const item of items) {
    if (budget.items-- <= 0) return undefined
    if (item instanceof Callable || item instanceof Parameter) {
      if (!registered.has(item)) return item
    } else if (levels > 1) {
      const inner = container(item)
      const found = inner && find(inner[1], registered, levels - 1, budget)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/**
 * Warns, once for each field of a class, of what `root` and the modules below it hold without registering it.
 * @internal
 */
export function warnOfUnregistered(root: AnyModule): void {
  const modules = root.modules()
  const registered = new Set<unknown>(modules)
  const held: [field: string, name: string, items: Iterable<unknown>][] = []
  for (const module of modules) {
    for (const [field, value] of Object.entries(module)) {
      if (value instanceof Parameter) registered.add(value)
      const found = container(value)
      if (found !== undefined) held.push([`${module.constructor.name}.${field}`, ...found])
    }
  }
  for (const [field, name, items] of held) {
    const found = find(items, registered)
    if (found !== undefined) warn(field, name, found instanceof Parameter)
  }
}

function warn(field: string, holder: string, parameter: boolean): void {
  const kind = parameter ? 'Parameter' : 'Module'
  const list = !parameter && holder === 'an array' ? 'make it an nn.ModuleList' : undefined
  const text =
    `${field}: ${kind.toLowerCase()}s in ${holder} are not registered, so parameters(), stateDict(), to() and train() ` +
    `leave them out; ${list ?? `register each with register${kind}(name, …)`}, or hold them in a #private field if ` +
    'that is meant'
  if (told.has(text)) return
  told.add(text)
  process.emitWarning(text, { code: 'DTRAIN_UNREGISTERED' })
}
