// Zip archives as torch.save and numpy.savez write them: entries that are stored, or deflated when read, large ones
// with the fields of 64 bits. Written here because what is stored has to start on 64 bytes, so that it can be mapped;
// no library does that, nor reads without a copy. Sums of contents (CRC-32) are compared, but for what is mapped.
import { crc32, inflateRawSync } from 'node:zlib'
import { Tensor } from '../tensor/index.ts'
import type { FileWriter } from './atomic.ts'
import { byteLength, type FileMemory } from './file-memory.ts'

/** A file in an archive. */
export interface Entry {
  /** Where its contents start in the archive; they are `size` bytes there, unless they are compressed. */
  at: number
  size: number
  /** Whether the contents are as they are. */
  stored: boolean
  crc: number
  /** Bytes in the archive. */
  packed: number
}

const alignment = 64
const most32 = 0xffffffff

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Whether a file is an archive. */
export function isZip(file: FileMemory): boolean {
  return file.size >= 4 && view(file.bytes(0, 4)).getUint32(0, true) === 0x04034b50
}

/** What an archive holds, by name. @throws ArgumentError for a damaged one */
export function entries(file: FileMemory): Map<string, Entry> {
  const { at, size, count } = directory(file)
  const bytes = file.bytes(at, size)
  const found = new Map<string, Entry>()
  let place = 0
  for (let i = 0; i < count; i++) {
    if (place + 46 > size) throw damaged(file, 'its list of contents is cut off')
    const head = view(bytes.subarray(place))
    if (head.getUint32(0, true) !== 0x02014b50) throw damaged(file, 'its list of contents is not one')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(o => head.getUint16(o, true)) as [
      number,
      number,
      number,
    ]
    const end = place + 46 + nameLength + extraLength
    if (end + commentLength > size) throw damaged(file, 'its list of contents is cut off')
    const name = Buffer.from(bytes.subarray(place + 46, place + 46 + nameLength)).toString('utf8')
    const [packed, unpacked, start] = wide(head, bytes.subarray(end - extraLength, end))
    const method = head.getUint16(10, true)
    if (method !== 0 && method !== 8) throw damaged(file, `'${name}' is compressed in an unknown way, ${method}`)
    if ((head.getUint16(8, true) & 1) !== 0) throw damaged(file, `'${name}' is encrypted`)
    if (method === 0 && packed !== unpacked) throw damaged(file, `'${name}' has two sizes`)
    if (found.has(name)) throw damaged(file, `'${name}' is in it twice`)
    const contents = contentsAt(file, start, name)
    if (contents + packed > at) throw damaged(file, `'${name}' is cut off`)
    found.set(name, { at: contents, size: unpacked, stored: method === 0, crc: head.getUint32(16, true), packed })
    place = end + commentLength
  }
  if (place !== size) throw damaged(file, 'its list of contents has another length')
  return found
}

/** The contents of an entry. @throws ArgumentError when they are not those that were written */
export function contents(file: FileMemory, name: string, entry: Entry): Uint8Array {
  const packed = file.bytes(entry.at, entry.packed)
  let bytes: Uint8Array = packed
  if (!entry.stored) {
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) })
    } catch {
      throw damaged(file, `'${name}' cannot be decompressed`)
    }
  }
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw damaged(file, `'${name}' has changed`)
  return bytes
}

function damaged(file: FileMemory, what: string): Error {
  return file.problem(`the archive is damaged: ${what}`)
}

/** Where the list of contents is: the record at the end says it, or with 64 bits the one that it points to. */
function directory(file: FileMemory): { at: number; size: number; count: number } {
  const length = Math.min(file.size, 22 + 0xffff)
  const tail = file.bytes(file.size - length, length)
  const end = Buffer.from(tail.buffer, tail.byteOffset, length).lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > length) throw damaged(file, 'it has no end')
  const record = view(tail.subarray(end))
  const [count, size, at] = [record.getUint16(10, true), record.getUint32(12, true), record.getUint32(16, true)]
  const recordAt = file.size - length + end
  let found = { at, size, count, end: recordAt }
  if (at === most32 || size === most32 || count === 0xffff) {
    if (end < 20) throw damaged(file, 'it has no end')
    const locator = view(tail.subarray(end - 20))
    if (locator.getUint32(0, true) !== 0x07064b50) throw damaged(file, 'it has no end')
    const largeAt = Number(locator.getBigUint64(8, true))
    const large = view(file.bytes(largeAt, 56))
    const number = (offset: number) => Number(large.getBigUint64(offset, true))
    found = { at: number(48), size: number(40), count: number(32), end: largeAt }
  }
  // PyTorch writes the records of 64 bits also where they are not needed.
  const between = found.end - found.at - found.size
  if (between !== 0 && between !== 76) throw damaged(file, 'its list of contents is not before its end')
  return found
}

