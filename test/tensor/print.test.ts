// The text of tensors, compared with what PyTorch 2.13 prints for the same values: each expected text is the output of
// `print(...)` of the expression beside it, translated to Python; those of scripts/golden/printing.py are in a file.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  arange,
  full,
  nn,
  ones,
  type PrintoptionsOptions,
  setPrintoptions,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts'
import { golden, type Stored } from '../support/golden.ts'
import { flat } from '../support/layout.ts'

const cases: [make: () => Tensor, text: string][] = [
  [() => tensor(2.14159), 'tensor(2.1416)'],
  [() => tensor(2), 'tensor(2.)'],
  [() => tensor(7n), 'tensor(7)'],
  [() => tensor(true), 'tensor(True)'],
  [() => tensor([1, 2, 3]), 'tensor([1., 2., 3.])'],
  [() => tensor([1n, -20n, 300n]), 'tensor([  1, -20, 300])'],
  [() => tensor([true, false]), 'tensor([ True, False])'],
  [() => tensor([0, 255], { dtype: 'uint8' }), 'tensor([  0, 255], dtype=torch.uint8)'],
  [() => tensor([1.5, 2], { dtype: 'float64' }), 'tensor([1.5000, 2.0000], dtype=torch.float64)'],
  [
    () =>
      tensor([
        [1, 2.5],
        [-3, 4],
      ]),
    `tensor([[ 1.0000,  2.5000],
        [-3.0000,  4.0000]])`,
  ],
  [() => tensor([0.1, 2.5], { dtype: 'float16' }), 'tensor([0.1000, 2.5000], dtype=torch.float16)'],
  [() => tensor([0.1, 2.5], { dtype: 'bfloat16' }), 'tensor([0.1001, 2.5000], dtype=torch.bfloat16)'],
  [() => tensor([1, 2, 3], { dtype: 'float16' }), 'tensor([1., 2., 3.], dtype=torch.float16)'],
  [() => tensor(2.14159, { dtype: 'bfloat16' }), 'tensor(2.1406, dtype=torch.bfloat16)'],
  [() => tensor([65504, 1], { dtype: 'float16' }), 'tensor([6.5504e+04, 1.0000e+00], dtype=torch.float16)'],
  [() => tensor([6e-8, 1], { dtype: 'float16' }), 'tensor([5.9605e-08, 1.0000e+00], dtype=torch.float16)'],
  [() => tensor([1, Infinity, NaN], { dtype: 'float16' }), 'tensor([1., inf, nan], dtype=torch.float16)'],
  [() => tensor([3e38, 1e-40], { dtype: 'bfloat16' }), 'tensor([3.0041e+38, 9.1835e-41], dtype=torch.bfloat16)'],
  [() => tensor([-0, 0.5], { dtype: 'float16' }), 'tensor([-0.0000, 0.5000], dtype=torch.float16)'],
  [() => zeros(0, 3, { dtype: 'float16' }), 'tensor([], size=(0, 3), dtype=torch.float16)'],
  [
    () => tensor([[0.1], [0.2]], { dtype: 'bfloat16', requiresGrad: true }).mul(2),
    `tensor([[0.2002],
        [0.4004]], dtype=torch.bfloat16, grad_fn=<MulBackward0>)`,
  ],
  [
    () => full([30, 40], 0.1, { dtype: 'float16' }),
    `tensor([[0.1000, 0.1000, 0.1000,  ..., 0.1000, 0.1000, 0.1000],
        [0.1000, 0.1000, 0.1000,  ..., 0.1000, 0.1000, 0.1000],
        [0.1000, 0.1000, 0.1000,  ..., 0.1000, 0.1000, 0.1000],
        ...,
        [0.1000, 0.1000, 0.1000,  ..., 0.1000, 0.1000, 0.1000],
        [0.1000, 0.1000, 0.1000,  ..., 0.1000, 0.1000, 0.1000],
        [0.1000, 0.1000, 0.1000,  ..., 0.1000, 0.1000, 0.1000]],
       dtype=torch.float16)`,
  ],
  [() => tensor([1, -20, 300], { dtype: 'int32' }), 'tensor([  1, -20, 300], dtype=torch.int32)'],
  [() => tensor(-7, { dtype: 'int16' }), 'tensor(-7, dtype=torch.int16)'],
  [() => tensor([-128, 127], { dtype: 'int8' }), 'tensor([-128,  127], dtype=torch.int8)'],
  [
    () => arange(24, { dtype: 'int16' }),
    `tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23], dtype=torch.int16)`,
  ],
  [() => arange(1001, { dtype: 'int32' }), 'tensor([   0,    1,    2,  ...,  998,  999, 1000], dtype=torch.int32)'],
  [() => zeros(2, 0, { dtype: 'int8' }), 'tensor([], size=(2, 0), dtype=torch.int8)'],
  [() => tensor([]), 'tensor([])'],
  [() => tensor([], { dtype: 'int64' }), 'tensor([], dtype=torch.int64)'],
  [() => zeros(0, 3), 'tensor([], size=(0, 3))'],
  [() => zeros(2, 0, { dtype: 'bool' }), 'tensor([], size=(2, 0), dtype=torch.bool)'],
  [
    () => zeros(2, 2),
    `tensor([[0., 0.],
        [0., 0.]])`,
  ],
  [() => tensor([-0, 0]), 'tensor([-0., 0.])'],
  [() => tensor([-0, 0.5]), 'tensor([-0.0000, 0.5000])'],
  [() => tensor([0.03125, 0.09375, -0.03125]), 'tensor([ 0.0312,  0.0938, -0.0312])'],
  [() => tensor([0.00005, 0.5]), 'tensor([5.0000e-05, 5.0000e-01])'],
  [() => tensor([1e-5, 1]), 'tensor([1.0000e-05, 1.0000e+00])'],
  [() => tensor([1000, 1]), 'tensor([1000.,    1.])'],
  [() => tensor([1001, 1]), 'tensor([1.0010e+03, 1.0000e+00])'],
  [() => tensor([1001.5, 1.5]), 'tensor([1001.5000,    1.5000])'],
  [() => tensor([1e8, 1e8]), 'tensor([100000000., 100000000.])'],
  [() => tensor([2e8, 1e8]), 'tensor([2.0000e+08, 1.0000e+08])'],
  [() => tensor([100005000, 300000000], { dtype: 'float64' }), 'tensor([1.0000e+08, 3.0000e+08], dtype=torch.float64)'],
  [() => tensor([100015000, 300000000], { dtype: 'float64' }), 'tensor([1.0002e+08, 3.0000e+08], dtype=torch.float64)'],
  [() => tensor([1e-10, 2e-10]), 'tensor([1.0000e-10, 2.0000e-10])'],
  [() => tensor([1e-300, -1e-299], { dtype: 'float64' }), 'tensor([ 1.0000e-300, -1.0000e-299], dtype=torch.float64)'],
  [() => tensor([1, Infinity, -Infinity, NaN]), 'tensor([1., inf, -inf, nan])'],
  [() => tensor([1.5, Infinity, NaN]), 'tensor([1.5000,    inf,    nan])'],
  [() => tensor([Infinity, NaN]), 'tensor([inf, nan])'],
  [() => tensor([0, NaN, -Infinity]), 'tensor([0., nan, -inf])'],
  [() => tensor([1e10, NaN]), 'tensor([1.0000e+10,        nan])'],
  [() => tensor([0.1, 0.2], { requiresGrad: true }), 'tensor([0.1000, 0.2000], requires_grad=True)'],
  [
    () => tensor([[0.1], [0.2]], { requiresGrad: true }).mul(2),
    `tensor([[0.2000],
        [0.4000]], grad_fn=<MulBackward0>)`,
  ],
  [
    () => arange(8).view(2, 2, 2),
    `tensor([[[0, 1],
         [2, 3]],

        [[4, 5],
         [6, 7]]])`,
  ],
  [
    () => arange(16).view(2, 2, 2, 2).float(),
    `tensor([[[[ 0.,  1.],
          [ 2.,  3.]],

         [[ 4.,  5.],
          [ 6.,  7.]]],


        [[[ 8.,  9.],
          [10., 11.]],

         [[12., 13.],
          [14., 15.]]]])`,
  ],
  [
    () => arange(30),
    `tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])`,
  ],
  [
    () => arange(40).float().div(7),
    `tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000, 1.1429,
        1.2857, 1.4286, 1.5714, 1.7143, 1.8571, 2.0000, 2.1429, 2.2857, 2.4286,
        2.5714, 2.7143, 2.8571, 3.0000, 3.1429, 3.2857, 3.4286, 3.5714, 3.7143,
        3.8571, 4.0000, 4.1429, 4.2857, 4.4286, 4.5714, 4.7143, 4.8571, 5.0000,
        5.1429, 5.2857, 5.4286, 5.5714])`,
  ],
  [
    () => arange(30).view(1, 30).double(),
    `tensor([[ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,
         14., 15., 16., 17., 18., 19., 20., 21., 22., 23., 24., 25., 26., 27.,
         28., 29.]], dtype=torch.float64)`,
  ],
  [() => arange(1001), 'tensor([   0,    1,    2,  ...,  998,  999, 1000])'],
  [
    () => arange(1200).view(30, 40),
    `tensor([[   0,    1,    2,  ...,   37,   38,   39],
        [  40,   41,   42,  ...,   77,   78,   79],
        [  80,   81,   82,  ...,  117,  118,  119],
        ...,
        [1080, 1081, 1082,  ..., 1117, 1118, 1119],
        [1120, 1121, 1122,  ..., 1157, 1158, 1159],
        [1160, 1161, 1162,  ..., 1197, 1198, 1199]])`,
  ],
  [
    () => arange(1200).view(5, 240).float(),
    `tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 2.3700e+02, 2.3800e+02,
         2.3900e+02],
        [2.4000e+02, 2.4100e+02, 2.4200e+02,  ..., 4.7700e+02, 4.7800e+02,
         4.7900e+02],
        [4.8000e+02, 4.8100e+02, 4.8200e+02,  ..., 7.1700e+02, 7.1800e+02,
         7.1900e+02],
        [7.2000e+02, 7.2100e+02, 7.2200e+02,  ..., 9.5700e+02, 9.5800e+02,
         9.5900e+02],
        [9.6000e+02, 9.6100e+02, 9.6200e+02,  ..., 1.1970e+03, 1.1980e+03,
         1.1990e+03]])`,
  ],
  [
    () => arange(2400).view(2, 3, 400),
    `tensor([[[   0,    1,    2,  ...,  397,  398,  399],
         [ 400,  401,  402,  ...,  797,  798,  799],
         [ 800,  801,  802,  ..., 1197, 1198, 1199]],

        [[1200, 1201, 1202,  ..., 1597, 1598, 1599],
         [1600, 1601, 1602,  ..., 1997, 1998, 1999],
         [2000, 2001, 2002,  ..., 2397, 2398, 2399]]])`,
  ],
  [
    () => zeros(20, 10, 10),
    `tensor([[[0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         ...,
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.]],

        [[0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         ...,
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.]],

        [[0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         ...,
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.]],

        ...,

        [[0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         ...,
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.]],

        [[0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         ...,
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.]],

        [[0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         ...,
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.],
         [0., 0., 0.,  ..., 0., 0., 0.]]])`,
  ],
  [
    () => arange(10000).float().div(3),
    `tensor([0.0000e+00, 3.3333e-01, 6.6667e-01,  ..., 3.3323e+03, 3.3327e+03,
        3.3330e+03])`,
  ],
  [() => full([3], 123456789), 'tensor([1.2346e+08, 1.2346e+08, 1.2346e+08])'],
  [() => tensor([99999.5, 1]), 'tensor([1.0000e+05, 1.0000e+00])'],
  [() => tensor([16777216, 3], { dtype: 'float64' }), 'tensor([1.6777e+07, 3.0000e+00], dtype=torch.float64)'],
  [
    () => arange(12).view(1, 12).float().div(7).requiresGrad_(),
    `tensor([[0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000, 1.1429,
         1.2857, 1.4286, 1.5714]], requires_grad=True)`,
  ],
  [
    () => arange(9).float().div(7).requiresGrad_(),
    `tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000, 1.1429],
       requires_grad=True)`,
  ],
  [
    () => arange(8).double().div(7).requiresGrad_(),
    `tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000],
       dtype=torch.float64, requires_grad=True)`,
  ],
  [
    () => arange(6).double().div(7).requiresGrad_().mul(3),
    `tensor([0.0000, 0.4286, 0.8571, 1.2857, 1.7143, 2.1429], dtype=torch.float64,
       grad_fn=<MulBackward0>)`,
  ],
  [
    () => ones(3).view(3, 1).expand(3, 2).requiresGrad_(),
    `tensor([[1., 1.],
        [1., 1.],
        [1., 1.]], requires_grad=True)`,
  ],
  [
    () => arange(6).view(2, 3).t(),
    `tensor([[0, 3],
        [1, 4],
        [2, 5]])`,
  ],
]

