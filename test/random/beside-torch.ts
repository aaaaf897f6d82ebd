// Draws on this GPU what beside-torch.py has had PyTorch draw on it, and compares every bit; prints `N passed, N
// failed` as the native tests do. PyTorch's numbers of a large tensor depend on the model of the GPU, so no file in
// test/golden can hold them.
//   python test/random/beside-torch.py >drawn.json && npx dtrain --gpus 1 test/random/beside-torch.ts drawn.json
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type DType, empty, manualSeed, rand, randint, randn, type Tensor } from '../../src/index.ts'

interface Step {
  op: 'rand' | 'randn' | 'randint' | 'uniform_' | 'normal_'
  n: number
  dtype: DType
  low: number
  high: number
  bounds: [number, number]
  sha256: string
  head: string[]
}

function draw({ op, n, dtype, low, high, bounds }: Step): Tensor {
  const options = { dtype, device: 'cuda' } as const
  if (op === 'rand') return rand(n, options)
  if (op === 'randn') return randn(n, options)
  if (op === 'randint') return randint(low, high, [n], { device: 'cuda' })
  return op === 'uniform_' ? empty(n, options).uniform_(...bounds) : empty(n, options).normal_(...bounds)
}

const { programs }: { programs: { seed: number; steps: Step[] }[] } = JSON.parse(readFileSync(process.argv[2]!, 'utf8'))
let passed = 0
let failed = 0
for (const { seed, steps } of programs) {
  manualSeed(seed)
  for (const step of steps) {
    const values = draw(step).toTypedArray()
    const sha256 = createHash('sha256')
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      .digest('hex')
    if (sha256 === step.sha256) passed++
    else {
      failed++
      const head = [...values.slice(0, 4)].map(String).join(', ')
      console.log(`FAIL ${step.op}(${step.n}, ${step.dtype}) after seed ${seed}`)
      console.log(`  starts with ${head}; PyTorch's with ${step.head.join(', ')}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
