// Gradients against central differences, for functions of one's own. Differences leave few digits in float32, so the
// inputs should be float64, and away from kinks.
import { AutogradError } from '../errors.ts'
import {
  allclose,
  atMost,
  enableGrad,
  noGrad,
  Options,
  randn,
  refuse,
  stack,
  Tensor,
  zerosLike,
} from '../tensor/index.ts'
import { grad } from './grad.ts'

/** Options of `gradcheck`. */
export interface GradcheckOptions {
  /** How far each element is moved, default 1e-6. */
  eps?: number
  /** Default 1e-5. */
  atol?: number
  /** Default 1e-3. */
  rtol?: number
  /** Throw where gradients differ, the default; or return false. */
  raiseException?: boolean
  /** How much two backward passes may differ, default 0. */
  nondetTol?: number
}

/** Options of `gradgradcheck`. */
export interface GradgradcheckOptions extends GradcheckOptions {
  /** Gradients of the outputs, default random ones. */
  gradOutputs?: Tensor | readonly Tensor[] | null
}

const gradcheckOptions = new Options<GradcheckOptions>({
  eps: true,
  atol: true,
  rtol: true,
  raiseException: true,
  nondetTol: true,
})
const gradgradcheckOptions = new Options<GradgradcheckOptions>({
  gradOutputs: true,
  eps: true,
  atol: true,
  rtol: true,
  raiseException: true,
  nondetTol: true,
})

type Inputs = Tensor | readonly unknown[]
// biome-ignore lint/suspicious/noExplicitAny: the arguments are those of the function at hand
type Func = (...inputs: any[]) => Tensor | readonly Tensor[]

function outputsOf(op: string, func: Func, inputs: readonly unknown[]): Tensor[] {
  if (typeof func !== 'function') refuse(op, 'a function', func)
  const returned = func(...inputs)
  const all: unknown[] = Array.isArray(returned) ? returned : [returned]
  for (const y of all) if (!(y instanceof Tensor)) refuse(op, 'a function that returns tensors', y)
  return all as Tensor[]
}

/** @throws ArgumentError unless they are a tensor or an array */
function listed(op: string, inputs: Inputs): readonly unknown[] {
  if (inputs instanceof Tensor) return [inputs]
  return Array.isArray(inputs) ? inputs : refuse(op, 'a tensor or an array', inputs)
}

function watched(op: string, inputs: readonly unknown[]): Tensor[] {
  const found = inputs.filter(x => x instanceof Tensor && x.requiresGrad) as Tensor[]
  if (found.length === 0) throw new AutogradError(`${op}: at least one input must require a gradient`)
  for (const [i, x] of inputs.entries()) {
    if (!(x instanceof Tensor) || !x.requiresGrad || x.dtype === 'float64') continue
    process.emitWarning(`${op}: input ${i} is ${x.dtype}; differences of anything but float64 are too rough to compare`)
  }
  return found
}

/** Of each output by each input, [elements of the input, elements of the output]: by moving one element at a time. */
function numerical(op: string, func: Func, inputs: readonly unknown[], xs: readonly Tensor[], eps: number): Tensor[][] {
  return xs
    .map(x => {
      const data = x.detach()
      const before = data.clone()
      const rows = Array.from({ length: x.numel() }, (_, i) => {
        const at = (delta: number) => {
          const moved = before.reshape(-1).clone()
          moved.index(i).add_(delta)
          data.copy_(moved.view(...x.shape))
          return outputsOf(op, func, inputs).map(y => y.detach().reshape(-1).clone())
        }
        const high = at(eps)
        const low = at(-eps)
        return high.map((y, k) => y.sub(low[k]!).div(2 * eps))
      })
      data.copy_(before)
      return rows
    })
    .map(rows => (rows[0] ?? []).map((_, k) => stack(rows.map(row => row[k]!))))
}

/** The same of one output, by backward passes. */
function analytical(output: Tensor, xs: readonly Tensor[]): Tensor[] {
  const rows = Array.from({ length: output.numel() }, (_, i) => {
    const seed = zerosLike(output)
    noGrad(() => seed.view(-1).index(i).fill_(1))
    const grads = grad(output, xs, seed, { retainGraph: true, allowUnused: true })
    return grads.map((g, k) => (g ?? zerosLike(xs[k]!)).detach().reshape(-1))
  })
  return xs.map((_, k) =>
    stack(
      rows.map(row => row[k]!),
      1,
    ),
  )
}

