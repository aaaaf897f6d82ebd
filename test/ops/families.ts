// All case tables by family. The same word names a family here, in native/ops, native/kernels and test/golden.

import type { Case } from '../support/case.ts'
import { cases as activation } from './cases/activation.ts'
import { cases as arithmetic } from './cases/arithmetic.ts'
import { cases as attention } from './cases/attention.ts'
import { cases as bitwise } from './cases/bitwise.ts'
import { cases as compare } from './cases/compare.ts'
import { cases as conv } from './cases/conv.ts'
import { cases as convNd } from './cases/conv-nd.ts'
import { cases as copies } from './cases/copies.ts'
import { cases as copy } from './cases/copy.ts'
import { cases as creation } from './cases/creation.ts'
import { cases as soft } from './cases/cross-entropy.ts'
import { cases as ctc } from './cases/ctc.ts'
import { cases as distance } from './cases/distance.ts'
import { cases as rounded } from './cases/div-rounding.ts'
import { cases as dropout } from './cases/dropout.ts'
import { cases as embedding } from './cases/embedding.ts'
import { cases as extremes } from './cases/extremes.ts'
import { cases as fits } from './cases/fits.ts'
import { cases as fold } from './cases/fold.ts'
import { cases as gather } from './cases/gather.ts'
import { cases as grids } from './cases/grid.ts'
import { cases as histograms } from './cases/histogram.ts'
import { cases as index } from './cases/index.ts'
import { cases as positions } from './cases/index-put.ts'
import { cases as join } from './cases/join.ts'
import { cases as lapack } from './cases/lapack.ts'
import { cases as linalg } from './cases/linalg.ts'
import { cases as loss } from './cases/loss.ts'
import { cases as matmul } from './cases/matmul.ts'
import { cases as factors } from './cases/matrix-products.ts'
import { cases as statisticsOfNorm } from './cases/native-norm.ts'
import { cases as norm } from './cases/norm.ts'
import { cases as out } from './cases/out.ts'
import { cases as pad } from './cases/pad.ts'
import { cases as pairLosses } from './cases/pair-loss.ts'
import { cases as pairs } from './cases/pairs.ts'
import { cases as pool } from './cases/pool.ts'
import { pools } from './cases/pools.ts'
import { cases as products } from './cases/products.ts'
import { cases as rearrange } from './cases/rearrange.ts'
import { cases as reduce } from './cases/reduce.ts'
import { cases as replace } from './cases/replace.ts'
import { cases as resample } from './cases/resample.ts'
import { cases as scan } from './cases/scan.ts'
import { cases as scattered } from './cases/scatter.ts'
import { cases as search } from './cases/search.ts'
import { cases as select } from './cases/select.ts'
import { cases as softmax } from './cases/softmax.ts'
import { cases as sort } from './cases/sort.ts'
import { cases as special } from './cases/special.ts'
import { cases as split } from './cases/split.ts'
import { cases as spread } from './cases/spread.ts'
import { cases as stacks } from './cases/stack.ts'
import { cases as statistics } from './cases/statistics.ts'
import { cases as strided } from './cases/strided.ts'
import { cases as unary } from './cases/unary.ts'
import { cases as view } from './cases/view.ts'

export const families: Record<string, Case[]> = {
  creation,
  copy,
  view: [...view, ...strided],
  split,
  join: [...join, ...stacks],
  copies,
  rearrange,
  pad,
  fold,
  resample: [...resample, ...grids],
  embedding,
  index: [...index, ...positions, ...gather, ...scattered],
  arithmetic: [...arithmetic, ...pairs, ...rounded, ...out],
  bitwise,
  compare,
  unary,
  special,
  select: [...select, ...replace],
  activation,
  reduce: [...reduce, ...extremes, ...products, ...spread],
  scan,
  sort,
  search,
  statistics: [...statistics, ...histograms],
  matmul,
  products: factors,
  distance,
  linalg: [...linalg, ...lapack, ...fits],
  conv: [...conv, ...convNd],
  pool: [...pool, ...pools],
  softmax,
  attention,
  norm: [...norm, ...statisticsOfNorm],
  loss: [...loss, ...soft, ...pairLosses],
  ctc,
  dropout,
}
