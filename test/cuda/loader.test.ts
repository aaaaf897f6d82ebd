// Batches of a DataLoader in pinned memory, which a device copies from by itself.
import { expect, test } from 'vitest'
import { DataLoader, type Dataset, TensorDataset } from '../../src/data/index.ts'
import { arange, type Tensor, tensor } from '../../src/index.ts'

test('batches are pinned, have the same values and are copied without blocking', () => {
  const data = new TensorDataset(arange(10).to('float32'), arange(10))
  const plain = [...new DataLoader(data, { batchSize: 4 })]
  expect(plain[0]!.map(x => x.isPinned())).toEqual([false, false])
  const loader = new DataLoader(data, { batchSize: 4, pinMemory: true })
  expect(loader.pinMemory).toBe(true)
  for (const [i, [x, y]] of [...loader].entries()) {
    expect([x!.isPinned(), y!.isPinned(), y!.dtype]).toEqual([true, true, 'int64'])
    const there = x!.to('cuda', { nonBlocking: true })
    x!.dispose()
    expect(there.toArray()).toEqual(plain[i]![0]!.toArray())
    expect(y!.toArray()).toEqual(plain[i]![1]!.toArray())
  }
})

test('tensors inside arrays, maps, objects and objects with a method pinMemory are pinned, the rest is shared', () => {
  class Batch {
    constructor(readonly x: Tensor) {}
    pinMemory(): Batch {
      return new Batch(this.x.pinMemory())
    }
  }
  const there = tensor([1], { device: 'cuda' })
  const when = new Date()
  const samples: Dataset<number> = { length: 2, get: i => i }
  const collateFn = (xs: number[]) => ({
    deep: [{ x: tensor(xs) }, 'name', null, undefined],
    map: new Map([['x', tensor(xs)]]),
    batch: new Batch(tensor(xs)),
    there,
    when,
  })
  const [batch] = [...new DataLoader(samples, { batchSize: 2, pinMemory: true, collateFn })]
  const { deep, map, ...rest } = batch!
  expect((deep[0] as { x: Tensor }).x.isPinned()).toBe(true)
  expect((deep[0] as { x: Tensor }).x.toArray()).toEqual([0, 1])
  expect(deep.slice(1)).toEqual(['name', null, undefined])
  expect(map.get('x')!.isPinned()).toBe(true)
  expect([rest.batch instanceof Batch, rest.batch.x.isPinned()]).toEqual([true, true])
  expect([rest.there, rest.when]).toEqual([there, when])
  expect(rest.when).toBe(when)
})