/**
 * Whether the gradients of the outputs with respect to the inputs that require one are those of central differences.
 * PyTorch: torch.autograd.gradcheck.
 * @throws AutogradError where they are not, unless `raiseException` is false
 * @example autograd.gradcheck(x => x.sin(), [rand(3, { dtype: 'float64', requiresGrad: true })])
 */
export function gradcheck(func: Func, inputs: Inputs, options?: GradcheckOptions): boolean {
  atMost('gradcheck', 3, arguments.length)
  const given = gradcheckOptions.read('gradcheck', options)
  return checked('gradcheck', func, listed('gradcheck', inputs), given)
}

function checked(op: string, func: Func, inputs: readonly unknown[], options: GradcheckOptions): boolean {
  try {
    compare(op, func, inputs, options)
  } catch (error) {
    if ((options.raiseException ?? true) || !(error instanceof AutogradError)) throw error
    return false
  }
  return true
}

function compare(op: string, func: Func, inputs: readonly unknown[], options: GradcheckOptions): void {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, nondetTol = 0 } = options
  if (typeof func !== 'function') refuse(op, 'a function', func)
  const xs = watched(op, inputs)
  const byDifferences = noGrad(() => numerical(op, (...args) => enableGrad(() => func(...args)), inputs, xs, eps))
  const outputs = enableGrad(() => outputsOf(op, func, inputs))
  for (const [k, y] of outputs.entries()) {
    const gradients = y.requiresGrad ? analytical(y, xs) : xs.map(x => x.newZeros([x.numel(), y.numel()]))
    const again = y.requiresGrad ? analytical(y, xs) : gradients
    for (const i of xs.keys()) {
      const expected = byDifferences[i]![k]
      if (expected === undefined || y.numel() === 0) continue
      const got = gradients[i]!
      if (!allclose(got, expected.to(got.dtype), { rtol, atol })) {
        throw new AutogradError(
          `${op}: the jacobian of output ${k} with respect to input ${i} differs:\nnumerical: ${expected}\nanalytical: ${got}`,
        )
      }
      if (allclose(got, again[i]!, { rtol: 0, atol: nondetTol })) continue
      throw new AutogradError(
        `${op}: two backward passes differ in the jacobian of output ${k} with respect to input ${i}, by more than nondetTol ${nondetTol}`,
      )
    }
  }
}

/**
 * Whether the gradients of the gradients are those of central differences. PyTorch: torch.autograd.gradgradcheck.
 * @throws AutogradError where they are not, unless `raiseException` is false
 * @example autograd.gradgradcheck(x => x.sin(), [rand(3, { dtype: 'float64', requiresGrad: true })])
 */
export function gradgradcheck(
  func: Func,
  inputs: Inputs,
  gradOutputs?: Tensor | readonly Tensor[] | null | GradgradcheckOptions,
  options?: GradgradcheckOptions,
): boolean {
  atMost('gradgradcheck', 4, arguments.length)
  const { gradOutputs: seeds, ...given } = gradgradcheckOptions.readFirst('gradgradcheck', gradOutputs, options)
  const own = listed('gradgradcheck', inputs)
  const weights = seedsFor(func, own, seeds)
  const gradient = (...all: unknown[]) => {
    const outputs = outputsOf('gradgradcheck', func, all.slice(0, own.length)).filter(y => y.requiresGrad)
    const xs = all.slice(0, own.length).filter(x => x instanceof Tensor && x.requiresGrad) as Tensor[]
    const found = grad(outputs, xs, all.slice(own.length) as Tensor[], { createGraph: true, allowUnused: true })
    return found.filter(x => x !== null)
  }
  return checked('gradgradcheck', gradient, [...own, ...weights], given)
}

function seedsFor(
  func: Func,
  inputs: readonly unknown[],
  given: Tensor | readonly Tensor[] | null | undefined,
): Tensor[] {
  if (given != null) return [...listed('gradgradcheck: gradOutputs', given)] as Tensor[]
  const outputs = enableGrad(() => outputsOf('gradgradcheck', func, inputs)).filter(y => y.requiresGrad)
  return outputs.map(y => randn(y.shape, { dtype: y.dtype, device: y.device }).requiresGrad_())
}
