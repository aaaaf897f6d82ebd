// How `import` finds and reads the user's files; Node calls these two hooks, before Node 22.15 on a thread of their
// own. They wait for nothing themselves, so they serve as synchronous hooks and as asynchronous ones.
import { readFileSync } from 'node:fs'
import type { LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { declaredFormat, withoutByteOrderMark } from '../bundle/compile.ts'
import { isTypeScript } from '../bundle/files.ts'
import { codeOf } from './code.ts'
import { resolveImport } from './resolve.ts'

/** What the process, or a worker thread, was told to run. */
let main: string | undefined

export const resolve: ResolveHook = (specifier, context, next) => {
  if (context.parentURL === undefined) main = specifier
  // `require` has its own way: commonjs.ts.
  if (!context.parentURL?.startsWith('file:') || context.conditions.includes('require')) return next(specifier, context)
  const [, path, query] = /^([^?#]*)(.*)$/s.exec(specifier)!
  const found = resolveImport(decode(path!), fileURLToPath(context.parentURL))
  return next(found === undefined ? specifier : pathToFileURL(found).href + query, context)
}

export const load: LoadHook = (url, context, next) => {
  if (!url.startsWith('file:') || context.conditions?.includes('require')) return next(url, context)
  const path = fileURLToPath(url)
  if (path.endsWith('.json') && !context.importAttributes?.type) return esModule(jsonModule(path))
  const code = codeOf(path)
  if (code?.format === 'module') return esModule(code.source)
  if (!code || !isTypeScript(path)) return next(url, context)
  // Without a source Node asks `require` for it, whose `main` it then is.
  if (url === main) return { format: 'commonjs', source: null as unknown as string, shortCircuit: true }
  return esModule(facade(path, code.source))
}

const esModule = (source: string) => ({ format: 'module', source, shortCircuit: true }) as const

/** Paths of imports are parts of URLs: `./a%20b.ts`. */
const decode = (path: string) => (path.includes('%') && !path.startsWith('file:') ? decodeURIComponent(path) : path)

/**
 * An ES module in front of a CommonJS one. Node does this too, but it would look for the names in the TypeScript file.
 */
function facade(path: string, source: string): string {
  const file = JSON.stringify(path)
  const lines = [
    `import { createRequire } from 'node:module'`,
    `const module = createRequire(${file})(${file})`,
    // What nothing declares to be CommonJS was written as a module, and whoever imports it wants its default export.
    declaredFormat(path) === undefined
      ? `export default module?.__esModule && 'default' in module ? module.default : module`
      : 'export default module',
  ]
  const { names, from } = exportsOf(source)
  for (const other of from) lines.push(`export * from ${JSON.stringify(other)}`)
  for (const [i, name] of [...names].entries()) {
    lines.push(`const e${i} = module[${JSON.stringify(name)}]`, `export { e${i} as ${JSON.stringify(name)} }`)
  }
  // Or a stack would show it as a line of the file.
  lines.push('//# sourceURL=node:internal/dtrain-facade')
  return lines.join('\n')
}

/**
 * Names that CommonJS code exports, as far as its text shows; esbuild lists those of `export` statements at the end.
 */
function exportsOf(source: string): { names: Set<string>; from: string[] } {
  const names = new Set<string>()
  const from: string[] = []
  for (const [, name] of source.matchAll(/\bexports\.([\w$]+)\s*=[^=]/g)) names.add(name!)
  for (const [, list] of source.matchAll(/\bmodule\.exports = \{([^}]*)\}/g)) {
    for (const item of list!.split(',')) {
      const [, other, name] = /^\s*(?:\.\.\.require\("(.*)"\)|"?([\w$-]+)"?\s*(?::.*)?)\s*$/s.exec(item) ?? []
      if (other !== undefined) from.push(other)
      else if (name !== undefined) names.add(name)
    }
  }
  for (const own of ['default', '__esModule']) names.delete(own)
  return { names, from }
}

/** JSON that is imported without `with { type: 'json' }`, as TypeScript allows; its keys are exported too. */
function jsonModule(path: string): string {
  const text = withoutByteOrderMark(readFileSync(path, 'utf8'))
  const value: unknown = JSON.parse(text)
  const lines = [`const json = JSON.parse(${JSON.stringify(text)})`, 'export default json']
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
  for (const [i, key] of keys.filter(key => key !== 'default').entries()) {
    lines.push(`const e${i} = json[${JSON.stringify(key)}]`, `export { e${i} as ${JSON.stringify(key)} }`)
  }
  return lines.join('\n')
}
