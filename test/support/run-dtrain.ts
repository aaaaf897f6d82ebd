// Runs the built `dtrain` command for a test, and finds what it leaves behind. Every run has a private temporary
// directory as TMPDIR: all processes of the job inherit it or have it in their arguments, so none can hide.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const cli = join(root, 'dist/launcher/cli.js')

export interface RunOptions {
  cwd?: string
  /** Added to the environment. */
  env?: NodeJS.ProcessEnv
  /** The launcher is killed after this time. */
  limitMs?: number
}

export interface Result {
  /** Exit code, or 128 + signal as a shell has it. */
  code: number
  stdout: string
  stderr: string
  /** From start to the end of all output. */
  ms: number
  /** Living processes of the job and files in its temporary directory: both must be empty. */
  leftovers: { processes: string[]; files: string[] }
}

/** `const { code, stdout } = await runDtrain(['--nproc', '2', 'train.ts'])` */
export const runDtrain = (args: string[], options?: RunOptions): Promise<Result> => startDtrain(args, options).done

export interface Running {
  launcher: ChildProcess
  /** Everything printed so far. */
  output: () => string
  /** Waits until the text has been printed. */
  printed: (text: string) => Promise<void>
  /** What is in its temporary directory. */
  files: () => string[]
  done: Promise<Result>
}

/** For tests that interfere while the job runs. */
export function startDtrain(args: string[], { cwd = root, env = {}, limitMs = 30_000 }: RunOptions = {}): Running {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: run npm run build:ts`)
  const mark = mkdtempSync(join(tmpdir(), 'dtrain-test-'))
  const { FORCE_COLOR, ...inherited } = process.env
  const start = performance.now()
  const launcher = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { ...inherited, TMPDIR: mark, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const limit = setTimeout(() => launcher.kill('SIGKILL'), limitMs)
  const text = { stdout: '', stderr: '' }
  launcher.stdout.setEncoding('utf8').on('data', chunk => (text.stdout += chunk))
  launcher.stderr.setEncoding('utf8').on('data', chunk => (text.stderr += chunk))
  const output = () => text.stdout + text.stderr

  const done = new Promise<Result>(resolve => {
    launcher.once('close', async (code, signal) => {
      clearTimeout(limit)
      const ms = performance.now() - start
      const leftovers = await settle(mark)
      rmSync(mark, { recursive: true, force: true })
      resolve({ ...text, code: signal ? 128 + signals[signal]! : code!, ms, leftovers })
    })
  })
  const printed = async (wanted: string) => {
    while (!output().includes(wanted)) {
      if (launcher.exitCode !== null) throw new Error(`ended before printing ${wanted}:\n${output()}`)
      await sleep(10)
    }
  }
  return { launcher, output, printed, files: () => readdirSync(mark), done }
}

const signals: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 }

export const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** The guard needs a moment after the launcher's end. */
async function settle(mark: string): Promise<Result['leftovers']> {
  for (let tries = 0; ; tries++) {
    const leftovers = { processes: processesWith(mark), files: readdirSync(mark) }
    if (tries === 200 || leftovers.processes.length + leftovers.files.length === 0) return leftovers
    await sleep(10)
  }
}

/** Command lines of living processes that have the text in their arguments or environment. */
export function processesWith(mark: string): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      // A zombie has neither arguments nor environment.
      if (`${command}${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(mark)) found.push(`${pid} ${command}`)
    } catch {
      // Ended meanwhile.
    }
  }
  return found
}
