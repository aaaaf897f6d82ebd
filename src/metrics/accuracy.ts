// The part of samples whose class is right, or among the k that got the highest scores.
import { ArgumentError } from '../errors.ts'
import { atMost, Options, shown, type Tensor, tidy } from '../tensor/index.ts'
import { hasScores, integers, predicted } from './classes.ts'
import { Metric } from './metric.ts'

/** Options of `Accuracy`. */
export interface AccuracyOptions {
  /** How many of the highest scores may be that of the right class, default 1. */
  topK?: number
}

const accuracyOptions = new Options<AccuracyOptions>({ topK: true })

/**
 * The part of samples that got the right class.
 * @throws ArgumentError unless `topK` is a positive integer
 * @example
 * const accuracy = new Accuracy()
 * for (const [x, y] of loader) accuracy.update(model(x), y)
 * console.log(`accuracy ${accuracy}`) // accuracy 75.00 %
 */
export class Accuracy extends Metric {
  readonly topK: number

  constructor(topK?: number | AccuracyOptions) {
    super(2)
    atMost('Accuracy', 1, arguments.length)
    this.topK = accuracyOptions.readFirst('Accuracy', topK).topK ?? 1
    if (!Number.isSafeInteger(this.topK) || this.topK < 1) {
      throw new ArgumentError(`Accuracy: topK: expected a positive integer, got ${shown(this.topK)}`)
    }
  }

  /**
   * Adds a batch: scores (N, classes), also logits, or the classes that were chosen (any shape), and the right classes.
   * @throws ShapeError when the shapes do not fit
   */
  update(output: Tensor, target: Tensor): void {
    const right = this.topK === 1 ? chosen(output, target) : amongTop(output, target, this.topK)
    this.counts[0]! += right
    this.counts[1]! += target.numel()
  }

  /** From 0 to 1. */
  get value(): number {
    return this.counts[0]! / this.counts[1]!
  }

  override toString(): string {
    return Number.isNaN(this.value) ? '–' : `${(100 * this.value).toFixed(2)} %`
  }
}

/** How many targets are the class with the highest score. */
function chosen(output: Tensor, target: Tensor): number {
  const classes = predicted('Accuracy', output, target)
  const targets = integers('Accuracy: target', target)
  return targets.filter((one, i) => one === classes[i]).length
}

/** How many targets are among the k classes with the highest scores; of equal scores the first is the higher. */
function amongTop(output: Tensor, target: Tensor, k: number): number {
  if (!hasScores('Accuracy', output, target)) {
    throw new ArgumentError(`Accuracy: topK ${k} needs scores of shape [N, classes], got classes`)
  }
  const targets = integers('Accuracy: target', target)
  const scores = tidy(() => output.to('float64').toTypedArray()) as Float64Array
  const classes = output.size(1)
  return targets.filter((own, row) => {
    const start = row * classes
    let before = 0
    for (let other = 0; other < classes; other++) {
      if (isHigher(scores[start + other]!, scores[start + own]!, other < own)) before += 1
    }
    return before < k
  }).length
}

/** Whether score a comes before b. NaN is above all numbers, as argmax has it. */
function isHigher(a: number, b: number, isFirst: boolean): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && (!Number.isNaN(b) || isFirst)
  return a > b || (a === b && isFirst)
}
