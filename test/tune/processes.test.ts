// Trials in processes of their own, and searches that are killed. Searches run as plain Node programs, so nobody but
// they and the launchers they start can clean up.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'
import type { Trial } from '../../src/tune/index.ts'
import { commandOf } from '../../src/tune/scripts.ts'
import { processesWith, runDtrain, sleep } from '../support/run-dtrain.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-trials-'))
afterAll(() => rmSync(home, { recursive: true }))

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const script = fixture('trial.ts')
const modes = (...values: string[]) => ({ name: 'mode', type: 'choice', values })
const fixed = (name: string, value: unknown) => ({ name, type: 'fixed', value })

function start(options: object) {
  const child = spawn(process.execPath, [fixture('search.js'), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', chunk => (text.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', chunk => (text.stderr += chunk))
  const done = new Promise<{ signal: string | null; trials: Trial[]; stderr: string }>(resolve =>
    child.once('close', (_, signal) =>
      resolve({ signal, trials: JSON.parse(text.stdout || '[]'), stderr: text.stderr }),
    ),
  )
  return { child, done }
}

/** All processes of a search have its folder in their environment; they may take a moment to end. */
async function nothingLeft(folder: string): Promise<string[]> {
  for (let tries = 0; tries < 300 && processesWith(folder).length > 0; tries++) await sleep(10)
  return processesWith(folder)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}

test.concurrent('whatever happens to a trial is its own failure', async () => {
  const folder = join(home, 'failures')
  const parameters = [modes('throw', 'fine', 'crash', 'nan', 'silent'), fixed('x', 3)]
  const { trials, stderr } = await start({ folder, script, parameters, parallelism: 2 }).done
  expect(stderr).toBe('')
  expect(trials.map(({ state, reason, values }) => reason ?? `${state}: ${values!.objective![0]}`)).toEqual([
    'rank 0 failed: Error: no data',
    'completed: 6',
    'rank 0 was killed by SIGSEGV: a crash in native code',
    'rank 0 failed: ArgumentError: finish: objective: the value is NaN',
    'it has ended without a value',
  ])
  expect(readFileSync(join(folder, 'trial-1', 'rank-0.log'), 'utf8')).toBe('trial 1 of rank 0 is fine\n')
  expect(await nothingLeft(folder)).toEqual([])
})

test.concurrent('trials of two ranks, two at a time; all ranks hear that theirs is stopped', async () => {
  const folder = join(home, 'groups')
  const parameters = [fixed('mode', 'ranks'), { name: 'x', type: 'choice', values: [1, 2, 3, 4] }]
  const options = { folder, script, args: [join(home, 'rank')], parameters, nproc: 2, minimize: true, halving: true }
  const { trials, stderr } = await start({ ...options, totalTrials: 3, parallelism: 2 }).done
  expect(stderr).toBe('')
  const heard = (trial: number, rank: number) => JSON.parse(readFileSync(join(home, `rank-${trial}-${rank}`), 'utf8'))
  for (const { number, state, parameters, values, reports } of trials) {
    for (const rank of [0, 1])
      expect(heard(number, rank)).toEqual({ x: parameters.x, stop: state === 'stopped', gpus: '' })
    expect(values).toEqual({ objective: state === 'stopped' ? [parameters.x, null] : [parameters.x, 0.5] })
    expect(reports).toEqual([[1, parameters.x]])
  }
  expect(trials.map(({ state }) => state)).toContain('completed')
  expect(trials[2]!.state).toBe('stopped') // whoever came first, 3 is not the best
  const started = readFileSync(join(folder, 'trials.jsonl'), 'utf8')
    .split('\n')
    .filter(line => /"parameters"|"step"/.test(line))
    .slice(1)
  expect(started.slice(0, 2).map(line => JSON.parse(line).parameters?.x)).toEqual([1, 2]) // both before any report
})

test.concurrent('a search that is killed goes on: with the trial that it was at, and no other', async () => {
  const folder = join(home, 'killed')
  const parameters = [{ name: 'x', type: 'range', bounds: [0, 8] }]
  const first = await start({ folder, parameters, killAt: 3 }).done
  expect(first.signal).toBe('SIGKILL')
  const { trials } = await start({ folder, parameters }).done
  expect(trials.map(({ attempt, values }) => [attempt, values!.objective![0]])).toEqual([
    [1, 0],
    [1, 2],
    [1, 4],
    [2, 6],
    [1, 8],
  ])
})

test.concurrent('the processes of a search that is killed end, and their trials are run again', async () => {
  const folder = join(home, 'orphans')
  const parameters = [modes('fine', 'hang'), fixed('x', 5)]
  const { child, done } = start({ folder, script, parameters })
  await until(() => existsSync(join(folder, 'trial-1')))
  await until(() => processesWith(folder).some(line => line.includes('trial.ts')))
  const second = start({ folder, script, parameters })
  expect((await second.done).stderr).toContain(
    `optimize: folder: process ${child.pid} is searching in '${folder}' already`,
  )
  child.kill('SIGKILL')
  await done
  expect(await nothingLeft(folder)).toEqual([])
  const { trials } = await start({ folder, script, parameters, timeout: 2 }).done
  expect(trials.map(({ attempt, state, reason }) => [attempt, reason ?? state])).toEqual([
    [1, 'completed'],
    [2, 'took longer than 2 s'],
  ])
})

test.concurrent('a script runs without a search, too, and a search that fits no script says so', async () => {
  const { code, stdout } = await runDtrain([script])
  expect([code, stdout]).toEqual([0, 'trial undefined of rank 0 is fine\n'])
  const { stderr } = await start({ folder: join(home, 'other'), script, parameters: [modes('a', 'b')], totalTrials: 1 })
    .done
  expect(stderr).toContain("trial: the script has parameters 'mode', 'x', and the search 'mode'")
  const few = { folder: join(home, 'gpus'), script, parameters: [modes('a', 'b')], gpus: 999, emulate: true }
  expect((await start(few).done).stderr).toMatch(
    /optimize: the trials cannot be started: .*expected a positive integer up to 256/,
  )
})

test('groups share out the cores and the GPUs', () => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined)
  const job = {
    script: 't.ts',
    args: ['-v'],
    nproc: 2,
    gpus: true,
    emulate: false,
    parallelism: 3,
    folder: '/search',
    timeout: 9,
  }
  const address = { trial: 4, attempt: 1 }
  const { args, env } = commandOf(job, address, 1)
  expect(args.join(' ')).toMatch(/^--gpus 2 --omp-threads \d+ --grace 1 --log-dir \/search\/trial-4 t\.ts -v$/)
  expect(env).toEqual({
    CUDA_VISIBLE_DEVICES: '2,3',
    DTRAIN_TRIAL: '{"folder":"/search","trial":4,"attempt":1}',
  })
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '7, GPU-a,3,1,0')
  expect(commandOf(job, address, 0).env.CUDA_VISIBLE_DEVICES).toBe('7,GPU-a')
  expect(commandOf(job, address, 2).env.CUDA_VISIBLE_DEVICES).toBe('0')
  expect(commandOf({ ...job, gpus: false }, address, 2).args.slice(0, 2)).toEqual(['--nproc', '2'])
  expect(commandOf({ ...job, emulate: true }, address, 2).env.CUDA_VISIBLE_DEVICES).toBeUndefined()
  vi.unstubAllEnvs()
})
