// What layers are made of: products of matrices, convolution, pooling, and dropout, which does nothing here.
import { type Graph, product } from '../graph.ts'
import type { Num, Value } from '../merge.ts'
import type { Converters } from './converter.ts'

type Sizes = readonly Num[]

/** The attributes of windows, for operators that know no dilation without it. */
function windows(g: Graph, kernel: Sizes, stride: Sizes, padding: Sizes, dilation?: Sizes) {
  const fixed = (sizes: Sizes) => sizes.map(size => g.fixed(size))
  const around = fixed(padding)
  return {
    kernel_shape: fixed(kernel),
    strides: fixed(stride),
    pads: [...around, ...around],
    ...(dilation && { dilations: fixed(dilation) }),
  }
}

/** Those of windows that share planes out evenly, which are all of one size. @throws UnsupportedError */
function shares(g: Graph, x: Value, outputSize: Sizes) {
  const kernel = outputSize.map((size, i) => {
    const [all, count] = [g.fixed(x.shape.at(i - outputSize.length)!), g.fixed(size)]
    return all % count === 0 ? all / count : g.fail(`${count} windows do not share ${all} elements out evenly`)
  })
  return windows(g, kernel, kernel, Array(kernel.length).fill(0))
}

/** Largest values and their places: ONNX counts these through the whole tensor, PyTorch through each plane. */
function largest(g: Graph, x: Value, dims: number, attributes: ReturnType<typeof windows> & { ceil_mode?: number }) {
  const [values, places] = g.nodeOf(2, 'MaxPool', [g.nameOf(x)], attributes) as [string, string]
  return [values, g.node('Mod', [places, g.number(product(x.shape.slice(-dims)), 'int64')])]
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
  maxPoolWithIndices: (g, _, x, kernel, stride, padding, dilation, ceilMode) =>
    largest(g, x, kernel.length, { ...windows(g, kernel, stride, padding, dilation), ceil_mode: Number(ceilMode) }),
  adaptiveMaxPool: (g, _, x, size) => largest(g, x, size.length, shares(g, x, size)),
  avgPool(g, { dtype }, x, kernel, stride, padding, ceilMode, countIncludePad, divisorOverride) {
    if (divisorOverride !== null && ceilMode) g.fail('divisorOverride with ceilMode has no operator')
    const average = g.node('AveragePool', [g.nameOf(x)], {
      ...windows(g, kernel, stride, padding),
      ceil_mode: Number(ceilMode),
      count_include_pad: Number(countIncludePad || divisorOverride !== null),
    })
    if (divisorOverride === null) return average
    const factor = g.fixed(product(kernel)) / g.fixed(divisorOverride)
    return g.node('Mul', [average, g.number(factor, dtype)])
  },
  adaptiveAvgPool(g, _, x, size) {
    if (size.every(one => one === 1)) return g.node('GlobalAveragePool', [g.nameOf(x)])
    return g.node('AveragePool', [g.nameOf(x)], shares(g, x, size))
  },
  dropout: (g, _, x) => g.nameOf(x),
  featureDropout: (g, _, x) => g.nameOf(x),
  alphaDropout: (g, _, x) => g.nameOf(x),
  featureAlphaDropout: (g, _, x) => g.nameOf(x),
}
