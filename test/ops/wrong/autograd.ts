// What autograd refuses. The makers at the top build the graph that each case needs.

import { ArgumentError, AutogradError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { leaf, type Wrong, zeros } from '../../support/wrong.ts'

function changedAfterUse(): unknown {
  const x = leaf(2)
  const y = x.exp()
  const z = y.mul(y)
  y.detach().add_(1)
  return z.sum().backward()
}

function backwardTwice(): unknown {
  const y = leaf(2).exp().sum()
  y.backward()
  return y.backward()
}

export const autograd: Wrong[] = [
  [
    'add_: a leaf',
    () => leaf(2).add_(1),
    AutogradError,
    'add_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)',
  ],
  [
    'mul_: a view of what needs no gradient',
    () => zeros(2, 2).index(0).mul_(leaf(2)),
    AutogradError,
    'mul_: other tensors share the elements of the tensor changed in place, and would not learn of the gradient; clone() it first, or use the out-of-place op',
  ],
  [
    'copy_: from a leaf',
    () => zeros(2).copy_(leaf(2)),
    AutogradError,
    'copy_: the argument requires a gradient, which an in-place op would lose; use the out-of-place op or noGrad(() => …)',
  ],
  [
    'backward: several elements',
    () => leaf(2).exp().backward(),
    AutogradError,
    'backward: a gradient is implied only for one-element tensors, this one has shape [2]; reduce it (.sum(), .mean()) or pass a gradient',
  ],
  [
    'backward: no graph',
    () => zeros(1).backward(),
    AutogradError,
    'backward: the tensor does not require a gradient: no input of its ops had requiresGrad, or it was computed under noGrad()',
  ],
  [
    'backward: twice',
    backwardTwice,
    AutogradError,
    'backward: the graph of ExpBackward0 has been freed by an earlier backward(); pass { retainGraph: true } there to go through it twice',
  ],
  [
    'backward: a saved tensor changed',
    changedAfterUse,
    AutogradError,
    'MulBackward0: a tensor of shape [2] needed for the gradient has been modified in place since (version 1, expected 0); use the out-of-place op, or clone() it before the change',
  ],
  [
    'backward: gradient of another shape',
    () => leaf(2).exp().backward(zeros(3)),
    ShapeError,
    'backward: expected a gradient of shape [2], got [3]',
  ],
  [
    'grad: unused input',
    () => dt.grad(leaf(1).exp(), [leaf(1)]),
    AutogradError,
    'grad: input 0 was not used to compute the outputs; pass { allowUnused: true } to get null for it',
  ],
  [
    'noGrad: async',
    () => dt.noGrad(async () => 1),
    ArgumentError,
    'noGrad: the function must not be async; put noGrad around the synchronous parts of it',
  ],
]
