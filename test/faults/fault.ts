// Runs one row of the table: a folder with the programs and the package in its node_modules, a session and a temporary
// directory of its own, then the row's lines of shell. All processes that these start have the folder's name in their
// environment or arguments, so what is left of them is found wherever it has gone.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processesWith, sleep } from '../support/run-dtrain.ts'

export interface Fault {
  /** What is done, in words. */
  name: string
  /** Lines of bash, after those of shell.sh, in a folder with a copy of fixtures/. */
  run: string
  /** The first line on stderr, or if that is empty on stdout. */
  first: string | RegExp
  /** Other things that must be in the output. */
  also?: RegExp[]
  /** What the lines of bash end with. */
  code: number
  /** Seconds from `fault`, or else from the start, until nothing is left. */
  within: number
  /** It measures or fills something, so no other row runs beside it. */
  alone?: true
  /** Without success of this command the row is skipped, with the reason. */
  needs?: [command: string, reason: string]
}

export interface Outcome {
  first: string
  code: number
  seconds: number
  /** Processes and files. */
  left: string[]
  problems: string[]
  output: string
  skipped?: string
}

/** For starting a job, beside the time that the row allows. */
const startSeconds = 30
const here = fileURLToPath(new URL('.', import.meta.url))

/** Tries it on the build of the checkout `root`. */
export async function tryFault(fault: Fault, root: string): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'dtrain-fault-'))
  try {
    prepare(home, root)
    if (fault.needs && (await shell(home, root, fault.needs[0], startSeconds)).code !== 0) {
      return { first: '', code: 0, seconds: 0, left: [], problems: [], output: '', skipped: fault.needs[1] }
    }
    const inShm = new Set(readdirSync('/dev/shm'))
    const { code, started } = await shell(home, root, fault.run, fault.within + startSeconds)
    const read = (name: string) => readFileSync(join(home, name), 'latin1')
    const since = Number(read('fault')) || started
    const left = await settle(home, inShm, since + fault.within * 1000)
    const seconds = (Date.now() - since) / 1000
    // What the row's shell says of its own children is not the job's.
    const [out, err] = [read('out'), read('err').replace(/^bash: line .*\n/gm, '')]
    const first = (err || out).split('\n', 1)[0]!
    const output = err + out
    const problems = compare(fault, { first, code, seconds, left, output })
    return { first, code, seconds, left, problems, output: output.slice(0, 3000) }
  } finally {
    for (const pid of pidsOf(processesWith(home))) kill(pid)
    rmSync(home, { recursive: true, force: true })
  }
}

function compare(fault: Fault, { first, code, seconds, left, output }: Omit<Outcome, 'problems'>): string[] {
  const fits = typeof fault.first === 'string' ? fault.first === first : fault.first.test(first)
  return [
    ...(fits ? [] : [`first line: expected ${fault.first}`]),
    ...(fault.also ?? []).filter(text => !text.test(output)).map(text => `expected ${text} too`),
    ...(code === fault.code ? [] : [`exit code: expected ${fault.code}, got ${code}`]),
    ...(seconds <= fault.within ? [] : [`took ${seconds.toFixed(1)} s, more than ${fault.within} s`]),
    ...left.map(what => `left: ${what.replace(/\n.*/s, ' …')}`),
  ]
}

function prepare(home: string, root: string): void {
  cpSync(join(here, 'fixtures'), join(home, 'work'), { recursive: true })
  mkdirSync(join(home, 'work/node_modules/.bin'), { recursive: true })
  mkdirSync(join(home, 'tmp'))
  writeFileSync(join(home, 'work/package.json'), '{ "type": "module", "private": true }')
  symlinkSync(root, join(home, 'work/node_modules/dtrain'))
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { dtrain: string } }
  symlinkSync(join('../dtrain', bin.dtrain), join(home, 'work/node_modules/.bin/dtrain'))
  for (const name of ['out', 'err', 'fault']) writeFileSync(join(home, name), '')
}

/** Ends after `limit` seconds with whatever still runs. */
async function shell(home: string, root: string, lines: string, limit: number) {
  const started = Date.now()
  const { FORCE_COLOR, NO_COLOR, ...env } = process.env
  for (const name of Object.keys(env)) if (/^(npm_|DTRAIN_)/.test(name)) delete env[name]
  const text = `. ${join(here, 'shell.sh')}\nexec >>"$home/out" 2>>"$home/err"\n${lines}`
  const child = spawn('bash', ['-c', text], {
    cwd: join(home, 'work'),
    env: { ...env, OMP_NUM_THREADS: '1', NODE_DISABLE_COMPILE_CACHE: '1', TMPDIR: join(home, 'tmp'), home, root },
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const timer = setTimeout(() => {
    for (const pid of pidsOf(processesWith(home))) kill(pid)
  }, limit * 1000)
  const code = await new Promise<number>(resolve => child.once('exit', code => resolve(code ?? -1)))
  clearTimeout(timer)
  return { code, started }
}

/** What is left, once that is nothing or it is late. */
async function settle(home: string, inShm: Set<string>, latest: number): Promise<string[]> {
  for (;;) {
    const names = readdirSync('/dev/shm').filter(name => !inShm.has(name) && name.includes('dtrain'))
    const left = [...processesWith(home), ...readdirSync(join(home, 'tmp')), ...names]
    if (left.length === 0 || Date.now() > latest) return left
    await sleep(20)
  }
}

const pidsOf = (lines: string[]) => lines.map(line => Number.parseInt(line, 10))

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Ended meanwhile.
  }
}
