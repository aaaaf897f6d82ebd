// Puts ops on Tensor's prototype: every function that one of the files below exports becomes a method of the same name,
// with `this` as its first argument and a type derived from the function's. See functions.ts for which files are here.
import * as copy from './ops/copy.ts'
import * as elementwise from './ops/elementwise.ts'
import * as index from './ops/index.ts'
import * as inplace from './ops/inplace.ts'
import * as matmul from './ops/matmul.ts'
import * as reduce from './ops/reduce.ts'
import * as select from './ops/select.ts'
import * as shape from './ops/shape.ts'
import * as softmax from './ops/softmax.ts'
import * as to from './ops/to.ts'
import * as view from './ops/view.ts'
import { Tensor } from './tensor.ts'

/** The functions with their first parameter taken away; a file that exports anything else does not compile. */
type Methods<F extends Record<keyof F, (x: Tensor, ...args: never[]) => unknown>> = {
  [K in keyof F]: F[K] extends (x: Tensor, ...args: infer A) => infer R ? (...args: A) => R : never
}

/** All ops that are methods. */
export interface TensorMethods
  extends Methods<typeof copy>,
    Methods<typeof elementwise>,
    Methods<typeof index>,
    Methods<typeof inplace>,
    Methods<typeof matmul>,
    Omit<Methods<typeof reduce>, keyof reduce.MaxMethod>,
    reduce.MaxMethod,
    Methods<typeof select>,
    Methods<typeof shape>,
    Methods<typeof softmax>,
    Methods<typeof to>,
    Methods<typeof view> {}

type Op = (x: Tensor, ...args: unknown[]) => unknown

const families = [copy, elementwise, index, inplace, matmul, reduce, select, shape, softmax, to, view]

for (const [name, op] of families.flatMap(family => Object.entries<Op>(family as never))) {
  // Written as a method with a computed name, so that stacks say `Tensor.add`.
  const { [name]: value } = {
    [name](this: Tensor, ...args: unknown[]) {
      return op(this, ...args)
    },
  }
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true })
}
