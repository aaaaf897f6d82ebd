// Groups of suites. Those that compute run a file on each core, on the CPU and those of them that are about ops once
// more on 'cuda': emulated, or a GPU's for `npm run test:gpu`. Those that start processes run two files at a time: each
// of them wants all cores for moments and waits otherwise; those that check times run alone. scripts/test.sh reads the
// counts from the file named by TEST_SUMMARY.
// DTRAIN_FAMILIES and DTRAIN_CASE choose among the cases of the suites over case tables (test/support/selection.ts).
import { writeFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestCase, type TestModule, type TestSpecification } from 'vitest/node'
import { families } from './test/ops/families.ts'
import { selected } from './test/support/selection.ts'

selected(families) // a name that does not exist is an error of the whole run

const startProcesses = [
  ...['launcher', 'distributed', 'examples', 'fuzz', 'loader', 'memory', 'monitor', 'repository'].map(
    it => `test/${it}/**/*.test.ts`,
  ),
  'test/{io/killed,docs/transcripts}.test.ts',
  'test/{bench,tensorboard,tune}/processes.test.ts',
]

/** They check how many seconds something takes, so nothing else runs beside them. */
const timed = ['test/{distributed,launcher}/failure.test.ts']

const onDevices = [
  ...['cuda', 'ops', 'optim', 'programs', 'train'].map(folder => `test/${folder}/**/*.test.ts`),
  'test/vision/{grids,transforms}.test.ts',
]
const aboutTheTests = ['test/ops/{coverage,harness,errors}.test.ts']
/** They ask how the usual build is found, and how much memory its allocator holds. */
const aboutTheBuild = process.env.DTRAIN_BUILD
  ? ['test/native/**', 'test/ops/harness.test.ts', 'test/docs/examples.test.ts']
  : []
/** They sample functions a million times. */
const numeric = ['test/ops/{gradcheck,second}.test.ts']

const emulated = { DTRAIN_EMULATE: '1', DTRAIN_EMULATION: 'devices=2,memory=1GiB' }
/** What a tool that watches memory wants: exact blocks, threads in another order, no reads by the host. */
const watched = {
  DTRAIN_EMULATION: `${emulated.DTRAIN_EMULATION},order=shuffle,protect=1`,
  DTRAIN_NO_MEMORY_CACHING: '1',
}

/**
 * Threads of an op wait for each other by spinning, so where two files run side by side they take several times as long.
 * test/ops/large.test.ts sets a number of its own.
 */
const oneThread = { OMP_NUM_THREADS: '1' }

/** Files that last long. They start first, or the last of them would run alone. */
const long = /test\/(ops\/(backward|forward|second)|examples|distributed\/(replicas|through))\b/

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files) // by how long each took the last time, if it is known
    const [first, rest] = [true, false].map(is => sorted.filter(({ moduleId }) => long.test(moduleId) === is))
    return [...first!, ...rest!]
  }
}

/** What cases provoke, once in every file. */
const quiet = ['--disable-warning=DTRAIN_LOSS_SHAPES']

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', summary()],
    sequence: { sequencer: LongOnesFirst },
    projects: [
      {
        test: {
          name: 'compute',
          include: ['test/**/*.test.ts'],
          exclude: [...startProcesses, ...aboutTheBuild, 'test/cuda/**'],
          env: oneThread,
          execArgv: quiet,
          maxWorkers: '100%',
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      onCuda('cuda', onDevices, [...aboutTheTests, ...numeric], { ...emulated, ...watched }),
      onCuda('cuda-numeric', numeric, [], emulated),
      {
        test: {
          name: 'processes',
          include: startProcesses,
          exclude: timed,
          env: oneThread,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'timed',
          include: timed,
          env: oneThread,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})

function onCuda(name: string, include: string[], exclude: string[], emulation: Record<string, string>) {
  const env = { ...oneThread, DTRAIN_TEST_DEVICE: 'cuda', ...(process.env.DTRAIN_TEST_GPU ? {} : emulation) }
  return {
    test: {
      name,
      include,
      exclude,
      env,
      execArgv: ['--disable-warning=DTRAIN_EMULATE', ...quiet],
      maxWorkers: '100%',
      testTimeout: 60_000,
      sequence: { groupOrder: 0 },
    },
  }
}

/**
 * Prints how many op cases each suite has run: a test runs all cases of one op (test/ops/each-op.ts). Then writes
 * `passed failed skipped` and a line for each skipped or failed test, with its reason. A file that cannot be loaded
 * counts as failed.
 */
function summary(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const tests = modules.flatMap(module => [...module.children.allTests()])
      for (const line of opCases(tests)) console.log(line)
      if (!process.env.TEST_SUMMARY) return
      const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 }
      const lines: string[] = []
      for (const module of modules) count.failed += problemsOutsideTests(module)
      for (const test of tests) {
        const result = test.result()
        count[result.state]++
        const where = test.module.relativeModuleId
        const name = `${result.state}: ${where}: ${test.fullName}`
        if (result.state === 'skipped') lines.push(`${name}: ${result.note ?? 'no reason given'}`)
        if (result.state === 'failed') lines.push(`${name}: ${result.errors[0]?.message.split('\n', 1)[0]}`)
        const skipped = test.meta().cases?.skipped ?? []
        count.skipped += skipped.length
        lines.push(...skipped.map(text => `skipped: ${where}: ${text}`))
      }
      // A test still pending was cut off with its worker.
      const counts = `${count.passed} ${count.failed + count.pending} ${count.skipped}`
      writeFileSync(process.env.TEST_SUMMARY, `${[counts, ...lines].join('\n')}\n`)
    },
  }
}

/** A line for each device: `op cases on cpu: 4,812 forward, 3,100 backward (2 failed)`. */
function opCases(tests: TestCase[]): string[] {
  const devices = new Map<string, Map<string, { run: number; failed: number }>>()
  for (const { cases } of tests.map(test => test.meta())) {
    if (!cases) continue
    const suites = devices.get(cases.device) ?? new Map()
    devices.set(cases.device, suites)
    const { run, failed } = suites.get(cases.suite) ?? { run: 0, failed: 0 }
    suites.set(cases.suite, { run: run + cases.run, failed: failed + cases.failed })
  }
  return [...devices].sort().map(([device, suites]) => {
    const counts = [...suites]
      .sort()
      .map(([suite, { run, failed }]) => `${run.toLocaleString('en')} ${suite}${failed ? ` (${failed} failed)` : ''}`)
    return `op cases on ${device}: ${counts.join(', ')}`
  })
}

function problemsOutsideTests(module: TestModule): number {
  const suites = [...module.children.allSuites()]
  return module.errors().length + suites.filter(suite => suite.errors().length > 0).length
}
