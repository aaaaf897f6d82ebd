// The command from outside: what it prints, its exit code, and that nothing is left behind.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test, vi } from 'vitest'
import { root, runDtrain, sleep, startDtrain } from '../support/run-dtrain.ts'

const fixtures = 'test/launcher/fixtures'
vi.setConfig({ testTimeout: 60_000 })

const clean = { processes: [], files: [] }

test('prefixes, folds, and passes arguments on', async () => {
  const { code, stdout, stderr, leftovers } = await runDtrain([
    '--nproc=3',
    `${fixtures}/hello.ts`,
    '--nproc',
    '9',
    '-x',
    '--',
    'y',
  ])
  expect(stderr).toBe('')
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toBe('[0-2] hello from all')
  expect(lines.slice(1, 4).sort()).toEqual([0, 1, 2].map(rank => `[${rank}] rank ${rank} of 3`))
  expect(lines[4]).toBe('[0-2] ["--nproc","9","-x","--","y"]')
  expect({ code, leftovers }).toEqual({ code: 0, leftovers: clean })
})

test('one rank has no prefix', async () => {
  const { code, stdout } = await runDtrain([`${fixtures}/hello.ts`])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello from all\nrank 0 of 1\n[]\n' })
})

test('what the only rank writes to stdout comes out byte by byte', () => {
  const bytes = [...Buffer.from('a\r\nb\rc\n\r\r\n'), 0, 255, 254, ...Buffer.from(`${'x'.repeat(200_000)}\nno end`)]
  const folder = mkdtempSync(join(tmpdir(), 'bytes-'))
  try {
    writeFileSync(
      join(folder, 'bytes.cjs'),
      `process.stdout.write(Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')); process.exit(3)`,
    )
    const run = (redirect: string) =>
      spawnSync('sh', ['-c', `exec "$0" dist/launcher/cli.js ${folder}/bytes.cjs ${redirect}`, process.execPath], {
        cwd: root,
      })
    const { status, stdout, stderr } = run('')
    expect(status).toBe(3)
    expect(stdout.equals(Buffer.from(bytes))).toBe(true)
    expect(String(stderr)).toBe('dtrain: rank 0 exited with code 3\n')
    // In one file the launcher's words begin a line.
    expect(run('2>&1').stdout.toString('latin1')).toMatch(/\nno end\ndtrain: rank 0 exited with code 3\n$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('--no-fold and --ranks', async () => {
  const all = await runDtrain(['--nproc', '2', '--no-fold', `${fixtures}/hello.ts`])
  expect(all.stdout).toContain('[0] hello from all\n')
  expect(all.stdout).toContain('[1] hello from all\n')
  const some = await runDtrain(['--nproc', '3', '--ranks', '0,2', `${fixtures}/hello.ts`])
  expect(some.stdout).toContain('[0,2] hello from all\n')
  expect(some.stdout).not.toContain('rank 1')
})

test('--log-dir has the complete output of each rank', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logs-'))
  try {
    const { code } = await runDtrain([
      '--nproc',
      '2',
      '--ranks',
      '0',
      '--log-dir',
      join(dir, 'new'),
      `${fixtures}/throw.ts`,
    ])
    expect(code).toBe(1)
    expect(readFileSync(join(dir, 'new/rank-0.log'), 'utf8')).toMatch(/^time \d+\n$/)
    expect(readFileSync(join(dir, 'new/rank-1.log'), 'utf8')).toMatch(/^time \d+\nTypeError: batch of 3\n {4}at step /)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('--trace makes the folder and tells the ranks', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'traces-'))
  try {
    const { stdout, stderr } = await runDtrain(['--trace', 'new/one', join(root, fixtures, 'environment.ts')], {
      cwd: dir,
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout).DTRAIN_TRACE).toBe(join(dir, 'new/one'))
    expect(readdirSync(join(dir, 'new'))).toEqual(['one'])
    const impossible = await runDtrain(['--trace', '/dev/null/traces', `${fixtures}/hello.ts`])
    expect(impossible).toMatchObject({
      code: 1,
      stdout: '',
      stderr: "dtrain: cannot make the folder of --trace: ENOTDIR: not a directory, mkdir '/dev/null/traces'\n",
      leftovers: clean,
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('progress, partial, long and split lines', async () => {
  const { code, stdout, stderr } = await runDtrain(['--nproc', '2', `${fixtures}/output.ts`])
  expect(code).toBe(0)
  expect(stdout).not.toMatch(/\r|50 %/)
  expect(stdout).toContain('[0,1] 100 %\n')
  expect(stdout.match(/grüße €\n/g)!.length).toBeGreaterThan(0)
  expect(stdout).toContain('no end 0\n')
  expect(stdout.match(/x+/g)!.join('').length).toBe(200_000)
  expect(stderr).toBe('[0,1] to stderr\n')
})

// On a busy machine the second rank may come when the first no longer waits.
test('what a rank prints at once stays together, and is merged as a whole', { retry: 2 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logs-'))
  try {
    const { code, stdout, stderr } = await runDtrain(['--nproc', '2', '--log-dir', dir, `${fixtures}/blocks.ts`])
    const own = (rank: number) => [`tensor([[${rank}., 2.],`, '        [5., 6.],', `        [${rank}., 9.]])`]
    const common = ['{', '  common: [', `    '${'x'.repeat(50)}',`, `    '${'y'.repeat(50)}'`, '  ]', '}']
    const block = (ranks: string, lines: string[]) => lines.map(line => `[${ranks}] ${line}\n`).join('')
    const inOrder = (...order: number[]) => order.map(rank => block(String(rank), own(rank))).join('')
    const turns = stdout.split(block('0,1', common))
    expect(turns).toHaveLength(4)
    for (const turn of turns.slice(0, 3)) expect([inOrder(0, 1), inOrder(1, 0)]).toContain(turn)
    for (const rank of [0, 1]) {
      const errors = `rank ${rank}\n  the same\n`
      expect(stderr.split(block(String(rank), errors.trimEnd().split('\n')))).toHaveLength(4)
      // Both streams in one file: only within each is there an order.
      const log = readFileSync(join(dir, `rank-${rank}.log`), 'utf8')
      expect(log.replaceAll(errors, '')).toBe([...own(rank), ...common, ''].join('\n').repeat(3))
    }
    expect(code).toBe(0)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

/** Runs the command with text on its standard input. */
function feed(input: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/launcher/cli.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    input,
  })
  return { status, stdout, stderr }
}

test('the only rank reads standard input; of several, the one that is named', () => {
  const script = `${fixtures}/stdin.ts`
  expect(feed('Ann\nb\nc\n', script)).toEqual({
    status: 0,
    stdout: 'name? rank 0 is Ann\nrank 0 reads b\nrank 0 reads c\n',
    stderr: '',
  })
  expect(feed('Ann\n', '--nproc', '1', script).stdout).toBe('name? rank 0 is Ann\n')
  const second = feed('Ann\nb\n', '--nproc', '2', '--stdin', '1', script)
  const lines = second.stdout.trimEnd().split('\n')
  expect(lines.filter(line => line.startsWith('[1]'))).toEqual(['[1] name? rank 1 is Ann', '[1] rank 1 reads b'])
  expect(lines.filter(line => line.startsWith('[0]'))).toEqual(['[0] name? rank 0 is undefined'])
  const none = feed('Ann\n', '--nproc', '2', script)
  for (const rank of [0, 1]) expect(none.stdout).toContain(`[${rank}] name? rank ${rank} is undefined\n`)
  expect(none.status).toBe(0)
})

test.each([
  ['one rank', [], 'name? '],
  ['one of several', ['--nproc', '2', '--stdin', '0'], 'name? '],
])('a person at a terminal is asked: %s', async (_, flags, prompt) => {
  const command = [process.execPath, 'dist/launcher/cli.js', ...flags, `${fixtures}/stdin.ts`].join(' ')
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  let seen = ''
  terminal.stdout.setEncoding('utf8').on('data', text => {
    seen += text
  })
  const ended = once(terminal, 'close')
  const until = async (text: string) => {
    while (!seen.includes(text)) {
      if (terminal.exitCode !== null) throw new Error(`ended before ${text}:\n${seen}`)
      await sleep(10)
    }
  }
  await until(prompt)
  terminal.stdin.write('Ann\n')
  await until('rank 0 is Ann')
  // The end of a terminal's input.
  terminal.stdin.write('\x04')
  expect((await ended)[0]).toBe(0)
})

test('what the only rank prints on a terminal wipes its live line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-'))
  try {
    const live = `process.stderr.write('50 %\\r'); setTimeout(() => console.log('line'), 100)`
    writeFileSync(join(folder, 'live.cjs'), `${live}; setTimeout(() => {}, 200)`)
    const command = `'${process.execPath}' dist/launcher/cli.js ${folder}/live.cjs`
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: root, encoding: 'utf8', input: '' })
    const wipe = '\r\x1b[2K'
    expect(stdout.slice(stdout.indexOf('50'))).toBe(`50 %${wipe}line\r\n50 %${wipe}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a job in the background of a terminal leaves what is typed to the shell', async () => {
  const terminal = spawn('script', ['-qec', 'bash --norc -i', '/dev/null'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let seen = ''
  terminal.stdout.setEncoding('utf8').on('data', text => {
    seen += text
  })
  const ended = once(terminal, 'close')
  terminal.stdin.write(`'${process.execPath}' dist/launcher/cli.js ${fixtures}/stdin.ts &\n`)
  await vi.waitFor(() => expect(seen).toContain('name? rank 0 is undefined'), { timeout: 10_000 })
  terminal.stdin.write('echo "the $((40 + 2)) is typed"; wait; exit\n')
  await ended
  expect(seen).toContain('the 42 is typed')
})

test('a flood arrives complete and in order', async () => {
  const { code, stdout } = await runDtrain(['--nproc', '2', `${fixtures}/flood.ts`, '20000'])
  expect(code).toBe(0)
  for (const rank of [0, 1]) {
    const numbers = [...stdout.matchAll(new RegExp(`^\\[${rank}\\] line (\\d+) of ${rank} `, 'gm'))].map(match =>
      Number(match[1]),
    )
    expect(numbers).toEqual([...Array(20_000).keys()])
  }
})

test('a reader who leaves ends the job', async () => {
  const { launcher, printed, done } = startDtrain(['--nproc', '2', `${fixtures}/flood.ts`])
  await printed('line 1 of')
  launcher.stdout!.destroy()
  const { code, leftovers } = await done
  expect({ code, leftovers }).toEqual({ code: 141, leftovers: clean })
})

test.each([
  ['that ends soon', 'hello.ts'],
  ['that would print for ever', 'flood.ts'],
])('a full disk ends a job %s, and says so', (_, script) => {
  const command = `exec "$0" dist/launcher/cli.js --nproc 2 ${fixtures}/${script} >/dev/full`
  const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath], { cwd: root, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'dtrain: cannot write to stdout: ENOSPC: no space left on device, write\n',
  })
})

test('a full disk under --help, or a reader who has left, is no accident of Node', () => {
  const run = (command: string) => spawnSync('bash', ['-c', command, process.execPath], { cwd: root, encoding: 'utf8' })
  const full = run('exec "$0" dist/launcher/cli.js --help >/dev/full')
  expect([full.status, full.stderr]).toEqual([
    1,
    'dtrain: cannot write to stdout: ENOSPC: no space left on device, write\n',
  ])
  const left = run('set -o pipefail; "$0" dist/launcher/cli.js --help | true')
  expect([left.status, left.stderr]).toEqual([141, ''])
})

test('a slow reader makes the ranks wait', async () => {
  const { launcher, printed, done } = startDtrain(['--nproc', '2', `${fixtures}/flood.ts`])
  await printed('line 1 of')
  launcher.stdout!.pause()
  await new Promise(resolve => setTimeout(resolve, 1500))
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${launcher.pid}/status`, 'utf8'))![1])
  launcher.kill('SIGTERM')
  launcher.stdout!.resume()
  expect((await done).code).toBe(143)
  expect(peak).toBeLessThan(300 * 1024)
})

test('import.meta, JSON, CommonJS, packages and class names are as in the source', async () => {
  const { code, stdout } = await runDtrain([`${fixtures}/paths.ts`])
  const dir = join(root, fixtures)
  const at = (name: string) => join(dir, name)
  expect(stdout.split('\n')).toEqual([
    `${pathToFileURL(at('paths.ts')).href} ${at('paths.ts')} ${dir} ${at('paths.ts')}`,
    pathToFileURL(at('twin.ts')).href,
    at('commonjs.cjs'),
    '42 function Twin Twin dtrain',
    '42 true',
    '',
  ])
  expect(code).toBe(0)
})

test('JavaScript scripts of every kind run', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'scripts-'))
  try {
    writeFileSync(join(dir, 'a.mjs'), 'console.log(import.meta.filename)')
    writeFileSync(join(dir, 'a.cjs'), 'console.log(__filename, require.main === module)')
    writeFileSync(join(dir, 'a.js'), 'console.log(__filename, require("node:path").sep)')
    writeFileSync(join(dir, 'a.mts'), 'const file: string = import.meta.filename; console.log(file)')
    writeFileSync(join(dir, 'plain'), 'console.log(__filename, require.main === module)')
    writeFileSync(join(dir, 'module'), 'export {}\nconsole.log(import.meta.filename)')
    const output = async (name: string) => (await runDtrain([join(dir, name)])).stdout
    expect(await output('a.mjs')).toBe(`${join(dir, 'a.mjs')}\n`)
    expect(await output('a.cjs')).toBe(`${join(dir, 'a.cjs')} true\n`)
    expect(await output('a.js')).toBe(`${join(dir, 'a.js')} /\n`)
    expect(await output('a.mts')).toBe(`${join(dir, 'a.mts')}\n`)
    expect(await output('plain')).toBe(`${join(dir, 'plain')} true\n`)
    expect(await output('module')).toBe(`${join(dir, 'module')}\n`)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a script that does not compile starts no rank', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'scripts-'))
  try {
    writeFileSync(join(dir, 'bad.ts'), 'console.log("started")\nconst a: number = 1\n\tfoo bar\n')
    const bad = await runDtrain(['--nproc', '2', 'bad.ts'], { cwd: dir })
    expect(bad.stderr).toBe('bad.ts:3:6: Expected ";" but found "bar"\n  \tfoo bar\n  \t    ^\n')
    expect(bad).toMatchObject({ code: 1, stdout: '', leftovers: clean })

    writeFileSync(join(dir, 'bad.cjs'), '#!/usr/bin/env node\nconst a = 1\n\tfoo bar\n')
    const commonjs = await runDtrain(['--nproc', '2', 'bad.cjs'], { cwd: dir })
    expect(commonjs.stderr).toBe("bad.cjs:3:6: Unexpected identifier 'bar'\n  \tfoo bar\n  \t    ^\n")
    expect(commonjs).toMatchObject({ code: 1, stdout: '', leftovers: clean })

    writeFileSync(join(dir, 'lost.ts'), "import x from 'no-such-package'\nconsole.log(x)\n")
    const lost = await runDtrain(['lost.ts'], { cwd: dir })
    expect(lost.stderr).toMatch(
      /^dtrain: rank 0 failed: Error: Cannot find module 'no-such-package'\n.*\(lost\.ts:1:15\)/s,
    )
    expect(lost.code).toBe(1)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('wrong input is one sentence and exit code 2', async () => {
  const missing = await runDtrain(['--nproc', '2', 'nowhere.ts'])
  expect(missing).toMatchObject({ code: 2, stdout: '', stderr: 'dtrain: script not found: nowhere.ts\n' })
  const unknown = await runDtrain(['--nprc', '2', `${fixtures}/hello.ts`])
  expect(unknown).toMatchObject({
    code: 2,
    stdout: '',
    stderr: "dtrain: unknown option '--nprc'. Did you mean --nproc?\n",
  })
})
