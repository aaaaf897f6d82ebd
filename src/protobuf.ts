// Protocol buffers, as far as TensorBoard's and ONNX files need them: a message is its fields one after the other, each
// a key and a value. The numbers of fields are those of the definitions (tensorboard/compat/proto and onnx.proto).

/** Bytes of one or more fields. */
export type Fields = Buffer

/** All bytes one after the other. */
export const message = (...fields: Fields[]): Fields => Buffer.concat(fields)

/** A field of 64 bits for a number with a fraction. */
export function double(field: number, value: number): Fields {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return message(varint((field << 3) | 1), bytes)
}

/** A field of 32 bits for a number with a fraction. */
export function float(field: number, value: number): Fields {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return message(varint((field << 3) | 5), bytes)
}

/** Many numbers in one field. */
export function doubles(field: number, values: ArrayLike<number>): Fields {
  const numbers = Float64Array.from(values)
  return bytes(field, new Uint8Array(numbers.buffer)) // little endian, as all machines that dtrain runs on
}

/** An integer, a truth value or a member of an enumeration. */
export function integer(field: number, value: number | bigint): Fields {
  return message(varint(field << 3), varint(value))
}

/** Bytes, a text or a message. */
export function bytes(field: number, value: string | Uint8Array): Fields {
  const data = Buffer.from(value as Uint8Array)
  return message(start(field, data.length), data)
}

/** What stands before bytes, a text or a message of that length. */
export function start(field: number, length: number): Fields {
  return message(varint((field << 3) | 2), varint(length))
}

/** Seven bits a byte, the last ones first; negative numbers count as 64 bits without a sign. */
function varint(value: number | bigint): Buffer {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  out.push(Number(rest))
  return Buffer.from(out)
}
