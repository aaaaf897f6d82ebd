// Fetches the files of a dataset. A constructor cannot wait for a promise, so a process of Node does it while this one
// waits. A file appears under its name when it is whole and has the right checksum; until then it is a .part file. So
// does a folder that is unpacked.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentError } from '../../errors.ts'
import { env } from '../../job/env.ts'
import { rankInfo } from '../../job/rank.ts'

/** A file of a dataset, and its checksum. */
export interface Resource {
  file: string
  md5: string
}

/** How the bytes that have come are shown: not at all, on a terminal, or as the launcher's live line. */
type Shown = 'hidden' | 'terminal' | 'live'

/**
 * Fetches files into a folder from the first mirror that has them, but for those that are there and right.
 * @throws ArgumentError with the reason of each mirror; it says where to put the files by hand
 */
export function download(op: string, mirrors: readonly string[], folder: string, resources: readonly Resource[]): void {
  if (resources.length > 0) mkdirSync(folder, { recursive: true })
  for (const { file, md5 } of resources) {
    const path = `${folder}/${file}`
    if (existsSync(path) && createHash('md5').update(readFileSync(path)).digest('hex') === md5) continue
    const reasons: string[] = []
    for (const mirror of mirrors) {
      const reason = fetched(`${mirror}${file}`, path, md5)
      if (reason === undefined) break
      reasons.push(`${mirror} (${reason})`)
    }
    if (reasons.length < mirrors.length) continue
    throw new ArgumentError(
      `${op}: ${file} could not be downloaded from ${reasons.join(' or ')}; put it into '${folder}' by other means`,
    )
  }
}

/**
 * Unpacks the folder that a .tar.gz file beside it has in it.
 * @throws ArgumentError when it has none, or cannot be unpacked
 */
export function unpack(op: string, root: string, file: string, folder: string): void {
  const part = mkdtempSync(join(root, `${folder}.part-`))
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } } as const
    const { status, stderr, error } = spawnSync('tar', ['-xzf', join(root, file), '-C', part], options)
    const reason = error?.message ?? (status === 0 ? `it has no ${folder}` : stderr.trim().split('\n')[0])
    if (status !== 0 || !existsSync(join(part, folder))) {
      throw new ArgumentError(`${op}: '${join(root, file)}' could not be unpacked: ${reason}`)
    }
    rmSync(join(root, folder), { recursive: true, force: true })
    renameSync(join(part, folder), join(root, folder))
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** Fetches one file; returns why it could not. */
function fetched(url: string, path: string, md5: string): string | undefined {
  const args = [url, path, md5, shown()].map(arg => JSON.stringify(arg)).join(', ')
  const program = `(${fetchFile})(${args}).catch(({ message, cause }) => {
    process.stdout.write(cause?.message || cause?.code || message)
    process.exitCode = 1
  })`
  const { status, stdout } = spawnSync(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  return status === 0 ? undefined : stdout || 'the process that fetches it has ended'
}

function shown(): Shown {
  if (rankInfo().rank !== 0) return 'hidden'
  if (env('WORLD_SIZE') !== undefined) return 'live'
  return process.stderr.isTTY ? 'terminal' : 'hidden'
}

/** Runs in a process of its own, from its source text: it can use nothing from around it. */
async function fetchFile(url: string, path: string, md5: string, shown: Shown): Promise<void> {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const { closeSync, openSync, renameSync, rmSync, writeSync } = process.getBuiltinModule('node:fs')
  const response = await fetch(url)
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${response.statusText}`)
  const total = Number(response.headers.get('content-length'))
  const name = path.slice(path.lastIndexOf('/') + 1)
  const part = `${path}.${process.pid}.part`
  const hash = createHash('md5')
  const descriptor = openSync(part, 'w')
  let drawn = 0
  let bytes = 0
  try {
    for await (const chunk of response.body) {
      writeSync(descriptor, chunk)
      hash.update(chunk)
      bytes += chunk.length
      if (shown === 'hidden' || Date.now() - drawn < 100) continue
      drawn = Date.now()
      const done = total > 0 ? Math.round((24 * bytes) / total) : 0
      const bar = '━'.repeat(done) + '─'.repeat(24 - done)
      const text = `${name} ${bar} ${(bytes / 1e6).toFixed(1)}${total > 0 ? `/${(total / 1e6).toFixed(1)}` : ''} MB`
      process.stderr.write(shown === 'live' ? `${text}\r` : `\r\x1b[2K${text}`)
    }
    const found = hash.digest('hex')
    if (found !== md5) throw new Error(`its MD5 checksum is ${found}, not ${md5}`)
    renameSync(part, path)
  } finally {
    closeSync(descriptor)
    rmSync(part, { force: true })
    if (drawn > 0) process.stderr.write(shown === 'live' ? ' \r' : '\r\x1b[2K')
  }
}
