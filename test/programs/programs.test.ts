// 1,000 random programs agree with the reference in values and gradients; on CUDA 150 of another seed. More by `npm run
// programs`.
import { expect, test } from 'vitest'
import { device } from '../support/device.ts'
import { check } from './check.ts'

const [seed, count] = device === 'cpu' ? [1, 1000] : [2, 150]

test(`${count} programs of seed ${seed}`, () => {
  const { text, failed } = check(seed, count, device)
  console.log(text)
  expect(failed, text).toBe(false)
})
