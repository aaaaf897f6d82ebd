// The layers of a transformer: attention, then two linear layers, each beside a way round them and normalized, after it
// or (`normFirst`) before.
import { ArgumentError } from '../../errors.ts'
import {
  atMost,
  checked,
  type Device,
  type DType,
  flag,
  Options,
  relu,
  shown,
  type Tensor,
} from '../../tensor/index.ts'
import { gelu } from '../functional/activation.ts'
import { Dropout } from '../layers/dropout.ts'
import { LayerNorm } from '../layers/layer-norm.ts'
import { Linear } from '../layers/linear.ts'
import { Module } from '../module/module.ts'
import { MultiheadAttention } from './attention.ts'

/** An activation by name or as a function. */
export type Activation = 'relu' | 'gelu' | ((x: Tensor) => Tensor)

/** Options of `TransformerEncoderLayer` and `TransformerDecoderLayer`. */
export interface TransformerLayerOptions {
  /** Features between the two linear layers, default 2048. */
  dimFeedforward?: number
  /** Default 0.1. */
  dropout?: number
  /** Default 'relu'. */
  activation?: Activation
  /** Default 1e-5. */
  layerNormEps?: number
  /** Whether inputs are (N, L, features) and not (L, N, features). */
  batchFirst?: boolean
  /** Normalize before attention and linear layers, and not after. */
  normFirst?: boolean
  /** Default true. */
  bias?: boolean
  device?: Device
  dtype?: DType
}

const layerOptions = new Options<TransformerLayerOptions>({
  dimFeedforward: true,
  dropout: true,
  activation: true,
  layerNormEps: true,
  batchFirst: true,
  normFirst: true,
  bias: true,
  device: true,
  dtype: true,
})

function activationOf(name: string, activation: Activation): (x: Tensor) => Tensor {
  if (typeof activation === 'function') return activation
  if (activation === 'relu') return x => relu(x)
  if (activation === 'gelu') return x => gelu(x)
  throw new ArgumentError(`${name}: activation: expected 'relu', 'gelu' or a function, got '${shown(activation)}'`)
}

/** What both kinds of layers are made of; submodules are made in PyTorch's order, since they draw their weights. */
abstract class TransformerLayer<Call extends unknown[]> extends Module<Call> {
  readonly normFirst: boolean
  protected readonly activation: (x: Tensor) => Tensor
  /** What it was made with, to make another one. @internal */
  readonly made: [dModel: number, nhead: number, options: TransformerLayerOptions]

  constructor(dModel: number, nhead: number, given: TransformerLayerOptions) {
    super()
    const { name } = new.target
    this.made = [dModel, nhead, given]
    this.normFirst = flag(`${name}: normFirst`, given.normFirst ?? false)
    this.activation = activationOf(name, given.activation ?? 'relu')
  }
}

interface Parts {
  attention: () => MultiheadAttention
  linear1: () => Linear
  linear2: () => Linear
  norm: () => LayerNorm
  dropout: () => Dropout
}

function parts(dModel: number, nhead: number, given: TransformerLayerOptions): Parts {
  const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, batchFirst, bias = true } = given
  const place = { ...(given.device && { device: given.device }), ...(given.dtype && { dtype: given.dtype }) }
  const first = batchFirst === undefined ? {} : { batchFirst }
  return {
    attention: () => new MultiheadAttention(dModel, nhead, { dropout, bias, ...first, ...place }),
    linear1: () => new Linear(dModel, dimFeedforward, { bias, ...place }),
    linear2: () => new Linear(dimFeedforward, dModel, { bias, ...place }),
    norm: () => new LayerNorm(dModel, { eps, bias, ...place }),
    dropout: () => new Dropout(dropout),
  }
}

/** Options of a call of `TransformerEncoderLayer`. */
export interface EncoderLayerCallOptions {
  /** (L, L) or (N * heads, L, L): bool, true where a place must not look; floats are added to the scores. */
  srcMask?: Tensor | null
  /** (N, L): bool, true for places that count for nothing. */
  srcKeyPaddingMask?: Tensor | null
  /** A hint that the mask is causal. */
  isCausal?: boolean
}

const encoderCallOptions = new Options<EncoderLayerCallOptions>({
  srcMask: true,
  srcKeyPaddingMask: true,
  isCausal: true,
})

type EncoderCall = [src: Tensor, srcMask?: Tensor | null | EncoderLayerCallOptions, options?: EncoderLayerCallOptions]

/**
 * Self-attention and two linear layers: (L, N, dModel) to the same. PyTorch: torch.nn.TransformerEncoderLayer.
 * Source: https://arxiv.org/abs/1706.03762.
 * @example new nn.TransformerEncoderLayer(16, 4)(randn(10, 2, 16)).shape // [10, 2, 16]
 */
export class TransformerEncoderLayer extends TransformerLayer<EncoderCall> {
  self_attn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm
  dropout1: Dropout
  dropout2: Dropout

