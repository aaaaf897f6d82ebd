// Recurrent layers for one step. Their parameters are weight_ih, weight_hh, bias_ih and bias_hh, as in PyTorch.
import { ArgumentError, ShapeError } from '../../errors.ts'
import {
  atMost,
  checked,
  checkSizes,
  type Device,
  type DType,
  empty,
  flag,
  Options,
  shown,
  type Tensor,
  zeros,
} from '../../tensor/index.ts'
import { linear } from '../functional/index.ts'
import { uniform_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import { gatesOf, type Kind, type State, type StateOptions, stateOf, step } from './steps.ts'

/** Options of `GRUCell` and `LSTMCell`. */
export interface CellOptions {
  /** Default true. */
  bias?: boolean
  device?: Device
  dtype?: DType
}

/** Options of `RNNCell`. */
export interface RNNCellOptions extends CellOptions {
  /** Default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu'
}

const cellOptions = new Options<CellOptions>({ bias: true, device: true, dtype: true })
const rnnCellOptions = new Options<RNNCellOptions>({ bias: true, nonlinearity: true, device: true, dtype: true })

abstract class Cell<H, R> extends Module<[input: Tensor, hx?: H | null | StateOptions<H>], R> {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly bias: boolean
  declare weight_ih: Parameter
  declare weight_hh: Parameter
  declare bias_ih: Parameter | null
  declare bias_hh: Parameter | null
  private readonly kind: Kind

  constructor(kind: Kind, inputSize: number, hiddenSize: number, given: CellOptions) {
    super()
    const { name } = new.target
    checkSizes(name, [inputSize, hiddenSize])
    this.kind = kind
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.bias = flag(`${name}: bias`, given.bias ?? true)
    const { device = 'cpu', dtype = 'float32' } = given
    const rows = gatesOf[kind] * hiddenSize
    const make = (...sizes: number[]) => new Parameter(empty(sizes, { device, dtype }))
    this.registerParameter('weight_ih', make(rows, inputSize))
    this.registerParameter('weight_hh', make(rows, hiddenSize))
    this.registerParameter('bias_ih', this.bias ? make(rows) : null)
    this.registerParameter('bias_hh', this.bias ? make(rows) : null)
    this.resetParameters()
  }

  /** Draws new parameters from U(-k, k), k = 1 / sqrt(hiddenSize). */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound)
  }

  protected run(input: Tensor, hx: State | null): State {
    const { name } = this.constructor
    checked(name, input)
    if ((input.ndim !== 1 && input.ndim !== 2) || input.size(-1) !== this.inputSize)
      throw new ShapeError(`${name}: expected an input (N, ${this.inputSize}), got [${input.shape.join(', ')}]`)
    const single = input.ndim === 1
    const x = single ? input.unsqueeze(0) : input
    const { device, dtype } = x
    const size = [x.size(0), this.hiddenSize]
    const empty = () => Array.from({ length: this.kind === 'lstm' ? 2 : 1 }, () => zeros(size, { device, dtype }))
    const state = hx === null ? empty() : single ? hx.map(part => part.unsqueeze(0)) : hx
    for (const part of state) {
      if (String(part.shape) !== String(size))
        throw new ShapeError(`${name}: expected a state of [${size.join(', ')}], got [${part.shape.join(', ')}]`)
    }
    const { weight_ih: weight, weight_hh: hidden, bias_ih: inputBias, bias_hh: hiddenBias } = this
    const product = linear(x, weight, inputBias)
    const next = step(this.kind, product, state, { input: weight, hidden, inputBias, hiddenBias })
    return single ? next.map(part => part.squeeze(0)) : next
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias ? '' : ', bias=False'}`
  }
}

/**
 * One step of `RNN`: (N, inputSize) and (N, hiddenSize) to (N, hiddenSize). PyTorch: torch.nn.RNNCell.
 * @throws ShapeError when the sizes do not fit
 */
export class RNNCell extends Cell<Tensor, Tensor> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, bias?: boolean | RNNCellOptions, options?: RNNCellOptions) {
    atMost('RNNCell', 4, arguments.length)
    const given = rnnCellOptions.readFirst('RNNCell', bias, options)
    const { nonlinearity = 'tanh' } = given
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu')
      throw new ArgumentError(`RNNCell: nonlinearity: expected 'tanh' or 'relu', got '${shown(nonlinearity)}'`)
    super(nonlinearity, inputSize, hiddenSize, given)
    this.nonlinearity = nonlinearity
  }

  forward(input: Tensor, hx?: Tensor | null | StateOptions<Tensor>): Tensor {
    atMost('forward', 2, arguments.length)
    return this.run(input, stateOf('forward', hx, 1))[0]!
  }

  override extraRepr(): string {
    return `${super.extraRepr()}${this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`}`
  }
}

/** One step of `GRU`. PyTorch: torch.nn.GRUCell. @throws ShapeError when the sizes do not fit */
export class GRUCell extends Cell<Tensor, Tensor> {
  constructor(inputSize: number, hiddenSize: number, bias?: boolean | CellOptions, options?: CellOptions) {
    atMost('GRUCell', 4, arguments.length)
    super('gru', inputSize, hiddenSize, cellOptions.readFirst('GRUCell', bias, options))
  }

  forward(input: Tensor, hx?: Tensor | null | StateOptions<Tensor>): Tensor {
    atMost('forward', 2, arguments.length)
    return this.run(input, stateOf('forward', hx, 1))[0]!
  }
}

/** The state of an LSTM. */
type Pair = readonly [h: Tensor, c: Tensor]

/** One step of `LSTM`; takes and gives h and c. PyTorch: torch.nn.LSTMCell. @throws ShapeError when sizes do not fit */
export class LSTMCell extends Cell<Pair, Pair> {
  constructor(inputSize: number, hiddenSize: number, bias?: boolean | CellOptions, options?: CellOptions) {
    atMost('LSTMCell', 4, arguments.length)
    super('lstm', inputSize, hiddenSize, cellOptions.readFirst('LSTMCell', bias, options))
  }

  forward(input: Tensor, hx?: Pair | null | StateOptions<Pair>): Pair {
    atMost('forward', 2, arguments.length)
    return this.run(input, stateOf('forward', hx, 2)) as unknown as Pair
  }
}
