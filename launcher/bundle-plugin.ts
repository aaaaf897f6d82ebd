// Decides what belongs to the bundle (the user's own modules) and what Node loads itself (packages, built-ins, CommonJS
// files), and keeps `import.meta` of every user module pointing at its original file.
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'

const meta = {
  'import.meta.url': '__dtrainUrl',
  'import.meta.filename': '__dtrainFilename',
  'import.meta.dirname': '__dtrainDirname',
  __filename: '__dtrainFilename',
  __dirname: '__dtrainDirname',
}
const mentionsMeta = /import\.meta\b|\b__filename\b|\b__dirname\b/

const resolving = Symbol('resolving')

const plugin: Plugin = {
  name: 'user-modules',
  setup(build) {
    // The values come from a small module per file, imported by a line added at its end: imports are hoisted, and no
    // line or column of the user's code moves.
    build.onResolve({ filter: /^dtrain-meta:/ }, ({ importer }) => ({ path: importer, namespace: 'dtrain-meta' }))
    build.onLoad({ filter: /.*/, namespace: 'dtrain-meta' }, ({ path }) => ({
      contents: metaModule(path),
      loader: 'js',
    }))
    build.onResolve({ filter: /.*/ }, args => resolveImport(build, args))
    build.onLoad({ filter: /.*/, namespace: 'dtrain-require' }, ({ path }) => ({ contents: path, loader: 'js' }))
    build.onLoad({ filter: /(\.[cm]?[jt]sx?|\/[^./]+)$/, namespace: 'file' }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!mentionsMeta.test(source)) return undefined
      const names = [...new Set(Object.values(meta))].join(', ')
      return { contents: `${source}\nimport { ${names} } from 'dtrain-meta:'`, loader: loader(path) }
    })
  },
}

export const userModules = { plugin, define: meta }

function metaModule(path: string): string {
  const text = JSON.stringify
  return `export const __dtrainUrl = ${text(pathToFileURL(path).href)}
export const __dtrainFilename = ${text(path)}
export const __dtrainDirname = ${text(dirname(path))}`
}

async function resolveImport(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  if (args.kind === 'entry-point' || args.pluginData === resolving) return undefined
  const required = args.kind === 'require-call'
  if (isBuiltin(args.path)) return required ? nativeRequire(args) : { path: args.path, external: true }
  if (/^[a-z][a-z\d+.-]+:/i.test(args.path)) return { path: args.path, external: true }
  const { kind, resolveDir, importer, path } = args
  const found = await build.resolve(path, { kind, resolveDir, importer, with: args.with, pluginData: resolving })
  // Not found: without an answer from here esbuild reports it, with the place.
  if (found.errors.length > 0 || found.external) return undefined
  if (isUserModule(found.path, path)) return { path: found.path, namespace: found.namespace, suffix: found.suffix }
  return required ? nativeRequire(args) : { path: pathToFileURL(found.path).href, external: true }
}

/** A bare specifier that leads to TypeScript (a path mapping, a linked workspace) is the user's too: Node cannot load it. */
function isUserModule(file: string, specifier: string): boolean {
  if (/\.([cm]?tsx?|jsx|json)$/.test(file)) return true
  return /^\.{0,2}\//.test(specifier) && ['.js', '.mjs'].includes(extname(file)) && !isCommonJs(file)
}

/** `require` does not exist in an ES module, so a literal call is answered by a require made for the file it stands in. */
function nativeRequire({ importer, path }: OnResolveArgs): OnResolveResult {
  const code = `module.exports = process.getBuiltinModule('module').createRequire(${JSON.stringify(importer)})(${JSON.stringify(path)})`
  return { path: code, namespace: 'dtrain-require' }
}

/** By Node's rule, except that import or export statements in a file without a package type count as ES module. */
export function isCommonJs(file: string): boolean {
  if (!['.js', ''].includes(extname(file))) return extname(file) === '.cjs'
  return !/^\s*(import|export)\b|\bimport\.meta\b/m.test(readFileSync(file, 'utf8')) && !inModulePackage(dirname(file))
}

function inModulePackage(directory: string): boolean {
  const manifest = join(directory, 'package.json')
  if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module'
  return dirname(directory) !== directory && inModulePackage(dirname(directory))
}

const loader = (path: string) =>
  (extname(path)
    .replace(/^\.[cm]/, '.')
    .slice(1) || 'js') as Loader
