// Dropout: what the module adds to the function. What is drawn is compared with PyTorch in test/random and in the cases
// of the ops.
import { expect, test } from 'vitest'
import { manualSeed, nn, noGrad, ones, type Tensor } from '../../src/index.ts'

const { dropout, dropout2d } = nn.functional

test('modules draw while training alone', () => {
  const x = ones(4, 5)
  for (const layer of [new nn.Dropout(0.4), new nn.Dropout2d({ p: 0.4 })]) {
    const draw = (seed: number) => {
      manualSeed(seed)
      return (layer(x) as Tensor).toArray()
    }
    expect(draw(3)).toEqual(draw(3))
    expect(draw(3)).not.toEqual(draw(4))
    layer.eval()
    expect(layer(x)).toBe(x)
    layer.train()
    expect(layer(x)).not.toBe(x)
  }
})

test('in place, or not at all', () => {
  const x = ones(100)
  expect(dropout(x, { inplace: true })).toBe(x)
  expect(x.eq(0).sum().item()).toBeGreaterThan(20)
  expect(dropout(x, 0.5, { training: false })).toBe(x)
  const w = ones(3, { requiresGrad: true })
  expect(() => dropout(w, { inplace: true })).toThrow('dropout: cannot change a leaf tensor that requires a gradient')
  const y = w.mul(2)
  expect(new nn.Dropout({ inplace: true })(y)).toBe(y)
  y.sum().backward()
  expect(w.grad!.toArray()).toEqual(y.toArray()) // w is 1, and y is linear
  expect(noGrad(() => dropout(w, { inplace: true }))).toBe(w)
  expect(dropout(w).gradFn?.name).toBe('MulBackward0')
})

test('probabilities and shapes that are refused', () => {
  expect(() => dropout(ones(2), 1.5)).toThrow('dropout: p must be from 0 to 1, got 1.5')
  expect(() => dropout(ones(2), { p: -0.1, training: false })).toThrow('dropout: p must be from 0 to 1, got -0.1')
  expect(() => new nn.Dropout(2)).toThrow('Dropout: p must be from 0 to 1, got 2')
  expect(() => new nn.Dropout2d({ p: NaN })).toThrow('Dropout2d: p must be from 0 to 1, got NaN')
  expect(() => dropout2d(ones(2))).toThrow('dropout2d: expected at least 2 dimensions, [samples, channels, …], got [2]')
  expect(() => dropout(ones(2).to('int64'))).toThrow('dropout: not implemented for int64')
})

test('bernoulli with one probability takes the shape and dtype of its argument', () => {
  const draws = ones(1000, { dtype: 'int64' }).bernoulli(0.25)
  expect(draws.dtype).toBe('int64')
  expect(draws.sum().item()).toBeGreaterThan(150)
  expect(draws.sum().item()).toBeLessThan(350)
  expect(() => ones(2).bernoulli({ p: 2 })).toThrow('bernoulli_: p must be from 0 to 1, got 2')
})

test('modules print as in PyTorch', () => {
  expect(String(new nn.Dropout(0.3))).toBe('Dropout(p=0.3, inplace=False)')
  expect(String(new nn.Dropout2d({ inplace: true }))).toBe('Dropout2d(p=0.5, inplace=True)')
  expect(String(new nn.Softmax(1))).toBe('Softmax(dim=1)')
  expect(() => new nn.Softmax(undefined as never)).toThrow('Softmax: say along which dimension')
})
