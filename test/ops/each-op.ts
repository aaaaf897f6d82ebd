// The suites over the case tables. A test costs vitest as much as a case costs, so there is one for each op: it runs
// all cases of its op, each by itself, and lists those that fail. DTRAIN_CASE='add: float32' runs the cases with that
// text in their name. How many cases ran stands in the test's `meta`, which the reporter (vitest.config.ts) adds up.

import { describe, test } from 'vitest'
import { tidy } from '../../src/index.ts'
import type { Case } from '../support/case.ts'
import { device } from '../support/device.ts'
import { type Answer, golden } from '../support/golden.ts'
import { selected } from '../support/selection.ts'
import { families } from './families.ts'

/** Throws if the case fails. */
export type Check = (it: Case, answer: Answer) => void

declare module 'vitest' {
  interface TaskMeta {
    cases?: { suite: string; device: string; run: number; failed: number; skipped: string[] }
  }
}

/** A test for each op that has cases the suite is about: by default all of them. */
export function eachOp(
  suite: string,
  check: Check,
  concerns: (it: Case, answer: Answer) => boolean = () => true,
): void {
  let tests = 0
  for (const [family, cases] of Object.entries(selected(families))) {
    const { entries } = golden<Answer>(`ops-${family}`)
    const ops = new Map<string, Case[]>()
    for (const it of cases) {
      const answer = entries[it.name]
      if (!answer) throw new Error(`${it.name}: no golden answer; run scripts/golden/make.sh`)
      if (concerns(it, answer)) ops.set(it.op, [...(ops.get(it.op) ?? []), it])
    }
    tests += ops.size
    describe.runIf(ops.size > 0)(family, () => {
      for (const [op, all] of ops) {
        // As long as a test may take for each of them.
        test(op, { timeout: 20_000 * all.length }, ({ task }) => {
          const skips = all.filter(it => device !== 'cpu' && it.sequential)
          const run = all.filter(it => !skips.includes(it))
          // Tensors go with their case, not when the collector runs: what is live slows an emulated device down.
          const failures = failing(run, it => tidy(() => check(it, entries[it.name]!)))
          const skipped = skips.map(it => `${it.name}: ${it.sequential}`)
          task.meta.cases = { suite, device, run: run.length, failed: failures.length, skipped }
          if (failures.length > 0) throw report(failures, run.length)
        })
      }
    })
  }
  if (tests === 0) test('cases', ({ skip }) => skip('none of the selected cases concerns this suite'))
}

/** The cases for which `check` throws, with what it throws. */
export function failing(cases: Case[], check: (it: Case) => void): { it: Case; error: unknown }[] {
  return cases.flatMap(it => {
    try {
      check(it)
      return []
    } catch (error) {
      return [{ it, error }]
    }
  })
}

/** One error for all of them: a line for each, and how to run the first alone. */
export function report(failures: ReturnType<typeof failing>, run: number): Error {
  const lines = failures.map(({ it, error }) => `  ${it.name}: ${error instanceof Error ? error.message : error}`)
  const alone = `DTRAIN_CASE=${JSON.stringify(failures[0]!.it.name)} runs the first alone`
  const text = [`${failures.length} of ${run} cases fail; ${alone}`, ...lines].join('\n')
  return new Error(text, { cause: failures[0]!.error })
}
