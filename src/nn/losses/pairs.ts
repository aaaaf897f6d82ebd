// Losses of pairs of elements as modules: options once, then `criterion(output, target)`. Weights are buffers, so they
// are saved.
import { atMost, type Tensor } from '../../tensor/index.ts'
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  huberLoss,
  l1Loss,
  mseLoss,
  type Reduction,
  smoothL1Loss,
} from '../functional/index.ts'
import {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropyOptions,
  binaryCrossEntropyWithLogitsOptions,
  type HuberLossLayerOptions,
  huberLossLayerOptions,
  type ReductionOptions,
  reductionOptions,
  type SmoothL1LossOptions,
  smoothL1LossOptions,
} from '../functional/loss-options.ts'
import { Loss } from './loss.ts'

/**
 * Mean of the squares of input - target. PyTorch: torch.nn.MSELoss.
 * @example new nn.MSELoss()(model(x), y).backward()
 */
export class MSELoss extends Loss {
  constructor(reduction?: Reduction | ReductionOptions, options?: ReductionOptions) {
    atMost('MSELoss', 2, arguments.length)
    super(reductionOptions.readFirst('MSELoss', reduction, options))
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.reduction)
  }
}

/**
 * Mean of the absolute values of input - target. PyTorch: torch.nn.L1Loss.
 * @example new nn.L1Loss()(model(x), y).backward()
 */
export class L1Loss extends Loss {
  constructor(reduction?: Reduction | ReductionOptions, options?: ReductionOptions) {
    atMost('L1Loss', 2, arguments.length)
    super(reductionOptions.readFirst('L1Loss', reduction, options))
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.reduction)
  }
}

/**
 * Squares of small differences, and the absolute values of those from `beta` on. PyTorch: torch.nn.SmoothL1Loss.
 * @example new nn.SmoothL1Loss({ beta: 0.5 })(model(x), y)
 */
export class SmoothL1Loss extends Loss {
  readonly beta: number

  constructor(reduction?: Reduction | SmoothL1LossOptions, options?: SmoothL1LossOptions) {
    atMost('SmoothL1Loss', 2, arguments.length)
    const given = smoothL1LossOptions.readFirst('SmoothL1Loss', reduction, options)
    super(given)
    this.beta = given.beta ?? 1
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.reduction, { beta: this.beta })
  }
}

/**
 * Squares of small differences, and `delta` times the absolute values of those from `delta` on. PyTorch:
 * torch.nn.HuberLoss.
 * @example new nn.HuberLoss({ delta: 0.5 })(model(x), y)
 */
export class HuberLoss extends Loss {
  readonly delta: number

  constructor(reduction?: Reduction | HuberLossLayerOptions, options?: HuberLossLayerOptions) {
    atMost('HuberLoss', 2, arguments.length)
    const given = huberLossLayerOptions.readFirst('HuberLoss', reduction, options)
    super(given)
    this.delta = given.delta ?? 1
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.reduction, { delta: this.delta })
  }
}

/**
 * Cross entropy of probabilities with targets from 0 to 1. PyTorch: torch.nn.BCELoss.
 * @example new nn.BCELoss()(model(x).sigmoid(), y)
 */
export class BCELoss extends Loss {
  declare readonly weight: Tensor | null

  constructor(weight?: Tensor | null | BinaryCrossEntropyOptions, options?: BinaryCrossEntropyOptions) {
    atMost('BCELoss', 2, arguments.length)
    const given = binaryCrossEntropyOptions.readFirst('BCELoss', weight, options)
    super(given)
    this.registerBuffer('weight', given.weight ?? null)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.weight, { reduction: this.reduction })
  }
}

/**
 * Cross entropy of scores, sigmoid included, with targets from 0 to 1. PyTorch: torch.nn.BCEWithLogitsLoss.
 * @example new nn.BCEWithLogitsLoss({ posWeight: tensor([3]) })(model(x), y)
 */
export class BCEWithLogitsLoss extends Loss {
  declare readonly weight: Tensor | null
  /** As PyTorch spells it in state dicts. */
  declare readonly pos_weight: Tensor | null

  constructor(
    weight?: Tensor | null | BinaryCrossEntropyWithLogitsOptions,
    options?: BinaryCrossEntropyWithLogitsOptions,
  ) {
    atMost('BCEWithLogitsLoss', 2, arguments.length)
    const given = binaryCrossEntropyWithLogitsOptions.readFirst('BCEWithLogitsLoss', weight, options)
    super(given)
    this.registerBuffer('weight', given.weight ?? null)
    this.registerBuffer('pos_weight', given.posWeight ?? null)
  }

  get posWeight(): Tensor | null {
    return this.pos_weight
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, posWeight } = this
    return binaryCrossEntropyWithLogits(input, target, this.weight, { reduction, posWeight })
  }
}
