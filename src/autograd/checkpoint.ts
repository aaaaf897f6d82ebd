// Memory for time: what a part of a model keeps for backward is dropped, and computed again when backward comes to it.
// What surprises: this is not `Checkpoint`, the file of a training; the names are PyTorch's.
import { ArgumentError, UnsupportedError } from '../errors.ts'
import { native } from '../native/load.ts'
import {
  atMost,
  enableGrad,
  flag,
  isGradEnabled,
  isOptions,
  mapTensors,
  named,
  Options,
  refuse,
  shown,
  Tensor,
} from '../tensor/index.ts'

/** Options of `checkpoint`. */
export interface CheckpointOptions {
  /** Only false, the default: the way that PyTorch recommends. */
  useReentrant?: false
  /** Draw the same random numbers when the function runs again, default true. */
  preserveRngState?: boolean
  /** Compare shapes, dtypes and devices of both runs, default 'default'; 'none' does not. */
  determinismCheck?: 'default' | 'none'
  /** Leave the second run when all that is needed has been computed, default true. */
  earlyStop?: boolean
}

const checkpointOptions = new Options<CheckpointOptions>({
  useReentrant: true,
  preserveRngState: true,
  determinismCheck: true,
  earlyStop: true,
})

/** Where the default generators of the CPU and of these devices are. */
function drawnFrom(devices: readonly string[]): () => void {
  const generators = [null, ...devices.map(device => native.defaultOf(device))]
  const states = generators.map(generator => native.generatorState(generator))
  return () => {
    for (const [i, generator] of generators.entries()) native.setGeneratorState(generator, states[i]!)
  }
}

function checkOptions(op: string, given: CheckpointOptions): void {
  if ((given.useReentrant as boolean | undefined) === true)
    throw new UnsupportedError(`${op}: useReentrant: true is not implemented; leave it out`)
  const { determinismCheck = 'default' } = given
  if (determinismCheck !== 'default' && determinismCheck !== 'none')
    refuse(`${op}: determinismCheck`, "'default' or 'none'", determinismCheck)
}

/**
 * Calls `fn` with the arguments and keeps nothing of what it keeps for backward; backward calls it again. So it must do
 * the same both times. An object behind the arguments is options; to give `fn` one, write `checkpoint(() => fn(x,
 * {…}))`. Tensors that `fn` takes from around it get gradients too. PyTorch: torch.utils.checkpoint.checkpoint.
 * @throws AutogradError, in backward, when the second run keeps other tensors than the first
 * @example checkpoint(x => layer(x).relu(), images).sum().backward()
 */
export function checkpoint<A extends unknown[], R>(
  fn: (...args: A) => R,
  ...args: [...A] | [...A, CheckpointOptions]
): R {
  const last = args.at(-1)
  const hasOptions = isOptions(last)
  const given = checkpointOptions.read('checkpoint', hasOptions ? (last as CheckpointOptions) : undefined)
  checkOptions('checkpoint', given)
  if (typeof fn !== 'function') refuse('checkpoint', 'a function', fn)
  const own = (hasOptions ? args.slice(0, -1) : args) as A
  if (!isGradEnabled()) return fn(...own)
  const preserve = flag('checkpoint: preserveRngState', given.preserveRngState ?? true)
  const again = recomputing(fn as (...args: unknown[]) => unknown, own, preserve)
  const compare = (given.determinismCheck ?? 'default') === 'default'
  return native.checkpointed(() => fn(...own), again, compare, given.earlyStop ?? true) as R
}

/** Calls the function again, as it was called now. The tensors are its own, so that no tidy() scope disposes them. */
function recomputing(fn: (...args: unknown[]) => unknown, given: unknown[], preserve: boolean): () => void {
  const devices = new Set<string>()
  const args = named('checkpoint', () =>
    mapTensors(given, x => {
      if (x.isCuda) devices.add(x.device)
      return new Tensor(native.another(x.handle))
    }),
  )
  const toThen = preserve ? drawnFrom([...devices]) : undefined
  return () => {
    const toNow = preserve ? drawnFrom([...devices]) : undefined
    toThen?.()
    try {
      enableGrad(() => void fn(...args))
    } catch (error) {
      if (!native.checkpointComplete()) throw error
    } finally {
      toNow?.()
    }
  }
}

/** Options of `checkpointSequential`. */
export type CheckpointSequentialOptions = Pick<CheckpointOptions, 'useReentrant' | 'preserveRngState'>

const sequentialOptions = new Options<CheckpointSequentialOptions>({ useReentrant: true, preserveRngState: true })

/**
 * Applies functions or modules one after the other, in `segments` of which all but the last are checkpoints. PyTorch:
 * torch.utils.checkpoint.checkpoint_sequential.
 * @example checkpointSequential([x => x.exp(), x => x.sin(), x => x.relu()], 3, images)
 */
export function checkpointSequential(
  functions: Iterable<(x: Tensor) => Tensor>,
  segments: number,
  input: Tensor,
  options?: CheckpointSequentialOptions,
): Tensor {
  atMost('checkpointSequential', 4, arguments.length)
  const given = sequentialOptions.read('checkpointSequential', options)
  if (typeof functions?.[Symbol.iterator] !== 'function')
    refuse('checkpointSequential', 'functions or modules that can be iterated', functions)
  const all = [...functions]
  for (const one of all) if (typeof one !== 'function') refuse('checkpointSequential', 'functions or modules', one)
  if (!Number.isInteger(segments) || segments < 1)
    throw new ArgumentError(`checkpointSequential: segments must be a positive integer, got ${shown(segments)}`)
  const size = Math.floor(all.length / segments)
  const run = (from: number, to: number) => (x: Tensor) => all.slice(from, to).reduce((y, f) => f(y), x)
  let x = input
  let start = 0
  for (; start < size * (segments - 1); start += size) x = checkpoint(run(start, start + size), x, given)
  return run(start, all.length)(x)
}
