// Activations. Those of ONNX have PyTorch's constants; what it has not is made of comparisons.
import type { Graph } from '../graph.ts'
import type { Num, Value } from '../merge.ts'
import type { Converters } from './converter.ts'

/** `above` where x is more than a limit, else `below`. */
function split(g: Graph, x: Value, limit: number, above: string, below: string): string {
  return g.node('Where', [g.node('Greater', [g.nameOf(x), g.number(limit, x.dtype)]), above, below])
}

/** x times another factor. */
function times(g: Graph, x: Value, factor: number): string {
  return factor === 1 ? g.nameOf(x) : g.node('Mul', [g.nameOf(x), g.number(factor, x.dtype)])
}

export const activation: Converters = {
  relu: (g, _, x) => g.node('Relu', [g.nameOf(x)]),
  leakyRelu: (g, _, x, slope) => g.node('LeakyRelu', [g.nameOf(x)], { alpha: { float: g.fixed(slope as Num) } }),
  prelu(g, _, x, weight) {
    // Dim 1 is that of the channels; sizes broadcast from the last dimension on.
    const shape = [-1, ...Array<number>(Math.max(x.shape.length - 2, 0)).fill(1)]
    const slope = weight.shape[0] === 1 ? g.nameOf(weight) : g.node('Reshape', [g.nameOf(weight), g.integers(shape)])
    return g.node('PRelu', [g.nameOf(x), slope])
  },
  elu(g, _, x, alpha, scale) {
    const [depth, inner] = [g.fixed(alpha), g.fixed(scale)]
    if (inner === 1) return g.node('Elu', [g.nameOf(x)], { alpha: { float: depth } })
    const below = g.node('Sub', [g.node('Exp', [times(g, x, inner)]), g.number(1, x.dtype)])
    return split(g, x, 0, g.nameOf(x), g.node('Mul', [below, g.number(depth, x.dtype)]))
  },
  selu: (g, _, x) => g.node('Selu', [g.nameOf(x)]),
  silu: (g, _, x) => g.node('Mul', [g.nameOf(x), g.node('Sigmoid', [g.nameOf(x)])]),
  gelu(g, { dtype }, x, approximate) {
    const name = g.nameOf(x)
    const inner =
      approximate === 'none'
        ? g.node('Erf', [times(g, x, Math.SQRT1_2)])
        : g.node('Tanh', [
            g.node('Mul', [
              g.number(Math.sqrt(2 / Math.PI), dtype),
              g.node('Add', [
                name,
                g.node('Mul', [g.number(0.044715, dtype), g.node('Pow', [name, g.number(3, dtype)])]),
              ]),
            ]),
          ])
    return g.node('Mul', [times(g, x, 0.5), g.node('Add', [inner, g.number(1, dtype)])])
  },
  threshold: (g, { dtype }, x, limit, value) => split(g, x, g.fixed(limit), g.nameOf(x), g.number(value, dtype)),
  softplus(g, { dtype }, x, beta, threshold) {
    const soft = g.node('Softplus', [times(g, x, g.fixed(beta))])
    const below = beta === 1 ? soft : g.node('Div', [soft, g.number(beta, dtype)])
    return split(g, x, g.fixed(threshold) / g.fixed(beta), g.nameOf(x), below)
  },
  hardsigmoid: (g, _, x) => g.node('HardSigmoid', [g.nameOf(x)], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  hardswish: (g, _, x) => g.node('HardSwish', [g.nameOf(x)]),
  mish: (g, _, x) => g.node('Mul', [g.nameOf(x), g.node('Tanh', [g.node('Softplus', [g.nameOf(x)])])]),
  hardshrink: (g, _, x, limit) => g.node('Shrink', [g.nameOf(x)], { lambd: { float: g.fixed(limit) } }),
  softshrink: (g, _, x, by) =>
    g.node('Shrink', [g.nameOf(x)], { lambd: { float: g.fixed(by) }, bias: { float: g.fixed(by) } }),
  logsigmoid: (g, _, x) => g.node('Neg', [g.node('Softplus', [g.node('Neg', [g.nameOf(x)])])]),
}
