// The bookkeeping of store and barriers, without sockets.
import { expect, test } from 'vitest'
import { Store } from '../../launcher/control/store.ts'

test('a get waits for its set, and a counter reads as text', async () => {
  const store = new Store(2, 5)
  const waiting = store.get('key', 0)
  store.set('key', 'value')
  expect(await waiting).toBe('value')
  expect(store.add('n', 2)).toBe(2)
  expect(store.add('n', -5)).toBe(-3)
  expect(await store.get('n', 0)).toBe('-3')
})

test('a counter goes on from a number that was set, and refuses anything else', async () => {
  const store = new Store(1, 5)
  store.set('n', '40')
  expect(store.add('n', 2)).toBe(42)
  expect(await store.get('n', 0)).toBe('42')
  for (const [value, shown] of [
    ['swift-otter', "'swift-otter'"],
    ['', "''"],
    [new Uint8Array(3), '3 bytes'],
  ] as const) {
    store.set('run', value)
    expect(() => store.add('run', 1)).toThrow(`store: add: 'run' holds ${shown}, not an integer; count in another key`)
    expect(await store.get('run', 0)).toBe(value)
  }
})

test('a wait that is in vain says for whom', async () => {
  const store = new Store(3, 0.02)
  await expect(store.get('key', 0)).rejects.toThrow("store: no rank set 'key' within 0.02 s")
  await expect(store.barrier('b', 1)).rejects.toThrow("barrier 'b': ranks 0, 2 did not come in 0.02 s")
})

test('a get ends when all other ranks have, before or after', async () => {
  const store = new Store(3, 5)
  const early = store.get('key', 1)
  store.rankGone(0)
  store.set('other', 'value')
  store.rankGone(2)
  const ended = { code: 'DTRAIN_PEER', message: "store: no rank set 'key', and all other ranks have ended" }
  await expect(early).rejects.toMatchObject(ended)
  await expect(store.get('key', 1)).rejects.toMatchObject(ended)
  expect(await store.get('other', 1)).toBe('value')
})

test('a barrier releases all, and can be used again', async () => {
  const store = new Store(2, 5)
  for (let round = 0; round < 3; round++) await Promise.all([store.barrier('b', 1), store.barrier('b', 0)])
})

test('a barrier fails at once when a missing rank exits, before or after', async () => {
  const store = new Store(3, 5)
  const early = store.barrier('b', 0)
  const arrived = store.barrier('c', 2)
  store.rankGone(2)
  await expect(early).rejects.toMatchObject({ code: 'DTRAIN_PEER', message: "barrier 'b': rank 2 has exited" })
  await expect(store.barrier('b', 1)).rejects.toMatchObject({ code: 'DTRAIN_PEER' })
  // Rank 2 had reached this one.
  await Promise.all([store.barrier('c', 0), store.barrier('c', 1), arrived])
})
