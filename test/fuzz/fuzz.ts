// Calls all that the package and the addon have with anything (`npm run fuzz`): each call must return, or throw a
// DtrainError whose text names what was called. Processes of their own make the calls, 5,000 each, so that one that
// crashes or does not come back is reported with its call. The same seed makes the same calls.
//   npm run fuzz -- --calls 100000 --seed 1
//   npm run fuzz -- --seed 1 --only 4711     that call alone
//   npm run fuzz -- --own                    a text must have the op's own name, not that of an op that it is made of
//   npm run fuzz -- --jobs 2                 two processes at a time
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Finding, Summary } from './child.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    only: { type: 'string' },
    own: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const only = values.only === undefined ? undefined : Number(values.only)
const [first, end] = only === undefined ? [0, Number(values.calls)] : [only, only + 1]
const perProcess = 5000
/** Milliseconds a call may take, and the start; a sanitizer takes ten times as long, a busy machine some. */
const patience = 10_000 * Number(process.env.DTRAIN_FUZZ_PATIENCE ?? 1)
const starting = 6 * patience

const folder = mkdtempSync(join(tmpdir(), 'dtrain-fuzz-'))
const findings = new Map<string, Finding & { times: number }>()
const total = { calls: 0, outcomes: {} as Record<string, number>, slowest: [0, ''] as Summary['slowest'], resident: 0 }
const [called, returned] = [new Set<string>(), new Set<string>()]
const start = performance.now()

let next = first
const work = async (job: number): Promise<void> => {
  while (next < end) {
    const from = next
    next = Math.min(end, next + perProcess)
    for (let at = from; at < Math.min(end, from + perProcess); )
      at = await run(at, Math.min(end, from + perProcess), job)
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, (_, job) => work(job)))
rmSync(folder, { recursive: true })
print()
process.exitCode = findings.size > 0 ? 1 : 0

/** Lets a process make the calls from..to-1; returns where to go on. */
async function run(from: number, to: number, job: number): Promise<number> {
  const file = join(folder, String(job))
  const child = fork(
    fileURLToPath(new URL('child.ts', import.meta.url)),
    [seed, from, to, file, values.own ? '--own' : ''].map(String),
    {
      execArgv: ['--import', 'tsx', '--max-old-space-size=1024', '--no-warnings'],
      env: {
        ...process.env,
        DTRAIN_EMULATE: '1',
        DTRAIN_EMULATION: 'devices=2,memory=256MiB',
        DTRAIN_MEMORY_BUDGET: '256MiB',
        OMP_NUM_THREADS: '2',
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  )
  let summary: Summary | undefined
  let errors = ''
  child.stderr!.on('data', data => {
    errors = (errors + data).slice(-4000)
  })
  child.on('message', (sent: { finding?: Finding; summary?: Summary }) => {
    if (sent.finding) add(sent.finding)
    summary = sent.summary ?? summary
  })
  const hung = watch(child, file)
  const [code, signal] = await new Promise<[number | null, string | null]>(resolve =>
    child.on('close', (code, signal) => resolve([code, signal])),
  )
  clearInterval(hung.timer)
  if (summary) {
    total.calls += summary.calls
    total.resident = Math.max(total.resident, summary.resident)
    if (summary.slowest[0] > total.slowest[0]) total.slowest = summary.slowest
    for (const [name, n] of Object.entries(summary.outcomes)) total.outcomes[name] = (total.outcomes[name] ?? 0) + n
    for (const name of summary.targets) called.add(name)
    for (const name of summary.returned) returned.add(name)
  }
  const { at, call } = lastCall(file)
  if (summary && code === 0) return Math.max(to, at + 1)
  const how = hung.is ? 'does not come back' : `ends the process (${signal ?? `exit code ${code}`})`
  const said = hung.is ? '' : `: ${errors.trim().split('\n').slice(0, 12).join(' | ').slice(0, 1500)}`
  add({ at, call, problem: how + said, cause: `${call.slice(0, call.indexOf('('))} ${how}` })
  if (at < from) throw new Error(`fuzz: a process could not start: ${errors}`)
  return at + 1
}

/** Ends a process whose call takes too long. */
function watch(child: ChildProcess, file: string) {
  const state = { is: false, timer: setInterval(look, 500) }
  let [before, since] = [-1, performance.now()]
  function look(): void {
    const { at } = lastCall(file)
    const now = performance.now()
    if (at !== before) [before, since] = [at, now]
    if (now - since < (at < 0 ? starting : patience)) return
    state.is = true
    child.kill('SIGKILL')
  }
  return state
}

function lastCall(file: string): { at: number; call: string } {
  let text = ''
  try {
    text = readFileSync(file, 'utf8').replace(/\0+$/, '')
  } catch {
    // not made yet
  }
  const [, at, call] = /^(\d+) (.*)$/s.exec(text) ?? []
  return { at: Number(at ?? -1), call: call ?? 'the start(' }
}

function add(finding: Finding): void {
  const same = findings.get(finding.cause)
  if (same) same.times++
  else findings.set(finding.cause, { ...finding, times: 1 })
}

function print(): void {
  for (const { at, call, problem, times } of [...findings.values()].sort((a, b) => (a.call < b.call ? -1 : 1)))
    console.log(`${at} ${call}\n  ${problem}${times > 1 ? ` (${times} times)` : ''}`)
  const outcomes = Object.entries(total.outcomes).sort(([, a], [, b]) => b - a)
  console.log(outcomes.map(([name, n]) => `${n.toLocaleString('en')} ${name}`).join(', '))
  console.log(`never returned: ${[...called].filter(name => !returned.has(name)).join(' ') || 'none'}`)
  console.log(`slowest: ${total.slowest[0].toFixed(0)} ms, ${total.slowest[1].slice(0, 200)}`)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const megabytes = (total.resident / 2 ** 20).toFixed(0)
  console.log(
    `seed ${seed}: ${total.calls.toLocaleString('en')} calls of ${called.size} functions in ${seconds} s, ` +
      `at most ${megabytes} MiB; ${findings.size} problems`,
  )
}
