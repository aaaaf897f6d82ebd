// Which functions are where: what PyTorch has only in torch.nn.functional is not an export of the package itself, and
// what it has in both places is one function.
import { expect, test } from 'vitest'
import * as dtrain from '../../src/index.ts'

const root: Record<string, unknown> = { ...dtrain }

test('functions of torch.nn.functional alone are in nn.functional alone', () => {
  const functions = Object.entries(dtrain.nn.functional)
  const alone = functions.filter(([name]) => !(name in root)).map(([name]) => name)
  expect(alone.sort()).toEqual(
    [
      'celu elu gelu hardtanh leakyRelu logsigmoid prelu relu6 rrelu selu silu softplus softsign threshold',
      'celu_ elu_ hardtanh_ leakyRelu_ relu_ rrelu_ selu_ threshold_',
      'glu hardshrink hardsigmoid hardswish mish softmin softshrink tanhshrink',
      'binaryCrossEntropy binaryCrossEntropyWithLogits crossEntropy huberLoss l1Loss mseLoss nllLoss smoothL1Loss',
      'cosineEmbeddingLoss hingeEmbeddingLoss marginRankingLoss multiMarginLoss multilabelMarginLoss softMarginLoss',
      'multilabelSoftMarginLoss tripletMarginLoss tripletMarginWithDistanceLoss gaussianNllLoss klDiv poissonNllLoss',
      'batchNorm groupNorm instanceNorm layerNorm rmsNorm',
      'ctcLoss linearCrossEntropy embedding embeddingBag',
      'avgPool2d avgPool3d adaptiveAvgPool2d adaptiveAvgPool3d adaptiveMaxPool1d adaptiveMaxPool2d adaptiveMaxPool3d',
      'fractionalMaxPool2d fractionalMaxPool3d maxUnpool1d maxUnpool2d maxUnpool3d',
      'affineGrid gridSample localResponseNorm lpPool1d lpPool2d lpPool3d',
      'multiHeadAttentionForward scaledDotProductAttention',
      'fold interpolate oneHot pad unfold upsample upsampleBilinear upsampleNearest',
      'bilinear cosineSimilarity normalize pairwiseDistance',
      'dropout dropout1d dropout2d dropout3d alphaDropout featureAlphaDropout linear',
    ]
      .flatMap(line => line.split(' '))
      .sort(),
  )
  for (const [name, op] of functions) if (name in root) expect(op, name).toBe(root[name])
})
