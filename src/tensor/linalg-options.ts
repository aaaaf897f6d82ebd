// Options that linear algebra has in several places.
import { flag } from './args.ts'
import { Options } from './options.ts'

/** Options of what makes or takes a Cholesky factor. */
export interface CholeskyOptions {
  /** Whether the factor is the upper triangle rather than the lower one; default false. */
  upper?: boolean
}

const choleskyOptions = new Options<CholeskyOptions>({ upper: true })

/** Whether options ask for the upper triangle. @throws ArgumentError unless it is a boolean */
export function isUpper(op: string, upper: boolean | CholeskyOptions | undefined): boolean {
  return flag(`${op}: upper`, choleskyOptions.readFirst(op, upper).upper ?? false)
}
