// One case of an op in any dtype: what PyTorch is asked for the dtypes that it has (scripts/golden/dump-cases.ts), and
// dtrain for those that it lacks.

import { type Case, type DType, torchName } from './case.ts'

/** The first case of the op that is about float32, else the first with an input. @throws Error if there is neither */
export function typical(cases: Case[], op: string): Case {
  const all = cases.filter(it => it.op === op)
  const found =
    all.find(({ inputs: [first], torch }) =>
      first ? (first.dtype ?? 'float32') === 'float32' : torch.includes('torch.float32'),
    ) ?? all.find(({ inputs }) => inputs.length > 0)
  if (!found) throw new Error(`${op}: no case is about float32 or has an input, to ask PyTorch for its dtypes with`)
  return found
}

/** The case with that dtype in place of its own, the first input's, and with values that every dtype has. */
export function inDtype(it: Case, dtype: DType): Case {
  const own = it.inputs[0]?.dtype ?? 'float32'
  return {
    ...it,
    torch: it.inputs.length > 0 ? it.torch : it.torch.replaceAll('torch.float32', torchName(dtype)),
    inputs: it.inputs.map(input =>
      (input.dtype ?? 'float32') === own ? { ...input, grad: false, dtype, values: 'positive' } : input,
    ),
  }
}
