// A file of events: records of a length, a message, and a checksum of each. Records wait in memory, and go to the file
// several at a time and always whole, in one call of the system: at the limits of number and time, by flush, and when
// the process ends. What a failed write leaves of a record is cut off again. A reader that looks in the middle of a
// call may see a part of what it writes, up to the border of a page; TensorBoard waits for the rest then.
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { bytes, double, type Fields, integer, message } from '../protobuf.ts'

/** When a file is written. */
export interface Timing {
  maxQueue: number
  flushSecs: number
}

/** The table of CRC-32C, the checksum by Castagnoli. */
const table = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** CRC-32C, rotated and moved, since checksums of what holds checksums are weak. */
export function maskedChecksum(data: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of data) sum = table[(sum ^ byte) & 255]! ^ (sum >>> 8)
  sum = ~sum >>> 0
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0
}

const open = new Set<EventFile>()
let files = 0

/** One file, made at once. Its name is TensorFlow's, with the process and the number of the file in it. */
export class EventFile {
  readonly #file: number
  readonly #timing: Timing
  readonly #timer: NodeJS.Timeout
  #waiting: Buffer[] = []
  #written = 0
  #lastWrite = -Infinity

  constructor(folder: string, suffix: string, timing: Timing) {
    mkdirSync(folder, { recursive: true })
    const time = String(Math.trunc(Date.now() / 1000)).padStart(10, '0')
    const name = `events.out.tfevents.${time}.${hostname()}.${process.pid}.${files++}${suffix}`
    this.#file = openSync(join(folder, name), 'wx')
    this.#timing = timing
    // A program that never comes back to the event loop is served by `add`.
    this.#timer = setInterval(() => this.flush(), Math.min(Math.max(timing.flushSecs * 1000, 1), 2 ** 31 - 1)).unref()
    if (open.size === 0) process.prependListener('exit', flushAll) // before the end of a job, which may be at once
    open.add(this)
    this.add(bytes(3, 'brain.Event:2'))
    this.flush()
  }

  /** Adds an event: its fields but for the time, in seconds, and the step. */
  add(fields: Fields, step?: number, walltime?: number): void {
    const when = double(1, walltime ?? Date.now() / 1000)
    this.#waiting.push(record(message(when, step === undefined ? Buffer.alloc(0) : integer(2, step), fields)))
    const { maxQueue, flushSecs } = this.#timing
    const isTime = performance.now() - this.#lastWrite >= flushSecs * 1000
    if (this.#waiting.length >= maxQueue || isTime) this.flush()
  }

  /** Writes what waits. @throws what the file system says; the records wait on */
  flush(): void {
    this.#lastWrite = performance.now()
    if (this.#waiting.length === 0) return
    const data = Buffer.concat(this.#waiting)
    try {
      for (let at = 0; at < data.length; ) at += writeSync(this.#file, data, at, data.length - at, this.#written + at)
    } catch (error) {
      ftruncateSync(this.#file, this.#written)
      throw error
    }
    this.#written += data.length
    this.#waiting = []
  }

  close(): void {
    this.flush()
    clearInterval(this.#timer)
    closeSync(this.#file)
    open.delete(this)
    if (open.size === 0) process.off('exit', flushAll)
  }
}

/** At the end of the process; one file that cannot be written does not keep the others from it. */
function flushAll(): void {
  for (const file of open) {
    try {
      file.flush()
    } catch (error) {
      console.error(`dtrain: events are lost: ${(error as Error).message}`)
      process.exitCode ||= 1
    }
  }
}

function record(data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 16)
  out.writeBigUInt64LE(BigInt(data.length))
  out.writeUInt32LE(maskedChecksum(out.subarray(0, 8)), 8)
  data.copy(out, 12)
  out.writeUInt32LE(maskedChecksum(data), 12 + data.length)
  return out
}
