// `dtrain init`: what it makes runs with npm as it is, has no type errors, gives the same losses on one rank and on
// two, and goes on after an interruption. What it refuses, it leaves as it was.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, runDtrain, startDtrain } from '../support/run-dtrain.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain init-')) // with a space
afterAll(() => rmSync(home, { recursive: true }))

const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const made = ['.gitignore', 'README.md', 'package.json', 'train.ts', 'tsconfig.json']
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** A folder with files in it. */
function folder(name: string, files: Record<string, string> = {}): string {
  mkdirSync(join(home, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(home, name, file), text)
  return join(home, name)
}

const init = (cwd: string, ...args: string[]) => runDtrain(['init', ...args], { cwd })

describe('the project', () => {
  const project = join(home, 'My spiral')
  /** As `npm install` would, from this tree. */
  function install() {
    const modules = join(project, 'node_modules')
    for (const [name, target] of [
      ['dtrain', '.'],
      ['typescript', 'node_modules/typescript'],
      ['@types/node', 'node_modules/@types/node'],
      ['.bin/dtrain', 'dist/launcher/cli.js'],
      ['.bin/tsc', 'node_modules/typescript/bin/tsc'],
    ]) {
      mkdirSync(dirname(join(modules, name!)), { recursive: true })
      symlinkSync(join(root, target!), join(modules, name!))
    }
  }
  const npm = async (...args: string[]) => (await promisify(execFile)('npm', args, { cwd: project })).stdout
  const losses = (printed: string) => printed.match(/epoch .*\n/g) ?? []
  const start = (...args: string[]) => startDtrain(['train.ts', '--epochs', '60', ...args], { cwd: project })
  let whole: string[]

  beforeAll(async () => {
    const { code, stdout, stderr } = await init(home, 'My spiral')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      "Made My spiral: a small training, train.ts. Next:\n  cd 'My spiral'\n  npm install\n  npm start\n" +
        '  npm run train -- --nproc 2\n',
    )
    install()
    whole = losses((await start().done).stdout)
  })

  test('is what this dtrain needs', () => {
    expect(readdirSync(project).sort()).toEqual([...made, 'node_modules', 'outputs'].sort())
    const { typescript, '@types/node': types } = ours.devDependencies
    expect(manifestOf(project)).toMatchObject({
      ...{ name: 'my-spiral', private: true, type: 'module', dependencies: { dtrain: ours.version } },
      devDependencies: { typescript: `^${typescript}`, '@types/node': `^${types}` },
    })
    expect(readFileSync(join(project, 'README.md'), 'utf8').split('\n', 1)).toEqual(['# my-spiral'])
  })

  test('has no type errors, and the same losses on one rank and on two', async () => {
    await npm('run', 'types')
    const one = await npm('start')
    const two = await npm('run', 'train', '--', '--nproc', '2')
    expect(losses(one).length).toBe(30)
    expect(losses(one).at(-1)).toMatch(/^epoch 30: loss 0\.0\d+, validation 0\.0\d+, (99|100)\.\d+ %\n$/)
    expect(losses(two)).toEqual(losses(one))
    expect(readdirSync(join(project, 'outputs')).sort()).toEqual(['losses.svg', 'model.pth'])
  })

  test.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s, with the losses of a training in one go',
    async signal => {
      const first = start()
      await first.printed('epoch 3:')
      first.launcher.kill(signal)
      const before = losses((await first.done).stdout)
      const after = losses((await start().done).stdout)
      expect(before).toEqual(whole.slice(0, before.length))
      expect(after).toEqual(whole.slice(-after.length))
      // A launcher that is killed may have a line that it has not printed yet.
      expect(before.length + after.length).toBeGreaterThanOrEqual(whole.length - 1)
      expect(after.length).toBeLessThan(whole.length - 1)
    },
  )
})

