// Statistics, differences, integrals and histograms; null dims means all.
// Written by `npm run addon-types` from native/binding/tables/statistics.cc.
import type { Dims, DTypeCode, Handle } from './types.ts'

export interface StatisticsFunctions {
  aminmax(x: Handle, dim: number | null, keepdim: boolean): [Handle, Handle]
  logsumexp(x: Handle, dims: Dims, keepdim: boolean): Handle
  nansum(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  nanmean(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  countNonzero(x: Handle, dims: Dims | null): Handle
  dist(x: Handle, y: Handle, p: number): Handle
  renorm(x: Handle, p: number, dim: number, maxnorm: number): Handle
  renorm_(x: Handle, p: number, dim: number, maxnorm: number): void
  diff(x: Handle, n: number, dim: number, prepend: Handle | null, append: Handle | null): Handle
  trapezoid(y: Handle, x: Handle | null, dx: number, dim: number): Handle
  cumulativeTrapezoid(y: Handle, x: Handle | null, dx: number, dim: number): Handle
  gradient(x: Handle, spacing: number[], places: Handle[], dims: Dims | null, edgeOrder: number): Handle[]
  cov(x: Handle, correction: number, fweights: Handle | null, aweights: Handle | null): Handle
  corrcoef(x: Handle): Handle
  bincount(x: Handle, weights: Handle | null, minlength: number): Handle
  histc(x: Handle, bins: number, min: number, max: number): Handle
  histogram(x: Handle, bins: number, range: number[], weight: Handle | null, density: boolean): [Handle, Handle]
  histogramAt(x: Handle, edges: Handle, weight: Handle | null, density: boolean): [Handle, Handle]
  histogramdd(x: Handle, bins: Dims, range: number[], weight: Handle | null, density: boolean): Handle[]
  histogramddAt(x: Handle, edges: Handle[], weight: Handle | null, density: boolean): Handle
}
