// What a program logs with. All events go through EventFile; what PyTorch keeps in folders beside the run, such as each
// line of `addScalars`, has a file of its own there. In a job of several ranks each has a run of its own, since
// TensorBoard reads one file of a run at a time.
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ArgumentError } from '../errors.ts'
import { rankInfo } from '../job/rank.ts'
import { type AnyModule, Module } from '../nn/module/module.ts'
import { bytes, type Fields, integer, message } from '../protobuf.ts'
import { atMost, flag, Options, refuse, Tensor } from '../tensor/index.ts'
import { writeEmbedding } from './embedding.ts'
import { EventFile } from './event-file.ts'
import { graphOf, runMetadata } from './graph.ts'
import { type Bins, histogram } from './histogram.ts'
import { checkRecord, type HParam, hparams } from './hparams.ts'
import { image } from './image.ts'
import { numberOf, scalar, summary, text } from './summary.ts'

/** Options of `SummaryWriter`. */
export interface SummaryWriterOptions {
  /** Folder of the run; default runs/<date>_<host><comment>. */
  logDir?: string | null
  /** End of the name of the default folder. */
  comment?: string
  /** TensorBoard forgets events of this step and later ones that stand in the folder. */
  purgeStep?: number | null
  /** How many events wait at most, default 10. */
  maxQueue?: number
  /** How many seconds events wait at most, default 120. */
  flushSecs?: number
  /** End of the names of files. */
  filenameSuffix?: string
}

/** Options of all `add…`. */
export interface AddOptions {
  globalStep?: number | null
  /** Seconds since 1970; default now. */
  walltime?: number | null
}

/** Options of `addScalar`. */
export interface AddScalarOptions extends AddOptions {
  /** Write a tensor, which TensorBoard loads faster. */
  newStyle?: boolean
  /** With `newStyle`: float64 instead of float32. */
  doublePrecision?: boolean
}

/** Options of `addHistogram`. */
export interface AddHistogramOptions extends AddOptions {
  bins?: Bins
  maxBins?: number | null
}

/** Options of `addImage` and `addImages`. */
export interface AddImageOptions extends AddOptions {
  /** What the dimensions are: letters of NCHW, CHW, HW in any order. */
  dataformats?: string
}

/** Options of `addHparams`. */
export interface AddHparamsOptions {
  /** All values that a hyperparameter can have, by its name. */
  hparamDomainDiscrete?: Readonly<Record<string, readonly HParam[]>> | null
  /** Folder below that of the run; default the time. */
  runName?: string | null
  globalStep?: number | null
}

/** Options of `addEmbedding`. */
export interface AddEmbeddingOptions {
  /** A label for each point; an array of several with `metadataHeader`. */
  metadata?: readonly unknown[] | null
  /** A picture for each point: [points, 1 or 3 channels, height, width]. */
  labelImg?: Tensor | null
  globalStep?: number | null
  tag?: string
  metadataHeader?: readonly string[] | null
}

const writerOptions = new Options<SummaryWriterOptions>({
  logDir: true,
  comment: true,
  purgeStep: true,
  maxQueue: true,
  flushSecs: true,
  filenameSuffix: true,
})
const addOptions = new Options<AddOptions>({ globalStep: true, walltime: true })
const scalarOptions = new Options<AddScalarOptions>({
  globalStep: true,
  walltime: true,
  newStyle: true,
  doublePrecision: true,
})
const histogramOptions = new Options<AddHistogramOptions>({
  globalStep: true,
  bins: true,
  walltime: true,
  maxBins: true,
})
const imageOptions = new Options<AddImageOptions>({ globalStep: true, walltime: true, dataformats: true })
const hparamsOptions = new Options<AddHparamsOptions>({ hparamDomainDiscrete: true, runName: true, globalStep: true })
const embeddingOptions = new Options<AddEmbeddingOptions>({
  metadata: true,
  labelImg: true,
  globalStep: true,
  tag: true,
  metadataHeader: true,
})

