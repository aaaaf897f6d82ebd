// The floor of a package: the oldest C library that all of its files run with, by the versions of the symbols they take
// from it. What a file needs of others must be in the package, or be part of every system that has Node.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { oldestGlibc } from '../../src/native/system.ts'

/** Node itself needs them. Of libstdc++ versions are compared too: `GLIBCXX_3.4.21` came with gcc 5. */
const everywhere = /^(libc|libm|libmvec|libdl|libpthread|librt|ld-linux-x86-64|libgcc_s|libstdc\+\+)\.so\.\d+$/
const oldestCxx = '3.4.21'

const newer = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true }) > 0
const newest = (versions: string[]) => versions.reduce((a, b) => (newer(b, a) ? b : a), '0')

/** Returns the floor. @throws Error with the files and symbols that are above `oldestGlibc`, or need what is nowhere */
export function floorOf(folder: string): string {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter(name => /\.(node|so(\.\d+)*)$/.test(name))
  const provided = new Set(names.map(name => basename(name)))
  const problems: string[] = []
  const floors: string[] = []
  for (const name of names) {
    const text = objdump(join(folder, name))
    const symbols = [...text.matchAll(/\((GLIBC|GLIBCXX)_([\d.]+)\) (.+)$/gm)]
    const of = (library: string) => newest(symbols.filter(([, it]) => it === library).map(([, , version]) => version!))
    floors.push(of('GLIBC'))
    for (const [, library, version, symbol] of symbols)
      if (newer(version!, library === 'GLIBC' ? oldestGlibc : oldestCxx))
        problems.push(`${name}: ${symbol} of ${library}_${version}`)
    for (const [, library] of text.matchAll(/^ +NEEDED +(\S+)$/gm))
      if (!everywhere.test(library!) && !provided.has(library!)) problems.push(`${name}: needs ${library}`)
    for (const [, kind, path] of text.matchAll(/^ +(RPATH|RUNPATH) +(\S+)$/gm))
      if (kind === 'RUNPATH' || !/^\$ORIGIN(:\$ORIGIN\/\.\.\/lib)?$/.test(path!))
        problems.push(`${name}: ${kind} ${path}`)
  }
  if (problems.length > 0) throw new Error(`not for every Linux with glibc ${oldestGlibc}:\n${problems.join('\n')}`)
  return newest(floors)
}

function objdump(file: string): string {
  const { status, stdout, stderr } = spawnSync('objdump', ['-p', '-T', file], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`objdump ${file}: ${stderr}`)
  return stdout
}
