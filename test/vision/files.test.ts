// What is read from files: images as Pillow reads them, folders of images, and CIFAR's pickles as torchvision reads
// them (test/golden/vision.json); and what is said about files that are damaged or something else.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { DataLoader } from '../../src/index.ts'
import { datasets, Image, transforms } from '../../src/vision/index.ts'
import { golden } from '../support/golden.ts'
import { bytesOf, load, type StoredImage } from './stored.ts'

interface Read {
  length: number
  targets: number[]
  classes: string[]
  first: StoredImage
  last: StoredImage
}

const { files, inputs, cifar } = golden('vision') as unknown as {
  files: Record<string, { file: string; image: StoredImage }>
  inputs: Record<string, StoredImage>
  cifar: { files: Record<'batch' | 'test_batch' | 'batches.meta', string>; train: Read; test: Read }
}

const root = mkdtempSync(join(tmpdir(), 'dtrain-files-'))
afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => {
  rmSync(root, { recursive: true })
  mkdirSync(root)
})

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

describe('images', () => {
  test.each(Object.entries(files))('%s', (name, { file, image }) => {
    expect(Image.open(put(name, bytesOf(file))).convert('RGB')).toEqual(load(image))
  })

  test('keep their mode', () => {
    const modes = Object.entries(files).map(([name, { file }]) => [name, Image.open(put(name, bytesOf(file))).mode])
    expect(Object.fromEntries(modes)).toMatchObject({
      'rgb.png': 'RGB',
      'l.png': 'L',
      'rgba.png': 'RGBA',
      'l.jpg': 'L',
    })
  })

  test.each(['rgb', 'l', 'rgba'])('%s is written and read again', name => {
    const image = load(inputs[name]!)
    const path = join(root, `${name}.png`)
    image.save(path)
    expect(Image.open(path)).toEqual(image)
  })

  test('in other modes', () => {
    const pixels = new Image('RGBA', 1, 1, Uint8Array.of(10, 200, 30, 7))
    expect(pixels.convert('RGB').data).toEqual(Uint8Array.of(10, 200, 30))
    expect(pixels.convert('L').data).toEqual(Uint8Array.of(124))
    expect(pixels.convert('L').convert('RGBA').data).toEqual(Uint8Array.of(124, 124, 124, 255))
  })

  test('that are damaged or something else', () => {
    const [png, jpg] = ['rgb.png', 'rgb.jpg'].map(name => bytesOf(files[name]!.file)) as [Uint8Array, Uint8Array]
    expect(Image.open(put('more.png', Buffer.concat([png, Buffer.alloc(5)])))).toEqual(load(files['rgb.png']!.image))
    const open = (name: string, bytes: Uint8Array | string) => () => Image.open(put(name, bytes))
    expect(open('a.png', png.slice(0, 100))).toThrow(/^Image: '.*\/a.png' is damaged: /)
    expect(open('b.png', png.with(60, png[60]! ^ 1))).toThrow(/^Image: '.*\/b.png' is damaged: /)
    expect(open('c.jpg', jpg.slice(0, 100))).toThrow(/^Image: '.*\/c.jpg' is damaged: /)
    expect(open('d.png', 'text')).toThrow(`Image: '${root}/d.png' is neither a PNG nor a JPEG file`)
    expect(() => load(inputs.l!).save(join(root, 'a.jpg'))).toThrow(
      `Image: '${root}/a.jpg' cannot be written: the name must end in .png`,
    )
  })

  test('that do not fit together', () => {
    const make =
      (...args: unknown[]) =>
      () =>
        new Image(...(args as [never, never, never, never]))
    expect(make('RGB', 2, 1, new Uint8Array(5))).toThrow("Image: 2 x 1 pixels of mode 'RGB' are 6 bytes, got 5")
    expect(make('P', 2, 1, new Uint8Array(2))).toThrow("Image: mode must be 'L', 'RGB' or 'RGBA', got 'P'")
    expect(make('L', 0, 1, new Uint8Array(0))).toThrow('Image: width and height must be positive integers, got 0 x 1')
  })
})