/**
 * Writes what TensorBoard shows into a folder: `tensorboard --logdir runs`. Files are flushed when the process ends,
 * and `close` does it sooner. Rank r of a job, but for 0, writes into the folder rank_<r> below. PyTorch:
 * torch.utils.tensorboard.SummaryWriter.
 * @throws ArgumentError for wrong options; Node's error when the folder cannot be written
 * @example
 * const writer = new SummaryWriter('runs/first')
 * for (let step = 0; step < 100; step++) writer.addScalar('loss', 1 / (1 + step), step)
 * writer.close()
 */
export class SummaryWriter {
  readonly logDir: string
  readonly #timing: { maxQueue: number; flushSecs: number }
  readonly #suffix: string
  #purgeStep: number | null
  /** By folder; the first is the run's. */
  #files = new Map<string, EventFile>()
  #embeddings = ''

  constructor(logDir?: string | null | SummaryWriterOptions, options?: SummaryWriterOptions) {
    atMost('SummaryWriter', 2, arguments.length)
    const given = writerOptions.readFirst('SummaryWriter', logDir, options)
    const { comment = '', purgeStep = null, maxQueue = 10, flushSecs = 120, filenameSuffix = '' } = given
    if (given.logDir != null && typeof given.logDir !== 'string') refuse('SummaryWriter', 'a folder', given.logDir)
    if (!(maxQueue >= 0)) throw new ArgumentError(`SummaryWriter: maxQueue must be 0 or more, got ${maxQueue}`)
    if (!(flushSecs > 0)) throw new ArgumentError(`SummaryWriter: flushSecs must be more than 0, got ${flushSecs}`)
    const { rank } = rankInfo()
    const run = given.logDir || join('runs', `${timeName(new Date())}_${hostname()}${comment}`)
    this.logDir = rank === 0 ? run : join(run, `rank_${rank}`)
    this.#timing = { maxQueue, flushSecs }
    this.#suffix = filenameSuffix
    this.#purgeStep = purgeStep === null ? null : stepOf('SummaryWriter: purgeStep', purgeStep)!
    this.#own()
  }

  /** The folder of the run. */
  getLogdir(): string {
    return this.logDir
  }

  /**
   * A number, or a tensor with one element.
   * @example writer.addScalar('loss/train', loss, epoch)
   */
  addScalar(
    tag: string,
    scalarValue: number | bigint | Tensor,
    globalStep?: number | null | AddScalarOptions,
    options?: AddScalarOptions,
  ): void {
    atMost('addScalar', 4, arguments.length)
    const given = scalarOptions.readFirst('addScalar', globalStep, options)
    const newStyle = flag('addScalar: newStyle', given.newStyle ?? false)
    const doublePrecision = flag('addScalar: doublePrecision', given.doublePrecision ?? false)
    this.#add('addScalar', tag, scalar(numberOf('addScalar', scalarValue), newStyle, doublePrecision), given)
  }

  /**
   * Several lines of one chart. Each is a run of its own, in a folder below.
   * @example writer.addScalars('loss', { train: 0.3, validation: 0.5 }, epoch)
   */
  addScalars(
    mainTag: string,
    tagScalarDict: Readonly<Record<string, number | bigint | Tensor>>,
    globalStep?: number | null | AddOptions,
    options?: AddOptions,
  ): void {
    atMost('addScalars', 4, arguments.length)
    const given = addOptions.readFirst('addScalars', globalStep, options)
    checkRecord('addScalars', 'tagScalarDict', tagScalarDict)
    checkTag('addScalars', mainTag)
    const walltime = given.walltime ?? Date.now() / 1000
    const values = Object.entries(tagScalarDict).map(([tag, value]) => [tag, numberOf('addScalars', value)] as const)
    this.#own()
    for (const [tag, value] of values) {
      const file = this.#file(`${this.logDir}/${mainTag.replaceAll('/', '_')}_${tag}`)
      file.add(summary(mainTag, scalar(value)), stepOf('addScalars', given.globalStep), walltime)
    }
  }