describe('a folder where dtrain has been installed', () => {
  test('keeps its package.json, which gets what is missing', async () => {
    const old = { name: 'mine', type: 'commonjs', scripts: { test: 'exit 1' }, dependencies: { dtrain: 'file:d.tgz' } }
    const here = folder('installed', { 'package.json': JSON.stringify({ ...old, license: 'ISC' }), 'yarn.lock': '' })
    mkdirSync(join(here, 'node_modules'))
    const { stdout } = await init(here)
    expect(stdout).toBe(
      'Made a project here: a small training, train.ts. Next:\n  npm install\n  npm start\n  npm run train -- --nproc 2\n',
    )
    expect(readdirSync(here).sort()).toEqual([...made, 'node_modules', 'yarn.lock'].sort())
    expect(manifestOf(here)).toMatchObject({
      ...{ name: 'mine', license: 'ISC', type: 'module', dependencies: old.dependencies },
      scripts: { test: 'exit 1', start: 'dtrain train.ts', types: 'tsc' },
    })
  })

  test('has the commands of the package manager that has called', async () => {
    const here = folder('by-pnpm')
    const env = { npm_config_user_agent: 'pnpm/10.0.0 npm/? node/v20.20.2 linux x64' }
    const { stdout } = await runDtrain(['init', '--yes'], { cwd: here, env })
    expect(stdout).toMatch(/Next:\n {2}pnpm install\n {2}pnpm start\n {2}pnpm train --nproc 2\n$/)
    const texts = readFileSync(join(here, 'README.md'), 'utf8') + readFileSync(join(here, 'train.ts'), 'utf8')
    expect(texts).not.toMatch(/(?<!p)npm/)
    expect(texts.match(/pnpm start --epochs 100/g)).toHaveLength(2)
  })

  test('is where a new folder gets dtrain from', async () => {
    const dependencies = { dtrain: 'file:../d.tgz', 'dtrain-linux-x64': 'file:/p.tgz', other: '1.0.0' }
    const here = folder('caller', { 'package.json': JSON.stringify({ dependencies }) })
    await init(here, 'a/b', '--name', '@scope/b')
    expect(manifestOf(join(here, 'a/b'))).toMatchObject({
      name: '@scope/b',
      dependencies: { dtrain: 'file:../../../d.tgz', 'dtrain-linux-x64': 'file:/p.tgz' },
    })
  })
})

describe('refused', () => {
  const full = folder('full', { 'train.ts': 'mine', b: '', c: '', d: '', e: '', f: '', g: '' })
  const files = 'b, c, d, e, f, and 2 more'
  const rule = 'a name has lower-case letters, digits, and - . _ not at its start, such as my-training'
  const depends = 'a package cannot have the name of one that it depends on'
  const cases: [args: string[], message: string, code: number][] = [
    [['full'], `full is not empty: it has ${files}; name another folder, or type --force`, 1],
    [['full/b'], `${join(full, 'b')} is a file`, 1],
    [['new', '--name', 'My Name'], `--name 'My Name': ${rule}`, 1],
    [['new', '--name', '.dot'], `--name '.dot': ${rule}`, 1],
    [['new', '--name', 'dtrain'], `--name 'dtrain': ${depends}`, 1],
    [['new', '--name', 'typescript'], `--name 'typescript': ${depends}`, 1],
    [['new', '--name', 'node_modules'], "--name 'node_modules': npm does not allow that name", 1],
    [['new', '--name', 'x'.repeat(215)], `--name '${'x'.repeat(215)}': a name has at most 214 characters`, 1],
    [['broken'], `${join(home, 'broken/package.json')} is not valid JSON`, 1],
    [['new', '--nam', 'x'], "unknown option '--nam'. Did you mean --name?", 2],
    [['a', 'b'], 'too many arguments. Expected 1 argument but got 2.', 2],
  ]

  test('each in one sentence, and nothing is written', async () => {
    folder('broken', { 'package.json': '{' })
    for (const [args, message, code] of cases) {
      expect(await init(home, ...args)).toMatchObject({ code, stdout: '', stderr: `dtrain: init: ${message}\n` })
    }
    expect(readdirSync(home)).not.toContain('new')
    expect(readdirSync(join(home, 'broken'))).toEqual(['package.json'])
    expect(readdirSync(full).length).toBe(7)
  })

  test('unless --force', async () => {
    expect(await init(full, '--force')).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(full, 'train.ts'), 'utf8')).toContain('DataParallel')
    expect(readdirSync(full)).toEqual(expect.arrayContaining([...made, 'b']))
  })
})

describe('on a terminal', () => {
  /** `script` gives the command a terminal; each answer is typed when the question is there. */
  async function typed(args: string, answers: string[]): Promise<{ code: number; shown: string }> {
    const command = `${process.execPath} ${join(root, 'dist/launcher/cli.js')} init ${args}`
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd: home })
    const limit = setTimeout(() => terminal.kill('SIGKILL'), 20_000)
    let shown = ''
    terminal.stdout.on('data', chunk => {
      shown += chunk
      if (`${chunk}`.includes('Name of the project')) terminal.stdin.write(answers.shift() ?? '\x04')
    })
    const code = await new Promise<number>(resolve => terminal.once('close', resolve))
    clearTimeout(limit)
    return { code, shown }
  }

  test('it asks for the name until it is one', async () => {
    const { code, shown } = await typed('asked', ['My Name\n', 'answer\n'])
    expect([code, shown]).toEqual([0, expect.stringContaining('Name of the project (asked): ')])
    expect(shown).toContain('a name has lower-case letters')
    expect(manifestOf(join(home, 'asked')).name).toBe('answer')
    expect((await typed('default', ['\n'])).code).toBe(0)
    expect(manifestOf(join(home, 'default')).name).toBe('default')
  })

  test('--yes asks nothing, and Ctrl-C makes nothing', async () => {
    const { code, shown } = await typed('unasked --yes', [])
    expect([code, shown]).toEqual([0, expect.not.stringContaining('Name of')])
    expect((await typed('never', ['\x03'])).code).toBe(130)
    expect(readdirSync(home)).not.toContain('never')
  })
})
