// The graph in the cases where two programs share something: tensors changed between forward and backward, gradients
// that are one tensor for several owners, graphs that are walked in part or more than once.
import { describe, expect, test } from 'vitest'
import { AutogradError, grad, nn, noGrad, ones, randn, type Tensor, tensor, zeros } from '../../src/index.ts'

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true })
const changed = /modified in place since/

describe('what backward needs, changed after forward', () => {
  test('the indices of max', () => {
    const { values, indices } = randn(3, 4).requiresGrad_().max(1)
    indices.fill_(2 ** 33)
    expect(() => values.sum().backward()).toThrow(changed)
  })

  test('the index of indexSelect', () => {
    const index = tensor([0, 1], { dtype: 'int64' })
    const y = randn(3, 4).requiresGrad_().indexSelect(0, index)
    index.fill_(2 ** 33)
    expect(() => y.sum().backward()).toThrow(changed)
  })

  test('the target of a loss', () => {
    const target = tensor([0, 1], { dtype: 'int64' })
    const loss = nn.functional.crossEntropy(randn(2, 3).requiresGrad_(), target)
    target.fill_(2)
    expect(() => loss.backward()).toThrow(changed)
  })

  test('an in-place op that is refused changes nothing', () => {
    const x = leaf(1, 2)
    const scale = tensor([3, 4])
    const y = x.mul(scale)
    expect(() => scale.add_(zeros(3))).toThrow('do not broadcast')
    expect(() => scale.copy_(zeros(3))).toThrow('does not broadcast')
    y.sum().backward()
    expect(x.grad!.toArray()).toEqual([3, 4])
  })
})

describe('gradients with several owners', () => {
  test('two leaves that get one gradient under createGraph keep their own', () => {
    const [a, b] = [leaf(1), leaf(1)]
    const loss = () => a.add(b).mul(2).sum()
    loss().backward({ createGraph: true })
    loss().backward()
    expect([a.grad!.item(), b.grad!.item()]).toEqual([4, 4])
  })

  test("the caller's gradient is not the leaf's", () => {
    const x = leaf(1, 2)
    const dy = ones(2)
    x.mul(1).backward(dy, { createGraph: true })
    noGrad(() => x.grad!.mul_(7))
    expect(dy.toArray()).toEqual([1, 1])
  })

  test('retainGrad accumulates and keeps its own', () => {
    const h = leaf(1, 2).mul(1)
    h.retainGrad()
    const dy = ones(2)
    h.backward(dy, { retainGraph: true })
    h.backward(dy)
    expect(h.grad!.toArray()).toEqual([2, 2])
    expect(dy.toArray()).toEqual([1, 1])
  })
})

describe('part of a graph, or the same graph again', () => {
  test('grad() leaves what is below its inputs alone', () => {
    const x = leaf(2)
    const h = x.exp()
    const loss = h.mul(h).sum()
    const [dh] = grad(loss, [h]) as [Tensor]
    h.backward(dh)
    expect(x.grad!.item()).toBeCloseTo(2 * Math.exp(4), 3)
  })

  test('nodes that saved nothing run any number of times', () => {
    const w = randn(2, 3).requiresGrad_()
    const wt = w.t()
    wt.sum().backward()
    wt.sum().backward()
    expect(w.grad!.toArray()).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ])
  })

  test('nodes that did save something run once', () => {
    const y = leaf(1).exp()
    y.backward()
    expect(() => y.backward()).toThrow(AutogradError)
  })
})
