// Norms of matrices, condition numbers, least squares by each driver, and inverses of tensors: what is made of what
// LAPACK computes. Matrices that are singular or close to it have their values written out.

import { type Case, leaf, show, type Tensor } from '../../support/case.ts'

/** A case in float64 and in float32. */
function matrices(
  op: Case['op'],
  name: string,
  shapes: number[][],
  run: Case['run'],
  torch: string,
  more?: Partial<Case>,
): Case[] {
  return (['float64', 'float32'] as const).map(dtype => ({
    op,
    name: [`${op}: ${dtype}`, name, shapes.map(show).join(' and ')].filter(Boolean).join(' '),
    inputs: shapes.map(shape => leaf(shape, dtype)),
    run,
    torch,
    mixes: true,
    ...more,
  }))
}

function python(value: number | 'fro' | boolean): string {
  if (value === 'fro') return "'fro'"
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value).replace('Infinity', 'inf')
}

const drivers = ['gelsy', 'gelsd', 'gelss'] as const
/** Of 1 / (i + j + 1), the inverse of which grows fast. */
const hilbert = [...Array(16).keys()].map(at => 1 / (Math.floor(at / 4) + (at % 4) + 1))
const steep = 'the inverse is so large that a step of 1e-6 is a long one'
const equal = 'vectors of equal values have no derivative, which the second derivatives of the values need'
const given = (shape: number[], values: number[]) => ({ shape, dtype: 'float64' as const, values, grad: true })
const constant = (shape: number[], values: number[]) => ({ ...given(shape, values), grad: false })

/** A case of matrices that are written out. */
function written(
  op: Case['op'],
  name: string,
  inputs: Case['inputs'],
  run: Case['run'],
  torch: string,
  kink?: string,
): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, mixes: true, ...(kink && { kink }) }
}

