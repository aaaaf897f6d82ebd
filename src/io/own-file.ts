// dtrain's own files: safetensors whose metadata hold what is not a tensor, as JSON, and the sums of everything. Other
// programs read the tensors of such a file by their paths, `model.conv1.weight`; tensors that share memory are stored
// once, as bytes.
import { crc32 } from 'node:zlib'
import { Parameter } from '../nn/module/parameter.ts'
import { type DType, itemSize, Tensor } from '../tensor/index.ts'
import type { FileWriter } from './atomic.ts'
import { type FileMemory, viewOf } from './file-memory.ts'
import { type Header, readTensor, type TensorInfo, writeSafetensors } from './safetensors.ts'
import type { Place } from './torch-file.ts'
import { SharedMemory, tensorsIn } from './values.ts'

/** The metadata of a file that `save` has written. */
const keys = { tree: 'dtrain', sums: 'dtrain.crc32', header: 'dtrain.header.crc32' } as const
const noSum = '00000000'

/** A value in JSON: plain ones as they are, all others as an object with one key that begins with $. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A tensor in the tree. */
interface TensorEntry {
  /** Name in the file. */
  name: string
  parameter?: boolean
  requiresGrad?: boolean
  device?: string
  /** For one that shares its memory: what it is in that, which is stored as uint8. */
  view?: { dtype: DType; shape: number[]; strides: number[]; offset: number }
}

/** Whether `save` has written a file. */
export const isOwn = ({ metadata }: Header): boolean => Object.values(keys).some(key => key in metadata)

