// Gradients made shorter: all by one factor, so that together they have at most a given length, or each element by
// itself. Nothing here waits for a device, but for the question whether a norm is finite.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, noGrad, Options, refuse, stack, Tensor, tensor, tidy } from '../../tensor/index.ts'

/** Options of `getTotalNorm` and `clipGradNorm_`. */
export interface TotalNormOptions {
  /** Default 2; `Infinity` is that of the largest absolute value. */
  normType?: number
  /** Throw when the norm is infinite or NaN, default false. */
  errorIfNonfinite?: boolean
}

const normOptions = new Options<TotalNormOptions>({ normType: true, errorIfNonfinite: true })

function listOf(op: string, given: Tensor | Iterable<Tensor>): Tensor[] {
  if (typeof given?.[Symbol.iterator as never] !== 'function' || ArrayBuffer.isView(given)) refuse(op, 'tensors', given)
  const all = given instanceof Tensor ? [given] : [...given]
  for (const one of all) if (!(one instanceof Tensor)) refuse(op, 'tensors', one)
  return all
}

function gradientsOf(op: string, parameters: Tensor | Iterable<Tensor>): Tensor[] {
  return listOf(op, parameters)
    .map(parameter => parameter.grad)
    .filter(grad => grad !== null)
    .map(grad => grad.detach())
}

function numberOf(what: string, value: number): number {
  return typeof value === 'number' ? value : refuse(what, 'a number', value)
}

/**
 * The norm of all tensors as if they were one vector. PyTorch: torch.nn.utils.get_total_norm.
 * @throws ArgumentError with `errorIfNonfinite`, when it is infinite or NaN
 */
export function getTotalNorm(
  tensors: Tensor | Iterable<Tensor>,
  normType?: number | TotalNormOptions,
  options?: TotalNormOptions,
): Tensor {
  atMost('getTotalNorm', 3, arguments.length)
  return totalNorm(
    'getTotalNorm',
    listOf('getTotalNorm', tensors),
    normOptions.readFirst('getTotalNorm', normType, options),
  )
}

function totalNorm(op: string, all: readonly Tensor[], given: TotalNormOptions): Tensor {
  const p = numberOf(`${op}: normType`, given.normType ?? 2)
  const refuses = flag(`${op}: errorIfNonfinite`, given.errorIfNonfinite ?? false)
  const [first] = all
  if (first === undefined) return tensor(0)
  const total = noGrad(() => tidy(() => stack(all.map(x => x.norm(p).to(first.device))).norm(p)))
  if (refuses && !Number.isFinite(total.item())) {
    throw new ArgumentError(
      `${op}: The total norm of order ${p} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable ` +
        'this error and scale the gradients by the non-finite norm anyway, set `errorIfNonfinite=false`',
    )
  }
  return total
}

/**
 * Multiplies the gradients so that they have at most the length `maxNorm`, in place, given the one that they have.
 * PyTorch: torch.nn.utils.clip_grads_with_norm_.
 */
export function clipGradsWithNorm_(parameters: Tensor | Iterable<Tensor>, maxNorm: number, totalNorm: Tensor): void {
  atMost('clipGradsWithNorm_', 3, arguments.length)
  shorten('clipGradsWithNorm_', gradientsOf('clipGradsWithNorm_', parameters), maxNorm, totalNorm)
}

function shorten(op: string, grads: readonly Tensor[], maxNorm: number, total: Tensor): void {
  const most = numberOf(`${op}: maxNorm`, maxNorm)
  if (!(total instanceof Tensor)) refuse(`${op}: totalNorm`, 'a tensor', total)
  noGrad(() =>
    tidy(() => {
      const factor = total.add(1e-6).reciprocal().mul(most).clamp({ max: 1 })
      for (const grad of grads) grad.mul_(factor.to(grad.device))
    }),
  )
}

/**
 * Multiplies the gradients of all parameters so that together they have at most the length `maxNorm`, in place; gives
 * the length that they had. PyTorch: torch.nn.utils.clip_grad_norm_.
 * @throws ArgumentError with `errorIfNonfinite`, when that is infinite or NaN
 * @example
 * loss.backward()
 * nn.utils.clipGradNorm_(model.parameters(), 1)
 * optimizer.step()
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  normType?: number | TotalNormOptions,
  options?: TotalNormOptions,
): Tensor {
  atMost('clipGradNorm_', 4, arguments.length)
  const grads = gradientsOf('clipGradNorm_', parameters)
  const total = totalNorm('clipGradNorm_', grads, normOptions.readFirst('clipGradNorm_', normType, options))
  shorten('clipGradNorm_', grads, maxNorm, total)
  return total
}

/**
 * Limits each element of the gradients to [-clipValue, clipValue], in place. PyTorch:
 * torch.nn.utils.clip_grad_value_.
 * @example nn.utils.clipGradValue_(model.parameters(), 0.5)
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  atMost('clipGradValue_', 2, arguments.length)
  const most = numberOf('clipGradValue_: clipValue', clipValue)
  noGrad(() => {
    for (const grad of gradientsOf('clipGradValue_', parameters)) grad.clamp_(-most, { max: most })
  })
}
