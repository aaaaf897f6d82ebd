// What is special about SGD; test/optim/golden.test.ts compares its steps with PyTorch.
import { expect, test } from 'vitest'
import { ones, optim, tensor } from '../../src/index.ts'
import { device } from '../support/device.ts'

test('a step that fails starts no momentum', () => {
  const w = ones(2, { device, requiresGrad: true })
  const transposed = ones(2, 3, { device }).t().detach()
  transposed.requiresGrad = true
  const optimizer = new optim.SGD([w, transposed], { lr: 1, momentum: 0.5, dampening: 0.5 })
  w.sum().add(transposed.sum()).backward()
  expect(() => optimizer.step()).toThrow('sgd: expected contiguous parameters, got strides [1, 3] for shape [3, 2]')
  expect(optimizer.state.size).toBe(0)
})

test('parameters of one group may differ in dtype', () => {
  for (const momentum of [0, 0.5]) {
    for (const dtypes of [
      ['float32', 'float64'],
      ['float64', 'float32'],
    ] as const) {
      const params = dtypes.map(dtype => ones(5, { dtype, device, requiresGrad: true }))
      const optimizer = new optim.SGD(params, { lr: 0.25, momentum })
      for (const _ of [0, 1]) {
        optimizer.zeroGrad()
        for (const param of params) param.sum().backward()
        optimizer.step()
      }
      const value = momentum === 0 ? 0.5 : 0.375 // 1 - 0.25 (1 + 1 + momentum)
      for (const param of params) expect(param.toArray()).toEqual(Array(5).fill(value))
    }
  }
})

test('a step may compute the loss again', () => {
  const w = tensor(2, { requiresGrad: true })
  const optimizer = new optim.SGD([w], 0.5)
  const loss = optimizer.step(() => {
    const value = w.mul(w)
    value.backward()
    return value.item()
  })
  expect([loss, w.item(), optimizer.step()]).toEqual([4, 0, undefined])
})
