// What `npm pack` would put into the package: what programs, the command and `dtrain init` need, sources of the native
// core, guides, and nothing else.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { root } from '../support/run-dtrain.ts'

const MiB = 2 ** 20
/** What may be there; a new kind of file needs a row. */
const meant = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|CMakeLists\.txt)$/,
  /^dist\/(src|launcher)\/.*\.(js|js\.map|d\.ts)$|^dist\/src\/bench\/(peer|comm\/gloo)\.py$/,
  /^(native|emulation)\/.*\.(h|cc|cu|cuh|map|txt|md)$/,
  /^cmake\/.*\.cmake$|^cmake\/[\w-]+$/,
  /^scripts\/[\w-]+\.(sh|js)$/,
  /^docs\/(decisions\/)?[\w-]+\.md$|^docs\/pictures\/[\w.-]+\.(svg|png|jpg)$/,
  // What `dtrain bench ops` runs.
  /^bench\/(conv|gemm|losses|models|overhead|step|twin)\.(ts|py)$/,
  /^template\/(gitignore|train\.ts|tsconfig\.json|README\.md)$/,
]

let files: { path: string; size: number }[]
beforeAll(() => {
  const command = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const [pack] = JSON.parse(
    execFileSync('npm', command, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  files = pack.files
})

test('nothing but what is meant to be there, and no large file', () => {
  const paths = files.map(({ path }) => path)
  expect(paths.filter(path => !meant.some(pattern => pattern.test(path)))).toEqual([])
  expect(files.filter(({ size }) => size > 2 * MiB)).toEqual([])
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(12 * MiB)
})

test('all that package.json names, the template and the guides', () => {
  const paths = new Set(files.map(({ path }) => path))
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.values(exports as Record<string, string | Record<string, string>>)
  const named = entries.flatMap(it => (typeof it === 'string' ? [it] : Object.values(it)))
  const wanted = [...named, ...Object.values(bin as object), 'template/gitignore', 'template/train.ts', 'CHANGELOG.md']
  for (const path of [...wanted, 'LICENSE', 'docs/launcher.md']) expect(paths).toContain(path.replace(/^\.\//, ''))
})
