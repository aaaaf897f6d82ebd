// A loop that uses functions, hooks, checkpoint, anomaly mode and derivatives of functions holds no more memory after
// 20,000 steps than after 2,000, though what it gives to the graph closes over the graph.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { autograd, checkpoint, grad, memoryStats, type Tensor, tensor } from '../../src/index.ts'

vi.setConfig({ testTimeout: 180_000 }) // with sanitizers a loop takes ten times as long

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

class Kept extends autograd.Function {
  static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
    const y = x.mul(2)
    ctx.saveForBackward(x, y)
    ctx.made = y // its own output, by hand
    return y
  }
  static backward(ctx: autograd.FunctionCtx, dy: Tensor): Tensor {
    const [x, y] = ctx.savedTensors
    return dy.mul(y!).div(x!)
  }
}

/** What is alive. */
function alive() {
  collect()
  const { live, wrappers } = memoryStats()
  return { live, wrappers, heap: process.memoryUsage().heapUsed }
}

const steps: Record<string, (step: number) => void> = {
  'autograd.Function'() {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    const y = Kept.apply(x)
    y.sum().backward()
  },
  'autograd.Function without backward'() {
    Kept.apply(tensor([1, 2, 3], { requiresGrad: true })).mul(2)
  },
  'hooks that close over their tensors'() {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    const y = x.mul(3)
    const z = y.sum()
    x.registerHook(g => g.add(x.size(0)))
    y.registerHook(() => void y.shape)
    x.registerPostAccumulateGradHook(leaf => void (leaf === x))
    z.gradFn!.registerHook(() => void z.shape)
    z.gradFn!.registerPrehook(() => void z.shape)
    const handle = y.registerHook(() => handle.remove())
    z.backward()
  },
  'hooks of leaves without backward'() {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    x.registerHook(g => g.add(x))
    x.mul(2)
  },
  checkpoint() {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    const block = (given: Tensor) => given.exp().sin().add(x)
    const y = checkpoint(block, x)
    y.sum().backward()
  },
  'derivatives, anomaly mode, changes in place'(step) {
    const x = tensor([1, 2], { requiresGrad: true })
    if (step % 50 === 0) autograd.detectAnomaly(() => x.exp().sum().backward())
    if (step % 10 === 0) autograd.functional.hessian(w => w.pow(3).sum(), x)
    const y = x.mul(2)
    y.index(0).mul_(3)
    const [dx] = grad(y.square().sum(), x, { createGraph: true })
    dx!.sum().backward()
  },
}

/** So many tensors may wait for what happens at the next collection that dtrain asks for; 18,000 would be a leak. */
const waiting = 1000

test.each(Object.entries(steps))('%s', (_, step) => {
  let early = alive()
  for (let i = 1; i <= 20_000; i++) {
    step(i)
    if (i === 2000) early = alive()
  }
  const late = alive()
  expect(late.wrappers).toBeLessThan(early.wrappers + waiting)
  expect(late.live).toBeLessThan(early.live + 64 * waiting)
  expect(late.heap).toBeLessThan(early.heap + 4 * 2 ** 20)
})
