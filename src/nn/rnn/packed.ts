// Sequences of different lengths as one tensor without padding, for recurrent layers: the rows of the first step of all
// sequences, then those of the second step of the ones that have one, and so on. They are sorted by length, the longest
// first. PyTorch: torch.nn.utils.rnn.
import { ArgumentError, ShapeError } from '../../errors.ts'
import {
  argsort,
  atMost,
  cat,
  checked,
  flag,
  full,
  handlesOf,
  named,
  Options,
  refuse,
  shown,
  splitWithSizes,
  Tensor,
  tensor,
} from '../../tensor/index.ts'

/** Options of `PackedSequence`. */
export interface PackedSequenceOptions {
  /** Which sequence of the original order stands at each place, where they were sorted. */
  sortedIndices?: Tensor | null
  /** The inverse; worked out where it is not given. */
  unsortedIndices?: Tensor | null
}

const packedOptions = new Options<PackedSequenceOptions>({ sortedIndices: true, unsortedIndices: true })

/** Rows of all sequences, by step. PyTorch: torch.nn.utils.rnn.PackedSequence. */
export class PackedSequence {
  /** (sum of lengths, …) */
  readonly data: Tensor
  /** Of each step how many sequences have one; int64 on the CPU. */
  readonly batchSizes: Tensor
  /** Which sequence of the original order stands at each place, or null where it was sorted. */
  readonly sortedIndices: Tensor | null
  /** At which place each sequence of the original order stands. */
  readonly unsortedIndices: Tensor | null

  constructor(
    data: Tensor,
    batchSizes: Tensor,
    sortedIndices?: Tensor | null | PackedSequenceOptions,
    options?: PackedSequenceOptions,
  ) {
    atMost('PackedSequence', 4, arguments.length)
    const given = packedOptions.readFirst('PackedSequence', sortedIndices, options)
    this.data = data
    this.batchSizes = batchSizes
    this.sortedIndices = given.sortedIndices ?? null
    this.unsortedIndices = given.unsortedIndices ?? (this.sortedIndices && argsort(this.sortedIndices))
  }

  /** The same with other rows. @internal */
  with(data: Tensor): PackedSequence {
    const { batchSizes, sortedIndices, unsortedIndices } = this
    return new PackedSequence(data, batchSizes, { sortedIndices, unsortedIndices })
  }

  /** How many sequences there are. @internal */
  get count(): number {
    return Number(this.batchSizes.index(0).item())
  }
}

/** The numbers of a vector. @throws ShapeError unless it is one */
function listOf(op: string, lengths: Tensor): number[] {
  if (lengths.ndim !== 1) throw new ShapeError(`${op}: expected a vector of lengths, got [${lengths.shape.join(', ')}]`)
  return (lengths.tolist() as (number | bigint)[]).map(Number)
}

/** Options of `packPaddedSequence`. */
export interface PackPaddedSequenceOptions {
  /** Whether the input is (N, L, …) and not (L, N, …). */
  batchFirst?: boolean
  /** Expect the sequences sorted by length, default true; otherwise they are sorted here. */
  enforceSorted?: boolean
}

const packOptions = new Options<PackPaddedSequenceOptions>({ batchFirst: true, enforceSorted: true })

