// Normalization, of the operators that it is made of: those of ONNX ask for weights that layers need not have.
import type { Graph } from '../graph.ts'
import type { Value } from '../merge.ts'
import type { Converters } from './converter.ts'

const mean = (g: Graph, x: string, axes: readonly number[]) =>
  g.node('ReduceMean', [x, g.integers(axes)], { keepdims: 1 })

/** x divided by the root of a variance. */
function scaled(g: Graph, x: string, variance: string, eps: string): string {
  return g.node('Div', [x, g.node('Sqrt', [g.node('Add', [variance, eps])])])
}

function standardized(g: Graph, x: string, axes: readonly number[], eps: string): string {
  const centred = g.node('Sub', [x, mean(g, x, axes)])
  return scaled(g, centred, mean(g, g.node('Mul', [centred, centred]), axes), eps)
}

/** y times weight, plus bias, in that shape. */
function affine(g: Graph, y: string, weight: Value | null, bias: Value | null, shape: readonly number[]): string {
  const shaped = (x: Value) => g.node('Reshape', [g.nameOf(x), g.integers(shape)])
  const product = weight === null ? y : g.node('Mul', [y, shaped(weight)])
  return bias === null ? product : g.node('Add', [product, shaped(bias)])
}

const channels = (x: Value) => x.shape.map((_, i) => (i === 1 ? -1 : 1))
const positions = (x: Value, first: number) => x.shape.map((_, i) => i).slice(first)
const sizesOf = (x: Value | null, g: Graph) => x?.shape.map(size => g.fixed(size)) ?? []

export const norm: Converters = {
  batchNorm(g, { dtype }, x, runningMean, runningVar, weight, bias, training, _, eps) {
    const [name, least, shape] = [g.nameOf(x), g.number(eps, dtype), channels(x)]
    if (training || runningMean === null || runningVar === null) {
      const axes = [0, ...positions(x, 2)]
      return affine(g, standardized(g, name, axes, least), weight, bias, shape)
    }
    const [center, variance] = [runningMean, runningVar].map(one =>
      g.node('Reshape', [g.nameOf(one), g.integers(shape)]),
    ) as [string, string]
    return affine(g, scaled(g, g.node('Sub', [name, center]), variance, least), weight, bias, shape)
  },
  instanceNorm: (g, { dtype }, x, _mean, _variance, weight, bias, _own, _momentum, eps) =>
    affine(g, standardized(g, g.nameOf(x), positions(x, 2), g.number(eps, dtype)), weight, bias, channels(x)),
  layerNorm(g, { dtype }, x, sizes, weight, bias, eps) {
    const axes = positions(x, x.shape.length - sizes.length)
    return affine(g, standardized(g, g.nameOf(x), axes, g.number(eps, dtype)), weight, bias, sizesOf(weight ?? bias, g))
  },
  groupNorm(g, { dtype }, x, groups, weight, bias, eps) {
    const rows = g.node('Reshape', [g.nameOf(x), g.integers([0, g.fixed(groups), -1])])
    const back = x.shape.map((size, i) => (i === 0 ? 0 : g.fixed(size)))
    const y = g.node('Reshape', [standardized(g, rows, [2], g.number(eps, dtype)), g.integers(back)])
    return affine(g, y, weight, bias, channels(x))
  },
  rmsNorm(g, { dtype }, x, sizes, weight, eps) {
    const [name, axes] = [g.nameOf(x), positions(x, x.shape.length - sizes.length)]
    const squares = mean(g, g.node('Mul', [name, name]), axes)
    return affine(g, scaled(g, name, squares, g.number(eps, dtype)), weight, null, sizesOf(weight, g))
  },
}
