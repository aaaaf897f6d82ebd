// Tables of vectors that are learnt. The row at `paddingIdx` is 0 at first, and gets no gradient.
import { ShapeError } from '../../errors.ts'
import { atMost, checkSizes, empty, flag, noGrad, Options, refuse, repr, Tensor } from '../../tensor/index.ts'
import {
  type BagMode,
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  embedding,
  embeddingBag,
  paddingRow,
} from '../functional/embedding.ts'
import { normal_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import type { Place } from './affine.ts'

/** Options of `Embedding`. */
export interface EmbeddingLayerOptions extends EmbeddingOptions, Place {
  /** The table to begin with, in place of one that is drawn. */
  weight?: Tensor
}

const layerOptions = new Options<EmbeddingLayerOptions>({
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  sparse: true,
  weight: true,
  device: true,
  dtype: true,
})

/** Options of `EmbeddingBag`. */
export interface EmbeddingBagLayerOptions extends Omit<EmbeddingBagOptions, 'offsets' | 'perSampleWeights'>, Place {
  /** The table to begin with, in place of one that is drawn. */
  weight?: Tensor
}

const bagOptions = new Options<EmbeddingBagLayerOptions>({
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  mode: true,
  sparse: true,
  weight: true,
  includeLastOffset: true,
  paddingIdx: true,
  device: true,
  dtype: true,
})

/** Options of `Embedding.fromPretrained`. */
export interface PretrainedOptions extends EmbeddingOptions {
  /** Whether the table stays as it is, default true. */
  freeze?: boolean
}

const pretrainedOptions = new Options<PretrainedOptions>({
  freeze: true,
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  sparse: true,
})

/** Options of `EmbeddingBag.fromPretrained`. */
export interface PretrainedBagOptions extends Omit<EmbeddingBagOptions, 'offsets' | 'perSampleWeights'> {
  /** Whether the table stays as it is, default true. */
  freeze?: boolean
}

const pretrainedBagOptions = new Options<PretrainedBagOptions>({
  freeze: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  mode: true,
  sparse: true,
  includeLastOffset: true,
  paddingIdx: true,
})

/** Options of a call of `EmbeddingBag`. */
export type BagCallOptions = Pick<EmbeddingBagOptions, 'offsets' | 'perSampleWeights'>

const callOptions = new Options<BagCallOptions>({ offsets: true, perSampleWeights: true })

/** A table of vectors, and what is done to those that are read. */
abstract class Table<A extends unknown[]> extends Module<A> {
  readonly numEmbeddings: number
  readonly embeddingDim: number
  readonly paddingIdx: number | null
  readonly maxNorm: number | null
  readonly normType: number
  readonly scaleGradByFreq: boolean
  readonly sparse: boolean
  /** (numEmbeddings, embeddingDim) */
  weight: Parameter

  constructor(sizes: readonly number[], given: EmbeddingLayerOptions) {
    super()
    const { name } = new.target
    const [rows, columns] = checkSizes(name, sizes) as [number, number]
    this.numEmbeddings = rows
    this.embeddingDim = columns
    this.paddingIdx = paddingRow(name, given.paddingIdx, rows)
    this.maxNorm = given.maxNorm ?? null
    this.normType = given.normType ?? 2
    this.scaleGradByFreq = flag(`${name}: scaleGradByFreq`, given.scaleGradByFreq ?? false)
    this.sparse = flag(`${name}: sparse`, given.sparse ?? false)
    const { weight, dtype = 'float32', device = 'cpu' } = given
    this.weight = new Parameter(weight ?? empty([rows, columns], { dtype, device }))
    if (weight === undefined) this.resetParameters()
    else if (String(sizesOf(name, weight)) !== String(sizes))
      throw new ShapeError(`${name}: expected weight [${sizes.join(', ')}], got [${weight.shape.join(', ')}]`)
  }

  /** Draws the table from N(0, 1), but for the padding row, which is 0. */
  resetParameters(): void {
    normal_(this.weight)
    const { paddingIdx } = this
    if (paddingIdx !== null) noGrad(() => this.weight.index(paddingIdx).zero_())
  }

  protected get norms(): string {
    const { maxNorm, normType, scaleGradByFreq } = this
    const max = maxNorm === null ? '' : `, max_norm=${real(maxNorm)}`
    const type = normType === 2 ? '' : `, norm_type=${real(normType)}`
    return max + type + (scaleGradByFreq ? ', scale_grad_by_freq=True' : '')
  }

  protected get padding(): string {
    return this.paddingIdx === null ? '' : `, ${repr(this, 'paddingIdx')}`
  }
}

const real = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value))

