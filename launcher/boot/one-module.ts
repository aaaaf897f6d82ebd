// One ES module of the TypeScript that worker threads import: to be told of it takes them a tenth of the time of hooks,
// for which Node before 22.15 starts one more thread each. The program has imported all of it already, so there is no
// new error to find: where one module might do anything else than many, or esbuild fails, hooks read it after all.
import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import type { Modules } from '../../src/job/modules.ts'
import { compileOptions, esbuildLoader, withoutByteOrderMark } from '../bundle/compile.ts'
import { isTypeScript } from '../bundle/files.ts'
import { codeOf, isRank } from './code.ts'

/** What is not the same in one module: `import.meta`, `import()`, and imports for what they do, which have an order. */
const special = /\bimport\.meta\b|(?<!\btypeof )\bimport\s*\(|^\s*import\s*['"]/m

const name = 'file:///dtrain-worker.js'

/** Where worker threads find the modules with these URLs, which the program has imported. */
export async function oneModule(urls: readonly string[]): Promise<Modules> {
  if (urls.some(url => !/^file:[^?#]*$/.test(url))) return 'by hooks'
  // Takes a tenth of the time of an import, for which Node would look for the names that it exports.
  const esbuild = createRequire(import.meta.url)('esbuild') as typeof import('esbuild')
  const found = new Set<'TypeScript' | 'JavaScript'>()
  const plugin: Plugin = {
    name: 'one-module',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === plugin) return undefined
        if (isBuiltin(path)) return { path, external: true }
        const { path: file, errors } = await build.resolve(path, { kind, importer, resolveDir, pluginData: plugin })
        if (errors.length > 0 || isTypeScript(file)) return { path: file, errors }
        const isPackage = !/^(\.{0,2}\/|file:)/.test(path)
        if (!/\.[cm]?js$/.test(file)) throw new Error(`${file} is no module`)
        if (isPackage) return { path: pathToFileURL(file).href, external: true }
        return { path: file }
      })
      build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
        found.add(isTypeScript(path) ? 'TypeScript' : 'JavaScript')
        const source = withoutByteOrderMark(readFileSync(path, 'utf8'))
        const code = isRank && isTypeScript(path) ? codeOf(path) : undefined
        const isModule = code ? code.format === 'module' : compileOptions(path, source).format === 'esm'
        if (isTypeScript(path) && (!isModule || special.test(source))) throw new Error(`${path} is not as others are`)
        return { contents: code?.source ?? source, loader: code ? 'js' : esbuildLoader(path) }
      })
    },
  }
  try {
    const { outputFiles } = await esbuild.build({
      stdin: {
        contents: urls.map((url, i) => `export * as m${i} from ${JSON.stringify(fileURLToPath(url))}`).join('\n'),
        resolveDir: '/',
      },
      bundle: true,
      write: false,
      // Where it is not written: paths in the source map are relative to the root then.
      outfile: fileURLToPath(name),
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      mainFields: ['main'],
      conditions: [],
      // Nothing that runs may be left out.
      treeShaking: false,
      ignoreAnnotations: true,
      keepNames: true,
      sourcemap: 'external',
      sourcesContent: false,
      plugins: [plugin],
      logLevel: 'silent',
    })
    if (!found.has('TypeScript')) return 'as they are'
    if (found.has('JavaScript')) return 'by hooks'
    const [map, text] = outputFiles.map(output => output.text) as [string, string]
    const url = `data:text/javascript,${encodeURIComponent(`${text}\n//# sourceURL=${name}`)}`
    return { url, members: urls, name, map }
  } catch {
    return 'by hooks'
  } finally {
    // Ends the compiler's process, which would otherwise idle for the whole training.
    await esbuild.stop()
  }
}
