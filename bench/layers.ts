// Forward and backward of each family of layers, in microseconds, with the gradients of input and parameters. With
// --python PyTorch does the same in turn (bench/layers.py). Positional arguments choose rows by their first word.
//   OMP_NUM_THREADS=1 npx tsx bench/layers.ts [--python python3] [LSTM …]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nn, randn, type Tensor } from 'dtrain'
import { show } from '../dist/src/bench/measure.js'

type Layer = (...inputs: Tensor[]) => Tensor

/** What a row makes: a layer, as a function to one tensor, its parameters, and the sizes of its input. */
type Made = [module: nn.AnyModule, sizes: number[], of?: (x: Tensor) => Tensor]

const layers: Record<string, () => Made> = {
  'Linear 256': () => [new nn.Linear(256, 1024), [64, 128, 256]],
  'Conv2d 64': () => [new nn.Conv2d(64, 64, 3, { padding: 1 }), [32, 64, 16, 16]],
  'MaxPool2d 2': () => [new nn.MaxPool2d(2), [32, 64, 32, 32]],
  'BatchNorm2d 64': () => [new nn.BatchNorm2d(64), [32, 64, 32, 32]],
  'GroupNorm 64': () => [new nn.GroupNorm(8, 64), [32, 64, 32, 32]],
  'InstanceNorm2d 64': () => [new nn.InstanceNorm2d(64), [32, 64, 32, 32]],
  'LayerNorm 256': () => [new nn.LayerNorm(256), [64, 128, 256]],
  'RMSNorm 256': () => [new nn.RMSNorm(256), [64, 128, 256]],
  'GELU 1024': () => [new nn.GELU(), [64, 128, 1024]],
  'SiLU 1024': () => [new nn.SiLU(), [64, 128, 1024]],
  'Softmax 1024': () => [new nn.Softmax({ dim: -1 }), [1024, 1024]],
  'Dropout 1024': () => [new nn.Dropout(0.1), [64, 128, 1024]],
  'Attention 128': () => {
    const attention = new nn.Identity()
    return [attention, [64, 8, 128, 32], x => nn.functional.scaledDotProductAttention(x, x, x)]
  },
  'Attention 1024': () => {
    const attention = new nn.Identity()
    return [attention, [2, 8, 1024, 64], x => nn.functional.scaledDotProductAttention(x, x, x, { isCausal: true })]
  },
  'MultiheadAttention 256': () => {
    const attention = new nn.MultiheadAttention(256, 8, { batchFirst: true })
    return [attention, [64, 128, 256], x => attention(x, x, x, { needWeights: false })[0]]
  },
  'TransformerEncoderLayer 256': () => [
    new nn.TransformerEncoderLayer(256, 8, { dimFeedforward: 1024, dropout: 0, batchFirst: true }),
    [64, 128, 256],
  ],
  'RNN 256': () => sequence(new nn.RNN(256, 256)),
  'GRU 256': () => sequence(new nn.GRU(256, 256)),
  'LSTM 256': () => sequence(new nn.LSTM(256, 256)),
}

function sequence(module: nn.RNN | nn.GRU | nn.LSTM): Made {
  return [module, [100, 64, 256], x => module(x)[0] as Tensor]
}

const rows = Object.entries(layers).map(([name, make]) => ({
  cells: name.split(' '),
  make: () => {
    const [module, sizes, of = module as unknown as Layer] = make()
    const x = randn(sizes, { requiresGrad: true })
    return () => {
      of(x).sum().backward()
      module.zeroGrad()
      x.grad = null
    }
  },
}))
const { positionals } = parseArgs({ options: { python: { type: 'string' } }, allowPositionals: true })
await show(
  {
    heads: ['layer', 'size'],
    rows: rows.filter(({ cells }) => positionals.length === 0 || positionals.includes(cells[0]!)),
  },
  join(import.meta.dirname, 'layers.py'),
)