/** Packed and unpacked size and the start, from the extra field where 32 bits are too few. */
function wide(head: DataView, extra: Uint8Array): [number, number, number] {
  const sizes: [number, number, number] = [20, 24, 42].map(o => head.getUint32(o, true)) as [number, number, number]
  const fields = view(extra)
  for (let at = 0; at + 4 <= extra.length; ) {
    const [kind, length] = [fields.getUint16(at, true), fields.getUint16(at + 2, true)]
    let from = at + 4
    // Those that are needed stand there in this order.
    for (const which of kind === 1 ? [1, 0, 2] : []) {
      if (sizes[which] !== most32 || from + 8 > extra.length) continue
      sizes[which] = Number(fields.getBigUint64(from, true))
      from += 8
    }
    at += 4 + length
  }
  return sizes
}

/** Behind the header that an entry has of its own. */
function contentsAt(file: FileMemory, start: number, name: string): number {
  const head = view(file.bytes(start, 30))
  if (head.getUint32(0, true) !== 0x04034b50) throw damaged(file, `'${name}' is not where it should be`)
  return start + 30 + head.getUint16(26, true) + head.getUint16(28, true)
}

/** Writes an archive, entry by entry. */
export class ZipWriter {
  readonly #file: FileWriter
  readonly #list: { name: Buffer; at: number; size: number; crc: number }[] = []

  constructor(file: FileWriter) {
    this.#file = file
  }

  /** Adds a file, whose contents start on 64 bytes and may come in parts. */
  add(name: string, ...contents: (Uint8Array | Tensor)[]): void {
    const size = contents.reduce((total, part) => total + sizeOf(part), 0)
    const entry = { name: Buffer.from(name), at: this.#file.size, size, crc: 0 }
    this.#list.push(entry)
    const large = entry.size >= most32
    const wideField = large ? [field(1, u64(entry.size), u64(entry.size))] : []
    const fixed = 30 + entry.name.length + (large ? 20 : 0) + 4
    const padding = (alignment - ((entry.at + fixed) % alignment)) % alignment
    const extra = Buffer.concat([...wideField, field(0x4246, Buffer.alloc(padding))]) // as PyTorch marks its padding
    this.#file.leave(fixed + padding)
    for (const part of contents) entry.crc = this.#file.append(part, entry.crc)
    const head = [u32(0x04034b50), this.#common(entry, extra.length), entry.name, extra]
    this.#file.put(entry.at, Buffer.concat(head))
  }

  /** Writes the list of contents. */
  end(): void {
    const at = this.#file.size
    for (const entry of this.#list) {
      const sizes = entry.size >= most32 ? [u64(entry.size), u64(entry.size)] : []
      const numbers = entry.at >= most32 ? [...sizes, u64(entry.at)] : sizes
      const extra = numbers.length > 0 ? field(1, ...numbers) : Buffer.alloc(0)
      const rest = [u16(0), u16(0), u16(0), u32(0), u32(Math.min(entry.at, most32))] // comment, disk, attributes
      this.#put(u32(0x02014b50), u16(45), this.#common(entry, extra.length), ...rest, entry.name, extra)
    }
    const [size, count] = [this.#file.size - at, this.#list.length]
    if (at >= most32 || size >= most32 || count >= 0xffff) {
      const record = this.#file.size
      const numbers = [u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count), u64(size), u64(at)]
      this.#put(u32(0x06064b50), ...numbers, u32(0x07064b50), u32(0), u64(record), u32(1))
    }
    const counts = [u16(0), u16(0), u16(Math.min(count, 0xffff)), u16(Math.min(count, 0xffff))]
    this.#put(u32(0x06054b50), ...counts, u32(Math.min(size, most32)), u32(Math.min(at, most32)), u16(0))
  }

  /** What both headers of an entry share: version, flags (UTF-8), method, time (1 January 1980), sum, sizes. */
  #common(entry: { name: Buffer; size: number; crc: number }, extra: number): Buffer {
    const size = u32(Math.min(entry.size, most32))
    const times = [u16(0), u16(0x21)]
    return Buffer.concat([
      ...[u16(45), u16(0x800), u16(0), ...times],
      ...[u32(entry.crc), size, size, u16(entry.name.length), u16(extra)],
    ])
  }

  #put(...parts: Uint8Array[]): void {
    this.#file.append(Buffer.concat(parts))
  }
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const sizeOf = (part: Uint8Array | Tensor) =>
  part instanceof Tensor ? byteLength(part.dtype, part.shape) : part.length

const field = (kind: number, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u16(kind), u16(body.length), body])
}
