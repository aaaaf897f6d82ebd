// Threads on GPUs: each has a current device and default generators of its own.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { cuda, manualSeed, randn } from '../../src/index.ts'

test('equal seeds give equal numbers in every thread, and setDevice is for one thread', async () => {
  const device = `cuda:${cuda.deviceCount() - 1}` as const
  const path = new URL('../native/draw-in-worker.js', import.meta.url)
  manualSeed(1)
  randn(5, { device })
  cuda.setDevice(cuda.deviceCount() - 1)
  try {
    const workers = [0, 1].map(() => new Worker(path, { execArgv: [], workerData: { device, draws: 100 } }))
    const reports = Promise.all(workers.map(async worker => (await once(worker, 'message'))[0]))
    for (let i = 0; i < 200; i++) randn(5, { device })
    const found = await reports
    manualSeed(7)
    const drawn = Array.from({ length: 100 }, () => randn(5, { device }).sum().item())
    expect(found).toEqual([0, 1].map(() => ({ drawn, grad: true, current: 0 })))
    await Promise.all(workers.map(worker => worker.terminate()))
  } finally {
    cuda.setDevice(0)
  }
})
