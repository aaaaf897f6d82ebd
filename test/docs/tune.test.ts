// Runs every example of docs/tune.md but the two of a search by processes, which test/tune/processes.test.ts has.
import { expect, test } from 'vitest'
import { examples, read, run } from './blocks.ts'

for (const { title, block } of examples(read('tune'))) {
  test(title, async () => {
    const { got, want, checks } = await run(block)
    expect(got).toEqual(want)
    expect(checks).toBeGreaterThan(0)
  })
}
