// Embeddings for TensorBoard's projector: files beside the events, and a list of them that the projector reads.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentError, ShapeError } from '../errors.ts'
import { refuse, Tensor } from '../tensor/index.ts'
import { spritePNG } from './image.ts'

/** What one embedding has besides its vectors. */
export interface Embedding {
  metadata: readonly unknown[] | null
  metadataHeader: readonly string[] | null
  labelImg: Tensor | null
  globalStep: number
  tag: string
}

/** Writes the files of one embedding below `folder`, and returns its entry in the list. */
export function writeEmbedding(op: string, folder: string, mat: Tensor, embedding: Embedding): string {
  if (!(mat instanceof Tensor)) refuse(op, 'a tensor', mat)
  if (mat.ndim !== 2)
    throw new ShapeError(`${op}: expected a tensor of [points, features], got [${mat.shape.join(', ')}]`)
  const { metadata, labelImg, globalStep, tag } = embedding
  const step = String(globalStep).padStart(5, '0')
  const below = `${step}/${encoded(tag)}`
  const table = metadata === null ? null : metadataTable(op, mat.size(0), metadata, embedding.metadataHeader)
  const sprite = labelImg === null ? null : spritePNG(op, mat.size(0), labelImg)
  mkdirSync(join(folder, below), { recursive: true })
  const path = (name: string) => JSON.stringify(`${below}/${name}`)
  const lines = [`tensor_name: ${JSON.stringify(`${tag}:${step}`)}`, `tensor_path: ${path('tensors.tsv')}`]
  if (table !== null) {
    writeFileSync(join(folder, below, 'metadata.tsv'), table)
    lines.push(`metadata_path: ${path('metadata.tsv')}`)
  }
  if (sprite !== null) {
    writeFileSync(join(folder, below, 'sprite.png'), sprite)
    const [height, width] = labelImg!.shape.slice(2)
    lines.push(`sprite { image_path: ${path('sprite.png')} single_image_dim: ${width} single_image_dim: ${height} }`)
  }
  const elements = mat.detach().to('float64').toTypedArray() as Float64Array
  const width = mat.size(1)
  const rows = Array.from({ length: mat.size(0) }, (_, i) => elements.slice(i * width, (i + 1) * width).join('\t'))
  writeFileSync(join(folder, below, 'tensors.tsv'), rows.map(row => `${row}\n`).join(''))
  return `embeddings {\n${lines.map(line => `  ${line}\n`).join('')}}\n`
}

function metadataTable(op: string, points: number, metadata: readonly unknown[], header: readonly string[] | null) {
  if (!Array.isArray(metadata)) refuse(op, 'metadata as an array', metadata)
  if (metadata.length !== points) {
    throw new ArgumentError(`${op}: metadata must have an entry for each of ${points} points, got ${metadata.length}`)
  }
  if (header === null) return `${metadata.join('\n')}\n`
  const wrong = metadata.find(row => !Array.isArray(row) || row.length !== header.length)
  if (wrong !== undefined) {
    throw new ArgumentError(
      `${op}: each entry of metadata must be an array of ${header.length} values, as the header is`,
    )
  }
  return [header, ...(metadata as unknown[][])].map(row => `${row.join('\t')}\n`).join('')
}

/** The tag as the name of a folder. */
function encoded(tag: string): string {
  return tag.replaceAll('%', '%25').replaceAll('/', '%2f').replaceAll('\\', '%5c')
}
