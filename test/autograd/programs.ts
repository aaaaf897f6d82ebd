// The programs of scripts/golden/autograd.py, as a user of dtrain writes them. Each returns what it finds.
import * as dt from '../../src/index.ts'
import { autograd, checkpoint, checkpointSequential, grad, noGrad, type Tensor, tensor } from '../../src/index.ts'
import { Broken, Doubled, Exp, Failing, Legendre, Power, Sorted } from './functions.ts'

const { functional } = autograd
const dtype = 'float64'
const leaf = (data: number | number[] | number[][]) => tensor(data, { dtype, requiresGrad: true })
const of = (data: number | number[] | number[][]) => tensor(data, { dtype })

/** What goes wrong in anomaly mode. */
function failing(program: () => void, checkNan = true): string {
  try {
    autograd.detectAnomaly(program, { checkNan })
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

/** Weights that both programs can make. */
function layers(): [Tensor, Tensor, Tensor] {
  const at = (n: number, m: number) =>
    Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_, j) => Math.sin((i * m + j) * 0.37)))
  return [leaf(at(4, 3)), leaf(at(4, 4)), leaf(at(2, 4))]
}

const inputs = () =>
  leaf([
    [0.1, -0.2, 0.3],
    [1, 0.5, -1.5],
  ])

/** By the name of each in the golden file. */
export const programs: Record<string, () => unknown[]> = {
  function_exp() {
    const x = leaf([0.5, -1, 2])
    const y = Exp.apply(x)
    const [dx] = grad(y.mul(y).sum(), x, { createGraph: true })
    const [ddx] = grad(dx!.sum(), x)
    return [y, dx, ddx, y.gradFn!.name]
  },

  function_power() {
    const x = leaf([1.5, -2])
    const w = leaf([0.5, 3])
    const y = Power.apply(x, 3, w)
    const [dx, dw] = grad(y.sum(), [x, w], { createGraph: true })
    dx!.sum().add(dw!.sum(), { alpha: 2 }).backward()
    return [y, dx, dw, x.grad, w.grad, y.gradFn!.nextFunctions.length]
  },

  function_sorted() {
    const x = leaf([3, 1, 2])
    const [y, z, index] = Sorted.apply(x)
    y.mul(of([1, 2, 3]))
      .sum()
      .backward({ retainGraph: true })
    const first = x.grad!.clone()
    z.sum().backward()
    return [y, z, index, Number(index.requiresGrad), first, x.grad]
  },

  function_dirty() {
    const x = leaf([1, 2])
    const a = x.mul(3)
    const b = Doubled.apply(a)
    b.mul(b).sum().backward()
    return [Number(b === a), a, x.grad, a.gradFn!.name]
  },

  function_training() {
    const x = dt.linspace(-1, 1, 40, { dtype })
    const y = x.mul(3).sin()
    const params = [0, -1, 0, 0.3].map(leaf)
    const [a, b, c, d] = params as [Tensor, Tensor, Tensor, Tensor]
    const losses = Array.from({ length: 5 }, () => {
      const loss = a
        .add(b.mul(Legendre.apply(c.add(d.mul(x)))))
        .sub(y)
        .pow(2)
        .sum()
      loss.backward()
      for (const p of params) {
        noGrad(() => p.sub_(p.grad!.mul(1e-3)))
        p.grad = null
      }
      return loss.item()
    })
    return [losses, a, b, c, d]
  },

  hooks_scaled() {
    const x = leaf([1, 2, 3])
    const handle = x.registerHook(g => g.mul(2))
    x.backward(of([1, 2, 3]))
    const first = x.grad!.clone()
    handle.remove()
    x.backward(of([1, 2, 3]))
    return [first, x.grad]
  },

  hooks_retained() {
    const x = leaf([1, 2])
    const h = x.mul(2)
    h.registerHook(g => g.add(1))
    h.retainGrad()
    h.registerHook(g => g.mul(10))
    h.mul(h).sum().backward()
    return [h.grad, x.grad, Number(h.retainsGrad)]
  },

  hooks_accumulated() {
    const w = leaf([[0.5, -1]])
    const b = leaf([0.25])
    for (const p of [w, b]) {
      p.registerPostAccumulateGradHook(p => {
        noGrad(() => p.sub_(p.grad!.mul(0.1)))
        p.grad = null
      })
    }
    const x = of([
      [1, 2],
      [3, -1],
    ])
    const y = of([[1], [0]])
    const losses = Array.from({ length: 3 }, () => {
      const loss = dt.nn.functional.linear(x, w, b).sub(y).pow(2).mean()
      loss.backward()
      return loss.item()
    })
    return [losses, w, b, Number(w.grad === null)]
  },

  hooks_nodes() {
    const x = leaf([2, 3])
    const y = x.exp()
    const z = y.mul(2).sum()
    const seen: unknown[] = []
    y.gradFn!.registerPrehook(([dy]) => [dy!.mul(3)])
    y.gradFn!.registerHook(([dx], [dy]) => void seen.push(dx, dy))
    y.gradFn!.registerHook(([dx]) => [dx!.add(1)])
    const [node, index] = y.gradFn!.nextFunctions[0]!
    z.backward()
    return [...seen, x.grad, z.gradFn!.name, z.gradFn!.nextFunctions[0]![0]!.name, node && String(index)]
  },

  hooks_captured() {
    const x = leaf([1, 2])
    const h = x.mul(2)
    h.registerHook(g => g.mul(10))
    x.registerHook(g => g.add(1))
    const y = h.mul(3).sum()
    const both = grad(y, [h, x], { retainGraph: true })
    const [alone] = grad(y, [h], { retainGraph: true })
    y.backward({ inputs: [x] })
    return [...both, alone, x.grad]
  },

  anomaly_sqrt: () => [failing(() => leaf([0, 1]).sqrt().mul(0).sum().backward())],

  anomaly_division() {
    const x = leaf([0, 1])
    return [failing(() => x.div(x).sum().backward())]
  },

  anomaly_function() {
    const [x, y] = [leaf([1]), leaf([2])]
    return [failing(() => Broken.apply(x, y).sum().backward()), Number(x.grad === null)]
  },

  anomaly_unchecked() {
    const x = leaf([0, 1])
    const found = failing(() => x.sqrt().mul(0).sum().backward(), false)
    return [found, x.grad!.isnan()]
  },

  anomaly_thrown: () => [failing(() => Failing.apply(leaf([1])).backward())],

  checkpoint_layers() {
    const [a, b, c] = layers()
    const x = inputs()
    let calls = 0
    const block = (x: Tensor) => {
      calls += 1
      return x.matmul(a.t()).tanh().matmul(b.t())
    }
    const y = checkpoint(block, x).sigmoid().matmul(c.t()).pow(2).sum()
    y.backward()
    return [y, x.grad, a.grad, b.grad, c.grad, calls]
  },

  checkpoint_random() {
    dt.manualSeed(3)
    const x = dt.ones(40, { requiresGrad: true })
    const y = checkpoint(x => dt.nn.functional.dropout(x.mul(x), 0.5), x, { useReentrant: false })
    const between = dt.rand(2)
    y.sum().backward()
    return [y, between, x.grad, dt.rand(2)]
  },

  checkpoint_segments() {
    const [a, b, c] = layers()
    const x = inputs()
    const functions = [
      (x: Tensor) => x.matmul(a.t()),
      (x: Tensor) => x.tanh(),
      (x: Tensor) => x.matmul(b.t()),
      (x: Tensor) => x.sigmoid(),
      (x: Tensor) => x.matmul(c.t()),
    ]
    const y = checkpointSequential(functions, 2, x).pow(2).sum()
    y.backward()
    return [y, x.grad, a.grad, b.grad, c.grad]
  },

  checkpoint_nested() {
    const [a, b] = layers()
    const x = inputs()
    const inner = (x: Tensor) => x.matmul(b.t()).tanh()
    const outer = (x: Tensor): { out: [Tensor, Tensor] } => {
      const hidden = x.matmul(a.t()).exp()
      return { out: [checkpoint(inner, hidden), hidden.sum()] }
    }
    const [y, total] = checkpoint(outer, x).out
    y.pow(2).sum().add(total.mul(total)).backward()
    return [y, total, x.grad, a.grad, b.grad]
  },

  checkpoint_second() {
    const x = leaf([0.5, -1])
    const y = checkpoint((x: Tensor) => x.exp().sin(), x)
    const [dx] = grad(y.sum(), x, { createGraph: true })
    const [ddx] = grad(dx!.pow(2).sum(), x)
    return [y, dx, ddx]
  },

  functional_jacobian: () => [
    functional.jacobian(
      x => x.exp().sum(1),
      of([
        [0.1, 0.7],
        [-0.3, 1.1],
      ]),
    ),
  ],

  functional_several() {
    const [x, y] = [of([0.1, 0.7]), of([1.5, -2])]
    const two = (x: Tensor, y: Tensor) => [x.mul(2).add(y.mul(y).mul(3)), x.mul(y).sum()]
    const by = functional.jacobian(two as never, [x, y]) as unknown as Tensor[][]
    return [...by.flat(), ...functional.jacobian(x => x.mul(2), [x, y])]
  },

  functional_hessian() {
    const x = of([
      [0.1, 0.7],
      [-0.3, 1.1],
    ])
    const f = (a: Tensor, b: Tensor) => a.pow(2).mul(b.exp()).sum()
    const two = functional.hessian(f as never, [of([0.5, 2]), of([-1, 0.3])])
    return [functional.hessian(x => x.pow(3).sum(), x), ...two.flat()]
  },

  functional_products() {
    const [x, v, u] = [
      of([
        [0.1, 0.7],
        [-0.3, 1.1],
      ]),
      of([1, -2]),
      of([
        [1, 2],
        [3, 4],
      ]),
    ]
    const f = (x: Tensor) => x.exp().sum(1)
    const g = (x: Tensor) => x.pow(3).sum().add(x.index(0).prod())
    return [
      ...functional.vjp(f, x, v),
      ...functional.jvp(f, x, u),
      ...functional.vhp(g, x, u),
      ...functional.hvp(g, x, u),
    ]
  },

  functional_recorded() {
    const x = leaf([0.4, -0.6])
    const j = functional.jacobian(x => x.sin().mul(x), x, { createGraph: true })
    j.pow(2).sum().backward()
    const first = x.grad!.clone()
    x.grad = null
    functional
      .hessian(x => x.pow(4).sum(), x, { createGraph: true })
      .sum()
      .backward()
    return [j, first, x.grad]
  },

  inplace_rows() {
    const x = leaf([1, 2, 3])
    const out = dt.zeros(2, 3, { dtype })
    out.index(0).copy_(x.mul(x))
    out.index(1).add_(x, { alpha: 2 })
    out.index(':', 1).mul_(3)
    out.mul(out).sum().backward()
    return [out, x.grad, out.gradFn!.name]
  },

  inplace_views() {
    const x = leaf([
      [1, 2],
      [3, 4],
    ])
    const y = x.mul(2)
    const [v, w] = [y.view(4), y.index(1)]
    v.index('1:3').mul_(5)
    w.mul_(w.detach().clone())
    v.sum()
      .add(w.mul(of([1, 10])).sum())
      .add(y.t().index(0).sum())
      .backward()
    return [y, v, w, x.grad]
  },

  inplace_expanded() {
    const x = leaf([1, 2])
    const y = x.mul(1)
    const e = y.expand(3, 2)
    y.mul_(y.detach().clone())
    e.mul(dt.arange(6, { dtype }).reshape(3, 2)).sum().backward()
    return [e, x.grad]
  },

  inplace_second() {
    const x = leaf([0.5, 1.5, 2])
    const y = x.sin()
    y.index('1:').mul_(x.index(':2'))
    const [dx] = grad(y.mul(y).sum(), x, { createGraph: true })
    const [ddx] = grad(dx!.mul(dx!).sum(), x)
    return [y, dx, ddx]
  },

  inplace_random() {
    dt.manualSeed(1)
    const x = leaf([1, 2, 3, 4])
    const y = x.mul(2)
    y.index(':2').uniform_()
    y.sum().backward()
    return [y, x.grad]
  },
}
