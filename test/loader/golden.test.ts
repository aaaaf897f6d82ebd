// Batches of loaders with 0 to 4 workers, and the random numbers in them, against PyTorch's (scripts/golden/data.py).
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { golden } from '../support/golden.ts'
import { root, runDtrain } from '../support/run-dtrain.ts'
import { fixture, run } from './run.ts'

interface Run {
  epochs: [x: number[], y: number[]][][]
  after: number[]
}

test('any number of workers gives what PyTorch gives', async () => {
  const { entries } = golden<Run & { options: object }>('workers')
  const found = JSON.parse(await run('runs.ts')) as Record<string, Run>
  expect(Object.keys(found)).toEqual(Object.keys(entries))
  for (const [name, { epochs, after }] of Object.entries(entries)) {
    // The file has the shortest decimals of float32.
    const rounded = epochs.map(epoch => epoch.map(([x, y]) => [x.map(Math.fround), y]))
    expect(found[name], name).toEqual({ epochs: rounded, after })
  }
}, 180_000)

const squares = JSON.stringify([[0, 1], [4, 9], [16]])

test('workers import the script itself where it asks whether it is the main thread', async () => {
  expect(await run('main.ts')).toBe(`${squares}\n`)
})

/** A project whose dataset makes tensors. */
function project(type: 'commonjs' | 'module', get: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-project-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/dtrain'))
  writeFileSync(join(folder, 'package.json'), type === 'module' ? '{ "type": "module" }' : '{}')
  writeFileSync(
    join(folder, 'squares.ts'),
    `import { type Tensor, tensor } from 'dtrain'
    export class Squares {
      length: number = 5
      get = (index: number): Tensor => ${get}
      toWorker() { return [] }
    }`,
  )
  writeFileSync(
    join(folder, 'main.ts'),
    `import { DataLoader } from 'dtrain'
    import { Squares } from './squares'
    async function main(): Promise<void> {
      const batches: unknown[] = []
      for await (const x of new DataLoader(new Squares(), { batchSize: 2, numWorkers: 2 })) batches.push(x.toArray())
      console.log(JSON.stringify(batches))
    }
    void main()`,
  )
  return join(folder, 'main.ts')
}

const commonJs = () => project('commonjs', 'tensor(index ** 2)')

test('the dtrain command starts workers on every rank, in CommonJS too', async () => {
  for (const script of [fixture('main.ts'), commonJs()]) {
    const { stdout, stderr, code, leftovers } = await runDtrain(['--nproc', '2', script])
    // Equal lines that come together are one line: `[0,1] …`.
    const lines = [...stdout.matchAll(/^\[([\d,]+)\] (.*)$/gm)].map(([, ranks, text]) => [ranks!.split(','), text])
    expect([lines.flatMap(([ranks]) => ranks).sort(), code], stderr).toEqual([['0', '1'], 0])
    expect(new Set(lines.map(([, text]) => text))).toEqual(new Set([squares]))
    expect(leftovers).toEqual({ processes: [], files: [] })
  }
})

test('tsx runs CommonJS, whose modules take the library of the worker', async () => {
  expect(await run(commonJs())).toBe(`${squares}\n`)
})

test('modules that are not the same as a part of another are read one by one', async () => {
  expect(await run(project('module', "tensor(import.meta.url.endsWith('/squares.ts') ? index ** 2 : 0)"))).toBe(
    `${squares}\n`,
  )
})
