// Derivatives of functions of tensors: jacobians, hessians, and products of them with vectors. They are made of
// gradients as torch.autograd.functional makes them, so options and errors are its own. A function of several tensors
// takes them one by one, and where an array of inputs was given the results are arrays.
import { AutogradError } from '../errors.ts'
import { atMost, enableGrad, Options, refuse, stack, Tensor, zerosLike } from '../tensor/index.ts'
import { grad } from './grad.ts'

/** One tensor or several. */
export type Tensors = Tensor | readonly Tensor[]

type Func<R extends Tensors = Tensors> = (...inputs: Tensor[]) => R

/** Options of `jacobian` and `hessian`. */
export interface DerivativeOptions {
  /** Let the results have gradients themselves. */
  createGraph?: boolean
  /** Fail where an output does not depend on an input, instead of giving zeros. */
  strict?: boolean
}

/** Options of `vjp`, `jvp`, `vhp` and `hvp`. */
export interface ProductOptions extends DerivativeOptions {
  /** The vector, with the shapes of the outputs (vjp) or of the inputs; not needed for one element. */
  v?: Tensors | null
}

const derivativeOptions = new Options<DerivativeOptions>({ createGraph: true, strict: true })
const productOptions = new Options<ProductOptions>({ v: true, createGraph: true, strict: true })

type MaybeTensors = readonly (Tensor | null)[]

function list(op: string, what: string, x: unknown): Tensor[] {
  const all: unknown[] = Array.isArray(x) ? x : [x]
  for (const each of all) if (!(each instanceof Tensor)) refuse(op, `${what}: a tensor or an array of tensors`, each)
  return all as Tensor[]
}

/** One call of a function of this file. */
class Derivation {
  readonly inputs: Tensor[]
  readonly #several: boolean

  constructor(
    readonly op: string,
    inputs: Tensors,
    readonly createGraph = false,
    readonly strict = false,
  ) {
    this.#several = Array.isArray(inputs)
    this.inputs = list(op, 'inputs', inputs).map(x => (createGraph ? x.view(...x.shape) : x.detach().requiresGrad_()))
  }

  /** @throws ArgumentError unless it is a function */
  checkFunction(func: unknown): void {
    if (typeof func !== 'function') refuse(this.op, 'a function', func)
  }

  /** The outputs, as a list. */
  call(func: Func): Tensor[] {
    this.checkFunction(func)
    const outputs = list(this.op, 'the result of the function', func(...this.inputs))
    this.require(outputs, 'output', 'it must be computed from the inputs by ops that have gradients')
    return outputs
  }

  /** The output of a function that gives one number. */
  number(func: Func): Tensor[] {
    const outputs = this.call(func)
    if (outputs.length === 1 && outputs[0]!.numel() === 1) return outputs
    throw new AutogradError(`${this.op}: the function must return a single tensor with a single element`)
  }

  require(xs: MaybeTensors, what: string, advice: string): void {
    const i = this.strict ? xs.findIndex(x => x === null || !x.requiresGrad) : -1
    if (i >= 0) throw new AutogradError(`${this.op}: ${what} ${i} does not require a gradient (strict): ${advice}`)
  }

  /** Gradients, of the outputs that have one. */
  grad(
    outputs: MaybeTensors,
    inputs: readonly Tensor[],
    seeds: MaybeTensors | null,
    graph: boolean,
    retain = graph,
  ): MaybeTensors {
    const used = outputs.flatMap((y, i) => (y?.requiresGrad ? [i] : []))
    if (used.length === 0) return inputs.map(() => null)
    return grad(
      used.map(i => outputs[i]!),
      inputs,
      {
        gradOutputs: seeds === null ? null : used.map(i => seeds[i]!),
        allowUnused: true,
        createGraph: graph,
        retainGraph: retain,
      },
    )
  }

  /** Zeros where there is no gradient, which `strict` refuses. */
  filled(grads: MaybeTensors, like: readonly Tensor[], what: string): Tensor[] {
    const missing = this.strict ? grads.findIndex(x => x === null || (this.createGraph && !x.requiresGrad)) : -1
    if (missing >= 0) throw new AutogradError(`${this.op}: ${what} is independent of input ${missing} (strict)`)
    return grads.map((x, i) => this.done(x ?? zerosLike(like[i]!)))
  }

  /** A result as the caller gets it. */
  done(x: Tensor): Tensor {
    return this.createGraph ? x : x.detach()
  }

  /** An array, if the inputs were one. */
  like<T>(results: readonly T[]): T | T[] {
    return this.#several ? [...results] : results[0]!
  }

  /** The vector of a product, checked against what it is multiplied with. */
  vector(v: Tensors | null | undefined, like: readonly Tensor[], what: string): Tensor[] {
    if (v == null) {
      if (like.length === 1 && like[0]!.numel() === 1) return [zerosLike(like[0]!).add(1)]
      throw new AutogradError(
        `${this.op}: v can be left out only where ${what} is a single tensor with a single element`,
      )
    }
    const all = list(this.op, 'v', v)
    const wrong = like.findIndex((x, i) => all[i]?.shape.join() !== x.shape.join())
    if (all.length === like.length && wrong < 0) return all.map(x => (this.createGraph ? x : x.detach()))
    throw new AutogradError(
      `${this.op}: v must have the shapes of the ${what}: ${like.map(x => `[${x.shape.join(', ')}]`).join(', ')}, ` +
        `got ${all.map(x => `[${x.shape.join(', ')}]`).join(', ')}`,
    )
  }
}

