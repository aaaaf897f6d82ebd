// Names of the built-in workloads, for whoever must not load the library. src/bench/workload.ts has them.
export const workloads = ['mlp', 'lenet', 'wide-mlp'] as const

export type WorkloadName = (typeof workloads)[number]
