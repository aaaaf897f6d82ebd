// Modules against PyTorch, by its own test inputs: constructor arguments, first values, state, forward, gradients, the
// state afterwards, the printed form. `npm run modules` runs all of them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkModule, classes, type ModuleSample } from '../../scripts/opinfo/check-module.ts'
import type { Data } from '../../scripts/opinfo/values.ts'
import * as dt from '../../src/index.ts'

const path = (ending: string) => fileURLToPath(new URL(`../golden/modules.${ending}`, import.meta.url))
const { torch, samples } = JSON.parse(readFileSync(path('json'), 'utf8')) as {
  torch: string
  samples: Record<string, ModuleSample[]>
}
const data = dt.load<Data>(path('safetensors'))

/** What dtrain does not have yet. */
const absent = Object.keys(samples).filter(name => classes[name] === undefined)

function problemOf(name: string, sample: ModuleSample): string | undefined {
  try {
    return checkModule(name, sample, data)
  } catch (error) {
    return (error as Error).message
  }
}

test('answers are of the PyTorch that all others are of', () => {
  expect(torch).toBe('2.13.0')
  process.stdout.write(
    `modules: ${Object.keys(samples).length - absent.length} classes; not there yet: ${absent.join(' ')}\n`,
  )
})

for (const [name, all] of Object.entries(samples).filter(([name]) => !absent.includes(name))) {
  test(name, () => {
    const problems = all.map(sample => dt.tidy(() => problemOf(name, sample)))
    expect([...new Set(problems.filter(problem => problem !== undefined))]).toEqual([])
  })
}
