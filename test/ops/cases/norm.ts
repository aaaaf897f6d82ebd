// batchNorm instanceNorm layerNorm groupNorm rmsNorm. What surprises: variances are those of the population, but the
// running variance moves towards the unbiased one; in training the running statistics change, which have no gradient.

import {
  type Case,
  type DType,
  type Dtrain,
  floats,
  type Input,
  leaf,
  rowsOf,
  type Tensor,
} from '../../support/case.ts'

type F = Dtrain['nn']['functional']

interface Row {
  op: string
  as: string
  x: number[]
  /** Of weight and bias, which stand behind the others. */
  affine?: number[]
  /** Running mean and variance. */
  statistics?: number
  run: (F: F, x: Tensor, ...others: Tensor[]) => Tensor | Tensor[]
  torch: string
}

const rows: Row[] = [
  {
    ...{ op: 'batchNorm', as: 'training', x: [3, 2, 5], statistics: 2, affine: [2] },
    run: (F, x, m, v, weight, bias) => F.batchNorm(x, m!, v!, { weight, bias, training: true }),
    torch: 'F.batch_norm(x0, x1.detach(), x2.detach(), x3, x4, training=True)',
  },
  {
    ...{ op: 'batchNorm', as: 'evaluation', x: [3, 2, 2, 3], statistics: 2, affine: [2] },
    run: (F, x, m, v, weight, bias) => F.batchNorm(x, m!, v!, { weight, bias, eps: 0.1 }),
    torch: 'F.batch_norm(x0, x1.detach(), x2.detach(), x3, x4, eps=0.1)',
  },
  {
    ...{ op: 'batchNorm', as: 'running statistics', x: [4, 3], statistics: 3 },
    run: (F, x, m, v) => [F.batchNorm(x, m!, v!, { training: true, momentum: 0.3 }), m!, v!],
    torch: '[F.batch_norm(x0, x1.detach(), x2.detach(), training=True, momentum=0.3), x1.detach(), x2.detach()]',
  },
  {
    ...{ op: 'batchNorm', as: 'alone', x: [4, 3] },
    run: (F, x) => F.batchNorm(x, null, null, { training: true }),
    torch: 'F.batch_norm(x0, None, None, training=True)',
  },
  {
    ...{ op: 'instanceNorm', as: 'alone', x: [2, 3, 4] },
    ...{ run: (F, x) => F.instanceNorm(x), torch: 'F.instance_norm(x0)' },
  },
  {
    ...{ op: 'instanceNorm', as: 'running statistics', x: [2, 3, 4], statistics: 3 },
    run: (F, x, runningMean, runningVar) => [F.instanceNorm(x, { runningMean, runningVar }), runningMean!, runningVar!],
    torch: '[F.instance_norm(x0, x1.detach(), x2.detach()), x1.detach(), x2.detach()]',
  },
  {
    ...{ op: 'instanceNorm', as: 'evaluation', x: [2, 3, 4], statistics: 3, affine: [3] },
    run: (F, x, runningMean, runningVar, weight, bias) =>
      F.instanceNorm(x, { runningMean, runningVar, weight, bias, useInputStats: false }),
    torch: 'F.instance_norm(x0, x1.detach(), x2.detach(), x3, x4, use_input_stats=False)',
  },
  {
    ...{ op: 'layerNorm', as: 'affine', x: [3, 2, 4], affine: [2, 4] },
    run: (F, x, weight, bias) => F.layerNorm(x, [2, 4], { weight, bias }),
    torch: 'F.layer_norm(x0, [2, 4], x1, x2)',
  },
  {
    ...{ op: 'layerNorm', as: 'alone', x: [3, 7], run: (F, x) => F.layerNorm(x, [7], { eps: 0.01 }) },
    torch: 'F.layer_norm(x0, [7], eps=0.01)',
  },
  {
    ...{ op: 'groupNorm', as: 'affine', x: [2, 4, 3], affine: [4] },
    run: (F, x, weight, bias) => F.groupNorm(x, 2, { weight, bias }),
    torch: 'F.group_norm(x0, 2, x1, x2)',
  },
  {
    ...{ op: 'groupNorm', as: 'alone', x: [2, 4, 3, 2], run: (F, x) => F.groupNorm(x, 4) },
    torch: 'F.group_norm(x0, 4)',
  },
  {
    ...{ op: 'rmsNorm', as: 'weighted', x: [3, 2, 4], affine: [4] },
    run: (F, x, weight) => F.rmsNorm(x, [4], { weight, eps: 1e-6 }),
    torch: 'F.rms_norm(x0, [4], x1, 1e-6)',
  },
  { op: 'rmsNorm', as: 'alone', x: [3, 8], run: (F, x) => F.rmsNorm(x, [8]), torch: 'F.rms_norm(x0, [8])' },
]

function casesOf({ op, as, x, affine, statistics, run, torch }: Row): Case[] {
  const others = (dtype: DType): Input[] => [
    ...(statistics === undefined
      ? []
      : [
          { shape: [statistics], dtype },
          { shape: [statistics], dtype, values: 'positive' as const },
        ]),
    ...(affine === undefined ? [] : [leaf(affine, dtype), leaf(affine, dtype)].slice(0, torch.includes('rms') ? 1 : 2)),
  ]
  // What cancels out in running statistics is not known to the bound of shorter floats.
  const chosen: readonly DType[] = as === 'running statistics' ? ['float64'] : floats
  return chosen.flatMap(dtype =>
    rowsOf(dtype, ['contiguous', 'sliced'] as const).map(
      (layout): Case => ({
        ...{ op, name: `${op}: ${as}, ${dtype}${layout === 'contiguous' ? '' : ' sliced'}`, torch },
        inputs: [leaf(x, dtype, { layout }), ...others(dtype)],
        run: (dt, ...xs) => run(dt.nn.functional, xs[0]!, ...xs.slice(1)),
      }),
    ),
  )
}

export const cases: Case[] = rows.flatMap(casesOf)
