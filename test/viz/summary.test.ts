// Tables against torchinfo's own text (test/golden/pictures.json), and the numbers in them.
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { nn, type Tensor, zeros } from '../../src/index.ts'
import { summary } from '../../src/viz/index.ts'

const { tables } = JSON.parse(readFileSync(new URL('../golden/pictures.json', import.meta.url), 'utf8'))

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 6, 5, { padding: 2 })
  first = new nn.Linear(1176, 32)
  again = new nn.Linear(32, 32, { bias: false })
  out = new nn.Sequential(new nn.Dropout(0.5), new nn.Linear(32, 10), new nn.LogSoftmax(1))
  act = new nn.ReLU()

  forward(images: Tensor): Tensor {
    const x = nn.functional.maxPool2d(this.act(this.conv(images)), 2).flatten(1)
    return this.out(this.again(this.again(this.act(this.first(x)))))
  }
}

class Blocks extends nn.Module<[Tensor, Tensor], [Tensor, Tensor]> {
  blocks = new nn.ModuleList([new nn.Linear(4, 4), new nn.Linear(4, 4)])

  forward(x: Tensor, y: Tensor): [Tensor, Tensor] {
    const [first, second] = [...this.blocks]
    return [first!(x), second!(y)]
  }
}

const frozen = new nn.Sequential(new nn.Linear(4, 8), new nn.Linear(8, 3))
frozen.children()[0]!.requiresGrad_(false)

test.each([
  ['net', () => summary(new Net(), [64, 1, 28, 28])],
  ['shallow', () => summary(new Net(), [64, 1, 28, 28], { depth: 1 })],
  ['frozen', () => summary(frozen, [16, 4])],
])("the table of %s is torchinfo's", (name, make) => {
  const made = make()
  expect(inspect(made)).toBe(tables[name].text)
  expect(made.multAdds).toBe(tables[name].multAdds)
})

test('the numbers', () => {
  const made = summary(frozen, [16, 4], 'float32')
  expect(made).toMatchObject({ parameters: 67, trainable: 27, multAdds: 16 * 67, parameterBytes: 268, inputBytes: 256 })
  expect(made.outputBytes).toBe(2 * 4 * 16 * (8 + 3))
  expect(made.layers.map(({ name, type, outputShape }) => [name, type, ...outputShape])).toEqual([
    ['', 'Sequential', 16, 3],
    ['0', 'Linear', 16, 8],
    ['1', 'Linear', 16, 3],
  ])
})

test('several inputs, several outputs, and layers in a list', () => {
  const made = summary(new Blocks(), [
    [2, 4],
    [3, 4],
  ])
  expect(made.layers.map(({ name, outputShape, parameters }) => [name, [...outputShape], parameters])).toEqual([
    ['', [2, 4], 40],
    ['blocks', [], 40],
    ['blocks.0', [2, 4], 20],
    ['blocks.1', [3, 4], 20],
  ])
})

test('the model is afterwards as it was', () => {
  const model = new Net()
  model.out.eval()
  summary(model, [1, 1, 28, 28])
  expect(model.modules().map(module => module.training)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    true,
  ])
  let calls = 0
  class Failing extends nn.Module {
    layer = new nn.Linear(2, 2)
    forward(): Tensor {
      calls++
      throw new Error('no')
    }
  }
  const failing = new Failing()
  expect(() => summary(failing, [1, 2])).toThrow('no')
  expect(() => failing(zeros(1))).toThrow('no')
  expect([calls, failing.training, failing.layer.training]).toEqual([2, true, true])
})

test('wrong calls', () => {
  const shape = 'summary: expected the shape of a batch, such as [1, 3, 32, 32], got '
  const calls: [() => unknown, string][] = [
    [() => summary(3 as never, [1]), 'summary: expected a module, got a number'],
    [() => summary(frozen, 3 as never), `${shape}3`],
    [() => summary(frozen, []), `${shape}[]`],
    [() => summary(frozen, [[1, 4], [0]]), `${shape}[ [ 1, 4 ], [ 0 ] ]`],
    [() => summary(frozen, [1, 4], { depth: -1 }), 'summary: depth must be 0 or more: -1'],
    [() => summary(frozen, [1, 4], { maxDepth: 1 } as never), "summary: unknown option 'maxDepth'"],
  ]
  for (const [call, message] of calls) expect(call).toThrow(message)
})
