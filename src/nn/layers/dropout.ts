// Layers that leave elements out by chance while training, and do nothing in evaluation mode.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Options, repr, shown, type Tensor } from '../../tensor/index.ts'
import { alphaDropout, dropout, dropout1d, dropout2d, dropout3d, featureAlphaDropout } from '../functional/dropout.ts'
import { Module } from '../module/module.ts'

/** Options of `Dropout` and its relatives. */
export interface DropoutLayerOptions {
  /** Probability of 0, default 0.5. */
  p?: number
  /** Change the input itself. */
  inplace?: boolean
}

const dropoutOptions = new Options<DropoutLayerOptions>({ p: true, inplace: true })

abstract class AnyDropout extends Module {
  readonly p: number
  readonly inplace: boolean

  constructor(name: string, p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    super()
    const given = dropoutOptions.readFirst(name, p, options)
    this.p = given.p ?? 0.5
    this.inplace = flag(`${name}: inplace`, given.inplace ?? false)
    if (!(typeof this.p === 'number' && this.p >= 0 && this.p <= 1))
      throw new ArgumentError(`${name}: p must be from 0 to 1, got ${shown(this.p)}`)
  }

  override extraRepr(): string {
    return repr(this, 'p inplace')
  }
}

/** Sets elements to 0 with probability p. PyTorch: torch.nn.Dropout. @example new nn.Dropout({ p: 0.2 }) */
export class Dropout extends AnyDropout {
  constructor(p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    atMost('Dropout', 2, arguments.length)
    super('Dropout', p, options)
  }

  forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training, inplace: this.inplace })
  }
}

/** Sets whole channels of (N, C, L) or (C, L) to 0 with probability p. PyTorch: torch.nn.Dropout1d. */
export class Dropout1d extends AnyDropout {
  constructor(p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    atMost('Dropout1d', 2, arguments.length)
    super('Dropout1d', p, options)
  }

  forward(x: Tensor): Tensor {
    return dropout1d(x, { p: this.p, training: this.training, inplace: this.inplace })
  }
}

/** Sets whole channels of (N, C, …) to 0 with probability p. PyTorch: torch.nn.Dropout2d. */
export class Dropout2d extends AnyDropout {
  constructor(p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    atMost('Dropout2d', 2, arguments.length)
    super('Dropout2d', p, options)
  }

  forward(x: Tensor): Tensor {
    return dropout2d(x, { p: this.p, training: this.training, inplace: this.inplace })
  }
}

/** Sets whole channels of (N, C, D, H, W) to 0 with probability p. PyTorch: torch.nn.Dropout3d. */
export class Dropout3d extends AnyDropout {
  constructor(p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    atMost('Dropout3d', 2, arguments.length)
    super('Dropout3d', p, options)
  }

  forward(x: Tensor): Tensor {
    return dropout3d(x, { p: this.p, training: this.training, inplace: this.inplace })
  }
}

/** For networks of SELU: mean and variance stay what they were. PyTorch: torch.nn.AlphaDropout. */
export class AlphaDropout extends AnyDropout {
  constructor(p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    atMost('AlphaDropout', 2, arguments.length)
    super('AlphaDropout', p, options)
  }

  forward(x: Tensor): Tensor {
    return alphaDropout(x, { p: this.p, training: this.training, inplace: this.inplace })
  }
}

/** `AlphaDropout` of whole channels of (N, C, …). PyTorch: torch.nn.FeatureAlphaDropout. */
export class FeatureAlphaDropout extends AnyDropout {
  constructor(p?: number | DropoutLayerOptions, options?: DropoutLayerOptions) {
    atMost('FeatureAlphaDropout', 2, arguments.length)
    super('FeatureAlphaDropout', p, options)
  }

  forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, { p: this.p, training: this.training, inplace: this.inplace })
  }
}
