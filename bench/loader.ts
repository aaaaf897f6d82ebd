// An epoch of a DataLoader whose samples take 1 ms each, in milliseconds, with 0 to 4 workers: where the time goes into
// computing, which is as many times faster as there are free cores, and where it goes into waiting, as for a disk. The
// first epoch starts the workers, the second has them already (persistentWorkers). Goal: 4 workers never slower than 0.
//   npx tsx bench/loader.ts [samples, default 2000]
import { DataLoader, type Tensor } from 'dtrain'
import { compute, Slow } from './loader-dataset.ts'
import { microseconds, row } from './measure.ts'

const samples = Number(process.argv[2] ?? 2000)

const turns = Math.round(1e8 / microseconds(() => compute(1e5), { rounds: 50 }))

/** Milliseconds, and those that all threads together have computed. */
async function epoch(loader: AsyncIterable<Tensor>): Promise<[string, string]> {
  const start = performance.now()
  const before = process.cpuUsage()
  let seen = 0
  for await (const x of loader) seen += x.size(0)
  if (seen !== samples) throw new Error(`${seen} samples of ${samples}`)
  const { user, system } = process.cpuUsage(before)
  return [(performance.now() - start).toFixed(0), ((user + system) / 1000).toFixed(0)]
}

row('1 ms of', 'workers', 'first', 'computed', 'second', 'computed')
for (const kind of ['computing', 'waiting'] as const) {
  for (const numWorkers of [0, 1, 2, 4]) {
    const loader = new DataLoader(new Slow(samples, kind === 'computing' ? turns : 0), {
      batchSize: 32,
      numWorkers,
      persistentWorkers: numWorkers > 0,
    })
    row(kind, numWorkers, ...(await epoch(loader)), ...(await epoch(loader)))
  }
}
