// A job in processes of its own, for whoever runs many of them: the same as `dtrain --nproc 2 train.ts` on a command
// line. Whatever happens to its ranks is an answer and no more. It ends with this process (DTRAIN_SEARCH_PID).
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Launched {
  /** Of the launcher; -1 if a signal has ended it. */
  code: number
  /** The time was up. */
  late: boolean
  /** What the launcher says of the rank that failed, or the compiler of the script. */
  reason?: string
  /** The launcher has refused its arguments, so nothing has run. */
  refused: boolean
}

const launcher = fileURLToPath(new URL('../../launcher/cli.js', import.meta.url))
const mostKept = 1 << 16

/**
 * Runs `dtrain`, for so many seconds at most. What ranks print is lost.
 * @throws the reason of the signal, which ends it, when nothing is left of it
 */
export async function runLauncher(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  seconds: number,
  signal?: AbortSignal,
): Promise<Launched> {
  signal?.throwIfAborted()
  const child = spawn(process.execPath, [launcher, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DTRAIN_SEARCH_PID: String(process.pid), ...env },
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', chunk => {
    text = (text + chunk).slice(-mostKept)
  })
  let late = false
  const end = () => child.kill('SIGTERM')
  const timer = setTimeout(() => {
    late = end()
  }, seconds * 1000)
  signal?.addEventListener('abort', end)
  try {
    const code = await new Promise<number>((ended, failed) => {
      child.once('error', failed)
      child.once('close', (code, signal) => ended(signal === null ? code! : -1))
    })
    signal?.throwIfAborted()
    return { code, late, ...(code !== 0 && !late ? reasonOf(text, code) : { refused: false }) }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

function reasonOf(stderr: string, code: number): { reason: string; refused: boolean } {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const verdict = lines.findLast(line => /^dtrain: rank \d+ /.test(line))
  const refused = verdict === undefined && code === 2
  const line = verdict ?? (refused ? lines.at(-1) : lines[0]) ?? `the launcher ended with code ${code}`
  return { reason: line.replace(/^dtrain: /, ''), refused }
}

/** CUDA_VISIBLE_DEVICES of the n-th group of so many GPUs, of those that this process sees. */
export function gpusOf(group: number, count: number): string {
  const visible = process.env.CUDA_VISIBLE_DEVICES?.split(',').map(entry => entry.trim())
  const first = group * count
  const numbers = Array.from({ length: count }, (_, i) => String(first + i))
  return (visible?.slice(first, first + count) ?? numbers).join(',')
}
