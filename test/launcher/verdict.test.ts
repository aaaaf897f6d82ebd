// What is said of a job that has failed, without processes: who stands first, what has run out, and how long it may be.
import { afterEach, expect, test, vi } from 'vitest'
import type { FailureReport } from '../../launcher/control/wire.ts'
import { exhausted, heapMiB } from '../../launcher/ranks/limits.ts'
import type { RankState } from '../../launcher/ranks/supervise.ts'
import { describe, type Evidence, verdict } from '../../launcher/ranks/verdict.ts'

afterEach(() => vi.unstubAllEnvs())

const evidence: Evidence = { oomKills: 0, lastWords: () => '', heapMiB: 100, blamed: [] }

function first(rank: RankState, more: Partial<Evidence> = {}): string {
  const { text } = verdict({ kind: 'failed', culprit: rank, others: [] }, { ...evidence, ...more })
  return text.split('\n')[0]!
}

const reporting = (report: Partial<FailureReport>): RankState => ({
  ...{ rank: 0, pid: 1, stopped: false, exit: { code: 1, signal: null } },
  report: { head: 'Error: x', frames: [], ...report },
})
const killed = (signal: NodeJS.Signals): RankState => ({
  rank: 0,
  pid: 1,
  stopped: false,
  exit: { code: null, signal },
})

test('who keeps the others waiting stands before them', () => {
  const reason = 'distributed: barrier #1 timed out'
  const late = reporting({ head: `DistributedError: ${reason}`, code: 'DTRAIN_DISTRIBUTED' })
  expect(first(late, { blamed: [{ rank: 1, by: 0, reason }] })).toBe(
    'dtrain: rank 1 made rank 0 fail: DistributedError: distributed: barrier #1 timed out',
  )
  const other = { blamed: [{ rank: 1, by: 0, reason: 'distributed: allReduce #2 timed out' }] }
  expect(first(late, other)).toMatch(/^dtrain: rank 0 failed: /)
})

test('a rank that has found the same out for itself is no victim of another, one that has been told so is', () => {
  const reason = 'distributed: two ranks have the same GPU'
  const blamed = [{ rank: 1, by: 1, reason }]
  const found = reporting({ head: `DistributedError: ${reason}`, code: 'DTRAIN_DISTRIBUTED' })
  expect(first(found, { blamed })).toMatch(/^dtrain: rank 0 failed: /)
  const told = reporting({ head: `PeerError: rank 1: ${reason}`, code: 'DTRAIN_PEER' })
  expect(first(told, { blamed })).toMatch(/^dtrain: rank 1 made rank 0 fail: /)
})

test('what has run out is said with its limit and what to do', () => {
  const heap = {
    lastWords: () => 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n',
  }
  expect(first(killed('SIGABRT'), heap)).toBe(
    'dtrain: rank 0 was killed by SIGABRT: JavaScript ran out of heap, of which it may have 100 MiB; raise it with dtrain --node-options --max-old-space-size=200',
  )
  const thread = { lastWords: () => 'node[7]: pthread_create: Resource temporarily unavailable\n' }
  expect(first(killed('SIGABRT'), thread)).toMatch(
    /^dtrain: rank 0 was killed by SIGABRT: it could not start a thread or process: the (user|control group) may have \w+ \(.*\); lower --nproc or --omp-threads, or raise the limit$/,
  )
  expect(exhausted('TypeError: x is not a function', 100)).toBeUndefined()
})

test('the limit of the heap is that of the last argument', () => {
  expect(heapMiB(['--max-old-space-size=50', '--max_old_space_size', '60'])).toBe(60)
  vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=70')
  expect(heapMiB()).toBe(70)
  expect(heapMiB(['--max-old-space-size=80'])).toBe(80)
})

test('a long message is cut in the middle on the screen, and not in the log', () => {
  const long = reporting({ head: `Error: ${'x'.repeat(5000)} end` })
  const { text } = verdict({ kind: 'failed', culprit: long, others: [] }, evidence)
  expect(text).toContain("\n… 1011 characters are left out here; with --log-dir they are in the rank's log …\n")
  expect(text.length).toBeLessThan(4200)
  expect(describe(long.report!).join('\n')).toBe(long.report!.head)
})
