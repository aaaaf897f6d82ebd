// Saving and loading 1 GB of float32, in milliseconds, beside a plain copy of such a file, in turn, each on a disk with
// nothing else to write; and one tensor out of the gigabyte, mapped. The floor of saving is that copy, of loading a
// copy of the memory. Goal: at most 1.25 times the copy, and 10 ms. With --python, an interpreter that has torch and
// safetensors, bench/files.py does the same in turn.
//   npx tsx bench/files.ts [folder, default that of temporary files] [--python python3]
import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load, randn, save, type Tensor } from 'dtrain'
import { alternate, machineLine, ratioOf, spreadOf, twinOf, within } from '../dist/src/bench/measure.js'
import { columns } from '../dist/src/columns.js'

const { positionals } = parseArgs({ options: { python: { type: 'string' } }, allowPositionals: true })
const folder = positionals[0] ?? tmpdir()
const path = (name: string) => join(folder, `dtrain-bench-${name}`)
const model = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`layer${i}`, randn(4096, 4096)]))
const twin = await twinOf(join(import.meta.dirname, 'files.py'), folder)

const milliseconds = (work: () => unknown) => () => {
  execFileSync('sync')
  const start = performance.now()
  work()
  const time = performance.now() - start
  for (const name of ['saved.safetensors', 'saved.pth', 'copy']) rmSync(path(name), { force: true })
  return time
}

const lines = [['', 'ms', 'spread', 'of copy', ...(twin ? ['PyTorch', 'spread', 'ratio'] : [])]]
for (const kind of ['safetensors', 'pth']) {
  const file = path(`model.${kind}`)
  save(model, file)
  const ways = {
    copy: () => copyFileSync(file, path('copy')),
    save: () => save(model, path(`saved.${kind}`)),
    load: () => load(file),
    'one tensor': () => load<Record<string, Tensor>>(file, { mmap: true }).layer7!.index(5).sum().item(),
  }
  const names = Object.keys(ways)
  const theirs = twin ? names.slice(1).map(name => twin.side(`${kind} ${name}`)) : []
  const sides = [...Object.values(ways).map(milliseconds), ...theirs]
  const times = await alternate(sides, { rounds: 5, calls: 1 })
  for (const [i, name] of names.entries()) {
    const [ours, ratio] = [spreadOf(times[i]!), ratioOf(times[0]!, times[i]!)]
    const line = [`${kind}: ${name}`, ours.median.toFixed(0), within(ours), ratio.median.toFixed(2)]
    const other = i === 0 ? undefined : times[names.length + i - 1]
    if (other)
      line.push(spreadOf(other).median.toFixed(0), within(spreadOf(other)), ratioOf(times[i]!, other).median.toFixed(2))
    else if (twin) line.push('', '', '')
    lines.push(line)
  }
  rmSync(file)
}
console.log(`${machineLine(...(twin ? [twin.version] : []))}\n${columns(lines)}`)
twin?.end()
