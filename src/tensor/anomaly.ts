// Anomaly mode: each op that is recorded remembers where in the program it was called, which costs a stack each time.
// When the backward of one fails, or gives NaN, the error's stack goes on with those lines, and names the first of
// them.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AutogradError } from '../errors.ts'
import { native } from '../native/load.ts'
import { flag, runNow } from './args.ts'
import { Options } from './options.ts'
import { atMost } from './refuse.ts'

/** Options of `detectAnomaly` and `setDetectAnomaly`. */
export interface AnomalyOptions {
  /** Fail when a backward gives NaN, default true. */
  checkNan?: boolean
}

const anomalyOptions = new Options<AnomalyOptions>({ checkNan: true })

/** What is on in this thread. */
const state = { on: false, checkNan: true }

/** The folder of the library, whose own lines are left out: src, or dist/src. */
const library = dirname(dirname(fileURLToPath(import.meta.url)))
const most = 60

/** The lines of the program that led here, each as in a stack. */
function where(): string {
  const site: { stack?: string } = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = most
  Error.captureStackTrace(site, where)
  const lines = site.stack!.split('\n').slice(1)
  Error.stackTraceLimit = limit
  const own = lines.filter(line => !line.includes(`${library}/`) && !line.includes('node:'))
  return (own.length > 0 ? own : lines).map(line => `\n${line}`).join('')
}

function set(on: boolean, checkNan: boolean): void {
  state.on = on
  state.checkNan = checkNan
  native.setAnomaly(on ? where : null, checkNan)
}

/**
 * Runs `fn` in anomaly mode: an error of a backward in it, and one for a backward that gives NaN, says where the op was
 * called. Forward and backward both belong into `fn`. It is slow: for debugging. PyTorch:
 * torch.autograd.detect_anomaly.
 * @throws ArgumentError when `fn` returns a promise
 * @example autograd.detectAnomaly(() => criterion(model(x), y).backward())
 */
export function detectAnomaly<T>(fn: () => T, options?: AnomalyOptions): T {
  atMost('detectAnomaly', 2, arguments.length)
  const { on, checkNan } = state
  set(true, flag('detectAnomaly: checkNan', anomalyOptions.read('detectAnomaly', options).checkNan ?? true))
  try {
    return runNow('detectAnomaly', fn)
  } finally {
    set(on, checkNan)
  }
}

/**
 * Switches anomaly mode on or off, until it is called again. PyTorch: torch.autograd.set_detect_anomaly.
 * @example autograd.setDetectAnomaly(false)
 */
export function setDetectAnomaly(mode: boolean, options?: AnomalyOptions): void {
  atMost('setDetectAnomaly', 2, arguments.length)
  const { checkNan = true } = anomalyOptions.read('setDetectAnomaly', options)
  set(flag('setDetectAnomaly: mode', mode), flag('setDetectAnomaly: checkNan', checkNan))
}

/** Whether anomaly mode is on. PyTorch: torch.is_anomaly_enabled. */
export function isAnomalyEnabled(): boolean {
  atMost('isAnomalyEnabled', 0, arguments.length)
  return state.on
}

/** Whether a backward that gives NaN fails in anomaly mode. PyTorch: torch.is_anomaly_check_nan_enabled. */
export function isAnomalyCheckNanEnabled(): boolean {
  atMost('isAnomalyCheckNanEnabled', 0, arguments.length)
  return state.checkNan
}

/** The error of a backward pass, with the lines of the forward calls in anomaly mode. @internal */
export function explained(error: unknown): unknown {
  const trace = native.takeFailedTrace()
  if (trace === '' || !(error instanceof Error)) return error
  const { message, stack = '' } = error
  const [, first] = /\n +at (?:.*\()?([^()\n]+)\)?/.exec(trace) ?? []
  if (error instanceof AutogradError && first !== undefined) error.message = `${message}; it was called at ${first}`
  error.stack = stack.replace(message, () => error.message) + trace
  return error
}
