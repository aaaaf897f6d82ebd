// Prints the case tables as JSON, for ops.py, and a question for each op and dtype: whether PyTorch has it. Needs
// neither the addon nor Python: case tables load nothing. DTRAIN_FAMILIES chooses families.
//
//   npx tsx scripts/golden/dump-cases.ts > cases.json

import { families } from '../../test/ops/families.ts'
import { type Case, dtypes, exact } from '../../test/support/case.ts'
import { selected } from '../../test/support/selection.ts'
import { inDtype, typical } from '../../test/support/typical.ts'

const dump = Object.fromEntries(
  Object.entries(selected(families, { DTRAIN_FAMILIES: process.env.DTRAIN_FAMILIES })).map(([family, cases]) => {
    const names = new Set<string>()
    for (const { name } of cases) {
      if (names.has(name)) throw new Error(`${family}: two cases are named "${name}"`)
      names.add(name)
    }
    const asked = cases.map(({ name, inputs, torch, tolerance, mixes }) => ({
      name,
      inputs,
      torch,
      exact: tolerance === exact,
      mixes: mixes === true,
    }))
    return [family, { cases: asked, questions: questions(cases) }]
  }),
)

/** A case of each op in each dtype. */
function questions(cases: Case[]) {
  return [...new Set(cases.map(it => it.op))].flatMap(op =>
    dtypes.map(dtype => {
      const { torch, inputs } = inDtype(typical(cases, op), dtype)
      return { op, dtype, torch, inputs }
    }),
  )
}

// JSON has no NaN and no infinities.
const encode = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : Object.is(value, -0) ? '-0' : value

process.stdout.write(`${JSON.stringify(dump, encode)}\n`)
