// Runs PyTorch's own module test inputs, which modules.py has written, through dtrain (`npm run modules -- NAME…`): the
// constructor by the rule of the API, what it draws, the keys of the state, what forward answers, the state afterwards,
// gradients of inputs and parameters, and the printed form.
//
//   --data FOLDER      what modules.py has written; default opinfo-modules in the folder for temporary files
//   --reasons N        so many different reasons for each class, default 1
//   --failing          only the classes that do not pass
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as dt from '../../src/index.ts'
import { checkModule, classes, type ModuleSample } from './check-module.ts'
import { count, countOf, linesOf, noneOf, passes, type Result } from './report.ts'
import type { Data } from './values.ts'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: join(tmpdir(), 'opinfo-modules') },
    reasons: { type: 'string', default: '1' },
    failing: { type: 'boolean', default: false },
  },
})

const results: Result[] = []
for (const file of readdirSync(flags.data)
  .filter(file => file.endsWith('.json'))
  .sort()) {
  const name = file.slice(0, -'.json'.length)
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const { samples } = JSON.parse(readFileSync(join(flags.data, file), 'utf8')) as { samples: ModuleSample[] }
  const data = dt.load<Data>(join(flags.data, `${name}.safetensors`))
  const result = noneOf(name, samples.length)
  if (classes[name] === undefined) result.reasons.set('absent', samples.length)
  else
    for (const sample of samples)
      count(result, `${sample.dtype}${sample.training ? '' : ' eval'}`, () =>
        dt.tidy(() => checkModule(name, sample, data)),
      )
  if (!flags.failing || !passes(result)) console.log(linesOf(result, Number(flags.reasons)))
  results.push(result)
  for (const x of Object.values(data)) x.dispose()
}
console.log(`\n${countOf(results)}`)
