// Switches recording on and off, for the length of a synchronous function or for good. The switches are one per thread,
// so holding one across an `await` would leak into unrelated code: promises are refused.
import { native } from '../native/load.ts'
import { flag, runNow } from './args.ts'
import { Options } from './options.ts'
import { atMost } from './refuse.ts'

function withGrad<T>(name: string, on: boolean, fn: () => T): T {
  const before = native.setGradEnabled(on)
  try {
    return runNow(name, fn)
  } finally {
    native.setGradEnabled(before)
  }
}

/**
 * Runs `fn` without recording. PyTorch: torch.no_grad.
 * @throws ArgumentError when `fn` returns a promise
 * @example noGrad(() => w.sub_(w.grad!.mul(lr)))
 */
export function noGrad<T>(fn: () => T): T {
  atMost('noGrad', 1, arguments.length)
  return withGrad('noGrad', false, fn)
}

/**
 * Runs `fn` with recording on, inside `noGrad` too. PyTorch: torch.enable_grad.
 * @throws ArgumentError when `fn` returns a promise
 */
export function enableGrad<T>(fn: () => T): T {
  atMost('enableGrad', 1, arguments.length)
  return withGrad('enableGrad', true, fn)
}

/**
 * Switches recording on or off: for `fn`, or without one until it is called again. PyTorch: torch.set_grad_enabled.
 * @throws ArgumentError when `fn` returns a promise
 * @example const y = setGradEnabled(false, () => w.mul(2))
 */
export function setGradEnabled(mode: boolean): void
export function setGradEnabled<T>(mode: boolean, fn: () => T): T
export function setGradEnabled<T>(mode: boolean, fn?: () => T): T | undefined {
  atMost('setGradEnabled', 2, arguments.length)
  const on = flag('setGradEnabled: mode', mode)
  if (fn !== undefined) return withGrad('setGradEnabled', on, fn)
  native.setGradEnabled(on)
  return undefined
}

/** Whether ops are being recorded. PyTorch: torch.is_grad_enabled. */
export function isGradEnabled(): boolean {
  atMost('isGradEnabled', 0, arguments.length)
  return native.gradEnabled()
}

/** Options of `inferenceMode`. */
export interface InferenceModeOptions {
  /** Default true; false leaves inference mode inside it. */
  mode?: boolean
}

const inferenceModeOptions = new Options<InferenceModeOptions>({ mode: true })

/**
 * Runs `fn` as `noGrad` does, and what it makes stays out of graphs for good: such a tensor cannot be saved for
 * backward, require a gradient, or be changed in place outside. PyTorch: torch.inference_mode.
 * @throws ArgumentError when `fn` returns a promise
 * @example const scores = inferenceMode(() => model(x))
 */
export function inferenceMode<T>(fn: () => T, options?: InferenceModeOptions): T {
  atMost('inferenceMode', 2, arguments.length)
  const on = flag('inferenceMode: mode', inferenceModeOptions.read('inferenceMode', options).mode ?? true)
  const before = native.setInference(on)
  try {
    return withGrad('inferenceMode', !on, fn)
  } finally {
    native.setInference(before)
  }
}

/** Whether what is made now stays out of graphs. PyTorch: torch.is_inference_mode_enabled. */
export function isInferenceModeEnabled(): boolean {
  atMost('isInferenceModeEnabled', 0, arguments.length)
  return native.inferenceEnabled()
}
