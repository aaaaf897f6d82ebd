// Leaves freed memory full of 0xFF bytes (NaN, -1, true), so that an op which counts on fresh memory being zero, or
// which leaves part of its output unwritten, gives NaN instead of passing by luck. It runs before every case, so it
// calls the addon itself: two calls a block. Where no memory is kept (DTRAIN_NO_MEMORY_CACHING) there is none to
// poison; the emulation poisons what is freed.

import { native } from '../../src/native/load.ts'
import { deviceCode } from '../../src/tensor/device.ts'
import { dtypeCode } from '../../src/tensor/dtype.ts'
import { device } from './device.ts'

// The sizes of the allocator's free lists: 64-byte steps, then eight to each power of two.
const sizes = Array.from({ length: 8 }, (_, i) => (i + 1) * 64)
for (let base = 512; base < 16384; base *= 2) for (let i = 1; i <= 8; i++) sizes.push(base + (base / 8) * i)
const poison = sizes.map(size => new Uint8Array(size).fill(255))

/** Blocks of each size: as many as a case has inputs, outputs and intermediate results. */
const blocks = 4

const [uint8, place] = [dtypeCode('poison', 'uint8'), deviceCode('poison', device)]
const keepsMemory = process.env.DTRAIN_NO_MEMORY_CACHING !== '1'

export function poisonFreeMemory(): void {
  if (!keepsMemory) return
  const held: ReturnType<typeof native.fromData>[] = []
  for (const bytes of poison) {
    for (let i = 0; i < blocks; i++) held.push(native.fromData(bytes, [bytes.length], uint8, place))
  }
  for (const x of held) native.dispose(x)
}
