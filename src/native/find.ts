// Finds the native core and loads nothing, so that the launcher can ask too. One that was built inside this package
// comes first, since somebody has asked for it; then that of a package made for this system. It runs from src/, from
// dist/ and from a bundle that somebody has made of the library, which is in no package.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { env } from '../job/env.ts'
import { thisSystem, wrongSystem } from './system.ts'

export type Kind = 'Release' | 'Emulated'

interface Manifest {
  name?: string
  version?: string
}

/** Where a core is, and whose it is: `built in /…` or `dtrain-linux-x64 0.1.0`. */
export interface Core {
  path: string
  source: string
}

/** Packages that have it, the first that is installed counts. */
const packages: Record<Kind, string[]> = {
  Release: ['dtrain-linux-x64-cuda13', 'dtrain-linux-x64'],
  Emulated: ['dtrain-linux-x64'],
}

const here = fileURLToPath(import.meta.url)
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** The folder of this package; undefined in a bundle. */
export const packageRoot = findRoot()
export const packageVersion = packageRoot === undefined ? undefined : manifestOf(packageRoot).version

function findRoot(): string | undefined {
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && manifestOf(folder).name === 'dtrain') return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** Where one built inside this package is, or would be. */
const builtPath = (kind: Kind) => packageRoot && join(packageRoot, env('DTRAIN_BUILD') ?? 'build', kind, 'dtrain.node')

export function findCore(kind: Kind): Core | undefined {
  const built = builtPath(kind)
  if (built !== undefined && existsSync(built)) return { path: built, source: `built in ${dirname(dirname(built))}` }
  if (env('DTRAIN_BUILD') !== undefined) return undefined // asked for, so nothing else will do
  const require = createRequire(here)
  for (const name of packages[kind]) {
    let manifest: string
    try {
      manifest = require.resolve(`${name}/package.json`)
    } catch {
      continue // not installed
    }
    const path = join(dirname(manifest), kind, 'dtrain.node')
    const { version } = manifestOf(dirname(manifest))
    // Another version has other functions; who has a bundle knows best.
    if (packageVersion === undefined || version === packageVersion) return { path, source: `${name} ${version}` }
  }
  return undefined
}

/** Why there is none, and what to do. */
export function whyNone(kind: Kind): string {
  const wrong = wrongSystem(thisSystem())
  if (wrong !== undefined) return wrong
  const name = kind === 'Emulated' ? 'the native core with emulated GPUs' : 'the native core'
  const built = builtPath(kind)
  if (!installed() && built !== undefined) {
    return `dtrain: ${name} cannot be loaded: it has not been built\n${howToRepair({ path: built, source: '' }, kind)}`
  }
  const wanted = `dtrain-linux-x64@${packageVersion ?? 'latest'}`
  return (
    `dtrain: ${name} is missing: the package ${wanted} is not installed beside this one. npm leaves it out with ` +
    '--omit=optional, and where package-lock.json was written on another system. Type\n' +
    `  npm install ${wanted}\nor build it here from source with\n  ${buildCommand[kind]}`
  )
}

const buildCommand = { Release: 'npx dtrain build', Emulated: 'npx dtrain build --emulate' }
const setUpCommand = { Release: 'scripts/setup.sh', Emulated: 'scripts/setup.sh --emulate' }

/** What to type for a core that cannot be used. */
export function howToRepair({ path }: Core, kind: Kind): string {
  const command = installed() ? buildCommand[kind] : setUpCommand[kind]
  const wrong = wrongSystem(thisSystem())
  return wrong === undefined ? `  ${path}\nTo build it, type\n  ${command}` : `  ${path}\n${wrong}`
}

/** Whether this is an installed package, or a bundle, and no clone. */
const installed = () => packageRoot === undefined || packageRoot.split(sep).includes('node_modules')

/** For `dtrain --version`: which native core a program would load. */
export function coreText(): string {
  const core = findCore('Release')
  return core === undefined ? `no native core: ${whyNone('Release')}` : `native core: ${core.source} (${core.path})`
}
