// The ops that are free functions, one line per file of ops/; everything such a file exports is public. A file holds
// ops of one sort: functions that are methods too (then methods.ts names it as well), functions only, or methods only
// (then only methods.ts does). So an op stands in its own file and nowhere in a list.
export * from './ops/conv.ts'
export * from './ops/copy.ts'
export * from './ops/elementwise.ts'
export * from './ops/join.ts'
export * from './ops/linear.ts'
export * from './ops/loss.ts'
export * from './ops/matmul.ts'
export * from './ops/pool.ts'
export * from './ops/reduce.ts'
export * from './ops/select.ts'
export * from './ops/shape.ts'
export * from './ops/softmax.ts'
