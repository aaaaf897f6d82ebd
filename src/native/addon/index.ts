// Selecting by tensors of indices.
// Written by `npm run addon-types` from native/binding/tables/index.cc.
import type { Handle, Operand } from './types.ts'

export interface IndexFunctions {
  indexSelect(x: Handle, dim: number, index: Handle): Handle
  indexAdd(x: Handle, dim: number, index: Handle, y: Handle, alpha: number): Handle
  indexAdd_(x: Handle, dim: number, index: Handle, y: Handle, alpha: number): void
  indexCopy(x: Handle, dim: number, index: Handle, y: Handle): Handle
  indexCopy_(x: Handle, dim: number, index: Handle, y: Handle): void
  indexFill(x: Handle, dim: number, index: Handle, value: Operand): Handle
  indexFill_(x: Handle, dim: number, index: Handle, value: Operand): void
  indexReduce(
    x: Handle,
    dim: number,
    index: Handle,
    y: Handle,
    how: 'sum' | 'prod' | 'mean' | 'amax' | 'amin',
    includeSelf: boolean,
  ): Handle
  indexReduce_(
    x: Handle,
    dim: number,
    index: Handle,
    y: Handle,
    how: 'sum' | 'prod' | 'mean' | 'amax' | 'amin',
    includeSelf: boolean,
  ): void
  gather(x: Handle, dim: number, index: Handle): Handle
  scatter(x: Handle, dim: number, index: Handle, y: Operand, merge: 'add' | 'multiply' | null): Handle
  scatter_(x: Handle, dim: number, index: Handle, y: Operand, merge: 'add' | 'multiply' | null): void
  scatterAdd(x: Handle, dim: number, index: Handle, y: Handle): Handle
  scatterAdd_(x: Handle, dim: number, index: Handle, y: Handle): void
  scatterReduce(
    x: Handle,
    dim: number,
    index: Handle,
    y: Handle,
    how: 'sum' | 'prod' | 'mean' | 'amax' | 'amin',
    includeSelf: boolean,
  ): Handle
  scatterReduce_(
    x: Handle,
    dim: number,
    index: Handle,
    y: Handle,
    how: 'sum' | 'prod' | 'mean' | 'amax' | 'amin',
    includeSelf: boolean,
  ): void
  index(x: Handle, at: (Handle | null)[]): Handle
  indexPut(x: Handle, at: (Handle | null)[], values: Handle, accumulate: boolean): Handle
  indexPut_(x: Handle, at: (Handle | null)[], values: Handle, accumulate: boolean): void
  nonzero(x: Handle): Handle
  nonzeroStatic(x: Handle, size: number, fillValue: number): Handle
  embedding(weight: Handle, index: Handle, paddingIdx: number | null, byFrequency: boolean): Handle
  embeddingBag(
    weight: Handle,
    index: Handle,
    offsets: Handle | null,
    how: 'sum' | 'mean' | 'max',
    byFrequency: boolean,
    perSampleWeights: Handle | null,
    lastOffset: boolean,
    paddingIdx: number | null,
  ): Handle
  take(x: Handle, index: Handle): Handle
  put(x: Handle, index: Handle, y: Handle, accumulate: boolean): Handle
  put_(x: Handle, index: Handle, y: Handle, accumulate: boolean): void
  takeAlongDim(x: Handle, index: Handle, dim: number | null): Handle
  maskedSelect(x: Handle, mask: Handle): Handle
  maskedScatter(x: Handle, mask: Handle, y: Handle): Handle
  maskedScatter_(x: Handle, mask: Handle, y: Handle): void
}
