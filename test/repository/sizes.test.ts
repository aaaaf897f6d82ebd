// The limits of scripts/sizes.ts, each exactly reached in one made-up tree and exceeded by one in another.
import { expect, test } from 'vitest'
import { checkTree } from './check-tree.ts'

const lines = (count: number) => Array(count).fill('x').join('\n')
const short = Object.fromEntries(['a', 'b', 'c'].map(name => [`src/${name}.ts`, lines(120)]))
const folders = {
  'launcher/cli.ts': '',
  'scripts/sizes.ts': '',
  'examples/mnist.ts': '',
  'emulation/cuda/stream.cc': '',
}

test('what keeps the limits is not reported', () => {
  const tree = {
    ...folders,
    ...short,
    'src/long.ts': lines(400),
    'src/wide.ts': `/** ${'é'.repeat(113)} */\n'${'x'.repeat(200)}'`,
    'native/ops/long.cc': lines(600),
    'native/ops/wide.cc': `// ${'é'.repeat(117)}`,
    'native/test/table.cc': 'x'.repeat(200),
  }
  expect(checkTree('sizes.ts', tree)).toEqual({ code: 0, report: [] })
})

test('each exceeded limit is reported', () => {
  const { code, report } = checkTree('sizes.ts', {
    ...folders,
    ...Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [`src/${name}.ts`, lines(121)])),
    'src/long.ts': lines(401),
    'src/wide.ts': `${lines(120)}\n  // ${'x'.repeat(116)}\n * ${'x'.repeat(118)}`,
    'native/core/long.h': lines(601),
    'native/ops/wide.cc': `short\n${'x'.repeat(121)}`,
  })
  expect(code).toBe(1)
  expect(report).toEqual([
    'src/long.ts: 401 lines, limit 400',
    'TypeScript: median of 121 lines a file, limit 120',
    'native/core/long.h: 601 lines, limit 600',
    'native/ops/wide.cc:2: 121 columns, limit 120',
    'src/wide.ts:121: 121 columns, limit 120',
    'src/wide.ts:122: 121 columns, limit 120',
  ])
})
