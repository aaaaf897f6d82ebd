// Recurrent layers over whole sequences: several layers, one or two directions, padded or packed sequences. Parameters
// are named as by PyTorch: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_hr_l0; `_reverse` for the second
// direction.
import { ArgumentError, ShapeError } from '../../errors.ts'
import {
  atMost,
  cat,
  checked,
  checkSizes,
  type Device,
  type DType,
  empty,
  flag,
  Options,
  python,
  shown,
  stack,
  type Tensor,
  zeros,
} from '../../tensor/index.ts'
import { dropout } from '../functional/dropout.ts'
import { uniform_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import { PackedSequence, sizesOf } from './packed.ts'
import { gatesOf, type Kind, type State, type StateOptions, stateOf, type Weights, walk } from './steps.ts'

const mostLayers = 1000

/** Options of `GRU`. */
export interface GRUOptions {
  /** Layers on top of each other, default 1. */
  numLayers?: number
  /** Default true. */
  bias?: boolean
  /** Whether sequences are (N, L, features) and not (L, N, features). */
  batchFirst?: boolean
  /** Probability of dropout between layers, default 0. */
  dropout?: number
  /** Also from the end to the beginning; outputs stand beside each other. */
  bidirectional?: boolean
  device?: Device
  dtype?: DType
}

/** Options of `RNN`. */
export interface RNNOptions extends GRUOptions {
  /** Default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu'
}

/** Options of `LSTM`. */
export interface LSTMOptions extends GRUOptions {
  /** Size to which outputs are projected; default 0, not at all. */
  projSize?: number
}

const gruOptions = new Options<GRUOptions>({
  numLayers: true,
  bias: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  device: true,
  dtype: true,
})
const rnnOptions = new Options<RNNOptions>({
  numLayers: true,
  nonlinearity: true,
  bias: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  device: true,
  dtype: true,
})
const lstmOptions = new Options<LSTMOptions>({
  numLayers: true,
  bias: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  projSize: true,
  device: true,
  dtype: true,
})

/** What a layer takes first: a tensor (L, N, features) or (L, features), or a packed sequence; and gives first. */
export type Sequence = Tensor | PackedSequence

abstract class Recurrent<H> extends Module<
  [input: Sequence, hx?: H | null | StateOptions<H>],
  [output: Sequence, state: H]
> {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly numLayers: number
  readonly bias: boolean
  readonly batchFirst: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  readonly projSize: number
  private readonly kind: Kind

  constructor(kind: Kind, inputSize: number, hiddenSize: number, given: GRUOptions, projSize = 0) {
    super()
    const { name } = new.target
    const { numLayers = 1, dropout = 0, device = 'cpu', dtype = 'float32' } = given
    checkSizes(name, [inputSize, hiddenSize, numLayers, projSize])
    if (hiddenSize < 1) throw new ArgumentError(`${name}: hiddenSize must be at least 1, got ${hiddenSize}`)
    // A layer is four parameters, each an object.
    if (numLayers < 1 || numLayers > mostLayers)
      throw new ArgumentError(`${name}: numLayers must be from 1 to ${mostLayers}, got ${shown(numLayers)}`)
    if (!(dropout >= 0 && dropout <= 1))
      throw new ArgumentError(`${name}: dropout must be from 0 to 1, got ${shown(dropout)}`)
    if (projSize >= hiddenSize)
      throw new ArgumentError(`${name}: projSize must be less than hiddenSize, ${hiddenSize}, got ${projSize}`)
    this.kind = kind
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.numLayers = numLayers
    this.bias = flag(`${name}: bias`, given.bias ?? true)
    this.batchFirst = flag(`${name}: batchFirst`, given.batchFirst ?? false)
    this.dropout = dropout
    this.bidirectional = flag(`${name}: bidirectional`, given.bidirectional ?? false)
    this.projSize = projSize
    const rows = gatesOf[kind] * hiddenSize
    const make = (sizes: number[]) => new Parameter(empty(sizes, { device, dtype }))
    for (const suffix of this.suffixes()) {
      const inputs = suffix.startsWith('_l0') ? inputSize : this.outputs * this.directions
      this.registerParameter(`weight_ih${suffix}`, make([rows, inputs]))
      this.registerParameter(`weight_hh${suffix}`, make([rows, this.outputs]))
      if (this.bias) {
        this.registerParameter(`bias_ih${suffix}`, make([rows]))
        this.registerParameter(`bias_hh${suffix}`, make([rows]))
      }
      if (projSize > 0) this.registerParameter(`weight_hr${suffix}`, make([projSize, hiddenSize]))
    }
    this.resetParameters()
  }

  private get directions(): number {
    return this.bidirectional ? 2 : 1
  }

  /** Size of h. */
  private get outputs(): number {
    return this.projSize > 0 ? this.projSize : this.hiddenSize
  }

  private suffixes(): string[] {
    return Array.from({ length: this.numLayers }, (_, layer) =>
      this.bidirectional ? [`_l${layer}`, `_l${layer}_reverse`] : [`_l${layer}`],
    ).flat()
  }

  /** Draws new parameters from U(-k, k), k = 1 / sqrt(hiddenSize). */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize)
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound)
  }

  private weights(suffix: string): Weights {
    const of = (name: string) => Reflect.get(this, `${name}${suffix}`) as Parameter
    return {
      input: of('weight_ih'),
      hidden: of('weight_hh'),
      inputBias: this.bias ? of('bias_ih') : null,
      hiddenBias: this.bias ? of('bias_hh') : null,
      projection: this.projSize > 0 ? of('weight_hr') : undefined,
    }
  }

  /** Sizes of the last dimension of each part of the state. */
  private get stateSizes(): number[] {
    return this.kind === 'lstm' ? [this.outputs, this.hiddenSize] : [this.outputs]
  }

  protected run(input: Sequence, hx: readonly Tensor[] | null): { output: Sequence; state: State } {
    const { name } = this.constructor
    if (input instanceof PackedSequence) {
      const { sortedIndices, unsortedIndices } = input
      const order = (state: State, at: Tensor | null) => (at === null ? state : state.map(x => x.indexSelect(1, at)))
      const first = this.first(name, hx === null ? null : order(hx, sortedIndices), input.count, input.data)
      const { rows, state } = this.layers(input.data, sizesOf(input), first)
      return { output: input.with(rows), state: order(state, unsortedIndices) }
    }
    checked(name, input)
    if (input.ndim !== 2 && input.ndim !== 3)
      throw new ShapeError(`${name}: expected an input of 2 or 3 dimensions, got [${input.shape.join(', ')}]`)
    const single = input.ndim === 2
    const batch = single ? input.unsqueeze(1) : this.batchFirst ? input.transpose(0, 1) : input
    if (single && hx?.some(part => part.ndim !== 2))
      throw new ShapeError(`${name}: for an input of 2 dimensions expected a state of 2`)
    const [length, count] = [batch.size(0), batch.size(1)]
    if (length === 0) throw new ShapeError(`${name}: expected a sequence of at least 1 step, got none`)
    const given = hx === null ? null : single ? hx.map(part => part.unsqueeze(1)) : hx
    const first = this.first(name, given, count, batch)
    const { rows, state } = this.layers(batch.reshape(length * count, -1), Array(length).fill(count), first)
    const output = rows.view(length, count, rows.size(1))
    if (single) return { output: output.squeeze(1), state: state.map(part => part.squeeze(1)) }
    return { output: this.batchFirst ? output.transpose(0, 1) : output, state }
  }

  /** The state before the first step: (layers * directions, N, size) each. */
  private first(name: string, hx: State | null, count: number, x: Tensor): State {
    if (x.size(-1) !== this.inputSize)
      throw new ShapeError(`${name}: expected inputs of ${this.inputSize} features, got ${x.size(-1)}`)
    const blocks = this.numLayers * this.directions
    const { device, dtype } = x
    if (hx === null) return this.stateSizes.map(size => zeros([blocks, count, size], { device, dtype }))
    for (const [i, size] of this.stateSizes.entries()) {
      const [got, wanted] = [hx[i]!.shape, [blocks, count, size]]
      if (String(got) !== String(wanted))
        throw new ShapeError(`${name}: expected a state of [${wanted.join(', ')}], got [${got.join(', ')}]`)
    }
    return hx
  }

  private layers(x: Tensor, sizes: readonly number[], first: State): { rows: Tensor; state: State } {
    let rows = x
    const ends: State[] = []
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0 && this.dropout > 0 && this.training) rows = dropout(rows, this.dropout)
      const outputs = this.suffixes()
        .slice(layer * this.directions, (layer + 1) * this.directions)
        .map((suffix, direction) => {
          const state = first.map(part => part.select(0, ends.length))
          const { output, last } = walk(this.kind, rows, sizes, state, this.weights(suffix), direction === 1)
          ends.push(last)
          return output
        })
      rows = outputs.length === 1 ? outputs[0]! : cat(outputs, 1)
    }
    return { rows, state: first.map((_, i) => stack(ends.map(end => end[i]!))) }
  }

  override extraRepr(): string {
    const { inputSize, hiddenSize, projSize, numLayers, bias, batchFirst, dropout, bidirectional } = this
    const parts = [
      `${inputSize}, ${hiddenSize}`,
      projSize !== 0 && `proj_size=${projSize}`,
      numLayers !== 1 && `num_layers=${numLayers}`,
      !bias && 'bias=False',
      batchFirst && 'batch_first=True',
      dropout !== 0 && `dropout=${python(dropout)}`,
      bidirectional && 'bidirectional=True',
    ]
    return parts.filter(part => part !== false).join(', ')
  }
}

