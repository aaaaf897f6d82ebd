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
