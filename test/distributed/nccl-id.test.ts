// The id of NCCL comes from rank 0 to the others, whether they ask before it is there or after.
import { afterEach, expect, test, vi } from 'vitest'
import { Store } from '../../launcher/control/store.ts'
import { exchangeNcclId } from '../../src/distributed/nccl-id.ts'
import { publish, published } from '../../src/job/symbols.ts'

const id = Uint8Array.from({ length: 128 }, (_, i) => i)
const native = vi.hoisted(() => ({ ncclUniqueId: vi.fn() }))
vi.mock('../../src/native/load.ts', () => ({ native }))

const forget = () => publish('ncclId', undefined as never)

afterEach(() => {
  forget()
  native.ncclUniqueId.mockReset()
})

/** The store as a rank has it. */
function stores() {
  const store = new Store(2, 0.05)
  return {
    get: (key: string) => store.get(key, 1),
    set: async (key: string, value: Uint8Array | string) => store.set(key, value),
  }
}

test('rank 0 makes it, the others get it', async () => {
  native.ncclUniqueId.mockReturnValue(id)
  const store = stores()
  const early = exchangeNcclId(store, 1)
  expect(published('ncclId')).toBeUndefined()
  await exchangeNcclId(store, 0)
  await early
  expect(published('ncclId')).toEqual(id)
  forget()
  await exchangeNcclId(store, 1)
  expect(published('ncclId')).toEqual(id)
  expect(native.ncclUniqueId).toHaveBeenCalledTimes(1)
})

test('without NCCL rank 0 fails with the reason, and the others do not wait for ever', async () => {
  native.ncclUniqueId.mockImplementation(() => {
    throw new Error('nccl: not installed')
  })
  const store = stores()
  const other = exchangeNcclId(store, 1)
  await expect(exchangeNcclId(store, 0)).rejects.toThrow('nccl: not installed')
  await expect(other).rejects.toThrow("store: no rank set 'dtrain/nccl' within 0.05 s")
})
