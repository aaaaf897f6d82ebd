// Wrong calls (test/ops/wrong): the class and the exact text of the error, which says what to do where that is known.

import { describe, expect, test } from 'vitest'
import { DtrainError } from '../../src/errors.ts'
import { attention } from './wrong/attention.ts'
import { autograd } from './wrong/autograd.ts'
import { conv } from './wrong/conv.ts'
import { dtypes } from './wrong/dtypes.ts'
import { elementwise } from './wrong/elementwise.ts'
import { images } from './wrong/images.ts'
import { indices } from './wrong/indices.ts'
import { kinds } from './wrong/kinds.ts'
import { lapack } from './wrong/lapack.ts'
import { matrices } from './wrong/linalg.ts'
import { norm } from './wrong/norm.ts'
import { products } from './wrong/products.ts'
import { shapes } from './wrong/shapes.ts'
import { statistics } from './wrong/statistics.ts'
import { tables } from './wrong/tables.ts'
import { values } from './wrong/values.ts'
import { views } from './wrong/views.ts'

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

for (const [group, wrongs] of Object.entries({
  shapes,
  views,
  images,
  indices,
  dtypes,
  kinds,
  values,
  conv,
  autograd,
  elementwise,
  attention,
  norm,
  products,
  matrices,
  lapack,
  statistics,
  tables,
})) {
  describe(group, () => {
    for (const [name, call, error, text] of wrongs) {
      test(name, () => {
        const thrown = thrownBy(call)
        expect(thrown).toBeInstanceOf(DtrainError)
        expect((thrown as Error).message).toBe(text)
        expect(thrown).toBeInstanceOf(error)
      })
    }
  })
}
