// The safetensors format (huggingface.co/docs/safetensors): a header in JSON that says where each tensor stands, then
// their bytes. Everything in a header is checked before a tensor is made of it, as the format asks for: tensors lie one
// behind the other without a gap, to the end. dtrain's own files (own-file.ts) are such files with more in them.
import { ArgumentError } from '../errors.ts'
import { type DType, itemSize, type Tensor } from '../tensor/index.ts'
import type { FileWriter } from './atomic.ts'
import { byteLength, type FileMemory } from './file-memory.ts'

const names: Readonly<Record<DType, string>> = {
  float32: 'F32',
  float64: 'F64',
  int64: 'I64',
  uint8: 'U8',
  bool: 'BOOL',
  float16: 'F16',
  bfloat16: 'BF16',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
}
const dtypes = new Map(Object.entries(names).map(([dtype, name]) => [name, dtype as DType]))

/** A tensor in a file. */
export interface TensorInfo {
  dtype: DType
  shape: number[]
  /** Where it starts in the file. */
  at: number
  bytes: number
}

/** What stands before the tensors. */
export interface Header {
  tensors: Map<string, TensorInfo>
  metadata: Record<string, string>
  /** The header as it stands in the file. */
  text: string
}

const mostHeaderBytes = 100e6 // as in the library for Python

/** Whether a file begins like one. */
export function isSafetensors(file: FileMemory): boolean {
  if (file.size < 10) return false
  const length = headerLength(file)
  return length >= 2 && length <= Math.min(mostHeaderBytes, file.size - 8) && file.bytes(8, 1)[0] === 0x7b
}

function headerLength(file: FileMemory): number {
  const bytes = file.bytes(0, 8)
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
}

/** @throws ArgumentError for a header that does not fit its file */
export function readHeader(file: FileMemory): Header {
  const length = headerLength(file)
  const text = Buffer.from(file.bytes(8, length)).toString('utf8')
  const problem = (what: string) => file.problem(`the file is damaged: ${what}`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw problem('its header is no JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw problem('its header is no object')
  const { __metadata__: metadata = {}, ...entries } = parsed as Record<string, unknown>
  const isText = (value: unknown) => typeof value === 'string'
  if (typeof metadata !== 'object' || metadata === null || !Object.values(metadata).every(isText)) {
    throw problem('its metadata are not texts')
  }
  const tensors = new Map<string, TensorInfo>()
  const start = 8 + length
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype: code, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
    const dtype = dtypes.get(String(code))
    if (dtype === undefined) throw file.problem(`'${name}' has the dtype ${code}, which dtrain does not have`)
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) throw problem(`'${name}' has no place or shape`)
    const [from, to] = offsets as [number, number]
    const bytes = byteLength(dtype, shape)
    if (to - from !== bytes) throw problem(`'${name}' has ${to - from} bytes, and its shape needs ${bytes}`)
    tensors.set(name, { dtype, shape, at: start + from, bytes })
  }
  let end = start
  for (const { at, bytes } of [...tensors.values()].sort((a, b) => a.at - b.at || a.bytes - b.bytes)) {
    if (at !== end) throw problem('its tensors do not lie one behind the other')
    end += bytes
  }
  if (end !== file.size) throw problem(`it has ${file.size} bytes, and its header tells of ${end}`)
  return { tensors, metadata: metadata as Record<string, string>, text }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0)
}

/** One tensor of a file. */
export function readTensor(file: FileMemory, { at, dtype, shape }: TensorInfo): Tensor {
  return file.tensor(at, dtype, shape)
}

/**
 * Writes tensors by name. `seal` may change the text of the header, but not its length, when the sums (CRC-32) of the
 * tensors are known, which stand behind it.
 * @throws ArgumentError for the name `__metadata__`
 */
export function writeSafetensors(
  file: FileWriter,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
  seal: (header: string, sums: ReadonlyMap<string, number>) => string,
): void {
  if (tensors.has('__metadata__')) throw new ArgumentError("save: a tensor cannot have the name '__metadata__'")
  // The widest first, so that each starts on a multiple of its width.
  const ordered = [...tensors].sort(([, a], [, b]) => itemSize(b.dtype) - itemSize(a.dtype))
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {}
  let at = 0
  for (const [name, x] of ordered) {
    const end = at + byteLength(x.dtype, x.shape)
    header[name] = { dtype: names[x.dtype], shape: [...x.shape], data_offsets: [at, end] }
    at = end
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  file.append(length)
  const place = file.leave(padded.length)
  const sums = new Map(ordered.map(([name, x]) => [name, file.append(x)]))
  file.put(place, Buffer.from(seal(padded.toString(), sums)))
}