/** The state of an LSTM. */
type Pair = readonly [h: Tensor, c: Tensor]

/** One state h for a call. */
abstract class Simple extends Recurrent<Tensor> {
  forward(input: Sequence, hx?: Tensor | null | StateOptions<Tensor>): [output: Sequence, state: Tensor] {
    atMost('forward', 2, arguments.length)
    const { output, state } = this.run(input, stateOf('forward', hx, 1))
    return [output, state[0]!]
  }
}

/**
 * `h' = tanh(W_ih x + b_ih + W_hh h + b_hh)` over the steps of a sequence. PyTorch: torch.nn.RNN.
 * @throws ShapeError when the sizes do not fit
 * @example const [output, h] = new nn.RNN(10, 20)(randn(5, 3, 10)) // (5, 3, 20) and (1, 3, 20)
 */
export class RNN extends Simple {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, numLayers?: number | RNNOptions, options?: RNNOptions) {
    atMost('RNN', 4, arguments.length)
    const given = rnnOptions.readFirst('RNN', numLayers, options)
    const { nonlinearity = 'tanh' } = given
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu')
      throw new ArgumentError(`RNN: nonlinearity: expected 'tanh' or 'relu', got '${shown(nonlinearity)}'`)
    super(nonlinearity, inputSize, hiddenSize, given)
    this.nonlinearity = nonlinearity
  }
}