/**
 * Packs (L, N, …), of which sequence n has `lengths[n]` steps. PyTorch: torch.nn.utils.rnn.pack_padded_sequence.
 * @throws ArgumentError for lengths that do not fit, or are not sorted
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  batchFirst?: boolean | PackPaddedSequenceOptions,
  options?: PackPaddedSequenceOptions,
): PackedSequence {
  const op = 'packPaddedSequence'
  atMost('packPaddedSequence', 4, arguments.length)
  const given = packOptions.readFirst(op, batchFirst, options)
  checked(op, input)
  const steps = flag(op, given.batchFirst ?? false) ? input.transpose(0, 1) : input
  if (!(lengths instanceof Tensor || Array.isArray(lengths))) refuse(op, 'lengths as an array or a tensor', lengths)
  const counts = lengths instanceof Tensor ? listOf(op, lengths) : [...lengths]
  if (steps.ndim < 2 || counts.length !== steps.size(1))
    throw new ShapeError(`${op}: expected ${steps.size(1)} lengths, one for each sequence, got ${counts.length}`)
  const bad = counts.find(length => !Number.isInteger(length) || length < 1 || length > steps.size(0))
  if (bad !== undefined) throw new ArgumentError(`${op}: lengths must be from 1 to ${steps.size(0)}, got ${shown(bad)}`)
  if (flag(op, given.enforceSorted ?? true)) {
    if (counts.some((length, i) => i > 0 && length > counts[i - 1]!))
      throw new ArgumentError(
        `${op}: lengths must not grow, got [${counts.join(', ')}]; sort them, or pass { enforceSorted: false }`,
      )
    return packed(steps, counts)
  }
  const order = counts.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]!)
  const at = tensor(order, { dtype: 'int64', device: input.device })
  const sorted = packed(
    steps.indexSelect(1, at),
    order.map(i => counts[i]!),
  )
  return new PackedSequence(sorted.data, sorted.batchSizes, at)
}

function packed(steps: Tensor, lengths: readonly number[]): PackedSequence {
  const sizes = Array.from({ length: lengths[0]! }, (_, t) => lengths.filter(length => length > t).length)
  const all = steps.unbind()
  const data = cat(sizes.map((size, t) => all[t]!.narrow(0, 0, size)))
  return new PackedSequence(data, tensor(sizes, { dtype: 'int64' }))
}

/** Options of `padPackedSequence`. */
export interface PadPackedSequenceOptions {
  /** Whether to give (N, L, …) and not (L, N, …). */
  batchFirst?: boolean
  /** What stands behind a sequence, default 0. */
  paddingValue?: number
  /** L, default the longest length. */
  totalLength?: number | null
}

const padPackedOptions = new Options<PadPackedSequenceOptions>({
  batchFirst: true,
  paddingValue: true,
  totalLength: true,
})

/**
 * The padded sequences of a packed one, in their original order, and their lengths. PyTorch:
 * torch.nn.utils.rnn.pad_packed_sequence.
 * @throws ArgumentError for a total length below the longest
 */
export function padPackedSequence(
  sequence: PackedSequence,
  batchFirst?: boolean | PadPackedSequenceOptions,
  options?: PadPackedSequenceOptions,
): [padded: Tensor, lengths: Tensor] {
  const op = 'padPackedSequence'
  atMost('padPackedSequence', 3, arguments.length)
  const {
    batchFirst: first = false,
    paddingValue = 0,
    totalLength,
  } = padPackedOptions.readFirst(op, batchFirst, options)
  if (!(sequence instanceof PackedSequence)) refuse(op, 'a packed sequence', sequence)
  const { data, unsortedIndices } = sequence
  const sizes = sizesOf(sequence)
  const length = totalLength ?? sizes.length
  if (length < sizes.length)
    throw new ArgumentError(`${op}: totalLength must be at least ${sizes.length}, the longest, got ${shown(length)}`)
  const [count, rest] = [sizes[0]!, data.shape.slice(1)]
  const padding = (rows: number) => full([rows, ...rest], paddingValue, { dtype: data.dtype, device: data.device })
  const steps = splitWithSizes(data, sizes).map(rows => {
    const missing = count - rows.size(0)
    return (missing === 0 ? rows : cat([rows, padding(missing)])).unsqueeze(0)
  })
  if (length > sizes.length) steps.push(padding((length - sizes.length) * count).view(-1, count, ...rest))
  const sorted = cat(steps)
  const lengths = tensor(
    Array.from({ length: count }, (_, n) => sizes.filter(size => size > n).length),
    { dtype: 'int64' },
  )
  const padded = unsortedIndices === null ? sorted : sorted.indexSelect(1, unsortedIndices)
  return [
    flag(op, first) ? padded.transpose(0, 1) : padded,
    unsortedIndices === null ? lengths : lengths.indexSelect(0, unsortedIndices.to('cpu')),
  ]
}

/** How many rows each step has. @internal */
export function sizesOf({ batchSizes }: PackedSequence): number[] {
  return (batchSizes.tolist() as (number | bigint)[]).map(Number)
}

