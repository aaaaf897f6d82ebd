// Stacks of transformer layers, and the whole transformer of encoder and decoder.
import { ArgumentError, ShapeError } from '../../errors.ts'
import {
  atMost,
  checked,
  type Device,
  type DType,
  defaultGenerator,
  flag,
  full,
  Options,
  refuse,
  shown,
  type Tensor,
} from '../../tensor/index.ts'
import { xavierUniform_ } from '../init/index.ts'
import { LayerNorm } from '../layers/layer-norm.ts'
import { ModuleList } from '../module/container.ts'
import { type AnyModule, Module } from '../module/module.ts'
import {
  type DecoderLayerCallOptions,
  type EncoderLayerCallOptions,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './layers.ts'

/** So many copies of a layer, with its parameters; nothing is drawn. @throws ArgumentError for another class */
function copies<L extends TransformerEncoderLayer | TransformerDecoderLayer>(
  name: string,
  layer: L,
  count: number,
): L[] {
  const Layer = layer?.constructor as new (...made: L['made']) => L
  if (Layer !== (TransformerEncoderLayer as unknown) && Layer !== (TransformerDecoderLayer as unknown))
    throw new ArgumentError(`${name}: expected a layer of nn to make copies of; put other layers into nn.Sequential`)
  if (!Number.isInteger(count) || count < 0)
    throw new ArgumentError(`${name}: expected a number of layers, got ${shown(count)}`)
  const state = defaultGenerator.getState()
  const all = Array.from({ length: count }, () => {
    const copy = new Layer(...layer.made)
    copy.loadStateDict(layer.stateDict())
    const [parameter] = layer.parameters()
    const { dtype, device } = parameter!
    return copy.to({ dtype, device }).train(layer.training) as L
  })
  defaultGenerator.setState(state)
  return all
}

/** Options of `TransformerEncoder`. */
export interface TransformerEncoderOptions {
  /** Normalizes what the last layer gives. */
  norm?: LayerNorm | null
  /** PyTorch's for its nested tensors; dtrain has none, and the results are the same. */
  enableNestedTensor?: boolean
  /** The same. */
  maskCheck?: boolean
}

const encoderOptions = new Options<TransformerEncoderOptions>({
  norm: true,
  enableNestedTensor: true,
  maskCheck: true,
})

/** Options of a call of `TransformerEncoder`. */
export interface EncoderCallOptions {
  /** As `srcMask` of a layer. */
  mask?: Tensor | null
  srcKeyPaddingMask?: Tensor | null
  /** A hint that the mask is causal. */
  isCausal?: boolean | null
}

const encoderCallOptions = new Options<EncoderCallOptions>({ mask: true, srcKeyPaddingMask: true, isCausal: true })

type EncoderCall = [src: Tensor, mask?: Tensor | null | EncoderCallOptions, options?: EncoderCallOptions]

/**
 * Copies of an encoder layer, one after the other. PyTorch: torch.nn.TransformerEncoder.
 * @throws ArgumentError unless the layer is a `TransformerEncoderLayer`
 */
export class TransformerEncoder extends Module<EncoderCall> {
  layers: ModuleList<TransformerEncoderLayer>
  readonly numLayers: number
  norm: LayerNorm | null

  constructor(
    encoderLayer: TransformerEncoderLayer,
    numLayers: number,
    norm?: LayerNorm | null | TransformerEncoderOptions,
    options?: TransformerEncoderOptions,
  ) {
    atMost('TransformerEncoder', 4, arguments.length)
    super()
    const given = encoderOptions.readFirst('TransformerEncoder', norm, options)
    this.layers = new ModuleList(copies('TransformerEncoder', encoderLayer, numLayers))
    this.numLayers = numLayers
    this.norm = given.norm ?? null
  }

  forward(src: Tensor, mask?: Tensor | null | EncoderCallOptions, options?: EncoderCallOptions): Tensor {
    atMost('forward', 3, arguments.length)
    const { mask: srcMask, srcKeyPaddingMask, isCausal } = encoderCallOptions.readFirst('forward', mask, options)
    const call: EncoderLayerCallOptions = { srcMask, srcKeyPaddingMask, isCausal: isCausal ?? false }
    let x = src
    for (const layer of this.layers) x = layer(x, call)
    return this.norm === null ? x : this.norm(x)
  }
}

/** Options of `TransformerDecoder`. */
export interface TransformerDecoderOptions {
  /** Normalizes what the last layer gives. */
  norm?: LayerNorm | null
}

const decoderOptions = new Options<TransformerDecoderOptions>({ norm: true })

/** Options of a call of `TransformerDecoder`: those of a layer. */
export interface DecoderCallOptions extends Omit<DecoderLayerCallOptions, 'tgtIsCausal'> {
  tgtIsCausal?: boolean | null
}

const decoderCallOptions = new Options<DecoderCallOptions>({
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
  tgtMask?: Tensor | null | DecoderCallOptions,
  options?: DecoderCallOptions,
]

/**
 * Copies of a decoder layer, one after the other. PyTorch: torch.nn.TransformerDecoder.
 * @throws ArgumentError unless the layer is a `TransformerDecoderLayer`
 */
export class TransformerDecoder extends Module<DecoderCall> {
  layers: ModuleList<TransformerDecoderLayer>
  readonly numLayers: number
  norm: LayerNorm | null

  constructor(
    decoderLayer: TransformerDecoderLayer,
    numLayers: number,
    norm?: LayerNorm | null | TransformerDecoderOptions,
  ) {
    atMost('TransformerDecoder', 3, arguments.length)
    super()
    const given = decoderOptions.readFirst('TransformerDecoder', norm)
    this.layers = new ModuleList(copies('TransformerDecoder', decoderLayer, numLayers))
    this.numLayers = numLayers
    this.norm = given.norm ?? null
  }

  forward(
    tgt: Tensor,
    memory: Tensor,
    tgtMask?: Tensor | null | DecoderCallOptions,
    options?: DecoderCallOptions,
  ): Tensor {
    atMost('forward', 4, arguments.length)
    const given = decoderCallOptions.readFirst('forward', tgtMask, options)
    const call = { ...given, tgtIsCausal: given.tgtIsCausal ?? false }
    let x = tgt
    for (const layer of this.layers) x = layer(x, memory, call)
    return this.norm === null ? x : this.norm(x)
  }
}

/** Options of `Transformer`. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** Default 512. */
  dModel?: number
  /** Default 8. */
  nhead?: number
  /** Default 6. */
  numEncoderLayers?: number
  /** Default 6. */
  numDecoderLayers?: number
  /** In place of the encoder: takes the source and its masks. */
  customEncoder?: AnyModule | null
  /** In place of the decoder: takes the target, the encoder's output and masks. */
  customDecoder?: AnyModule | null
}

const transformerOptions = new Options<TransformerOptions>({
  dModel: true,
  nhead: true,
  numEncoderLayers: true,
  numDecoderLayers: true,
  dimFeedforward: true,
  dropout: true,
  activation: true,
  customEncoder: true,
  customDecoder: true,
  layerNormEps: true,
  batchFirst: true,
  normFirst: true,
  bias: true,
  device: true,
  dtype: true,
})

/** Options of a call of `Transformer`. */
export interface TransformerCallOptions {
  srcMask?: Tensor | null
  tgtMask?: Tensor | null
  memoryMask?: Tensor | null
  srcKeyPaddingMask?: Tensor | null
  tgtKeyPaddingMask?: Tensor | null
  memoryKeyPaddingMask?: Tensor | null
  srcIsCausal?: boolean | null
  tgtIsCausal?: boolean | null
  memoryIsCausal?: boolean
}

const transformerCallOptions = new Options<TransformerCallOptions>({
  srcMask: true,
  tgtMask: true,
  memoryMask: true,
  srcKeyPaddingMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  srcIsCausal: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
})

/** Options of `Transformer.generateSquareSubsequentMask`. */
export interface SubsequentMaskOptions {
  device?: Device
  dtype?: DType
}

const maskOptions = new Options<SubsequentMaskOptions>({ device: true, dtype: true })

type TransformerCall = [
  src: Tensor,
  tgt: Tensor,
  srcMask?: Tensor | null | TransformerCallOptions,
  options?: TransformerCallOptions,
]

/**
 * Encoder and decoder: a source (S, N, dModel) and a target (L, N, dModel) to (L, N, dModel). PyTorch:
 * torch.nn.Transformer. Source: https://arxiv.org/abs/1706.03762.
 * @throws ShapeError when source and target do not fit
 */
export class Transformer extends Module<TransformerCall> {
  readonly dModel: number
  readonly nhead: number
  readonly batchFirst: boolean
  encoder: AnyModule
  decoder: AnyModule

  constructor(dModel?: number | TransformerOptions, options?: TransformerOptions) {
    atMost('Transformer', 2, arguments.length)
    super()
    const given = transformerOptions.readFirst('Transformer', dModel, options)
    const { dModel: size = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6 } = given
    const { customEncoder, customDecoder, layerNormEps: eps = 1e-5, bias = true } = given
    for (const custom of [customEncoder, customDecoder])
      if (custom != null && !(custom instanceof Module)) refuse('Transformer', 'a module as encoder or decoder', custom)
    const { dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst, device, dtype } = given
    const all = { dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst, bias, device, dtype }
    const layer = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    const place = { ...(device && { device }), ...(dtype && { dtype }) }
    const norm = () => new LayerNorm(size, { eps, bias, ...place })
    this.dModel = size
    this.nhead = nhead
    this.batchFirst = flag('Transformer: batchFirst', batchFirst ?? false)
    this.encoder =
      customEncoder ??
      stackOf(new TransformerEncoderLayer(size, nhead, layer), numEncoderLayers, norm, TransformerEncoder)
    this.decoder =
      customDecoder ??
      stackOf(new TransformerDecoderLayer(size, nhead, layer), numDecoderLayers, norm, TransformerDecoder)
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter)
  }

  forward(
    src: Tensor,
    tgt: Tensor,
    srcMask?: Tensor | null | TransformerCallOptions,
    options?: TransformerCallOptions,
  ): Tensor {
    atMost('forward', 4, arguments.length)
    const given = transformerCallOptions.readFirst('forward', srcMask, options)
    for (const x of [src, tgt]) checked('Transformer', x)
    const at = this.batchFirst ? 0 : 1
    if (src.ndim === 3 && src.size(at) !== tgt.size(at))
      throw new ShapeError(`Transformer: source and target have ${src.size(at)} and ${tgt.size(at)} samples`)
    if (src.size(-1) !== this.dModel || tgt.size(-1) !== this.dModel)
      throw new ShapeError(`Transformer: expected ${this.dModel} features, got ${src.size(-1)} and ${tgt.size(-1)}`)
    const { srcMask: mask, srcKeyPaddingMask, srcIsCausal: isCausal, ...rest } = given
    const memory = this.encoder(src, { mask, srcKeyPaddingMask, isCausal })
    const { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal, memoryIsCausal } = rest
    const call = { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal, memoryIsCausal }
    return this.decoder(tgt, memory, call)
  }

  /** (size, size): -infinity above the diagonal, else 0, so that no place looks ahead. */
  static generateSquareSubsequentMask(size: number, options?: SubsequentMaskOptions): Tensor {
    atMost('generateSquareSubsequentMask', 2, arguments.length)
    const given = maskOptions.read('generateSquareSubsequentMask', options)
    return full([size, size], Number.NEGATIVE_INFINITY, given).triu(1)
  }
}

function stackOf<L>(
  layer: L,
  count: number,
  norm: () => LayerNorm,
  Stack: new (layer: L, count: number, norm: LayerNorm) => AnyModule,
): AnyModule {
  return new Stack(layer, count, norm())
}
