// One run from start to end. Whatever happens in between, the way out is the same: no process is left, and all output
// is written. No file is made that would have to go: what ranks read has no name
// (control/shm.ts). The guard starts before anything that would need cleaning up.
import { randomUUID } from 'node:crypto'
import { closeSync } from 'node:fs'
import { DtrainError } from '../src/errors.ts'
import { emulationNotice, env } from '../src/job/env.ts'
import { CompileError, takeSnapshot } from './bundle/snapshot.ts'
import { freePort } from './control/port.ts'
import { Rendezvous } from './control/rendezvous.ts'
import { markEnded, openSegment, openUnnamed, readAbort } from './control/shm.ts'
import type { RunOptions } from './options/options.ts'
import { makeFolder } from './output/folders.ts'
import { Logs } from './output/logs.ts'
import { neverBlock, Screen } from './output/screen.ts'
import { endings, followManager, ignoredSignals } from './ranks/caller.ts'
import { killDescendants, signal } from './ranks/descendants.ts'
import { Guard } from './ranks/guard.ts'
import { heapMiB, processLimit } from './ranks/limits.ts'
import { oomKills } from './ranks/oom.ts'
import { watchSilence } from './ranks/silence.ts'
import { channelOf, type Job, spawnRank } from './ranks/spawn.ts'
import { Supervisor } from './ranks/supervise.ts'
import { describe, type Verdict, verdict } from './ranks/verdict.ts'

const orphanCheckMs = 500

/** Runs the job and returns the exit code of the launcher. */
export async function launch(options: RunOptions): Promise<number> {
  const supervisor = new Supervisor(options.nproc, options.grace * 1000, () => screen.giveUp())
  const ignored = ignoredSignals()
  let hungUp = false
  const interrupt = (name: NodeJS.Signals) => {
    supervisor.interrupt(name)
    screen.keep()
  }
  for (const name of endings) {
    process.on(name, () => {
      if (name === 'SIGHUP') hungUp = true
      if (!ignored.has(name)) interrupt(name)
    })
  }
  // Ctrl-Z stops the job with its launcher, `fg` and `bg` let it go on.
  process.on('SIGTSTP', () => {
    supervisor.pause(true)
    process.kill(process.pid, 'SIGSTOP')
  })
  process.on('SIGCONT', () => supervisor.pause(false))
  // The job of a search ends with it, even by kill -9.
  const search = env('DTRAIN_SEARCH_PID')
  const checkParent = () => process.ppid !== search && supervisor.interrupt('SIGKILL')
  if (search !== undefined) setInterval(checkParent, orphanCheckMs).unref()
  // As a shell would: who closes the pipe ends the job, instead of letting it compute for nobody.
  const screen = new Screen(process, () => supervisor.interrupt('SIGPIPE'))
  const note = (text: string) => screen.note(`dtrain: ${text}\n`)
  followManager(name => {
    // Or a lost connection has ended it, of which the job is not to take notice.
    if (supervisor.interrupted || (hungUp && ignored.has('SIGHUP'))) return
    note(`${name}, which started the job, has ended, so the job is stopped`)
    interrupt('SIGTERM')
  })
  if (options.emulate) note(emulationNotice)
  const { misplaced } = options
  if (misplaced.length > 0) {
    const are = misplaced.length > 1 ? ['stand', 'they belong'] : ['stands', 'it belongs']
    note(
      `${misplaced.join(' and ')} ${are[0]} after the script, so ${are[1]} to the script; flags of dtrain stand before it`,
    )
  }

  try {
    if (options.trace !== undefined) makeFolder(options.trace)
  } catch (error) {
    note(`cannot make the folder of --trace: ${(error as Error).message}`)
    await screen.flushed()
    return 1
  }
  const id = randomUUID()
  const guard = new Guard(id)
  const rendezvous = new Rendezvous(options.nproc, options.timeout, (rank, report) => supervisor.failed(rank, report))
  const parts = { supervisor, screen, rendezvous, guard }
  let ending: Verdict
  try {
    const [snapshot, port] = await Promise.all([takeSnapshot(options.script), freePort()])
    const code = openUnnamed('the compiled script', Buffer.from(JSON.stringify([...snapshot])))
    // Spawning is synchronous, so a signal comes either before the first rank or after the last.
    if (supervisor.interrupted) ending = stopped(supervisor.interrupted)
    else {
      const segment = openSegment(options.nproc)
      ending = await run({ id, options, segment, code, port, ignored: [...ignored] }, parts)
    }
  } catch (error) {
    // Ctrl-C reaches the compiler too, and it then fails for no reason of its own.
    if (supervisor.interrupted) ending = stopped(supervisor.interrupted)
    else if (error instanceof CompileError) ending = { code: 1, text: `${error.message}\n` }
    else if (error instanceof DtrainError || isSystemError(error))
      ending = { code: 1, text: `dtrain: ${error.message}\n` }
    else if (compilerDied(error)) ending = { code: 1, text: `dtrain: ${compilerDied(error)}\n` }
    else throw error
  } finally {
    killDescendants(id)
    rendezvous.close()
    guard.end()
  }
  if (screen.failure !== undefined) {
    note(screen.failure)
    // Nothing else went wrong before.
    if (ending.code === 0 || supervisor.interrupted === 'SIGPIPE') ending = { code: 1, text: '' }
  }
  screen.note(ending.text)
  await screen.flushed()
  // Told to stop when all had ended, while somebody was still to read what was printed.
  return ending.code === 0 && supervisor.interrupted ? stopped(supervisor.interrupted).code : ending.code
}

