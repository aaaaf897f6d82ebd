// Properties of tensors, how they leave to JavaScript, and what they refuse.
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import {
  ArgumentError,
  arange,
  DisposedError,
  enableGrad,
  getNumThreads,
  grad,
  IndexError,
  isGradEnabled,
  noGrad,
  ones,
  ShapeError,
  setNumThreads,
  Tensor,
  tensor,
  zeros,
} from '../../src/index.ts'

test('shape, strides and sizes', () => {
  const x = zeros(2, 3, 4)
  expect([x.shape, x.size(), x.ndim, x.dim(), x.numel()]).toEqual([[2, 3, 4], [2, 3, 4], 3, 3, 24])
  expect([x.size(0), x.size(-1), x.stride(), x.t === undefined]).toEqual([2, 4, [12, 4, 1], false])
  expect([x.device, x.isContiguous(), x.permute(2, 0, 1).isContiguous()]).toEqual(['cpu', true, false])
  expect(() => x.size(3)).toThrow(
    new IndexError('size: dim 3 is out of range for a tensor of 3 dimensions (expected -3 to 2)'),
  )
})

test('elements as numbers, arrays and typed arrays', () => {
  expect(
    tensor([
      [1, 2],
      [3, 4],
    ])
      .t()
      .toArray(),
  ).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(
    tensor([
      [1, 2],
      [3, 4],
    ])
      .t()
      .toTypedArray(),
  ).toEqual(new Float32Array([1, 3, 2, 4]))
  expect(tensor([1n, -2n]).toTypedArray()).toEqual(new BigInt64Array([1n, -2n]))
  expect([tensor(2.5).item(), tensor([[7n]]).item(), tensor(true).item()]).toEqual([2.5, 7, 1])
  expect(tensor([[1, 2]]).tolist()).toEqual([[1, 2]])
  expect([tensor(3).toArray(), tensor(false).toArray(), zeros(2, 0).toArray()]).toEqual([3, false, [[], []]])
  expect(() => tensor([2n ** 60n]).toArray()).toThrow(ArgumentError)
  expect(() => ones(2).item()).toThrow(ShapeError)
})

test('operators of JavaScript are refused, text is not', () => {
  const x = tensor([1, 2])
  expect(() => (x as never) + 1).toThrow('use a.add(b)')
  expect(() => (x as never) * 2).toThrow(ArgumentError)
  expect(() => (x as never) < 3).toThrow(ArgumentError)
  expect(`${x}`).toBe('tensor([1., 2.])')
})

test('autograd through the properties', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  const y = x.mul(x)
  expect([x.isLeaf, y.isLeaf, x.gradFn, y.requiresGrad, y.detach().requiresGrad]).toEqual([
    true,
    false,
    null,
    true,
    false,
  ])
  y.backward(tensor([1, 10]))
  expect(x.grad!.toArray()).toEqual([2, 40])
  x.mul(3).backward({ gradient: ones(2) })
  expect(x.grad!.toArray()).toEqual([5, 43])
  x.grad = null
  expect(x.grad).toBeNull()
  x.data.fill_(0)
  expect(x.toArray()).toEqual([0, 0])
})

test('grad returns gradients and leaves the leaves alone', () => {
  const x = tensor(3, { requiresGrad: true })
  const y = x.mul(x).mul(x)
  const [first] = grad(y, x, { createGraph: true })
  const [second] = grad(first!, [x])
  expect([first!.item(), second!.item(), x.grad]).toEqual([27, 18, null])
  const other = ones(1, { requiresGrad: true })
  expect(grad(x.mul(2), [x, other], { allowUnused: true }).map(g => g?.item())).toEqual([2, undefined])
})

test('recording is switched for the length of a synchronous function', () => {
  const x = ones(1, { requiresGrad: true })
  expect(noGrad(() => [isGradEnabled(), x.mul(2).requiresGrad, enableGrad(() => x.mul(2).requiresGrad)])).toEqual([
    false,
    false,
    true,
  ])
  expect(() => noGrad(() => Promise.reject(new Error('never seen')))).toThrow(
    'noGrad: the function must not be async; put noGrad around the synchronous parts of it',
  )
  expect(() => noGrad(() => runInNewContext('Promise.reject(1)'))).toThrow('noGrad: the function must not be async')
  expect(() =>
    noGrad(() => {
      throw new Error('mine')
    }),
  ).toThrow('mine')
  expect(isGradEnabled()).toBe(true)
})

test('casts return the tensor itself when there is nothing to do', () => {
  const x = tensor([0, 1.7])
  expect([x.float(), x.to('float32'), x.to('cpu'), x.to(ones(1)), x.contiguous()].every(y => y === x)).toBe(true)
  const shorter = [x.half(), x.bfloat16()]
  expect(shorter.map(y => [y.dtype, y.toArray()])).toEqual([
    ['float16', [0, 1.7001953125]],
    ['bfloat16', [0, 1.703125]],
  ])
  const others = [x.double(), x.long(), x.int(), x.short(), x.char(), x.bool(), x.byte()]
  expect(others.map(y => [y.dtype, y.toArray()])).toEqual([
    ['float64', [0, Math.fround(1.7)]],
    ['int64', [0, 1]],
    ['int32', [0, 1]],
    ['int16', [0, 1]],
    ['int8', [0, 1]],
    ['bool', [false, true]],
    ['uint8', [0, 1]],
  ])
  expect(() => x.to('gpu' as never)).toThrow("unknown dtype 'gpu'")
})

test('the first optional argument may be positional', () => {
  const x = arange(6).view(2, 3).float()
  expect(x.sum(1).toArray()).toEqual(x.sum({ dim: 1 }).toArray())
  expect(x.sum([0, 1], { keepdim: true }).toArray()).toEqual([[15]])
  expect(x.mean({ dim: -1, keepdim: true }).shape).toEqual([2, 1])
  expect(x.argmax(1, { keepdim: true }).toArray()).toEqual([[2], [2]])
  expect(x.max().item()).toBe(5)
  const { values, indices } = x.max(1)
  expect([values.toArray(), indices.toArray()]).toEqual([
    [2, 5],
    [2, 2],
  ])
  expect(x.add(x, { alpha: -1 }).sum().item()).toBe(0)
})

test('the stack of an error begins with the op, not with the making of the error', () => {
  const frames = (call: () => unknown) => {
    try {
      call()
    } catch (error) {
      return (error as Error).stack!.split('\n').slice(1)
    }
    return []
  }
  for (const frame of [frames(() => ones(2).add(ones(3)))[0], frames(() => ones(2).add('' as never))[0]]) {
    expect(frame).toMatch(/at add .*arithmetic/)
  }
  expect(frames(() => ones(2).add(ones(3)))[1]).toMatch(/at Tensor\.add /)
  expect(Tensor.prototype.add.name).toBe('add')
})

test('use after dispose is refused, disposing twice is not', () => {
  const x = ones(2)
  x.dispose()
  x.dispose()
  expect(() => x.add(1)).toThrow(DisposedError)
})

test('the number of threads can be set', () => {
  const before = getNumThreads()
  setNumThreads(1)
  expect(getNumThreads()).toBe(1)
  expect(() => setNumThreads(0)).toThrow(new ArgumentError('setNumThreads: expected an integer from 1 to 1024, got 0'))
  setNumThreads(before)
})
