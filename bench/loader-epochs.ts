// A process of loader.ts: two epochs of a loader whose samples take 1 ms each. Prints how many milliseconds each took,
// from the start of the loop, and how many of computing.
//   npx tsx bench/loader-epochs.ts <samples> <turns of computing, or 0 to wait> <workers>
import { DataLoader, type Tensor } from 'dtrain'
import { Slow } from './loader-dataset.ts'

const [samples, turns, numWorkers] = process.argv.slice(2).map(Number) as [number, number, number]

async function epoch(loader: AsyncIterable<Tensor>): Promise<number[]> {
  const start = performance.now()
  const before = process.cpuUsage()
  let seen = 0
  for await (const x of loader) seen += x.size(0)
  if (seen !== samples) throw new Error(`${seen} samples of ${samples}`)
  const { user, system } = process.cpuUsage(before)
  return [performance.now() - start, (user + system) / 1000]
}

const dataset = new Slow(samples, turns)
const loader = new DataLoader(dataset, { batchSize: 10, numWorkers, persistentWorkers: numWorkers > 0 })
console.log(JSON.stringify([...(await epoch(loader)), ...(await epoch(loader))]))
