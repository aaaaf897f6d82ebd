// Einstein's summation: reads the equation, takes diagonals of repeated letters, and contracts operands from left to
// right. Each pair becomes one batched matrix product: letters in both and still needed are the batch, letters in
// both and not needed any more the inner dimension; without the latter it is a product of elements. A size of 1 fits to
// any other.
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from './tensor.ts'

/** A tensor and the label of each of its dimensions: a letter, or `.0`, `.1` … for those of `...`, from the last. */
interface Labelled {
  x: Tensor
  labels: string[]
}

const fail = (text: string): never => {
  throw new ArgumentError(`einsum: ${text}`)
}

export function contract(equation: string, operands: readonly Tensor[]): Tensor {
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->')
  if (more.length > 0) fail(`'${equation}' has more than one arrow`)
  const terms = left!.split(',')
  if (operands.length === 0) fail('expected at least one tensor')
  if (terms.length !== operands.length)
    fail(`'${equation}' has ${terms.length} operands, got ${operands.length} tensors`)
  const labelled = terms.map((term, i) => diagonals(labelsOf(equation, term, operands[i]!)))
  const sizes = sizesOf(equation, labelled)
  const output = right === undefined ? implied(labelled, left!) : outputOf(equation, right, labelled)
  const [first, ...rest] = labelled
  let result = first!
  for (const [i, next] of rest.entries()) {
    const later = new Set([...output, ...rest.slice(i + 1).flatMap(({ labels }) => labels)])
    result = pair(result, next, later)
  }
  const needless = result.labels.flatMap((label, dim) => (output.includes(label) ? [] : [dim]))
  if (needless.length > 0) result = without(result, needless)
  const ordered = output.map(label => result.labels.indexOf(label))
  return result.x.permute(...ordered).expand(...output.map(label => sizes.get(label)!))
}

function labelsOf(equation: string, term: string, x: Tensor): Labelled {
  const [before, after, ...more] = term.split('...')
  const letters = [...before!, ...(after ?? '')]
  if (more.length > 0) fail(`'${term}' has more than one ellipsis`)
  for (const letter of letters) if (!/[a-zA-Z]/.test(letter)) fail(`'${equation}': expected letters, got '${letter}'`)
  const extra = x.ndim - letters.length
  if (after === undefined ? extra !== 0 : extra < 0)
    throw new ShapeError(`einsum: '${term}' does not fit to a tensor of ${x.ndim} dimensions`)
  const dots = after === undefined ? [] : Array.from({ length: extra }, (_, i) => `.${extra - 1 - i}`)
  return { x, labels: [...before!, ...dots, ...(after ?? '')] }
}

/** Of a letter that is there twice, the diagonal. */
function diagonals({ x, labels }: Labelled): Labelled {
  const again = labels.findIndex((label, i) => labels.indexOf(label) < i)
  if (again < 0) return { x, labels }
  const label = labels[again]!
  const first = labels.indexOf(label)
  if (x.size(first) !== x.size(again))
    throw new ShapeError(`einsum: '${label}' has sizes ${x.size(first)} and ${x.size(again)} in one tensor`)
  const rest = labels.filter((_, i) => i !== first && i !== again)
  return diagonals({ x: x.diagonal({ offset: 0, dim1: first, dim2: again }), labels: [...rest, label] })
}

function sizesOf(equation: string, all: readonly Labelled[]): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const { x, labels } of all) {
    for (const [dim, label] of labels.entries()) {
      const [size, known = 1] = [x.size(dim), sizes.get(label)]
      if (size !== known && size !== 1 && known !== 1)
        throw new ShapeError(`einsum: '${equation}': '${label}' has sizes ${known} and ${size}`)
      sizes.set(label, known === 1 ? size : known)
    }
  }
  return sizes
}

