// The graph of a model: its layers with parameters and shapes, and how they are connected, also through ops between
// them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { nn, ones, type Tensor, tensor } from '../../src/index.ts'
import { SummaryWriter } from '../../src/tensorboard/index.ts'
import { written } from './read.ts'

const root = mkdtempSync(join(tmpdir(), 'dtrain-graph-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

interface Stored {
  name: string
  op: string
  input?: string[]
  attr: { attr: { s?: string }; _output_shapes: { list: { shape: { dim?: { size: string }[] }[] } } }
}

/** Each node as `name: op(inputs) [shape]`. */
function graphOf(model: nn.Module, input: Tensor | unknown[]): string[] {
  const folder = join(root, String(folders++))
  const writer = new SummaryWriter(folder)
  writer.addGraph(model as never, input)
  writer.close()
  const [, graph, metadata] = written(folder)['.'] as [unknown, { graphDef: { node: Stored[] } }, unknown]
  expect(metadata).toMatchObject({ taggedRunMetadata: { tag: 'step1' } })
  return graph.graphDef.node.map(({ name, op, input = [], attr }) => {
    const [shape] = attr._output_shapes.list.shape
    return `${name}: ${op}(${input.join(', ')}) [${(shape?.dim ?? []).map(({ size }) => size).join(', ')}]`
  })
}

test('layers in a row', () => {
  const model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2, { bias: false }))
  expect(graphOf(model, ones(5, 4))).toEqual([
    'input/x: IO Node() [5, 4]',
    'Sequential/Linear[0]/weight: Parameter() [3, 4]',
    'Sequential/Linear[0]/bias: Parameter() [3]',
    'Sequential/Linear[0]/forward: Linear(input/x, Sequential/Linear[0]/weight, Sequential/Linear[0]/bias) [5, 3]',
    'Sequential/ReLU[1]/forward: ReLU(Sequential/Linear[0]/forward) [5, 3]',
    'Sequential/Linear[2]/weight: Parameter() [2, 3]',
    'Sequential/Linear[2]/forward: Linear(Sequential/ReLU[1]/forward, Sequential/Linear[2]/weight) [5, 2]',
    'output/output.1: IO Node(Sequential/Linear[2]/forward) [5, 2]',
  ])
})

class Block extends nn.Module {
  fc = new nn.Linear(3, 3, { bias: false })
  scale = new nn.Parameter(ones(3))

  forward(x: Tensor): Tensor {
    return this.fc(this.fc(x).relu_()).mul(this.scale).add(x) // the layer twice, its output changed in place
  }
}

class Net extends nn.Module<[Tensor, Tensor], { y: Tensor; classes: Tensor }> {
  block = new Block()
  drop = new nn.Dropout(0.5)

  forward(x: Tensor, which: Tensor): { y: Tensor; classes: Tensor } {
    return { y: this.drop(this.block(x.div(2))), classes: which }
  }
}

test('ops between layers, a layer called twice, several inputs and outputs', () => {
  const net = new Net()
  net.block.eval()
  expect(graphOf(net as never, [ones(2, 3), tensor([1, 2], { dtype: 'int64' })])).toEqual([
    'Net/Block[block]/scale: Parameter() [3]',
    'input/x: IO Node() [2, 3]',
    'input/x_1: IO Node() [2]',
    'Net/Div: Div(input/x) [2, 3]',
    'Net/Block[block]/Linear[fc]/weight: Parameter() [3, 3]',
    'Net/Block[block]/Linear[fc]/forward: Linear(Net/Div, Net/Block[block]/Linear[fc]/weight) [2, 3]',
    'Net/Block[block]/Relu: Relu(Net/Block[block]/Linear[fc]/forward) [2, 3]',
    'Net/Block[block]/Linear[fc]/forward_1: Linear(Net/Block[block]/Relu, Net/Block[block]/Linear[fc]/weight) [2, 3]',
    'Net/ops: Mul, Add(Net/Block[block]/scale, Net/Div, Net/Block[block]/Linear[fc]/forward_1) [2, 3]',
    'Net/Dropout[drop]/forward: Dropout(Net/ops) [2, 3]',
    'output/output.1: IO Node(Net/Dropout[drop]/forward) [2, 3]',
    'output/output.2: IO Node(input/x_1) [2]',
  ])
  expect([net.training, net.block.training, net.drop.training]).toEqual([true, false, true])
  expect(net.block.fc.weight.grad).toBe(null)
  expect(net(ones(1, 3), ones(1)).y.shape).toEqual([1, 3]) // its hooks are gone
})

test('wrong calls', () => {
  const writer = new SummaryWriter(join(root, 'wrong'))
  expect(() => writer.addGraph(1 as never, ones(1))).toThrow('addGraph: expected a module, got a number')
  const model = new nn.Linear(2, 1)
  expect(() => writer.addGraph(model, 1 as never)).toThrow('addGraph: expected a tensor or an array of arguments')
  expect(() => writer.addGraph(model, ones(3))).toThrow('[3]')
  expect(model.training).toBe(true)
  writer.close()
})
