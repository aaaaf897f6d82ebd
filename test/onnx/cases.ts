// What is exported: for each row a model, or a function that stands for one, and inputs for a batch of n.
import {
  add,
  amax,
  amin,
  arange,
  cat,
  type DType,
  div,
  maxPool2d,
  nn,
  randn,
  relu,
  stack,
  sub,
  type Tensor,
  tensor,
  tidy,
  where,
  zeros,
} from '../../src/index.ts'

const { functional: F } = nn

export type Forward = (...xs: Tensor[]) => Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>

export interface Case {
  name: string
  model: nn.AnyModule | Forward
  inputs: (n: number) => Tensor[]
  /** Default float32; only what onnxruntime's CPU kernels take. */
  dtypes?: DType[]
}

const floats: DType[] = ['float32', 'float64', 'float16']
const rows = (n: number) => [randn(n, 6)]
const two = (n: number) => [randn(n, 6), randn(n, 6)]
const images = (n: number) => [randn(n, 4, 9, 9)]
const signals = (n: number) => [randn(n, 4, 9)]
const volumes = (n: number) => [randn(n, 2, 4, 5, 4)]
const sequences = (n: number) => [randn(n, 3, 8)]
const positive = (n: number) => [randn(n, 6).abs().add(0.1)]
const whole = (n: number) => [randn(n, 6).mul(5).to('int64')]
const wholes = (n: number) => [randn(n, 6).mul(5).to('int64'), randn(n, 6).abs().mul(3).add(1).to('int64')]
const special = (n: number) => [
  tensor([[1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -2]])
    .expand(n, 6)
    .contiguous(),
]

const row = (name: string, model: Case['model'], inputs: Case['inputs'] = rows, dtypes?: DType[]): Case => ({
  name,
  model,
  inputs,
  ...(dtypes && { dtypes }),
})

const op: (name: string, fn: Forward, ...rest: [inputs?: Case['inputs'], dtypes?: DType[]]) => Case = row

