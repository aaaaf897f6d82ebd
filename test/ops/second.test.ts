// Second derivatives: the gradient, recorded with createGraph, is itself checked against central differences, with respect
// to the inputs and to w. A term that is missing from a formula shows up as a wrong number here and nowhere else.

import { describe, test } from 'vitest'
import { grad, type Tensor } from '../../src/index.ts'
import type { Case } from '../support/case.ts'
import { type Answer, golden } from '../support/golden.ts'
import { expectGradient, numericGradient, weighted } from '../support/gradcheck.ts'
import { carrying, isDifferentiable, makeInputs, makeSeeds, runCase } from '../support/run-case.ts'
import { families } from './cases/index.ts'

/** Gradients as a function of the case's inputs followed by w: all leaves, so that it can be differentiated again. */
function firstGradients(it: Case, leaves: Tensor[], createGraph: boolean): Tensor[] {
  const inputs = leaves.slice(0, it.inputs.length)
  const seeds = leaves.slice(it.inputs.length)
  const wanted = inputs.filter((_, i) => it.inputs[i]!.grad)
  return grad(carrying(runCase(it, inputs)), wanted, { gradOutputs: seeds, createGraph })
}

/** A fixed direction for the gradient g, so that sum(g * v) is one number. */
function direction(g: Tensor): Tensor {
  const v = g.detach().clone().view(-1).fill_(1)
  for (let i = 0; i < v.numel(); i++) v.index(i).fill_((((i * 37 + 11) % 23) - 11) / 7)
  return v.view([...g.shape])
}

function asLeaf(x: Tensor): Tensor {
  return x.detach().requiresGrad_()
}

/** The derivatives of sum(gradient * direction) with respect to everything in `leaves` that needs a gradient. */
function secondGradients(it: Case, leaves: Tensor[]) {
  const first = firstGradients(it, leaves, true)
  const directions = first.map(direction)
  const wanted = leaves.filter(x => x.requiresGrad)
  return { directions, second: grad(first, wanted, { gradOutputs: directions, allowUnused: true }) }
}

for (const [family, cases] of Object.entries(families)) {
  const { entries } = golden<Answer>(`ops-${family}`)
  // Every element costs two gradients, so large inputs are left out.
  const small = (it: Case) => it.inputs.every(input => input.shape.reduce((n, size) => n * size, 1) <= 400)
  const checked = cases.filter(
    it => !it.kink && entries[it.name] && isDifferentiable(it, entries[it.name]!) && small(it),
  )
  if (checked.length === 0) continue
  describe(family, () => {
    for (const it of checked) {
      test(it.name, () => {
        const answer = entries[it.name]!
        const inputs = makeInputs(it, answer)
        const outputs = carrying(runCase(it, inputs))
        const leaves = [...inputs, ...makeSeeds(outputs, answer.seeds!).map(asLeaf)]
        const { directions, second } = secondGradients(it, leaves)
        const moved = (xs: Tensor[]) => xs.map((x, i) => (leaves[i]!.requiresGrad ? asLeaf(x) : x))
        const f = (...xs: Tensor[]) => weighted(firstGradients(it, moved(xs), false), directions)
        const wanted = leaves.flatMap((x, i) => (x.requiresGrad ? [i] : []))
        wanted.forEach((which, i) => {
          expectGradient(`derivative ${i} of the gradient`, second[i] ?? null, numericGradient(f, leaves, which))
        })
      })
    }
  })
}
