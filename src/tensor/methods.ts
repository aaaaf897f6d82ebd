// Puts the ops that PyTorch has as methods on Tensor's prototype: a method is the free function of the same name with
// `this` as first argument, and its type is derived from that function.
import { copyMethods } from './ops/copy.ts'
import { elementwiseMethods } from './ops/elementwise.ts'
import { indexMethods, variadicIndexMethods } from './ops/index.ts'
import { inplaceMethods } from './ops/inplace.ts'
import { matmulMethods } from './ops/matmul.ts'
import { type MaxMethod, overloadedReduceMethods, reduceMethods } from './ops/reduce.ts'
import { softmaxMethods } from './ops/softmax.ts'
import { variadicViewMethods, viewMethods } from './ops/view.ts'
import { Tensor } from './tensor.ts'

/** The functions with their first parameter taken away. */
type Methods<F> = { [K in keyof F]: F[K] extends (x: Tensor, ...args: infer A) => infer R ? (...args: A) => R : never }

/** All ops that are methods. */
export interface TensorMethods
  extends Methods<typeof copyMethods>,
    Methods<typeof elementwiseMethods>,
    Methods<typeof indexMethods>,
    Methods<typeof variadicIndexMethods>,
    Methods<typeof inplaceMethods>,
    Methods<typeof matmulMethods>,
    Methods<typeof reduceMethods>,
    Methods<typeof softmaxMethods>,
    Methods<typeof viewMethods>,
    Methods<typeof variadicViewMethods>,
    MaxMethod {}

type Op = (x: Tensor, a?: unknown, b?: unknown, c?: unknown) => unknown
type VariadicOp = (x: Tensor, ...args: unknown[]) => unknown

const families = [
  copyMethods,
  elementwiseMethods,
  indexMethods,
  inplaceMethods,
  matmulMethods,
  overloadedReduceMethods,
  reduceMethods,
  softmaxMethods,
  viewMethods,
]

function install(name: string, value: (this: Tensor, ...args: never[]) => unknown): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true })
}

for (const [name, op] of families.flatMap(family => Object.entries<Op>(family as never))) {
  // Written as a method with a computed name, so that stacks say `Tensor.add`.
  const method = {
    [name](this: Tensor, a?: unknown, b?: unknown, c?: unknown) {
      return op(this, a, b, c)
    },
  }
  install(name, method[name]!)
}
for (const [name, op] of Object.entries<VariadicOp>({ ...variadicIndexMethods, ...variadicViewMethods } as never)) {
  const method = {
    [name](this: Tensor, ...args: unknown[]) {
      return op(this, ...args)
    },
  }
  install(name, method[name]!)
}
