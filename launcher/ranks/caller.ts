// What the launcher takes from whoever started it, which Node and npm hide. Node forgets at its start which signals the
// caller ignores, so that is told by traces of it. npm passes on TERM to its shell, which does not pass it on, and
// nothing else; so a job ends when the npm that started it has ended.
import { readFileSync, readlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { basename } from 'node:path'
import { statOf } from '../../src/proc.ts'

const everyMs = 500

/** Signals that end a job. */
export const endings: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/** Those of them that the caller ignores, as far as it shows: by `nohup`, or by `trap ''` in a shell that is there. */
export function ignoredSignals(): Set<NodeJS.Signals> {
  const ignored = new Set<NodeJS.Signals>()
  if (isUnderNohup()) ignored.add('SIGHUP')
  const caller = parentOf(managers().at(-1) ?? 'self')
  if (!isShell(caller)) return ignored
  const mask = ignoredBy(caller)
  const has = (name: NodeJS.Signals) => (mask >> BigInt(constants.signals[name] - 1)) & 1n
  // A shell with a prompt ignores TERM and QUIT itself, and the signals of its terminal too; what it starts does not.
  const hasPrompt = has('SIGTTOU')
  for (const name of endings) if (has(name) && !(hasPrompt && /TERM|QUIT/.test(name))) ignored.add(name)
  return ignored
}

/** Calls `ended` with the name of the npm, yarn or pnpm that started the job, when it is there no longer. */
export function followManager(ended: (name: string) => void): void {
  const chain = managers()
  if (chain.length === 0) return
  const name = managerOf(chain.at(-1)!)!
  let missed = false
  const timer = setInterval(() => {
    // A second look, since a signal that came to npm and to the launcher may not have been heard here yet.
    if (isWhole(chain)) missed = false
    else if (!missed) missed = true
    else {
      clearInterval(timer)
      ended(name)
    }
  }, everyMs)
  timer.unref()
}

/**
 * The processes from the parent up to a package manager, if they are shells of its making: those are in its process
 * group. A shell with a prompt gives each job a group of its own, as `setsid` does, and is not followed.
 */
function managers(): number[] {
  const chain: number[] = []
  if (process.env.npm_execpath === undefined) return chain
  const group = groupOf('self')
  for (let pid = process.ppid; groupOf(pid) === group; pid = parentOf(pid)) {
    chain.push(pid)
    if (managerOf(pid) !== undefined) return chain
    if (!isShell(pid)) break
  }
  return []
}

const isWhole = (chain: number[]) => chain.every((pid, i) => (i === 0 ? process.ppid : parentOf(chain[i - 1]!)) === pid)

/** `npm` of `npm exec dtrain train.ts`, as npm calls itself, or `yarn` of `node /usr/bin/yarn-4.1.js run train`. */
function managerOf(pid: number): string | undefined {
  const command = read(pid, 'cmdline').split('\0').slice(0, 3)
  return command
    .map(it => /^(?:\S*\/)?(npm|npx|yarn|pnpm|pnpx|bunx?)(?:[-.][\w.-]*)?(?: |$)/.exec(it)?.[1])
    .find(Boolean)
}

/** `nohup` has gone by now: it is what the shell has started last, or has closed the standard input to readers. */
function isUnderNohup(): boolean {
  if (basename(process.env._ ?? '') === 'nohup') return true
  const isNull = attempt(() => readlinkSync('/proc/self/fd/0')) === '/dev/null'
  return isNull && /^flags:\s+\d*1$/m.test(attempt(() => readFileSync('/proc/self/fdinfo/0', 'latin1')) ?? '')
}

const isShell = (pid: number) => /^-?(a|ba|da|k|mk|z)?sh$/.test(read(pid, 'comm').trim())
const ignoredBy = (pid: number) => BigInt(`0x${/^SigIgn:\s+(\w+)$/m.exec(read(pid, 'status'))?.[1] ?? '0'}`)
const parentOf = (pid: number | 'self') => Number(attempt(() => statOf(pid))?.[1] ?? 0)
const groupOf = (pid: number | 'self') => Number(attempt(() => statOf(pid))?.[2] ?? -1)
const read = (pid: number, file: string) => attempt(() => readFileSync(`/proc/${pid}/${file}`, 'latin1')) ?? ''

/** Undefined for a process that has ended, and where there is no /proc. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
