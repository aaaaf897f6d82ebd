// The rules of scripts/sizes.ts, each just kept in one made-up tree and broken by one in another.
import { expect, test } from 'vitest'
import { checkTree } from './check-tree.ts'

const opening = '// What it does.'
const lines = (count: number) => [opening, ...Array(count - 1).fill('x')].join('\n')
const short = Object.fromEntries(['a', 'b', 'c'].map(name => [`src/${name}.ts`, lines(120)]))
const names = [
  ...['launcher/cli.ts', 'scripts/sizes.ts', 'examples/mnist.ts', 'template/train.ts', 'bench/step.ts'],
  'test/smoke.test.ts',
]
const folders = Object.fromEntries([...names, 'emulation/cuda/stream.cc'].map(file => [file, opening]))

test('what keeps the limits is not reported', () => {
  const tree = {
    ...folders,
    ...short,
    'src/long.ts': lines(400),
    'src/wide.ts': `${opening}\n/** ${'é'.repeat(113)} */\n'${'x'.repeat(200)}'`,
    'launcher/cli.ts':
      '#!/usr/bin/env node\n// What a sentence is may go on in\n// the next line: it ends there.\n//   npx x',
    'native/ops/long.cc': lines(600),
    'native/ops/wide.cc': `${opening}\n// ${'é'.repeat(117)}`,
    'native/test/table.cc': `${opening}\n${'x'.repeat(200)}`,
  }
  expect(checkTree('sizes.ts', tree)).toEqual({ code: 0, report: [] })
})

test('each exceeded limit is reported', () => {
  const { code, report } = checkTree('sizes.ts', {
    ...folders,
    ...Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(name => [`src/${name}.ts`, lines(121)])),
    'src/long.ts': lines(401),
    'src/wide.ts': `${lines(120)}\n  // ${'x'.repeat(116)}\n * ${'x'.repeat(118)}`,
    'bench/wide.ts': `${opening}\n// ${'x'.repeat(118)}`,
    'test/wide.js': `${opening}\n// ${'x'.repeat(118)}`,
    'native/core/long.h': lines(601),
    'native/ops/wide.cc': `${opening}\n${'x'.repeat(121)}`,
  })
  expect(code).toBe(1)
  expect(report).toEqual([
    'src/long.ts: 401 lines, limit 400',
    'TypeScript: median of 121 lines a file, limit 120',
    'native/core/long.h: 601 lines, limit 600',
    'native/ops/wide.cc:2: 121 columns, limit 120',
    'bench/wide.ts:2: 121 columns, limit 120',
    'src/wide.ts:121: 121 columns, limit 120',
    'src/wide.ts:122: 121 columns, limit 120',
    'test/wide.js:2: 121 columns, limit 120',
  ])
})

test('a file that does not say what it does is reported', () => {
  const { code, report } = checkTree('sizes.ts', {
    ...folders,
    'src/index.ts': "export * from './tensor.ts'",
    'launcher/cli.ts': '#!/usr/bin/env node\nmain()',
    'bench/word.ts': '// Convolutions.',
    'test/late.test.ts': "import { test } from 'vitest'\n// What it does.",
    'test/types.d.cts': '// no end of a sentence',
    'native/core/tensor.h': '#pragma once\n// What it does.',
  })
  expect(code).toBe(1)
  const missing = (file: string) => `${file}:1: opens with no sentence that says what the file does`
  const files = ['bench/word.ts', 'launcher/cli.ts', 'src/index.ts', 'test/late.test.ts', 'test/types.d.cts']
  expect(report).toEqual([...files, 'native/core/tensor.h'].map(missing))
})
