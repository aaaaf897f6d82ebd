// Bundles the script once for all ranks: four ranks that each compiled TypeScript would be four times slower to start.
// The bundle is one ES module in a private directory, with an inline source map; packages stay outside it and are named
// by absolute URL, because from that directory no node_modules is in sight.
import { relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from 'esbuild'
import { isCommonJs, userModules } from './bundle-plugin.ts'

/** The script cannot be compiled; `message` is ready to print. */
export class BundleError extends Error {}

// Runs after the static imports, so by then this rank needs the file no more.
const banner = `globalThis[Symbol.for('dtrain.loaded')]?.();`

/** Returns the module that a rank imports. A CommonJS script is its own: Node runs it unchanged. */
export async function bundle(script: string, directory: string): Promise<string> {
  if (isCommonJs(script)) return script
  const esbuild = await import('esbuild')
  const outfile = resolve(directory, 'script.mjs')
  try {
    await esbuild.build({
      entryPoints: [script],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: `node${process.versions.node}`,
      mainFields: ['main'],
      loader: { '': 'js' },
      // Node has no "module" condition; an empty list switches esbuild's off.
      conditions: [],
      sourcemap: 'inline',
      sourcesContent: false,
      // Two files may each declare a class `Net`; both must print as `Net`.
      keepNames: true,
      banner: { js: banner },
      define: userModules.define,
      plugins: [userModules.plugin],
      logLevel: 'silent',
    })
  } catch (error) {
    const messages = (error as { errors?: Message[] }).errors
    // Ctrl-C kills the compiler as well, and its end may be heard before our own signal.
    if (!messages?.some(({ location }) => location)) await sleep(50)
    if (!messages) throw error
    throw new BundleError(messages.map(format).join('\n'))
  } finally {
    // Ends the compiler's process, which would otherwise idle for the whole training.
    await esbuild.stop()
  }
  return outfile
}

/** `train.ts:3:7: Expected ";" but found "foo"`, the source line, and a caret under the place. */
function format({ text, location }: Message): string {
  if (!location) return `dtrain: ${text}`
  const { file, line, column, lineText } = location
  // esbuild counts columns in bytes, from 0.
  const before = Buffer.from(lineText).subarray(0, column).toString()
  const path = relative(process.cwd(), resolve(file)) || file
  return [`${path}:${line}:${before.length + 1}: ${text}`, `  ${lineText}`, `  ${before.replace(/[^\t]/g, ' ')}^`].join(
    '\n',
  )
}
