// examples/README.md names every program, each of at most 150 lines, and shows its pictures; `npm run examples` runs
// what it names.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/run-dtrain.ts'

const folder = join(root, 'examples')
const read = (file: string) => readFileSync(join(folder, file), 'utf8')
const files = (readdirSync(folder, { recursive: true }) as string[]).filter(file => file.endsWith('.ts')).sort()
const listed = [...read('README.md').matchAll(/^\| \[(.*?)\]\((.*?)\)/gm)]

test('the list has every program once, and the rest is imported by programs', () => {
  const imported = files.flatMap(file =>
    [...read(file).matchAll(/ from '(\.\/.*?)'/g)].map(([, name]) => join(dirname(file), name!)),
  )
  for (const [, name, target] of listed) expect(name).toBe(target)
  const names = listed.map(([, name]) => name!)
  expect([...names].sort()).toEqual(files.filter(file => !imported.includes(file)))
})

test('every picture is shown, and none has more than 100 KB', () => {
  const docs = join(root, 'docs')
  const guides = readdirSync(docs).filter(name => name.endsWith('.md'))
  const pages = read('README.md') + guides.map(name => readFileSync(join(docs, name), 'utf8')).join('')
  const pictures = join(root, 'docs/pictures')
  const shown = new Set(Array.from(pages.matchAll(/pictures\/([\w.-]+\.(?:svg|png|jpg))/g), ([, name]) => name!))
  expect([...shown].sort()).toEqual(readdirSync(pictures).sort())
  for (const name of shown) expect(statSync(join(pictures, name)).size, name).toBeLessThanOrEqual(100_000)
})

test.each(files)('%s can be read in one go', file => {
  expect(read(file).trimEnd().split('\n').length).toBeLessThanOrEqual(150)
})

test('npm run examples prints the time and the last loss of each', () => {
  const command = ['--import', 'tsx', 'scripts/examples.ts', 'data-parallel', '06-train-step']
  const env = { ...process.env, PICTURES: 'none' }
  const lines = execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8', env }).split('\n')
  expect(lines).toEqual([
    expect.stringMatching(/^regression\/06-train-step\.ts +\d+\.\d s {2}loss 0\.008045$/),
    expect.stringMatching(/^data-parallel\.ts +\d+\.\d s$/),
    expect.stringMatching(/^2 programs +\d+\.\d s$/),
    '',
  ])
})
