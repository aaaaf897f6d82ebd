// Normalization with the statistics that it found. What surprises: of groups they have gradients.

import { type Case, type DType, floats, type Input, leaf } from '../../support/case.ts'

const affine = (shape: number[], dtype: DType): Input[] => [leaf(shape, dtype), leaf(shape, dtype)]
const running = (dtype: DType): Input[] => [
  { shape: [4], dtype },
  { shape: [4], dtype, values: 'positive' },
]

export const cases: Case[] = floats.flatMap(dtype => [
  make(
    'nativeBatchNorm',
    `${dtype} training`,
    [leaf([3, 4, 2], dtype), ...affine([4], dtype)],
    (dt, x, w, b) => dt.nativeBatchNorm(x, w, b, null, null, true, 0.1, 1e-3),
    'torch.native_batch_norm(x0, x1, x2, None, None, True, 0.1, 1e-3)',
  ),
  make(
    'nativeBatchNorm',
    `${dtype} running`,
    [leaf([3, 4, 2], dtype), ...affine([4], dtype), ...running(dtype)],
    (dt, x, w, b, m, v) => dt.nativeBatchNorm(x, w, b, m, v, false, 0.1, 1e-3),
    'torch.native_batch_norm(x0, x1, x2, x3.detach(), x4.detach(), False, 0.1, 1e-3)',
  ),
  make(
    'nativeLayerNorm',
    dtype,
    [leaf([3, 2, 4], dtype), ...affine([2, 4], dtype)],
    (dt, x, w, b) => dt.nativeLayerNorm(x, [2, 4], w, b, 1e-3),
    'torch.native_layer_norm(x0, (2, 4), x1, x2, 1e-3)',
  ),
  make(
    'nativeGroupNorm',
    dtype,
    [leaf([3, 4, 2], dtype), ...affine([4], dtype)],
    (dt, x, w, b) => dt.nativeGroupNorm(x, w, b, 3, 4, 2, 2, 1e-3),
    'torch.native_group_norm(x0, x1, x2, 3, 4, 2, 2, 1e-3)',
  ),
])

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, mixes: true } // a mean may be near 0
}
