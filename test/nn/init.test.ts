// Initialisation draws PyTorch's numbers. Expected values were printed by PyTorch 2.13 from the lines in the comments.
import { expect, test } from 'vitest'
import { empty, manualSeed, nn, type Tensor } from '../../src/index.ts'

const flat = (x: Tensor) => Array.from(x.toTypedArray() as Float32Array)

function expectClose(x: Tensor, values: number[]): void {
  expect(x.numel()).toBe(values.length)
  for (const [i, value] of flat(x).entries()) expect(value).toBeCloseTo(values[i]!, 6)
}

test('layers draw their weight, then their bias', () => {
  // torch.manual_seed(0); l = nn.Linear(3, 2); c = nn.Conv2d(2, 2, (1, 2), groups=2)
  manualSeed(0)
  const linear = new nn.Linear(3, 2)
  const conv = new nn.Conv2d(2, 2, [1, 2], { groups: 2 })
  expectClose(linear.weight, [-0.0043225, 0.3097158, -0.4751853, -0.4248946, -0.222369, 0.1548207])
  expectClose(linear.bias!, [-0.0114391, 0.4577749])
  expectClose(conv.weight, [-0.0627515, 0.1871093, -0.2136969, -0.1389927])
  expectClose(conv.bias!, [-0.6755334, -0.4683042])
})

test('initialisers one after the other', () => {
  // torch.manual_seed(1); w = torch.empty(2, 3); print(f(w)) for each of the functions below
  const { init } = nn
  const rows: [run: (w: Tensor) => Tensor, values: number[]][] = [
    [w => init.kaimingUniform_(w), [0.7286922, -0.6242031, -0.2741615, 0.6637879, -1.3313928, 0.8481283]],
    [
      w => init.kaimingNormal_(w, { mode: 'fan_out', nonlinearity: 'relu' }),
      [0.5635512, 1.1430565, 0.8590086, 0.7055923, -0.340555, -1.27199],
    ],
    [w => init.xavierUniform_(w), [0.9576017, 0.3408917, -0.4079506, -0.6616066, -0.1836137, -0.4725101]],
    [w => init.xavierNormal_(w, 2), [-0.2473022, -1.2214435, 0.5343178, 0.3381322, -0.5327744, -0.6459901]],
    [w => init.uniform_(w, -1, 3), [2.7562234, 0.666862, 1.8559189, 0.0705771, 2.962436, 0.1538031]],
    [w => init.normal_(w, 1, 0.5), [2.0565038, 0.9980052, 1.6900053, 0.3247474, 1.1727377, 1.2522889]],
    [w => init.ones_(w), [1, 1, 1, 1, 1, 1]],
    [w => init.zeros_(w), [0, 0, 0, 0, 0, 0]],
  ]
  manualSeed(1)
  const w = new nn.Parameter(empty(2, 3))
  for (const [run, values] of rows) expectClose(run(w), values)
})

test('a layer without inputs is made as in PyTorch, whose He initialisation leaves a tensor without elements alone', () => {
  const linear = new nn.Linear(0, 2)
  expect([linear.weight.shape, linear.bias!.toArray()]).toEqual([
    [2, 0],
    [0, 0],
  ])
  expect(new nn.Conv2d(0, 2, 3).weight.shape).toEqual([2, 0, 3, 3])
})

test('fans and gains', () => {
  const { init } = nn
  expect(init.calculateFanInAndFanOut(empty(6, 4, 3, 5))).toEqual([60, 90])
  expect(init.calculateGain('leaky_relu')).toBe(1.4141428569978354)
  expect(init.calculateGain('leaky_relu', 0.2)).toBe(1.3867504905630728)
  expect(init.calculateGain('tanh')).toBe(1.6666666666666667)
  expect(() => init.kaimingUniform_(empty(2))).toThrow(
    'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
  )
})
