// Switches recording on and off for the length of a synchronous function. The switch is one per thread, so holding it
// across an `await` would leak into unrelated code: promises are refused.
import { native } from '../native/load.ts'
import { runNow } from './args.ts'
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

/** Whether ops are being recorded. PyTorch: torch.is_grad_enabled. */
export function isGradEnabled(): boolean {
  atMost('isGradEnabled', 0, arguments.length)
  return native.gradEnabled()
}
