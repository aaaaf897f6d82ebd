// Says how the job ended, in text and as an exit code. The culprit's stack comes first; the ranks that went down with
// it take one line, because their stacks only repeat that a peer is gone.
import { constants } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Blame } from '../control/rendezvous.ts'
import type { FailureReport } from '../control/wire.ts'
import { abortCause, exhausted } from './limits.ts'
import type { Outcome, RankState } from './supervise.ts'

export interface Verdict {
  /** Exit code of the launcher: the culprit's, or 128 + signal. */
  code: number
  /** Lines for stderr, '' when all went well. */
  text: string
}

/** What else is known about a job that has failed. */
export interface Evidence {
  /** Kills by the kernel meanwhile, because memory had run out. */
  oomKills: number | undefined
  /** What a rank has written last to stderr. */
  lastWords: (rank: number) => string
  /** The limit of a rank's heap. */
  heapMiB: number
  /** Why ranks fail that are not to blame themselves. */
  blamed: Blame[]
}

export function verdict(outcome: Outcome, evidence?: Evidence): Verdict {
  if (outcome.kind === 'finished') return { code: 0, text: '' }
  if (outcome.kind === 'interrupted') {
    return { code: signalCode(outcome.signal), text: `dtrain: stopped by ${outcome.signal}\n` }
  }
  const { culprit, others } = outcome
  const lines = culprit.report
    ? describe(culprit.report, `dtrain: ${opening(culprit, culprit.report, evidence)}: `, shortened)
    : [`dtrain: rank ${culprit.rank} ${ending(culprit, evidence)}`]
  const spent = culprit.report && exhausted(culprit.report.head, evidence?.heapMiB ?? 0)
  if (spent) lines.push(`dtrain: rank ${culprit.rank}: ${spent}`)
  const folded = fold(culprit, others)
  if (folded) lines.push(`dtrain: ${folded}`)
  return { code: exitCode(culprit), text: lines.map(line => `${line}\n`).join('') }
}

/** Who speaks may be a victim of the rank that is to blame, which has not come or has ended everything. */
function opening({ rank }: RankState, { head, code }: FailureReport, evidence: Evidence | undefined): string {
  const applies = ({ reason, rank, by }: Blame) => head.includes(reason) && (rank !== by || code === 'DTRAIN_PEER')
  const blamed = evidence?.blamed.find(applies)?.rank ?? rank
  return blamed === rank ? `rank ${rank} failed` : `rank ${blamed} made rank ${rank} fail`
}

const shownLength = 4000

/** A text that no screen can hold, cut in the middle. */
function shortened(text: string): string {
  if (text.length <= shownLength) return text
  const half = shownLength / 2
  const left = text.length - shownLength
  return `${text.slice(0, half)}\n… ${left} characters are left out here; with --log-dir they are in the rank's log …\n${text.slice(-half)}`
}

/** The report as lines, causes included; paths below the current directory are shortened. */
export function describe(report: FailureReport, opening = '', cut = (text: string) => text, indent = ''): string[] {
  const lines = `${opening}${cut(report.head)}`.split('\n')
  lines.push(...report.frames.map(frame => `    at ${shorten(frame)}`))
  // Node's own errors carry the code in the head.
  if (report.code && !report.head.includes(report.code)) lines.push(`  code: ${report.code}`)
  for (const error of report.errors ?? []) lines.push(...describe(error, '', cut, '  '))
  if (report.cause) lines.push(...describe(report.cause, 'caused by: ', cut, '  '))
  return lines.map(line => indent + line)
}

/** `(file:///home/ann/work/train.ts:3:9)` or `(/home/ann/work/train.ts:3:9)` → `(train.ts:3:9)` */
function shorten(frame: string): string {
  return frame.replace(/(?:file:\/\/)?\/[^)]*/, place => {
    const path = place.startsWith('file:') ? fileURLToPath(place) : place
    const local = relative(process.cwd(), path)
    return local.startsWith('..') ? path : local
  })
}

function ending({ rank, exit }: RankState, evidence: Evidence | undefined): string {
  const words = evidence?.lastWords(rank) ?? ''
  const spent = exhausted(words, evidence?.heapMiB ?? 0)
  if (!exit?.signal) {
    const why = spent ?? (exit?.code === 13 ? 'a top-level await never settled' : undefined)
    return `exited with code ${exit?.code ?? 1}${why ? `: ${why}` : ''}`
  }
  if (exit.signal === 'SIGABRT') {
    const why = spent ?? ['native code gave up', abortCause()].filter(Boolean).join(', ')
    return `was killed by SIGABRT: ${why}`
  }
  if (exit.signal !== 'SIGKILL') return `was killed by ${exit.signal}${crashes[exit.signal] ?? ''}`
  const oomKills = evidence?.oomKills
  if (oomKills) return 'was killed by SIGKILL: the kernel ran out of memory and its OOM killer was at work'
  const counted =
    oomKills === 0 ? '; the kernel counted no out-of-memory kill meanwhile' : ', for instance the out-of-memory killer'
  return `was killed by SIGKILL from outside${counted}`
}

const crashes: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: ': a crash in native code',
  SIGBUS: ': a crash in native code, or no space left in shared memory',
}

function fold(culprit: RankState, others: RankState[]): string {
  const head = culprit.report?.head
  const same = others.filter(({ report }) => head !== undefined && report?.head === head).length
  const stopped = others.filter(
    ({ report, stopped }) => stopped && (report === undefined || report.head !== head),
  ).length
  const victims = others.length - same - stopped - others.filter(({ exit }) => exit?.code === 0).length
  const parts = []
  if (same > 0) parts.push(`${others_(same)} failed with the same error`)
  if (stopped > 0) parts.push(`${others_(stopped)} ${stopped === 1 ? 'was' : 'were'} stopped`)
  if (victims > 0) parts.push(`${others_(victims)} failed with it`)
  return parts.join(', ')
}

const others_ = (count: number) => `${count} other rank${count === 1 ? '' : 's'}`

/** A culprit that had to be killed after its report counts as an ordinary failure. */
function exitCode({ exit, stopped }: RankState): number {
  if (stopped || !exit) return 1
  return exit.signal ? signalCode(exit.signal) : (exit.code ?? 1) || 1
}

export const signalCode = (signal: NodeJS.Signals) => 128 + constants.signals[signal]
