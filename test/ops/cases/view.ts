// Views. What surprises: a view of a view of an expanded tensor must still send its gradient home, summed over the
// expanded dim; so views are also chained here.

import { type Case, exact, floats, type Input, isHalf, layouts, leaf, whole } from '../../support/case.ts'

type Views = [op: string, name: string, shape: number[], run: Case['run'], torch: string][]

const views: Views = [
  ['view', '[2, 6] as [3, 4]', [2, 6], (_, x) => x.view(3, 4), 'x0.view(3, 4)'],
  ['view', '-1 infers', [2, 3, 5], (_, x) => x.view(-1, 5), 'x0.view(-1, 5)'],
  ['view', 'to 1-d', [2, 3], (_, x) => x.view(6), 'x0.view(6)'],
  ['view', 'to 0-d', [1], (_, x) => x.view([]), 'x0.view([])'],
  ['view', '0-d to [1, 1]', [], (_, x) => x.view(1, 1), 'x0.view(1, 1)'],
  ['view', 'no elements', [0, 3], (_, x) => x.view(3, 0, 2), 'x0.view(3, 0, 2)'],
  [
    'view',
    'of a transposed, dims kept apart',
    [4, 6],
    (_, x) => x.transpose(0, 1).view(2, 3, 4),
    'x0.transpose(0, 1).view(2, 3, 4)',
  ],
  [
    'reshape',
    'transposed copies',
    [3, 4],
    (_, x) => x.transpose(0, 1).reshape(2, 6),
    'x0.transpose(0, 1).reshape(2, 6)',
  ],
  ['reshape', 'contiguous views', [3, 4], (_, x) => x.reshape(12), 'x0.reshape(12)'],
  ['reshape', '-1 infers', [3, 4], (_, x) => x.reshape(2, -1), 'x0.reshape(2, -1)'],
  ['reshape', 'expanded copies', [1, 3], (_, x) => x.expand(4, 3).reshape(12), 'x0.expand(4, 3).reshape(12)'],
  ['flatten', 'all', [2, 3, 5], (_, x) => x.flatten(), 'x0.flatten()'],
  ['flatten', 'from 1', [2, 3, 5], (_, x) => x.flatten(1), 'x0.flatten(1)'],
  ['flatten', 'from 0 to -2', [2, 3, 5], (_, x) => x.flatten({ startDim: 0, endDim: -2 }), 'x0.flatten(0, -2)'],
  ['flatten', '0-d', [], (_, x) => x.flatten(), 'x0.flatten()'],
  ['flatten', 'one dim', [2, 3], (_, x) => x.flatten({ startDim: 1, endDim: 1 }), 'x0.flatten(1, 1)'],
  ['flatten', 'no elements', [2, 0, 3], (_, x) => x.flatten(1), 'x0.flatten(1)'],
  ['flatten', 'transposed', [2, 3, 5], (_, x) => x.transpose(1, 2).flatten(1), 'x0.transpose(1, 2).flatten(1)'],
  ['permute', 'three dims', [2, 3, 5], (_, x) => x.permute(2, 0, 1), 'x0.permute(2, 0, 1)'],
  ['permute', 'negative dims', [2, 3, 5], (_, x) => x.permute(-1, 0, -2), 'x0.permute(-1, 0, -2)'],
  ['permute', '0-d', [], (_, x) => x.permute([]), 'x0.permute([])'],
  [
    'permute',
    'twice',
    [2, 3, 5, 1],
    (_, x) => x.permute(3, 1, 0, 2).permute(1, 2, 3, 0),
    'x0.permute(3, 1, 0, 2).permute(1, 2, 3, 0)',
  ],
  ['t', '[2, 3]', [2, 3], (_, x) => x.t(), 'x0.t()'],
  ['t', '1-d stays', [3], (_, x) => x.t(), 'x0.t()'],
  ['t', '0-d stays', [], (_, x) => x.t(), 'x0.t()'],
  ['transpose', '0, 1', [2, 3], (_, x) => x.transpose(0, 1), 'x0.transpose(0, 1)'],
  ['transpose', '-1, 0', [2, 3, 5], (_, x) => x.transpose(-1, 0), 'x0.transpose(-1, 0)'],
  ['transpose', 'a dim with itself', [2, 3], (_, x) => x.transpose(1, 1), 'x0.transpose(1, 1)'],
  ['transpose', 't()', [2, 3], (_, x) => x.t(), 'x0.t()'],
  ['expand', 'a size 1', [3, 1], (_, x) => x.expand(3, 4), 'x0.expand(3, 4)'],
  ['expand', 'a new dim', [3], (_, x) => x.expand(2, 3), 'x0.expand(2, 3)'],
  ['expand', '-1 keeps', [3, 1], (_, x) => x.expand(2, -1, 4), 'x0.expand(2, -1, 4)'],
  ['expand', '0-d', [], (_, x) => x.expand(2, 3), 'x0.expand(2, 3)'],
  ['expand', 'to no elements', [1, 3], (_, x) => x.expand(0, 3), 'x0.expand(0, 3)'],
  ['slice', 'start and end', [7, 3], (_, x) => x.index('1:5'), 'x0[1:5]'],
  ['slice', 'step 2', [7, 3], (_, x) => x.index('::2'), 'x0[::2]'],
  ['slice', 'step 3 past the end', [7], (_, x) => x.index('1::3'), 'x0[1::3]'],
  ['slice', 'negative start', [7], (_, x) => x.index('-3:'), 'x0[-3:]'],
  ['slice', 'negative end', [7], (_, x) => x.index(':-2'), 'x0[:-2]'],
  ['slice', 'out of range clamps', [7], (_, x) => x.index('5:100'), 'x0[5:100]'],
  ['slice', 'empty', [7, 2], (_, x) => x.index('5:2'), 'x0[5:2]'],
  ['slice', 'two dims', [5, 7], (_, x) => x.index('1:4', '::3'), 'x0[1:4, ::3]'],
  ['slice', 'of a slice', [11], (_, x) => x.index('1::2').index('1::2'), 'x0[1::2][1::2]'],
  ['slice', 'overlapping slices add', [6], (_, x) => x.index(':4').mul(x.index('2:')), 'x0[:4] * x0[2:]'],
  ['select', 'first', [3, 4], (_, x) => x.index(0), 'x0[0]'],
  ['select', 'negative', [3, 4], (_, x) => x.index(':', -1), 'x0[:, -1]'],
  ['select', 'to 0-d', [3, 4], (_, x) => x.index(1, 2), 'x0[1, 2]'],
  ['select', 'dim 1', [2, 3, 5], (_, x) => x.select(1, 2), 'x0.select(1, 2)'],
  ['select', 'dim -1', [2, 3, 5], (_, x) => x.select(-1, 0), 'x0.select(-1, 0)'],
  ['select', 'ellipsis', [2, 3, 5], (_, x) => x.index('...', 1), 'x0[..., 1]'],
  ['select', 'with a new axis', [2, 3, 5], (_, x) => x.index('0:1', null, 0), 'x0[0:1, None, 0]'],
  ['squeeze', 'all', [1, 3, 1], (_, x) => x.squeeze(), 'x0.squeeze()'],
  ['squeeze', 'one', [1, 3, 1], (_, x) => x.squeeze(0), 'x0.squeeze(0)'],
  ['squeeze', 'negative', [1, 3, 1], (_, x) => x.squeeze(-1), 'x0.squeeze(-1)'],
  ['squeeze', 'a dim that is not 1', [1, 3, 1], (_, x) => x.squeeze(1), 'x0.squeeze(1)'],
  ['squeeze', 'to 0-d', [1, 1], (_, x) => x.squeeze(), 'x0.squeeze()'],
  ['squeeze', '0-d', [], (_, x) => x.squeeze(0), 'x0.squeeze(0)'],
  ['squeeze', 'several', [1, 3, 1, 1], (_, x) => x.squeeze([0, -1]), 'x0.squeeze((0, -1))'],
  ['squeeze', 'several, not all of size 1', [1, 3, 1], (_, x) => x.squeeze({ dim: [0, 1] }), 'x0.squeeze((0, 1))'],
  ['squeeze', 'none', [1, 3], (_, x) => x.squeeze([]), 'x0.squeeze(())'],
  ['slice', 'narrow', [5, 3], (_, x) => x.narrow(0, -3, 2), 'x0.narrow(0, -3, 2)'],
  [
    'slice',
    'narrow from a tensor',
    [5, 3],
    (dt, x) => x.narrow(0, dt.tensor(2n), 2),
    'x0.narrow(0, torch.tensor(2), 2)',
  ],
  ['unsqueeze', 'front', [3, 2], (_, x) => x.unsqueeze(0), 'x0.unsqueeze(0)'],
  ['unsqueeze', 'back', [3, 2], (_, x) => x.unsqueeze(-1), 'x0.unsqueeze(-1)'],
  ['unsqueeze', 'middle', [3, 2], (_, x) => x.unsqueeze(1), 'x0.unsqueeze(1)'],
  ['unsqueeze', '0-d', [], (_, x) => x.unsqueeze(0), 'x0.unsqueeze(0)'],
  ['diagonal', 'main', [3, 4], (_, x) => x.diagonal(), 'x0.diagonal()'],
  ['unbind', 'rows', [3, 2], (_, x) => x.unbind(), 'x0.unbind()'],
  ['unbind', 'in a loop', [3, 2], (_, x) => [...x], 'list(x0)'],
  ['unbind', 'dim -1', [2, 3, 4], (_, x) => x.unbind(-1), 'x0.unbind(-1)'],
  ['unbind', 'one of several', [3, 2], (_, x) => x.unbind(1)[1]!, 'x0.unbind(1)[1]'],
  ['diagonal', 'above', [3, 4], (_, x) => x.diagonal(2), 'x0.diagonal(2)'],
  ['diagonal', 'below', [4, 3], (_, x) => x.diagonal({ offset: -1 }), 'x0.diagonal(-1)'],
  ['diagonal', 'beyond', [2, 3], (_, x) => x.diagonal(5), 'x0.diagonal(5)'],
  ['diagonal', 'of dims', [2, 3, 4], (_, x) => x.diagonal(1, { dim1: -1, dim2: 0 }), 'x0.diagonal(1, -1, 0)'],
  ['diagonal', 'no elements', [0, 3], (_, x) => x.diagonal(), 'x0.diagonal()'],
  ['diagonal', 'of a transposed slice', [4, 6], (_, x) => x.t().index('::2').diagonal(-1), 'x0.t()[::2].diagonal(-1)'],
  [
    'diagonal',
    'with itself',
    [3, 3],
    (_, x) => x.diagonal().mul(x.diagonal(-1).sum()),
    'x0.diagonal() * x0.diagonal(-1).sum()',
  ],
  ['diagEmbed', 'a vector', [3], (_, x) => x.diagEmbed(), 'x0.diag_embed()'],
  ['diagEmbed', 'above', [2, 3], (_, x) => x.diagEmbed(1), 'x0.diag_embed(1)'],
  ['diagEmbed', 'into dims', [2, 3], (_, x) => x.diagEmbed(-2, { dim1: 0, dim2: -2 }), 'x0.diag_embed(-2, 0, -2)'],
  ['diagEmbed', 'dims the other way', [2, 3], (_, x) => x.diagEmbed({ dim1: 2, dim2: 0 }), 'x0.diag_embed(0, 2, 0)'],
  ['diagEmbed', 'no elements', [0], (_, x) => x.diagEmbed(1), 'x0.diag_embed(1)'],
  ['diag', 'of a vector', [3], (_, x) => x.diag(), 'x0.diag()'],
  ['diag', 'of a vector, below', [3], (_, x) => x.diag(-1), 'x0.diag(-1)'],
  ['diag', 'of a matrix', [3, 4], (_, x) => x.diag({ diagonal: 1 }), 'x0.diag(1)'],
]