  constructor(
    dModel: number,
    nhead: number,
    dimFeedforward?: number | TransformerLayerOptions,
    options?: TransformerLayerOptions,
  ) {
    atMost('TransformerEncoderLayer', 4, arguments.length)
    const given = layerOptions.readFirst('TransformerEncoderLayer', dimFeedforward, options)
    super(dModel, nhead, given)
    const make = parts(dModel, nhead, given)
    this.self_attn = make.attention()
    this.linear1 = make.linear1()
    this.dropout = make.dropout()
    this.linear2 = make.linear2()
    this.norm1 = make.norm()
    this.norm2 = make.norm()
    this.dropout1 = make.dropout()
    this.dropout2 = make.dropout()
  }

  forward(src: Tensor, srcMask?: Tensor | null | EncoderLayerCallOptions, options?: EncoderLayerCallOptions): Tensor {
    atMost('forward', 3, arguments.length)
    const given = encoderCallOptions.readFirst('forward', srcMask, options)
    checked('TransformerEncoderLayer', src)
    const attend = (x: Tensor) => {
      const { srcMask: attnMask, srcKeyPaddingMask: keyPaddingMask, isCausal = false } = given
      const call = { attnMask, keyPaddingMask, isCausal, needWeights: false }
      return this.dropout1(this.self_attn(x, x, x, call)[0])
    }
    const feed = (x: Tensor) => this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))))
    if (this.normFirst) {
      const x = src.add(attend(this.norm1(src)))
      return x.add(feed(this.norm2(x)))
    }
    const x = this.norm1(src.add(attend(src)))
    return this.norm2(x.add(feed(x)))
  }
}

/** Options of a call of `TransformerDecoderLayer`. */
export interface DecoderLayerCallOptions {
  /** As `srcMask` of an encoder layer, for the target. */
  tgtMask?: Tensor | null
  /** The same for looking at the memory: (L, S). */
  memoryMask?: Tensor | null
  /** (N, L): bool, true for places of the target that count for nothing. */
  tgtKeyPaddingMask?: Tensor | null
  /** (N, S): the same of the memory. */
  memoryKeyPaddingMask?: Tensor | null
  /** A hint that the target's mask is causal. */
  tgtIsCausal?: boolean
  /** A hint that the memory's mask is causal. */
  memoryIsCausal?: boolean
}

const decoderCallOptions = new Options<DecoderLayerCallOptions>({
  tgtMask: true,
  memoryMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
})

type DecoderCall = [
  tgt: Tensor,
  memory: Tensor,
  tgtMask?: Tensor | null | DecoderLayerCallOptions,
  options?: DecoderLayerCallOptions,
]

/**
 * Self-attention, attention over the encoder's output, and two linear layers: (L, N, dModel) and (S, N, dModel) to
 * (L, N, dModel). PyTorch: torch.nn.TransformerDecoderLayer.
 */
export class TransformerDecoderLayer extends TransformerLayer<DecoderCall> {
  self_attn: MultiheadAttention
  multihead_attn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm
  norm3: LayerNorm
  dropout1: Dropout
  dropout2: Dropout
  dropout3: Dropout

  constructor(
    dModel: number,
    nhead: number,
    dimFeedforward?: number | TransformerLayerOptions,
    options?: TransformerLayerOptions,
  ) {
    atMost('TransformerDecoderLayer', 4, arguments.length)
    const given = layerOptions.readFirst('TransformerDecoderLayer', dimFeedforward, options)
    super(dModel, nhead, given)
    const make = parts(dModel, nhead, given)
    this.self_attn = make.attention()
    this.multihead_attn = make.attention()
    this.linear1 = make.linear1()
    this.dropout = make.dropout()
    this.linear2 = make.linear2()
    this.norm1 = make.norm()
    this.norm2 = make.norm()
    this.norm3 = make.norm()
    this.dropout1 = make.dropout()
    this.dropout2 = make.dropout()
    this.dropout3 = make.dropout()
  }

  forward(
    tgt: Tensor,
    memory: Tensor,
    tgtMask?: Tensor | null | DecoderLayerCallOptions,
    options?: DecoderLayerCallOptions,
  ): Tensor {
    atMost('forward', 4, arguments.length)
    const given = decoderCallOptions.readFirst('forward', tgtMask, options)
    checked('TransformerDecoderLayer', tgt)
    checked('TransformerDecoderLayer', memory)
    const attend = (x: Tensor) => {
      const { tgtMask: attnMask, tgtKeyPaddingMask: keyPaddingMask, tgtIsCausal: isCausal = false } = given
      const call = { attnMask, keyPaddingMask, isCausal, needWeights: false }
      return this.dropout1(this.self_attn(x, x, x, call)[0])
    }
    const look = (x: Tensor) => {
      const { memoryMask: attnMask, memoryKeyPaddingMask: keyPaddingMask, memoryIsCausal: isCausal = false } = given
      const call = { attnMask, keyPaddingMask, isCausal, needWeights: false }
      return this.dropout2(this.multihead_attn(x, memory, memory, call)[0])
    }
    const feed = (x: Tensor) => this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))))
    if (this.normFirst) {
      const x = tgt.add(attend(this.norm1(tgt)))
      const y = x.add(look(this.norm2(x)))
      return y.add(feed(this.norm3(y)))
    }
    const x = this.norm1(tgt.add(attend(tgt)))
    const y = this.norm2(x.add(look(x)))
    return this.norm3(y.add(feed(y)))
  }
}
