// Runs random programs beside the reference (`npm run programs`), and prints the first that differs, made shorter.
//   npm run programs -- --seed 7 --count 20000 --device cuda
import { parseArgs } from 'node:util'
import { check } from './check.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '10000' },
    device: { type: 'string', default: 'cpu' },
  },
})
const start = performance.now()
const { text, failed } = check(Number(values.seed), Number(values.count), values.device as 'cpu')
console.log(`${text}, ${((performance.now() - start) / 1000).toFixed(1)} s`)
process.exitCode = failed ? 1 : 0
