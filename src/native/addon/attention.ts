// Attention of queries over keys and values.
// Written by `npm run addon-types` from native/binding/tables/attention.cc.
import type { Handle } from './types.ts'

export interface AttentionFunctions {
  scaledDotProductAttention(
    query: Handle,
    key: Handle,
    value: Handle,
    mask: Handle | null,
    dropoutP: number,
    causal: boolean,
    scale: number | null,
    gqa: boolean,
  ): Handle
}