const dotsOf = (all: readonly Labelled[]): string[] => {
  const most = Math.max(...all.map(({ labels }) => labels.filter(label => label.startsWith('.')).length))
  return Array.from({ length: most }, (_, i) => `.${most - 1 - i}`)
}

/** Without an arrow: the ellipsis, then the letters that are there once. */
function implied(all: readonly Labelled[], left: string): string[] {
  const letters = [...left].filter(letter => /[a-zA-Z]/.test(letter))
  const once = letters.filter(letter => letters.indexOf(letter) === letters.lastIndexOf(letter))
  return [...dotsOf(all), ...once.sort()]
}

function outputOf(equation: string, right: string, all: readonly Labelled[]): string[] {
  const [before, after, ...more] = right.split('...')
  const dots = dotsOf(all)
  if (more.length > 0) fail(`'${right}' has more than one ellipsis`)
  const output = [...before!, ...(after === undefined ? [] : dots), ...(after ?? '')]
  for (const [i, label] of output.entries()) {
    if (!all.some(({ labels }) => labels.includes(label))) fail(`'${equation}': '${label}' is in no operand`)
    if (output.indexOf(label) < i) fail(`'${equation}': '${label}' is twice in the result`)
  }
  return output
}

function without({ x, labels }: Labelled, dims: number[]): Labelled {
  return { x: x.sum(dims), labels: labels.filter((_, dim) => !dims.includes(dim)) }
}

/** Sums over what nothing later needs; a size of 1 beside another counts as if it were repeated. */
function pair(a: Labelled, b: Labelled, later: ReadonlySet<string>): Labelled {
  const alone = (one: Labelled, other: Labelled) =>
    one.labels.flatMap((label, dim) => {
      const at = other.labels.indexOf(label)
      const narrow = at < 0 || (other.x.size(at) === 1 && one.x.size(dim) !== 1)
      return narrow && !later.has(label) ? [dim] : []
    })
  const shrunk = (one: Labelled, other: Labelled): Labelled => {
    const dims = alone(one, other)
    if (dims.length === 0) return one
    const kept = one.labels.filter((label, dim) => !dims.includes(dim) || other.labels.includes(label))
    const sum = one.x.sum(dims, { keepdim: true })
    const gone = dims.filter(dim => !other.labels.includes(one.labels[dim]!))
    return { x: gone.length === 0 ? sum : sum.squeeze(gone), labels: kept }
  }
  const [x, y] = [shrunk(a, b), shrunk(b, a)]
  const both = x.labels.filter(label => y.labels.includes(label))
  const [batch, inner] = [both.filter(label => later.has(label)), both.filter(label => !later.has(label))]
  const rows = x.labels.filter(label => !both.includes(label))
  const columns = y.labels.filter(label => !both.includes(label))
  const sizeOf = (label: string) => {
    const known = [x, y].flatMap(one => (one.labels.includes(label) ? [one.x.size(one.labels.indexOf(label))] : []))
    return known.includes(0) ? 0 : Math.max(...known)
  }
  const arranged = (one: Labelled, groups: string[][]) => {
    const labels = groups.flat()
    const moved = one.x.permute(...labels.map(label => one.labels.indexOf(label))).expand(...labels.map(sizeOf))
    return moved.reshape(groups.map(group => group.reduce((all, label) => all * sizeOf(label), 1)))
  }
  const labels = [...batch, ...rows, ...columns]
  if (inner.length === 0) {
    const spread = (one: Labelled) => {
      const present = labels.filter(label => one.labels.includes(label)).map(label => one.labels.indexOf(label))
      const sizes = labels.map(label => (one.labels.includes(label) ? one.x.size(one.labels.indexOf(label)) : 1))
      return one.x.permute(...present).reshape(sizes)
    }
    return { x: spread(x).mul(spread(y)), labels }
  }
  const product = arranged(x, [batch, rows, inner]).matmul(arranged(y, [batch, inner, columns]))
  return { x: product.reshape(labels.map(sizeOf)), labels }
}
