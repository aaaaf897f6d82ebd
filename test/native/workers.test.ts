// The addon in several threads at once: each has its own collector and error factory; memory and the default generator
// are shared.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { randn } from '../../src/index.ts'

test('four worker threads and the main thread train at once', async () => {
  const workers = Array.from({ length: 4 }, () => new Worker(new URL('./train-in-worker.js', import.meta.url)))
  const losses = Promise.all(workers.map(async worker => (await once(worker, 'message'))[0] as number))
  for (let i = 0; i < 20_000; i++) randn(8)
  for (const loss of await losses) {
    expect(loss).toBeGreaterThan(0)
    expect(loss).toBeLessThan(0.3)
  }
  await Promise.all(workers.map(worker => worker.terminate()))
})