  /**
   * How values are distributed. `bins` is how many bins of equal width, or their edges; by default, each is a tenth
   * wider than the one before.
   * @throws ArgumentError for no values, or none in the bins
   * @example for (const [name, p] of model.namedParameters()) writer.addHistogram(name, p, epoch)
   */
  addHistogram(
    tag: string,
    values: Tensor | ArrayLike<number>,
    globalStep?: number | null | AddHistogramOptions,
    options?: AddHistogramOptions,
  ): void {
    atMost('addHistogram', 4, arguments.length)
    const given = histogramOptions.readFirst('addHistogram', globalStep, options)
    const elements =
      values instanceof Tensor
        ? (values.detach().to('float64').toTypedArray() as Float64Array)
        : Float64Array.from(asArray(values))
    const { bins = 'tensorflow', maxBins = null } = given
    this.#add('addHistogram', tag, bytes(5, histogram('addHistogram', elements, bins, maxBins)), given)
  }

  /**
   * A picture: bytes from 0 to 255 in uint8, else numbers from 0 to 1.
   * @throws ArgumentError, ShapeError when the tensor is not what `dataformats` says, by default 'CHW'
   * @example writer.addImage('digits', makeGrid(images), step)
   */
  addImage(
    tag: string,
    imgTensor: Tensor,
    globalStep?: number | null | AddImageOptions,
    options?: AddImageOptions,
  ): void {
    atMost('addImage', 4, arguments.length)
    const given = imageOptions.readFirst('addImage', globalStep, options)
    this.#add('addImage', tag, bytes(4, image('addImage', imgTensor, given.dataformats ?? 'CHW')), given)
  }

  /** A batch of pictures as one, eight in a row; `dataformats` is by default 'NCHW'. @throws as `addImage` */
  addImages(
    tag: string,
    imgTensor: Tensor,
    globalStep?: number | null | AddImageOptions,
    options?: AddImageOptions,
  ): void {
    atMost('addImages', 4, arguments.length)
    const given = imageOptions.readFirst('addImages', globalStep, options)
    this.#add('addImages', tag, bytes(4, image('addImages', imgTensor, given.dataformats ?? 'NCHW')), given)
  }

  /** A text, shown as Markdown. */
  addText(tag: string, textString: string, globalStep?: number | null | AddOptions, options?: AddOptions): void {
    atMost('addText', 4, arguments.length)
    const given = addOptions.readFirst('addText', globalStep, options)
    if (typeof textString !== 'string') refuse('addText', 'a text', textString)
    this.#add('addText', `${checkTag('addText', tag)}/text_summary`, text(textString), given)
  }

  /**
   * A model as a graph of its layers, found by running it once in evaluation mode; an array holds several arguments.
   * @throws what the model throws
   * @example writer.addGraph(model, images)
   */
  addGraph(model: AnyModule, inputToModel: Tensor | readonly unknown[]): void {
    atMost('addGraph', 2, arguments.length)
    if (!(model instanceof Module)) refuse('addGraph', 'a module', model)
    const inputs = inputToModel instanceof Tensor ? [inputToModel] : inputToModel
    if (!Array.isArray(inputs)) refuse('addGraph', 'a tensor or an array of arguments', inputToModel)
    const graph = graphOf('addGraph', model, inputs)
    this.#own().add(bytes(4, graph))
    this.#own().add(bytes(8, message(bytes(1, 'step1'), bytes(2, runMetadata()))))
  }

