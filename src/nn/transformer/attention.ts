// Attention of several heads as a layer. The names of parameters are PyTorch's, as in state dicts.
import { ArgumentError } from '../../errors.ts'
import { atMost, checkSizes, type Device, type DType, empty, flag, Options, type Tensor } from '../../tensor/index.ts'
import { multiHeadAttentionForward } from '../functional/attention.ts'
import { constant_, xavierNormal_, xavierUniform_ } from '../init/index.ts'
import { Linear } from '../layers/linear.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** Options of `MultiheadAttention`. */
export interface MultiheadAttentionOptions {
  /** Probability with which a weight is left out in training, default 0. */
  dropout?: number
  /** Default true. */
  bias?: boolean
  /** One learned key and value more. */
  addBiasKv?: boolean
  /** One key and value of zeros more. */
  addZeroAttn?: boolean
  /** Features of keys, default those of queries. */
  kdim?: number | null
  /** Features of values, default those of queries. */
  vdim?: number | null
  /** Whether inputs are (N, L, E) and not (L, N, E). */
  batchFirst?: boolean
  device?: Device
  dtype?: DType
}

const attentionOptions = new Options<MultiheadAttentionOptions>({
  dropout: true,
  bias: true,
  addBiasKv: true,
  addZeroAttn: true,
  kdim: true,
  vdim: true,
  batchFirst: true,
  device: true,
  dtype: true,
})

/** Options of a call of `MultiheadAttention`. */
export interface AttentionCallOptions {
  /** (N, S): bool, true for keys that count for nothing; floats are added to the scores. */
  keyPaddingMask?: Tensor | null
  /** Give the weights too, default true. */
  needWeights?: boolean
  /** (L, S) or (N * heads, L, S): bool, true where a query must not look; floats are added to the scores. */
  attnMask?: Tensor | null
  /** The mean of the weights over heads, default true. */
  averageAttnWeights?: boolean
  /** A hint that the mask is causal. */
  isCausal?: boolean
}

const callOptions = new Options<AttentionCallOptions>({
  keyPaddingMask: true,
  needWeights: true,
  attnMask: true,
  averageAttnWeights: true,
  isCausal: true,
})

/** A linear layer that PyTorch prints by another name. */
class NonDynamicallyQuantizableLinear extends Linear {}

type Call = [
  query: Tensor,
  key: Tensor,
  value: Tensor,
  keyPaddingMask?: Tensor | null | AttentionCallOptions,
  options?: AttentionCallOptions,
]

/**
 * Attention of queries (L, N, E) over keys (S, N, kdim) and values (S, N, vdim), by several heads. PyTorch:
 * torch.nn.MultiheadAttention. Source: https://arxiv.org/abs/1706.03762.
 * @throws ArgumentError when the features are not divisible by the heads
 * @example
 * const x = randn(10, 2, 16)
 * const [output, weights] = new nn.MultiheadAttention(16, 4)(x, x, x)
 */
export class MultiheadAttention extends Module<Call, [output: Tensor, weights: Tensor | null]> {
  readonly embedDim: number
  readonly numHeads: number
  readonly dropout: number
  readonly batchFirst: boolean
  readonly kdim: number
  readonly vdim: number
  readonly addZeroAttn: boolean
  declare in_proj_weight: Parameter | null
  declare q_proj_weight: Parameter | null
  declare k_proj_weight: Parameter | null
  declare v_proj_weight: Parameter | null
  declare in_proj_bias: Parameter | null
  declare bias_k: Parameter | null
  declare bias_v: Parameter | null
  out_proj: Linear

  constructor(
    embedDim: number,
    numHeads: number,
    dropout?: number | MultiheadAttentionOptions,
    options?: MultiheadAttentionOptions,
  ) {
    const name = 'MultiheadAttention'
    atMost('MultiheadAttention', 4, arguments.length)
    super()
    const given = attentionOptions.readFirst(name, dropout, options)
    const { kdim, vdim, device = 'cpu', dtype = 'float32' } = given
    checkSizes(name, [embedDim, numHeads])
    if (embedDim < 1 || numHeads < 1)
      throw new ArgumentError(`${name}: expected at least 1 feature and 1 head, got ${embedDim} and ${numHeads}`)
    if (embedDim % numHeads !== 0)
      throw new ArgumentError(`${name}: ${embedDim} features are not divisible by ${numHeads} heads`)
    this.embedDim = embedDim
    this.numHeads = numHeads
    this.dropout = given.dropout ?? 0
    this.batchFirst = flag(`${name}: batchFirst`, given.batchFirst ?? false)
    this.kdim = kdim ?? embedDim
    this.vdim = vdim ?? embedDim
    this.addZeroAttn = flag(`${name}: addZeroAttn`, given.addZeroAttn ?? false)
    const bias = flag(`${name}: bias`, given.bias ?? true)
    const make = (...sizes: number[]) => new Parameter(empty(sizes, { device, dtype }))
    const apart = this.kdim !== embedDim || this.vdim !== embedDim
    this.registerParameter('in_proj_weight', apart ? null : make(3 * embedDim, embedDim))
    this.registerParameter('q_proj_weight', apart ? make(embedDim, embedDim) : null)
    this.registerParameter('k_proj_weight', apart ? make(embedDim, this.kdim) : null)
    this.registerParameter('v_proj_weight', apart ? make(embedDim, this.vdim) : null)
    this.registerParameter('in_proj_bias', bias ? make(3 * embedDim) : null)
    const extra = flag(`${name}: addBiasKv`, given.addBiasKv ?? false)
    this.registerParameter('bias_k', extra ? make(1, 1, embedDim) : null)
    this.registerParameter('bias_v', extra ? make(1, 1, embedDim) : null)
    this.out_proj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, device, dtype })
    this.resetParameters()
  }

  /** Draws new weights; biases are 0. */
  resetParameters(): void {
    const { in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, in_proj_bias, bias_k, bias_v } = this
    for (const weight of [in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight])
      if (weight !== null) xavierUniform_(weight)
    if (in_proj_bias !== null) {
      constant_(in_proj_bias, 0)
      constant_(this.out_proj.bias!, 0)
    }
    for (const bias of [bias_k, bias_v]) if (bias !== null) xavierNormal_(bias)
  }

  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    keyPaddingMask?: Tensor | null | AttentionCallOptions,
    options?: AttentionCallOptions,
  ): [output: Tensor, weights: Tensor | null] {
    atMost('forward', 5, arguments.length)
    const given = callOptions.readFirst('forward', keyPaddingMask, options)
    const turned = this.batchFirst && query.ndim === 3
    const turn = (x: Tensor) => (turned ? x.transpose(1, 0) : x)
    const q = turn(query)
    const k = key === query ? q : turn(key)
    const v = value === key ? k : turn(value)
    const { in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, out_proj } = this
    const [output, weights] = multiHeadAttentionForward(
      q,
      k,
      v,
      this.embedDim,
      this.numHeads,
      in_proj_weight,
      this.in_proj_bias,
      this.bias_k,
      this.bias_v,
      this.addZeroAttn,
      this.dropout,
      out_proj.weight,
      out_proj.bias,
      {
        ...given,
        training: this.training,
        useSeparateProjWeight: in_proj_weight === null,
        qProjWeight: q_proj_weight,
        kProjWeight: k_proj_weight,
        vProjWeight: v_proj_weight,
      },
    )
    return [turned ? output.transpose(1, 0) : output, weights]
  }
}
