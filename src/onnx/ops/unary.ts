// Functions of each element. ONNX has fewer of them; the others are made of those that it has.
import type { Graph } from '../graph.ts'
import type { Value } from '../merge.ts'
import type { Converters } from './converter.ts'

/** The operator of that name, on x in the dtype of the result. */
const same = (op: string) => (g: Graph, out: Value, x: Value) => g.node(op, [g.as(x, out.dtype)])

/** Integers are whole already. */
const whole = (op: string) => (g: Graph, out: Value, x: Value) =>
  out.dtype.includes('float') ? g.node(op, [g.nameOf(x)]) : g.nameOf(x)

/** Towards zero. */
export function truncated(g: Graph, x: string): string {
  return g.node('Mul', [g.node('Sign', [x]), g.node('Floor', [g.node('Abs', [x])])])
}

const logarithm = (base: number) => (g: Graph, out: Value, x: Value) =>
  g.node('Mul', [g.node('Log', [g.as(x, out.dtype)]), g.number(1 / Math.log(base), out.dtype)])

/** A question that only floats can answer with yes. */
const question = (ask: (g: Graph, x: string) => string) => (g: Graph, _: Value, x: Value) =>
  ask(g, x.dtype.includes('float') ? g.nameOf(x) : g.as(x, 'float32'))

const nan = (g: Graph, x: string) => g.node('IsNaN', [x])
const infinite = (g: Graph, x: string) => g.node('IsInf', [x])

export const unary: Converters = {
  neg: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  abs: same('Abs'),
  sign: (g, out, x) => (x.dtype === 'bool' ? g.nameOf(x) : g.node('Sign', [g.as(x, out.dtype)])),
  floor: whole('Floor'),
  ceil: whole('Ceil'),
  trunc: (g, out, x) => (out.dtype.includes('float') ? truncated(g, g.nameOf(x)) : g.nameOf(x)),
  round(g, out, x, decimals) {
    if (decimals === 0 || !out.dtype.includes('float')) return whole('Round')(g, out, x)
    const factor = g.number(10 ** g.fixed(decimals), out.dtype)
    return g.node('Div', [g.node('Round', [g.node('Mul', [g.nameOf(x), factor])]), factor])
  },
  reciprocal: same('Reciprocal'),
  sqrt: same('Sqrt'),
  rsqrt: (g, out, x) => g.node('Reciprocal', [g.node('Sqrt', [g.as(x, out.dtype)])]),
  sigmoid: same('Sigmoid'),
  tanh: same('Tanh'),
  sin: same('Sin'),
  cos: same('Cos'),
  erf: same('Erf'),
  log1p: (g, out, x) => g.node('Log', [g.node('Add', [g.as(x, out.dtype), g.number(1, out.dtype)])]),
  expm1: (g, out, x) => g.node('Sub', [g.node('Exp', [g.as(x, out.dtype)]), g.number(1, out.dtype)]),
  log2: logarithm(2),
  log10: logarithm(10),
  exp2: (g, out, x) => g.node('Pow', [g.number(2, out.dtype), g.as(x, out.dtype)]),
  isnan: question(nan),
  isinf: question(infinite),
  isfinite: question((g, x) => g.node('Not', [g.node('Or', [nan(g, x), infinite(g, x)])])),
}
