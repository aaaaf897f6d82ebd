// How often each class was taken for each: the matrix, what follows from it for each class, and all of it as a table.
import { ArgumentError, IndexError } from '../errors.ts'
import { atMost, Options, shown, type Tensor } from '../tensor/index.ts'
import { integers, predicted } from './classes.ts'
import { Metric } from './metric.ts'

/** Options of `ConfusionMatrix`. */
export interface ConfusionMatrixOptions {
  /** What the classes are called in the table, default their numbers. */
  names?: readonly string[]
}

const matrixOptions = new Options<ConfusionMatrixOptions>({ names: true })

/** 0 where there is nothing to divide by. */
const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)

/**
 * Counts of samples by their class (rows) and the class that they got (columns).
 * @throws ArgumentError unless there is a positive number of classes, and a name for each
 * @example
 * const matrix = new ConfusionMatrix(2, ['cat', 'dog'])
 * matrix.update(logits, targets)
 * console.log(`${matrix}`)
 * //              cat    dog recall
 * // cat            5      1 0.8333
 * // dog            2      4 0.6667
 * // precision 0.7143 0.8000 0.7500
 */
export class ConfusionMatrix extends Metric {
  readonly numClasses: number
  readonly names: readonly string[]

  constructor(numClasses: number, names?: readonly string[] | ConfusionMatrixOptions) {
    atMost('ConfusionMatrix', 2, arguments.length)
    if (!Number.isSafeInteger(numClasses) || numClasses < 1) {
      throw new ArgumentError(`ConfusionMatrix: numClasses: expected a positive integer, got ${shown(numClasses)}`)
    }
    super(numClasses * numClasses)
    const given = matrixOptions.readFirst('ConfusionMatrix', names).names
    this.numClasses = numClasses
    this.names = Object.freeze(given ? [...given] : Array.from({ length: numClasses }, (_, i) => String(i)))
    if (this.names.length !== numClasses) {
      throw new ArgumentError(`ConfusionMatrix: names: expected ${numClasses} names, got ${this.names.length}`)
    }
  }

  /**
   * Adds a batch: scores (N, classes), also logits, or the classes that were chosen (any shape), and the right classes.
   * @throws ShapeError when the shapes do not fit, IndexError for a class that there is not
   */
  update(output: Tensor, target: Tensor): void {
    const columns = predicted('ConfusionMatrix', output, target)
    const rows = integers('ConfusionMatrix: target', target)
    const wrong = [...rows, ...columns].find(one => one < 0 || one >= this.numClasses)
    if (wrong !== undefined) {
      throw new IndexError(`ConfusionMatrix: class ${wrong} is out of range for ${this.numClasses} classes`)
    }
    for (const [i, row] of rows.entries()) this.counts[row * this.numClasses + columns[i]!]! += 1
  }

  /** The counts, row by row. */
  get matrix(): number[][] {
    return this.names.map((_, i) => [...this.counts.subarray(i * this.numClasses, (i + 1) * this.numClasses)])
  }

  /** The part of all samples that got the right class. */
  get value(): number {
    const { matrix } = this
    return sum(matrix.map((row, i) => row[i]!)) / sum(matrix.flat())
  }

  /** For each class: the part of the samples that got it which are of it; 0 if none got it. */
  precision(): number[] {
    const { matrix } = this
    return matrix.map((row, i) => ratio(row[i]!, sum(matrix.map(other => other[i]!))))
  }

  /** For each class: the part of its samples that got it; 0 if it has none. */
  recall(): number[] {
    return this.matrix.map((row, i) => ratio(row[i]!, sum(row)))
  }

  /** For each class: the harmonic mean of precision and recall. */
  f1(): number[] {
    const recall = this.recall()
    return this.precision().map((precision, i) => ratio(2 * precision * recall[i]!, precision + recall[i]!))
  }

  /** A table: the counts, with recall beside and precision below them, and the accuracy in the corner. */
  override toString(): string {
    const recall = this.recall()
    const rows = [
      ['', ...this.names, 'recall'],
      ...this.matrix.map((row, i) => [this.names[i]!, ...row.map(String), recall[i]!.toFixed(4)]),
      ['precision', ...[...this.precision(), this.value].map(value => (Number.isNaN(value) ? '–' : value.toFixed(4)))],
    ]
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
    const line = (row: string[]) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join(' ')
    return rows.map(line).join('\n')
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
