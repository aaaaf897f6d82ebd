// Functions with a backward of their own. What surprises: the outputs that `apply` returns are other tensors than those
// that `forward` made, with the same elements: only they belong to the graph, so a context that holds what `forward`
// made holds no graph, and nothing is kept alive in a circle.
import { AutogradError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import {
  atMost,
  type Device,
  type DType,
  isFloatingPoint,
  isGradEnabled,
  noGrad,
  optional,
  runNow,
  Tensor,
  wrap,
  zeros,
} from '../tensor/index.ts'

/** What a context was told in `forward`. */
interface Told {
  saved: readonly (Tensor | null)[]
  changed: ReadonlySet<unknown>
  constant: ReadonlySet<unknown>
  materialize: boolean
}

/** The contexts whose backward is running, the innermost last. */
const running: FunctionCtx[] = []

let told: (ctx: FunctionCtx) => Told

/**
 * What `forward` and `backward` of a Function share: properties of one's own, and tensors by `saveForBackward`.
 * PyTorch: torch.autograd.function.FunctionCtx.
 */
export class FunctionCtx {
  // biome-ignore lint/suspicious/noExplicitAny: what a function keeps here for its backward is its own business
  [name: string]: any

  /** Of each argument of `forward`, whether it needs a gradient. */
  needsInputGrad: readonly boolean[] = []
  readonly #told: Told = { saved: [], changed: new Set(), constant: new Set(), materialize: true }

  static {
    told = ctx => ctx.#told
  }

  /**
   * Keeps tensors for `backward`, which finds them in `savedTensors`; null stands for none. Arguments and outputs, and
   * others.
   */
  saveForBackward(...tensors: (Tensor | null)[]): void {
    this.#told.saved = tensors
  }

  /**
   * What `saveForBackward` was given.
   * @throws AutogradError when one has been changed in place since, and outside of `backward`
   */
  get savedTensors(): readonly Tensor[] {
    if (running.at(-1) !== this) {
      throw new AutogradError('savedTensors: they are there while the backward of the function runs, and only then')
    }
    return native.savedOfFunction().map(x => (x === null ? (x as never) : wrap(x)))
  }

  /** Says which arguments `forward` has changed in place; it returns them. */
  markDirty(...tensors: Tensor[]): void {
    this.#told.changed = new Set(tensors)
  }

  /** Says which outputs have no gradient. Those of integers have none anyway. */
  markNonDifferentiable(...tensors: Tensor[]): void {
    this.#told.constant = new Set(tensors)
  }

  /** Whether `backward` gets zeros, the default, or null for outputs that were not used. */
  setMaterializeGrads(value: boolean): void {
    this.#told.materialize = value
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments are those of the class at hand
type Arguments = any

/** A class that extends Function, as `apply` sees it. */
export interface FunctionClass {
  readonly name: string
  forward(...args: Arguments): unknown
  backward(ctx: FunctionCtx, ...gradOutputs: Arguments): unknown
  setupContext?(ctx: FunctionCtx, inputs: Arguments, output: Arguments): void
}

/** The arguments of `forward`, without the context that it has where there is no `setupContext`. */
export type FunctionInputs<F extends FunctionClass> = F extends { setupContext: unknown }
  ? Parameters<F['forward']>
  : Parameters<F['forward']> extends [unknown, ...infer Inputs]
    ? Inputs
    : never

/** An output as `backward` knows it: a tensor, or null for anything else. */
type Output = { shape: readonly number[]; dtype: DType; device: Device } | null

/**
 * A function with a backward of its own: extend it with static `forward` and `backward`, and call `apply`. `forward`
 * runs without recording; it gets a context and the arguments, or with a static `setupContext(ctx, inputs, output)`
 * the arguments alone. `backward` gets the context and the gradient of each output, and returns that of each argument,
 * null for none. It may call ops and other functions, so that with `createGraph` it has a gradient too. PyTorch:
 * torch.autograd.Function.
 * @example
 * class Exp extends autograd.Function {
 *   static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
 *     const y = x.exp()
 *     ctx.saveForBackward(y)
 *     return y
 *   }
 *   static backward(ctx: autograd.FunctionCtx, dy: Tensor): Tensor {
 *     const [y] = ctx.savedTensors
 *     return dy.mul(y!)
 *   }
 * }
 * Exp.apply(w).sum().backward()
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: PyTorch's name
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's way to say what belongs together
export abstract class Function {
  /** Calls `forward`, and records `backward` where an argument requires a gradient. */
  static apply<F extends FunctionClass>(this: F, ...inputs: FunctionInputs<F>): ReturnType<F['forward']> {
    // biome-ignore lint/complexity/noThisInStatic: it is the class that extends this one
    return applied(this, inputs) as ReturnType<F['forward']>
  }
}

function applied(cls: FunctionClass, inputs: readonly unknown[]): unknown {
  const ctx = new FunctionCtx()
  ctx.needsInputGrad = Object.freeze(inputs.map(x => x instanceof Tensor && x.requiresGrad))
  const output = noGrad(() => runNow(`${cls.name}.forward`, () => called(cls, ctx, inputs)))
  return isGradEnabled() && ctx.needsInputGrad.includes(true) ? record(cls, ctx, inputs, output) : output
}

function called(cls: FunctionClass, ctx: FunctionCtx, inputs: readonly unknown[]): unknown {
  if (cls.setupContext === undefined) return cls.forward(ctx, ...inputs)
  const output = cls.forward(...inputs)
  cls.setupContext(ctx, inputs, output)
  return output
}

/** The output as it leaves the function. */
function record(cls: FunctionClass, ctx: FunctionCtx, inputs: readonly unknown[], output: unknown): unknown {
  const outputs: readonly unknown[] = Array.isArray(output) ? output : [output]
  const made = outputs.filter(y => y instanceof Tensor)
  const { saved, changed, constant } = told(ctx)
  for (const x of changed) {
    if (made.includes(x as Tensor) && inputs.includes(x)) continue
    throw new AutogradError(`${cls.name}: what markDirty() was given must be an argument, and be returned`)
  }
  const known = outputs.map(
    (y): Output => (y instanceof Tensor ? { shape: y.shape, dtype: y.dtype, device: y.device } : null),
  )
  const results = native.recordFunction(
    `${cls.name}Backward`,
    backwardOf(cls, ctx, known, inputs.length),
    inputs.map(x => (x instanceof Tensor ? x.handle : null)),
    made.map(y => y.handle),
    made.map(y => isFloatingPoint(y.dtype) && !constant.has(y)),
    made.map(y => changed.has(y)),
    saved.map(x => optional('saveForBackward', x)),
  )
  told(ctx).saved = [] // the graph has them now
  let next = 0
  const result = outputs.map(y => {
    if (!(y instanceof Tensor)) return y
    const handle = results[next++]!
    return changed.has(y) ? y : wrap(handle)
  })
  return Array.isArray(output) ? result : result[0]
}

/** Apart from `record`, so that what the graph calls does not close over tensors. */
function backwardOf(cls: FunctionClass, ctx: FunctionCtx, outputs: readonly Output[], count: number) {
  const name = `${cls.name}.backward`
  const gradOf = (output: Output, given: Handle | null) => {
    if (given !== null) return wrap(given)
    return output !== null && told(ctx).materialize
      ? zeros(output.shape, { dtype: output.dtype, device: output.device })
      : null
  }
  return (grads: readonly (Handle | null)[]): (Handle | null)[] => {
    let next = 0
    const given = outputs.map(output => gradOf(output, output === null ? null : grads[next++]!))
    running.push(ctx)
    try {
      const returned = runNow(name, () => cls.backward(ctx, ...given))
      const list: (Tensor | null | undefined)[] = Array.isArray(returned) ? [...returned] : [returned]
      while (list.length > count && list.at(-1) == null) list.pop()
      return list.map(x => optional(name, x))
    } finally {
      running.pop()
    }
  }
}

class Once extends Function {
  static forward(_: FunctionCtx, ...grads: Tensor[]): Tensor[] {
    return grads
  }
  static backward(): never {
    throw new AutogradError('onceDifferentiable: this backward has no gradient of its own')
  }
}

/**
 * Wraps a `backward` that has no gradient of its own: it runs without recording, and a second derivative through it is
 * an error. PyTorch: torch.autograd.function.once_differentiable.
 * @example
 * class Square extends autograd.Function {
 *   static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
 *     ctx.saveForBackward(x)
 *     return x.square()
 *   }
 *   static backward = autograd.onceDifferentiable((ctx: autograd.FunctionCtx, dy: Tensor) => {
 *     const [x] = ctx.savedTensors
 *     return dy.mul(x!).mul(2)
 *   })
 * }
 */
export function onceDifferentiable<A extends unknown[], R>(
  backward: (ctx: FunctionCtx, ...grads: A) => R,
): (ctx: FunctionCtx, ...grads: A) => R {
  atMost('onceDifferentiable', 1, arguments.length)
  return (ctx, ...grads) => {
    const returned = noGrad(() => backward(ctx, ...grads))
    if (!isGradEnabled() || !grads.some(x => x instanceof Tensor && x.requiresGrad)) return returned
    const guarded = (x: unknown) =>
      x instanceof Tensor && isFloatingPoint(x.dtype) ? Once.apply(x.detach().requiresGrad_())[0] : x
    return (Array.isArray(returned) ? returned.map(guarded) : guarded(returned)) as R
  }
}
