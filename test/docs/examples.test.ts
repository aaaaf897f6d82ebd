// Compiles every example of the documentation as strictly as a user may, and runs it: what an example says that it
// prints or is, it does. GPUs are emulated.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

vi.hoisted(() => {
  process.env.DTRAIN_EMULATE = '1'
  process.env.DTRAIN_EMULATION = 'devices=2'
})

const { all, asModule, fileOf, nameOf } = await import('./examples.ts')
const { prepare } = await import('./context.ts')
const { setMemoryBudget } = await import('../../src/index.ts')
const { run } = await import('./program.ts')
const root = join(import.meta.dirname, '../..')

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

test('all are without errors of types', () => {
  const folder = join(root, 'build/documentation-examples')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const places = new Map(all.map(example => [fileOf(example), { example, ...asModule(example) }]))
  expect(places.size).toBe(all.length)
  for (const [file, { text }] of places) writeFileSync(join(folder, file), `${text}export {}\n`)
  const compilerOptions = {
    ...{ rootDir: root, noUnusedLocals: false, noUnusedParameters: false, noUncheckedIndexedAccess: false },
    paths: { dtrain: ['../../src/index.ts'], 'dtrain/*': ['../../src/*/index.ts'] },
  }
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules/.bin/tsc')
  const compiler = spawnSync(tsc, ['-p', '.', '--pretty', 'false'], { encoding: 'utf8', cwd: folder })
  // An error begins at the start of a line and may go on in lines with spaces before them.
  const errors = compiler.stdout.split(/\n(?! |$)/).filter(text => text.trim() !== '')
  const unexpected = errors.flatMap(text => {
    const [, file, number, message] = /^(.*?)\((\d+),\d+\): (.*)$/s.exec(text) ?? []
    const place = places.get(file ?? '')
    if (place === undefined) return [text]
    const at = Number(number) - 1 - place.start
    const throws = place.example.block.split('\n')[at]?.includes('// throws ') // for TypeScript it may be an error too
    return throws ? [] : [`${place.example.file}:${place.example.line + at}: ${message}`]
  })
  expect(unexpected).toEqual([])
}, 60_000)

describe('all run', () => {
  const home = mkdtempSync(join(tmpdir(), 'dtrain-documentation-'))
  const before = process.cwd()
  beforeAll(async () => {
    process.chdir(home)
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {}) // some examples are about warnings
    vi.spyOn(console, 'log').mockImplementation(() => {}) // and some print plots
    await prepare()
  })
  afterEach(() => setMemoryBudget(2 ** 40)) // one of them sets it
  afterAll(() => {
    vi.restoreAllMocks()
    const notRun = all.filter(example => example.notRun !== undefined)
    console.log(`examples of the documentation: ${all.length} compiled, ${all.length - notRun.length} run`)
    process.chdir(before)
    rmSync(home, { recursive: true })
  })

  // Those that are compared with Python's are run by from-pytorch.test.ts.
  for (const example of all.filter(({ file }) => file !== 'docs/from-pytorch.md')) {
    test(nameOf(example), async ({ skip }) => {
      if (example.notRun !== undefined) skip(example.notRun)
      if (example.file === 'docs/memory.md') collect() // it counts bytes, and others have left some
      const { got, want, checks } = await run(asModule(example).text)
      if (want.length > 0) expect(got).toEqual(want)
      if (example.file === 'docs/differences.md') expect(checks).toBeGreaterThan(0)
    })
  }
})
