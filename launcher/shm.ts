// The control segment that the ranks of one machine share, handed down as an open descriptor. It never has a name, so a
// job that is killed leaves nothing behind in /dev/shm, and no other process can open it.
import { closeSync, constants, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const segmentBytes = 1 << 20

// Linux; Node does not name it. The kernel wants O_DIRECTORY beside the flag itself, and that value differs by machine.
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY

/** Returns the descriptor; the caller closes it. */
export function openSegment(): number {
  const fd = openUnnamed('/dev/shm') ?? openUnnamed(tmpdir()) ?? openUnlinked(tmpdir())
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

function openUnnamed(directory: string): number | undefined {
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
