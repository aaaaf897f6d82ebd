// CUDA devices, streams and events; src/cuda is their public face. Without a CUDA backend there are no devices, and
// everything but the count says so.
// Written by `npm run addon-types` from native/binding/tables/cuda.cc.
import type { CudaInfo, DeviceName, EventHandle, Handle, StreamHandle } from './types.ts'

export interface CudaFunctions {
  cudaDeviceCount(): number
  /** Why there is no device, or '' when there is one. */
  cudaUnavailable(): string
  /** Versions of the libraries that are opened at first use, or why one cannot be. */
  cudaLibraries(): Record<string, string>
  cudaInfo(device: DeviceName): CudaInfo
  /** Of each device, without taking any into use. */
  cudaUuids(): string[]
  cudaCurrentDevice(): number
  cudaSetDevice(index: number): void
  cudaSynchronize(device: DeviceName): void
  /** What NVIDIA's libraries may do for speed: src/cuda/backends.ts. */
  cudaChoice(which: 'matmulTf32' | 'convTf32' | 'convBenchmark' | 'convDeterministic' | 'deterministic'): boolean
  cudaSetChoice(
    which: 'matmulTf32' | 'convTf32' | 'convBenchmark' | 'convDeterministic' | 'deterministic',
    on: boolean,
  ): void
  cudaStream(device: DeviceName, priority: number): StreamHandle
  /** The compute stream. */
  cudaDefaultStream(device: DeviceName): StreamHandle
  cudaSetStream(stream: StreamHandle): void
  streamDevice(stream: StreamHandle): string
  streamDone(stream: StreamHandle): boolean
  streamSynchronize(stream: StreamHandle): void
  streamWaitEvent(stream: StreamHandle, event: EventHandle): void
  cudaEvent(device: DeviceName, timing: boolean): EventHandle
  eventRecord(event: EventHandle, stream: StreamHandle): void
  eventDone(event: EventHandle): boolean
  eventSynchronize(event: EventHandle): void
  eventElapsed(start: EventHandle, end: EventHandle): number
  recordStream(x: Handle, stream: StreamHandle): void
}
