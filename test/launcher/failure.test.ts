// Ranks that fail, die or hang, and a launcher that is stopped or killed: the culprit is named, its exit code is kept,
// the others end within two seconds, and no process survives.
import { expect, test, vi } from 'vitest'
import { statOf } from '../../src/proc.ts'
import { processesWith, type Result, runDtrain, sleep, startDtrain } from '../support/run-dtrain.ts'

const fixtures = 'test/launcher/fixtures'
vi.setConfig({ testTimeout: 60_000 })

const clean = { processes: [], files: [] }

test('an exception in one rank: its TypeScript stack first, the others folded', async () => {
  const { code, stdout, stderr, leftovers } = await runDtrain(['--nproc', '3', `${fixtures}/throw.ts`])
  const end = Date.now()
  const lines = stderr.split('\n')
  expect(lines[0]).toBe('dtrain: rank 1 failed: TypeError: batch of 3')
  expect(lines[1]).toBe('    at step (test/launcher/fixtures/throw.ts:10:39)')
  expect(stderr).toContain('  caused by: Error: the reason\n')
  expect(stderr.match(/TypeError/g)).toHaveLength(1)
  expect(lines.at(-2)).toBe('dtrain: 2 other ranks were stopped')
  expect({ code, leftovers }).toEqual({ code: 1, leftovers: clean })
  const thrown = Number(/time (\d+)/.exec(stdout)![1])
  expect(end - thrown).toBeLessThan(2000)
})

test('the exit code of the first rank that fails', async () => {
  const { code, stderr, leftovers } = await runDtrain(['--nproc', '2', `${fixtures}/exit.ts`, '7', 'wait'])
  expect(stderr).toBe('dtrain: rank 1 exited with code 7\ndtrain: 1 other rank was stopped\n')
  expect({ code, leftovers }).toEqual({ code: 7, leftovers: clean })
})

test('a rank that ends early is no failure', async () => {
  const early = await runDtrain(['--nproc', '2', `${fixtures}/exit.ts`, '0'])
  expect(early).toMatchObject({ code: 0, stderr: '' })
})

test.each([
  ['rejection', 1, /^dtrain: rank 0 failed: Error: nobody awaited\n {4}at .*reject\.ts:\d+:/],
  ['timer', 1, /^dtrain: rank 0 failed: Error: in a timer\n {4}at .*reject\.ts:\d+:/],
  ['value', 1, /^dtrain: rank 0 failed: thrown value: { odd: 1 }\n$/],
  ['code', 9, /^dtrain: rank 0 failed: Error: with exitCode\n/],
  ['segv', 139, /^dtrain: rank 0 was killed by SIGSEGV: a crash in native code\n$/],
  ['await', 13, /^dtrain: rank 0 exited with code 13: a top-level await never settled\n$/],
  ['handled', 0, /^$/],
])('ends by %s', async (how, code, text) => {
  const result = await runDtrain([`${fixtures}/reject.ts`, how])
  expect(result.stderr).toMatch(text)
  expect(result).toMatchObject({ code, stdout: how === 'handled' ? 'handled mine\n' : '' })
})

test('a rank that only suffers from its peer is not blamed', async () => {
  const { code, stderr } = await runDtrain(['--nproc', '3', `${fixtures}/victim.ts`])
  expect(stderr).toMatch(/^dtrain: rank 1 failed: RangeError: the true cause\n/)
  expect(code).toBe(1)
})

/** Starts ranks that would stay for ever, and waits until all do. */
async function hold(manner: string, options: string[] = []) {
  const job = startDtrain([...options, '--nproc', '2', `${fixtures}/hold.ts`, manner])
  await job.printed('[0,1] all hold')
  const pids = [0, 1].map(rank => Number(new RegExp(`rank ${rank} is (\\d+)\\.`).exec(job.output())![1]))
  const timed = async (action: () => void): Promise<Result & { took: number }> => {
    const start = performance.now()
    action()
    const ended = new Promise<number>(resolve => job.launcher.once('exit', () => resolve(performance.now() - start)))
    const result = await job.done
    return { ...result, took: await ended }
  }
  return { ...job, pids, timed }
}