/** Every layer of nn but containers and losses. */
export const layers: Case[] = [
  row('Linear', new nn.Linear(6, 3)),
  row('Linear without bias', new nn.Linear(6, 3, { bias: false })),
  row('Linear on three dimensions', new nn.Linear(6, 3), n => [randn(n, 2, 6)]),
  row('Identity', new nn.Identity()),
  row('Embedding', new nn.Embedding(9, 4, { paddingIdx: 0 }), n => [randn(n, 6).abs().clamp({ max: 8 }).to('int64')]),
  row('CosineSimilarity', new nn.CosineSimilarity(), two),
  row('PairwiseDistance', new nn.PairwiseDistance(), two),
  row('Bilinear', new nn.Bilinear(6, 6, 3), two),
  row('Conv2d', new nn.Conv2d(4, 6, 3), images),
  row('Conv2d, grouped', new nn.Conv2d(4, 6, [3, 2], { stride: 2, padding: [1, 0], dilation: 2, groups: 2 }), images),
  row('Conv2d, same', new nn.Conv2d(4, 2, 3, { padding: 'same', bias: false }), images),
  row('Conv1d', new nn.Conv1d(4, 6, 3, { padding: 1, stride: 2, dilation: 2 }), signals),
  row('Conv3d', new nn.Conv3d(2, 4, [1, 3, 2], 2, { padding: [0, 1, 1], groups: 2 }), volumes),
  row('ConvTranspose1d', new nn.ConvTranspose1d(4, 6, 3, { stride: 2, padding: 1, outputPadding: 1 }), signals),
  row(
    'ConvTranspose2d',
    new nn.ConvTranspose2d(4, 6, [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 }),
    images,
  ),
  row('ConvTranspose3d', new nn.ConvTranspose3d(2, 3, 2, { stride: [1, 2, 3], bias: false }), volumes),
  row('MaxPool2d', new nn.MaxPool2d(2), images),
  row('MaxPool2d, ceil', new nn.MaxPool2d(3, { stride: 2, padding: 1, ceilMode: true }), images),
  row('MaxPool2d, dilation', new nn.MaxPool2d([2, 3], { stride: [1, 2], dilation: 2 }), images),
  row('MaxPool1d', new nn.MaxPool1d(3, { stride: 2, padding: 1 }), sequences),
  row('MaxPool3d', new nn.MaxPool3d([1, 2, 2]), volumes),
  row('AvgPool1d', new nn.AvgPool1d(3, { stride: 2, padding: 1, countIncludePad: false }), sequences),
  row('AvgPool2d', new nn.AvgPool2d(2), images),
  row('AvgPool2d, padding', new nn.AvgPool2d([3, 2], { stride: 2, padding: 1 }), images),
  row('AvgPool2d, ceil', new nn.AvgPool2d(2, { ceilMode: true }), images),
  row('AvgPool2d, divisor', new nn.AvgPool2d(3, { padding: 1, divisorOverride: 5, countIncludePad: false }), images),
  row('AvgPool3d', new nn.AvgPool3d([1, 2, 2]), volumes),
  row('AdaptiveAvgPool1d', new nn.AdaptiveAvgPool1d(4), sequences),
  row('AdaptiveAvgPool2d', new nn.AdaptiveAvgPool2d(1), images),
  row('AdaptiveAvgPool2d, several', new nn.AdaptiveAvgPool2d([3, null]), images),
  row('AdaptiveAvgPool3d', new nn.AdaptiveAvgPool3d([1, 5, 2]), volumes),
  row('AdaptiveMaxPool1d', new nn.AdaptiveMaxPool1d(2), sequences),
  row('AdaptiveMaxPool2d', new nn.AdaptiveMaxPool2d(3, true), images),
  row('AdaptiveMaxPool3d', new nn.AdaptiveMaxPool3d(1), volumes),
  row('Dropout', new nn.Dropout()),
  row('Dropout2d', new nn.Dropout2d({ p: 0.9, inplace: true }), images),
  row('Flatten', new nn.Flatten(), images),
  row('Flatten of the last', new nn.Flatten({ startDim: -2 }), images),
  row('ReLU', new nn.ReLU(), rows, floats),
  row('ReLU in place', new nn.Sequential(new nn.Linear(6, 6), new nn.ReLU(true))),
  row('ReLU6', new nn.ReLU6()),
  row('Hardtanh', new nn.Hardtanh(-0.5, { maxVal: 0.7 })),
  row('LeakyReLU', new nn.LeakyReLU(0.2)),
  row('PReLU', new nn.PReLU()),
  row('PReLU of channels', new nn.PReLU(4), images),
  row('RReLU', new nn.RReLU()),
  row('ELU', new nn.ELU(0.7)),
  row('CELU', new nn.CELU(0.7)),
  row('SELU', new nn.SELU()),
  row('SiLU', new nn.SiLU(), rows, ['float32', 'float16']),
  row('GELU', new nn.GELU()),
  row('GELU by tanh', new nn.GELU({ approximate: 'tanh' }), rows, floats),
  row('Threshold', new nn.Threshold(0.1, -3)),
  row('Tanh', new nn.Tanh(), rows, floats),
  row('Sigmoid', new nn.Sigmoid(), rows, floats),
  row('Softplus', new nn.Softplus({ beta: 2, threshold: 1 })),
  row('LogSigmoid', new nn.LogSigmoid()),
  row('Softsign', new nn.Softsign(), rows, floats),
  row('Softmax', new nn.Softmax(1), rows, floats),
  row('LogSoftmax', new nn.LogSoftmax(-1), rows, floats),
  row('Softmin', new nn.Softmin(1)),
  row('Softmax2d', new nn.Softmax2d(), images),
  row('Tanhshrink', new nn.Tanhshrink()),
  row('Hardshrink', new nn.Hardshrink()),
  row('Softshrink', new nn.Softshrink(0.3)),
  row('Hardsigmoid', new nn.Hardsigmoid()),
  row('Hardswish', new nn.Hardswish()),
  row('Mish', new nn.Mish()),
  row('GLU', new nn.GLU(), n => [randn(n, 6)]),
  row('Dropout1d', new nn.Dropout1d(), n => [randn(n, 3, 4)]),
  row('Dropout3d', new nn.Dropout3d(), n => [randn(n, 2, 2, 3, 2)]),
  row('AlphaDropout', new nn.AlphaDropout()),
  row('FeatureAlphaDropout', new nn.FeatureAlphaDropout(), images),
  row('LayerNorm', new nn.LayerNorm(6)),
  row('LayerNorm without weights', new nn.LayerNorm([4, 5], { elementwiseAffine: false }), n => [randn(n, 4, 5)]),
  row('GroupNorm', new nn.GroupNorm(2, 4), images),
  row('RMSNorm', new nn.RMSNorm(6, { eps: 1e-6 })),
  row('BatchNorm1d', new nn.BatchNorm1d(6)),
  row('BatchNorm2d', new nn.BatchNorm2d(4), images),
  row('BatchNorm2d of each batch', new nn.BatchNorm2d(4, { trackRunningStats: false }), images),
  row('BatchNorm3d', new nn.BatchNorm3d(2), n => [randn(n, 2, 2, 3, 2)]),
  row('InstanceNorm1d', new nn.InstanceNorm1d(3), n => [randn(n, 3, 8)]),
  row('InstanceNorm2d', new nn.InstanceNorm2d(4, { affine: true }), images),
  row('InstanceNorm3d', new nn.InstanceNorm3d(2), n => [randn(n, 2, 2, 3, 2)]),
]

