// The ops that are free functions, one line per file of ops/; everything such a file exports is public. The name of a
// file is its family's, and says what its ops are: `view.ts` functions and methods, `view.method.ts` methods only (then
// only methods.ts names it), `join.function.ts` functions only. So an op stands in its own file and nowhere in a list.
export * from './ops/activation.ts'
export * from './ops/arithmetic.ts'
export * from './ops/compare.ts'
export * from './ops/conv.function.ts'
export * from './ops/copy.ts'
export * from './ops/index.ts'
export * from './ops/join.function.ts'
export * from './ops/matmul.ts'
export * from './ops/pool.function.ts'
export * from './ops/reduce.function.ts'
export * from './ops/reduce.ts'
export * from './ops/select.function.ts'
export * from './ops/select.ts'
export * from './ops/softmax.ts'
export * from './ops/unary.ts'
export * from './ops/view.ts'
