// `nn.utils.rnn`: sequences of different lengths, padded and packed.
export {
  PackedSequence,
  type PackedSequenceOptions,
  type PackPaddedSequenceOptions,
  type PackSequenceOptions,
  type PadPackedSequenceOptions,
  type PadSequenceOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  type UnpadSequenceOptions,
  unpackSequence,
  unpadSequence,
} from '../rnn/packed.ts'