function one(results: readonly Tensor[], several: boolean): Tensors {
  return several ? results : results[0]!
}

/**
 * The derivatives of all elements of the outputs with respect to all of the inputs: for an output of shape [2, 3] and
 * an input of shape [4] a tensor of shape [2, 3, 4]. Arrays of outputs or inputs make arrays, of arrays where both
 * are. PyTorch: torch.autograd.functional.jacobian.
 * @example autograd.functional.jacobian(x => x.exp().sum(1), rand(2, 2))
 */
export function jacobian(func: Func<Tensor>, inputs: Tensor, options?: DerivativeOptions): Tensor
export function jacobian(func: Func<Tensor>, inputs: readonly Tensor[], options?: DerivativeOptions): Tensor[]
export function jacobian(func: Func<readonly Tensor[]>, inputs: Tensor, options?: DerivativeOptions): Tensor[]
export function jacobian(
  func: Func<readonly Tensor[]>,
  inputs: readonly Tensor[],
  options?: DerivativeOptions,
): Tensor[][]
export function jacobian(func: Func, inputs: Tensors, options?: DerivativeOptions): Tensor | Tensor[] | Tensor[][] {
  atMost('jacobian', 3, arguments.length)
  const { createGraph, strict } = derivativeOptions.read('jacobian', options)
  const derivation = new Derivation('jacobian', inputs, createGraph, strict)
  let several = false
  const rows = enableGrad(() => {
    derivation.checkFunction(func)
    const outputs = derivation.call((...xs) => {
      const returned = func(...xs)
      several = Array.isArray(returned)
      return returned
    })
    return outputs.map((y, i) => derivation.like(jacobianOf(derivation, y, i)))
  })
  return several ? (rows as Tensor[] | Tensor[][]) : rows[0]!
}

/** Of one output, with respect to each input. */
function jacobianOf(derivation: Derivation, output: Tensor, index: number): Tensor[] {
  const { inputs } = derivation
  const flat = output.reshape(-1)
  const rows = Array.from({ length: output.numel() }, (_, i) =>
    derivation.filled(
      derivation.grad([flat.index(i)], inputs, null, derivation.createGraph, true),
      inputs,
      `output ${index}`,
    ),
  )
  return inputs.map((x, i) => {
    const shape = [...output.shape, ...x.shape]
    return rows.length === 0 ? zerosLike(x).newZeros(shape) : stack(rows.map(row => row[i]!)).view(...shape)
  })
}

/**
 * The second derivatives of a function that gives one number: of one input of shape [4] a tensor of shape [4, 4]; of an
 * array of inputs an array of arrays. PyTorch: torch.autograd.functional.hessian.
 * @example autograd.functional.hessian(x => x.pow(3).sum(), rand(2, 2))
 */
export function hessian(func: Func<Tensor>, inputs: Tensor, options?: DerivativeOptions): Tensor
export function hessian(func: Func<Tensor>, inputs: readonly Tensor[], options?: DerivativeOptions): Tensor[][]
export function hessian(func: Func<Tensor>, inputs: Tensors, options?: DerivativeOptions): Tensor | Tensor[][] {
  atMost('hessian', 3, arguments.length)
  const given = derivativeOptions.read('hessian', options)
  const strict = given.strict ?? false
  const gradient = (...xs: Tensor[]) => {
    const derivation = new Derivation('hessian', xs, true, strict)
    const outputs = derivation.number(func)
    const first = derivation.filled(derivation.grad(outputs, derivation.inputs, null, true), xs, 'the output')
    derivation.require(first, 'the jacobian for input', 'the function has no second derivative there')
    return first
  }
  const all = list('hessian', 'inputs', inputs)
  const rows = jacobian(gradient as Func<readonly Tensor[]>, all, given)
  return Array.isArray(inputs) ? rows : rows[0]![0]!
}

type Product<T extends Tensors> = [output: T, product: Tensors]

/**
 * The output, and the product of the vector v, as the outputs are, with the jacobian: as the inputs are. PyTorch:
 * torch.autograd.functional.vjp.
 * @example const [y, product] = autograd.functional.vjp(x => x.exp().sum(1), rand(2, 2), ones(2))
 */
export function vjp(
  func: Func,
  inputs: Tensor,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensors, Tensor]
export function vjp(
  func: Func,
  inputs: readonly Tensor[],
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensors, Tensor[]]
export function vjp(
  func: Func,
  inputs: Tensors,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): Product<Tensors> {
  atMost('vjp', 4, arguments.length)
  const given = productOptions.readFirst('vjp', v, options)
  const derivation = new Derivation('vjp', inputs, given.createGraph, given.strict)
  return enableGrad(() => {
    const [outputs, several] = called(derivation, func)
    const seeds = derivation.vector(given.v, outputs, 'outputs')
    const grads = derivation.grad(outputs, derivation.inputs, seeds, derivation.createGraph)
    const product = derivation.filled(grads, derivation.inputs, 'the output')
    return [
      one(
        outputs.map(y => derivation.done(y)),
        several,
      ),
      derivation.like(product),
    ]
  })
}

