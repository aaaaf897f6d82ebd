// A file as memory, and tensors of it. The file is mapped, so only what is used is read; a tensor is a copy, or with
// `mmap` a view of the file's pages that the process may change without changing the file.
import { closeSync, fstatSync, openSync } from 'node:fs'
import { ArgumentError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { type DType, dtypeCode, itemSize, noGrad, Tensor } from '../tensor/index.ts'

const byte = dtypeCode('load', 'uint8')

/** Strides of a tensor whose rows lie one behind the other. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1)
  for (let d = shape.length - 2; d >= 0; d--) strides[d] = strides[d + 1]! * Math.max(1, shape[d + 1]!)
  return strides
}

/** Bytes of a dense tensor. */
export function byteLength(dtype: DType, shape: readonly number[]): number {
  return itemSize(dtype) * shape.reduce((n, size) => n * size, 1)
}

/** The memory of one file. */
export class FileMemory {
  readonly path: string
  readonly size: number
  readonly #file: Handle
  readonly #mmap: boolean

  /** @throws ArgumentError for a folder; what the file system says for a file that cannot be read */
  constructor(path: string, mmap: boolean) {
    this.path = path
    this.#mmap = mmap
    const file = openSync(path, 'r')
    try {
      const stat = fstatSync(file)
      if (!stat.isFile()) throw new ArgumentError(`load: ${path} is not a file`)
      this.size = stat.size
      this.#file = native.mapFile(file, stat.size)
    } finally {
      closeSync(file)
    }
  }

  /** Bytes of the file, without a copy. @throws ArgumentError when it ends before them */
  bytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    return native.bytesOf(this.#view(at, length))
  }

  #view(at: number, length: number): Handle {
    if (!(at >= 0 && length >= 0 && at + length <= this.size)) {
      throw this.problem(`it ends at byte ${this.size}, and should go on to ${at + length}`)
    }
    return native.viewStorage(this.#file, at, byte, [length], [1])
  }

  /**
   * Bytes of the file as a tensor of uint8. It has its own memory unless the file is mapped for use, and elements of
   * any dtype can start there.
   */
  storage(at: number, length: number): Tensor {
    const view = new Tensor(this.#view(at, length))
    return this.#mmap && at % 8 === 0 ? view : view.clone()
  }

  /** A tensor whose elements stand in the file one behind the other from a byte on. */
  tensor(at: number, dtype: DType, shape: readonly number[]): Tensor {
    const bytes = new Tensor(this.#view(at, byteLength(dtype, shape)))
    const mapped = this.#mmap && at % itemSize(dtype) === 0
    return viewOf(mapped ? bytes : bytes.clone(), 0, dtype, shape, denseStrides(shape))
  }

  /** An error about the contents of this file. */
  problem(what: string): ArgumentError {
    return new ArgumentError(`load: ${this.path}: ${what}`)
  }
}

/** A tensor in some bytes, from one of them on. @throws ArgumentError when it is not within their memory */
export function viewOf(
  bytes: Tensor,
  at: number,
  dtype: DType,
  shape: readonly number[],
  strides: readonly number[],
): Tensor {
  const start = native.storageOffset(bytes.handle) + at
  return new Tensor(native.viewStorage(bytes.handle, start, dtypeCode('load', dtype), shape, strides))
}

/** The memory that a tensor is in, as bytes: all of it, or only what a dense tensor has. */
export function memoryOf(x: Tensor, which: 'all' | 'its own'): Tensor {
  const size = itemSize(x.dtype)
  const [at, length] =
    which === 'all' ? [0, native.storage(x.handle).bytes] : [native.storageOffset(x.handle) * size, x.numel() * size]
  return new Tensor(native.viewStorage(x.handle, at, byte, [length], [1]))
}

/** A tensor on the CPU with its elements one behind the other; itself, if it is one. */
export function denseOf(x: Tensor): Tensor {
  return noGrad(() => x.detach().cpu().contiguous())
}
