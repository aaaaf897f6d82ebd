// Writing a model as an ONNX file, which other programs run. What the graph is comes from running the model on examples
// (trace.ts), several times with other sizes where sizes may vary (merge.ts); each function of the addon is then a few
// operators (ops).
import { ArgumentError, DtrainError, UnsupportedError } from '../errors.ts'
import { writeAtomically } from '../io/atomic.ts'
import { type AnyModule, Module } from '../nn/module/module.ts'
import { atMost, mapTensors, Options, refuse, Tensor } from '../tensor/index.ts'
import { type Axis, axesOf, type DynamicAxes, sized } from './axes.ts'
import { Graph } from './graph.ts'
import { type Merged, type MergedCall, merge, type Value } from './merge.ts'
import { modelFile, type Port } from './model.ts'
import { converters } from './ops/table.ts'
import { type Trace, trace } from './trace.ts'

/** Options of `exportOnnx`. */
export interface OnnxOptions {
  /** Default `'input'`, or `'input0'`, `'input1'`, … for several. */
  inputNames?: readonly string[]
  /** Default `'output'`, or `'output0'`, `'output1'`, … for several. */
  outputNames?: readonly string[]
  /**
   * The dimensions that may have other sizes when the model runs. Default: the first of every input that has as many
   * rows as the first input, called `'batch'`; `{}` fixes all.
   */
  dynamicAxes?: DynamicAxes
}

const onnxOptions = new Options<OnnxOptions>({ inputNames: true, outputNames: true, dynamicAxes: true })

/**
 * Writes what the model computes in evaluation mode as an ONNX file, operators of version 18 and the weights. The model
 * runs on the example inputs to see what that is. PyTorch: torch.onnx.export.
 * @throws UnsupportedError naming the layer and what in it cannot be said in ONNX; what the model throws
 * @example exportOnnx(model, randn(1, 1, 28, 28), 'model.onnx')
 */
export function exportOnnx(
  model: AnyModule,
  exampleInputs: Tensor | readonly unknown[],
  path: string,
  options?: OnnxOptions,
): void {
  atMost('exportOnnx', 4, arguments.length)
  if (!(model instanceof Module)) refuse('exportOnnx', 'a module', model)
  const inputs = exampleInputs instanceof Tensor ? [exampleInputs] : exampleInputs
  if (!Array.isArray(inputs)) refuse('exportOnnx', 'a tensor or an array of inputs', exampleInputs)
  if (typeof path !== 'string') refuse('exportOnnx', 'the path of a file', path)
  const given = onnxOptions.read('exportOnnx', options)
  const examples: Tensor[] = []
  mapTensors(inputs, x => {
    examples.push(x)
    return x
  })
  if (examples.length === 0) throw new ArgumentError('exportOnnx: there is no tensor among the example inputs')
  const names = portNames('inputNames', 'input', examples.length, given.inputNames)
  const axes = axesOf(examples, names, given.dynamicAxes, given.outputNames)
  const runs = Array.from({ length: 1 + 2 * axes.length }, (_, run) => run)
  const merged = merge(runs.map(run => traced(model, sized(inputs, names, axes, run), axes, run)))
  if (merged.outputs.length === 0) throw new ArgumentError('exportOnnx: the model gives no tensor')
  const outputs = portNames('outputNames', 'output', merged.outputs.length, given.outputNames)
  const twice = outputs.find(name => names.includes(name))
  if (twice !== undefined) throw new ArgumentError(`exportOnnx: '${twice}' is the name of an input and of an output`)
  writeAtomically(path, false, file => {
    for (const piece of graphOf(model, merged, names, outputs, axes)) file.append(piece)
  })
}

function portNames(option: string, name: string, count: number, given: readonly string[] | undefined): string[] {
  if (given === undefined) return count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}${i}`)
  if (!Array.isArray(given) || given.some(it => typeof it !== 'string'))
    refuse('exportOnnx', `${option} as texts`, given)
  if (given.length !== count || new Set(given).size !== count) {
    throw new ArgumentError(`exportOnnx: ${option}: expected ${count} different names, got [${given.join(', ')}]`)
  }
  return [...given]
}

/** @throws UnsupportedError for what the model throws on inputs whose sizes nobody has given */
function traced(model: AnyModule, inputs: readonly unknown[], axes: readonly Axis[], run: number): Trace {
  try {
    return trace(model, inputs)
  } catch (cause) {
    const other = axes.filter(({ values, given }) => values[run] !== given)
    if (other.length === 0 || cause instanceof UnsupportedError || !(cause instanceof DtrainError)) throw cause
    const sizes = other.map(({ name, values }) => `${name} ${values[run]}`).join(', ')
    throw new UnsupportedError(
      `exportOnnx: the model does not take inputs of other sizes (${sizes}): ${cause.message}; name the dimensions that ` +
        'vary in dynamicAxes, {} for none',
      { cause },
    )
  }
}

function graphOf(
  model: AnyModule,
  merged: Merged,
  inputs: readonly string[],
  outputs: readonly string[],
  axes: readonly Axis[],
) {
  const graph = new Graph(axes)
  for (const name of [...inputs, ...outputs]) graph.free(name)
  for (const [i, value] of merged.inputs.entries()) graph.bind(value, inputs[i]!)
  for (const call of merged.calls) convert(graph, call)
  graph.at({ layer: { path: '', type: model.constructor.name }, op: '' })
  for (const [i, value] of merged.outputs.entries()) graph.output(value, outputs[i]!)
  const portOf = ({ shape, dtype }: Value, name: string): Port => ({
    name,
    dtype,
    shape: shape.map(size => (typeof size === 'number' ? size : (graph.axis(size)?.name ?? null))),
  })
  return modelFile({
    name: model.constructor.name,
    ...graph.needed(outputs),
    inputs: merged.inputs.map((value, i) => portOf(value, inputs[i]!)),
    outputs: merged.outputs.map((value, i) => portOf(value, outputs[i]!)),
  })
}

function convert(graph: Graph, call: MergedCall): void {
  const { op, args, results } = call
  graph.at(call)
  const inPlace = converters.get(op) ?? converters.get(op.replace(/_$/, ''))
  const converter = inPlace ?? converters.get(op.replace(/Out$/, ''))
  if (converter === undefined) graph.fail(`${op} cannot be said in ONNX`)
  const given = inPlace === undefined ? args.slice(0, -1) : args // addOut has the result last
  const names = [converter(graph, results[0], ...given)].flat()
  for (const [i, value] of results.entries()) graph.bind(value, names[i]!)
}