describe('ImageFolder', () => {
  const { ImageFolder } = datasets
  const png = bytesOf(files['rgb.png']!.file)

  test('has a class for each folder, and files of all depths in order', () => {
    for (const name of ['dog/2.png', 'dog/10.PNG', 'dog/more/1.jpg', 'cat/a.png']) put(name, png)
    put('dog/read.txt', 'no picture')
    put('top.png', png)
    const folder = new ImageFolder(root)
    expect(folder.classes).toEqual(['cat', 'dog'])
    const samples = ['cat/a.png', 'dog/10.PNG', 'dog/2.png', 'dog/more/1.jpg'].map(name => join(root, name))
    expect(folder.samples).toEqual(samples.map((path, i) => [path, i === 0 ? 0 : 1]))
    expect(folder.targets).toEqual([0, 1, 1, 1])
    expect(folder.get(1)).toEqual([load(files['rgb.png']!.image), 1])
    const transform = new transforms.Compose([new transforms.Resize([4, 6]), new transforms.ToTensor()])
    for (const [x, y] of new DataLoader(new ImageFolder(root, { transform }), { batchSize: 4 })) {
      expect([x.shape, y.dtype]).toEqual([[4, 3, 4, 6], 'int64'])
    }
    const odd = new ImageFolder(root, { isValidFile: path => path.includes('a'), allowEmpty: true })
    expect(odd.length).toBe(new ImageFolder(root, { isValidFile: path => path.includes('a') }).length)
  })

  test('says what is missing', () => {
    expect(() => new ImageFolder(join(root, 'none'))).toThrow(
      `ImageFolder: '${root}/none' has no folders; each class is a folder of pictures in it`,
    )
    put('dog/read.txt', 'no picture')
    put('cat/a.png', png)
    expect(() => new ImageFolder(root)).toThrow(
      'ImageFolder: Found no valid file for the classes dog. Supported extensions are: .jpg, .jpeg, .png',
    )
    expect(new ImageFolder(root, { allowEmpty: true }).classes).toEqual(['cat', 'dog'])
  })
})

describe('CIFAR', () => {
  const { CIFAR10, CIFAR100 } = datasets
  const folder = join(root, 'cifar-10-batches-py')
  const [batch, testBatch, meta] = (['batch', 'test_batch', 'batches.meta'] as const).map(name =>
    bytesOf(cifar.files[name]),
  )
  const putAll = () => {
    for (let i = 1; i <= 5; i++) put(`cifar-10-batches-py/data_batch_${i}`, batch!)
    put('cifar-10-batches-py/test_batch', testBatch!)
    put('cifar-10-batches-py/batches.meta', meta!)
  }

  test.each(['train', 'test'] as const)('%s', split => {
    putAll()
    const dataset = new CIFAR10(root, split === 'train')
    const want = cifar[split]
    expect([dataset.length, dataset.targets, dataset.classes]).toEqual([want.length, want.targets, want.classes])
    expect(dataset.get(0)).toEqual([load(want.first), want.targets[0]])
    expect(dataset.get(-1)).toEqual([load(want.last), want.targets.at(-1)])
    expect(dataset.data.shape).toEqual([want.length, 32, 32, 3])
    expect(String(dataset)).toContain(`Split: ${split === 'train' ? 'Train' : 'Test'}`)
  })

  test('files that are missing or damaged', () => {
    putAll()
    rmSync(join(folder, 'data_batch_3'))
    expect(() => new CIFAR10(root)).toThrow(
      `CIFAR10: '${folder}' has no data_batch_3: unpack cifar-10-python.tar.gz in '${root}', or ask for { download: true }`,
    )
    expect(() => new CIFAR100(root)).toThrow(
      `CIFAR100: '${root}/cifar-100-python' has no train: unpack cifar-100-python`,
    )
    put('cifar-10-batches-py/data_batch_3', batch!.slice(0, 5000))
    expect(() => new CIFAR10(root)).toThrow(
      /^CIFAR10: '.*data_batch_3': the pickle is damaged: an end in the middle of a value$/,
    )
    put('cifar-10-batches-py/data_batch_3', meta!)
    expect(() => new CIFAR10(root)).toThrow(
      "data_batch_3' is damaged: expected 'data' with 3072 bytes for each of its 'labels', got no bytes for no labels",
    )
    put('cifar-10-batches-py/data_batch_3', 'cos\nsystem\n.')
    expect(() => new CIFAR10(root)).toThrow("data_batch_3': it asks for 'os.system'; only tensors and plain values")
    put('cifar-10-batches-py/data_batch_3', 'N.')
    expect(() => new CIFAR10(root)).toThrow("data_batch_3' is damaged: it has no dictionary")
    putAll()
    put('cifar-10-batches-py/batches.meta', batch!)
    expect(() => new CIFAR10(root)).toThrow("batches.meta' is damaged: it has no list of names 'label_names'")
  })
})