/**
 * Gated recurrent units over the steps of a sequence. PyTorch: torch.nn.GRU. Source: https://arxiv.org/abs/1406.1078.
 * @throws ShapeError when the sizes do not fit
 * @example const [output, h] = new nn.GRU(10, 20, 2)(randn(5, 3, 10)) // (5, 3, 20) and (2, 3, 20)
 */
export class GRU extends Simple {
  constructor(inputSize: number, hiddenSize: number, numLayers?: number | GRUOptions, options?: GRUOptions) {
    atMost('GRU', 4, arguments.length)
    super('gru', inputSize, hiddenSize, gruOptions.readFirst('GRU', numLayers, options))
  }
}

/**
 * Long short-term memory over the steps of a sequence; its state is h and c. PyTorch: torch.nn.LSTM.
 * Source: https://doi.org/10.1162/neco.1997.9.8.1735.
 * @throws ShapeError when the sizes do not fit
 * @example const [output, [h, c]] = new nn.LSTM(10, 20)(randn(5, 3, 10)) // (5, 3, 20), (1, 3, 20) and (1, 3, 20)
 */
export class LSTM extends Recurrent<Pair> {
  constructor(inputSize: number, hiddenSize: number, numLayers?: number | LSTMOptions, options?: LSTMOptions) {
    atMost('LSTM', 4, arguments.length)
    const given = lstmOptions.readFirst('LSTM', numLayers, options)
    super('lstm', inputSize, hiddenSize, given, given.projSize ?? 0)
  }

  forward(input: Sequence, hx?: Pair | null | StateOptions<Pair>): [output: Sequence, state: Pair] {
    atMost('forward', 2, arguments.length)
    const { output, state } = this.run(input, stateOf('forward', hx, 2))
    return [output, state as unknown as Pair]
  }
}
