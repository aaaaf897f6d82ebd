// How many files may be open at a time. Node raises the limit as far as it may by itself, so what it then has is all.
import { readFileSync } from 'node:fs'

/** Of any command, and of a rank before its script begins. */
const forNode = 40
/** The launcher has three pipes to each rank, and a log. */
const forLauncher = 32
const forRank = 3

/** For the end of a sentence: the limit and how to raise it. */
export function fileLimit(): { most: number; text: string } {
  const most = Number(/^Max open files +(\d+)/m.exec(limits())?.[1] ?? Number.POSITIVE_INFINITY)
  const raise = 'type ulimit -n 4096, as root or where the service (LimitNOFILE) or the container (--ulimit) is started'
  return { most, text: `at most ${most} files may be open at a time; ${raise}` }
}

/** Why a command cannot run, or a job of so many ranks. */
export function tooFewFiles(ranks = 0, logs = 0): string | undefined {
  const needed = Math.max(forNode, ranks && forLauncher + forRank * ranks + logs)
  const { most, text } = fileLimit()
  if (most >= needed) return undefined
  const who = ranks > 0 ? `a job of ${ranks} rank${ranks === 1 ? '' : 's'}` : 'a command'
  return `${who} needs ${needed} open files, but ${text}`
}

function limits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1')
  } catch {
    return ''
  }
}
