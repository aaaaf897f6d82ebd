// Activations as layers: how they print, as PyTorch 2.13 printed them, and what they do beside calling their function,
// whose values are among the cases of the ops.
import { expect, test } from 'vitest'
import { ArgumentError, manualSeed, nn, tensor } from '../../src/index.ts'

const numbers = (data: Iterable<unknown>) => [...data].map(Number)

const printed: [make: () => nn.AnyModule, text: string][] = [
  [() => new nn.Tanh(), 'Tanh()'],
  [() => new nn.Sigmoid(), 'Sigmoid()'],
  [() => new nn.ReLU(true), 'ReLU(inplace=True)'],
  [() => new nn.ReLU({ inplace: false }), 'ReLU()'],
  [() => new nn.ReLU6(), 'ReLU6()'],
  [() => new nn.ReLU6(true), 'ReLU6(inplace=True)'],
  [() => new nn.LeakyReLU(), 'LeakyReLU(negative_slope=0.01)'],
  [() => new nn.LeakyReLU(0.2, { inplace: true }), 'LeakyReLU(negative_slope=0.2, inplace=True)'],
  [() => new nn.PReLU(), 'PReLU(num_parameters=1)'],
  [() => new nn.PReLU(3), 'PReLU(num_parameters=3)'],
  [() => new nn.RReLU(), 'RReLU(lower=0.125, upper=0.3333333333333333)'],
  [() => new nn.RReLU(0.1, { upper: 0.3, inplace: true }), 'RReLU(lower=0.1, upper=0.3, inplace=True)'],
  [() => new nn.ELU(), 'ELU(alpha=1.0)'],
  [() => new nn.ELU(0.5, { inplace: true }), 'ELU(alpha=0.5, inplace=True)'],
  [() => new nn.SELU(), 'SELU()'],
  [() => new nn.SELU(true), 'SELU(inplace=True)'],
  [() => new nn.CELU(1.5), 'CELU(alpha=1.5)'],
  [() => new nn.GELU(), "GELU(approximate='none')"],
  [() => new nn.GELU({ approximate: 'tanh' }), "GELU(approximate='tanh')"],
  [() => new nn.SiLU(), 'SiLU()'],
  [() => new nn.SiLU(true), 'SiLU(inplace=True)'],
  [() => new nn.Softplus(), 'Softplus(beta=1.0, threshold=20.0)'],
  [() => new nn.Softplus(2, { threshold: 10 }), 'Softplus(beta=2.0, threshold=10.0)'],
  [() => new nn.Hardtanh(), 'Hardtanh(min_val=-1.0, max_val=1.0)'],
  [() => new nn.Hardtanh(-2, { maxVal: 0.5, inplace: true }), 'Hardtanh(min_val=-2.0, max_val=0.5, inplace=True)'],
  [() => new nn.Threshold(0.1, 20), 'Threshold(threshold=0.1, value=20)'],
  [() => new nn.Threshold(0.1, 20, true), 'Threshold(threshold=0.1, value=20, inplace=True)'],
  [() => new nn.LogSigmoid(), 'LogSigmoid()'],
  [() => new nn.Softsign(), 'Softsign()'],
]

for (const [make, text] of printed) {
  test(text, () => {
    const layer = make()
    expect(String(layer)).toBe(text)
    const x = tensor([[-1, 0.25, 2]], { dtype: 'float32' })
    const y = layer(x) as typeof x
    expect(y.shape).toEqual([1, 3])
    expect(y === x).toBe(text.includes('inplace=True'))
  })
}

test('PReLU learns its factors', () => {
  const layer = new nn.PReLU(2, { init: 0.5 })
  expect(Object.keys(layer.stateDict())).toEqual(['weight'])
  const x = tensor([
    [-1, 2],
    [-3, -4],
  ])
  const y = layer(x)
  expect(numbers(y.toTypedArray())).toEqual([-0.5, 2, -1.5, -2])
  y.sum().backward()
  expect(numbers(layer.weight.grad!.toTypedArray())).toEqual([-4, -4])
})

test('RReLU draws as PyTorch does in training, and takes the middle in evaluation', () => {
  const layer = new nn.RReLU()
  const x = tensor([-1, 2, -3, -4, 0.5, -0, -7], { requiresGrad: true })
  manualSeed(0)
  const y = layer(x)
  y.sum().backward()
  const slopes = [
    0.3270943760871887, 1, 0.27246248722076416, 0.22070477902889252, 1, 0.31682243943214417, 0.259380042552948,
  ]
  expect(numbers(x.grad!.toTypedArray())).toEqual(slopes)
  layer.eval()
  expect(layer(tensor([-24])).item()).toBeCloseTo(-5.5, 5)
})

test('what activations refuse', () => {
  expect(() => new nn.ReLU('yes' as unknown as boolean)).toThrow('ReLU: inplace: expected true or false, got a string')
  expect(() => nn.functional.celu(tensor([1]), 0)).toThrow(ArgumentError)
  expect(() => nn.functional.hardtanh(tensor([1]), 1, { maxVal: 0 })).toThrow(
    'hardtanh: minVal 1 is larger than maxVal 0',
  )
  expect(() => nn.functional.leakyRelu(tensor([1]), -1, { inplace: true })).toThrow(
    'leakyRelu_: the slope must not be negative, got -1: the result would not tell on which side of zero x was',
  )
  expect(() => nn.functional.prelu(tensor([[1, 2]]), tensor([1, 2, 3]))).toThrow(
    'prelu: expected a weight of shape [1] or [2], one for each channel, got [3]',
  )
  expect(() => nn.functional.gelu(tensor([1], { dtype: 'int64' }))).toThrow(
    "gelu: not implemented for int64; convert with x.to('float32')",
  )
})
