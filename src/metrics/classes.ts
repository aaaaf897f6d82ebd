// Outputs of a classifier and what they should have been, as numbers: what metrics of classes read.
import { ArgumentError, ShapeError } from '../errors.ts'
import { isFloatingPoint, refuse, Tensor, tidy } from '../tensor/index.ts'

/** The elements of a tensor of integers. @throws ArgumentError for floats */
export function integers(what: string, x: Tensor): number[] {
  if (!(x instanceof Tensor)) refuse(what, 'a tensor', x)
  if (isFloatingPoint(x.dtype)) throw new ArgumentError(`${what}: expected integers, got ${x.dtype}`)
  return Array.from(x.toTypedArray() as ArrayLike<number | bigint>, Number)
}

/** Whether an output has a row of scores for each target. @throws ShapeError unless it has, or is a class for each */
export function hasScores(op: string, output: Tensor, target: Tensor): boolean {
  if (!(output instanceof Tensor)) refuse(`${op}: output`, 'a tensor', output)
  if (!(target instanceof Tensor)) refuse(`${op}: target`, 'a tensor', target)
  if (output.shape.join() === target.shape.join()) return false
  if (target.ndim === 1 && output.ndim === 2 && output.size(0) === target.size(0)) return true
  const [got, n] = [output.shape.join(', '), target.shape.join(', ')]
  throw new ShapeError(`${op}: expected scores of shape [N, classes] or classes of the target's [${n}], got [${got}]`)
}

/** The classes that an output names: its own elements, or where each row of scores is highest. */
export function predicted(op: string, output: Tensor, target: Tensor): number[] {
  return tidy(() => integers(`${op}: output`, hasScores(op, output, target) ? output.argmax(1) : output))
}
