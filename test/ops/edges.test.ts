// What a case table cannot say: gradients where PyTorch has none to compare with, views that share memory, results that
// are the argument itself, and the dtypes of gradients that meet from several sides.

import { describe, expect, test } from 'vitest'
import { arange, cat, flatten, grad, maxPool2d, noGrad, ones, onesLike, tensor, where, zeros } from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { dtrain } from '../support/device.ts'

// The strides that PyTorch gives for the same operands.
test('a result of one element for each of an operand has the layout of the first operand of its shape', () => {
  const x = ones(2, 3, 4).permute(2, 0, 1)
  const y = ones(4, 2, 3)
  const results = {
    number: x.add(1),
    both: x.add(y),
    'the other way': y.add(x),
    compared: x.gt(y),
    row: x.add(ones(3)),
    'behind a row': ones(2, 3).add(x),
    where: where(y.gt(0), x, x),
    exp: x.exp(),
    clamp: x.clamp(0),
    relu: x.relu(),
    clone: x.clone(),
    cast: x.double(),
    slice: ones(4, 6).index(':', '::2').exp(),
  }
  const strides = Object.fromEntries(Object.entries(results).map(([name, of]) => [name, of.stride()]))
  const kept = [1, 12, 4]
  const dense = [6, 3, 1]
  expect(strides).toEqual({
    number: kept,
    both: kept,
    'the other way': dense,
    compared: kept,
    row: kept,
    'behind a row': kept,
    where: dense,
    exp: kept,
    clamp: kept,
    relu: kept,
    clone: kept,
    cast: kept,
    slice: [3, 1],
  })
})

describe('maxPool2d', () => {
  test('a dilated window that misses the image is -inf and gets no gradient', () => {
    const x = ones(1, 1, 1, 1, { requiresGrad: true })
    const y = maxPool2d(x, 2, { stride: 1, padding: 1, dilation: 2 })
    expect(y.toArray()).toEqual([[[[-Infinity]]]])
    expect(grad(y.sum(), [x])[0]!.toArray()).toEqual([[[[0]]]])
  })

  for (const dtype of ['float32', 'float64'] as const) {
    test(`a window that lies in the padding is constant, among others that do not, ${dtype}`, () => {
      // The window of (p, q) sees rows p - 1 and p + 1 and columns q - 1 and q + 1 of a 3 x 2 image.
      const x = dtrain.tensor(
        [
          [
            [
              [1, 2],
              [3, 4],
              [5, 6],
            ],
          ],
        ],
        { dtype, requiresGrad: true },
      )
      const wide = maxPool2d(x, 2, { stride: 1, padding: 1, dilation: 2 })
      expect(wide.toArray()).toEqual([
        [
          [
            [4, 3],
            [6, 5],
            [4, 3],
          ],
        ],
      ])
      // Without columns every window is empty; PyTorch's gradient then goes to pixels outside the window.
      const column = x.narrow(3, 0, 1)
      const y = maxPool2d(column, 2, { stride: 1, padding: 1, dilation: 2 })
      expect(y.toArray()).toEqual([[[[-Infinity], [-Infinity], [-Infinity]]]])
      const seed = dtrain.tensor([[[[1], [2], [4]]]], { dtype })
      const [dx] = grad([y, wide], [x], [seed, onesLike(wide)])
      expect(dx!.toArray()).toEqual([
        [
          [
            [0, 0],
            [2, 2],
            [1, 1],
          ],
        ],
      ])
    })
  }
})

describe('memory', () => {
  test('views share it', () => {
    const x = arange(12).view(3, 4)
    const views = [x.t(), x.index('1:'), x.index(':', 1), x.expand(2, 3, 4), x.flatten(), x.unsqueeze(0), x.squeeze()]
    for (const view of views) expect(native.sharesStorage(x.handle, view.handle)).toBe(true)
  })

  test('copies do not', () => {
    const x = arange(12).view(3, 4)
    for (const copy of [x.clone(), x.t().contiguous(), x.t().reshape(12), cat([x]), x.to('float32')]) {
      expect(native.sharesStorage(x.handle, copy.handle)).toBe(false)
    }
  })

  test('no-ops give the tensor itself', () => {
    const x = zeros(2, 3)
    expect(x.contiguous()).toBe(x)
    expect(x.to('float32')).toBe(x)
  })

  test('writing through a chain of views reaches the base, and raises its version', () => {
    const x = zeros(2, 3, 4)
    const before = native.version(x.handle)
    x.permute(2, 0, 1).index('1:3').select(1, 1).fill_(5)
    expect(x.sum().item()).toBe(30)
    expect(native.version(x.handle)).toBeGreaterThan(before)
  })
})

describe('gradients', () => {
  test('a leaf that is used three times gets the sum', () => {
    const x = tensor([2, 3], { requiresGrad: true })
    x.mul(x).add(x).sum().backward()
    expect(x.grad!.toArray()).toEqual([5, 7])
  })

  test('two backward passes accumulate, and the gradient stays dense for an expanded leaf', () => {
    const x = ones(1, 3).expand(2, 3).detach().requiresGrad_()
    x.mul(2).sum().backward()
    x.mul(3).sum().backward()
    expect(x.grad!.toArray()).toEqual([
      [5, 5, 5],
      [5, 5, 5],
    ])
  })

  test('accumulating does not change a gradient that was handed out by value', () => {
    const x = ones(2, { requiresGrad: true })
    const seed = tensor([1, 2])
    x.clone().backward(seed)
    x.clone().backward(seed)
    expect(seed.toArray()).toEqual([1, 2])
    expect(x.grad!.toArray()).toEqual([2, 4])
  })

  test('a float32 leaf keeps float32 gradients behind a float64 detour', () => {
    const x = ones(2, { requiresGrad: true })
    x.to('float64')
      .mul(tensor([0.1, 0.2], { dtype: 'float64' }))
      .sum()
      .backward()
    expect(x.grad!.dtype).toBe('float32')
    expect(x.grad!.toArray()).toEqual([Math.fround(0.1), Math.fround(0.2)])
  })

  test('integers, masks and comparisons never need one', () => {
    const x = ones(3, { requiresGrad: true })
    for (const y of [x.lt(2), x.argmax(), x.to('int64'), x.max(0).indices]) expect(y.requiresGrad).toBe(false)
    expect(x.max(0).values.requiresGrad).toBe(true)
  })

  test('nothing is recorded inside noGrad, and views made there stay without history', () => {
    const x = ones(2, 3, { requiresGrad: true })
    const y = noGrad(() => flatten(x.mul(2)))
    expect(y.requiresGrad).toBe(false)
    expect(y.gradFn).toBe(null)
  })

  test('a deep chain is freed without recursion', () => {
    let y = ones(1, { requiresGrad: true })
    const x = y
    for (let i = 0; i < 100_000; i++) y = y.add(0)
    y.backward()
    expect(x.grad!.toArray()).toEqual([1])
  })
})
