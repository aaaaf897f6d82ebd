// What a program is told when a worker fails, or something cannot go to a worker: the whole text.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture, run } from './run.ts'

const path = "write it as 'export function name(…) { … }' at the top of a module"
const byName = `a worker imports it by its name, so ${path}`
const script =
  `cannot go to another thread: each worker would run all of ${fixture('failures.ts')} again to import it. Export it ` +
  "from a module of its own, or from this one with all that only the main thread should do behind 'if (getWorkerInfo() === null)'"

test('errors name the worker or the value, and what to write', async () => {
  const lines = (await run('failures.ts')).trimEnd().split('\n')
  const source = readFileSync(fixture('datasets.ts'), 'utf8').split('\n')
  const line = source.findIndex(text => text.includes('sample 5 is bad')) + 1
  expect(lines).toEqual([
    `stack: at Bad.get (datasets.ts:${line}:38)`,
    'throw: 5: RangeError: sample 5 is bad (in worker 1 of the DataLoader)',
    'exit: 5: WorkerError: DataLoader: worker 1 ended with exit code 3 in the middle of its work; did it call process.exit()?',
    'throw late: some: WorkerError: DataLoader: worker 1 died: too late',
    "hang: 5: WorkerError: DataLoader: worker 1 has not made its batch in 5 seconds (the loader's timeout)",
    'init: 1: TypeError: no data here (in worker 1 of the DataLoader)',
    'class in a batch: 0: ArgumentError: DataLoader: batch.a[1], a Scale, cannot go to another thread: a batch is made of tensors, arrays, maps, plain objects and simple values (in worker 0 of the DataLoader)',
    `closure: 0: ArgumentError: DataLoader: dataset.transform, a function 'add', cannot go to another thread: it keeps variables of the function around it; ${byName}`,
    `arrow: 0: ArgumentError: DataLoader: dataset.transform, a function, cannot go to another thread: it has no name; ${byName}`,
    `built in: 0: ArgumentError: DataLoader: dataset.transform, a function 'sqrt', cannot go to another thread: it is not defined in a module; ${byName}`,
    `collate: 0: ArgumentError: DataLoader: collateFn, a function 'collateFn', ${script}`,
    'private: 0: ArgumentError: DataLoader: dataset, a Secret, cannot go to another thread: #key is private: give the class a method toWorker() that returns constructor arguments',
    `unexported: 0: ArgumentError: DataLoader: a worker imports 'Unexported' by its name, but file://${fixture('datasets.ts')} does not export it: write 'export' before it (in worker 0 of the DataLoader)`,
    'symbol: 0: ArgumentError: DataLoader: dataset[a b][0], a symbol, cannot go to another thread: symbols cannot be sent',
    'history: 0: ArgumentError: DataLoader: dataset.tensors[0], a Tensor, cannot go to another thread: it has a history of gradients; send x.detach()',
    'module: 0: ArgumentError: DataLoader: dataset.transform, a Linear, cannot go to another thread: #hooks is private: give the class a method toWorker() that returns constructor arguments',
    `main script: 0: ArgumentError: DataLoader: dataset, a Main, ${script}`,
  ])
})
