// class Tensor: a handle on a native tensor, its properties, and autograd. The ops are free functions in ops/, and the
// methods of the same names are put on the prototype by methods.ts; their types come from the interface below.
// `shape` and `dtype` are read from the native core once, which is safe because ops that change the shape in place say
// so (`reshaped`), and no program can: what is handed out is frozen, as a tuple is in Python.
import { inspect } from 'node:util'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { explained } from './anomaly.ts'
import { dimOf, flag, handlesOf, optional } from './args.ts'
import type { Device } from './device.ts'
import { type DType, dtypes, type TypedArray, typedArray } from './dtype.ts'
import { valuesOf } from './half.ts'
import { addHook, callTensorHook, type RemovableHandle, type TensorHook } from './hooks.ts'
import type { TensorMethods } from './methods.ts'
import { Node } from './node.ts'
import { Options } from './options.ts'
import { format } from './print.ts'
import { atMost } from './refuse.ts'
import { own } from './scope.ts'

/** Elements as JavaScript values, nested like the tensor: numbers, or booleans for dtype bool. */
export type NestedArray = number | boolean | NestedArray[]

/** Options of `Tensor.backward`. */
export interface BackwardOptions {
  /** Gradient with respect to this tensor; needed unless it has one element. */
  gradient?: Tensor | null
  /** Keep the graph for another backward pass (default: the value of `createGraph`). */
  retainGraph?: boolean
  /** Record the backward pass too, for second derivatives. */
  createGraph?: boolean
  /** The tensors whose `grad` takes its gradient, default all leaves. */
  inputs?: Tensor | readonly Tensor[]
}

const backwardOptions = new Options<BackwardOptions>({
  gradient: true,
  retainGraph: true,
  createGraph: true,
  inputs: true,
})

/** Options of `requiresGrad_`. */
export interface RequiresGradOptions {
  /** Default true. */
  requiresGrad?: boolean
}

const requiresGradOptions = new Options<RequiresGradOptions>({ requiresGrad: true })

/** An odd number of 32 bits, which takes serials far apart. */
const mixing = 0x9e3779b1

let made = 0

/** A number of 32 bits, which V8 keeps in the field itself; it repeats after four billion tensors. */
function nextSerial(): number {
  made = (made + 1) | 0
  return made
}

export interface Tensor extends TensorMethods {}

