// What a module may be converted to: any device, but floating dtypes only, since its integers are indices and counts.
import { ArgumentError } from '../../errors.ts'
import { isFloatingPoint, type ToOptions, toOptions } from '../../tensor/index.ts'

/** The arguments of `Module.to` as options. @throws ArgumentError when the dtype is no floating point type @internal */
export function conversion(...given: Parameters<typeof toOptions>): ToOptions {
  const wanted = toOptions(...given)
  if (wanted.dtype === undefined || isFloatingPoint(wanted.dtype)) return wanted
  throw new ArgumentError(
    `nn.Module.to only accepts floating point dtypes, but got desired dtype=torch.${wanted.dtype}`,
  )
}
