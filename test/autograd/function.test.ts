// autograd.Function beside its values, which golden.test.ts compares: what it refuses, what comes out of backward, and
// where it runs. Hooks and modes likewise.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import * as dt from '../../src/index.ts'
import { AutogradError, autograd, grad, type Tensor, tensor, tidy } from '../../src/index.ts'

const leaf = (...data: number[]) => tensor(data, { dtype: 'float64', requiresGrad: true })
const numbers = (x: Tensor | null) => x!.toArray()

class Pair extends autograd.Function {
  static forward(_: autograd.FunctionCtx, x: Tensor, y: Tensor, back: unknown): Tensor {
    Pair.back = back
    return x.add(y)
  }
  static back: unknown
  static backward(): unknown {
    return Pair.back
  }
}

test('what backward returns must fit the arguments', () => {
  const pass = (back: unknown) => () => Pair.apply(leaf(1, 2), leaf(3, 4), back).sum().backward()
  expect(pass([dt.ones(2)])).toThrow(
    'PairBackward: backward returned 1 gradients, expected 3, one for each argument of forward; null stands for none',
  )
  expect(pass([null, dt.ones(3), null])).toThrow(
    'PairBackward: backward returned a gradient of shape [3] for argument 1 of shape [2]',
  )
  expect(pass([1, null, null])).toThrow('Pair.backward: expected a tensor, got a number')
  expect(pass(Promise.resolve())).toThrow('Pair.backward: the function must not be async')
  expect(pass([null, null, null, null, null])).not.toThrow()
})

test('a gradient is summed down and converted to what the argument is', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  Pair.apply(x, leaf(1, 1), [dt.ones(3, 2, { dtype: 'float64' }), null, null])
    .sum()
    .backward()
  expect([numbers(x.grad), x.grad!.dtype]).toEqual([[3, 3], 'float32'])
})

test('an error of a backward comes out as it is, from where it was thrown', () => {
  let thrown: unknown
  class Throwing extends autograd.Function {
    static forward(_: autograd.FunctionCtx, x: Tensor): Tensor {
      return x.clone()
    }
    static backward(): Tensor {
      thrown = new TypeError('mine')
      throw thrown
    }
  }
  const y = Throwing.apply(leaf(1))
  const error = caught(() => y.backward())
  expect(error).toBe(thrown)
  expect((thrown as Error).stack).toMatch(/TypeError: mine\n +at .*backward.*function\.test\.ts/)
  expect(caught(() => grad(Throwing.apply(leaf(1)), []))).toBeInstanceOf(dt.ArgumentError)
  leaf(1).mul(2).backward() // the engine goes on
})

function caught(fn: () => unknown): unknown {
  try {
    return fn()
  } catch (error) {
    return error
  }
}

test('savedTensors: outside of backward, and changed in place since', () => {
  let kept: autograd.FunctionCtx | undefined
  class Saves extends autograd.Function {
    static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
      kept = ctx
      ctx.saveForBackward(x)
      return x.mul(2)
    }
    static backward(ctx: autograd.FunctionCtx, dy: Tensor): Tensor {
      return dy.mul(ctx.savedTensors[0]!)
    }
  }
  const x = leaf(1, 2).mul(1)
  const y = Saves.apply(x)
  expect(() => kept!.savedTensors).toThrow('savedTensors: they are there while the backward of the function runs')
  x.detach().add_(1)
  expect(() => y.sum().backward()).toThrow(
    'SavesBackward: a tensor needed for the gradient, float64 [2], output 0 of MulBackward0, has been modified in place ' +
      'since: it is at version 1, expected version 0',
  )
})

test('without recording the outputs are those of forward, and nothing is kept', () => {
  const made = dt.ones(2)
  class Makes extends autograd.Function {
    static forward(_: autograd.FunctionCtx, _x: Tensor): Tensor {
      return made
    }
    static backward(): null {
      return null
    }
  }
  const apply = () => Makes.apply(leaf(1))
  expect(dt.noGrad(apply)).toBe(made)
  expect(apply).not.toBe(made)
})

test('markDirty: what is not returned', () => {
  class Changes extends autograd.Function {
    static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
      ctx.markDirty(x.mul_(2))
      return x.clone()
    }
    static backward(_: autograd.FunctionCtx, dy: Tensor): Tensor {
      return dy
    }
  }
  expect(() => Changes.apply(leaf(1).mul(1))).toThrow(
    'Changes: what markDirty() was given must be an argument, and be returned',
  )
})

