// Attention, functions only: softmax(q k^T / sqrt(d)) v. A bool mask says where attention may look for
// `scaledDotProductAttention`, and where it may not for `multiHeadAttentionForward`, as in PyTorch.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  atMost,
  cat,
  checked,
  flag,
  handlesOf,
  Options,
  optional,
  softmax,
  type Tensor,
  wrap,
  zeros,
} from '../../tensor/index.ts'
import { dropout } from './dropout.ts'
import { linear } from './matmul.ts'

/** Options of `scaledDotProductAttention`. */
export interface ScaledDotProductAttentionOptions {
  /** Broadcasts to (…, L, S): bool, true where a query may look at a key; floats are added to the scores. */
  attnMask?: Tensor | null
  /** Probability with which a weight is left out, default 0. */
  dropoutP?: number
  /** Look at no key behind the query's own place; then there is no mask. */
  isCausal?: boolean
  /** Factor of the scores, default 1 / sqrt(E). */
  scale?: number | null
  /** Whether several heads of queries share a head of keys and values. */
  enableGqa?: boolean
}

const attentionOptions = new Options<ScaledDotProductAttentionOptions>({
  attnMask: true,
  dropoutP: true,
  isCausal: true,
  scale: true,
  enableGqa: true,
})

/**
 * Attention of queries (…, L, E) over keys (…, S, E) and values (…, S, V): (…, L, V). PyTorch:
 * torch.nn.functional.scaled_dot_product_attention. Source: https://arxiv.org/abs/1706.03762.
 * @throws ShapeError when the sizes do not fit, ArgumentError for a mask beside `isCausal`
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  attnMask?: Tensor | null | ScaledDotProductAttentionOptions,
  options?: ScaledDotProductAttentionOptions,
): Tensor {
  const op = 'scaledDotProductAttention'
  atMost('scaledDotProductAttention', 5, arguments.length)
  const given = attentionOptions.readFirst(op, attnMask, options)
  const { attnMask: mask, dropoutP = 0, scale } = given
  const [causal, gqa] = [flag(op, given.isCausal ?? false), flag(op, given.enableGqa ?? false)]
  const [q, k, v] = handlesOf(op, [query, key, value])
  return wrap(native.scaledDotProductAttention(q!, k!, v!, optional(op, mask), dropoutP, causal, scale ?? null, gqa))
}

const shape = (x: Tensor) => `[${x.shape.join(', ')}]`

/** Options of `multiHeadAttentionForward`. */
export interface MultiHeadAttentionForwardOptions {
  /** Whether weights are left out at all, default true. */
  training?: boolean
  /** (N, S): bool, true for keys that count for nothing; floats are added to the scores. */
  keyPaddingMask?: Tensor | null
  /** Give the weights too, default true. */
  needWeights?: boolean
  /** (L, S) or (N * heads, L, S): bool, true where a query must not look; floats are added to the scores. */
  attnMask?: Tensor | null
  /** Whether queries, keys and values have weights of their own. */
  useSeparateProjWeight?: boolean
  qProjWeight?: Tensor | null
  kProjWeight?: Tensor | null
  vProjWeight?: Tensor | null
  /** Keys and values in place of the projected ones: (N * heads, S, head). */
  staticK?: Tensor | null
  staticV?: Tensor | null
  /** The mean of the weights over heads, default true. */
  averageAttnWeights?: boolean
  /** A hint that the mask is causal; it needs the mask. */
  isCausal?: boolean
}

const forwardOptions = new Options<MultiHeadAttentionForwardOptions>({
  training: true,
  keyPaddingMask: true,
  needWeights: true,
  attnMask: true,
  useSeparateProjWeight: true,
  qProjWeight: true,
  kProjWeight: true,
  vProjWeight: true,
  staticK: true,
  staticV: true,
  averageAttnWeights: true,
  isCausal: true,
})

/** A bool mask as what is added to scores. */
function additive(mask: Tensor | null | undefined, like: Tensor): Tensor | null {
  if (mask == null) return null
  if (mask.dtype !== 'bool') return mask
  return like.newZeros(mask.shape).maskedFill(mask, Number.NEGATIVE_INFINITY)
}

/** One more place that a mask lets pass. */
function longer(mask: Tensor | null): Tensor | null {
  return mask === null ? null : cat([mask, mask.newZeros(...mask.shape.slice(0, -1), 1)], -1)
}

/**
 * Attention of several heads, with its projections: (L, N, E), (S, N, …) and (S, N, …) to (L, N, E), and the weights.
 * PyTorch: torch.nn.functional.multi_head_attention_forward.
 * @throws ShapeError when the sizes do not fit, ArgumentError
 */
