// What PyTorch has and dtrain lacks: dtypes that an op refuses with an error that says so. docs/coverage.md shows them.
// test/ops/coverage.test.ts fails if one of them has a case, or if another one has none.

import type { DType } from '../support/case.ts'

export const lacking: Record<string, readonly DType[]> = {}