/**
 * A multi-dimensional array of one dtype that can record how it was computed. Made by `tensor`, `zeros`, `randn`, … and
 * by ops, never by `new`. In a condition it is true, whatever its elements are, as every object is. PyTorch:
 * torch.Tensor.
 * @example const x = tensor([[1, 2], [3, 4]], { requiresGrad: true })
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: methods.ts puts these methods on the prototype
export class Tensor {
  /** The native tensor. @internal */
  handle: Handle
  /** Deep equality compares fields, and takes all handles for equal: this one makes tensors differ. @internal */
  readonly serial: number
  #shape: readonly number[] | undefined
  #dtype: DType | undefined

  /** @internal */
  constructor(handle: Handle, serial = nextSerial()) {
    this.handle = handle
    this.serial = serial
  }

  /** Sizes of the dimensions. */
  get shape(): readonly number[] {
    this.#shape ??= Object.freeze(native.sizes(this.handle))
    return this.#shape
  }

  /** Type of the elements. */
  get dtype(): DType {
    this.#dtype ??= dtypes[native.dtype(this.handle)]!
    return this.#dtype
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length
  }

  /** Number of dimensions, as a method. */
  dim(): number {
    return this.shape.length
  }

  /** Number of elements. */
  numel(): number {
    return this.shape.reduce((product, size) => product * size, 1)
  }

  /** All sizes, or that of one dimension. @throws IndexError when there is no such dimension */
  size(): readonly number[]
  size(dim: number): number
  size(dim?: number): number | readonly number[] {
    atMost('size', 1, arguments.length)
    return dim === undefined ? this.shape : this.shape[dimOf('size', dim, this.ndim)]!
  }

  /** The dimensions in reverse order, without a copy: of a matrix the transpose. PyTorch: torch.Tensor.T. */
  get T(): Tensor {
    return wrap(native.permute(this.handle, [...this.shape.keys()].reverse()))
  }

  /** Each matrix (…, n, m) transposed, without a copy. PyTorch: torch.Tensor.mT. @throws ShapeError for vectors */
  get mT(): Tensor {
    if (this.ndim < 2) throw new ShapeError(`mT: expected at least 2 dimensions, got [${this.shape.join(', ')}]`)
    return wrap(native.transpose(this.handle, -2, -1))
  }

  /** `mT`, of which complex numbers would be conjugate. PyTorch: torch.Tensor.mH. */
  get mH(): Tensor {
    return this.mT
  }

  /** Elements to skip in the storage from one index to the next, for each dimension. */
  stride(): readonly number[] {
    return Object.freeze(native.strides(this.handle))
  }

  /** Where the elements are: `'cpu'` or `'cuda:N'`. */
  get device(): Device {
    return native.device(this.handle) as Device
  }

  /** Whether the elements are on a CUDA device. */
  get isCuda(): boolean {
    return this.device !== 'cpu'
  }

  /** Whether the elements lie densely in row-major order. */
  isContiguous(): boolean {
    return native.isContiguous(this.handle)
  }

  /** Whether ops on this tensor are recorded for `backward`. */
  get requiresGrad(): boolean {
    return native.requiresGrad(this.handle)
  }
  set requiresGrad(on: boolean) {
    native.setRequiresGrad(this.handle, on)
  }

  /** Sets `requiresGrad` and returns this tensor. */
  requiresGrad_(requiresGrad?: boolean | RequiresGradOptions): this {
    atMost('requiresGrad_', 1, arguments.length)
    const { requiresGrad: on = true } = requiresGradOptions.readFirst('requiresGrad_', requiresGrad)
    native.setRequiresGrad(this.handle, flag('requiresGrad_', on))
    return this
  }

  /** The gradient that `backward` accumulated, or null. */
  get grad(): Tensor | null {
    const grad = native.grad(this.handle)
    return grad === null ? null : new Tensor(grad)
  }
  set grad(grad: Tensor | null) {
    native.setGrad(this.handle, optional('grad', grad))
  }

  /** Keeps the gradient of a tensor that is not a leaf. */
  retainGrad(): void {
    native.retainGrad(this.handle)
  }

  /** Whether `retainGrad` has been called on this tensor, which is not a leaf. */
  get retainsGrad(): boolean {
    return native.retainsGrad(this.handle)
  }

  /**
   * Calls `hook` with the gradient of this tensor whenever `backward` or `grad` has computed it; a tensor that it
   * returns takes its place. PyTorch: torch.Tensor.register_hook.
   * @throws AutogradError when the tensor does not require a gradient
   * @example const handle = layer.weight.registerHook(g => g.clamp({ min: -1, max: 1 }))
   */
  registerHook(hook: TensorHook): RemovableHandle {
    const { handle } = this
    return addHook(this, f => native.registerHook(handle, f), callTensorHook('registerHook', hook))
  }

  /**
   * Calls `hook` with this leaf whenever its gradient has been added to `grad`, which the hook may read, change or
   * drop.
   * PyTorch: torch.Tensor.register_post_accumulate_grad_hook.
   * @throws AutogradError unless this is a leaf that requires a gradient
   * @example
   * const handle = layer.weight.registerPostAccumulateGradHook(w => {
   *   noGrad(() => w.sub_(w.grad!.mul(0.1)))
   *   w.grad = null
   * })
   */
  registerPostAccumulateGradHook(hook: (param: Tensor) => void): RemovableHandle {
    const { handle } = this
    const call = callTensorHook('registerPostAccumulateGradHook', param => hook(param))
    return addHook(this, f => native.registerPostAccumulateGradHook(handle, f), call)
  }

  /** Whether it was made in `inferenceMode`. PyTorch: torch.Tensor.is_inference. */
  isInference(): boolean {
    return native.isInference(this.handle)
  }

  /** Whether `backward` ends here: made by the user, or needing no gradient. */
  get isLeaf(): boolean {
    return native.isLeaf(this.handle)
  }

  /** The graph node that made this tensor, or null for a leaf. */
  get gradFn(): Node | null {
    const node = native.gradFn(this.handle)
    return node === null ? null : new Node(node)
  }

  /** The same data without its history. */
  detach(): Tensor {
    return wrap(native.detach(this.handle))
  }

  /** The same data without its history, as in `f.data.sub_(…)`. */
  get data(): Tensor {
    return wrap(native.detach(this.handle))
  }

  /**
   * Adds the gradient of this tensor to `grad` of every leaf it was computed from. PyTorch: torch.Tensor.backward.
   * @throws AutogradError without a graph, when the graph is freed, or for more than one element without `gradient`
   * @example criterion(model(x), y).backward()
   */
  backward(gradient?: Tensor | null | BackwardOptions, options?: BackwardOptions): void {
    atMost('backward', 2, arguments.length)
    const given = backwardOptions.readFirst('backward', gradient, options)
    const createGraph = flag('backward: createGraph', given.createGraph ?? false)
    const retainGraph = flag('backward: retainGraph', given.retainGraph ?? createGraph)
    const seed = optional('backward', given.gradient)
    const { inputs = [] } = given
    const into = handlesOf('backward', inputs instanceof Tensor ? [inputs] : inputs)
    try {
      native.backward([this.handle], [seed], retainGraph, createGraph, into)
    } catch (error) {
      throw explained(error)
    }
  }

  /**
   * The only element as a number; a bool is 0 or 1.
   * @throws ShapeError for more than one element, ArgumentError for an integer that no number can hold
   */
  item(): number {
    return exactNumber(native.item(this.handle))
  }

  /**
   * A copy of the elements in row-major order: Float32Array, Float64Array, BigInt64Array (int64), Int32Array,
   * Int16Array, Int8Array, Uint8Array (also bool), or the bits of float16 and bfloat16 in a Uint16Array, which
   * `float16.toFloat32` and `bfloat16.toFloat32` make numbers of.
   */
  toTypedArray(): TypedArray {
    const array = typedArray(this.dtype, this.numel())
    native.toData(this.handle, array)
    return array
  }

  /** A copy of the elements as nested arrays, or a single value for no dimensions. */
  toArray(): NestedArray {
    const flat = valuesOf(this.toTypedArray(), this.dtype)
    const bool = this.dtype === 'bool'
    let next = 0
    const level = (dim: number): NestedArray => {
      if (dim < this.ndim) return Array.from({ length: this.shape[dim]! }, () => level(dim + 1))
      const value = exactNumber(flat[next++]!)
      return bool ? value !== 0 : value
    }
    return level(0)
  }

  /** The same as `toArray`, by PyTorch's name. PyTorch: torch.Tensor.tolist. */
  tolist(): NestedArray {
    return this.toArray()
  }

  /**
   * The views along the first dimension; none without dimensions, where PyTorch throws. Test runners iterate what they
   * compare, down to the elements: so that a tensor equals itself, its rows have the same serials every time.
   * @example for (const row of x) console.log(row)
   */
  *[Symbol.iterator](): IterableIterator<Tensor> {
    if (this.ndim === 0) return
    const rows = native
      .unbind(this.handle, 0)
      .map((row, i) => new Tensor(row, (Math.imul(this.serial, mixing) + i) | 0))
    rows.forEach(own)
    yield* rows
  }

  /** Frees the tensor now instead of when it is collected; using it afterwards throws DisposedError. */
  dispose(): void {
    native.dispose(this.handle)
  }

  [Symbol.dispose](): void {
    native.dispose(this.handle)
  }

  /** Puts other data, and so another dtype or device, under this tensor; its gradient is dropped. @internal */
  replaceData(data: Tensor): void {
    if (native.isReduced(this.handle)) {
      throw new ArgumentError(
        'to: a DataParallel or DistributedDataParallel wrapper holds these parameters; convert the module before wrapping it',
      )
    }
    const { requiresGrad, handle } = this
    this.handle = native.detach(data.handle)
    this.#shape = undefined
    this.#dtype = undefined
    if (requiresGrad) native.setRequiresGrad(this.handle, true)
    native.moveHooks(handle, this.handle)
  }

  /** This tensor, after the native core has given it another shape. @internal */
  reshaped(): this {
    this.#shape = undefined
    return this
  }

  /** The text PyTorch prints. */
  toString(): string {
    return format(this)
  }

  [inspect.custom](): string {
    return this.toString()
  }

  /** @throws ArgumentError always: JSON.stringify would otherwise write an empty object */
  toJSON(): never {
    throw new ArgumentError(
      'JSON.stringify: a tensor has no JSON form; give it x.toArray(), nested arrays of numbers, and x.dtype if that matters',
    )
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new ArgumentError('JavaScript operators do not work on tensors: use a.add(b), a.lt(b), … or a.item()')
  }
}

function exactNumber(value: number | bigint): number {
  if (typeof value === 'number') return value
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new ArgumentError(`the integer ${value} does not fit in a number; read it with toTypedArray()`)
}

/** Makes a Tensor of a native one and hands it to the open `tidy` scope. @internal */
export function wrap(handle: Handle): Tensor {
  const x = new Tensor(handle)
  own(x)
  return x
}
