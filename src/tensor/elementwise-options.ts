// Options and arguments that elementwise ops share with their forms in place.
import type { Operand } from '../native/addon.ts'
import { flag, operand } from './args.ts'
import { Options } from './options.ts'
import { asNumber, checkFits } from './scalar.ts'
import type { Tensor } from './tensor.ts'

/** Options of activations that have no others. */
export interface InplaceOptions {
  /** Write the result into x; default false. */
  inplace?: boolean
}

export const inplaceOptions = new Options<InplaceOptions>({ inplace: true })

/** Whether an activation writes into its argument. @throws ArgumentError unless it is said by true or false */
export function isInplace(op: string, inplace: boolean | InplaceOptions | undefined): boolean {
  if (inplace === undefined || inplace === false) return false
  return flag(`${op}: inplace`, inplaceOptions.readFirst(op, inplace).inplace ?? false)
}

/** Options of `round`. */
export interface RoundOptions {
  /** Digits behind the point, default 0; negative ones are before it. */
  decimals?: number
}

export const roundOptions = new Options<RoundOptions>({ decimals: true })

/** Options of `clamp`; one of both may be left out. */
export interface ClampOptions {
  /** What is less becomes this. */
  min?: Tensor | number | null
  /** What is more becomes this. */
  max?: Tensor | number | null
}

const clampOptions = new Options<ClampOptions>({ min: true, max: true })

type Bound = Tensor | number | null | undefined

/** What the native core takes for the bounds of `clamp`. @throws ArgumentError for anything but tensors and numbers */
export function boundsOf(
  op: string,
  min: Bound | ClampOptions,
  options: ClampOptions | undefined,
): [min: Operand | null, max: Operand | null] {
  const given = clampOptions.readFirst(op, min, options)
  const bound = (value: Bound) => (value == null ? null : operand(op, value))
  return [bound(given.min), bound(given.max)]
}

/** A value for elements of x. @throws ArgumentError for a number that its dtype cannot hold */
export function filling(op: string, x: Tensor, value: Tensor | number | boolean): Operand {
  if (typeof value === 'number' || typeof value === 'boolean') checkFits(op, asNumber(value), x.dtype)
  return operand(op, value)
}
