// Saving and loading: one pair of functions for all formats. What a file is, `load` sees from its contents; what it
// becomes, `save` sees from its name.
//
//   .pth .pt .bin    PyTorch's; torch.load(weights_only=True) reads it
//   .npy .npz        NumPy's: one tensor; several by name
//   all other        dtrain's own: safetensors with everything that is not a tensor beside it, and sums of all of it

import { readFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { ArgumentError, DtrainError } from '../errors.ts'
import { atMost, type Device, isDevice, isOptions, Options, refuse, Tensor } from '../tensor/index.ts'
import { writeAtomically } from './atomic.ts'
import { FileMemory } from './file-memory.ts'
import { isNpy, isNpz, npy, readNpy, readNpz, writeNpz } from './numpy.ts'
import { isOwn, readOwn, writeOwn } from './own-file.ts'
import { isSafetensors, readHeader, readTensor } from './safetensors.ts'
import { isLegacy, isTorchArchive, type Place, readArchive, readLegacy, writeArchive } from './torch-file.ts'
import type { Saved } from './values.ts'
import { entries, isZip } from './zip.ts'

export type { Saved } from './values.ts'

/** Where tensors go: all to one device, by where they were, or by a function that is given where. */
export type MapLocation = Device | Readonly<Record<string, Device>> | ((location: string) => Device)

/** Options of `load`. */
export interface LoadFileOptions {
  /** Default: where they were when they were saved. */
  mapLocation?: MapLocation
  /**
   * Tensors stay in the file, and are read when they are used; sums are not compared then. What is written into them
   * does not change the file. Default false.
   */
  mmap?: boolean
}

/** Options of `save`. */
export interface SaveOptions {
  /** Wait until the disk has the file, so that it outlives a loss of power too. Slow; default false. */
  durable?: boolean
}

/** @internal */
export const saveOptions = new Options<SaveOptions>({ durable: true })
const loadOptions = new Options<LoadFileOptions>({ mapLocation: true, mmap: true })

/**
 * Writes a value, such as a checkpoint, into a file: tensors, numbers, texts, bytes, and arrays, objects, Maps and Sets
 * of them. The file is replaced when all of it is written, so a crash never leaves half of one. PyTorch: torch.save.
 * @throws ArgumentError for what no file holds, such as a module (save its `stateDict()`)
 * @example save({ epoch, model: model.stateDict(), optimizer: optimizer.stateDict() }, 'checkpoint.pth')
 */
export function save(value: Saved | object, path: string, options?: SaveOptions): void {
  atMost('save', 3, arguments.length)
  if (typeof path !== 'string') refuse('save', 'the path of a file', path)
  const kind = extname(path)
  const { durable = false } = saveOptions.read('save', options)
  writeAtomically(path, durable, file => {
    if (kind === '.npy') {
      if (!(value instanceof Tensor)) refuse('save: .npy', 'a tensor', value)
      for (const part of npy(value)) file.append(part)
    } else if (kind === '.npz') {
      if (!isOptions(value)) refuse('save: .npz', 'an object of tensors', value)
      writeNpz(file, value)
    } else if (['.pth', '.pt', '.bin'].includes(kind)) writeArchive(file, basename(path, kind), value)
    else writeOwn(file, value)
  })
}

/**
 * Reads what `save`, torch.save, NumPy or safetensors have written, and the index of a model of several safetensors.
 * Nothing in a file is ever run. A dict becomes an object, tuples and lists arrays, integers beyond 2^53 bigints.
 * PyTorch: torch.load(weights_only=True).
 * @throws ArgumentError for a damaged file, one with code in it, or one of another kind
 * @example const { model } = load('checkpoint.pth', { mapLocation: 'cpu' })
 */
// biome-ignore lint/suspicious/noExplicitAny: only the caller knows what is in the file
export function load<T = any>(path: string, mapLocation?: MapLocation | LoadFileOptions, options?: LoadFileOptions): T {
  atMost('load', 3, arguments.length)
  if (typeof path !== 'string') refuse('load', 'the path of a file', path)
  const given = readLoadOptions(mapLocation, options)
  const { mmap = false } = given
  const place = placing(path, given.mapLocation)
  if (path.endsWith('.safetensors.index.json')) return loadShards(path, place, mmap) as T
  const file = new FileMemory(path, mmap)
  return readFile(file, place, mmap) as T
}

function readFile(file: FileMemory, place: Place, mmap: boolean): unknown {
  if (isZip(file)) {
    const list = entries(file)
    if (isTorchArchive(list.keys())) return readArchive(file, list, place, mmap)
    if (isNpz(list.keys())) return placed(readNpz(file, list), place)
    throw file.problem('the archive is neither one of torch.save nor of numpy.savez')
  }
  if (isNpy(file)) return place(readNpy(file), 'cpu')
  if (isLegacy(file)) return readLegacy(file, place)
  if (isSafetensors(file)) {
    const header = readHeader(file)
    if (isOwn(header)) return readOwn(file, header, place, mmap)
    return Object.fromEntries([...header.tensors].map(([name, info]) => [name, place(readTensor(file, info), 'cpu')]))
  }
  throw file.problem('it is no file of save, torch.save, NumPy or safetensors, or its beginning is damaged or missing')
}

/** The tensors of a model in several files, as an index names them. */
function loadShards(path: string, place: Place, mmap: boolean): Record<string, Tensor> {
  let index: unknown
  try {
    index = (JSON.parse(readFileSync(path, 'utf8')) as { weight_map?: unknown }).weight_map
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  if (typeof index !== 'object' || index === null) throw new ArgumentError(`load: ${path}: it has no weight_map`)
  const shards = new Map<string, { file: FileMemory; header: ReturnType<typeof readHeader> }>()
  const found: Record<string, Tensor> = {}
  for (const [name, shard] of Object.entries(index)) {
    if (typeof shard !== 'string' || basename(shard) !== shard) {
      throw new ArgumentError(`load: ${path}: '${name}' is in ${JSON.stringify(shard)}, which is no file beside it`)
    }
    const known = shards.get(shard)
    const file = known?.file ?? new FileMemory(join(dirname(path), shard), mmap)
    if (known === undefined && !isSafetensors(file)) throw file.problem('it is no safetensors file')
    const header = known?.header ?? readHeader(file)
    shards.set(shard, { file, header })
    const info = header.tensors.get(name)
    if (info === undefined) throw file.problem(`'${name}' is missing, which ${basename(path)} says is in it`)
    found[name] = place(readTensor(file, info), 'cpu')
  }
  return found
}

function placed(tensors: Record<string, Tensor>, place: Place): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, place(x, 'cpu')]))
}

/** A record of devices by location is no options object, and may stand first too. */
function readLoadOptions(first: unknown, options?: LoadFileOptions): LoadFileOptions {
  const isRecord = isOptions(first) && typeof first !== 'function' && Object.keys(first).some(isDevice)
  return loadOptions.readFirst('load', isRecord ? { mapLocation: first as never } : (first as never), options)
}

function placing(path: string, map: MapLocation | undefined): Place {
  return (x, location) => {
    const device =
      typeof map === 'function'
        ? map(location)
        : typeof map === 'object'
          ? (map[location] ?? location)
          : (map ?? location)
    try {
      return x.to(device as Device)
    } catch (error) {
      if (!(error instanceof DtrainError) || map !== undefined) throw error
      throw new ArgumentError(
        `load: ${path}: a tensor was on ${location} (${error.message}); load it with { mapLocation: 'cpu' }`,
      )
    }
  }
}
