// The loss of sequences that are not aligned with their labels, as a module.
import { atMost, flag, type Tensor } from '../../tensor/index.ts'
import { ctcLoss, type Lengths } from '../functional/ctc-loss.ts'
import { type CtcLossOptions, ctcLossOptions } from '../functional/loss-options.ts'
import { Loss } from './loss.ts'

/**
 * Connectionist temporal classification. PyTorch: torch.nn.CTCLoss.
 * @throws ShapeError, ArgumentError and IndexError as `ctcLoss`
 * @example new nn.CTCLoss()(randn(50, 2, 20).logSoftmax(2), ones([2, 10], { dtype: 'int64' }), [50, 40], [10, 7])
 */
export class CTCLoss extends Loss<[logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths]> {
  readonly blank: number
  readonly zeroInfinity: boolean

  constructor(blank?: number | CtcLossOptions, options?: CtcLossOptions) {
    atMost('CTCLoss', 2, arguments.length)
    const given = ctcLossOptions.readFirst('CTCLoss', blank, options)
    super(given)
    this.blank = given.blank ?? 0
    this.zeroInfinity = flag('CTCLoss: zeroInfinity', given.zeroInfinity ?? false)
  }

  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    const { blank, reduction, zeroInfinity } = this
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, reduction, zeroInfinity })
  }
}
