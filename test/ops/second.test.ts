// Second derivatives: the gradient, recorded with createGraph, is itself checked against central differences, with
// respect to the inputs and to w. A term that is missing from a formula shows up as a wrong number here and nowhere
// else.

import { grad, ones, type Tensor } from '../../src/index.ts'
import type { Case } from '../support/case.ts'
import { isDifferentiable } from '../support/golden.ts'
import { expectGradient, numericGradient, weighted } from '../support/gradcheck.ts'
import { carrying, makeInputs, makeSeeds, onCpu, runCase, runOnCpu } from '../support/run-case.ts'
import { eachOp } from './each-op.ts'

/** Gradients as a function of the case's inputs followed by w: all leaves, so that it can be differentiated again. */
function firstGradients(it: Case, leaves: Tensor[], run: typeof runOnCpu, createGraph = false): Tensor[] {
  const inputs = leaves.slice(0, it.inputs.length)
  const seeds = leaves.slice(it.inputs.length)
  const wanted = inputs.filter((_, i) => it.inputs[i]!.grad)
  return grad(carrying(run(it, inputs)), wanted, { gradOutputs: seeds, createGraph })
}

/** A fixed direction for the gradient g, so that sum(g * v) is one number. */
function direction(g: Tensor): Tensor {
  const v = ones(g.numel(), { dtype: g.dtype, device: g.device })
  for (let i = 0; i < v.numel(); i++) v.index(i).fill_((((i * 37 + 11) % 23) - 11) / 7)
  return v.view([...g.shape])
}

function asLeaf(x: Tensor): Tensor {
  return x.detach().requiresGrad_()
}

/** The derivatives of sum(gradient * direction) with respect to everything in `leaves` that needs a gradient. */
function secondGradients(it: Case, leaves: Tensor[]) {
  const first = firstGradients(it, leaves, runCase, true)
  const directions = first.map(direction)
  const wanted = leaves.filter(x => x.requiresGrad)
  return { directions, second: grad(first, wanted, { gradOutputs: directions, allowUnused: true }) }
}

/** Every element costs two gradients, so large inputs are left out. */
function isSmall(it: Case): boolean {
  return it.inputs.every(input => input.shape.reduce((n, size) => n * size, 1) <= 400)
}

eachOp(
  'second',
  (it, answer) => {
    const inputs = makeInputs(it, answer)
    const outputs = carrying(runCase(it, inputs))
    const leaves = [...inputs, ...makeSeeds(outputs, answer.seeds!).map(asLeaf)]
    const { directions, second } = secondGradients(it, leaves)
    const onHost = leaves.map(onCpu)
    const weights = directions.map(onCpu)
    const moved = (xs: Tensor[]) => xs.map((x, i) => (leaves[i]!.requiresGrad ? asLeaf(x) : x))
    const f = (...xs: Tensor[]) => weighted(firstGradients(it, moved(xs), runOnCpu), weights)
    const wanted = leaves.flatMap((x, i) => (x.requiresGrad ? [i] : []))
    wanted.forEach((which, i) => {
      expectGradient(`derivative ${i} of the gradient`, second[i] ?? null, numericGradient(f, onHost, which))
    })
  },
  (it, answer) => !it.kink && isDifferentiable(it, answer) && isSmall(it),
)
