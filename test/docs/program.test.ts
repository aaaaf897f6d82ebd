// What an example claims is compared: prints, errors, values. What is no claim is left alone.
import { expect, test } from 'vitest'
import { run } from './program.ts'

const block = (...lines: string[]) => run(["import { tensor } from 'dtrain'", ...lines].join('\n'))

test('claims that hold', async () => {
  const { got, want, checks } = await block(
    'const x = tensor([[1, 2], [3, 4]]) // four numbers',
    'console.log(x.shape) // [ 2, 2 ]',
    'x.shape // [2, 2]',
    'x.sum(1) // tensor([3., 7.])',
    'x.mul(2) // tensor([[2., 4.], [6., 8.]])',
    'x.item() // throws item: ',
    'x.sum() // 10, as a tensor',
  )
  expect(got).toEqual(['[ 2, 2 ]'])
  expect(want).toEqual(got)
  expect(checks).toBe(5)
})

test('claims that do not', async () => {
  const { got, want } = await block('console.log(tensor([1]).item()) // 2')
  expect([got, want]).toEqual([['1'], ['2']])
  await expect(block('tensor([1, 2]).shape // [3]')).rejects.toThrow("expected '[2]' to be '[3]'")
  await expect(block('tensor([1, 2]) // tensor([1., 3.])')).rejects.toThrow('tensor([1., 3.])')
  await expect(block('tensor([1]).item() // throws item')).rejects.toThrow('to throw an error')
  await expect(block('tensor([1, 2]).item() // throws another text')).rejects.toThrow('another text')
})
