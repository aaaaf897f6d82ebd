// Padding in all modes; constantPadNd is in the package's root too.
import { ArgumentError } from '../../errors.ts'
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { atMost, handleOf, Options, shown, type Tensor, wrap } from '../../tensor/index.ts'

/** Options of `pad`. */
export interface PadModeOptions {
  /** What comes in: one value, elements mirrored at the last one, the last one, or those of the other end. */
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular'
  /** Of mode `'constant'`, default 0. */
  value?: number | null
}

const padOptions = new Options<PadModeOptions>({ mode: true, value: true })

/**
 * So many elements before and behind the last dimension, then the one before it, and so on; negative numbers cut off.
 * PyTorch: torch.nn.functional.pad.
 * @throws ArgumentError for more numbers than two for each dimension, ShapeError when a dimension has too few elements
 * @example nn.functional.pad(images, [2, 2, 2, 2], 'reflect')
 */
export function pad(
  x: Tensor,
  pad: Dims,
  mode?: PadModeOptions['mode'] | PadModeOptions,
  options?: PadModeOptions,
): Tensor {
  atMost('pad', 4, arguments.length)
  const given = padOptions.readFirst('pad', mode, options)
  if (given.mode !== undefined && given.mode !== 'constant' && given.value) {
    throw new ArgumentError(`pad: mode '${shown(given.mode)}' takes no value`)
  }
  return wrap(native.pad(handleOf('pad', x), pad as number[], given.mode ?? 'constant', given.value ?? 0))
}
