// What node and tsx run, dtrain runs the same: each case runs both ways, and output and exit code are compared. The
// files are written into a folder of their own, and nothing may be added to it.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root, runDtrain, startDtrain } from '../support/run-dtrain.ts'
import { commonjs } from './commonjs-cases.ts'
import { type Case, cases, ours } from './module-cases.ts'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'modules-')))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>, links: Record<string, string> = {}): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    symlinkSync(target, join(folder, name))
  }
}

const listing = () => (readdirSync(folder, { recursive: true }) as string[]).sort()

function reference({ with: way, run, args = [], env }: Case): SpawnSyncReturns<string> {
  const tsx = (file: string) => join(root, 'node_modules/tsx/dist', file)
  // What the `tsx` command starts.
  const loader = way !== 'node' ? ['--require', tsx('preflight.cjs'), '--import', tsx('loader.mjs')] : []
  return spawnSync(process.execPath, ['--enable-source-maps', ...loader, run, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1', FORCE_COLOR: undefined, ...env },
  })
}

test.each(Object.entries({ ...commonjs, ...cases }))('%s', async (_, how) => {
  write(how.files, how.links)
  const before = listing()
  const { status, stdout, stderr } = reference(how)
  // A case that fails in the same way both times would show nothing.
  expect({ status, stderr }).toEqual({ status: how.code ?? 0, stderr: how.code ? expect.any(String) : '' })
  expect(stdout).not.toBe('')
  const result = await runDtrain([how.run, ...(how.args ?? [])], { cwd: folder, ...(how.env && { env: how.env }) })
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code: status, stdout })
  if (!how.code) expect(result.stderr).toBe('')
  expect(listing()).toEqual(before)
})

test.each(Object.entries(ours))('beyond tsx: %s', async (_, { files, run, prints }) => {
  write(files)
  const { code, stdout, stderr } = await runDtrain([run], { cwd: folder })
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: prints.replaceAll('<folder>', folder), stderr: '' })
})

test('all ranks run what the launcher has read, whoever edits it meanwhile', async () => {
  write({
    'package.json': '{ "type": "module" }',
    'main.ts': `console.log('ready')
      process.on('SIGUSR2', async () => console.log((await import('./late.ts')).version, (await import('./old.js')).version))
      setTimeout(() => {}, 20_000).unref()
      setInterval(() => process.env.DONE, 20)
      console.log('pid', process.pid)`,
    'late.ts': 'export const version: number = 1',
    'old.js': 'export const version = 1',
  })
  const { launcher, output, printed, done } = startDtrain(['--nproc', '2', 'main.ts'], { cwd: folder })
  for (const rank of [0, 1]) await printed(`[${rank}] pid`)
  write({ 'late.ts': 'export const version = 2', 'old.js': 'export const version = 2' })
  for (const [pid] of output().matchAll(/(?<=pid )\d+/g)) process.kill(Number(pid), 'SIGUSR2')
  await printed('[0,1] 1 1')
  launcher.kill('SIGTERM')
  expect((await done).code).toBe(143)
})

test('an error of syntax in what a variable names is that import’s error, with its place', async () => {
  write({
    'main.mts': `const name = './bad.ts'; await import(name).catch(error => console.log(error.name, error.message))`,
    'bad.ts': 'const a: number = 1\nfoo bar\n',
  })
  const { code, stdout } = await runDtrain(['main.mts'], { cwd: folder })
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'SyntaxError bad.ts:2:5: Expected ";" but found "bar"\n  foo bar\n      ^\n',
  })
})

test('who awaits at the top of CommonJS is told what to do', async () => {
  write({ 'bad.ts': 'await null\nfoo bar' })
  const bad = await runDtrain(['--nproc', '2', 'bad.ts'], { cwd: folder })
  expect(bad.stderr).toBe('bad.ts:2:5: Expected ";" but found "bar"\n  foo bar\n      ^\n')
  write({ 'package.json': '{ "type": "commonjs" }', 'main.ts': 'await null' })
  const { code, stderr } = await runDtrain(['--nproc', '2', 'main.ts'], { cwd: folder })
  const advice = 'CommonJS has no top-level await; name the file .mts, or write "type": "module" into package.json'
  expect({ code, stderr }).toEqual({ code: 1, stderr: `main.ts:1:1: ${advice}\n  await null\n  ^\n` })
})

test('an error in CommonJS that a module imports shows the lines of the user alone', async () => {
  write({
    'main.mts': `import { a } from './b.cts'\nconsole.log(a)`,
    'b.cts': `interface A { a: 1 }\nexport const a: A = fail()\nfunction fail(): never { throw new Error('mine') }`,
  })
  const { code, stderr } = await runDtrain(['main.mts'], { cwd: folder })
  const stack = ['Error: mine', '    at fail (b.cts:3:32)', '    at Object.<anonymous> (b.cts:2:21)', '']
  expect({ code, stderr }).toEqual({ code: 1, stderr: `dtrain: rank 0 failed: ${stack.join('\n')}` })
})

test('a module without a newer twin is found in a copy of the project too', async () => {
  write({ 'a/main.ts': `import { b } from './b.js'\nconsole.log(b)`, 'a/b.ts': 'export const b: string = __dirname' })
  cpSync(join(folder, 'a'), join(folder, 'copy'), { recursive: true })
  const { stdout } = await runDtrain(['copy/main.ts'], { cwd: folder })
  expect(stdout).toBe(`${join(folder, 'copy')}\n`)
})
