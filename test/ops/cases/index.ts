// All case tables by family. The same word names a family here, in native/ops, native/kernels and test/golden.

import type { Case } from '../../support/case.ts'
import { cases as compare } from './compare.ts'
import { cases as conv } from './conv.ts'
import { cases as copy } from './copy.ts'
import { cases as creation } from './creation.ts'
import { cases as elementwise } from './elementwise.ts'
import { cases as inplace } from './inplace.ts'
import { cases as loss } from './loss.ts'
import { cases as matmul } from './matmul.ts'
import { cases as pool } from './pool.ts'
import { cases as reduce } from './reduce.ts'
import { cases as softmax } from './softmax.ts'
import { cases as view } from './view.ts'

export const families: Record<string, Case[]> = {
  creation,
  copy,
  view,
  elementwise,
  compare,
  reduce,
  matmul,
  conv,
  pool,
  softmax,
  loss,
  inplace,
}
