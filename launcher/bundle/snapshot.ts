// Reads and compiles the script and the user's modules it imports, once for all ranks: N ranks that each compiled would
// be N times slower to start, and could run different code while somebody edits it. What is found here is a stock, not
// a limit: a rank loads anything else by itself (boot/code.ts).
import { readFileSync, realpathSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message, OnResolveResult, Plugin } from 'esbuild'
import {
  type Code,
  compileOptions,
  describeMessage,
  esbuildLoader,
  formatOfJavaScript,
  mustBeModule,
  problemOfCommonJs,
  toCode,
  withoutByteOrderMark,
} from './compile.ts'
import { isTypeScript } from './files.ts'

/** The script cannot be compiled; `message` is ready to print. */
export class CompileError extends Error {}

type Esbuild = typeof import('esbuild')

/** By path, links resolved. @throws CompileError for what the script cannot run without */
export async function takeSnapshot(script: string): Promise<Map<string, Code>> {
  const esbuild = await import('esbuild')
  try {
    const entry = realpathSync(script)
    const { sources, needed } = await discover(esbuild, entry)
    const code = new Map<string, Code>()
    const problems: Message[] = []
    await Promise.all(
      [...sources].map(async ([path, source]) => {
        const result = await compile(esbuild, path, source)
        if ('format' in result) code.set(path, result)
        else if (needed.has(path)) problems.push(...result)
      }),
    )
    if (problems.length > 0) throw new CompileError(problems.map(describeMessage).join('\n'))
    return code
  } finally {
    // Ends the compiler's process, which would otherwise idle for the whole training.
    await esbuild.stop()
  }
}

/** The user's files in reach of the script, and those without which it cannot start. */
async function discover(esbuild: Esbuild, entry: string) {
  const sources = new Map<string, string>()
  const imports: { from: string; to: string }[] = []
  const plugin: Plugin = {
    name: 'discover',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData, with: attributes }) => {
        if (kind === 'entry-point' || pluginData === plugin) return undefined
        const found = await build.resolve(path, { kind, resolveDir, importer, with: attributes, pluginData: plugin })
        if (found.errors.length > 0 || found.external || !isUsers(found.path, path)) return { external: true }
        if (kind === 'import-statement') imports.push({ from: importer, to: found.path })
        return { path: found.path } satisfies OnResolveResult
      })
      build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
        const contents = withoutByteOrderMark(readFileSync(path, 'utf8'))
        sources.set(path, contents)
        return { contents, loader: esbuildLoader(path) }
      })
    },
  }
  await esbuild
    .build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      mainFields: ['main'],
      // Node has no "module" condition; an empty list switches esbuild's off.
      conditions: [],
      plugins: [plugin],
      logLevel: 'silent',
    })
    // Errors of syntax come again when each file is compiled; the rest may be none at run time.
    .catch(() => {})
  if (!sources.has(entry)) sources.set(entry, withoutByteOrderMark(readFileSync(entry, 'utf8')))
  return { sources, needed: reach(entry, imports) }
}

/** A name that leads to TypeScript (a path mapping, a linked workspace) is the user's too: Node cannot load it. */
function isUsers(file: string, specifier: string): boolean {
  if (isTypeScript(file)) return true
  return /^(\.{0,2}\/|file:)/.test(specifier) && /\.[cm]?js$|\/[^./]+$/.test(file) && !file.includes('/node_modules/')
}

function reach(entry: string, imports: { from: string; to: string }[]): Set<string> {
  const reached = new Set([entry])
  for (const path of reached) for (const { from, to } of imports) if (from === path) reached.add(to)
  return reached
}

async function compile(esbuild: Esbuild, path: string, source: string): Promise<Code | Message[]> {
  const build = async (format?: Code['format']) => {
    const options = compileOptions(path, source, format)
    return toCode(await esbuild.build(options), options)
  }
  try {
    if (!isTypeScript(path)) return await asItIs(esbuild, path, source)
    return await build().catch(error => {
      if (mustBeModule(path, error)) return build('module')
      throw error
    })
  } catch (error) {
    const messages = (error as { errors?: Message[] }).errors
    // Ctrl-C kills the compiler as well, and its end may be heard before our own signal.
    if (!messages?.some(({ location }) => location)) await sleep(50)
    if (!messages) throw error
    return messages
  }
}

/** JavaScript: Node itself checks CommonJS, and esbuild modules, where it is as strict. */
async function asItIs(esbuild: Esbuild, path: string, source: string): Promise<Code | Message[]> {
  const format = formatOfJavaScript(path, source)
  if (format === 'module') await esbuild.transform(source, { sourcefile: path, loader: 'js', logLevel: 'silent' })
  const problem = format === 'commonjs' ? problemOfCommonJs(path, source) : undefined
  return problem ? [problem as Message] : { format, source }
}
