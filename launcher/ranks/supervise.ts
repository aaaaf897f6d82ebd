// Waits for the ranks and decides how the job ended. The first rank that fails of its own cause is the culprit; the
// others are stopped and only counted. A failure that says "my peer is gone" (DTRAIN_PEER) is a consequence, so the
// judgement then waits a moment for the cause: the kernel may report the peer's death after the peer's victims do.

import { statOf } from '../../src/proc.ts'
import type { FailureReport } from '../control/wire.ts'
import { signal } from './descendants.ts'

/** On a busy machine what fails first may be the last that has a turn to say so. */
const judgeMs = 500
/** Signals as close as this are one wish. */
const echoMs = 300
/** A process with much memory may be dead for seconds before its parent hears of it. */
const dyingMs = 10_000
const peerKillMs = 1000

export interface RankState {
  rank: number
  /** Also the number of its process group. Undefined when it could not be started. */
  pid: number | undefined
  exit?: { code: number | null; signal: NodeJS.Signals | null }
  report?: FailureReport
  /** The launcher told it to stop, so how it ends says nothing. */
  stopped: boolean
}

export type Outcome =
  | { kind: 'finished' }
  | { kind: 'interrupted'; signal: NodeJS.Signals }
  | { kind: 'failed'; culprit: RankState; others: RankState[] }

export class Supervisor {
  readonly ended: Promise<Outcome>
  private readonly ranks: RankState[] = []
  /** In order of time. */
  private readonly failures: RankState[] = []
  private culprit: RankState | undefined
  private interruption: NodeJS.Signals | undefined
  private interruptedAt: number | undefined
  private readonly timers: NodeJS.Timeout[] = []
  private resolve!: (outcome: Outcome) => void

  constructor(
    private readonly count: number,
    private readonly graceMs: number,
    /** Nothing is to be waited for any longer. */
    private readonly onImpatience: () => void = () => {},
  ) {
    this.ended = new Promise(resolve => {
      this.resolve = resolve
    })
  }

  started(rank: number, pid: number | undefined): void {
    this.ranks.push({ rank, pid, stopped: false })
  }

  failed(rank: number, report: FailureReport): void {
    const state = this.ranks.find(state => state.rank === rank)
    if (!state || state.report) return
    state.report = report
    this.suspect(state)
  }

  exited(rank: number, code: number | null, signal: NodeJS.Signals | null): void {
    const state = this.ranks.find(state => state.rank === rank)
    if (!state || state.exit) return
    state.exit = { code, signal }
    if (code !== 0) this.suspect(state)
    if (this.ranks.filter(({ exit }) => exit).length === this.count) this.finish()
  }

  get interrupted(): NodeJS.Signals | undefined {
    return this.interruption
  }

  /** Forwards a signal to all ranks. When the grace is over, or a second signal comes, nothing is waited for. */
  interrupt(name: NodeJS.Signals): void {
    if (this.interruptedAt !== undefined) {
      if (!this.isEcho(name)) this.giveUp()
      return
    }
    this.interruptedAt = performance.now()
    setTimeout(() => this.giveUp(), this.graceMs)
    if (this.culprit) {
      this.kill()
      return
    }
    this.interruption = name
    // Node ignores SIGPIPE.
    this.stop(this.ranks, name === 'SIGPIPE' ? 'SIGTERM' : name)
  }

  /** Stops all ranks, or lets them go on. Not by SIGTSTP: the kernel ignores that for a group without a terminal. */
  pause(on: boolean): void {
    for (const { exit, pid } of this.ranks) {
      if (!exit && pid !== undefined) signal(-pid, on ? 'SIGSTOP' : 'SIGCONT')
    }
  }

  private suspect(state: RankState): void {
    if (state.stopped || this.culprit || this.interruption) return
    if (!this.failures.includes(state)) this.failures.push(state)
    if (this.failures.every(isVictim)) this.after(judgeMs, () => this.judgeVictims(performance.now() + dyingMs))
    else this.judge()
  }

  private judgeVictims(latest: number): void {
    const dying = this.ranks.some(({ exit, pid }) => !exit && pid !== undefined && isDead(pid))
    if (dying && performance.now() < latest) this.after(judgeMs, () => this.judgeVictims(latest))
    else this.judge()
  }

  private judge(): void {
    if (this.culprit || this.interruption) return
    this.culprit = this.failures.find(state => !isVictim(state)) ?? this.failures[0]!
    // The culprit ends by itself, with its own exit code.
    this.stop(
      this.ranks.filter(state => state !== this.culprit),
      'SIGTERM',
    )
    this.after(peerKillMs, () => this.kill())
  }

  private stop(ranks: RankState[], name: NodeJS.Signals): void {
    for (const state of ranks) {
      if (state.exit || state.pid === undefined) continue
      state.stopped = true
      signal(-state.pid, name)
    }
  }

  /**
   * One wish may come as several signals: `timeout` and a terminal send theirs to the group too, npm passes on what the
   * group has got, a shell tells its jobs what the kernel has told them. And a reader who leaves is in no hurry.
   */
  private isEcho(name: NodeJS.Signals): boolean {
    return name === 'SIGHUP' || name === 'SIGPIPE' || performance.now() - this.interruptedAt! < echoMs
  }

  private giveUp(): void {
    this.kill()
    this.onImpatience()
  }

  private kill(): void {
    this.stop(this.ranks, 'SIGKILL')
  }

  private after(ms: number, action: () => void): void {
    this.timers.push(setTimeout(action, ms))
  }

  private finish(): void {
    // All ranks may be gone before the moment of judgement.
    if (this.failures.length > 0) this.judge()
    for (const timer of this.timers) clearTimeout(timer)
    const { culprit, interruption } = this
    if (interruption) this.resolve({ kind: 'interrupted', signal: interruption })
    else if (!culprit) this.resolve({ kind: 'finished' })
    else this.resolve({ kind: 'failed', culprit, others: this.ranks.filter(state => state !== culprit) })
  }
}

function isDead(pid: number): boolean {
  try {
    return /[ZX]/.test(statOf(pid)[0]!)
  } catch {
    return false // gone altogether, or no /proc
  }
}

/** Failed because another rank is gone. */
const isVictim = ({ report }: RankState) => report !== undefined && blamesPeer(report)

function blamesPeer({ code, cause }: FailureReport): boolean {
  return code === 'DTRAIN_PEER' || (cause !== undefined && blamesPeer(cause))
}
