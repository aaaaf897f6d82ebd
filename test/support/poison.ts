// Leaves freed memory full of 0xFF bytes (NaN, -1, true), so that an op which counts on fresh memory being zero, or which
// leaves part of its output unwritten, gives NaN instead of passing by luck.

import { empty, type Tensor } from '../../src/index.ts'

// The sizes of the allocator's free lists: 64-byte steps, then eight to each power of two.
const sizes = Array.from({ length: 8 }, (_, i) => (i + 1) * 64)
for (let base = 512; base < 16384; base *= 2) for (let i = 1; i <= 8; i++) sizes.push(base + (base / 8) * i)

/** Blocks of each size: as many as a case has inputs, outputs and intermediate results. */
const blocks = 4

export function poisonFreeMemory(): void {
  const held: Tensor[] = []
  for (const size of sizes) for (let i = 0; i < blocks; i++) held.push(empty([size], { dtype: 'uint8' }).fill_(255))
  for (const x of held) x.dispose()
}
