// One case of an op in any dtype: what PyTorch is asked for the dtypes that it has (scripts/golden/dump-cases.ts), and
// dtrain for those that it lacks.

import { type Case, type DType, torchName } from './case.ts'

/** The first case of the op that is about float32. @throws Error if there is none */
export function typical(cases: Case[], op: string): Case {
  const found = cases.find(it => {
    const [first] = it.inputs
    return it.op === op && (first ? isSingle(first.dtype) : it.torch.includes('torch.float32'))
  })
  if (!found) throw new Error(`${op}: no case is about float32, to ask PyTorch for its dtypes with`)
  return found
}

/** The case with that dtype in place of float32, and with values that every dtype has. */
export function inDtype(it: Case, dtype: DType): Case {
  return {
    ...it,
    torch: it.inputs.length > 0 ? it.torch : it.torch.replaceAll('torch.float32', torchName(dtype)),
    inputs: it.inputs.map(input =>
      isSingle(input.dtype) ? { ...input, grad: false, dtype, values: 'positive' } : input,
    ),
  }
}

function isSingle(dtype: DType = 'float32'): boolean {
  return dtype === 'float32'
}