export const ops: Case[] = [
  op('add with alpha', (x, y) => add(x, y, { alpha: 2 }), two, floats),
  op('sub', (x, y) => sub(1, x).sub(y, { alpha: 0.5 }), two, floats),
  op(
    'mul of two dtypes',
    (x, y) => x.mul(y),
    n => [randn(n, 6), whole(n)[0]!],
  ),
  op('add into', (x, y) => add(x, y, { out: zeros(x.size(0), 6) }), two),
  op('bools', (x, y) => x.gt(0).add(y.gt(0)).mul(x.lt(1)), two),
  op('div', (x, y) => x.div(y), two, floats),
  op('div of integers', (x, y) => div(x, y), wholes),
  op('div, floor', (x, y) => x.div(y, { roundingMode: 'floor' }), two),
  op('div, trunc', (x, y) => x.div(y, { roundingMode: 'trunc' }), two),
  op('div of integers, floor', (x, y) => x.div(y, { roundingMode: 'floor' }), wholes),
  op('div of integers, trunc', (x, y) => x.div(y, { roundingMode: 'trunc' }), wholes),
  op('remainder', (x, y) => x.remainder(y), two),
  op('remainder of integers', (x, y) => x.remainder(y), wholes),
  op('fmod', (x, y) => [x.fmod(y), x.fmod(2)], two),
  op('fmod of integers', (x, y) => x.fmod(y), wholes),
  op(
    'pow',
    (x, y) => [x.pow(y), x.pow(2), x.pow(-0.5)],
    n => [...positive(n), ...rows(n)],
    floats,
  ),
  op('square', x => x.square(), rows, floats),
  op('maximum', (x, y) => [x.maximum(y), x.minimum(y)], two, floats),
  op('comparisons', (x, y) => [x.eq(y), x.ne(0), x.lt(y), x.le(y), x.gt(0.5), x.ge(y)], two, floats),
  op('comparisons of integers', (x, y) => [x.eq(y), x.gt(0.5), x.le(2)], wholes),
  op('logic', (x, y) => [x.logicalAnd(y), x.logicalOr(y), x.logicalXor(y), x.logicalNot()], wholes),
  op('signs', x => [x.neg(), x.abs(), x.sign()], rows, floats),
  op('signs of integers', x => [x.neg(), x.abs(), x.sign(), x.floor()], whole),
  op('rounding', x => [x.floor(), x.ceil(), x.round(), x.trunc(), x.round({ decimals: 1 })], rows),
  op('exponentials', x => [x.exp(), x.expm1(), x.exp2()], rows, ['float32', 'float64']),
  op('logarithms', x => [x.log(), x.log1p(), x.log2(), x.log10()], positive, ['float32', 'float64']),
  op('roots', x => [x.sqrt(), x.rsqrt(), x.reciprocal()], positive, floats),
  op('waves', x => [x.sin(), x.cos(), x.tanh(), x.sigmoid()], rows, floats),
  op('erf', x => x.erf()),
  op('exp of integers', x => x.exp(), whole),
  op('what is finite', x => [x.isnan(), x.isinf(), x.isfinite()], special),
  op('in place', x => x.mul(2).add_(1).relu_().sqrt_().clamp_(0.5, { max: 1 }).pow_(2).neg_()),
  op('filled', x => [x.clone().fill_(3), x.clone().zero_(), x.mul(2).copy_(arange(6))]),
  op('where', (x, y) => [where(x.gt(0), x, y), where(x.gt(0), x, 0)], two, floats),
  op('maskedFill', x => [x.maskedFill(x.gt(0), 3), x.mul(1).maskedFill_(x.lt(0), -1)]),
  op('clamp', (x, y) => [x.clamp(-0.5, { max: 0.5 }), x.clamp({ min: y }), x.clamp({ max: 0 })], two, floats),
  op(
    'tril and triu',
    x => [x.tril(), x.triu({ diagonal: 1 })],
    n => [randn(n, 4, 4)],
  ),
  op('sum', x => [x.sum(), x.sum(1), x.sum({ dim: [0, 1], keepdim: true })], rows, floats),
  op('sum of integers', x => [x.sum(), x.gt(0).sum(1)], whole),
  op('mean', x => [x.mean(), x.mean(-1), x.mean(0)], rows, floats),
  op('prod', x => [x.prod(), x.prod(1, { keepdim: true })], rows, ['float32']),
  op('cumsum', x => [x.cumsum(0), x.cumsum(-1)], rows, ['float32', 'float64']),
  op('extremes', x => [x.max(), x.min(), amax(x, 1), amin(x, [0, 1])], rows, floats),
  op('extremes and where', x => [...Object.values(x.max(1)), ...Object.values(x.min(0, { keepdim: true }))]),
  op('argmax', x => [x.argmax(), x.argmax(1), x.argmin({ dim: 0, keepdim: true }), x.argmin({ keepdim: true })]),
  op('reductions of a single number', x => [
    x.sum().sum(0),
    x.sum().max(0).values,
    x.sum().argmax(0),
    x.mean().amin(0),
  ]),
  op('all and any', x => [x.gt(0).all(1), x.gt(0).any(), x.all({ dim: 0, keepdim: true })]),
  op('var and std', x => [x.var(), x.var(1), x.std({ dim: 0, correction: 0 }), x.std({ keepdim: true })]),
  op('norm', x => [
    ...[1, 2, 3, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(p => x.norm(p, { dim: 1 })),
    x.norm(),
  ]),
  op('matmul', (x, y) => [x.matmul(y.t()), x.matmul(arange(6).to(x.dtype))], two, floats),
  op(
    'matmul of batches',
    (x, y) => x.matmul(y.transpose(1, 2)),
    n => [randn(n, 3, 4), randn(n, 3, 4)],
  ),
  op('addmm', (x, y) => zeros(3).add(1).addmm(x, y.t().index(':', '0:3'), { beta: 0.5, alpha: 2 }), two),
  op('maxPool2d with indices', x => maxPool2d(x, 2, { returnIndices: true }), images),
  op('softmax of integers', x => F.softmax(x, 1, { dtype: 'float32' }), whole),
  op('view', x => x.view(x.size(0), 2, 3).reshape(-1, 3), rows, floats),
  op('view of a fixed size', x => x.view(-1, 2).view(x.size(0) * 3, 2)),
  op('view of all', x => x.reshape(-1).add(arange(6).sum())),
  op('flatten', x => x.flatten(), images),
  op('permute', x => [x.permute(0, 2, 3, 1), x.transpose(-1, 1), x.index(0, 0).t().contiguous()], images),
  op('expand', x =>
    x
      .mean({ dim: 1, keepdim: true })
      .expand(x.size(0), 4)
      .mul(zeros(x.size(0), 4).add(2)),
  ),
  op('squeeze', x => [x.unsqueeze(1).squeeze(), x.unsqueeze(-1).squeeze(-1), x.unsqueeze(0).squeeze(1)]),
  op('slices', x => [x.index(':', '1:5:2'), x.index('1:'), x.index('-2:'), x.narrow(1, -3, 2), x.select(0, -1)]),
  op('chunks', x => x.chunk(3, 1)),
  op('parts', x => [...x.split(2, 1), ...x.split([1, x.size(1) - 1], { dim: 1 })]),
  op('cat and stack', (x, y) => [cat([x, y, x], 1), cat([x, y]), stack([x, y], 1)], two, floats),
  op(
    'cat of two dtypes',
    (x, y) => cat([x, y], 1),
    n => [randn(n, 6), whole(n)[0]!],
  ),
  op('casts', x => [x.to('int32'), x.to('bool'), x.double(), x.half(), x.detach(), x.contiguous()]),
  op('indexSelect', x => [x.indexSelect(1, tensor([2n, 0n])), x.gather(1, x.argmax({ dim: 1, keepdim: true }))]),
  op('scatter', x => [
    zeros(x.size(0), 6).scatter(1, x.argmax({ dim: 1, keepdim: true }), 1),
    x.scatter(1, x.argmin({ dim: 1, keepdim: true }), x),
    x.scatter(1, x.argmin({ dim: 1, keepdim: true }), 3, { reduce: 'multiply' }),
    x.scatterAdd(1, x.argmin({ dim: 1, keepdim: true }), x),
  ]),
  op('index', x => [
    x.index(':', [2, 0, 2]),
    x.index(tensor([[1n, 0n]])),
    x.index(tensor([1n, 0n]), tensor([3n, 4n])),
    x.index('...', null, 0),
  ]),
  op('the size of the batch', x => [x.sum(0).div(x.size(0)), x.add(x.size(0) * 2 - 1), x.mul(tensor([x.size(0)]))]),
  op('results by name', x => ({ twice: x.mul(2), itself: x })),
  op('in tidy', x => tidy(() => x.add(arange(6).mul(2)))),
  op('a constant', x => [x.exp(), arange(3)]),
]

class LeNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 6, 5)
  conv2 = new nn.Conv2d(6, 16, 5)
  fc1 = new nn.Linear(16 * 5 * 5, 120)
  fc2 = new nn.Linear(120, 84)
  fc3 = new nn.Linear(84, 10)

  forward(x: Tensor): Tensor {
    x = maxPool2d(relu(this.conv1(x)), [2, 2])
    x = maxPool2d(relu(this.conv2(x)), 2)
    x = relu(this.fc1(x.view(x.size(0), -1)))
    return this.fc3(relu(this.fc2(x)))
  }
}

class Autoencoder extends nn.Module {
  encoder = new nn.Sequential(new nn.Linear(784, 32), new nn.ReLU({ inplace: true }), new nn.Linear(32, 8))
  decoder = new nn.Sequential(
    new nn.Linear(8, 32),
    new nn.ReLU({ inplace: true }),
    new nn.Linear(32, 784),
    new nn.Tanh(),
  )

  forward(x: Tensor): Tensor {
    return this.decoder(this.encoder(x.flatten(1)).relu()).view(x.shape)
  }
}

export const models: Case[] = [
  row(
    'MLP',
    new nn.Sequential(new nn.Linear(6, 8), new nn.Tanh(), new nn.Dropout(), new nn.Linear(8, 3)),
    rows,
    floats,
  ),
  row('LeNet', new LeNet(), n => [randn(n, 1, 32, 32)]),
  row('autoencoder', new Autoencoder(), n => [randn(n, 1, 28, 28)]),
]
