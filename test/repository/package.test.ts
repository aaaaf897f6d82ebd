// What package.json promises is there after the build: each entry point can be imported by its name, and the command
// runs.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const entries = Object.keys(manifest.exports).filter(path => !path.endsWith('.json'))

test.each(entries)('entry point %s', path => {
  expect(existsSync(join(root, manifest.exports[path].types))).toBe(true)
  const name = join('dtrain', path)
  const script = `console.log(Object.keys(await import("${name}")).length)`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(Number(run.stdout)).toBeGreaterThan(0)
})

test('entry points share one library, whose classes have their names', () => {
  const script = `
    const all = await import('./dist/src/index.js')
    const { Linear } = await import('./dist/src/nn/index.js')
    const { datasets, transforms } = await import('./dist/src/vision/index.js')
    const { ArgumentError } = await import('./dist/src/errors.js')
    const values = Object.entries({ ...all, ...all.nn, ...all.optim, ...all.data, ...datasets, ...transforms })
    const classes = values.filter(([, value]) => String(value).startsWith('class'))
    const misnamed = classes.filter(([name, value]) => value.name !== name).map(([name, value]) => [name, value.name])
    console.log(Linear === all.nn.Linear, ArgumentError === all.ArgumentError, classes.length > 100, misnamed)`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(run.stdout).toBe('true true true []\n')
})

test('the command is executable', () => {
  const run = spawnSync(join(root, manifest.bin.dtrain), ['--version'], { encoding: 'utf8' })
  expect(run.error).toBeUndefined()
  const built = join(root, process.env.DTRAIN_BUILD ?? 'build')
  expect(run.stdout).toBe(
    `${manifest.version}\nnative core: built in ${built} (${join(built, 'Release/dtrain.node')})\n`,
  )
})

test('published files exist', () => {
  for (const path of manifest.files) expect(existsSync(join(root, path)), path).toBe(true)
})
