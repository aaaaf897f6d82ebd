// What PyTorch, NumPy and safetensors have written (scripts/golden/files.py), and files that are refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { load } from '../../src/io/index.ts'
import { arange, dtypes, ones, Tensor, tensor, zeros } from '../../src/tensor/index.ts'
import { plain } from './values.ts'

const golden = (name: string) => new URL(`../golden/files/${name}`, import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), 'dtrain-files-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const base = () => arange(6, { dtype: 'float32' }).view(2, 3)
const each = [1, 0, 3]

for (const [name, options] of [
  ['content.pth', {}],
  ['content.pth', { mmap: true }],
  ['legacy.pth', {}],
  ['legacy.pth', { mmap: true }],
] as const) {
  test(`everything that torch.save writes: ${name} ${JSON.stringify(options)}`, () => {
    const content = load(golden(name), options)
    for (const dtype of dtypes) {
      expect(plain(content.dtypes[dtype])).toEqual(plain(tensor(each).to(dtype)))
    }
    const [x, turned, row] = content.shared as [Tensor, Tensor, Tensor]
    expect([x, turned, row].map(plain)).toEqual([base(), base().t(), base().index(1)].map(plain))
    expect(turned.stride()).toEqual([1, 3])
    row.fill_(9)
    expect(x.index(1).toArray()).toEqual([9, 9, 9])
    expect(plain(content.scalar)).toEqual(plain(tensor(2.5)))
    expect(plain(content.empty)).toEqual(plain(zeros(0, 3)))
    expect(content.strided.toArray()).toEqual([
      [0, 2],
      [4, 6],
      [8, 10],
    ])
    expect(content.parameter.constructor.name).toBe('Parameter')
    expect([content.parameter.requiresGrad, content.needs_grad.requiresGrad]).toEqual([true, true])
    expect(content.none).toBe(null)
    expect(content.bools).toEqual([true, false])
    expect(content.ints).toEqual([
      ...[0, 255, 256, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1],
      ...[2n ** 53n, 2n ** 63n, -(2n ** 100n)],
    ])
    expect(content.floats).toEqual([0.5, -0, 1e300, Infinity, NaN])
    expect(content.texts).toEqual(['', 'ä', '日本', 'x'.repeat(300)])
    expect(content.bytes).toEqual(new Uint8Array([0, 255]))
    expect(content.tuple).toEqual([1, [2, 'x']])
    expect(content.set).toEqual(new Set([1, 2]))
    expect(Object.entries(content.ordered)).toEqual([
      ['b', 1],
      ['a', 2],
    ])
    expect(content.by_number).toEqual({ 0: 'a', 7: 'b' })
    expect(content.by_both).toEqual(new Map<unknown, number>([['a', 1], [1, 2]])) // biome-ignore format: pairs
    expect(content.by_tuple).toEqual(new Map([[[1, 2], 3]]))
    expect([content.size, content.device, content.dtype]).toEqual([[2, 3], 'cpu', 'float16'])
    expect(content.numpy).toEqual([2.5, 0.25, 7, true])
    expect(Object.keys(content.model)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias'])
    expect(content.optimizer.state[0].exp_avg).toBeInstanceOf(Tensor)
    expect(content.optimizer.param_groups[0].params).toEqual([0, 1, 2, 3])
    expect(content.scheduler.last_epoch).toBe(1)
  })
}

test('safetensors of every dtype, mapped and not', () => {
  for (const mmap of [false, true]) {
    const found = load<Record<string, Tensor>>(golden('tensors.safetensors'), { mmap })
    expect(Object.keys(found).sort()).toEqual([...dtypes].sort())
    for (const dtype of dtypes) expect(plain(found[dtype])).toEqual(plain(tensor([each]).to(dtype)))
  }
})

test('a model in several safetensors, by its index', () => {
  const found = load(golden('model.safetensors.index.json'))
  expect(plain(found)).toEqual(plain({ a: ones(2), b: zeros(1, 2) }))
})

test.each(['arrays.npz', 'compressed.npz'])('the arrays of %s', name => {
  const { scalar, empty, fortran, one, ...found } = load<Record<string, Tensor>>(golden(name))
  const known = dtypes.filter(dtype => dtype !== 'bfloat16')
  expect(Object.keys(found).sort()).toEqual([...known].sort())
  for (const dtype of known) expect(plain(found[dtype])).toEqual(plain(tensor([each]).to(dtype)))
  expect(plain(scalar)).toEqual(plain(tensor(2.5, { dtype: 'float64' })))
  expect(plain(empty)).toEqual(plain(zeros([0, 3], { dtype: 'float64' })))
  expect(plain(fortran)).toEqual(plain(base().double()))
  expect(plain(one)).toEqual(plain(arange(3)))
})

test('an array, in both orders', () => {
  expect(plain(load(golden('array.npy')))).toEqual(plain(base()))
  expect(load(golden('fortran.npy')).stride()).toEqual([1, 2])
  expect(plain(load(golden('fortran.npy')))).toEqual(plain(base().double()))
})

test('mapLocation is a device, devices by location, or a function', () => {
  const locations: string[] = []
  load(golden('content.pth'), location => {
    locations.push(location)
    return 'cpu'
  })
  expect(new Set(locations)).toEqual(new Set(['cpu']))
  for (const map of ['cpu', { 'cuda:0': 'cpu' }] as const) {
    expect(load(golden('array.npy'), map).device).toBe('cpu')
    expect(load(golden('array.npy'), { mapLocation: map }).device).toBe('cpu')
  }
})

const refused: [name: string, message: string][] = [
  ['code.pth', "it asks for 'posix.system'; only tensors and plain values are read, never code"],
  ['code-legacy.pth', "it asks for 'posix.system'; only tensors and plain values are read, never code"],
  ['complex.pth', "it asks for 'torch.ComplexFloatStorage'; only tensors and plain values are read, never code"],
  ['script.pt', 'it is a TorchScript program; save the state dict of the model instead, with torch.save'],
  ['big-endian.npy', 'it has the dtype >f4, which dtrain does not have'],
  ['texts.npy', 'it has the dtype <U1, which dtrain does not have'],
]

test.each(refused)('%s is refused', (name, message) => {
  expect(() => load(golden(name))).toThrow(`load: ${golden(name)}: ${message}`)
})

test('what is no file of tensors, no file, and no path', () => {
  const path = join(scratch, 'notes')
  const unknown = `load: ${path}: it is no file of save, torch.save, NumPy or safetensors, or its beginning is damaged or missing`
  for (const text of ['', 'x', 'some text that is long enough to be a header of anything']) {
    writeFileSync(path, text)
    expect(() => load(path)).toThrow(unknown)
  }
  expect(() => load(scratch)).toThrow(`load: ${scratch} is not a file`)
  expect(() => load(join(scratch, 'none'))).toThrow('ENOENT')
  expect(() => load(3 as never)).toThrow('load: expected the path of a file, got a number')
  expect(() => load(path, { mapLocatoin: 'cpu' } as never)).toThrow(
    "load: unknown option 'mapLocatoin'; did you mean 'mapLocation'?",
  )
})