/** The sizes of a table that is there. */
function sizesOf(name: string, table: Tensor): [rows: number, columns: number] {
  if (!(table instanceof Tensor)) refuse(name, 'a tensor', table)
  if (table.ndim === 2) return [...table.shape] as [number, number]
  throw new ShapeError(`${name}: expected embeddings of 2 dimensions, got [${table.shape.join(', ')}]`)
}

/** That table as a layer; `freeze`: it stays as it is. */
function pretrained<T extends { weight: Parameter }>(layer: T, freeze = true): T {
  layer.weight.requiresGrad = !flag('fromPretrained: freeze', freeze)
  return layer
}

/**
 * Vectors by their numbers, int64 or int32: (…) to (…, embeddingDim). PyTorch: torch.nn.Embedding.
 * @throws IndexError for a number that is not below `numEmbeddings`
 * @example new nn.Embedding(1000, 64, { paddingIdx: 0 })(tensor([[4n, 7n, 0n]])).shape // [1, 3, 64]
 */
export class Embedding extends Table<[input: Tensor]> {
  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    paddingIdx?: number | null | EmbeddingLayerOptions,
    options?: EmbeddingLayerOptions,
  ) {
    atMost('Embedding', 4, arguments.length)
    super([numEmbeddings, embeddingDim], layerOptions.readFirst('Embedding', paddingIdx, options))
  }

  /**
   * A layer of a table that is there, and stays as it is unless `freeze` is false. PyTorch:
   * torch.nn.Embedding.from_pretrained.
   * @throws ShapeError unless it has two dimensions
   */
  static fromPretrained(
    embeddings: Tensor,
    freeze?: boolean | PretrainedOptions,
    options?: PretrainedOptions,
  ): Embedding {
    atMost('fromPretrained', 3, arguments.length)
    const { freeze: fixed, ...given } = pretrainedOptions.readFirst('fromPretrained', freeze, options)
    const sizes = sizesOf('fromPretrained', embeddings)
    return pretrained(new Embedding(...sizes, { ...given, weight: embeddings }), fixed)
  }

  forward(x: Tensor): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = this
    return embedding(x, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse })
  }

  override extraRepr(): string {
    const sparse = this.sparse ? ', sparse=True' : ''
    return `${this.numEmbeddings}, ${this.embeddingDim}${this.padding}${this.norms}${sparse}`
  }
}

/**
 * Sums, means or maxima of bags of vectors: numbers (B, L), or (k) and where each bag begins. PyTorch:
 * torch.nn.EmbeddingBag.
 * @throws IndexError for a number that is not below `numEmbeddings`
 * @example new nn.EmbeddingBag(1000, 64)(tensor([[4n, 7n, 0n]])).shape // [1, 64]
 */
export class EmbeddingBag extends Table<
  [input: Tensor, offsets?: Tensor | null | BagCallOptions, options?: BagCallOptions]
> {
  readonly mode: BagMode
  readonly includeLastOffset: boolean

  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    maxNorm?: number | null | EmbeddingBagLayerOptions,
    options?: EmbeddingBagLayerOptions,
  ) {
    atMost('EmbeddingBag', 4, arguments.length)
    const {
      mode = 'mean',
      includeLastOffset = false,
      ...given
    } = bagOptions.readFirst('EmbeddingBag', maxNorm, options)
    super([numEmbeddings, embeddingDim], given)
    this.mode = mode
    this.includeLastOffset = flag('EmbeddingBag: includeLastOffset', includeLastOffset)
  }

  /**
   * A layer of a table that is there, and stays as it is unless `freeze` is false. PyTorch:
   * torch.nn.EmbeddingBag.from_pretrained.
   * @throws ShapeError unless it has two dimensions
   */
  static fromPretrained(
    embeddings: Tensor,
    freeze?: boolean | PretrainedBagOptions,
    options?: PretrainedBagOptions,
  ): EmbeddingBag {
    atMost('fromPretrained', 3, arguments.length)
    const { freeze: fixed, ...given } = pretrainedBagOptions.readFirst('fromPretrained', freeze, options)
    const sizes = sizesOf('fromPretrained', embeddings)
    return pretrained(new EmbeddingBag(...sizes, { ...given, weight: embeddings }), fixed)
  }

  forward(x: Tensor, offsets?: Tensor | null | BagCallOptions, options?: BagCallOptions): Tensor {
    atMost('forward', 3, arguments.length)
    const { offsets: starts, perSampleWeights } = callOptions.readFirst('forward', offsets, options)
    const { maxNorm, normType, scaleGradByFreq, mode, sparse, includeLastOffset, paddingIdx } = this
    return embeddingBag(x, this.weight, starts, {
      ...{ maxNorm, normType, scaleGradByFreq, mode, sparse, perSampleWeights, includeLastOffset, paddingIdx },
    })
  }

  override extraRepr(): string {
    return `${this.numEmbeddings}, ${this.embeddingDim}${this.norms}, mode='${this.mode}'${this.padding}`
  }
}
