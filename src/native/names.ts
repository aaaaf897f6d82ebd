// The names of `Addon` as values, since types are gone at run time. `load.ts` compares them with what the addon offers;
// the two assertions at the end make a forgotten or misspelt name a compile error.
import type { Addon } from './addon.ts'

const families = [
  'functions setErrorFactory setCollector dispose memoryStats resetPeakMemoryStats setMemoryBudget emptyCache',
  'numThreads setNumThreads libraries',
  'fromData toData sizes strides storageOffset dtype device item isContiguous sharesStorage version',
  'gradEnabled setGradEnabled requiresGrad setRequiresGrad isLeaf retainGrad grad setGrad gradFn nodeName nodeNext',
  'detach backward gradients',
  'empty full arange',
  'generator manualSeed initialSeed generatorState setGeneratorState',
  'rand randn randint randperm uniform_ normal_ random64',
  'clone contiguous cast',
  'view reshape flatten permute transpose t expand slice select squeeze unsqueeze cat indexSelect',
  'add sub mul div eq ne lt le gt ge neg exp log relu',
  'add_ sub_ mul_ div_ fill_ zero_ copy_',
  'sum mean max maxDim argmax',
  'matmul addmm linear',
  'conv2d maxPool2d',
  'logSoftmax nllLoss crossEntropy',
  'sgd',
  'commInit commAllReduce commBroadcast commAllGather commBarrier',
  'commAllReduceAsync commBroadcastAsync commAllGatherAsync commBarrierAsync commAbort',
  'reducer reducerSink reducerGather reducerSync reducerBuckets isReduced',
] as const

type Words<S extends string, Found = never> = S extends `${infer Word} ${infer Rest}`
  ? Words<Rest, Found | Word>
  : Found | S
type Listed = Words<(typeof families)[number]>
type Nothing<T extends never> = T

/** Names listed here and not declared, and the other way round: both must be empty. */
export type Mismatch = Nothing<Exclude<Listed, keyof Addon>> | Nothing<Exclude<keyof Addon, Listed>>

/** Every function that the addon must have. */
export const names: readonly string[] = families.flatMap(family => family.split(' '))
