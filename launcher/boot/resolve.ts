// Finds the TypeScript file that an import means and Node would not find: `./y.js` is y.ts, `./y` is y.ts or
// y/index.ts, and a name may be mapped by `paths` of the nearest tsconfig.json. Everything else is left to Node.
import { statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isTypeScript, nearest, readManifest } from '../bundle/files.ts'

/** What TypeScript calls a file whose JavaScript has the extension. */
const sources: Record<string, string[]> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx', '.ts'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}
const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json']

/** The file that `specifier` means in the file `importer`, or undefined where Node knows better. */
export function resolveImport(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith('file:')) return findFile(fileURLToPath(specifier), importer)
  if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..')
    return findFile(join(specifier.startsWith('/') ? '/' : dirname(importer), specifier), importer)
  if (isBuiltin(specifier) || /^[a-z][a-z\d+.-]+:|^#/i.test(specifier)) return undefined
  for (const candidate of mapped(specifier, importer)) {
    const found = findFile(candidate, importer) ?? (isFile(candidate) ? candidate : undefined)
    if (found !== undefined) return found
  }
  return undefined
}

function findFile(path: string, importer: string): string | undefined {
  const [, stem, extension] = /^(.*?)(\.[cm]?jsx?)?$/s.exec(path)!
  const twin = sources[extension!]?.map(other => stem + other).find(isFile)
  // As in TypeScript, the source stands for its JavaScript, which may be an older build beside it.
  if (isFile(path)) return isTypeScript(importer) ? twin : undefined
  return twin ?? withExtension(path) ?? findInFolder(path, importer)
}

const withExtension = (path: string) => extensions.map(end => path + end).find(isFile)

/** What package.json calls the main file, or else `index`. */
function findInFolder(folder: string, importer: string): string | undefined {
  const { main } = readManifest(join(folder, 'package.json'))
  if (typeof main === 'string') {
    const path = join(folder, main)
    const found = isFile(path) ? path : findFile(path, importer)
    if (found !== undefined) return found
  }
  return withExtension(join(folder, 'index'))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

type Matcher = (specifier: string, importer: string) => string[]
const matchers = new Map<string, Matcher>()

/**
 * Where `paths` and `baseUrl` of tsconfig.json lead. The package that reads them is loaded only where there is such a
 * file.
 */
function mapped(specifier: string, importer: string): string[] {
  if (importer.includes('/node_modules/')) return []
  const config = nearest(dirname(importer), 'tsconfig.json')
  if (config === undefined) return []
  let matcher = matchers.get(config)
  if (!matcher) {
    matchers.set(config, () => []) // for the names in the package that reads it
    const { createPathsMatcher, parseTsconfig } = createRequire(import.meta.url)(
      'get-tsconfig',
    ) as typeof import('get-tsconfig')
    const parsed = parseTsconfig(config)
    const match = createPathsMatcher({ path: config, config: parsed }) ?? (() => [])
    const forAll = parsed.compilerOptions?.allowJs === true
    matcher = (specifier, importer) => (forAll || isTypeScript(importer) ? match(specifier) : [])
    matchers.set(config, matcher)
  }
  return matcher(specifier, importer)
}
