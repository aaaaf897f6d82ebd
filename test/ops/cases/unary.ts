// Functions of one tensor and their in-place forms. What surprises: integers give float32, except where the result of
// an integer is one; halves round to the even neighbour; the sign of NaN is 0.

import { type Case, exact, floats, type Input, isHalf, leaf, type Values } from '../../support/case.ts'
import { inplaceUnary, unary } from '../../support/rows.ts'

const steps = 'constant but where it jumps'
// Where inverse functions are defined, and not steep.
const inside: Values = 'uniform'

const generic: Case[] = [
  ...unary({ op: 'exp', domain: 'normal', dtypes: 'all', rounds: true, path: true }),
  ...unary({ op: 'log', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'neg', domain: 'normal', dtypes: 'numbers' }),
  ...unary({ op: 'abs', domain: 'distinct', dtypes: 'numbers' }),
  ...unary({ op: 'sign', kink: steps, domain: 'distinct', dtypes: 'all' }),
  ...unary({ op: 'floor', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...unary({ op: 'ceil', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...unary({ op: 'round', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...unary({ op: 'trunc', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...unary({ op: 'reciprocal', domain: 'distinct', dtypes: 'all', rounds: true }),
  ...unary({ op: 'sqrt', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'rsqrt', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'sigmoid', domain: 'normal', dtypes: 'all', rounds: true }),
  ...unary({ op: 'tanh', domain: 'uniform', dtypes: 'all', rounds: true }),
  ...unary({ op: 'sin', domain: 'normal', dtypes: 'all', rounds: true }),
  ...unary({ op: 'cos', domain: 'normal', dtypes: 'all', rounds: true }),
  ...unary({ op: 'log1p', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'expm1', domain: 'normal', dtypes: 'all', rounds: true }),
  ...unary({ op: 'log2', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'log10', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'exp2', domain: 'normal', dtypes: 'all', rounds: true }),
  ...unary({ op: 'erf', domain: 'normal', dtypes: 'all', rounds: true }),
  ...unary({ op: 'erfc', domain: 'uniform', dtypes: 'all', rounds: true }),
  ...(['tan', 'atan', 'sinh', 'cosh', 'asinh', 'deg2rad', 'rad2deg'] as const).flatMap(op =>
    unary({ op, domain: 'normal', dtypes: 'all', rounds: true }),
  ),
  ...unary({ op: 'asin', domain: inside, whole: { integersBelow: 2 }, dtypes: 'all', rounds: true }),
  ...unary({ op: 'acos', domain: inside, whole: { integersBelow: 2 }, dtypes: 'all', rounds: true }),
  ...unary({ op: 'atanh', domain: inside, whole: { integersBelow: 1 }, dtypes: 'all', rounds: true }),
  ...unary({ op: 'acosh', domain: 'positive', dtypes: 'all', rounds: true, constant: true }),
  ...unary({ op: 'logit', domain: inside, whole: { integersBelow: 2 }, dtypes: 'all', rounds: true }),
  ...unary({ op: 'frac', domain: 'normal', dtypes: 'floats' }),
  ...unary({ op: 'isposinf', domain: 'normal', dtypes: 'all', constant: true }),
  ...unary({ op: 'isneginf', domain: 'normal', dtypes: 'all', constant: true }),
  ...unary({ op: 'signbit', domain: 'normal', dtypes: 'all', constant: true }),
  // Its gradient is the difference of two numbers that are close above 0: below it there are cases of their own.
  ...unary({ op: 'erfcx', domain: 'normal', dtypes: 'noHalves', rounds: true, constant: true }),
  ...unary({ op: 'ndtr', domain: 'uniform', whole: { integersBelow: 3 }, dtypes: 'all', rounds: true }),
  ...unary({ op: 'logNdtr', domain: 'normal', whole: { integersBelow: 3 }, dtypes: 'noHalves', rounds: true }),
  ...unary({ op: 'isnan', domain: 'normal', dtypes: 'all', constant: true }),
  ...unary({ op: 'isinf', domain: 'normal', dtypes: 'all', constant: true }),
  ...unary({ op: 'isfinite', domain: 'normal', dtypes: 'all', constant: true }),
  ...inplaceUnary({ op: 'neg_', domain: 'normal', dtypes: 'numbers' }),
  ...inplaceUnary({ op: 'abs_', domain: 'distinct', dtypes: 'numbers' }),
  ...inplaceUnary({ op: 'sign_', kink: steps, domain: 'distinct', dtypes: 'all' }),
  ...inplaceUnary({ op: 'floor_', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...inplaceUnary({ op: 'ceil_', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...inplaceUnary({ op: 'round_', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...inplaceUnary({ op: 'trunc_', kink: steps, domain: 'normal', dtypes: 'numbers' }),
  ...(['exp_', 'sigmoid_', 'tanh_', 'sin_', 'cos_', 'expm1_', 'exp2_', 'erf_', 'erfc_'] as const).flatMap(op =>
    inplaceUnary({ op, domain: 'uniform', dtypes: 'floats', rounds: true }),
  ),
  ...(['tan_', 'asin_', 'acos_', 'atan_', 'sinh_', 'cosh_'] as const).flatMap(op =>
    inplaceUnary({ op, domain: inside, dtypes: 'floats', rounds: true }),
  ),
  ...(['asinh_', 'atanh_'] as const).flatMap(op =>
    inplaceUnary({ op, domain: inside, dtypes: 'floats', rounds: true, ungraded: true }),
  ),
  ...(['deg2rad_', 'rad2deg_', 'logit_'] as const).flatMap(op =>
    inplaceUnary({ op, domain: inside, dtypes: 'floats', rounds: true }),
  ),
  ...inplaceUnary({ op: 'frac_', domain: 'normal', dtypes: 'floats' }),
  ...(['log_', 'reciprocal_', 'sqrt_', 'rsqrt_', 'log1p_', 'log2_', 'log10_'] as const).flatMap(op =>
    inplaceUnary({ op, domain: 'positive', dtypes: 'floats', rounds: true }),
  ),
]

function rounding(): Case[] {
  const halfway: Input = { shape: [7], dtype: 'float64', values: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5] }
  const make = (name: string, input: Input, run: Case['run'], torch: string): Case => ({
    ...{ op: 'round', name: `round: ${name}`, inputs: [input], run, torch, kink: steps },
    tolerance: input.dtype && isHalf(input.dtype) ? undefined : exact,
  })
  return [
    make('halves to even', halfway, (_, x) => x.round(), 'x0.round()'),
    make('no decimals', leaf([4], 'float32'), (_, x) => x.round({ decimals: 0 }), 'x0.round(decimals=0)'),
    ...floats.flatMap(dtype => {
      const tenths = leaf([5], dtype, { values: [0.126, -1.377, 2.248, 10.112, -0.003] })
      const tens = leaf([4], dtype, { values: [123, 57, -44, 18] })
      return [
        make(`${dtype} two decimals`, tenths, (_, x) => x.round({ decimals: 2 }), 'x0.round(decimals=2)'),
        make(`${dtype} whole tens`, tens, (_, x) => x.round({ decimals: -1 }), 'x0.round(decimals=-1)'),
      ]
    }),
    {
      ...make('in place', { shape: [4] }, (_, x) => x.round_({ decimals: 1 }), 'x0.round_(decimals=1)'),
      ...{ op: 'round_', name: 'round_: one decimal' },
    },
  ]
}

function chains(): Case[] {
  const five = (values: Input['values']): Input => leaf([5], 'float64', { values })
  const range = [1e-300, 1e-10, 0.5, 1, 1e10, 1e300]
  return [
    make('exp', 'of log', five('positive'), (_, x) => x.log().exp(), 'x0.log().exp()'),
    make('tanh', 'on both sides', leaf([7], 'float64', { values: 'distinct' }), (_, x) => x.tanh(), 'x0.tanh()'),
    make('exp', 'of exp', five('uniform'), (_, x) => x.exp().exp(), 'x0.exp().exp()'),
    {
      ...make('log', 'large range', leaf([6], 'float64', { values: range }), (_, x) => x.log(), 'x0.log()'),
      kink: 'a step of 1e-6 passes zero at 1e-300',
    },
    { ...make('neg', 'twice', leaf([3], 'float64'), (_, x) => x.neg().neg(), '-(-x0)'), tolerance: exact },
  ]
}

function belowZero(): Case[] {
  const values = [-2.5, -1.75, -1, -0.5, -0.25, -0.125]
  return (['float32', 'float64'] as const).map(dtype =>
    make(
      'erfcx',
      `${dtype} below 0`,
      leaf([2, 3], dtype, { values, layout: 'sliced' }),
      (dt, x) => dt.special.erfcx(x),
      'torch.special.erfcx(x0)',
    ),
  )
}

/** Beyond 1, where it is defined; `frexp`, which gives two tensors; what else has options. */
function others(): Case[] {
  const above = [1.25, 1.5, 2, 3.75, 10.5, 101]
  const odd = [0, -0, 1, -1, 0.75, 6, 1e-40, -3e38, Number.NaN, Infinity]
  return [
    ...floats.flatMap(dtype => [
      make('acosh', `${dtype} above 1`, leaf([2, 3], dtype, { values: above }), (_, x) => x.acosh(), 'x0.acosh()'),
      {
        ...make(
          'acosh_',
          `${dtype} [6]`,
          { shape: [6], dtype, values: above },
          (_, x) => x.acosh_(),
          'x0.detach().acosh_()',
        ),
        tolerance: undefined,
      },
      make(
        'acosh_',
        `${dtype} in a graph`,
        leaf([6], dtype, { values: above }),
        (_, x) => x.clone().acosh_(),
        'x0.acosh()',
      ),
      make(
        'logit',
        `${dtype} eps`,
        leaf([7], dtype, { values: [-1, 0, 0.1, 0.4, 0.7, 0.9, 2] }),
        (_, x) => x.logit(0.2),
        'x0.logit(0.2)',
      ),
      {
        ...make(
          'frexp',
          dtype,
          leaf([2, 5], dtype, { layout: 'sliced' }),
          (_, x) => Object.values(x.frexp()),
          'torch.frexp(x0)',
        ),
        kink: 'the exponent jumps, and numbers near 0 are less than a step away from it',
      },
      make(
        'frexp',
        `${dtype} odd`,
        { shape: [10], dtype, values: odd },
        (_, x) => x.frexp().mantissa,
        'torch.frexp(x0)[0]',
      ),
    ]),
  ]
}

function make(op: string, name: string, input: Input, run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run, torch }
}

export const cases: Case[] = [...generic, ...rounding(), ...chains(), ...belowZero(), ...others()]
