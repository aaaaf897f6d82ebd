// SGD follows PyTorch 2.13. The rows are w[0], w[1], w[2], b after each of four steps of
//   w = torch.tensor([1., -2., 3.], requires_grad=True); b = torch.tensor(0.5, requires_grad=True)
//   loss = (w * w * (i + 1)).sum() + (b * 3 if i > 0 else 0)
// In step 0, b has no gradient, so its momentum starts one step later.
import { expect, test } from 'vitest'
import { ones, optim, type Tensor, tensor, tidy } from '../../src/index.ts'
import { device } from '../support/device.ts'

const cases: [options: Partial<optim.SGDOptions>, rows: number[][]][] = [
  [
    { lr: 0.1 },
    [
      [0.8, -1.6, 2.4, 0.5],
      [0.48, -0.96, 1.44, 0.2],
      [0.192, -0.384, 0.576, -0.1],
      [0.0384, -0.0768, 0.1152, -0.4],
    ],
  ],
  [
    { lr: 0.1, momentum: 0.9 },
    [
      [0.8, -1.6, 2.4, 0.5],
      [0.3, -0.6, 0.9, 0.2],
      [-0.33, 0.66, -0.99, -0.37],
      [-0.633, 1.266, -1.899, -1.183],
    ],
  ],
  [
    { lr: 0.1, momentum: 0.9, dampening: 0.5 },
    [
      [0.8, -1.6, 2.4, 0.5],
      [0.46, -0.92, 1.38, 0.2],
      [0.016, -0.032, 0.048, -0.22],
      [-0.39, 0.78, -1.17, -0.748],
    ],
  ],
  [
    { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    [
      [0.6181, -1.2362, 1.8543, 0.5],
      [-0.01564, 0.031281, -0.046921, -0.07095],
      [-0.345075, 0.690149, -1.035224, -0.88422],
      [-0.124856, 0.249713, -0.374569, -1.914547],
    ],
  ],
  [
    { lr: 0.01, maximize: true, weightDecay: 0.1 },
    [
      [1.019, -2.038, 3.057, 0.5],
      [1.058741, -2.117482, 3.176223, 0.5295],
      [1.121207, -2.242414, 3.36362, 0.558971],
      [1.209782, -2.419564, 3.629346, 0.588412],
    ],
  ],
]

const leaves = () => [tensor([1, -2, 3], { requiresGrad: true }), tensor(0.5, { requiresGrad: true })] as const

function run([w, b]: readonly [Tensor, Tensor], optimizer: optim.SGD, step: number): number[] {
  return tidy(() => {
    optimizer.zeroGrad()
    const loss = w
      .mul(w)
      .mul(step + 1)
      .sum()
    ;(step > 0 ? loss.add(b.mul(3)) : loss).backward()
    optimizer.step()
    return [...(w.toArray() as number[]), b.item()]
  })
}

for (const [options, rows] of cases) {
  test(JSON.stringify(options), () => {
    const params = leaves()
    const optimizer = new optim.SGD(params, options)
    for (const [step, row] of rows.entries()) {
      for (const [i, value] of run(params, optimizer, step).entries()) expect(value).toBeCloseTo(row[i]!, 5)
    }
  })
}

test('a saved optimizer continues where it was', () => {
  const params = leaves()
  const optimizer = new optim.SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.5 })
  const restored = leaves()
  const other = new optim.SGD(restored, { lr: 9 })
  for (const step of [0, 1]) run(params, optimizer, step)
  for (const [i, param] of restored.entries()) param.detach().copy_(params[i]!.detach())
  other.loadStateDict(optimizer.stateDict())
  expect(run(restored, other, 2)).toEqual(run(params, optimizer, 2))
})

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

test('options are checked with PyTorch’s words', () => {
  const params = [ones(1)]
  expect(() => new optim.SGD(params, { lr: -1 })).toThrow('Invalid learning rate: -1')
  expect(() => new optim.SGD(params, { momentum: -1 })).toThrow('Invalid momentum value: -1')
  expect(() => new optim.SGD(params, { weightDecay: -1 })).toThrow('Invalid weightDecay value: -1')
  expect(() => new optim.SGD(params, { nesterov: true })).toThrow(
    'Nesterov momentum requires a momentum and zero dampening',
  )
})