const stopped = (signal: NodeJS.Signals) => verdict({ kind: 'interrupted', signal })

/** A directory that cannot be written, a process table that is full: the message says it all. */
const isSystemError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error

/** esbuild is a process, which memory or threads may not suffice for. */
const compilerDied = (error: unknown) =>
  error instanceof Error && /^The service (is no longer running|was stopped)/.test(error.message)
    ? `the compiler of the script, esbuild, has died, for lack of memory or of processes: ${processLimit().text}`
    : undefined

interface Parts {
  supervisor: Supervisor
  screen: Screen
  rendezvous: Rendezvous
  guard: Guard
}

async function run(job: Job, { supervisor, screen, rendezvous, guard }: Parts): Promise<Verdict> {
  const logs = new Logs(screen, job.options)
  const oomBefore = oomKills()
  for (let rank = 0; rank < job.options.nproc; rank++) {
    const child = spawnRank(rank, job)
    const { pid } = child
    supervisor.started(rank, pid)
    // There is nothing to hear from a rank that could not be started.
    if (child.stdout) logs.attach(rank, child)
    if (pid !== undefined) guard.add(pid)
    const channel = channelOf(child)
    if (channel) rendezvous.attach(rank, channel)
    child.once('error', error => {
      supervisor.failed(rank, { head: `could not start: ${error.message}`, frames: [] })
      supervisor.exited(rank, 1, null)
    })
    child.once('exit', (code, name) => {
      if (pid !== undefined) {
        // What the rank started goes with it; after that its number may be given to others.
        signal(-pid, 'SIGKILL')
        guard.gone(pid)
      }
      markEnded(job.segment, rank)
      rendezvous.rankGone(rank, code === 0)
      supervisor.exited(rank, code, name)
    })
  }
  closeSync(job.code)
  neverBlock() // after the compiler and the ranks have been started
  const stopWatching = watchSilence(
    job.segment,
    (rank, report) => supervisor.failed(rank, report),
    text => screen.note(`dtrain: ${text}\n`),
  )
  const outcome = await supervisor.ended
  stopWatching()
  const abort = readAbort(job.segment)
  closeSync(job.segment)
  killDescendants(job.id)
  if (outcome.kind === 'failed' && outcome.culprit.report) {
    logs.note(outcome.culprit.rank, `${describe(outcome.culprit.report).join('\n')}\n`)
  }
  await logs.close()
  const oomAfter = oomKills()
  return verdict(outcome, {
    oomKills: oomAfter === undefined ? undefined : oomAfter - (oomBefore ?? 0),
    lastWords: rank => logs.lastWords(rank),
    heapMiB: heapMiB(job.options.nodeOptions),
    blamed: abort && abort.rank >= 0 ? [abort, ...rendezvous.blamed] : rendezvous.blamed,
  })
}
