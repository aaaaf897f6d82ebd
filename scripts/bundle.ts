// Makes few files of what the compiler has written one by one: a process, and each worker of a DataLoader, spends more
// time on finding 180 modules than on running them. dist/src/library has the code; what is imported by its path, as in
// package.json and by the launcher, stays where it was and hands that out. Errors, and the contract of launcher and
// ranks, stay files of their own: the launcher shares them with the library, which it does not load.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import './declarations.ts'

const root = join(import.meta.dirname, '..')
const src = join(root, 'dist/src')
const library = join(src, 'library')
const shared = /\/(errors|job\/[\w-]+)\.js$/

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { default: string }>
}
const entries = ['data/worker.js', 'distributed/nccl-id.js', 'tune/command.js'].map(path => join(src, path))
for (const target of Object.values(exports)) if (typeof target === 'object') entries.push(join(root, target.default))

/** What most programs have no use for is apart. */
const groupOf = (entry: string) =>
  /^(vision|viz|tensorboard|monitor|tune)\//.test(relative(src, entry)) ? 'more' : 'main'

const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external', metafile: true } as const
const { metafile } = await build({ ...options, entryPoints: entries, outdir: src, write: false })
const outputs = Object.values(metafile.outputs).map(({ entryPoint, exports, inputs }) => {
  return { entry: join(root, entryPoint!), names: exports, modules: Object.keys(inputs).map(path => join(root, path)) }
})

/** `Linear as Linear_2`, or the way back: modules may have the same names. */
const joint = (names: string[], i: number) => names.map(name => `${name} as ${name}_${i}`).join(', ')
const single = (names: string[], i: number) => names.map(name => `${name}_${i} as ${name}`).join(', ')

/** What a group has for its entries, and each class and function, since a worker imports these by name. */
function contents(group: string): string {
  const lines: string[] = []
  const modules = new Set<string>()
  for (const [i, { entry, names, modules: its }] of outputs.entries()) {
    if (groupOf(entry) !== group) continue
    lines.push(`export { ${joint(names, i)} } from ${JSON.stringify(entry)}`)
    for (const path of its) if (!shared.test(path)) modules.add(path)
  }
  for (const path of modules) {
    const text = readFileSync(path, 'utf8')
    const names = [...text.matchAll(/^export (?:async )?(?:class|function)\*? (\w+)/gm)].map(([, name]) => name!)
    lines.push(`export { ${joint(names, outputs.length + lines.length)} } from ${JSON.stringify(path)}`)
  }
  return lines.join('\n')
}

const { outputFiles } = await build({
  ...options,
  entryPoints: ['main', 'more'],
  outdir: library,
  splitting: true,
  chunkNames: 'common',
  // Comments and indentation are half of the text, and reading it most of the time. Stacks and profiles keep the names.
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  write: false,
  plugins: [
    {
      name: 'library',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^(main|more)$/ }, ({ path }) => ({ path, namespace: 'group' }))
        onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({ contents: contents(path), resolveDir: src }))
        onResolve({ filter: shared }, ({ path, resolveDir }) => ({
          path: relative(library, join(resolveDir, path)),
          external: true,
        }))
      },
    },
  ],
})

/** `Tensor=class _Tensor` is Tensor to those who ask for its name. No text moves, so source maps still hold. */
function named(text: string): string {
  for (const [, outer, inner] of text.matchAll(/\b(\w+)=class _(\w+)/g)) {
    if (outer !== inner) throw new Error(`two classes of the library have the name ${inner}`)
    text = text.replace(new RegExp(`(?<![\\w$.])_${inner}\\b`, 'g'), `${inner} `)
  }
  return text
}

rmSync(library, { recursive: true, force: true })
mkdirSync(library)
for (const { path, text } of outputFiles) writeFileSync(path, path.endsWith('.js') ? named(text) : text)
for (const peer of ['bench/peer.py', 'bench/comm/gloo.py']) copyFileSync(join(root, 'src', peer), join(src, peer))
for (const [i, { entry, names }] of outputs.entries()) {
  const path = relative(dirname(entry), join(library, `${groupOf(entry)}.js`))
  writeFileSync(entry, `export { ${single(names, i)} } from '${path.startsWith('.') ? path : `./${path}`}'\n`)
}
