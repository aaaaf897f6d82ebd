// Pictures in a grid against torchvision (test/golden/grids.json), and the files that they become; files of images as
// tensors, against Pillow's pixels; and what wrong calls say.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ones, type Tensor, zeros } from '../../src/index.ts'
import { Image, io, transforms, utils } from '../../src/vision/index.ts'
import { device } from '../support/device.ts'
import { golden } from '../support/golden.ts'
import { bytesOf, load, type StoredImage, type StoredTensor } from './stored.ts'

interface Entry {
  inputs: string[]
  options: utils.MakeGridOptions
  grid: StoredTensor
  saved: StoredImage | null
}

const file = golden<Entry>('grids') as ReturnType<typeof golden<Entry>> & { inputs: Record<string, StoredTensor> }
const { files } = golden('vision') as unknown as { files: Record<string, { file: string; image: StoredImage }> }

const root = mkdtempSync(join(tmpdir(), 'dtrain-grids-'))
afterAll(() => rmSync(root, { recursive: true }))

describe('grids', () => {
  test.each(Object.entries(file.entries))('%s', (_, { inputs, options, grid, saved }) => {
    const images = inputs.map(name => (load(file.inputs[name]!) as Tensor).to(device))
    const given = images.length === 1 ? images[0]! : images
    const got = utils.makeGrid(given, options)
    const want = load(grid) as Tensor
    expect([got.dtype, got.shape, got.device.startsWith(device)]).toEqual([want.dtype, want.shape, true])
    expect(got.toTypedArray()).toEqual(want.toTypedArray())
    if (saved === null) return
    const path = join(root, 'grid.png')
    utils.saveImage(given, path, options)
    expect(Image.open(path)).toEqual(load(saved))
  })

  test('carry no gradient, and leave what they are made of as it is', () => {
    const x = ones(2, 3, 2, 2).mul(5).requiresGrad_()
    expect(utils.makeGrid(x, { normalize: true }).requiresGrad).toBe(false)
    expect(x.sum().item()).toBe(120)
  })
})

describe('files as tensors', () => {
  test.each(Object.entries(files))('%s', (name, { file, image }) => {
    const path = join(root, name)
    writeFileSync(path, bytesOf(file))
    const want = new transforms.PILToTensor()(load(image))
    expect(io.readImage(path, 'RGB').toArray()).toEqual(want.toArray())
    expect(io.readImage(path).size(0)).toBe(Image.open(path).channels)
    expect(io.readImage(path, { mode: 'RGBA' }).size(0)).toBe(4)
  })
})

const wrong: [call: () => unknown, text: string][] = [
  [() => utils.makeGrid(1 as never), 'makeGrid: expected a tensor or an array of tensors, got a number'],
  [() => utils.makeGrid(ones(3)), 'makeGrid: expected (N, C, H, W), (C, H, W) or (H, W), got [3]'],
  [() => utils.makeGrid(zeros(0, 3, 2, 2)), 'makeGrid: expected (N, C, H, W), (C, H, W) or (H, W), got [0, 3, 2, 2]'],
  [() => utils.makeGrid(ones(2, 3, 2, 2), 0), 'makeGrid: nrow must be a positive integer, got 0'],
  [
    () => utils.makeGrid(ones(2, 3, 2, 2), { padding: 0.5 }),
    'makeGrid: padding must be an integer of 0 or more, got 0.5',
  ],
  [
    () => utils.makeGrid(ones(2, 3, 2, 2, { dtype: 'uint8' }), { normalize: true }),
    'makeGrid: normalize needs floats, got uint8',
  ],
  [
    () => utils.makeGrid(ones(2, 3, 2, 2), { normalize: true, valueRange: 1 as never }),
    'makeGrid: expected valueRange as two numbers, got a number',
  ],
  [
    () => utils.saveImage(ones(3, 2, 2, { dtype: 'uint8' }), 'x.png'),
    'saveImage: expected floats from 0 to 1, got uint8',
  ],
  [() => utils.saveImage(ones(2, 2, 2), 'x.png'), 'saveImage: expected 1, 3 or 4 channels, got 2'],
  [() => utils.saveImage(ones(3, 2, 2), 'x.gif'), "Image: 'x.gif' cannot be written: the name must end in .png"],
  [() => io.readImage('x.png', 'GRAY' as never), "readImage: mode must be 'UNCHANGED', 'RGB' or 'RGBA', got 'GRAY'"],
  [() => io.readImage(1 as never), 'readImage: expected the path of a file, got a number'],
]

test.each(wrong)('wrong call %#', (call, text) => {
  expect(call).toThrow(text)
})
