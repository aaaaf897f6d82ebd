// Builds the native core inside the installed package, for `dtrain build`. A clone has scripts/setup.sh, which installs
// what is missing; here nothing is installed, but said in the words of Debian and Ubuntu.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/native/find.ts'
import type { BuildOptions } from '../options/build.ts'

const runs = (command: string) => spawnSync(command, ['--version']).status === 0
/** True where there is no dpkg to ask: then CMake says what it does not find. */
const installed = (name: string) => {
  const { error, status } = spawnSync('dpkg-query', ['--status', name])
  return error !== undefined || status === 0
}

/** Debian's packages, and whether what is wanted of each is there. */
const needed: [name: string, there: () => boolean][] = [
  ['cmake', () => runs('cmake')],
  ['ninja-build', () => runs('ninja') || runs('make')],
  ['g++', () => runs(process.env.CXX ?? 'c++')],
  ['libopenblas-openmp-dev', () => installed('libopenblas-openmp-dev')],
  ['libdnnl-dev', () => installed('libdnnl-dev')],
]

/** Returns what is wrong, or undefined when the core is built. */
export function buildAddon({ emulate }: BuildOptions): string | undefined {
  if (packageRoot === undefined) return 'the sources of the native core are in the package dtrain, not in this bundle'
  try {
    accessSync(packageRoot, constants.W_OK)
  } catch {
    return `the package's folder cannot be written: ${packageRoot}`
  }
  const missing = needed.filter(([, there]) => !there()).map(([name]) => name)
  if (missing.length > 0) {
    const install = `sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`
    return `missing: ${missing.join(', ')}. On Debian and Ubuntu type\n  ${install}\nand then npx dtrain build again`
  }
  const folder = join(packageRoot, 'build')
  const targets = ['dtrain', ...(emulate ? ['dtrain_emulated'] : [])]
  const generator = runs('ninja') ? ['-G', 'Ninja'] : []
  const steps = [
    ['-S', packageRoot, '-B', folder, ...generator],
    ['--build', folder, '--parallel', String(availableParallelism()), '--target', ...targets],
  ]
  for (const step of steps) {
    const { status } = spawnSync('cmake', step, { stdio: ['ignore', 2, 2] })
    if (status !== 0) return 'cmake failed; the reason is above'
  }
  return undefined
}