/** Writes a value. @throws ArgumentError for what no file holds */
export function writeOwn(file: FileWriter, value: unknown): void {
  const memory = new SharedMemory(tensorsIn(value))
  const tensors = new Map<string, Tensor>()
  const shared = new Map<number, string>()
  const known = new Map<Tensor, TensorEntry>()
  const tree = encode(value, '')
  const sumsText = (sumOf: (name: string) => string) =>
    JSON.stringify(Object.fromEntries([...tensors.keys()].map(name => [name, sumOf(name)])))
  const noSums = sumsText(() => noSum)
  const metadata = { [keys.tree]: JSON.stringify(tree), [keys.sums]: noSums, [keys.header]: noSum }
  writeSafetensors(file, tensors, metadata, (header, sums) => {
    // All else in the header that could look like this stands in texts, where quotes are written otherwise.
    const entry = (text: string) => `"${keys.sums}":${JSON.stringify(text)}`
    const summed = header.replace(entry(noSums), () => entry(sumsText(name => asHex(sums.get(name)!))))
    return withSum(summed, headerSum(summed))
  })

  function encode(item: unknown, path: string): Json {
    const inside = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`)
    if (item === undefined) return { $undefined: true }
    if (typeof item === 'bigint') return { $integer: String(item) }
    if (typeof item === 'number')
      return Number.isFinite(item) && !Object.is(item, -0) ? item : { $number: asText(item) }
    if (item instanceof Tensor) return { $tensor: tensorEntry(item, path) as unknown as Json }
    if (item instanceof Uint8Array) return { $bytes: Buffer.from(item).toString('base64') }
    if (Array.isArray(item)) return item.map((each, i) => encode(each, inside(i)))
    if (item instanceof Set) return { $set: [...item].map((each, i) => encode(each, inside(i))) }
    if (item instanceof Map) {
      return { $map: [...item].map(([key, each]) => [encode(key, inside('key')), encode(each, inside(String(key)))]) }
    }
    if (typeof item !== 'object' || item === null) return item as Json
    const pairs = Object.entries(item).map(([key, each]): [string, Json] => [key, encode(each, inside(key))])
    // A key of the user's that looks like one of ours.
    return pairs.some(([key]) => key.startsWith('$')) ? { $object: pairs } : Object.fromEntries(pairs)
  }

  function tensorEntry(x: Tensor, path: string): TensorEntry {
    const before = known.get(x)
    if (before !== undefined) return before
    const entry: TensorEntry = { name: unique(path || 'tensor') }
    known.set(x, entry)
    if (x instanceof Parameter) entry.parameter = true
    if (x.requiresGrad) entry.requiresGrad = true
    if (x.device !== 'cpu') entry.device = x.device
    if (!memory.isShared(x)) {
      tensors.set(entry.name, x)
      return entry
    }
    const { key, bytes, offset, strides } = memory.of(x)
    entry.name = shared.get(key) ?? entry.name
    shared.set(key, entry.name)
    tensors.set(entry.name, bytes)
    entry.view = { dtype: x.dtype, shape: [...x.shape], strides: [...strides], offset }
    return entry
  }

  function unique(path: string): string {
    const base = path === '__metadata__' ? 'tensor' : path
    let name = base
    for (let i = 2; tensors.has(name); i++) name = `${base} (${i})`
    return name
  }
}

/** What `save` has written. @throws ArgumentError for a file that has changed since */
export function readOwn(file: FileMemory, header: Header, place: Place, mmap: boolean): unknown {
  const problem = (what: string) => file.problem(`the file is damaged: ${what}`)
  const { metadata, tensors, text } = header
  if (!Object.values(keys).every(key => key in metadata)) throw problem('a part of its header is missing')
  if (headerSum(withSum(text, noSum)) !== metadata[keys.header]) throw problem('its header has changed')
  const sums = JSON.parse(metadata[keys.sums]!) as Record<string, string>
  const storages = new Map<string, Tensor>()
  return decode(JSON.parse(metadata[keys.tree]!) as Json)

  function decode(item: Json): unknown {
    if (item === null || typeof item !== 'object') return item
    if (Array.isArray(item)) return item.map(decode)
    const [key, value] = Object.entries(item)[0] ?? ['', null]
    switch (key) {
      case '$undefined':
        return undefined
      case '$integer':
        return BigInt(value as string)
      case '$number':
        return value === '-0' ? -0 : Number(value)
      case '$bytes':
        return new Uint8Array(Buffer.from(value as string, 'base64'))
      case '$set':
        return new Set((value as Json[]).map(decode))
      case '$map':
        return new Map((value as [Json, Json][]).map(([k, v]) => [decode(k), decode(v)]))
      case '$object':
        return Object.fromEntries((value as [string, Json][]).map(([k, v]) => [k, decode(v)]))
      case '$tensor':
        return decodeTensor(value as unknown as TensorEntry)
      default:
        return Object.fromEntries(Object.entries(item).map(([k, v]) => [k, decode(v)]))
    }
  }

  function decodeTensor({ name, parameter, requiresGrad = false, device = 'cpu', view }: TensorEntry): Tensor {
    const info = tensors.get(name)
    if (info === undefined) throw problem(`'${name}' is missing`)
    let x = storages.get(name) ?? checked(name, info, view !== undefined)
    storages.set(name, x)
    if (view !== undefined) x = viewOf(x, view.offset * itemSize(view.dtype), view.dtype, view.shape, view.strides)
    x = place(x, device)
    return parameter ? new Parameter(x, requiresGrad) : requiresGrad ? x.requiresGrad_() : x
  }

  function checked(name: string, info: TensorInfo, isStorage: boolean): Tensor {
    // What is mapped is read when it is used, which a sum over it would undo.
    if (!mmap && sum(file.bytes(info.at, info.bytes)) !== sums[name]) throw problem(`'${name}' has changed`)
    return isStorage ? file.storage(info.at, info.bytes) : readTensor(file, info)
  }
}

const asText = (value: number) => (Object.is(value, -0) ? '-0' : String(value))

const asHex = (sum: number) => sum.toString(16).padStart(8, '0')

const sum = (bytes: Uint8Array) => asHex(crc32(bytes))

/** The sum of a header in which it is not yet written. */
const headerSum = (header: string) => sum(Buffer.from(header))

/** The header with that sum, in place of the one it has. */
function withSum(header: string, value: string): string {
  return header.replace(/("dtrain\.header\.crc32":")[0-9a-f]{8}/, `$1${value}`)
}
