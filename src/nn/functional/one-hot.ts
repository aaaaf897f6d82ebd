// Classes as rows of zeros with a one.
import { ArgumentError, DTypeError, IndexError } from '../../errors.ts'
import { atMost, Options, refuse, Tensor, tidy, zeros } from '../../tensor/index.ts'

/** Options of `oneHot`. */
export interface OneHotOptions {
  /** By default, -1, one more than the largest class; then the host waits for it. */
  numClasses?: number
}

const oneHotOptions = new Options<OneHotOptions>({ numClasses: true })

/**
 * A row for each class: zeros, and 1 at its number; int64. PyTorch: torch.nn.functional.one_hot.
 * @throws DTypeError unless the classes are int64, IndexError for one that is negative or too large
 * @example nn.functional.oneHot(tensor([0n, 2n])).tolist() // [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot(x: Tensor, numClasses?: number | OneHotOptions): Tensor {
  atMost('oneHot', 2, arguments.length)
  if (!(x instanceof Tensor)) refuse('oneHot', 'a tensor', x)
  const { numClasses: given = -1 } = oneHotOptions.readFirst('oneHot', numClasses)
  if (x.dtype !== 'int64') throw new DTypeError(`oneHot: expected classes of dtype int64, got ${x.dtype}`)
  const count = given === -1 || !x.isCuda ? counted(x, given) : given // a device checks by itself
  return tidy(() => zeros([...x.shape, count], { dtype: 'int64', device: x.device }).scatter(-1, x.unsqueeze(-1), 1))
}

/** The number of classes, which must be there for all of them. */
function counted(x: Tensor, given: number): number {
  if (x.numel() === 0) {
    if (given > 0) return given
    throw new ArgumentError('oneHot: without elements the number of classes must be given')
  }
  const [least, most] = tidy(() => [x.min().item(), x.max().item()] as const)
  if (least < 0) throw new IndexError(`oneHot: classes must not be negative, got ${least}`)
  if (given === -1) return most + 1
  if (most < given) return given
  throw new IndexError(`oneHot: class ${most} is out of range for ${given} classes`)
}
