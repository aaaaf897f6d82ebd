// NumPy's files: an array (.npy), and archives of them (.npz). bfloat16 does not exist there. An array of another byte
// order, of texts, structures or objects is refused by its dtype; one in Fortran's order becomes a tensor with such
// strides.
import { ArgumentError } from '../errors.ts'
import { type DType, Tensor, tensor } from '../tensor/index.ts'
import type { FileWriter } from './atomic.ts'
import { byteLength, type FileMemory, viewOf } from './file-memory.ts'
import { contents, type Entry, ZipWriter } from './zip.ts'

const codes: Readonly<Partial<Record<DType, string>>> = {
  float32: '<f4',
  float64: '<f8',
  int64: '<i8',
  uint8: '|u1',
  bool: '|b1',
  float16: '<f2',
  int32: '<i4',
  int16: '<i2',
  int8: '|i1',
}
const dtypes = new Map(Object.entries(codes).map(([dtype, code]) => [code, dtype as DType]))
const magic = Buffer.from('\x93NUMPY', 'latin1')

/** Whether a file begins like an array. */
export const isNpy = (file: FileMemory): boolean => file.size >= 10 && magic.equals(file.bytes(0, 6))

/** Whether an archive holds arrays. */
export const isNpz = (names: Iterable<string>): boolean => [...names].every(name => name.endsWith('.npy'))

interface Layout {
  dtype: DType
  shape: number[]
  strides: number[]
  /** Where the elements start. */
  start: number
}

/** @throws ArgumentError for a header that is none, or an array that cannot become a tensor */
function layoutOf(head: (length: number) => Uint8Array, size: number, problem: (what: string) => Error): Layout {
  const start = head(12)
  const wide = start[6]! >= 2
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const first = wide ? 12 : 10
  if (first + length > size) throw problem('its header is cut off')
  const text = Buffer.from(head(first + length).subarray(first)).toString('latin1')
  const [, code] = /'descr': ?'([^']*)'/.exec(text) ?? []
  const [, order] = /'fortran_order': ?(True|False)/.exec(text) ?? []
  const [, sizes] = /'shape': ?\(([\d, ]*)\)/.exec(text) ?? []
  if (order === undefined || sizes === undefined) throw problem('its header is not one')
  const dtype = dtypes.get(code ?? '')
  if (dtype === undefined) throw problem(`it has the dtype ${code ?? 'of a structure'}, which dtrain does not have`)
  const shape = sizes
    .split(',')
    .map(Number)
    .slice(0, sizes.trim() === '' ? 0 : sizes.trim().endsWith(',') ? -1 : undefined)
  const dims = order === 'True' ? shape.keys() : [...shape.keys()].reverse()
  const strides = shape.map(() => 1)
  let step = 1
  for (const d of dims) {
    strides[d] = step
    step *= Math.max(1, shape[d]!)
  }
  const bytes = byteLength(dtype, shape)
  if (first + length + bytes !== size)
    throw problem(`it has ${size} bytes, and its header tells of ${first + length + bytes}`)
  return { dtype, shape, strides, start: first + length }
}

/** An array. @throws ArgumentError for a damaged file, or a dtype that dtrain does not have */
export function readNpy(file: FileMemory): Tensor {
  const head = (length: number) => file.bytes(0, Math.min(length, file.size))
  const { dtype, shape, strides, start } = layoutOf(head, file.size, what => file.problem(what))
  return viewOf(file.storage(start, file.size - start), 0, dtype, shape, strides)
}

/** The arrays of an archive by name. @throws ArgumentError as `readNpy` */
export function readNpz(file: FileMemory, entries: ReadonlyMap<string, Entry>): Record<string, Tensor> {
  return Object.fromEntries(
    [...entries].map(([name, entry]) => {
      const bytes = contents(file, name, entry)
      const problem = (what: string) => file.problem(`'${name}': ${what}`)
      if (bytes.length < 12 || !magic.equals(bytes.subarray(0, 6))) throw problem('it is no array')
      const { dtype, shape, strides, start } = layoutOf(length => bytes.subarray(0, length), bytes.length, problem)
      return [name.slice(0, -'.npy'.length), viewOf(tensor(bytes.slice(start)), 0, dtype, shape, strides)]
    }),
  )
}

/** An array with its header, which ends on 64 bytes. @throws ArgumentError for bfloat16 */
export function npy(x: Tensor): [header: Uint8Array, elements: Tensor] {
  const code = codes[x.dtype]
  if (code === undefined) throw new ArgumentError(`save: NumPy has no ${x.dtype}; save x.float()`)
  const shape = x.shape.length === 1 ? `${x.shape[0]},` : x.shape.join(', ')
  const header = `{'descr': '${code}', 'fortran_order': False, 'shape': (${shape}), }`
  const length = 64 * Math.ceil((10 + header.length + 1) / 64)
  const bytes = Buffer.alloc(length, ' ')
  magic.copy(bytes)
  bytes.set([1, 0], 6)
  bytes.writeUInt16LE(length - 10, 8)
  bytes.write(header, 10, 'latin1')
  bytes[length - 1] = 0x0a
  return [bytes, x]
}

/** An archive of arrays. @throws ArgumentError for anything but tensors by name */
export function writeNpz(file: FileWriter, arrays: object): void {
  const zip = new ZipWriter(file)
  for (const [name, x] of Object.entries(arrays)) {
    if (!(x instanceof Tensor)) throw new ArgumentError(`save: .npz holds tensors by name, and '${name}' is none`)
    zip.add(`${name}.npy`, ...npy(x))
  }
  zip.end()
}
