// `isin`, which PyTorch has only as a function.
import { native } from '../../native/load.ts'
import { operand } from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `isin`. */
export interface IsinOptions {
  /** That no element is there twice, which makes no difference here. */
  assumeUnique?: boolean
  /** Whether an element is none of them instead, default false. */
  invert?: boolean
}

const isinOptions = new Options<IsinOptions>({ assumeUnique: true, invert: true })

/**
 * Whether each element is one of `testElements`, as bool. Every one is compared with every other. PyTorch: torch.isin.
 * @throws DTypeError for bool
 * @example isin(labels, tensor([3, 5]))
 */
export function isin(elements: Tensor | number, testElements: Tensor | number, options?: IsinOptions): Tensor {
  atMost('isin', 3, arguments.length)
  const { invert = false } = isinOptions.read('isin', options)
  return wrap(native.isin(operand('isin', elements), operand('isin', testElements), invert))
}
