// Folders named on the command line.
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder and those above it. Node's own recursive mode never returns for a path inside /proc. */
export function makeFolder(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return
  if (stats === undefined && dirname(path) !== path) makeFolder(dirname(path))
  mkdirSync(path)
}
