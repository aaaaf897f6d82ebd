// Random numbers; a null generator is the default one of the device.
// Written by `npm run addon-types` from native/binding/tables/random.cc.
import type { Bytes, DeviceName, Dims, DTypeCode, GeneratorHandle, Handle, Operand } from './types.ts'

export interface RandomFunctions {
  generator(seed: number, device: DeviceName): GeneratorHandle
  manualSeed(generator: GeneratorHandle | null, seed: number): void
  initialSeed(generator: GeneratorHandle | null): number
  generatorState(generator: GeneratorHandle | null): Uint8Array
  setGeneratorState(generator: GeneratorHandle | null, state: Bytes): void
  defaultOf(device: DeviceName): GeneratorHandle
  /** How often replicas have drawn since manualSeed: see Note [Replica streams]. */
  replicaCount(): number
  setReplicaCount(calls: number): void
  rand(shape: Dims, dtype: DTypeCode, device: DeviceName, generator: GeneratorHandle | null): Handle
  randn(shape: Dims, dtype: DTypeCode, device: DeviceName, generator: GeneratorHandle | null): Handle
  randint(
    low: number,
    high: number,
    shape: Dims,
    dtype: DTypeCode,
    device: DeviceName,
    generator: GeneratorHandle | null,
  ): Handle
  randperm(n: number, dtype: DTypeCode, device: DeviceName, generator: GeneratorHandle | null): Handle
  random_(x: Handle, low: number | null, high: number | null, generator: GeneratorHandle | null): void
  uniform_(x: Handle, from: number, to: number, generator: GeneratorHandle | null): void
  normal_(x: Handle, mean: number, std: number, generator: GeneratorHandle | null): void
  bernoulli_(x: Handle, p: Operand, generator: GeneratorHandle | null): void
  bernoulli(p: Handle, generator: GeneratorHandle | null): Handle
  normal(mean: Operand, std: Operand, generator: GeneratorHandle | null): Handle
  exponential_(x: Handle, lambda: number, generator: GeneratorHandle | null): void
  geometric_(x: Handle, p: number, generator: GeneratorHandle | null): void
  cauchy_(x: Handle, median: number, sigma: number, generator: GeneratorHandle | null): void
  logNormal_(x: Handle, mean: number, std: number, generator: GeneratorHandle | null): void
  poisson(rates: Handle, generator: GeneratorHandle | null): Handle
  multinomial(weights: Handle, count: number, replacement: boolean, generator: GeneratorHandle | null): Handle
  /** torch.empty((), dtype=int64).random_(): an int64 scalar over [0, 2^63). */
  random64(generator: GeneratorHandle | null): Handle
}
