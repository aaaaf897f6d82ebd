// An ONNX file: protocol buffers, with the numbers of onnx.proto. Weights are written as they lie in memory, one after
// the other, so no second copy of all of them is made.
import { UnsupportedError } from '../errors.ts'
import { bytes, type Fields, float, integer, message, start } from '../protobuf.ts'
import type { DType, TypedArray } from '../tensor/index.ts'

/** The version of the operators that the graph is made of. */
const opset = 18
/** The version of the file format that came with it. */
const irVersion = 8
/** Readers count in 31 bits. */
const largest = 2 ** 31 - 1

const typeCodes: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
}

/** The number of a dtype, for the operator Cast. */
export const typeCode = (dtype: DType): number => typeCodes[dtype]

/** What an operator is told beside its inputs: integers, or a text; `{ float }` is a number with a fraction. */
export type Attribute = number | readonly number[] | string | { float: number }

export interface OnnxNode {
  name: string
  op: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
}

export interface Initializer {
  name: string
  dtype: DType
  shape: readonly number[]
  data: TypedArray
}

/** An input or output; a size is a number, a name, or null where it is neither. */
export interface Port {
  name: string
  dtype: DType
  shape: readonly (number | string | null)[]
}

export interface OnnxGraph {
  name: string
  nodes: readonly OnnxNode[]
  initializers: readonly Initializer[]
  inputs: readonly Port[]
  outputs: readonly Port[]
}

/** The file in pieces. @throws UnsupportedError for more than 2 GiB */
export function modelFile(graph: OnnxGraph): Fields[] {
  const content = [
    ...graph.nodes.map(node => bytes(1, nodeOf(node))),
    bytes(2, graph.name),
    ...graph.initializers.flatMap(initializer),
    ...graph.inputs.map(port => bytes(11, portOf(port))),
    ...graph.outputs.map(port => bytes(12, portOf(port))),
  ]
  const length = lengthOf(content)
  if (length > largest) {
    throw new UnsupportedError(
      `exportOnnx: the model takes ${length} bytes, and an ONNX file holds at most 2 GiB; export parts of it, or cast it to float16`,
    )
  }
  return [message(integer(1, irVersion), bytes(2, 'dtrain'), bytes(8, integer(2, opset))), start(7, length), ...content]
}

function lengthOf(fields: readonly Fields[]): number {
  return fields.reduce((sum, { length }) => sum + length, 0)
}

function nodeOf({ name, op, inputs, outputs, attributes }: OnnxNode): Fields {
  return message(
    ...inputs.map(input => bytes(1, input)),
    ...outputs.map(output => bytes(2, output)),
    bytes(3, name),
    bytes(4, op),
    ...Object.entries(attributes).map(([key, value]) => bytes(5, message(bytes(1, key), attribute(value)))),
  )
}

function attribute(value: Attribute): Fields {
  if (typeof value === 'number') return message(integer(3, value), integer(20, 2))
  if (typeof value === 'string') return message(bytes(4, value), integer(20, 3))
  if ('float' in value) return message(float(2, value.float), integer(20, 1))
  return message(...value.map(item => integer(8, item)), integer(20, 7))
}

/** A tensor: its elements are a piece of their own. */
function initializer({ name, dtype, shape, data }: Initializer): Fields[] {
  const elements = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const described = message(
    ...shape.map(size => integer(1, size)),
    integer(2, typeCodes[dtype]),
    bytes(8, name),
    start(9, elements.length),
  )
  return [start(5, described.length + elements.length), described, elements]
}

function portOf({ name, dtype, shape }: Port): Fields {
  const sizes = shape.map(size =>
    bytes(1, size === null ? message() : typeof size === 'string' ? bytes(2, size) : integer(1, size)),
  )
  return message(bytes(1, name), bytes(2, bytes(1, message(integer(1, typeCodes[dtype]), bytes(2, message(...sizes))))))
}
