// Saving and loading 1 GB of float32, in milliseconds, beside a plain copy of such a file: in turn, now the one and now
// the other first, each on a disk with nothing else to write; and one tensor out of the gigabyte, mapped. The floor
// of saving is that copy, of loading a copy of the memory. Goal: at most 1.25 times the copy, and 10 ms. With PYTHON,
// an interpreter that has torch and safetensors, bench/files.py does the same there.
//   npx tsx bench/files.ts [folder, default that of temporary files]
import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, randn, save, type Tensor } from 'dtrain'
import { row } from './measure.ts'

const folder = process.argv[2] ?? tmpdir()
const path = (name: string) => join(folder, `dtrain-bench-${name}`)
const model = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`layer${i}`, randn(4096, 4096)]))

function milliseconds(work: () => unknown): number {
  execFileSync('sync')
  const start = performance.now()
  work()
  return performance.now() - start
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!.toFixed(0)

row('', 'save', 'copy', 'load', 'one tensor')
for (const name of ['model.safetensors', 'model.pth']) {
  const times: Record<'save' | 'copy' | 'load' | 'one', number[]> = { save: [], copy: [], load: [], one: [] }
  save(model, path('source'))
  for (let round = 0; round < 5; round++) {
    const writes = {
      save: () => save(model, path(name)),
      copy: () => copyFileSync(path('source'), path('copy')),
    }
    const order = round % 2 === 0 ? (['save', 'copy'] as const) : (['copy', 'save'] as const)
    for (const way of order) times[way].push(milliseconds(writes[way]))
    times.load.push(milliseconds(() => load(path(name))))
    times.one.push(
      milliseconds(() => load<Record<string, Tensor>>(path(name), { mmap: true }).layer7!.index(5).sum().item()),
    )
    for (const file of [name, 'copy']) rmSync(path(file))
  }
  rmSync(path('source'))
  row(name, ...Object.values(times).map(median))
}
if (process.env.PYTHON) execFileSync(process.env.PYTHON, ['bench/files.py', folder], { stdio: 'inherit' })
