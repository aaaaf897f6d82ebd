// Saving and loading 1 GB of float32, in milliseconds, beside a plain copy of the same file, each in turn and each on a
// disk that has nothing else to write; and one tensor out of the gigabyte, mapped. The floor of saving is that copy, of
// loading a copy of the memory. Goal: at most 1.25 times the copy, and 10 ms. bench/files.py does the same in Python.
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
  for (let round = 0; round < 5; round++) {
    times.save.push(milliseconds(() => save(model, path(name))))
    times.copy.push(milliseconds(() => copyFileSync(path(name), path('copy'))))
    times.load.push(milliseconds(() => load(path(name))))
    times.one.push(
      milliseconds(() => load<Record<string, Tensor>>(path(name), { mmap: true }).layer7!.index(5).sum().item()),
    )
    for (const file of [name, 'copy']) rmSync(path(file))
  }
  row(name, ...Object.values(times).map(median))
}
