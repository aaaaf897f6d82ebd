// Two groups of suites: those that compute run side by side, then those that start processes run one file at a time, since
// each of them wants all cores and checks times. scripts/test.sh reads the counts from the file named by TEST_SUMMARY.
import { writeFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

const startProcesses = ['launcher', 'distributed', 'examples', 'memory', 'repository'].map(
  folder => `test/${folder}/**/*.test.ts`,
)

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', summary()],
    projects: [
      {
        test: {
          name: 'compute',
          include: ['test/**/*.test.ts'],
          exclude: startProcesses,
          maxWorkers: '50%',
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
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

/** Writes `passed failed skipped` and then a line for each skipped test. A file that cannot be loaded counts as failed. */
function summary(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      if (!process.env.TEST_SUMMARY) return
      const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 }
      const skips: string[] = []
      for (const module of modules) {
        count.failed += problemsOutsideTests(module)
        for (const test of module.children.allTests()) {
          const result = test.result()
          count[result.state]++
          if (result.state !== 'skipped') continue
          skips.push(`skipped: ${module.relativeModuleId}: ${test.fullName}: ${result.note ?? 'no reason given'}`)
        }
      }
      // A test still pending was cut off with its worker.
      const lines = [`${count.passed} ${count.failed + count.pending} ${count.skipped}`, ...skips]
      writeFileSync(process.env.TEST_SUMMARY, `${lines.join('\n')}\n`)
    },
  }
}

function problemsOutsideTests(module: TestModule): number {
  const suites = [...module.children.allSuites()]
  return module.errors().length + suites.filter(suite => suite.errors().length > 0).length
}
