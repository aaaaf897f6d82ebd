// A loader that goes on in another training gives what it would have given.
import { expect, test } from 'vitest'
import { run } from './run.ts'

test('a loader goes on with the next batch and the same random numbers', async () => {
  expect(await run('resumed.ts')).toBe('22\n')
}, 60_000)
