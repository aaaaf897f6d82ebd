// Tensors on devices: moving them, what may meet what, and the messages when it may not.

import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { arange, cat, cuda, nn, noGrad, ones, optim, randn, tensor, zeros } from '../../src/index.ts'
import { dtypes } from '../support/case.ts'

describe('devices', () => {
  test('there is one, with a name and a memory', () => {
    expect(cuda.isAvailable()).toBe(true)
    expect(cuda.whyUnavailable()).toBe('')
    expect(cuda.deviceCount()).toBeGreaterThan(0)
    expect(cuda.deviceName()).not.toBe('')
    expect(cuda.deviceProperties(0).totalMemory).toBeGreaterThan(2 ** 20)
    expect(cuda.currentDevice()).toBe(0)
  })

  test('wrong ones are named', () => {
    const last = cuda.deviceCount() - 1
    expect(() => zeros(1, { device: 'cuda:63' })).toThrow(
      `device cuda:63: there are ${last + 1} CUDA devices, cuda:0 to cuda:${last}`,
    )
    for (const index of [64, 127]) {
      const there = `there are ${last + 1} CUDA devices, cuda:0 to cuda:${last}`
      expect(() => zeros(1, { device: `cuda:${index}` })).toThrow(`device cuda:${index}: ${there}`)
      expect(() => cuda.setDevice(index)).toThrow(`device cuda:${index}: ${there}`)
    }
    expect(() => zeros(1, { device: 'gpu' as never })).toThrow("device: expected 'cpu', 'cuda' or 'cuda:N', got 'gpu'")
    expect(() => zeros(1, { device: 0 as never })).toThrow(
      "empty: expected a device such as 'cpu' or 'cuda:0'".slice(7),
    )
    expect(() => cuda.synchronize('cpu')).toThrow('synchronize: expected a CUDA device')
  })
})

describe('moving', () => {
  for (const dtype of dtypes) {
    test(`${dtype} there and back, dense, strided, empty and 0-d`, () => {
      const x = tensor([0, 1, 2, 3, 4, 5], { dtype }).view(2, 3)
      for (const source of [x, x.t(), x.index(':', '::2'), x.index('0:0'), x.index(0, 1)]) {
        const there = source.to('cuda')
        expect(there.device).toBe('cuda:0')
        expect([there.dtype, there.shape]).toEqual([dtype, source.shape])
        expect(there.cpu().toArray()).toEqual(source.toArray())
        expect(there.toArray()).toEqual(source.toArray())
      }
    })
  }

  test('to the same device is the tensor itself', () => {
    const x = ones(2, { device: 'cuda' })
    expect(x.to('cuda')).toBe(x)
    expect(x.cuda()).toBe(x)
    expect(x.to(x)).toBe(x)
    expect(x.isCuda).toBe(true)
  })

  test('device and dtype together, in any order, as options, and like another tensor', () => {
    const x = tensor([1.5, 2.5])
    for (const y of [x.to('cuda', 'float64'), x.to('float64', 'cuda'), x.to({ device: 'cuda', dtype: 'float64' })]) {
      expect([y.device, y.dtype, y.toArray()]).toEqual(['cuda:0', 'float64', [1.5, 2.5]])
    }
    expect(x.to(zeros(1, { device: 'cuda', dtype: 'int64' })).toArray()).toEqual([1, 2])
  })

  test('a gradient travels back', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    x.to('cuda').mul(2).sum().cpu().backward()
    expect([x.grad!.device, x.grad!.toArray()]).toEqual(['cpu', [2, 2, 2]])
  })

  test('copy_ crosses devices, casts and broadcasts', () => {
    const x = zeros(2, 3, { device: 'cuda' })
    x.copy_(tensor([1n, 2n, 3n]))
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
    const y = zeros(2, 3)
    y.copy_(x)
    expect(y.toArray()).toEqual(x.toArray())
  })

  test('pinned memory is copied without waiting, and arrives', () => {
    const x = randn(1000).pinMemory()
    expect([x.isPinned(), x.device]).toEqual([true, 'cpu'])
    const y = x.to('cuda', { nonBlocking: true }).mul(2)
    expect(y.toArray()).toEqual(x.mul(2).toArray())
    expect(() => y.pinMemory()).toThrow('pinMemory: only memory of the host can be pinned, got a tensor on cuda:0')
  })

  test('a pinned tensor may be disposed while it is copied', () => {
    const x = randn(1000)
    const there = Array.from({ length: 5 }, () => {
      const pinned = x.pinMemory()
      const y = pinned.to('cuda', { nonBlocking: true })
      pinned.dispose()
      return y
    })
    for (const y of there) expect(y.toTypedArray()).toEqual(x.toTypedArray())
  })

  test('between two devices', ({ skip }) => {
    if (cuda.deviceCount() < 2) skip('needs two devices')
    const x = arange(6, { device: 'cuda:0' }).view(2, 3)
    const y = x.t().to('cuda:1')
    expect(y.device).toBe('cuda:1')
    expect(y.mul(2).cpu().toArray()).toEqual([
      [0, 6],
      [2, 8],
      [4, 10],
    ])
    expect(() => x.add(x.to('cuda:1'))).toThrow(
      'add: tensors are on different devices: cuda:0 and cuda:1; move one with .to(device)',
    )
  })
})