/** State and parent of a process. */
function status(pid: number): { state: string; parent: number } {
  const [state, parent] = statOf(pid)
  return { state: state!, parent: Number(parent) }
}

function guardOf(launcher: number): number | undefined {
  const guards = processesWith('dtrain-guard').map(line => Number.parseInt(line, 10))
  return guards.find(pid => status(pid).parent === launcher)
}

test('kill -9 of a rank', async () => {
  const { pids, timed } = await hold('busy')
  const { code, stderr, took, leftovers } = await timed(() => process.kill(pids[1]!, 'SIGKILL'))
  expect(stderr).toMatch(/^dtrain: rank 1 was killed by SIGKILL.*\ndtrain: 1 other rank was stopped\n$/)
  expect({ code, leftovers }).toEqual({ code: 137, leftovers: clean })
  expect(took).toBeLessThan(2000)
})

test('a peer that ignores SIGTERM is killed a second later', async () => {
  const { pids, timed } = await hold('stubborn')
  const { code, took, leftovers } = await timed(() => process.kill(pids[0]!, 'SIGKILL'))
  expect({ code, leftovers }).toEqual({ code: 137, leftovers: clean })
  expect(took).toBeGreaterThan(900)
  expect(took).toBeLessThan(2000)
})

test('kill -9 of the launcher takes ranks and grandchildren along', async () => {
  const { launcher, files, timed } = await hold('busy')
  expect(files()).toEqual([])
  const { code, leftovers } = await timed(() => launcher.kill('SIGKILL'))
  expect({ code, leftovers }).toEqual({ code: 137, leftovers: clean })
})

test('Ctrl-Z stops the ranks with the launcher, and they go on with it', async () => {
  const { launcher, pids, timed } = await hold('busy')
  const all = [launcher.pid!, ...pids]
  const states = () => all.map(pid => status(pid).state)
  launcher.kill('SIGTSTP')
  while (states().some(state => state !== 'T')) await sleep(10)
  launcher.kill('SIGCONT')
  while (states().includes('T')) await sleep(10)
  const result = await timed(() => launcher.kill('SIGTERM'))
  expect(result).toMatchObject({ code: 143, stderr: 'dtrain: stopped by SIGTERM\n', leftovers: clean })
})

test('Ctrl-C and SIGTERM reach the ranks', async () => {
  const first = await hold('idle')
  expect(await first.timed(() => first.launcher.kill('SIGINT'))).toMatchObject({
    code: 130,
    stderr: 'dtrain: stopped by SIGINT\n',
    leftovers: clean,
  })
  const second = await hold('busy')
  expect(await second.timed(() => second.launcher.kill('SIGTERM'))).toMatchObject({ code: 143, leftovers: clean })
})

test('the grace ends with SIGKILL, a second Ctrl-C ends it at once', async () => {
  const patient = await hold('stubborn', ['--grace', '0.5'])
  const waited = await patient.timed(() => patient.launcher.kill('SIGINT'))
  expect(waited).toMatchObject({ code: 130, leftovers: clean })
  expect(waited.took).toBeGreaterThan(450)

  const impatient = await hold('stubborn', ['--grace', '60'])
  const result = impatient.timed(() => impatient.launcher.kill('SIGINT'))
  await impatient.printed('not for SIGINT')
  impatient.launcher.kill('SIGINT') // one wish may come as two signals at once
  await sleep(400)
  impatient.launcher.kill('SIGINT')
  expect(await result).toMatchObject({ code: 130, leftovers: clean })
})

test('a signal before the ranks start', async () => {
  const { launcher, done } = startDtrain(['--nproc', '2', `${fixtures}/hold.ts`, 'idle'])
  // The handlers are there once the guard is.
  while (guardOf(launcher.pid!) === undefined) await sleep(1)
  launcher.kill('SIGINT')
  expect(await done).toMatchObject({ code: 130, leftovers: clean })
})