test('a second derivative through onceDifferentiable is refused', () => {
  class Square extends autograd.Function {
    static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
      ctx.saveForBackward(x)
      return x.square()
    }
    static backward = autograd.onceDifferentiable((ctx: autograd.FunctionCtx, dy: Tensor) =>
      dy.mul(ctx.savedTensors[0]!).mul(2),
    )
  }
  const x = leaf(3)
  const [dx] = grad(Square.apply(x).mul(x), x, { createGraph: true })
  expect(numbers(dx!)).toEqual([27])
  expect(() => dx!.backward()).toThrow('onceDifferentiable: this backward has no gradient of its own')
})

test('a backward may go backward itself', () => {
  class Nested extends autograd.Function {
    static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
      ctx.saveForBackward(x)
      return x.pow(3)
    }
    static backward(ctx: autograd.FunctionCtx, dy: Tensor): Tensor {
      const x = ctx.savedTensors[0]!.detach().requiresGrad_()
      const [dx] = dt.enableGrad(() => grad(x.pow(3), x, dy))
      expect(numbers(ctx.savedTensors[0]!)).toEqual([2])
      return dx!
    }
  }
  const x = leaf(2)
  Nested.apply(x).backward()
  expect(numbers(x.grad)).toEqual([12])
})

test('inside tidy: what is saved outlives the scope', () => {
  class Exp extends autograd.Function {
    static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
      const y = x.exp()
      ctx.saveForBackward(y)
      return y
    }
    static backward(ctx: autograd.FunctionCtx, dy: Tensor): Tensor {
      return dy.mul(ctx.savedTensors[0]!)
    }
  }
  const x = leaf(0)
  const loss = tidy(() => dt.checkpoint((x: Tensor) => Exp.apply(x.mul(2)), x.mul(1)))
  tidy(() => loss.backward())
  expect(numbers(x.grad)).toEqual([2])
})

test('anomaly mode names the line of the forward call', () => {
  const x = leaf(0)
  const root = autograd.detectAnomaly(() => x.sqrt()) // the line
  const error = caught(() => autograd.detectAnomaly(() => root.mul(0).backward())) as Error
  expect(error).toBeInstanceOf(AutogradError)
  expect(error.message).toMatch(
    /^backward: SqrtBackward0 returned nan values in its output 0; it was called at .*function\.test\.ts:\d+:\d+$/,
  )
  expect(error.stack).toMatch(/\n {2}SqrtBackward0, made by the forward call:\n +at .*function\.test\.ts:/)
  expect([dt.isAnomalyEnabled(), dt.isAnomalyCheckNanEnabled()]).toEqual([false, true])
  autograd.setDetectAnomaly(true, { checkNan: false })
  expect([dt.isAnomalyEnabled(), dt.isAnomalyCheckNanEnabled()]).toEqual([true, false])
  autograd.setDetectAnomaly(false)
})

test('modes', () => {
  dt.setGradEnabled(false)
  expect(dt.isGradEnabled()).toBe(false)
  expect(dt.setGradEnabled(true, () => dt.isGradEnabled())).toBe(true)
  expect(dt.isGradEnabled()).toBe(false)
  dt.setGradEnabled(true)
  const x = dt.inferenceMode(() => {
    expect([dt.isInferenceModeEnabled(), dt.isGradEnabled()]).toEqual([true, false])
    expect(dt.inferenceMode(() => dt.ones(1).isInference(), { mode: false })).toBe(false)
    return dt.ones(2)
  })
  expect([x.isInference(), x.index(0).isInference(), x.clone().isInference(), x.add(leaf(1)).requiresGrad]).toEqual([
    ...[true, true, false, true],
  ])
  expect(() => x.mul(leaf(1))).toThrow('inferenceMode: a tensor that was made there cannot be saved for backward')
})

test('grad: zeros for what is unused', () => {
  const [x, y] = [leaf(1, 2), leaf(3)]
  expect(grad(x.sum(), [x, y], { materializeGrads: true }).map(numbers)).toEqual([[1, 1], [0]])
  expect(grad(x.sum(), [y], { allowUnused: true })).toEqual([null])
  autograd.backward([x.sum(), y.mul(2)], [null, tensor([5], { dtype: 'float64' })], { inputs: y })
  expect([x.grad, numbers(y.grad)]).toEqual([null, [10]])
})

test('checkpoint: what differs the second time', () => {
  let calls = 0
  const pass = (options: dt.CheckpointOptions) => {
    calls = 0
    const other = (x: Tensor) => (calls++ === 0 ? x.exp() : x.index(':1').exp())
    return () => dt.checkpoint(other, leaf(1, 2), options).sum().backward()
  }
  expect(pass({})).toThrow(
    'checkpoint: tensor 0 that is kept for backward was float64 [2] on cpu, and is float64 [1] on cpu when the function ' +
      'runs again; it must do the same both times',
  )
  let more = true
  const fewer = dt.checkpoint(x => (more ? x.exp().sin() : x.exp()), leaf(1))
  more = false
  expect(() => fewer.backward()).toThrow(
    'checkpoint: the function kept 2 tensors for backward, and 1 when it ran again; it must do the same both times',
  )
  expect(() => dt.checkpoint(x => x, leaf(1), { useReentrant: true as false })).toThrow(dt.UnsupportedError)
})

