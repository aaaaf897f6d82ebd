// What worker threads are told of the program's modules: one module, or that they are read one by one.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { oneModule } from '../../launcher/boot/one-module.ts'

/** Writes the files, and asks about the first of them, and others by name. */
async function made(files: Record<string, string>, others: string[] = []) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'one-module-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const names = [Object.keys(files)[0]!, ...others]
  return oneModule(names.map(name => pathToFileURL(join(folder, name)).href))
}

const pack = {
  'node_modules/pack/package.json': '{ "name": "pack", "exports": { "import": "./a.mjs", "require": "./a.cjs" } }',
  'node_modules/pack/a.mjs': `export const kind = 'module'`,
  'node_modules/pack/a.cjs': `exports.kind = 'commonjs'`,
}

test('TypeScript becomes one module, with packages as Node imports them', async () => {
  const first = `import { kind } from 'pack'
    import { sep } from 'node:path'
    import { two } from './two.js'
    export const one: unknown[] = [kind, sep, two]`
  const files = { 'one.ts': first, 'two.ts': 'export const two: number = 2\nexport class Two {}', ...pack }
  const modules = await made(files, ['two.ts'])
  if (typeof modules === 'string') throw new Error(modules)
  const { m0, m1 } = await import(modules.url)
  expect(m0.one).toEqual(['module', '/', 2])
  expect(m1.Two.name).toBe('Two')
  expect(
    JSON.parse(modules.map)
      .sources.map((path: string) => path.replace(/.*\//, ''))
      .sort(),
  ).toEqual(['one.ts', 'two.ts'])
})

test.each([
  [
    'JavaScript alone',
    { 'one.js': `import { two } from './two.js'\nexport { two }`, 'two.js': 'export const two = 2' },
  ],
  ['JavaScript in CommonJS', { 'one.cjs': 'exports.two = 2' }],
])('%s is read as it is', async (_, files) => {
  expect(await made(files)).toBe('as they are')
})

test.each([
  ['CommonJS', { 'one.cts': 'export const one: number = 1' }],
  ['import.meta', { 'one.ts': 'export const one = import.meta.url' }],
  ['import()', { 'one.ts': `export const one = () => import('./two.ts')`, 'two.ts': '' }],
  ['an import for what it does', { 'one.ts': `import './two.ts'\nexport const one = 1`, 'two.ts': '' }],
  ['JavaScript that is imported', { 'one.ts': `export { two } from './two.js'`, 'two.js': 'export const two = 2' }],
  ['JSON', { 'one.ts': `import two from './two.json' with { type: 'json' }\nexport { two }`, 'two.json': '{}' }],
  ['a file that is not there', { 'one.ts': `export * from './two.ts'` }],
  ['an error of syntax', { 'one.ts': 'export const one = (' }],
])('hooks read %s', async (_, files) => {
  expect(await made(files)).toBe('by hooks')
})
