// Turns one TypeScript or JSX file into JavaScript of the module kind that tsx gives it: the extension decides, then
// the nearest package.json, and without a "type" there it is CommonJS. JavaScript stays as it is written, for Node.
// Only esbuild's types are imported here: the launcher compiles ahead, a rank only what could not be foreseen.
import { dirname, extname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import type { BuildFailure, BuildOptions, BuildResult, Loader, Message } from 'esbuild'
import { nearest, readManifest } from './files.ts'

export interface Code {
  format: 'module' | 'commonjs'
  source: string
}

/** As Node does, for both kinds of modules and before a `#!` too. */
export const withoutByteOrderMark = (text: string): string => text.replace(/^\uFEFF/, '')

/** What to ask esbuild for: CommonJS where nothing is declared, unless `format` says otherwise. */
export function compileOptions(path: string, contents: string, format?: Code['format']): BuildOptions {
  const kind = format ?? declaredFormat(path) ?? undeclaredFormat(contents)
  const tsconfig = nearest(dirname(path), 'tsconfig.json')
  const polyfill = kind === 'commonjs' && contents.includes('import.meta')
  return {
    stdin: { contents, sourcefile: path, resolveDir: dirname(path), loader: esbuildLoader(path) },
    ...(tsconfig && { tsconfig }),
    write: false,
    // Where it is not written: paths in the source map are relative to it.
    outfile: path,
    allowOverwrite: true,
    platform: 'node',
    format: kind === 'module' ? 'esm' : 'cjs',
    target: `node${process.versions.node}`,
    sourcemap: 'inline',
    sourcesContent: false,
    // A class keeps its name where its decorators or static fields are rewritten.
    keepNames: true,
    logLevel: 'silent',
    ...(polyfill && { define: { 'import.meta': '__importMeta' }, banner: { js: importMeta(path) } }),
  }
}

export function toCode({ outputFiles }: BuildResult, { format }: BuildOptions): Code {
  return { format: format === 'esm' ? 'module' : 'commonjs', source: outputFiles![0]!.text }
}

/** CommonJS has no top-level `await`: a file with one is a module, if nothing declares what it is. */
export function mustBeModule(path: string, error: unknown): boolean {
  const { errors } = error as Partial<BuildFailure>
  return errors?.some(awaitsInCommonJs) === true && declaredFormat(path) === undefined
}

const awaitsInCommonJs = ({ text }: Message) => /^Top-level await is .*"cjs"/.test(text)

/** How Node would run a JavaScript file. */
export function formatOfJavaScript(path: string, source: string): Code['format'] {
  return declaredFormat(path) ?? (hasModuleSyntax(source) ? 'module' : 'commonjs')
}

/** Why Node cannot run a CommonJS file at all, with its place. */
export function problemOfCommonJs(path: string, source: string): Pick<Message, 'text' | 'location'> | undefined {
  const error = compileError(source, path)
  const [, line, lineText, before] = /^.*:(\d+)\n(.*)\n([ \t]*)\^/.exec(error?.stack ?? '') ?? []
  if (!error || lineText === undefined) return undefined
  // Columns of esbuild's messages count bytes.
  const column = Buffer.byteLength(lineText.slice(0, before!.length))
  const location = { file: path, namespace: '', line: Number(line), column, length: 0, lineText, suggestion: '' }
  return { text: error.message, location }
}

/** `train.ts:3:7: Expected ";" but found "foo"`, the source line, and a caret under the place. */
export function describeMessage(message: Message): string {
  const { location } = message
  const text = awaitsInCommonJs(message)
    ? 'CommonJS has no top-level await; name the file .mts, or write "type": "module" into package.json'
    : message.text
  if (!location) return `dtrain: ${text}`
  const { file, line, column, lineText } = location
  // esbuild counts columns in bytes, from 0.
  const before = Buffer.from(lineText).subarray(0, column).toString()
  const path = relative(process.cwd(), resolve(file)) || file
  return [`${path}:${line}:${before.length + 1}: ${text}`, `  ${lineText}`, `  ${before.replace(/[^\t]/g, ' ')}^`].join(
    '\n',
  )
}

export const esbuildLoader = (path: string): Loader =>
  (extname(path)
    .replace(/^\.[cm]/, '.')
    .slice(1) || 'js') as Loader

/**
 * Before Node 20.19 and 22.12 CommonJS cannot load ES modules, such as this library, so what imports anything is one.
 */
function undeclaredFormat(source: string): Code['format'] {
  const { require_module: canLoad } = process.features as { require_module?: boolean }
  return canLoad || !/^\s*(import|export)\b/m.test(source) ? 'commonjs' : 'module'
}

/** `import.meta` does not exist in CommonJS; tsx gives it these fields. */
function importMeta(path: string): string {
  const fields = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  return `const __importMeta = ${JSON.stringify(fields)};`
}

/** What the extension or the nearest package.json say. */
export function declaredFormat(path: string): Code['format'] | undefined {
  const extension = extname(path)
  if (/^\.m/.test(extension)) return 'module'
  if (/^\.c/.test(extension)) return 'commonjs'
  const manifest = nearest(dirname(path), 'package.json')
  const type = manifest && readManifest(manifest).type
  return type === 'module' || type === 'commonjs' ? type : undefined
}

/**
 * Node's way to tell a file without a package type: it is a module if it cannot be compiled as CommonJS for that
 * reason.
 */
function hasModuleSyntax(source: string): boolean {
  const { message = '' } = compileError(source) ?? {}
  return /import statement|Unexpected token 'export'|import\.meta|await is only valid/.test(message)
}

function compileError(source: string, filename?: string): Error | undefined {
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname']
  try {
    compileFunction(source.replace(/^#!.*/, ''), parameters, { filename })
    return undefined
  } catch (error) {
    return error as Error
  }
}