describe('mixing', () => {
  const there = () => ones(2, 2, { device: 'cuda' })
  const here = ones(2, 2)
  const differ = 'tensors are on different devices'

  test('numbers and 0-d tensors of the CPU may meet any device', () => {
    const x = there()
    expect(x.add(1).add(tensor(2)).device).toBe('cuda:0')
    expect(tensor(3).mul(x).toArray()).toEqual([
      [3, 3],
      [3, 3],
    ])
    const scalar = tensor(2, { requiresGrad: true })
    x.mul(scalar).sum().backward()
    expect([scalar.grad!.device, scalar.grad!.item()]).toEqual(['cpu', 4])
  })

  const wrong: [string, () => unknown, string][] = [
    ['add', () => there().add(here), `add: ${differ}: cuda:0 and cpu; move one with .to(device)`],
    ['add_', () => here.clone().add_(there()), `add_: ${differ}`],
    [
      'add_ of a 0-d tensor',
      () => tensor(1).add_(tensor(1, { device: 'cuda' })),
      'add_: the tensor changed in place is on cpu, the other one on cuda:0; move one with .to(device)',
    ],
    ['matmul', () => there().matmul(here), `matmul: ${differ}`],
    ['cat', () => cat([here, there()]), `cat: ${differ}`],
    ['linear', () => new nn.Linear(2, 2)(there()), `linear: ${differ}`],
    ['conv2d', () => new nn.Conv2d(1, 1, 1)(there().view(1, 1, 2, 2)), `conv2d: ${differ}`],
    [
      'crossEntropy',
      () => new nn.CrossEntropyLoss()(there(), tensor([0n, 1n])),
      `crossEntropy: ${differ}: cuda:0 and cpu; move one with .to(device)`,
    ],
  ]
  for (const [name, call, message] of wrong) {
    test(`${name} refuses`, () => {
      expect(call).toThrow(message)
    })
  }
})