  /**
   * The hyperparameters of a run and what came of them, for a table over runs. They are a run of their own, below.
   * @throws ArgumentError for values that are no numbers, texts, truth values or tensors with one element
   * @example writer.addHparams({ lr: 0.1, batchSize: 32 }, { 'hparam/accuracy': 0.97 })
   */
  addHparams(
    hparamDict: Readonly<Record<string, HParam>>,
    metricDict: Readonly<Record<string, number | bigint | Tensor>>,
    options?: AddHparamsOptions,
  ): void {
    atMost('addHparams', 3, arguments.length)
    const given = hparamsOptions.read('addHparams', options)
    checkRecord('addHparams', 'hparamDict', hparamDict)
    checkRecord('addHparams', 'metricDict', metricDict)
    const step = stepOf('addHparams', given.globalStep)
    const metrics = Object.entries(metricDict).map(([tag, value]) =>
      summary(tag, scalar(numberOf('addHparams', value))),
    )
    const params = hparams('addHparams', hparamDict, Object.keys(metricDict), given.hparamDomainDiscrete ?? {})
    const folder = join(this.logDir, given.runName || String(Date.now() / 1000))
    const file = new EventFile(folder, this.#suffix, this.#timing)
    for (const fields of [...params, ...metrics]) file.add(fields, step)
    file.close()
  }

  /**
   * Vectors for TensorBoard's projector, one in a row; `metadata` and `labelImg` say what the points are.
   * @throws ArgumentError, ShapeError when there are not as many labels or pictures as points
   * @example writer.addEmbedding(features, { metadata: labels.toArray() as number[], labelImg: images })
   */
  addEmbedding(
    mat: Tensor,
    metadata?: readonly unknown[] | null | AddEmbeddingOptions,
    options?: AddEmbeddingOptions,
  ): void {
    atMost('addEmbedding', 3, arguments.length)
    const given = embeddingOptions.readFirst('addEmbedding', metadata, options)
    this.#embeddings += writeEmbedding('addEmbedding', this.logDir, mat, {
      metadata: given.metadata ?? null,
      metadataHeader: given.metadataHeader ?? null,
      labelImg: given.labelImg ?? null,
      globalStep: stepOf('addEmbedding', given.globalStep) ?? 0,
      tag: checkTag('addEmbedding', given.tag ?? 'default'),
    })
    writeFileSync(join(this.logDir, 'projector_config.pbtxt'), this.#embeddings)
  }

  /** Writes what waits. @throws Node's error when the disk is full; what waits is kept then */
  flush(): void {
    atMost('flush', 0, arguments.length)
    for (const file of this.#files.values()) file.flush()
  }

  /** Writes what waits and closes the files; a later `add…` begins new ones. */
  close(): void {
    atMost('close', 0, arguments.length)
    for (const file of this.#files.values()) file.close()
    this.#files.clear()
  }

  #add(op: string, tag: string, value: Fields, { globalStep, walltime }: AddOptions): void {
    this.#own().add(summary(checkTag(op, tag), value), stepOf(op, globalStep), walltime ?? undefined)
  }

  /** The file of the run. */
  #own(): EventFile {
    const file = this.#file(this.logDir)
    if (this.#purgeStep !== null) {
      file.add(bytes(3, 'brain.Event:2'), this.#purgeStep)
      file.add(bytes(7, integer(1, 1)), this.#purgeStep) // a session starts
      this.#purgeStep = null
    }
    return file
  }

  #file(folder: string): EventFile {
    const known = this.#files.get(folder)
    if (known !== undefined) return known
    const file = new EventFile(folder, this.#suffix, this.#timing)
    this.#files.set(folder, file)
    return file
  }
}

function checkTag(op: string, tag: string): string {
  return typeof tag === 'string' ? tag : refuse(op, 'a tag in quotes', tag)
}

function stepOf(op: string, step: number | null | undefined): number | undefined {
  if (step == null) return undefined
  if (!Number.isFinite(step)) throw new ArgumentError(`${op}: the step must be a number, got ${step}`)
  return Math.trunc(step)
}

function asArray(values: ArrayLike<number>): ArrayLike<number> {
  return Array.isArray(values) || ArrayBuffer.isView(values)
    ? values
    : refuse('addHistogram', 'a tensor or an array of numbers', values)
}

/** As in Jan05_14-03-59. */
function timeName(now: Date): string {
  const month = now.toLocaleString('en', { month: 'short' })
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('-')
  return `${month}${two(now.getDate())}_${time}`
}
