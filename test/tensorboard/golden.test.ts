// What stands in the files is what torch.utils.tensorboard writes for the same calls.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { entries, perform } from './calls.ts'
import { written } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'dtrain-events-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Numbers as they count: sums may be taken in another order; JSON has numbers of float32 in few digits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(7))
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(rounded)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one)]))
}

for (const [name, entry] of entries) {
  test(name, () => {
    const own = join(folder, name)
    perform(own, entry)
    const got = written(own)
    const list = got['projector_config.pbtxt']
    if (list !== undefined) got['projector_config.pbtxt'] = projector(list as string)
    expect(rounded(got)).toEqual(rounded(entry.files))
  })
}

/** The list of embeddings, which is text, as JSON. */
function projector(text: string): unknown {
  const value = (name: string) => new RegExp(`${name}: "(.*?)"`).exec(text)?.[1]
  const sizes = [...text.matchAll(/single_image_dim: (\d+)/g)].map(([, size]) => Number(size))
  const metadataPath = value('metadata_path')
  return {
    embeddings: [
      {
        tensorName: value('tensor_name'),
        tensorPath: value('tensor_path'),
        ...(metadataPath ? { metadataPath } : {}),
        ...(sizes.length > 0 ? { sprite: { imagePath: value('image_path'), singleImageDim: sizes } } : {}),
      },
    ],
  }
}
