// What typedoc is told of this project: a module has the name by which a program imports it, and says what its file
// says; a member with the type of a function, as the ops have that are methods of Tensor, is a method. Loaded by
// typedoc, so it is JavaScript.
import { Comment, Converter, ParameterReflection, ReflectionFlag, ReflectionKind } from 'typedoc'

/** @param {import('typedoc').Application} app */
export function load(app) {
  /** What the function says from whose type that of a member is computed. */
  const comments = new Map()
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module))
      reflection.name = reflection.name === 'index' ? 'dtrain' : `dtrain/${reflection.name}`
    if (reflection.kindOf([ReflectionKind.Module, ReflectionKind.Namespace])) {
      const text = context.getSymbolFromReflection(reflection)?.valueDeclaration?.getSourceFile().text ?? ''
      const opening = /^(\/\/.*\n)*/.exec(text)[0].replaceAll(/^\/\/ ?/gm, '')
      if (opening !== '') reflection.comment = new Comment([{ kind: 'text', text: opening }])
    }
    if (!reflection.kindOf(ReflectionKind.Property) || !/^(Tensor|Parameter)$/.test(reflection.parent?.name)) return
    const declarations = context.getSymbolFromReflection(reflection)?.getDeclarations() ?? []
    const all = declarations.map(declaration => context.getSignatureComment(declaration))
    comments.set(
      reflection,
      all.find(comment => comment !== undefined),
    )
  })
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const [member, comment] of comments) {
      const type = member.type?.type === 'reflection' ? member.type.declaration : undefined
      if (type?.signatures !== undefined) makeMethod(project, member, type, comment)
    }
  })
}

function makeMethod(project, member, type, comment) {
  const different = new Map()
  for (const signature of type.signatures) {
    spread(signature)
    signature.parent = member
    signature.name = member.name
    signature.comment ??= comment?.clone()
    const text = `${signature.parameters?.map(it => `${it.name}: ${it.type}`)} ${signature.type}`
    if (!different.has(text)) different.set(text, signature)
  }
  member.kind = ReflectionKind.Method
  member.signatures = [...different.values()]
  delete member.type
  delete type.signatures
  project.removeReflection(type)
}

/** `...args: [y: Tensor, options?: AddOptions]` as parameters. */
function spread(signature) {
  const [args] = signature.parameters ?? []
  if (!args?.flags.isRest || args.type?.type !== 'tuple') return
  signature.parameters = args.type.elements.map((element, i) => {
    const parameter = new ParameterReflection(element.name ?? `argument${i}`, ReflectionKind.Parameter, signature)
    parameter.type = element.type === 'namedTupleMember' ? element.element : element
    parameter.setFlag(ReflectionFlag.Optional, element.isOptional === true)
    return parameter
  })
}