describe('modules', () => {
  test('to moves parameters in place, and the optimizer follows with its state', () => {
    const model = new nn.Linear(3, 2)
    const weight = model.weight
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
    const step = () => {
      optimizer.zeroGrad()
      model(ones(4, 3).to(model.weight.device)).sum().backward()
      optimizer.step()
    }
    const before = weight.detach().clone()
    step()
    expect(model.cuda()).toBe(model)
    expect([model.weight === weight, weight.device, weight.requiresGrad]).toEqual([true, 'cuda:0', true])
    step()
    // Gradients of 4: 0.1 * 4, then 0.1 * (0.9 * 4 + 4).
    const moved = before.sub(weight.detach().cpu()).toTypedArray() as Float32Array
    for (const v of moved) expect(v).toBeCloseTo(1.16, 5)
    expect(model.cpu().weight.device).toBe('cpu')
    step()
  })

  test('layers are made on a device', () => {
    expect(new nn.Linear(2, 3, { device: 'cuda' }).weight.device).toBe('cuda:0')
    expect(new nn.Conv2d(1, 2, 3, { device: 'cuda' }).bias!.device).toBe('cuda:0')
  })

  test('a state dict of the CPU loads into a module on a device', () => {
    const source = new nn.Linear(2, 2)
    const target = new nn.Linear(2, 2, { device: 'cuda' })
    target.loadStateDict(source.stateDict())
    expect(target.weight.device).toBe('cuda:0')
    expect(target.weight.toArray()).toEqual(source.weight.toArray())
  })
})

test('a tensor prints its device', () => {
  expect(String(tensor([1, 2], { device: 'cuda' }))).toBe("tensor([1., 2.], device='cuda:0')")
})

test('a query that says the device is done reports what went wrong', async () => {
  const scores = zeros(2, 3, { device: 'cuda' })
  const [event, side] = [new cuda.Event(), new cuda.Stream()]
  const report = 'indexSelect: index 5 is out of range for dim 1 of size 3'
  const until = async (query: () => boolean) => {
    while (!query()) await setImmediate()
  }
  scores.indexSelect(1, tensor([5n]).cuda())
  event.record()
  await expect(until(() => event.query())).rejects.toThrow(report)
  const index = tensor([5n]).cuda()
  side.waitStream(cuda.currentStream())
  cuda.stream(side, () => scores.indexSelect(1, index))
  await expect(until(() => side.query())).rejects.toThrow(report)
  expect([event.query(), side.query()]).toEqual([true, true])
})

test('a wrong class or index is reported where the host next waits, once', () => {
  const scores = zeros(2, 3, { device: 'cuda' })
  const loss = new nn.CrossEntropyLoss()(scores, tensor([0n, 7n], { device: 'cuda' }))
  expect(() => loss.item()).toThrow('crossEntropy: target 7 is out of range for 3 classes')
  expect(noGrad(() => scores.sum().item())).toBe(0)
  const picked = scores.indexSelect(1, tensor([5n], { device: 'cuda' }))
  expect(() => cuda.synchronize()).toThrow('indexSelect: index 5 is out of range for dim 1 of size 3')
  expect(picked.shape).toEqual([2, 1])
})

test('one optimizer has parameters on several devices', () => {
  const here = new nn.Linear(2, 2)
  const there = new nn.Linear(2, 1).to('cuda')
  const optimizer = new optim.SGD([...here.parameters(), ...there.parameters()], { lr: 0.1, momentum: 0.9 })
  const before = [here.weight.toArray(), there.weight.toArray()]
  for (let i = 0; i < 2; i++) {
    optimizer.zeroGrad()
    there(here(ones(3, 2)).to('cuda'))
      .sum()
      .backward()
    optimizer.step()
  }
  expect([here.weight.toArray(), there.weight.toArray()]).not.toEqual(before)
  expect([here.weight.device, there.weight.device]).toEqual(['cpu', 'cuda:0'])
})

test('what has to be on one device', () => {
  const x = ones(2, { device: 'cuda' }).requiresGrad_()
  expect(() => x.mul(2).backward(ones(2))).toThrow('backward: expected a gradient on cuda:0, got one on cpu')
  const side = new cuda.Stream()
  expect(() => cuda.stream(side, async () => {})).toThrow('stream: the function must not be async')
  expect(() => cuda.setMemoryBudget(-1)).toThrow('setMemoryBudget: expected a number of bytes, got -1')
})
