// The control segment that the ranks of one machine share, handed down as an open descriptor, and other files without a
// name: a job that is killed leaves nothing behind in /dev/shm, and no other process can open them.
import { closeSync, constants, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const segmentBytes = 1 << 20
/** Of the struct in native/comm/control.h, which asserts it. */
const abortAt = { state: 260, rank: 264, reason: 268 }
const reasonBytes = 2048
const abortIsWritten = 2

// Linux; Node does not name it. The kernel wants O_DIRECTORY beside the flag itself, and that value differs by machine.
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY

/** A file in memory where possible, without a name. Returns the descriptor; the caller closes it. */
export function openUnnamed(): number {
  return openTemporary('/dev/shm') ?? openTemporary(tmpdir()) ?? openUnlinked(tmpdir())
}

/** Returns the descriptor of a new control segment; the caller closes it. */
export function openSegment(): number {
  const fd = openUnnamed()
  try {
    ftruncateSync(fd, segmentBytes)
  } catch (error) {
    closeSync(fd)
    throw error
  }
  return fd
}

/** Tells the other ranks that the process of one has ended: a byte per rank at the start (native/comm/control.h). */
export function markEnded(fd: number, rank: number): void {
  writeSync(fd, Uint8Array.of(1), 0, 1, rank)
}

/** Why a rank has ended all collectives, if one has. */
export function readAbort(fd: number): { rank: number; reason: string } | undefined {
  const bytes = Buffer.alloc(abortAt.reason + reasonBytes)
  readSync(fd, bytes, 0, bytes.length, 0)
  if (bytes.readUInt32LE(abortAt.state) !== abortIsWritten) return undefined
  const reason = bytes.subarray(abortAt.reason)
  return { rank: bytes.readInt32LE(abortAt.rank), reason: reason.subarray(0, reason.indexOf(0)).toString() }
}

function openTemporary(directory: string): number | undefined {
  try {
    return openSync(directory, O_TMPFILE | constants.O_RDWR, 0o600)
  } catch {
    return undefined
  }
}

/** For file systems without O_TMPFILE. */
function openUnlinked(directory: string): number {
  const home = mkdtempSync(join(directory, 'dtrain-'))
  try {
    return openSync(join(home, 'segment'), 'wx+', 0o600)
  } finally {
    rmSync(home, { recursive: true })
  }
}
