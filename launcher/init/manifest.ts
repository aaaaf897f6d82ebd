// package.json of a new project: made, or what an `npm init` and an installation have left, completed.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { packageVersion } from '../../src/native/find.ts'

export interface Manifest {
  name?: string
  version?: string
  private?: boolean
  type?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const scripts = {
  start: 'dtrain train.ts',
  // Options of the launcher stand before the script, and npm puts what it is given behind all.
  train: `sh -c 'dtrain "$@" train.ts' dtrain`,
  types: 'tsc',
}
const devDependencies = { '@types/node': '^20.19.43', typescript: '^7.0.2' }

/** The package.json of `folder` with what a training needs, over `old`. What `old` has stays. */
export function completed(folder: string, name: string, old: Manifest, isModule: boolean): Manifest {
  const { dependencies, devDependencies: dev, scripts: itsOwn, type, ...rest } = old
  const has = { ...dependencies, ...dev }
  const missing = (wanted: Record<string, string>) =>
    Object.fromEntries(Object.entries(wanted).filter(([name]) => has[name] === undefined))
  return {
    ...{ name, version: '0.0.0', private: true },
    ...rest,
    type: isModule ? 'module' : (type ?? 'module'),
    scripts: { ...scripts, ...itsOwn },
    dependencies: { ...missing(ofCaller(folder)), ...dependencies },
    devDependencies: { ...missing(devDependencies), ...dev },
  }
}

/** package.json of a folder, or undefined. @throws SyntaxError */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * dtrain as the project has it from which this is called, such as a package file, seen from `folder`; or the version
 * that runs.
 */
function ofCaller(folder: string): Record<string, string> {
  for (let caller = process.cwd(); ; caller = dirname(caller)) {
    const { dependencies, devDependencies } = readManifest(caller) ?? {}
    const all = Object.entries({ ...dependencies, ...devDependencies })
    const ours = all.filter(([name]) => /^dtrain(-|$)/.test(name))
    if (ours.length > 0) return Object.fromEntries(ours.map(([name, from]) => [name, moved(from, caller, folder)]))
    if (caller === dirname(caller)) return { dtrain: packageVersion! }
  }
}

/** `file:../dtrain.tgz` as another folder has to say it. */
function moved(from: string, caller: string, folder: string): string {
  const [, kind, path] = /^(file:|link:)(.*)$/.exec(from) ?? []
  if (path === undefined || isAbsolute(path)) return from
  return `${kind}${relative(folder, resolve(caller, path))}`
}

/** Why npm takes no package of that name, or undefined. */
export function problemOfName(name: string): string | undefined {
  if (name === 'dtrain' || name in devDependencies) return 'a package cannot have the name of one that it depends on'
  if (name === 'node_modules' || name === 'favicon.ico') return 'npm does not allow that name'
  if (name.length > 214) return 'a name has at most 214 characters'
  if (!/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name))
    return 'a name has lower-case letters, digits, and - . _ not at its start, such as my-training'
  return undefined
}

/** The name of a folder as that of a package. */
export function nameFor(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
  return name === '' || problemOfName(name) !== undefined ? 'training' : name
}
