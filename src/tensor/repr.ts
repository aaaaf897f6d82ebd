// Values as Python prints them, for the text of modules, optimizers and errors.

/** `True`, `False`, `None`, `(5,)`, `(5, 5)`, `1e-05` for a small number; anything else as it is. @internal */
export function python(value: unknown, levels = 9): string {
  if (value == null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) {
    if (levels === 0) return '(…)'
    return `(${value.map(each => python(each, levels - 1)).join(', ')}${value.length === 1 ? ',' : ''})`
  }
  const small = typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-4
  return small ? value.toExponential().replace(/-(.)$/, '-0$1') : String(value)
}

/**
 * The fields of a layer as PyTorch prints them; `fields` are their names.
 * @example repr(layer, 'kernelSize stride') // kernel_size=(5, 5), stride=1
 * @internal
 */
export function repr(layer: object, fields: string): string {
  const snake = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  return fields
    .split(' ')
    .map(name => `${snake(name)}=${python(Reflect.get(layer, name))}`)
    .join(', ')
}

/**
 * The same for fields that are floats in PyTorch, which prints 1.0.
 * @example reals(layer, 'alpha') // alpha=1.0
 * @internal
 */
export function reals(layer: object, fields: string): string {
  return repr(layer, fields).replace(/=(-?\d+)(?=,|$)/g, '=$1.0')
}

/**
 * A wrong value for the text of an error: numbers and texts as they are, arrays with their elements, of anything else
 * the kind. Not every value becomes a text by itself: a symbol throws, and so does an object without a prototype.
 * @internal
 */
export function shown(value: unknown): string {
  if (Array.isArray(value))
    return `[${Array.from(value, each => (Array.isArray(each) ? 'an array' : shown(each))).join(', ')}]`
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? kindOf(value) : String(value)
}

/** A shape as PyTorch prints it. @internal */
export function torchSize(shape: readonly number[]): string {
  return `torch.Size([${shape.join(', ')}])`
}

/** What a wrong argument is, for the text of an error: `null`, `a string`, `an array`, `a Float32Array`. @internal */
export function kindOf(value: unknown): string {
  if (value == null) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object' && typeof value !== 'function') return `a ${typeof value}`
  const given: unknown = value.constructor?.name
  const name = typeof given === 'string' ? given : 'Object'
  if (name === 'Object') return 'an object'
  if (name === 'Function') return 'a function'
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}
