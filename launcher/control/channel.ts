// Messages over a stream, which each rank has inherited from the launcher: four bytes with a length, then so many bytes
// of MessagePack (wire.ts). Nobody listens anywhere, so nobody but a rank can send anything.
import type { Duplex } from 'node:stream'
import { type Envelope, pack, type Reply, unpack } from './wire.ts'

/** Where the channel appears in a rank, after the segment and the snapshot. */
export const channelFd = 5
/** Small values travel here, and exceptions. */
export const maxMessageBytes = 64 << 20

const headerBytes = 4

/** @throws RangeError for a message that is too long; nothing is sent then */
export function send(channel: Duplex, message: Envelope | Reply): void {
  const body = pack(message)
  if (body.length > maxMessageBytes)
    throw new RangeError(`${body.length} bytes, at most ${maxMessageBytes} are allowed`)
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(body.length)
  // In one piece: a caller that then blocks may send nothing more for minutes.
  channel.write(Buffer.concat([header, body]))
}

/** Calls `take` with every message that comes in. What is no message ends the channel. */
export function receive<T extends Envelope | Reply>(channel: Duplex, take: (message: T) => void): void {
  let parts: Buffer[] = []
  let size = 0
  let wanted = headerBytes
  channel.on('data', (chunk: Buffer) => {
    parts.push(chunk)
    size += chunk.length
    if (size < wanted) return
    let bytes = Buffer.concat(parts, size)
    for (;;) {
      wanted = headerBytes
      if (bytes.length < wanted) break
      wanted += bytes.readUInt32LE()
      if (wanted > headerBytes + maxMessageBytes) return void channel.destroy()
      if (bytes.length < wanted) break
      const message = read<T>(bytes.subarray(headerBytes, wanted))
      if (message === undefined) return void channel.destroy()
      take(message)
      bytes = bytes.subarray(wanted)
    }
    parts = [bytes]
    size = bytes.length
  })
}

function read<T extends Envelope | Reply>(bytes: Uint8Array): T | undefined {
  try {
    const message = unpack<T>(bytes)
    return typeof message === 'object' && message !== null ? message : undefined
  } catch {
    return undefined
  }
}
