// What the addon is, and what it is told when a thread loads it.
// Written by `npm run addon-types` from native/binding/tables/lifecycle.cc.
import type { Handle } from './types.ts'

export interface LifecycleFunctions {
  setErrorFactory(make: (code: string, message: string) => Error): void
  setCollector(collect: ((major: boolean) => void) | null): void
  dispose(x: Handle): void
  /** True once in a process, whichever of its threads asks first. */
  isFirst(): boolean
  numThreads(): number
  setNumThreads(n: number): void
  libraries(): Record<string, string>
  /** Of each group of functions its name and their signatures, for scripts/addon-types.ts. */
  signatures(): [string, string[]][]
}