test('savedTensorsHooks and saveOnCpu', () => {
  const x = leaf(1, 2)
  const packed: unknown[] = []
  const y = autograd.graph.savedTensorsHooks(
    x => packed.push(x.toArray()) && x.toArray(),
    data => tensor(data as number[], { dtype: 'float64' }),
    () => x.mul(x),
  )
  const [dx] = grad(y.sum(), x, { createGraph: true })
  expect([numbers(dx!), packed]).toEqual([
    [2, 4],
    [
      [1, 2],
      [1, 2],
    ],
  ])
  dx!.sum().backward()
  expect(numbers(x.grad)).toEqual([2, 2])
  autograd.graph.saveOnCpu(() => x.exp().sum()).backward()
  expect((numbers(x.grad) as number[])[0]).toBeCloseTo(2 + Math.E, 12)
})

test('gradcheck and gradgradcheck', () => {
  class Wrong extends autograd.Function {
    static forward(_: autograd.FunctionCtx, x: Tensor): Tensor {
      return x.square()
    }
    static backward(_: autograd.FunctionCtx, dy: Tensor): Tensor {
      return dy.mul(3)
    }
  }
  const x = leaf(0.5, -0.7)
  expect(autograd.gradcheck((x: Tensor, y: Tensor) => x.sin().mul(y), [x, leaf(2, 3)])).toBe(true)
  expect(autograd.gradgradcheck((x: Tensor) => [x.exp(), x.sum()], x)).toBe(true)
  expect(() => autograd.gradcheck(Wrong.apply.bind(Wrong) as never, x)).toThrow(
    'gradcheck: the jacobian of output 0 with respect to input 0 differs:\nnumerical: tensor(',
  )
  expect(autograd.gradcheck(Wrong.apply.bind(Wrong) as never, x, { raiseException: false })).toBe(false)
  expect(() => autograd.gradcheck((x: Tensor) => x, dt.ones(2))).toThrow('at least one input must require a gradient')
})

test('functional: strict', () => {
  const { jacobian, vjp, hvp } = autograd.functional
  const [x, y] = [dt.ones(2), dt.ones(2)]
  expect(() => jacobian(x => x.detach(), x, { strict: true })).toThrow(
    'jacobian: output 0 does not require a gradient (strict)',
  )
  expect(() => jacobian(x => x.mul(2), [x, y], { strict: true })).toThrow(
    'jacobian: output 0 is independent of input 1 (strict)',
  )
  expect(() => vjp(x => x.mul(2), x)).toThrow('v can be left out only where outputs is a single tensor')
  expect(() => vjp(x => x.mul(2), x, dt.ones(3))).toThrow('vjp: v must have the shapes of the outputs: [2], got [3]')
  expect(() => hvp(x => x.sum(), x, y, { strict: true })).toThrow(AutogradError)
  expect(numbers(hvp(x => x.sum(), x, y)[1])).toEqual([0, 0])
})

test('hooks stay with the parameters of a module that is converted, and with those of a graph whose tensors are gone', () => {
  const layer = new dt.nn.Linear(2, 1)
  let calls = 0
  layer.weight.registerHook(() => void calls++)
  layer.double()
  layer(dt.ones(1, 2, { dtype: 'float64' }))
    .sum()
    .backward()
  const made = (() => {
    const x = leaf(1)
    x.registerHook(() => void calls++)
    const h = x.mul(2)
    h.registerHook(() => void calls++)
    return h.exp()
  })()
  for (let i = 0; i < 20_000; i++) dt.ones(8) // collections
  made.backward()
  expect(calls).toBe(3)
})

test('in worker threads', () => {
  const script = `
    import { Worker, isMainThread } from 'node:worker_threads'
    import { autograd, tensor } from ${JSON.stringify(new URL('../../dist/src/index.js', import.meta.url))}
    class Twice extends autograd.Function {
      static forward(ctx, x) { return x.mul(2) }
      static backward(ctx, dy) { return dy.mul(2) }
    }
    for (let i = 0; i < 2000; i++) {
      const x = tensor([1, 2], { requiresGrad: true })
      x.registerHook(g => g.mul(x))
      Twice.apply(x).sum().backward()
      if (x.grad.sum().item() !== 6) throw new Error('wrong')
    }
    if (isMainThread) for (let i = 0; i < 2; i++) new Worker(new URL(import.meta.url), { execArgv: [] })`
  const url = `data:text/javascript,${encodeURIComponent(script)}`
  const run = `await import(${JSON.stringify(url)})`
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', run], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})
