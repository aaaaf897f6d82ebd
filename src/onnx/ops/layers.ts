// What layers are made of: products of matrices, convolution, pooling, and dropout, which does nothing here.
import { type Graph, product } from '../graph.ts'
import type { Num } from '../merge.ts'
import type { Converters } from './converter.ts'

type Sizes = readonly Num[]

/** The attributes of windows. */
function windows(g: Graph, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) {
  const [kernel_shape, strides, around, dilations] = [kernel, stride, padding, dilation].map(sizes =>
    sizes.map(size => g.fixed(size)),
  ) as [number[], number[], number[], number[]]
  return { kernel_shape, strides, pads: [...around, ...around], dilations }
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
  convolution: (g, _, x, weight, bias, stride, padding, dilation, transposed, outputPadding, groups) =>
    g.node(
      transposed ? 'ConvTranspose' : 'Conv',
      [g.nameOf(x), g.nameOf(weight), ...(bias === null ? [] : [g.nameOf(bias)])],
      {
        ...windows(g, weight.shape.slice(2), stride, padding, dilation),
        ...(transposed ? { output_padding: outputPadding.map(size => g.fixed(size)) } : {}),
        group: g.fixed(groups),
      },
    ),
  maxPool: (g, _, x, kernel, stride, padding, dilation, ceilMode) =>
    g.node('MaxPool', [g.nameOf(x)], {
      ...windows(g, kernel, stride, padding, dilation),
      ceil_mode: Number(ceilMode),
    }),
  maxPoolWithIndices(g, _, x, kernel, stride, padding, dilation, ceilMode) {
    const [values, places] = g.nodeOf(2, 'MaxPool', [g.nameOf(x)], {
      ...windows(g, kernel, stride, padding, dilation),
      ceil_mode: Number(ceilMode),
    }) as [string, string]
    // ONNX counts through the whole tensor, PyTorch through each plane.
    const pixels = product(x.shape.slice(-kernel.length))
    return [values, g.node('Mod', [places, g.number(pixels, 'int64')])]
  },
  dropout: (g, _, x) => g.nameOf(x),
  featureDropout: (g, _, x) => g.nameOf(x),
  alphaDropout: (g, _, x) => g.nameOf(x),
  featureAlphaDropout: (g, _, x) => g.nameOf(x),
}