for (const [make, text] of cases) {
  test(make.toString().slice(6), () => {
    expect(make().toString()).toBe(text)
  })
}

interface Printed extends Stored {
  kind: '' | 'leaf' | 'graph'
  /** By PyTorch's names. */
  options: { sci_mode?: boolean } & Omit<PrintoptionsOptions, 'sciMode'>
  text: string
}

test('with all print options', () => {
  const wrong: string[] = []
  for (const [name, { dtype, shape, data, kind, options, text }] of Object.entries(
    golden<Printed>('printing').entries,
  )) {
    const { sci_mode: sciMode, ...others } = options
    const x = flat(data, dtype).cpu().view(shape)
    if (kind !== '') x.requiresGrad_()
    setPrintoptions({ ...others, sciMode })
    const got = String(kind === 'graph' ? x.view(shape) : x)
    setPrintoptions({ profile: 'default' })
    if (got !== text) wrong.push(`${name}\n${got}\nPyTorch:\n${text}`)
  }
  expect(wrong.join('\n\n')).toBe('')
})

test('what is left out of the options stays, but for sciMode', () => {
  const text = () => String(tensor([1.5, 2000]))
  setPrintoptions(2, { sciMode: true })
  expect(text()).toBe('tensor([1.50e+00, 2.00e+03])')
  setPrintoptions({ linewidth: 100 })
  expect(text()).toBe('tensor([1.50e+00, 2.00e+03])') // now because 2000 is more than 1000 times 1.5
  setPrintoptions({ sciMode: false })
  expect(text()).toBe('tensor([   1.50, 2000.00])')
  setPrintoptions({ profile: 'default' })
  expect(text()).toBe('tensor([1.5000e+00, 2.0000e+03])')
})

