// Copies into a folder what the suites, examples and benchmarks need to run where there is no npm: the repository's
// files and, of node_modules, what the library and vitest import on Linux x64.
//   npx tsx scripts/gpu/collect.ts folder
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('expected a folder')

/** Of the repository, but for what is about git and the sources of the scripts. */
const own = ['package.json', 'vitest.config.ts', 'LICENSE', 'dist', 'src', 'launcher', 'test', 'examples', 'bench']
const leftOut = /^test\/repository/

/** Packages that are declared and not loaded: vite's CSS compiler, types, and headers. */
const unused = /^(lightningcss|@types\/|node-api-headers$)/
/** Where a package carries more than its code for this machine: what of it is wanted. */
const wanted: Record<string, RegExp> = {
  esbuild: /^(package\.json|lib(\/.*)?)$/, // its program lies in another package too
  mnist: /^(package\.json|src(\/digits(\/\d\.json)?)?)$/, // the digits that the example reads
}
/** Of the texts, the list of the programs: tests read in it which pictures these draw. */
const list = 'examples/README.md'
const superfluous = /\.(map|md|d\.[cm]?ts|tsbuildinfo|flow)$/i

function copy(from: string, to: string, keep: (path: string) => boolean): void {
  const filter = (file: string) => {
    const path = relative(from, file)
    return path === '' || keep(path)
  }
  cpSync(from, to, { recursive: true, filter })
}

interface Manifest {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** The folder that `name` means to a module in `from`, by Node's rule. */
function find(name: string, from: string): string | undefined {
  for (let folder = from; folder.startsWith(dirname(root)); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return found
  }
  return undefined
}

const seen = new Set<string>()
function add(name: string, from: string): void {
  const folder = find(name, from)
  if (unused.test(name) || folder === undefined || seen.has(folder)) return // optional ones may not be there
  seen.add(folder)
  const only = wanted[name]
  const ownFiles = (path: string) => !path.split('/').includes('node_modules') && !superfluous.test(path)
  copy(folder, join(target!, relative(root, folder)), path => ownFiles(path) && (only?.test(path) ?? true))
  const { dependencies, optionalDependencies }: Manifest = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  if (name === 'cmake-ts') return // its loader is one file
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) add(dependency, folder)
}

for (const name of own) {
  copy(
    join(root, name),
    join(target, name),
    path => !leftOut.test(join(name, path)) && (!superfluous.test(basename(path)) || join(name, path) === list),
  )
}
const { dependencies }: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
for (const name of [...Object.keys(dependencies ?? {}), 'vitest', 'mnist']) add(name, root)
