// An epoch of a DataLoader whose samples take 1 ms each, in milliseconds, without workers and with 4: where the time
// goes into computing, which is as many times faster as there are free cores, and where it goes into waiting, as for a
// disk. The first epoch starts the workers, the second has them already. Each number is the median of five processes,
// which take turns with those of the other rows. Goal: 4 workers are not slower than none.
//   npx tsx bench/loader.ts [samples…, default 20 100 300 1000]
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { machineLine, microseconds, spreadOf, within } from '../dist/src/bench/measure.js'
import { columns } from '../dist/src/columns.js'
import { compute } from './loader-dataset.ts'

const rounds = 5
const turns = Math.round(1e8 / (await microseconds(() => compute(1e5), { rounds: 50 })).median)
const script = fileURLToPath(new URL('loader-epochs.ts', import.meta.url))

const given = process.argv.slice(2).map(Number)
const rows = (given.length > 0 ? given : [20, 100, 300, 1000]).flatMap(samples =>
  ['computing', 'waiting'].flatMap(kind =>
    [0, 4].map(workers => ({ samples, kind, workers, found: [] as number[][] })),
  ),
)
for (let i = 0; i < rounds; i++) {
  for (const { samples, kind, workers, found } of rows) {
    const args = [script, samples, kind === 'computing' ? turns : 0, workers].map(String)
    found.push(JSON.parse(execFileSync(process.execPath, [...process.execArgv, ...args], { encoding: 'utf8' })))
  }
}
const heads = ['samples', '1 ms of', 'workers', 'first', 'spread', 'computed', 'second', 'spread', 'computed']
const lines = rows.map(({ samples, kind, workers, found }) => {
  const [first, computed, second, then] = [0, 1, 2, 3].map(column => spreadOf(found.map(values => values[column]!)))
  const epoch = (time = spreadOf([0]), busy = time) => [time.median.toFixed(0), within(time), busy.median.toFixed(0)]
  return [String(samples), kind, String(workers), ...epoch(first, computed), ...epoch(second, then)]
})
console.log(`${machineLine()}\n${columns([heads, ...lines])}`)
