// What `npm run package` would ship, without building it: the list of files, the types for programs without
// @types/node, and, where packages have been built, the oldest C library they run with. scripts/test-installs.ts and
// scripts/test-packages.sh install them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mainFiles, mainManifest, platformPackage, root, version } from '../../scripts/package/contents.ts'
import { floorOf } from '../../scripts/package/floor.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const files = mainFiles()

test('the package has what package.json promises', () => {
  const targets = Object.values<{ types: string; default: string } | string>(manifest.exports)
  const promised = targets.flatMap(it => (typeof it === 'string' ? [] : [it.types, it.default]))
  for (const path of [...promised, manifest.bin.dtrain]) expect(files).toContain(join(path))
  for (const path of ['README.md', 'LICENSE', 'CMakeLists.txt', 'docs/gpus.md']) expect(files).toContain(path)
})

test('and nothing else: no tests, no sources of TypeScript, maps only for stacks', () => {
  const strange = files.filter(path =>
    /(^|\/)test\/|(?<!\.d|^(template|bench)\/\w+)\.ts$|portable|package\.cmake|\.(png|svg|sh)$/.test(path),
  )
  expect(strange).toEqual([])
  for (const path of files.filter(it => it.endsWith('.map'))) expect(path).toMatch(/^dist\/(launcher|src\/library)\//)
})

test('its package.json is for those who install', () => {
  expect(mainManifest()).toEqual({
    ...Object.fromEntries(['name', 'version', 'description', 'license', 'type'].map(name => [name, manifest[name]])),
    ...Object.fromEntries(['engines', 'bin', 'exports', 'dependencies'].map(name => [name, manifest[name]])),
    optionalDependencies: { [platformPackage]: version },
    peerDependencies: { 'dtrain-linux-x64-cuda13': version },
    peerDependenciesMeta: { 'dtrain-linux-x64-cuda13': { optional: true } },
  })
  for (const [name, wanted] of Object.entries(manifest.dependencies))
    expect(wanted, `${name} is not pinned`).toMatch(/^\d+\.\d+\.\d+$/)
})

test.each([
  ['node16', 'node16'],
  ['bundler', 'esnext'],
])('types without @types/node, moduleResolution %s', (moduleResolution, module) => {
  const folder = mkdtempSync(join(tmpdir(), 'types-'))
  try {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/dtrain'))
    const names = Object.keys(manifest.exports).filter(path => !path.endsWith('.json'))
    const imports = names.map((path, i) => `import * as m${i} from '${join('dtrain', path)}'`)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'a.ts'), [...imports, `export const all = [${names.map((_, i) => `m${i}`)}]`].join('\n'))
    const options = { module, moduleResolution, target: 'es2022', strict: true, noEmit: true, types: [] }
    const compilerOptions = { ...options, skipLibCheck: false, preserveSymlinks: true }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['a.ts'] }))
    const run = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
    expect(run.stdout).toBe('')
    expect(run.status).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const built = join(root, 'build/package', platformPackage)
test('the oldest C library', context => {
  if (!existsSync(join(built, 'package.json'))) context.skip('no packages here: npm run package makes them')
  const [, minor] = floorOf(built).split('.')
  expect(Number(minor)).toBeLessThanOrEqual(31)
})
