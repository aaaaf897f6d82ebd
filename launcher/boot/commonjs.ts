// How `require` finds and reads the user's files: the two tables of Node's CommonJS loader that everybody extends,
// since hooks reach `require` only from Node 22.15 on.
import Module from 'node:module'
import { isTypeScript } from '../bundle/files.ts'
import { asCommonJs, codeOf } from './code.ts'
import { resolveImport } from './resolve.ts'

interface Loader {
  _extensions: Record<string, (module: CompiledModule, path: string) => void>
  _resolveFilename: (request: string, parent: { filename?: string | null } | undefined, ...rest: unknown[]) => string
}
interface CompiledModule {
  id: string
  parent: unknown
  _compile(source: string, path: string): void
}

export function extendRequire(): void {
  const loader = Module as unknown as Loader
  const { _extensions: extensions, _resolveFilename: resolveFilename } = loader
  const javascript = extensions['.js']!
  for (const extension of ['.js', '.ts', '.tsx', '.cts', '.mts', '.jsx']) {
    extensions[extension] = (module, path) => {
      // What Node says of a main module, and with `--import` forgets; in TypeScript tsx does not say it either.
      if (module === (process.mainModule as unknown) && !isTypeScript(path))
        Object.assign(module, { id: '.', parent: null })
      let code = codeOf(path)
      if (code?.format === 'module') code = isTypeScript(path) ? asCommonJs(path) : undefined
      if (code) module._compile(code.source, path)
      else javascript(module, path)
    }
  }
  loader._resolveFilename = function (this: unknown, request, parent, ...rest) {
    const found = parent?.filename ? resolveImport(request, parent.filename) : undefined
    return resolveFilename.call(this, found ?? request, parent, ...rest)
  }
}
