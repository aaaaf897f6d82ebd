// Recurrent layers: what is computed is compared with PyTorch in test/nn/golden.test.ts; here, packed sequences, states
// that are handed on, and what is refused.
import { expect, test } from 'vitest'
import { manualSeed, nn, noGrad, randn, type Tensor, tensor, zeros } from '../../src/index.ts'

const { packPaddedSequence, packSequence, padPackedSequence, padSequence, unpackSequence, unpadSequence } = nn.utils.rnn
const near = (got: Tensor, want: Tensor) => expect(got.sub(want).abs().max().item()).toBeLessThan(1e-6)

test('a packed batch gives what each sequence gives alone', () => {
  manualSeed(1)
  for (const bidirectional of [false, true]) {
    const lstm = new nn.LSTM(3, 4, 2, { bidirectional })
    const sequences = [2, 5, 3].map(length => randn(length, 3))
    const packed = packSequence(sequences, { enforceSorted: false })
    const [output, [h, c]] = lstm(packed)
    const parts = unpackSequence(output as nn.utils.rnn.PackedSequence)
    for (const [n, sequence] of sequences.entries()) {
      const [alone, [ownH, ownC]] = lstm(sequence)
      near(parts[n]!, alone as Tensor)
      near(h.select(1, n), ownH)
      near(c.select(1, n), ownC)
    }
  }
})

test('gradients of a packed batch are those of the sequences', () => {
  manualSeed(2)
  const gru = new nn.GRU(2, 3, { bidirectional: true })
  const sequences = [randn(4, 2), randn(1, 2)]
  const loss = (rows: Tensor) => rows.mul(rows).sum()
  const gradients = () => {
    const all = [...gru.parameters()].map(p => p.grad!.clone())
    gru.zeroGrad()
    return all
  }
  loss((gru(packSequence(sequences))[0] as nn.utils.rnn.PackedSequence).data).backward()
  const together = gradients()
  for (const sequence of sequences) loss(gru(sequence)[0] as Tensor).backward()
  for (const [i, gradient] of gradients().entries()) near(together[i]!, gradient)
})

test('a state goes on where the sequence was cut', () => {
  const rnn = new nn.RNN(2, 3, { nonlinearity: 'relu', batchFirst: true })
  const x = randn(4, 6, 2)
  const [whole, end] = rnn(x)
  const [first, state] = rnn(x.index(':', ':2'))
  const [second, last] = rnn(x.index(':', '2:'), { hx: state })
  near((whole as Tensor).index(':', ':2'), first as Tensor)
  near((whole as Tensor).index(':', '2:'), second as Tensor)
  near(end, last)
})

test('cells make the steps of a layer', () => {
  const cell = new nn.LSTMCell(2, 3)
  const lstm = new nn.LSTM(2, 3)
  const names = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']
  const { parameters } = { parameters: Object.fromEntries(lstm.namedParameters()) }
  noGrad(() => {
    for (const name of names) (Reflect.get(cell, name) as Tensor).copy_(parameters[`${name}_l0`]!)
  })
  const x = randn(4, 2, 2)
  const [output] = lstm(x)
  let state: readonly [Tensor, Tensor] | null = null
  for (let t = 0; t < 4; t++) {
    state = cell(x.index(t), state)
    near((output as Tensor).index(t), state[0])
  }
})

test('padding and packing', () => {
  const sequences = [tensor([1, 2, 3]), tensor([4])]
  expect(padSequence(sequences).tolist()).toEqual([
    [1, 4],
    [2, 0],
    [3, 0],
  ])
  expect(padSequence(sequences, { batchFirst: true, paddingValue: -1, paddingSide: 'left' }).tolist()).toEqual([
    [1, 2, 3],
    [-1, -1, 4],
  ])
  const packed = packPaddedSequence(padSequence(sequences), [3, 1])
  expect(packed.data.tolist()).toEqual([1, 4, 2, 3])
  expect(packed.batchSizes.tolist()).toEqual([2, 1, 1])
  const [padded, lengths] = padPackedSequence(packed, { batchFirst: true, totalLength: 4 })
  expect(padded.tolist()).toEqual([
    [1, 2, 3, 0],
    [4, 0, 0, 0],
  ])
  expect(unpadSequence(padded, lengths, { batchFirst: true }).map(x => x.tolist())).toEqual([[1, 2, 3], [4]])
})

test('what is refused', () => {
  const lstm = new nn.LSTM(3, 4)
  expect(() => lstm(zeros(2, 2, 5))).toThrow('LSTM: expected inputs of 3 features, got 5')
  expect(() => lstm(zeros(3))).toThrow('LSTM: expected an input of 2 or 3 dimensions, got [3]')
  expect(() => lstm(zeros(0, 1, 3))).toThrow('LSTM: expected a sequence of at least 1 step, got none')
  expect(() => lstm(zeros(2, 1, 3), [zeros(1, 2, 4), zeros(1, 1, 4)])).toThrow(
    'LSTM: expected a state of [1, 1, 4], got [1, 2, 4]',
  )
  expect(() => lstm(zeros(2, 1, 3), { state: 1 } as never)).toThrow("forward: unknown option 'state'; it has hx")
  expect(() => new nn.LSTM(3, 4, { projSize: 4 })).toThrow('LSTM: projSize must be less than hiddenSize, 4, got 4')
  expect(() => new nn.GRU(3, 0)).toThrow('GRU: hiddenSize must be at least 1, got 0')
  expect(() => new nn.RNN(3, 2, { nonlinearity: 'gelu' as never })).toThrow(
    "RNN: nonlinearity: expected 'tanh' or 'relu', got 'gelu'",
  )
  expect(() => new nn.GRUCell(2, 3)(zeros(2, 3))).toThrow('GRUCell: expected an input (N, 2), got [2, 3]')
  expect(() => packPaddedSequence(zeros(3, 2), [1, 2])).toThrow('packPaddedSequence: lengths must not grow, got [1, 2]')
  expect(() => packPaddedSequence(zeros(3, 2), [4, 2])).toThrow(
    'packPaddedSequence: lengths must be from 1 to 3, got 4',
  )
})
