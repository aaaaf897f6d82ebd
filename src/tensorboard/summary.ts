// What stands behind a name in an event: the messages that TensorBoard calls summaries, as PyTorch fills them.
import { ArgumentError } from '../errors.ts'
import { bytes, double, type Fields, float, integer, message } from '../protobuf.ts'
import { refuse, Tensor } from '../tensor/index.ts'

const dtypes = { float: 1, double: 2, string: 7 } as const

/** The fields of an event with one summary; `value` holds what it is of. */
export function summary(tag: string, value: Fields): Fields {
  return bytes(5, bytes(1, message(bytes(1, tag), value)))
}

/** One number, from a tensor with one element too. */
export function numberOf(op: string, value: number | bigint | Tensor): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (!(value instanceof Tensor)) refuse(op, 'a number or a tensor with one element', value)
  if (value.numel() !== 1)
    throw new ArgumentError(`${op}: expected one element, got a tensor of [${value.shape.join(', ')}]`)
  return Number(value.item())
}

/** A number, in one of the three ways TensorBoard reads. */
export function scalar(value: number, newStyle = false, doublePrecision = false): Fields {
  if (!newStyle) return float(2, value)
  const tensor = doublePrecision
    ? message(integer(1, dtypes.double), double(6, value))
    : message(integer(1, dtypes.float), float(5, value))
  return message(bytes(8, tensor), plugin('scalars'))
}

/** A text, which may be Markdown. */
export function text(value: string): Fields {
  const tensor = message(integer(1, dtypes.string), bytes(2, bytes(2, integer(1, 1))), bytes(8, value))
  return message(bytes(8, tensor), plugin('text'))
}

/** Which part of TensorBoard shows a summary, and what it knows of it besides. */
export function plugin(name: string, content: Fields = Buffer.alloc(0)): Fields {
  return bytes(9, bytes(1, message(bytes(1, name), bytes(2, content))))
}
