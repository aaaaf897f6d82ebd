// What typedoc is told of this project: a module has the name by which a program imports it, and what is a function by
// its type, as the ops are that are methods of Tensor, is a method. Loaded by typedoc, so it is JavaScript.
import { Converter, ReflectionKind } from 'typedoc'

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return
    reflection.name = reflection.name === 'index' ? 'dtrain' : `dtrain/${reflection.name}`
  })
}
