// A copy of a module, as Python's deepcopy makes one: tensors, submodules, lists and plain objects are copied, each
// once; functions and objects of other classes are shared. The constructor does not run again, since nobody knows what
// it was given; so the copy would lack #private members of its class, which is refused, and it has no hooks.
import { ArgumentError } from '../../errors.ts'
import { deeper, noGrad, Tensor } from '../../tensor/index.ts'
import { type AnyModule, Module } from './module.ts'
import { isIndex } from './order.ts'
import { Parameter } from './parameter.ts'

/**
 * A copy; `op` is who asks for it.
 * @throws ArgumentError for modules whose class has #private members
 * @internal
 */
export function copyModule<M extends AnyModule>(op: string, module: M): M {
  for (const one of module.modules()) checkClass(op, one)
  const copies = new Map<unknown, unknown>()
  return noGrad(() => copyOf(module, copies, `${op}: a module`, 0) as M)
}

function checkClass(op: string, module: AnyModule): void {
  for (let Class = module.constructor; Class !== Module; Class = Object.getPrototypeOf(Class)) {
    if (!/\bthis\.#\w/.test(Function.prototype.toString.call(Class))) continue
    throw new ArgumentError(
      `${op}: a ${Class.name} cannot be copied, since its class has #private members; make them plain fields`,
    )
  }
}

/** `what` is what is copied, for the text of an error. */
function copyOf(value: unknown, copies: Map<unknown, unknown>, what: string, level: number): unknown {
  if (copies.has(value)) return copies.get(value)
  const inner = (one: unknown) => copyOf(one, copies, what, deeper(what, level))
  if (value instanceof Module) return moduleOf(value, copies, inner)
  const copy = <T>(made: T): T => {
    copies.set(value, made)
    return made
  }
  if (value instanceof Parameter) return copy(new Parameter(value.detach().clone(), value.requiresGrad))
  if (value instanceof Tensor) return copy(value.detach().clone())
  if (Array.isArray(value)) {
    const made: unknown[] = copy([])
    for (const one of value) made.push(inner(one))
    return made
  }
  if (value instanceof Map) {
    const made = copy(new Map())
    for (const [key, one] of value) made.set(key, inner(one))
    return made
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const made: Record<string, unknown> = copy({})
  for (const [name, one] of Object.entries(value)) made[name] = inner(one)
  return made
}

function moduleOf(module: AnyModule, copies: Map<unknown, unknown>, copyOf: (one: unknown) => unknown): AnyModule {
  const copy: AnyModule = Reflect.construct(Module, [], module.constructor)
  copies.set(module, copy)
  const buffers = new Map(module.members('buffer').map(([name]) => [name, false]))
  for (const [name] of module.members('buffer', true)) buffers.set(name, true)
  // Fields with integers for names stand first in a JavaScript object, but not in a module.
  const numbered = [...module.members('parameter'), ...module.members('module')].filter(([name]) => isIndex(name))
  for (const [name, value] of [...numbered, ...Object.entries(module).filter(([name]) => !isIndex(name))]) {
    const made = copyOf(value)
    const persistent = buffers.get(name)
    if (persistent !== undefined) copy.registerBuffer(name, made as Tensor, persistent)
    else if (made instanceof Parameter) copy.registerParameter(name, made)
    else if (made instanceof Module) copy.registerModule(name, made)
    else Reflect.set(copy, name, made)
  }
  return copy
}