function called(derivation: Derivation, func: Func): [outputs: Tensor[], several: boolean] {
  let several = false
  derivation.checkFunction(func)
  const outputs = derivation.call((...xs) => {
    const returned = func(...xs)
    several = Array.isArray(returned)
    return returned
  })
  return [outputs, several]
}

/**
 * The output, and the product of the jacobian with the vector v, as the inputs are: as the outputs are. PyTorch:
 * torch.autograd.functional.jvp.
 * @example const [y, product] = autograd.functional.jvp(x => x.exp().sum(1), rand(2, 2), ones(2, 2))
 */
export function jvp(
  func: Func<Tensor>,
  inputs: Tensors,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensor, Tensor]
export function jvp(
  func: Func<readonly Tensor[]>,
  inputs: Tensors,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensor[], Tensor[]]
export function jvp(
  func: Func,
  inputs: Tensors,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): Product<Tensors> {
  atMost('jvp', 4, arguments.length)
  const given = productOptions.readFirst('jvp', v, options)
  const derivation = new Derivation('jvp', inputs, given.createGraph, given.strict)
  const vector = derivation.vector(given.v, derivation.inputs, 'inputs')
  return enableGrad(() => {
    const [outputs, several] = called(derivation, func)
    // The gradient is linear in its seeds, so its own gradient, with respect to them, is the product.
    const seeds = outputs.map(y => zerosLike(y).requiresGrad_())
    const back = derivation.grad(outputs, derivation.inputs, seeds, true)
    derivation.require(back, 'the gradient for input', 'the output does not depend on it')
    const product = derivation.filled(
      derivation.grad(back, seeds, vector, derivation.createGraph),
      outputs,
      'the product',
    )
    return [
      one(
        outputs.map(y => derivation.done(y)),
        several,
      ),
      one(product, several),
    ]
  })
}

/**
 * The output of a function that gives one number, and the product of v with its hessian. PyTorch:
 * torch.autograd.functional.vhp.
 * @example const [y, product] = autograd.functional.vhp(x => x.pow(3).sum(), rand(2), ones(2))
 */
export function vhp(
  func: Func<Tensor>,
  inputs: Tensor,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensor, Tensor]
export function vhp(
  func: Func<Tensor>,
  inputs: readonly Tensor[],
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensor, Tensor[]]
export function vhp(
  func: Func<Tensor>,
  inputs: Tensors,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): Product<Tensor> {
  atMost('vhp', 4, arguments.length)
  const given = productOptions.readFirst('vhp', v, options)
  const derivation = new Derivation('vhp', inputs, given.createGraph, given.strict)
  const vector = derivation.vector(given.v, derivation.inputs, 'inputs')
  return enableGrad(() => {
    const outputs = derivation.number(func)
    const first = derivation.grad(outputs, derivation.inputs, null, true)
    derivation.require(first, 'the jacobian for input', 'the function has no second derivative there')
    const second = derivation.grad(first, derivation.inputs, vector, derivation.createGraph)
    return [derivation.done(outputs[0]!), derivation.like(derivation.filled(second, derivation.inputs, 'the jacobian'))]
  })
}

/**
 * The output of a function that gives one number, and the product of its hessian with v; `vhp` gives the same for what
 * has continuous second derivatives, and is faster. PyTorch: torch.autograd.functional.hvp.
 * @example const [y, product] = autograd.functional.hvp(x => x.pow(3).sum(), rand(2), ones(2))
 */
export function hvp(
  func: Func<Tensor>,
  inputs: Tensor,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensor, Tensor]
export function hvp(
  func: Func<Tensor>,
  inputs: readonly Tensor[],
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): [Tensor, Tensor[]]
export function hvp(
  func: Func<Tensor>,
  inputs: Tensors,
  v?: Tensors | null | ProductOptions,
  options?: ProductOptions,
): Product<Tensor> {
  atMost('hvp', 4, arguments.length)
  const given = productOptions.readFirst('hvp', v, options)
  const derivation = new Derivation('hvp', inputs, given.createGraph, given.strict)
  const vector = derivation.vector(given.v, derivation.inputs, 'inputs')
  return enableGrad(() => {
    const { inputs: xs } = derivation
    const outputs = derivation.number(func)
    const first = derivation.grad(outputs, xs, null, true)
    derivation.require(first, 'the jacobian for input', 'the function has no second derivative there')
    const seeds = xs.map(x => zerosLike(x).requiresGrad_())
    const back = derivation.grad(first, xs, seeds, true)
    derivation.require(back, 'the gradient for input', 'the jacobian does not depend on it')
    const product = derivation.grad(back, seeds, vector, derivation.createGraph)
    return [derivation.done(outputs[0]!), derivation.like(derivation.filled(product, xs, 'the product'))]
  })
}
