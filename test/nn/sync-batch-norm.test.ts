// SyncBatchNorm in one process, where it is BatchNorm: keys, printed form, converting. Over ranks:
// test/distributed/sync-batch-norm.test.ts.
import { expect, test } from 'vitest'
import { manualSeed, nn, randn } from '../../src/index.ts'

test('prints as PyTorch does, and has the keys of BatchNorm', () => {
  const norm = new nn.SyncBatchNorm(4, 1e-3, { momentum: null, bias: false })
  expect(String(norm)).toBe(
    'SyncBatchNorm(4, eps=0.001, momentum=None, affine=True, bias=False, track_running_stats=True)',
  )
  expect(Object.keys(norm.stateDict())).toEqual(['weight', 'running_mean', 'running_var', 'num_batches_tracked'])
})

test('is BatchNorm, for any number of positions', () => {
  manualSeed(0)
  for (const [Layer, shape] of [
    [nn.BatchNorm1d, [5, 3]],
    [nn.BatchNorm1d, [5, 3, 2]],
    [nn.BatchNorm3d, [2, 3, 2, 2, 2]],
  ] as const) {
    const [one, other] = [new Layer(3), new nn.SyncBatchNorm(3)]
    const x = randn(shape)
    for (let i = 0; i < 2; i++) expect(other(x).toArray()).toEqual(one(x).toArray())
    one.eval()
    other.eval()
    expect(other(x).toArray()).toEqual(one(x).toArray())
  }
})

test('takes the place of each BatchNorm, with its parameters and statistics', () => {
  const inner = new nn.BatchNorm2d(2, { affine: false, trackRunningStats: false })
  const net = new nn.Sequential(
    new nn.Conv2d(3, 2, 1),
    new nn.BatchNorm2d(2, { eps: 1e-2, dtype: 'float64' }),
    new nn.Sequential(inner, new nn.InstanceNorm2d(2)),
  )
  net.eval()
  const [before, state] = [net.parameters(), net.stateDict()]
  const norm = net.at(1) as nn.BatchNorm2d
  const mean = norm.running_mean
  expect(nn.SyncBatchNorm.convertSyncBatchnorm(net)).toBe(net)
  expect(net.parameters()).toEqual(before)
  expect(Object.keys(net.stateDict())).toEqual(Object.keys(state))
  const made = net.at(1) as nn.SyncBatchNorm
  expect([made.weight, made.running_mean, made.eps, made.training]).toEqual([norm.weight, mean, 1e-2, false])
  expect(String(net)).toBe(`Sequential(
  (0): Conv2d(3, 2, kernel_size=(1, 1), stride=(1, 1))
  (1): SyncBatchNorm(2, eps=0.01, momentum=0.1, affine=True, bias=True, track_running_stats=True)
  (2): Sequential(
    (0): SyncBatchNorm(2, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)
    (1): InstanceNorm2d(2, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)
  )
)`)
  expect(nn.SyncBatchNorm.convertSyncBatchnorm(inner)).toBeInstanceOf(nn.SyncBatchNorm)
})

test('what does not fit', () => {
  const norm = new nn.SyncBatchNorm(4)
  expect(() => norm(randn(3))).toThrow('SyncBatchNorm: expected at least 2 dimensions, got 1')
  expect(() => norm(randn(2, 0, 3))).toThrow('SyncBatchNorm: expected 4 channels, got 0: [2, 0, 3]')
  expect(() => norm(randn(2, 3))).toThrow('SyncBatchNorm: expected 4 channels, got 3: [2, 3]')
  expect(() => nn.SyncBatchNorm.convertSyncBatchnorm([] as never)).toThrow(
    'SyncBatchNorm.convertSyncBatchnorm: expected a module, got an array',
  )
})
