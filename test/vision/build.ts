// Transforms from the specifications in golden files: name, arguments, options.
import { transforms } from '../../src/vision/index.ts'

export type Spec = [name: string, args: unknown[], options: Record<string, unknown>]

type Class = new (...args: unknown[]) => unknown

const isSpec = (value: unknown): value is Spec => Array.isArray(value) && typeof value[0] === 'string'

/** The transform of a specification. */
export function build([name, args, options]: Spec): unknown {
  const made = args.map(arg => (Array.isArray(arg) && isSpec(arg[0]) ? arg.map(build) : arg))
  return new (transforms as unknown as Record<string, Class>)[name]!(
    ...made,
    ...(Object.keys(options).length ? [options] : []),
  )
}
