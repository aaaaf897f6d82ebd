// Values as Python prints them, for the text of modules, optimizers and errors.

/** `(5, 5)` for a pair; numbers and strings as they are. @internal */
export function tuple(value: number | string | readonly number[]): string {
  return typeof value === 'object' ? `(${value.join(', ')})` : String(value)
}

/** `True`, `False` or `None`; anything else as it is. @internal */
export function python(value: unknown): string {
  if (value == null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
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
  const name = value.constructor?.name ?? 'Object'
  if (name === 'Object') return 'an object'
  if (name === 'Function') return 'a function'
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}
