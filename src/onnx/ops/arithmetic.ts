// Arithmetic and comparisons of two. Operators want both of one dtype, so casts stand before them, and truth values are
// computed with as integers.
import type { DType } from '../../tensor/index.ts'
import { add, empty, type Tensor } from '../../tensor/index.ts'
import { type Graph, isValue, type Operand } from '../graph.ts'
import type { Num, Value } from '../merge.ts'
import { type Converters, wide } from './converter.ts'
import { truncated } from './unary.ts'

/** An operator on both in the dtype of the result. */
const both =
  (op: string, scaled = false) =>
  (g: Graph, out: Value, x: Operand, y: Operand, alpha: Num = 1) => {
    const dtype = wide(out.dtype)
    const second = g.as(y, dtype)
    const factor = scaled && alpha !== 1 ? g.node('Mul', [second, g.number(alpha, dtype)]) : second
    return g.cast(g.node(op, [g.as(x, dtype), factor]), dtype, out.dtype)
  }

/** The dtype that two operands are compared in. */
function common(x: Operand, y: Operand): DType {
  // Only whether a tensor has dimensions matters beside its dtype.
  const stand = (operand: Operand): Tensor | number | boolean =>
    isValue(operand)
      ? empty(operand.shape.length === 0 ? [] : [1], { dtype: operand.dtype })
      : typeof operand === 'object'
        ? operand.values[0]!
        : operand
  return add(stand(x), stand(y)).dtype
}

const comparison =
  (op: string, not = false) =>
  (g: Graph, _: Value, x: Operand, y: Operand) => {
    const dtype = wide(common(x, y))
    const answer = g.node(op, [g.as(x, dtype), g.as(y, dtype)])
    return not ? g.node('Not', [answer]) : answer
  }

const logic = (op: string) => (g: Graph, _: Value, x: Value, y: Value) => g.node(op, [g.as(x, 'bool'), g.as(y, 'bool')])

/** The quotient rounded down. */
function floored(g: Graph, dtype: DType, x: string, y: string): string {
  if (dtype.includes('float')) return g.node('Floor', [g.node('Div', [x, y])])
  return g.node('Div', [g.node('Sub', [x, g.node('Mod', [x, y])]), y]) // Div of integers cuts off
}

export const arithmetic: Converters = {
  add: both('Add', true),
  sub: both('Sub', true),
  mul: both('Mul'),
  div(g, out, x, y, mode) {
    const [first, second] = [g.as(x, out.dtype), g.as(y, out.dtype)]
    if (mode === 'floor') return floored(g, out.dtype, first, second)
    const quotient = g.node('Div', [first, second])
    return mode === 'trunc' && out.dtype.includes('float') ? truncated(g, quotient) : quotient
  },
  remainder(g, { dtype }, x, y) {
    const [first, second] = [g.as(x, dtype), g.as(y, dtype)]
    if (!dtype.includes('float')) return g.node('Mod', [first, second])
    return g.node('Sub', [first, g.node('Mul', [floored(g, dtype, first, second), second])])
  },
  fmod: (g, { dtype }, x, y) => g.node('Mod', [g.as(x, dtype), g.as(y, dtype)], { fmod: 1 }),
  pow: both('Pow'),
  square: (g, out, x) => both('Mul')(g, out, x, x),
  maximum: both('Max'),
  minimum: both('Min'),
  eq: comparison('Equal'),
  ne: comparison('Equal', true),
  lt: comparison('Less'),
  le: comparison('LessOrEqual'),
  gt: comparison('Greater'),
  ge: comparison('GreaterOrEqual'),
  logicalAnd: logic('And'),
  logicalOr: logic('Or'),
  logicalXor: logic('Xor'),
  logicalNot: (g, _, x) => g.node('Not', [g.as(x, 'bool')]),
}