export function multiHeadAttentionForward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embedDimToCheck: number,
  numHeads: number,
  inProjWeight: Tensor | null,
  inProjBias: Tensor | null,
  biasK: Tensor | null,
  biasV: Tensor | null,
  addZeroAttn: boolean,
  dropoutP: number,
  outProjWeight: Tensor,
  outProjBias: Tensor | null,
  training?: boolean | MultiHeadAttentionForwardOptions,
  options?: MultiHeadAttentionForwardOptions,
): [output: Tensor, weights: Tensor | null] {
  const op = 'multiHeadAttentionForward'
  atMost('multiHeadAttentionForward', 15, arguments.length)
  const given = forwardOptions.readFirst(op, training, options)
  for (const x of [query, key, value]) checked(op, x)
  for (const mask of [given.keyPaddingMask, given.attnMask]) if (mask != null) checked(op, mask)
  if (query.ndim === 2) {
    const batched = [query, key, value].map(x => x.unsqueeze(1)) as [Tensor, Tensor, Tensor]
    const masks = { ...given, keyPaddingMask: given.keyPaddingMask?.unsqueeze(0) }
    const [output, weights] = multiHeadAttentionForward(
      ...batched,
      embedDimToCheck,
      numHeads,
      inProjWeight,
      inProjBias,
      biasK,
      biasV,
      addZeroAttn,
      dropoutP,
      outProjWeight,
      outProjBias,
      masks,
    )
    return [output.squeeze(1), weights?.squeeze(0) ?? null]
  }
  const [length, batch, embed] = query.shape as [number, number, number]
  if (query.ndim !== 3 || embed !== embedDimToCheck)
    throw new ShapeError(`${op}: expected queries (L, N, ${embedDimToCheck}), got ${shape(query)}`)
  if (embed % numHeads !== 0) throw new ArgumentError(`${op}: ${embed} is not divisible by ${numHeads} heads`)
  const head = embed / numHeads
  const { needWeights = true, averageAttnWeights = true, isCausal = false } = given
  if (isCausal && given.attnMask == null) throw new ArgumentError(`${op}: isCausal is a hint and needs attnMask too`)
  let mask = additive(given.attnMask, query)
  let padding = additive(given.keyPaddingMask, query)
  let [q, k, v] = projected(query, key, value, inProjWeight, inProjBias, given)
  if (mask !== null) mask = checkedMask(op, mask, length, k.size(0), batch * numHeads)
  if (biasK !== null && biasV !== null) {
    k = cat([k, biasK.expand(1, batch, embed)])
    v = cat([v, biasV.expand(1, batch, embed)])
    mask = longer(mask)
    padding = longer(padding)
  }
  const heads = (x: Tensor) => x.reshape(x.size(0), batch * numHeads, head).transpose(0, 1)
  q = heads(q)
  k = given.staticK ?? heads(k)
  v = given.staticV ?? heads(v)
  if (addZeroAttn) {
    const zero = zeros([batch * numHeads, 1, head], { dtype: k.dtype, device: k.device })
    k = cat([k, zero], 1)
    v = cat([v, zero], 1)
    mask = longer(mask)
    padding = longer(padding)
  }
  const keys = k.size(1)
  if (padding !== null) {
    if (padding.ndim !== 2 || padding.size(0) !== batch || padding.size(1) !== keys)
      throw new ShapeError(`${op}: expected keyPaddingMask [${batch}, ${keys}], got ${shape(padding)}`)
    const wide = padding
      .view(batch, 1, 1, keys)
      .expand(batch, numHeads, 1, keys)
      .reshape(batch * numHeads, 1, keys)
    mask = mask === null ? wide : mask.add(wide)
  }
  const chance = flag(op, given.training ?? true) ? dropoutP : 0
  if (needWeights) {
    const scores = q.mul(Math.sqrt(1 / head)).bmm(k.transpose(1, 2))
    const weights = softmax(mask === null ? scores : scores.add(mask), -1)
    const kept = chance > 0 ? dropout(weights, chance) : weights
    const output = linear(
      kept
        .bmm(v)
        .transpose(0, 1)
        .reshape(length * batch, embed),
      outProjWeight,
      outProjBias,
    )
    const all = kept.view(batch, numHeads, length, keys)
    return [output.view(length, batch, output.size(1)), averageAttnWeights ? all.mean(1) : all]
  }
  const apart = (x: Tensor) => x.reshape(batch, numHeads, x.size(1), head)
  const open =
    mask === null ? null : mask.size(0) === 1 ? mask.unsqueeze(0) : mask.view(batch, numHeads, mask.size(1), keys)
  const mixed = scaledDotProductAttention(apart(q), apart(k), apart(v), { attnMask: open, dropoutP: chance })
  const output = linear(mixed.permute(2, 0, 1, 3).reshape(length * batch, embed), outProjWeight, outProjBias)
  return [output.view(length, batch, output.size(1)), null]
}

function checkedMask(op: string, mask: Tensor, length: number, keys: number, heads: number): Tensor {
  const wide = mask.ndim === 2 ? mask.unsqueeze(0) : mask
  if (wide.ndim === 3 && wide.size(1) === length && wide.size(2) === keys && [1, heads].includes(wide.size(0)))
    return wide
  throw new ShapeError(
    `${op}: expected attnMask [${length}, ${keys}] or [${heads}, ${length}, ${keys}], got ${shape(mask)}`,
  )
}

function projected(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  { useSeparateProjWeight = false, qProjWeight, kProjWeight, vProjWeight }: MultiHeadAttentionForwardOptions,
): [q: Tensor, k: Tensor, v: Tensor] {
  const own = [qProjWeight, kProjWeight, vProjWeight]
  for (const one of useSeparateProjWeight ? own : [weight]) checked('multiHeadAttentionForward', one as Tensor)
  const biases = bias === null ? [null, null, null] : bias.chunk(3)
  if (!useSeparateProjWeight && query === key && key === value)
    return linear(query, weight!, bias).chunk(3, -1) as [Tensor, Tensor, Tensor]
  const weights = useSeparateProjWeight ? own : weight!.chunk(3)
  return [query, key, value].map((x, i) => linear(x, weights[i]!, biases[i]!)) as [Tensor, Tensor, Tensor]
}
