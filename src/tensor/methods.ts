// Puts ops on Tensor's prototype: every function that one of the files below exports becomes a method of the same name,
// with `this` as its first argument and a type derived from the function's. See functions.ts for which files are here.
import * as activationMethods from './ops/activation.method.ts'
import * as activation from './ops/activation.ts'
import * as aliasMethods from './ops/alias.method.ts'
import * as alias from './ops/alias.ts'
import * as arithmeticMethods from './ops/arithmetic.method.ts'
import * as arithmetic from './ops/arithmetic.ts'
import * as bitwiseMethods from './ops/bitwise.method.ts'
import * as bitwise from './ops/bitwise.ts'
import * as compareMethods from './ops/compare.method.ts'
import * as compare from './ops/compare.ts'
import * as copies from './ops/copies.ts'
import * as copyMethods from './ops/copy.method.ts'
import * as copy from './ops/copy.ts'
import * as creationMethods from './ops/creation.method.ts'
import * as indexMethods from './ops/index.method.ts'
import * as index from './ops/index.ts'
import * as linalg from './ops/linalg.ts'
import * as matmul from './ops/matmul.ts'
import * as matrix from './ops/matrix.ts'
import * as productsMethods from './ops/products.method.ts'
import * as products from './ops/products.ts'
import * as randomMethods from './ops/random.method.ts'
import * as random from './ops/random.ts'
import * as rearrangeMethods from './ops/rearrange.method.ts'
import * as rearrange from './ops/rearrange.ts'
import * as reduce from './ops/reduce.ts'
import * as scanMethods from './ops/scan.method.ts'
import * as scan from './ops/scan.ts'
import * as scatterMethods from './ops/scatter.method.ts'
import * as scatter from './ops/scatter.ts'
import * as search from './ops/search.ts'
import * as selectMethods from './ops/select.method.ts'
import * as select from './ops/select.ts'
import * as softmax from './ops/softmax.ts'
import * as sort from './ops/sort.ts'
import * as specialMethods from './ops/special.method.ts'
import * as special from './ops/special.ts'
import * as split from './ops/split.ts'
import * as statisticsMethods from './ops/statistics.method.ts'
import * as statistics from './ops/statistics.ts'
import * as unaryMethods from './ops/unary.method.ts'
import * as unary from './ops/unary.ts'
import * as viewMethods from './ops/view.method.ts'
import * as view from './ops/view.ts'
import { atMost } from './refuse.ts'
import { Tensor } from './tensor.ts'

/** A function with its first parameter taken away. Inference sees its last signature; one that covers all is alone. */
type Method<F> = F extends (x: Tensor, ...args: infer A) => infer R
  ? ((x: Tensor, ...args: A) => R) extends F
    ? (...args: A) => R
    : Overloads<F>
  : never

/** The same for up to four signatures; with fewer, the first is inferred for those that are missing. */
type Overloads<F> = F extends {
  (x: Tensor, ...args: infer A1): infer R1
  (x: Tensor, ...args: infer A2): infer R2
  (x: Tensor, ...args: infer A3): infer R3
  (x: Tensor, ...args: infer A4): infer R4
}
  ? { (...args: A1): R1; (...args: A2): R2; (...args: A3): R3; (...args: A4): R4 }
  : never

/** The functions as methods; a file that exports anything else does not compile. */
type Methods<F extends Record<keyof F, (x: Tensor, ...args: never[]) => unknown>> = { [K in keyof F]: Method<F[K]> }

/** All ops that are methods. */
export interface TensorMethods
  extends Methods<typeof activation>,
    Methods<typeof activationMethods>,
    Methods<typeof alias>,
    Methods<typeof aliasMethods>,
    Methods<typeof arithmetic>,
    Methods<typeof arithmeticMethods>,
    Methods<typeof bitwise>,
    Methods<typeof bitwiseMethods>,
    Methods<typeof compare>,
    Methods<typeof compareMethods>,
    Methods<typeof copies>,
    Methods<typeof copy>,
    Methods<typeof copyMethods>,
    Methods<typeof creationMethods>,
    Methods<typeof index>,
    Methods<typeof indexMethods>,
    Methods<typeof linalg>,
    Methods<typeof matmul>,
    Methods<typeof matrix>,
    Methods<typeof products>,
    Methods<typeof productsMethods>,
    Methods<typeof random>,
    Methods<typeof randomMethods>,
    Methods<typeof rearrange>,
    Methods<typeof rearrangeMethods>,
    Methods<typeof reduce>,
    Methods<typeof scan>,
    Methods<typeof scanMethods>,
    Methods<typeof scatter>,
    Methods<typeof scatterMethods>,
    Methods<typeof select>,
    Methods<typeof search>,
    Methods<typeof selectMethods>,
    Methods<typeof softmax>,
    Methods<typeof sort>,
    Methods<typeof special>,
    Methods<typeof specialMethods>,
    Methods<typeof split>,
    Methods<typeof statistics>,
    Methods<typeof statisticsMethods>,
    Methods<typeof unary>,
    Methods<typeof unaryMethods>,
    Methods<typeof view>,
    Methods<typeof viewMethods> {}

type Op = (x: Tensor, ...args: unknown[]) => unknown

const families = [
  activation,
  activationMethods,
  alias,
  aliasMethods,
  arithmetic,
  arithmeticMethods,
  bitwise,
  bitwiseMethods,
  compare,
  compareMethods,
  copies,
  copy,
  copyMethods,
  creationMethods,
  index,
  indexMethods,
  linalg,
  matmul,
  matrix,
  products,
  productsMethods,
  random,
  randomMethods,
  rearrange,
  rearrangeMethods,
  reduce,
  scan,
  scanMethods,
  scatter,
  scatterMethods,
  search,
  select,
  selectMethods,
  softmax,
  sort,
  special,
  specialMethods,
  split,
  statistics,
  statisticsMethods,
  unary,
  unaryMethods,
  view,
  viewMethods,
]

/** The methods that take any number of arguments. */
type Variadic = {
  [K in keyof TensorMethods]: number extends Parameters<TensorMethods[K]>['length'] ? K : never
}[keyof TensorMethods]

const variadic: Record<Variadic, true> = {
  broadcastTo: true,
  expand: true,
  flip: true,
  index: true,
  newEmpty: true,
  newOnes: true,
  newZeros: true,
  permute: true,
  repeat: true,
  reshape: true,
  resize_: true,
  sumToSize: true,
  tile: true,
  view: true,
}

for (const [name, op] of families.flatMap(family => Object.entries<Op>(family as never))) {
  const most = name in variadic ? Number.POSITIVE_INFINITY : op.length - 1 // without the tensor itself
  // Written as a method with a computed name, so that stacks say `Tensor.add`.
  const { [name]: value } = {
    [name](this: Tensor, ...args: unknown[]) {
      if (args.length > most) atMost(name, most, args.length)
      return op(this, ...args)
    },
  }
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true })
}
