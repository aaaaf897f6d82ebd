// The product of several matrices in the order that needs the fewest multiplications, found by dynamic programming over
// the stretches of the chain.
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from './tensor.ts'

/** @throws ArgumentError for none, ShapeError when sizes do not fit */
export function multiply(op: string, matrices: readonly Tensor[]): Tensor {
  if (matrices.length === 0) throw new ArgumentError(`${op}: expected at least one matrix`)
  for (const [i, x] of matrices.slice(1).entries()) {
    const before = matrices[i]!
    if (before.size(-1) !== x.size(0))
      throw new ShapeError(`${op}: inner dimensions differ: [${before.shape.join(', ')}] x [${x.shape.join(', ')}]`)
  }
  const sizes = [matrices[0]!.size(0), ...matrices.map(x => x.size(1))]
  const count = matrices.length
  const best: { cost: number; split: number }[][] = matrices.map(() => [])
  for (let i = 0; i < count; i++) best[i]![i] = { cost: 0, split: i }
  for (let length = 2; length <= count; length++) {
    for (let i = 0; i + length <= count; i++) {
      const j = i + length - 1
      for (let split = i; split < j; split++) {
        const both = best[i]![split]!.cost + best[split + 1]![j]!.cost
        const cost = both + sizes[i]! * sizes[split + 1]! * sizes[j + 1]!
        if (cost < (best[i]![j]?.cost ?? Number.POSITIVE_INFINITY)) best[i]![j] = { cost, split }
      }
    }
  }
  const product = (i: number, j: number): Tensor => {
    if (i === j) return matrices[i]!
    const { split } = best[i]![j]!
    return product(i, split).matmul(product(split + 1, j))
  }
  return product(0, count - 1)
}
