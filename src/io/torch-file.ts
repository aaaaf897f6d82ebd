// PyTorch's files: reads what torch.save has written, as a zip archive and in the format before it, and writes archives
// that torch.load(weights_only=True) reads. Nothing in a file is ever run (unpickle.ts). Storages that tensors share in
// the file are shared afterwards.
import { ArgumentError, DtrainError } from '../errors.ts'
import { Parameter } from '../nn/module/parameter.ts'
import { type DType, itemSize, Tensor, tensor, zeros } from '../tensor/index.ts'
import type { FileWriter } from './atomic.ts'
import type { FileMemory } from './file-memory.ts'
import { asKey, Call, Name, PersistentId, pickle, Tuple } from './pickle.ts'
import { allowed, LoadedStorage, rebuildWith, StorageType, storageNames, toJs } from './torch-format.ts'
import { Unpickler } from './unpickle.ts'
import { SharedMemory, tensorsIn } from './values.ts'
import { contents, type Entry, ZipWriter } from './zip.ts'

/** Moves a tensor to where it is wanted, given where it was. */
export type Place = (x: Tensor, location: string) => Tensor

/** Whether an archive is one of torch.save's. */
export const isTorchArchive = (names: Iterable<string>): boolean => [...names].some(name => name.endsWith('/data.pkl'))

/** What torch.save has put into an archive. @throws ArgumentError for a damaged file, or one with code in it */
export function readArchive(
  file: FileMemory,
  entries: ReadonlyMap<string, Entry>,
  place: Place,
  mmap: boolean,
): unknown {
  const main = [...entries.keys()].find(name => name.endsWith('/data.pkl'))!
  const prefix = main.slice(0, -'data.pkl'.length)
  if (entries.has(`${prefix}constants.pkl`)) {
    throw file.problem('it is a TorchScript program; save the state dict of the model instead, with torch.save')
  }
  const order = entries.get(`${prefix}byteorder`)
  if (order !== undefined && Buffer.from(contents(file, 'byteorder', order)).toString() !== 'little') {
    throw file.problem('its numbers are big-endian')
  }
  const storages = new Map<string, Tensor>()
  const storage = (type: StorageType, key: string, location: string, numel: number): LoadedStorage => {
    const name = `${prefix}data/${key}`
    const entry = entries.get(name)
    const length = numel * itemSize(type.dtype)
    if (entry === undefined) throw new ArgumentError(`the archive is damaged: '${name}' is missing`)
    if (entry.size < length) throw new ArgumentError(`the archive is damaged: '${name}' is too short`)
    let bytes = storages.get(key)
    if (bytes === undefined) {
      if (!mmap || !entry.stored) contents(file, name, entry) // compares the sum
      bytes = entry.stored ? file.storage(entry.at, entry.size) : tensor(contents(file, name, entry))
      storages.set(key, bytes)
    }
    return new LoadedStorage(bytes, type.dtype, location)
  }
  const text = contents(file, main, entries.get(main)!)
  return naming(file, () => toJs(new Unpickler(text, allowed(rebuildWith(place)), persistent(storage)).read()))
}

const magic = 0x1950a86a20f9469cfc6cn

/** Whether a file is in the format that torch.save wrote before version 1.6. */
export function isLegacy(file: FileMemory): boolean {
  // The pickle of a LONG1 of ten bytes, the magic number.
  if (file.size < 15) return false
  const [proto, , long, length, first] = file.bytes(0, 5)
  return proto === 0x80 && long === 0x8a && length === 10 && first === 0x6c
}

