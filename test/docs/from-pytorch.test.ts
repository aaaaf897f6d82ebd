// Runs the right-hand sides of docs/from-pytorch.md, and compares what they print with what the left-hand sides say.
import { describe, expect, test } from 'vitest'
import { examplesOf } from './examples.ts'
import { run } from './program.ts'
import { textOf } from './texts.ts'

const guide = 'docs/from-pytorch.md'
const python = [...textOf(guide).matchAll(/^```python\n(.*?)^```$/gms)].map(([, block]) => block!)

/** What Python's comments say, as JavaScript prints it. */
function printed(block: string): string[] {
  const comments = [...block.matchAll(/(?:^|print\(.* )# (.*)$/gm)].map(([, text]) => text!)
  return comments.map(text =>
    text
      .replace(/^(True|False)$/, word => word.toLowerCase())
      .replace(/^(\d+)\.0$/, '$1')
      .replace(/^(?:torch\.Size\()?\[(.*?)\]\)?$/, '[ $1 ]'),
  )
}

describe.each(examplesOf(guide).map((example, i) => ({ ...example, left: python[i]! })))(
  '$title, line $line',
  ({ block, left }) => {
    test('both sides print the same', async () => {
      const { got, want } = await run(block)
      expect(got).toEqual(want)
      expect(got).toEqual(printed(left))
    })
  },
)
