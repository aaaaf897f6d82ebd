// Tensors: how to make, print, share, index, change and move them, and how to get their elements out again.
//   npx dtrain examples/tensors.ts
import {
  add,
  arange,
  asTensor,
  cuda,
  dtypes,
  empty,
  eye,
  fromTypedArray,
  full,
  linspace,
  manualSeed,
  ones,
  rand,
  randn,
  tensor,
  where,
  zeros,
} from 'dtrain'

manualSeed(42)

// Making them. A scalar has no dimensions, a vector one, a matrix two. JavaScript cannot tell 1 from 1.0, so integers
// are bigints, or { dtype: 'int64' }. Sizes are frozen arrays, where Python has torch.Size.
const scalar = tensor(Math.PI)
const vector = tensor([1n, 2n, 3n])
const matrix = ones(2, 3, { dtype: 'float32' })
const cube = randn(2, 3, 4)
for (const object of [scalar, vector, matrix, cube]) {
  console.log(object.size(), object.shape)
  console.log(object)
}
console.log(eye(3))
console.log(zeros(2, 2), full([2], 7))
console.log(linspace(0, 1, 5), arange(5), arange(1, 2, 0.25))
console.log(rand(3), randn(3)) // from [0, 1), and with mean 0 and deviation 1

// Copying and sharing. `tensor` copies what it is given; `fromTypedArray` and `asTensor` use the memory of a typed
// array, as torch.from_numpy and torch.as_tensor do with NumPy's.
const data = Float32Array.of(1, 2, 3)
const copy = tensor(data)
const shared = fromTypedArray(data)
const also = asTensor(data)
data[0] = 9
console.log(copy, shared, also)

// A view has sizes of its own and the elements of another tensor. `reshape` is a view where it can be; `clone` never
// is.
let a = arange(6, { dtype: 'float32' })
const view = a.view(2, 3)
const reshaped = a.reshape(3, 2)
const clone = a.clone()
a.index(0).fill_(100) // a[0] = 100
console.log(view)
console.log(reshaped)
console.log(clone)

// `empty` has what was in memory before. Indexing is NumPy's, with slices as strings: a[:, 1], a[1:4:2, -1].
console.log(empty(5, 3).shape)
a = rand(5, 3)
console.log(a.index(':', 1))
console.log(a.index(0), a.index('1:4:2', -1), a.index([0, 4], [1, 1]))

// Ops make a new tensor, or write into one that they are given, or with an underscore change their own.
const b = zeros(5, 3, { dtype: 'int64' })
console.log(add(a, b))
const result = empty(5, 3)
add(a, b, { out: result })
console.log(result)
a.add_(b)
console.log(a)

// One size may be left to be worked out: -1.
a = randn(4, 4)
console.log(a.size(), a.view(16).size(), a.view(-1, 8).size())

// Masks choose elements, and say where to write: h[h < 0], grad[h < 0] = 0.
const h = randn(2, 3)
console.log(h)
console.log(h.lt(0))
console.log(h.index(h.lt(0)))
const grad = ones(2, 3)
grad.indexPut_([h.lt(0)], tensor(0))
console.log(grad)
console.log(h.maskedFill_(h.lt(0), 0))
console.log(where(h.gt(0), h, -1))

// Ten types of elements. The older names, which say the device too, are what `type` prints: dtrain.FloatTensor is
// PyTorch's torch.FloatTensor.
for (const dtype of dtypes) console.log(dtype, zeros(1, { dtype }).type())
const x = tensor([1.5, -2.5])
console.log(x.type('int64'), x.long(), x.double(), x.bool())
console.log(x.add(arange(2)).dtype, x.add(x.double()).dtype) // of two types, the one that can hold both

// Devices. What is computed stays where its tensors are, and all of them have to be in one place.
const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const moved = x.to(device)
console.log(moved.device, moved.type())

// Out again: a typed array, nested arrays, a number. Each is a copy, and takes the elements from a GPU by itself.
console.log(moved.toTypedArray(), moved.toArray(), moved.index(0).item())
