// The control segment that the ranks of one machine share, handed down as an open descriptor, and other files without a
// name: a job that is killed leaves nothing behind in /dev/shm, and no other process can open them.
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DtrainError } from '../../src/errors.ts'
import type { Blame } from './rendezvous.ts'

/** Of the struct in native/comm/control.h, which asserts it. */
const headBytes = 4096
const slotBytes = 16384
const abortAt = { state: 260, by: 264, culprit: 268, reason: 272 }
const reasonBytes = 2048
const noteAt = { state: 2320, text: 2324 }
const noteBytes = 1024
const isWritten = 2

// Linux; Node does not name it. The kernel wants O_DIRECTORY beside the flag itself, and that value differs by machine.
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY

/**
 * A file without a name that holds the bytes, in memory where there is room. Returns the descriptor; the caller closes
 * it. @throws DtrainError where there is no room anywhere
 */
export function openUnnamed(what: string, bytes: Uint8Array): number {
  const problems: string[] = []
  const ways = [
    ['/dev/shm', openTemporary],
    [tmpdir(), openTemporary],
    [tmpdir(), openUnlinked],
  ] as const
  for (const [directory, open] of ways) {
    let fd: number | undefined
    try {
      fd = open(directory)
      writeFileSync(fd, bytes)
      return fd
    } catch (error) {
      if (fd !== undefined) closeSync(fd)
      problems.push(`${directory}: ${(error as Error).message}`)
    }
  }
  const advice = problems.some(problem => problem.includes('EFBIG'))
    ? 'raise the limit of the size of files (ulimit -f)'
    : 'set TMPDIR to a folder with room, or give /dev/shm more (in a container: docker run --shm-size=1g)'
  const size = `${Math.ceil(bytes.length / 1024)} KiB`
  throw new DtrainError(`no place for ${what} (${size}): ${problems[0]}; ${problems.at(-1)}; ${advice}`)
}

/** Returns the descriptor of a new control segment; the caller closes it. Nothing of it is without memory. */
export const openSegment = (ranks: number): number =>
  openUnnamed('what the ranks share', Buffer.alloc(headBytes + ranks * slotBytes))

/** Tells the other ranks that the process of one has ended: a byte per rank at the start (native/comm/control.h). */
export function markEnded(fd: number, rank: number): void {
  writeSync(fd, Uint8Array.of(1), 0, 1, rank)
}

/** Why all collectives have ended, if they have; `by` a rank because of another, or, with -1, because of nobody. */
export function readAbort(fd: number): Required<Blame> | undefined {
  const bytes = Buffer.alloc(abortAt.reason + reasonBytes)
  readSync(fd, bytes, 0, bytes.length, 0)
  if (bytes.readUInt32LE(abortAt.state) !== isWritten) return undefined
  const [by, rank] = [bytes.readInt32LE(abortAt.by), bytes.readInt32LE(abortAt.culprit)]
  return { by, rank, reason: textAt(bytes, abortAt.reason) }
}

/** Who has kept the other ranks waiting for long, if anybody has. */
export function readNote(fd: number): string | undefined {
  const bytes = Buffer.alloc(noteAt.text + noteBytes)
  readSync(fd, bytes, 0, bytes.length, 0)
  if (bytes.readUInt32LE(noteAt.state) !== isWritten) return undefined
  return textAt(bytes, noteAt.text)
}

const textAt = (bytes: Buffer, at: number) => bytes.subarray(at, bytes.indexOf(0, at)).toString()

const openTemporary = (directory: string) => openSync(directory, O_TMPFILE | constants.O_RDWR, 0o600)

/** For file systems without O_TMPFILE. */
function openUnlinked(directory: string): number {
  const home = mkdtempSync(join(directory, 'dtrain-'))
  try {
    return openSync(join(home, 'segment'), 'wx+', 0o600)
  } finally {
    rmSync(home, { recursive: true })
  }
}
