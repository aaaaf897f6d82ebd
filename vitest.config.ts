// Groups of suites. Those that compute run side by side, on the CPU and those of them that are about ops once more on
// 'cuda': emulated, or a GPU's for `npm run test:gpu`. Then those that start processes run one file at a time, since each of
// them wants all cores and checks times. scripts/test.sh reads the counts from the file named by TEST_SUMMARY.
import { writeFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

const startProcesses = ['launcher', 'distributed', 'examples', 'memory', 'repository'].map(
  folder => `test/${folder}/**/*.test.ts`,
)

const onDevices = ['cuda', 'ops', 'optim', 'train'].map(folder => `test/${folder}/**/*.test.ts`)
const aboutTheTests = ['test/ops/{coverage,harness,errors}.test.ts']
/** They ask how the usual build is found, and what its allocator leaves in memory. */
const aboutTheBuild = process.env.DTRAIN_BUILD ? ['test/native/**', 'test/ops/harness.test.ts'] : []
/** They sample functions a million times. */
const numeric = ['test/ops/{gradcheck,second}.test.ts']

const emulated = { DTRAIN_EMULATE: '1', DTRAIN_EMULATION: 'devices=2,memory=1GiB' }
/** What a tool that watches memory wants: exact blocks, threads in another order, no reads by the host. */
const watched = {
  DTRAIN_EMULATION: `${emulated.DTRAIN_EMULATION},order=shuffle,protect=1`,
  DTRAIN_NO_MEMORY_CACHING: '1',
}

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', summary()],
    projects: [
      {
        test: {
          name: 'compute',
          include: ['test/**/*.test.ts'],
          exclude: [...startProcesses, ...aboutTheBuild, 'test/cuda/**'],
          maxWorkers: '50%',
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
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

function onCuda(name: string, include: string[], exclude: string[], emulation: Record<string, string>) {
  const env = { DTRAIN_TEST_DEVICE: 'cuda', ...(process.env.DTRAIN_TEST_GPU ? {} : emulation) }
  return {
    test: {
      name,
      include,
      exclude,
      env,
      execArgv: ['--disable-warning=DTRAIN_EMULATE'], // once in every file
      maxWorkers: '50%',
      testTimeout: 60_000,
      sequence: { groupOrder: 0 },
    },
  }
}

/**
 * Writes `passed failed skipped` and then a line for each skipped or failed test, with its reason. A file that cannot be
 * loaded counts as failed.
 */
function summary(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      if (!process.env.TEST_SUMMARY) return
      const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 }
      const lines: string[] = []
      for (const module of modules) {
        count.failed += problemsOutsideTests(module)
        for (const test of module.children.allTests()) {
          const result = test.result()
          count[result.state]++
          const name = `${result.state}: ${module.relativeModuleId}: ${test.fullName}`
          if (result.state === 'skipped') lines.push(`${name}: ${result.note ?? 'no reason given'}`)
          if (result.state === 'failed') lines.push(`${name}: ${result.errors[0]?.message.split('\n', 1)[0]}`)
        }
      }
      // A test still pending was cut off with its worker.
      const counts = `${count.passed} ${count.failed + count.pending} ${count.skipped}`
      writeFileSync(process.env.TEST_SUMMARY, `${[counts, ...lines].join('\n')}\n`)
    },
  }
}

function problemsOutsideTests(module: TestModule): number {
  const suites = [...module.children.allSuites()]
  return module.errors().length + suites.filter(suite => suite.errors().length > 0).length
}
