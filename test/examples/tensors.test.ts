// examples/tensors.ts prints what PyTorch prints.
import { test } from 'vitest'
import { expectPrinted, run, twin } from './printed.ts'

test('examples/tensors.ts', async () => {
  expectPrinted(await run('examples/tensors.ts'), twin('tensors', 'full'), 1e-6)
})
