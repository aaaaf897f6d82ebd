// Datasets of images and their transforms go to workers.
import { expect, test } from 'vitest'
import { run } from './run.ts'

test('images come from workers as from the main thread', async () => {
  expect(await run('vision.ts')).toBe('MNISTSubset: 7 batches, true\nImageFolder: 1 batches, true\n')
})
