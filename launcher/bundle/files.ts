// What a file is, by its name and by what stands beside it or above: asked by the launcher when it compiles ahead, and
// by the ranks.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files that Node cannot run as they are. */
export const isTypeScript = (path: string): boolean => /\.([cm]?ts|[jt]sx)$/.test(path)

/** The nearest file of that name in a folder or above it. */
export function nearest(folder: string, name: string): string | undefined {
  const path = join(folder, name)
  if (existsSync(path)) return path
  return dirname(folder) === folder ? undefined : nearest(dirname(folder), name)
}

/** One that is missing says nothing; one that cannot be read is an error that Node reports, with its place. */
export function readManifest(path: string): { main?: unknown; type?: unknown } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) ?? {}
  } catch {
    return {}
  }
}
