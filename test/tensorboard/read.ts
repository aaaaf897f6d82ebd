// Reads event files as TensorBoard does, and gives events the text that protocol buffers have in JSON: no field that is
// zero, integers of 64 bits as texts, bytes in base64.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { maskedChecksum } from '../../src/tensorboard/event-file.ts'
import { decode } from '../../src/vision/image/codec.ts'
import { Image } from '../../src/vision/index.ts'

type Kind = 'double' | 'float' | 'int32' | 'int64' | 'bool' | 'string' | 'bytes' | 'status' | 'dtype' | 'hparam'
type Field = [name: string, kind: Kind | Schema, many?: 'many' | 'map' | 'present']
interface Schema {
  [field: number]: Field
}

const names: Partial<Record<Kind, Record<number, string>>> = {
  status: { 1: 'START' },
  dtype: { 1: 'DT_FLOAT', 2: 'DT_DOUBLE', 7: 'DT_STRING' },
  hparam: { 1: 'DATA_TYPE_STRING', 3: 'DATA_TYPE_FLOAT64' },
}

/** These two are what they hold, in JSON. */
const anyValue: Schema = { 2: ['number', 'double', 'present'], 3: ['string', 'string', 'present'] }
const listOfValues: Schema = { 1: ['values', anyValue, 'many'] }
const hparams: Schema = {
  2: [
    'experiment',
    {
      4: ['hparamInfos', { 1: ['name', 'string'], 4: ['type', 'hparam'], 5: ['domainDiscrete', listOfValues] }, 'many'],
      5: ['metricInfos', { 1: ['name', { 2: ['tag', 'string'] }] }, 'many'],
    },
  ],
  3: ['sessionStartInfo', { 1: ['hparams', { 1: ['key', 'string'], 2: ['value', anyValue, 'present'] }, 'map'] }],
  4: ['sessionEndInfo', { 1: ['status', 'int32'] }],
}
const shape: Schema = { 2: ['dim', { 1: ['size', 'int64'] }, 'many'] }
const tensor: Schema = {
  1: ['dtype', 'dtype'],
  2: ['tensorShape', shape],
  5: ['floatVal', 'float', 'many'],
  6: ['doubleVal', 'double', 'many'],
  8: ['stringVal', 'bytes', 'many'],
}
const picture: Schema = {
  1: ['height', 'int32'],
  2: ['width', 'int32'],
  3: ['colorspace', 'int32'],
  4: ['png', 'bytes'],
}
const histo: Schema = {
  ...{ 1: ['min', 'double'], 2: ['max', 'double'], 3: ['num', 'double'], 4: ['sum', 'double'] },
  ...{ 5: ['sumSquares', 'double'], 6: ['bucketLimit', 'double', 'many'], 7: ['bucket', 'double', 'many'] },
}
const plugin: Schema = { 1: ['pluginName', 'string'], 2: ['content', 'bytes'] }
const summaryValue: Schema = {
  1: ['tag', 'string'],
  2: ['simpleValue', 'float', 'present'],
  4: ['image', picture],
  5: ['histo', histo],
  8: ['tensor', tensor],
  9: ['metadata', { 1: ['pluginData', plugin] }],
}
const attribute: Schema = {
  1: ['list', { 7: ['shape', shape, 'many'] }],
  2: ['s', 'string'],
}
const node: Schema = {
  1: ['name', 'string'],
  2: ['op', 'string'],
  3: ['input', 'string', 'many'],
  5: ['attr', { 1: ['key', 'string'], 2: ['value', attribute] }, 'map'],
}
const event: Schema = {
  4: ['graphDef', { 1: ['node', node, 'many'], 4: ['versions', { 1: ['producer', 'int32'] }] }],
  8: ['taggedRunMetadata', { 1: ['tag', 'string'], 2: ['runMetadata', 'bytes'] }],
  1: ['wallTime', 'double'],
  2: ['step', 'int64'],
  3: ['fileVersion', 'string'],
  5: ['summary', { 1: ['value', summaryValue, 'many'] }],
  7: ['sessionLog', { 1: ['status', 'status'] }],
}

type Message = Record<string, unknown>

