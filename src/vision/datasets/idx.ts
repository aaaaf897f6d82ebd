// The format of MNIST's files: two zeros, the type of the elements, the number of dimensions, then each size as a
// big-endian integer of 32 bits, then the elements. The files are usually packed with gzip.
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { ArgumentError } from '../../errors.ts'
import { shared } from './vision-dataset.ts'

/** Elements in row-major order. */
export interface Idx {
  sizes: number[]
  data: Uint8Array
}

/** The file of that name, packed or not, in the first folder that has it. */
export function findIdx(folders: readonly string[], name: string): string | undefined {
  const unpacked = name.replace(/\.gz$/, '')
  return folders.flatMap(folder => [`${folder}/${unpacked}`, `${folder}/${name}`]).find(existsSync)
}

/**
 * Reads a file of bytes with `ndim` dimensions.
 * @throws ArgumentError when it is something else, or damaged
 */
export function readIdx(op: string, file: string, ndim: number): Idx {
  const bytes = file.endsWith('.gz') ? unpacked(op, file) : readFileSync(file)
  const header = 4 + 4 * ndim
  const magic = bytes.length < 4 ? Number.NaN : bytes.readUInt32BE(0)
  if (magic !== 0x800 + ndim) {
    const found = Number.isNaN(magic) ? `${bytes.length} bytes` : `0x${magic.toString(16).padStart(8, '0')}`
    throw new ArgumentError(
      `${op}: '${file}' is no IDX file of bytes with ${ndim} dimensions: it begins with ${found}, ` +
        `not 0x${(0x800 + ndim).toString(16).padStart(8, '0')}`,
    )
  }
  const sizes = Array.from({ length: ndim }, (_, i) => (bytes.length < header ? 0 : bytes.readUInt32BE(4 + 4 * i)))
  const want = header + sizes.reduce((a, b) => a * b, 1)
  if (bytes.length !== want) {
    throw new ArgumentError(
      `${op}: '${file}' is damaged: its sizes are [${sizes.join(', ')}], which makes ${want} bytes, and it has ${bytes.length}`,
    )
  }
  return { sizes, data: shared(bytes.subarray(header)) }
}

function unpacked(op: string, file: string): Buffer {
  try {
    return gunzipSync(readFileSync(file))
  } catch (cause) {
    throw new ArgumentError(`${op}: '${file}' is damaged: ${(cause as Error).message}; delete it and get it again`, {
      cause,
    })
  }
}
