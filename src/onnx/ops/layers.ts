// What layers are made of: products of matrices, convolution, pooling, and dropout, which does nothing here.
import type { Graph } from '../graph.ts'
import { product } from '../graph.ts'
import type { Num, Value } from '../merge.ts'
import type { Converters } from './converter.ts'

/** Numbers on both sides of two dimensions. */
const around = (g: Graph, padding: readonly Num[]) => [
  ...padding.map(size => g.fixed(size)),
  ...padding.map(size => g.fixed(size)),
]

function pooled(
  g: Graph,
  count: number,
  [x, kernel, stride, padding, dilation, ceilMode]: readonly [Value, ...(readonly Num[])[], boolean],
): string[] {
  return g.nodeOf(count, 'MaxPool', [g.nameOf(x as Value)], {
    kernel_shape: (kernel as Num[]).map(size => g.fixed(size)),
    strides: (stride as Num[]).map(size => g.fixed(size)),
    pads: around(g, padding as Num[]),
    dilations: (dilation as Num[]).map(size => g.fixed(size)),
    ceil_mode: Number(ceilMode),
  })
}

export const layers: Converters = {
  matmul: (g, { dtype }, x, y) => g.node('MatMul', [g.as(x, dtype), g.as(y, dtype)]),
  addmm: (g, _, input, x, y, beta, alpha) =>
    g.node('Gemm', [g.nameOf(x), g.nameOf(y), g.nameOf(input)], {
      alpha: { float: g.fixed(alpha) },
      beta: { float: g.fixed(beta) },
    }),
  linear(g, _, x, weight, bias) {
    const added = bias === null ? [] : [g.nameOf(bias)]
    if (x.shape.length === 2) return g.node('Gemm', [g.nameOf(x), g.nameOf(weight), ...added], { transB: 1 })
    const turned = g.node('Transpose', [g.nameOf(weight)], { perm: weight.shape.map((_, i) => i).reverse() })
    const out = g.node('MatMul', [g.nameOf(x), turned])
    return bias === null ? out : g.node('Add', [out, ...added])
  },
  conv2d: (g, _, x, weight, bias, stride, padding, dilation, groups) =>
    g.node('Conv', [g.nameOf(x), g.nameOf(weight), ...(bias === null ? [] : [g.nameOf(bias)])], {
      kernel_shape: weight.shape.slice(2).map(size => g.fixed(size)),
      strides: stride.map(size => g.fixed(size)),
      pads: around(g, padding),
      dilations: dilation.map(size => g.fixed(size)),
      group: g.fixed(groups),
    }),
  maxPool2d: (g, _, ...given) => pooled(g, 1, given),
  maxPool2dWithIndices(g, _, ...given) {
    const [values, places] = pooled(g, 2, given) as [string, string]
    // ONNX counts through the whole tensor, PyTorch through each picture.
    const pixels = product(given[0].shape.slice(-2))
    return [values, g.node('Mod', [places, g.number(pixels, 'int64')])]
  },
  dropout: (g, _, x) => g.nameOf(x),
  featureDropout: (g, _, x) => g.nameOf(x),
}