/** All that stands in a folder, as test/golden/tensorboard.json has it. */
export function written(folder: string): Record<string, unknown> {
  const files = (readdirSync(folder, { recursive: true, withFileTypes: true }) as never[]).filter(
    (it: { isFile(): boolean }) => it.isFile(),
  )
  return Object.fromEntries(
    files.map(({ parentPath, name }: { parentPath: string; name: string }) => {
      const path = join(parentPath, name)
      const below = relative(folder, path)
      if (name.includes('tfevents')) return [dirname(below), records(readFileSync(path)).map(jsonOf)]
      if (name.endsWith('.png')) return [below, pixels(readFileSync(path))]
      const text = readFileSync(path, 'utf8')
      if (!name.endsWith('tensors.tsv')) return [below, text]
      return [
        below,
        text
          .trimEnd()
          .split('\n')
          .map(line => line.split('\t').map(Number)),
      ]
    }),
  )
}

/** How many events stand in the files of a folder, but for the first of each. */
export function count(folder: string): number {
  const files = readdirSync(folder).filter(name => name.includes('tfevents'))
  return files.reduce((sum, name) => sum + records(readFileSync(join(folder, name))).length - 1, 0)
}

/** The records of a file. @throws Error for half a record, and for a wrong checksum */
export function records(file: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at))
    const data = file.subarray(at + 12, at + 12 + length)
    const sums = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12 + length)]
    if (sums[0] !== maskedChecksum(file.subarray(at, at + 8)) || sums[1] !== maskedChecksum(data)) {
      throw new Error(`the checksum of the record at ${at} is wrong`)
    }
    found.push(data)
    at += length + 16
  }
  return found
}

function jsonOf(record: Buffer): Message {
  const out = parse(record, event)
  if (out.wallTime !== 2.5) delete out.wallTime
  for (const one of ((out.summary as Message)?.value ?? []) as Message[]) {
    const image = one.image as Message | undefined
    if (image !== undefined) {
      Object.assign(image, pixels(Buffer.from(image.png as string, 'base64')))
      delete image.png
    }
    const known = (one.metadata as Message)?.pluginData as Message | undefined
    if (known?.pluginName === 'hparams') {
      const content = parse(Buffer.from(known.content as string, 'base64'), hparams)
      if (content.sessionEndInfo) content.sessionEndInfo = { status: 'STATUS_SUCCESS' }
      known.content = content
    }
  }
  return out
}

function pixels(png: Buffer): { size: number[]; pixels: string } {
  const { mode, width, height, data } = decode('picture', png)
  const image = new Image(mode, width, height, data)
  return { size: [width, height], pixels: Buffer.from(image.data).toString('base64') }
}

function parse(data: Buffer, schema: Schema): Message {
  const out: Message = {}
  let at = 0
  const varint = () => {
    let result = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++]!
      result |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asIntN(64, result)
    }
  }
  const payload = (wire: number) => {
    if (wire === 0) return varint()
    const size = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint())
    const value = data.subarray(at, at + size)
    at += size
    return wire === 1 ? value.readDoubleLE() : wire === 5 ? value.readFloatLE() : value
  }
  while (at < data.length) {
    const key = Number(varint())
    const field = schema[key >> 3]
    if (field === undefined) throw new Error(`unknown field ${key >> 3} of ${JSON.stringify(schema)}`)
    const [name, kind, many] = field
    const json = jsonValue(payload(key & 7), kind)
    if (many === 'many') out[name] = [...((out[name] as unknown[]) ?? []), ...(Array.isArray(json) ? json : [json])]
    else if (many === 'map') {
      const { key, value } = json as { key: string; value: unknown }
      out[name] = { ...(out[name] as Message), [key]: value }
    } else if (many === 'present' || (json !== 0 && json !== '0' && json !== '')) out[name] = json
  }
  return out
}

function jsonValue(value: unknown, kind: Kind | Schema): unknown {
  if (typeof kind === 'object') {
    const inside = parse(value as Buffer, kind)
    return kind === anyValue ? Object.values(inside)[0] : kind === listOfValues ? inside.values : inside
  }
  if (typeof value === 'bigint')
    return names[kind]?.[Number(value)] ?? (kind === 'int64' ? String(value) : Number(value))
  if (!Buffer.isBuffer(value)) return value
  if (kind === 'double') return Array.from({ length: value.length / 8 }, (_, i) => value.readDoubleLE(i * 8))
  return value.toString(kind === 'bytes' ? 'base64' : 'utf8')
}
