// Seconds long, run before every commit: the addon loads, an op computes, backward and one optimizer step are right.
import { expect, test } from 'vitest'
import { tensor } from '../src/index.ts'
import * as nn from '../src/nn/index.ts'
import { SGD } from '../src/optim/index.ts'

test('one step of gradient descent', () => {
  const w = new nn.Parameter(tensor([1, 2, 3]))
  const loss = w.mul(w).sum() // d loss / d w = 2 w
  expect(loss.item()).toBe(14)
  loss.backward()
  expect(w.grad!.toArray()).toEqual([2, 4, 6])
  new SGD([w], { lr: 0.25 }).step()
  expect(w.toArray()).toEqual([0.5, 1, 1.5])
})
