// Writing a file so that its name never stands for half of it: into a new file beside it, which takes its place when
// all of it is there. What a killed process has left there, the next one that writes the same file removes.
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Appends bytes to the file. */
export type Write = (bytes: Uint8Array) => void

const largestWrite = 2 ** 30 // the system writes less than 2 GiB at once

/**
 * Replaces a file, or makes it; `durable` waits until the disk has it, so that it outlives a loss of power.
 * @throws what the file system says; then the old file is as it was, and nothing is left of the new one
 */
export function writeAtomically(path: string, durable: boolean, fill: (write: Write) => void): void {
  const folder = dirname(path)
  const part = join(folder, `.${basename(path)}.${process.pid}.part`)
  removeLeftovers(folder, basename(path))
  const file = openSync(part, 'w')
  try {
    fill(bytes => {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, Math.min(largestWrite, bytes.length - at))
    })
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