/** Options of `padSequence`. */
export interface PadSequenceOptions {
  /** Whether to give (N, L, …) and not (L, N, …). */
  batchFirst?: boolean
  /** What stands beside a sequence, default 0. */
  paddingValue?: number
  /** On which side, default 'right'. */
  paddingSide?: 'left' | 'right'
}

const padOptions = new Options<PadSequenceOptions>({ batchFirst: true, paddingValue: true, paddingSide: true })

/**
 * Sequences (length, …) as one tensor (L, N, …). PyTorch: torch.nn.utils.rnn.pad_sequence.
 * @throws ArgumentError for none, ShapeError when other sizes differ
 */
export function padSequence(
  sequences: readonly Tensor[],
  batchFirst?: boolean | PadSequenceOptions,
  options?: PadSequenceOptions,
): Tensor {
  const op = 'padSequence'
  atMost('padSequence', 3, arguments.length)
  const given = padOptions.readFirst(op, batchFirst, options)
  const { batchFirst: first = false, paddingValue = 0, paddingSide = 'right' } = given
  if (!Array.isArray(sequences)) refuse(op, 'an array of tensors', sequences)
  for (const x of sequences) checked(op, x)
  if (sequences.length === 0) throw new ArgumentError(`${op}: expected at least one sequence`)
  const longest = Math.max(...sequences.map(x => x.size(0)))
  const padded = sequences.map(x => {
    const missing = longest - x.size(0)
    if (missing === 0) return x.unsqueeze(0)
    const { dtype, device } = x
    const padding = full([missing, ...x.shape.slice(1)], paddingValue, { dtype, device })
    return cat(paddingSide === 'left' ? [padding, x] : [x, padding]).unsqueeze(0)
  })
  const batch = cat(padded)
  return flag(op, first) ? batch : batch.transpose(0, 1)
}

/** Options of `packSequence`. */
export interface PackSequenceOptions {
  /** Expect the sequences sorted by length, default true; otherwise they are sorted here. */
  enforceSorted?: boolean
}

const packSequenceOptions = new Options<PackSequenceOptions>({ enforceSorted: true })

/** Packs sequences (length, …). PyTorch: torch.nn.utils.rnn.pack_sequence. @throws ArgumentError unless sorted */
export function packSequence(
  sequences: readonly Tensor[],
  enforceSorted?: boolean | PackSequenceOptions,
): PackedSequence {
  atMost('packSequence', 2, arguments.length)
  const given = packSequenceOptions.readFirst('packSequence', enforceSorted)
  const { enforceSorted: sorted = true } = given
  handlesOf('packSequence', sequences)
  return named('packSequence', () => {
    const lengths = sequences.map(x => checked('packSequence', x).size(0))
    return packPaddedSequence(padSequence(sequences), lengths, { enforceSorted: sorted })
  })
}

/** Options of `unpadSequence`. */
export interface UnpadSequenceOptions {
  /** Whether the input is (N, L, …) and not (L, N, …). */
  batchFirst?: boolean
}

const unpadOptions = new Options<UnpadSequenceOptions>({ batchFirst: true })

/** The sequences of a padded tensor. PyTorch: torch.nn.utils.rnn.unpad_sequence. */
export function unpadSequence(
  paddedSequences: Tensor,
  lengths: Tensor,
  batchFirst?: boolean | UnpadSequenceOptions,
): Tensor[] {
  atMost('unpadSequence', 3, arguments.length)
  const given = unpadOptions.readFirst('unpadSequence', batchFirst)
  checked('unpadSequence', paddedSequences)
  if (!(lengths instanceof Tensor)) refuse('unpadSequence: lengths', 'a tensor', lengths)
  const batch = flag('unpadSequence', given.batchFirst ?? false) ? paddedSequences : paddedSequences.transpose(0, 1)
  return listOf('unpadSequence', lengths).map((length, n) => batch.index(n, `:${length}`))
}

/** The sequences of a packed one. PyTorch: torch.nn.utils.rnn.unpack_sequence. */
export function unpackSequence(packedSequences: PackedSequence): Tensor[] {
  atMost('unpackSequence', 1, arguments.length)
  const [padded, lengths] = named('unpackSequence', () => padPackedSequence(packedSequences))
  return unpadSequence(padded, lengths)
}
