// Writing a file so that its name never stands for half of it: into a new file beside it, which takes its place when
// all of it is there. What a killed process has left there, the next one that writes the same file removes.
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { native } from '../native/load.ts'
import type { Tensor } from '../tensor/index.ts'
import { byteLength, denseOf } from './file-memory.ts'

const largestWrite = 2 ** 30 // the system writes less than 2 GiB at once

/** A file that is being written. */
export class FileWriter {
  /** Bytes so far. */
  size = 0
  readonly #file: number

  constructor(file: number) {
    this.#file = file
  }

  /** Appends bytes, or the elements of a tensor. Returns their CRC-32, or that of what has the given one and them. */
  append(part: Uint8Array | Tensor, sum = 0): number {
    if (part instanceof Uint8Array) {
      this.put(this.leave(part.length), part)
      return crc32(part, sum)
    }
    const x = denseOf(part)
    const length = byteLength(x.dtype, x.shape)
    const at = this.leave(length)
    const { written, sum: all } = native.writeTensor(this.#file, x.handle, at, sum)
    // Where the system refuses, Node says why.
    if (written < length) this.put(at + written, native.bytesOf(x.handle).subarray(written))
    return all
  }

  /** Leaves room for bytes that are not known yet, and returns where. */
  leave(length: number): number {
    this.size += length
    return this.size - length
  }

  /** Puts bytes where room has been left. */
  put(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, Math.min(largestWrite, bytes.length - done), at + done)
    }
  }
}

/**
 * Replaces a file, or makes it; `durable` waits until the disk has it, so that it outlives a loss of power.
 * @throws what the file system says; then the old file is as it was, and nothing is left of the new one
 */
export function writeAtomically(path: string, durable: boolean, fill: (file: FileWriter) => void): void {
  const folder = dirname(path)
  const part = join(folder, `.${basename(path)}.${process.pid}.part`)
  removeLeftovers(folder, basename(path))
  const file = openSync(part, 'w')
  try {
    fill(new FileWriter(file))
    if (durable) fsyncSync(file)
    closeSync(file)
    renameSync(part, path)
  } catch (error) {
    try {
      closeSync(file)
    } catch {} // it has been closed
    rmSync(part, { force: true })
    throw error
  }
  if (!durable) return
  const directory = openSync(folder, 'r') // which has the new name
  fsyncSync(directory)
  closeSync(directory)
}

/** Parts of processes that are no more. */
function removeLeftovers(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith('.part')) continue
    const pid = Number(entry.slice(name.length + 2, -'.part'.length))
    if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid)) rmSync(join(folder, entry), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