/** Every row in float32 and float64, the first of each op in all dtypes: a view does not look at its elements. */
function plain(): Case[] {
  const first = new Map(views.toReversed().map(row => [row[0], row]))
  return views.flatMap(row => {
    const [op, name, shape, run, torch] = row
    return [
      ...floats
        .filter(dtype => !isHalf(dtype) || row === first.get(op))
        .map(dtype => make(op, `${name} ${dtype}`, [leaf(shape, dtype)], run, torch)),
      ...(row === first.get(op) ? whole : []).map(dtype =>
        make(op, `${name} ${dtype}`, [{ shape, dtype }], run, torch),
      ),
    ]
  })
}

/** Every reader of a view must honour strides and offset: the same chain from each layout. */
function chained(): Case[] {
  return layouts.map(layout =>
    make(
      'slice',
      `permute, slice, select from ${layout}`,
      [leaf([4, 6, 5], 'float64', { layout })],
      (_, x) => x.permute(2, 0, 1).index('1::2', '::3', '-4:').select(1, 1),
      'x0.permute(2, 0, 1)[1::2, ::3, -4:].select(1, 1)',
    ),
  )
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const tolerance = torch.includes('*') ? undefined : exact
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance }
}

export const cases: Case[] = [...plain(), ...chained()]
