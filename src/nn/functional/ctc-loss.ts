// The loss of sequences whose labels nobody has aligned with their steps.
import { native } from '../../native/load.ts'
import { atMost, flag, handleOf, refuse, Tensor, wrap } from '../../tensor/index.ts'
import { type CtcLossOptions, ctcLossOptions } from './loss-options.ts'

/** One for each sample; the device has to answer where they are its. */
export type Lengths = Tensor | readonly number[]

function lengthsOf(what: string, given: Lengths): number[] {
  const all = given instanceof Tensor ? (given.reshape([-1]).toArray() as number[]) : given
  if (!Array.isArray(all)) refuse(what, 'a tensor or an array of numbers', given)
  return all.map(length => (Number.isInteger(length) ? length : refuse(what, 'integers', length)))
}

/**
 * Connectionist temporal classification: minus the logarithm of the probability that so many steps spell the target,
 * with blanks anywhere. Log probabilities (T, N, C) or (T, C), targets (N, S), or those of all samples one after the
 * other. The mean is over the samples, each loss divided by its number of labels. PyTorch:
 * torch.nn.functional.ctc_loss. Source: https://www.cs.toronto.edu/~graves/icml_2006.pdf.
 * @throws ShapeError when the sizes do not fit, ArgumentError for lengths that are too large, IndexError for a target
 * that is no class
 * @example nn.functional.ctcLoss(randn(50, 2, 20).logSoftmax(2), ones([2, 10], { dtype: 'int64' }), [50, 40], [10, 7])
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  blank?: number | CtcLossOptions,
  options?: CtcLossOptions,
): Tensor {
  const op = 'ctcLoss'
  atMost('ctcLoss', 6, arguments.length)
  const { blank: none = 0, reduction = 'mean', zeroInfinity = false } = ctcLossOptions.readFirst(op, blank, options)
  const [logs, labels] = [handleOf(op, logProbs), handleOf(op, targets)]
  const steps = lengthsOf(`${op}: inputLengths`, inputLengths)
  const counts = lengthsOf(`${op}: targetLengths`, targetLengths)
  return wrap(native.ctcLoss(logs, labels, steps, counts, none, reduction, flag(`${op}: zeroInfinity`, zeroInfinity)))
}