test('wrong print options', () => {
  expect(() => setPrintoptions({ precision: -1 })).toThrow(
    'setPrintoptions: precision must be an integer from 0 to 100, got -1',
  )
  expect(() => setPrintoptions({ edgeitems: 1.5 })).toThrow(
    'setPrintoptions: edgeitems must be an integer of 0 or more, got 1.5',
  )
  expect(() => setPrintoptions({ linewidth: '80' as never })).toThrow(
    'setPrintoptions: linewidth: expected a number, got a string',
  )
  expect(() => setPrintoptions({ profile: 'long' as never })).toThrow(
    "setPrintoptions: unknown profile 'long'; known are default, short, full",
  )
  expect(() => setPrintoptions({ sciMode: 1 as never })).toThrow(
    'setPrintoptions: sciMode: expected true or false, got a number',
  )
})

test('tensors and parameters print themselves in the console', () => {
  expect(inspect({ x: tensor([1, 2]) })).toBe('{ x: tensor([1., 2.]) }')
  // print(torch.nn.Parameter(torch.ones(2)))
  expect(inspect(new nn.Parameter(ones(2)))).toBe('Parameter containing:\ntensor([1., 1.], requires_grad=True)')
})

test('graph nodes print their names', () => {
  const y = ones(2, { requiresGrad: true }).mul(2).sum()
  expect(inspect(y.gradFn)).toBe('<SumBackward0>')
  expect(y.gradFn!.nextFunctions[0]![0]!.name).toBe('MulBackward0')
  expect(y.gradFn!.nextFunctions[0]![0]!.nextFunctions.map(String)).toEqual(['<AccumulateGrad>,0', ',0'])
})