/** Five pickles, the last with the keys of the storages, which follow. @throws ArgumentError as `readArchive` */
export function readLegacy(file: FileMemory, place: Place): unknown {
  const bytes = file.bytes(0, file.size)
  const types = new Map<string, DType>()
  const note: FindStorage = (type, key) => {
    types.set(key, type.dtype)
    return new LoadedStorage(zeros(0, { dtype: 'uint8' }), type.dtype, 'cpu')
  }
  return naming(file, () => {
    // The storages come after the pickle that names them: once through it for what they are, once for the values.
    const scout = new Unpickler(
      bytes,
      allowed(() => null),
      persistent(note),
    )
    if (scout.read() !== magic || scout.read() !== 1001) throw new ArgumentError('it is not a file of torch.save')
    scout.read() // sizes and byte order of the machine that wrote it
    const start = scout.position
    scout.read()
    const keys = scout.read()
    if (!Array.isArray(keys)) throw damaged('it has no list of storages')
    const storages = new Map<string, Tensor>()
    let position = scout.position
    for (const key of keys.map(String)) {
      const dtype = types.get(key)
      if (dtype === undefined) throw damaged('a storage that nothing names')
      const count = file.bytes(position, 8)
      const length = Number(new DataView(count.buffer, count.byteOffset).getBigInt64(0, true)) * itemSize(dtype)
      storages.set(key, file.storage(position + 8, length))
      position += 8 + length
    }
    const find: FindStorage = (type, key, location) => {
      const found = storages.get(key)
      if (found === undefined) throw damaged('a storage is missing')
      return new LoadedStorage(found, type.dtype, location)
    }
    return toJs(new Unpickler(bytes, allowed(rebuildWith(place)), persistent(find), start).read())
  })
}

/** Writes a value as torch.save does. @throws ArgumentError for what has no form in Python */
export function writeArchive(file: FileWriter, name: string, value: unknown): void {
  const memory = new SharedMemory(tensorsIn(value))
  const storages: Tensor[] = []
  const ids = new Map<string, PersistentId>()
  const text = pickle(value, item => {
    if (item instanceof Tensor) return asCall(item)
    if (item instanceof Set) return new Call('__builtin__.set', [[...item].map(asKey)])
    return item
  })
  const zip = new ZipWriter(file)
  const add = (entry: string, contents: string | Uint8Array | Tensor) =>
    zip.add(`${name}/${entry}`, typeof contents === 'string' ? Buffer.from(contents) : contents)
  add('data.pkl', text)
  add('.format_version', '1')
  add('.storage_alignment', '64')
  add('byteorder', 'little')
  for (const [i, bytes] of storages.entries()) add(`data/${i}`, bytes)
  add('version', '3\n')
  zip.end()

  function asCall(x: Tensor): Call {
    const { id, offset, strides } = stored(x)
    const view = [id, offset, new Tuple(...x.shape), new Tuple(...strides)]
    const hooks = new Call('collections.OrderedDict', [])
    if (!(x instanceof Parameter)) return new Call('torch._utils._rebuild_tensor_v2', [...view, x.requiresGrad, hooks])
    const data = new Call('torch._utils._rebuild_tensor_v2', [...view, false, hooks])
    return new Call('torch._utils._rebuild_parameter', [data, x.requiresGrad, hooks])
  }

  function stored(x: Tensor): { id: PersistentId; offset: number; strides: readonly number[] } {
    const { key, bytes, offset, strides } = memory.of(x)
    const name = `${key} ${x.dtype}` // views of other dtypes are rare enough to be written once more
    let id = ids.get(name)
    if (id === undefined) {
      const type = new Name(`torch.${storageNames[x.dtype]}`)
      const size = itemSize(x.dtype)
      id = new PersistentId(new Tuple('storage', type, String(ids.size), x.device, bytes.numel() / size))
      ids.set(name, id)
      storages.push(bytes)
    }
    return { id, offset, strides }
  }
}

type FindStorage = (type: StorageType, key: string, location: string, numel: number) => LoadedStorage

/** Reads the persistent ids of torch.save, which all are storages. */
function persistent(find: FindStorage): (id: unknown) => LoadedStorage {
  return id => {
    if (!Array.isArray(id) || id[0] !== 'storage') throw damaged('it refers to what is no storage')
    const [, type, key, location, numel] = id as unknown[]
    if (!(type instanceof StorageType)) throw new ArgumentError('it has a tensor of a dtype that dtrain does not have')
    if (!Number.isSafeInteger(numel) || (numel as number) < 0) throw damaged('a storage without a size')
    return find(type, String(key), String(location), numel as number)
  }
}

const damaged = (what: string) => new ArgumentError(`the file is damaged: ${what}`)

/** Puts the name of the file before what is wrong with it. */
function naming<T>(file: FileMemory, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DtrainError) || error.message.startsWith(`load: ${file.path}`)) throw error
    throw file.problem(error.message.replace(/^load: /, ''))
  }
}