export const cases: Case[] = [
  ...([2, -2] as const).flatMap(ord =>
    [false, true].flatMap(keepdim =>
      matrices(
        'matrixNorm',
        `${ord}${keepdim ? ' keepdim' : ''}`,
        [[2, 3, 4]],
        (dt, x) => dt.linalg.matrixNorm(x, ord, { dim: [2, 0], keepdim }),
        `torch.linalg.matrix_norm(x0, ${ord}, (2, 0), keepdim=${python(keepdim)})`,
      ),
    ),
  ),
  ...matrices('matrixNorm', 'nuc', [[4, 3]], (dt, x) => dt.linalg.norm(x, 'nuc'), "torch.linalg.norm(x0, 'nuc')"),
  ...matrices(
    'svdvals',
    'torch.norm nuc',
    [[2, 4, 3]],
    (_, x) => x.norm('nuc', { dim: [0, 1], keepdim: true }),
    "torch.norm(x0, 'nuc', dim=(0, 1), keepdim=True)",
  ),
  ...matrices('cond', '2', [[2, 3, 3]], (dt, x) => dt.linalg.cond(x), 'torch.linalg.cond(x0)'),
  ...matrices('cond', 'nuc', [[2, 3, 3]], (dt, x) => dt.linalg.cond(x, 'nuc'), "torch.linalg.cond(x0, 'nuc')"),
  ...([1, -1, Infinity, -Infinity, 'fro'] as const).flatMap(p =>
    matrices(
      'cond',
      `${p}`,
      [[2, 3, 3]],
      (dt, x) => dt.linalg.cond(x, p),
      `(lambda p: torch.linalg.matrix_norm(x0, p) * torch.linalg.matrix_norm(torch.linalg.inv(x0), p))(${python(p)})`,
    ),
  ),
  ...matrices(
    'tensorinv',
    '',
    [[2, 3, 6]],
    (dt, x) => dt.linalg.tensorinv(x.add(dt.eye(6, { dtype: x.dtype, device: x.device }).mul(4).view(2, 3, 6))),
    'torch.linalg.tensorinv(x0 + 4 * torch.eye(6, dtype=x0.dtype).view(2, 3, 6))',
  ),
  ...matrices(
    'tensorsolve',
    '',
    [
      [2, 6, 3],
      [2, 3],
    ],
    (dt, x, b) => dt.linalg.tensorsolve(x, b, [1]),
    'torch.linalg.tensorsolve(x0, x1, dims=(1,))',
  ),
  ...matrices(
    'inv',
    'by matrixPower',
    [[2, 3, 3]],
    (dt, x) => dt.matrixPower(x.add(dt.eye(3, { dtype: x.dtype, device: x.device }).mul(4)), -2),
    'torch.matrix_power(x0 + 4 * torch.eye(3, dtype=x0.dtype), -2)',
  ),
  ...matrices('inverse', '', [[2, 3, 3]], (_, x) => x.inverse(), 'torch.inverse(x0)'),
  ...matrices('pinverse', '', [[2, 4, 3]], (_, x) => x.pinverse(), 'torch.pinverse(x0)'),
  ...matrices('orgqr', '', [[4, 3], [3]], (_, x, tau) => x.orgqr(tau!), 'torch.orgqr(x0, x1)'),
  ...[true, false].flatMap(upper =>
    matrices(
      'triangularSolve',
      upper ? 'upper transposed' : 'lower unit',
      [
        [2, 3, 2],
        [2, 3, 3],
      ],
      (dt, b, a) => {
        const raised = a!.add(dt.eye(3, { dtype: b.dtype, device: b.device }).mul(4))
        return b.triangularSolve(raised, upper, { transpose: upper, unitriangular: !upper })
      },
      `torch.triangular_solve(x0, x1 + 4 * torch.eye(3, dtype=x0.dtype), upper=${python(upper)}, ` +
        `transpose=${python(upper)}, unitriangular=${python(!upper)})`,
    ),
  ),
  ...(['float32', 'float64', 'float16', 'bfloat16'] as const).map(dtype => ({
    op: 'vectorNorm',
    name: `vectorNorm: ${dtype} 3 [2, 3, 4]`,
    inputs: [leaf([2, 3, 4], dtype)],
    run: ((dt, x) => dt.linalg.vectorNorm(x, 3, { dim: [0, -1], keepdim: true })) as Case['run'],
    torch: 'torch.linalg.vector_norm(x0, 3, (0, -1), keepdim=True)',
  })),
  ...drivers.flatMap(driver =>
    [
      [
        [2, 5, 3],
        [2, 5, 2],
      ],
      [
        [3, 5],
        [3, 2],
      ],
    ].flatMap(shapes =>
      matrices(
        'lstsq',
        driver,
        shapes,
        (dt, x, b) => dt.linalg.lstsq(x, b, { driver }).slice(0, driver === 'gelsy' ? 1 : 4) as Tensor[],
        `torch.linalg.lstsq(x0, x1, driver='${driver}')[:${driver === 'gelsy' ? 1 : 4}]`,
        { sequential: "CUDA has 'gels' alone" },
      ),
    ),
  ),
  ...drivers.map(driver => ({
    ...written(
      'lstsq',
      `${driver} of a matrix that has not full rank`,
      [constant([3, 2], [1, 2, 2, 4, 3, 6]), constant([3, 1], [1, 2, 4])],
      (dt, a, b) => dt.linalg.lstsq(a, b, { driver }),
      `torch.linalg.lstsq(x0.detach(), x1.detach(), driver='${driver}')`,
    ),
    sequential: "CUDA has 'gels' alone",
  })),
  written(
    'pinv',
    'of a matrix that has not full rank',
    [constant([3, 2], [1, 2, 2, 4, 3, 6])],
    (dt, a) => dt.linalg.pinv(a),
    'torch.linalg.pinv(x0.detach())',
  ),
  written(
    'matrixRank',
    'atol and rtol of each matrix',
    [constant([2, 2, 2], [1, 0, 0, 0.1, 4, 0, 0, 0.5]), constant([2], [0.2, 0]), constant([2], [0, 0.2])],
    (dt, a, atol, rtol) => dt.linalg.matrixRank(a, { atol, rtol }),
    'torch.linalg.matrix_rank(x0, atol=x1, rtol=x2)',
  ),
  written(
    'inv',
    'ill-conditioned',
    [given([4, 4], hilbert)],
    (dt, a) => dt.linalg.inv(a),
    'torch.linalg.inv(x0)',
    steep,
  ),
  written('det', 'ill-conditioned', [given([4, 4], hilbert)], (_, a) => a.det(), 'torch.linalg.det(x0)'),
  written(
    'solve',
    'ill-conditioned',
    [given([4, 4], hilbert), given([4], [1, 2, 3, 4])],
    (dt, a, b) => dt.linalg.solve(a, b),
    'torch.linalg.solve(x0, x1)',
    steep,
  ),
  written(
    'lstsq',
    'ill-conditioned',
    [given([4, 3], hilbert.slice(0, 12)), given([4, 1], [1, 2, 3, 4])],
    (dt, a, b) => dt.linalg.lstsq(a, b, { driver: 'gels' })[0],
    "torch.linalg.lstsq(x0, x1, driver='gels').solution",
  ),
  written(
    'slogdet',
    'singular',
    [constant([2, 2, 2], [1, 2, 2, 4, 0, 0, 0, 0])],
    (_, a) => a.slogdet(),
    'torch.linalg.slogdet(x0.detach())',
  ),
  written(
    'luFactorEx',
    'singular',
    [constant([2, 2, 2], [1, 2, 2, 4, 0, 1, 0, 2])],
    (dt, a) => dt.linalg.luFactorEx(a),
    'torch.linalg.lu_factor_ex(x0.detach())',
  ),
  written(
    'svdvals',
    'equal values',
    [given([3, 3], [2, 0, 0, 0, 2, 0, 0, 0, 2])],
    (dt, a) => dt.linalg.svdvals(a).sum(),
    'torch.linalg.svdvals(x0).sum()',
    equal,
  ),
  written(
    'eigvalsh',
    'equal values',
    [given([3, 3], [2, 0, 0, 0, 2, 0, 0, 0, 2])],
    (dt, a) => dt.linalg.eigvalsh(a).sum(),
    'torch.linalg.eigvalsh(x0).sum()',
    equal,
  ),
]
