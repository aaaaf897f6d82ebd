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
    'mul_: a view of a leaf',
    () => leaf(2, 2).index(0).mul_(2),
    AutogradError,
    'mul_: cannot change a view of a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)',
  ],
  [
    'exp: of what inferenceMode has made',
    () => dt.inferenceMode(() => dt.ones(2)).mul(leaf(2)),
    AutogradError,
    'mul: inferenceMode: a tensor that was made there cannot be saved for backward; clone() it outside for one that can',
  ],
  [
    'add_: to what inferenceMode has made',
    () => dt.inferenceMode(() => dt.ones(2)).add_(1),
    AutogradError,
    'add_: a tensor that was made in inferenceMode() can be changed in place only there; clone() it first',
  ],
  [
    'requiresGrad_: of what inferenceMode has made',
    () => dt.inferenceMode(() => dt.ones(2)).requiresGrad_(),
    AutogradError,
    'requiresGrad: a tensor that was made in inferenceMode() cannot require a gradient; clone() it first',
  ],
  [
    'registerHook: no gradient',
    () => zeros(1).registerHook(() => {}),
    AutogradError,
    'registerHook: the tensor does not require a gradient',
  ],
  [
    'registerHook: another shape',
    () => {
      const x = leaf(2)
      x.registerHook(() => zeros(3))
      x.sum().backward()
    },
    AutogradError,
    'registerHook: a hook of AccumulateGrad has returned float32 [3] on cpu for a gradient that is float32 [2] on cpu',
  ],
  [
    'registerPostAccumulateGradHook: no leaf',
    () =>
      leaf(2)
        .exp()
        .registerPostAccumulateGradHook(() => {}),
    AutogradError,
    'registerPostAccumulateGradHook: only a leaf that requires a gradient accumulates one',
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
    'MulBackward0: a tensor needed for the gradient, float32 [2], output 0 of ExpBackward0, has been modified in place since: it is at version 1, expected version 0; use the out-of-place op, or clone() it before the change',
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
