// Programs for modules.test.ts: files, what to run, and which of node and tsx shows how it must run.

export interface Case {
  files: Record<string, string>
  links?: Record<string, string>
  run: string
  args?: string[]
  env?: NodeJS.ProcessEnv
  with?: 'node'
  /** Exit code; default 0. */
  code?: number
}

const esm = { 'package.json': '{ "type": "module" }' }

export const cases: Record<string, Case> = {
  'import of a variable': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `for (const name of ['./b.ts', './c.js', './sub', './b'])
          console.log(name, (await import(name).catch((e: any) => e.code)).url)
        console.log(await import('./b.ts') === await import(new URL('./b.ts', import.meta.url).href))`,
      'b.ts': 'export const url: string = import.meta.url',
      'c.ts': 'export const url: string = import.meta.filename',
      'sub/index.ts': 'export const url: string = import.meta.dirname',
    },
  },
  'import.meta': {
    run: 'sub/main.ts',
    files: {
      ...esm,
      'sub/main.ts': `console.log(import.meta.url, import.meta.filename, import.meta.dirname, process.argv[1])
        console.log(import.meta.resolve('./b.ts'), import.meta.resolve('./b.js'), import.meta.resolve('node:fs'))
        console.log(import.meta.resolve('pkg'))`,
      'sub/b.ts': '',
      'node_modules/pkg/index.js': '',
    },
  },
  'a fork of itself': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import { fork } from 'node:child_process'
        import { b } from './b.js'
        if (process.argv[2] === 'child') process.send!(b)
        else fork(import.meta.filename, ['child']).once('message', text => console.log(text))`,
      'b.ts': 'export const b: string = "child"',
    },
  },
  'a byte order mark, and one before #!': {
    with: 'node',
    run: 'main.mjs',
    files: {
      'main.mjs': '\uFEFF#!/usr/bin/env node\nimport b from "./b.cjs"\nconsole.log(b)',
      'b.cjs': '\uFEFFexports.b = 1',
    },
  },
  'a byte order mark in TypeScript': {
    run: 'main.ts',
    files: { 'main.ts': '\uFEFFconst n: number = 1\nconsole.log(n)' },
  },
  JSON: {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import { createRequire } from 'node:module'
        import plain, { answer } from './data.json'
        console.log(plain, answer, (await import('./data.json')).default, createRequire(import.meta.url)('./data'))`,
      'data.json': '{ "answer": 42, "a-b": [1], "default": 3 }',
    },
  },
  'JSON with its type': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import data from './data.json' with { type: 'json' }
        const again = await import('./data.json', { with: { type: 'json' } })
        console.log(data, again.default === data)`,
      'data.json': '{ "answer": 42 }',
    },
  },
  'imports named as TypeScript names them': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import { a } from './a.js'
        import { b } from './b.mjs'
        import { c } from './c.cjs'
        import { d } from './d'
        import { e } from './e.jsx'
        import { f } from './sub'
        import { g } from './g.js'
        console.log(a, b, c, d, e, f, g)`,
      'a.ts': 'export const a: string = "a.ts"',
      'a.js': 'export const a = "a.js, an old build"',
      'b.mts': 'export const b: string = "b.mts"',
      'c.cts': 'export const c: string = "c.cts"',
      'd.ts': 'export const d: string = "d.ts"',
      'e.tsx': 'export const e: string = "e.tsx"',
      'sub/index.ts': 'export const f: string = "sub/index.ts"',
      'g.js': 'export const g = "g.js"',
    },
  },
  'paths of tsconfig.json': {
    run: 'src/main.ts',
    files: {
      ...esm,
      'tsconfig.json': `{ "extends": "./base.json", // a comment
        "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }`,
      'base.json':
        '{ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["./src/*"], "exact": ["./src/b.ts"] } } }',
      'src/main.ts': `import { b } from '~/b'
        import { b as exact } from 'exact'
        import { c } from '~/c.js'
        const name = '~/b'
        console.log(b === exact, c, (await import(name)).b === b)`,
      'src/b.ts': 'export const b: object = { b: 1 }',
      'src/c.tsx': 'const h = (name: string) => name; export const c = <div/>',
    },
  },
  'what only TypeScript has': {
    run: 'main.ts',
    files: {
      ...esm,
      'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
      'main.ts': `enum Colour { Red = 1, Green }
        const enum Few { One = 'one' }
        namespace Space { export const x = 1 }
        abstract class Point { constructor(public x: number, protected y?: number) {} }
        function logged(target: any, name: string) { console.log('decorated', name) }
        class Line extends Point { @logged length() { return (this.x satisfies number)! } static self = Line.name }
        console.log(Colour.Red, Colour[2], Few.One, Space.x, new Line(3).length(), Line.name, Line.self)
        import type { Nothing } from './nowhere.ts'
        import { type None } from './types.ts'`,
      'types.ts': 'export interface None { a: 1 }',
    },
  },
  'decorators of the standard': {
    run: 'main.mts',
    files: {
      'main.mts': `function logged(target: unknown, { kind, name }: ClassMethodDecoratorContext) { console.log(kind, name) }
        class A { @logged run() {} }
        console.log(A.name)`,
    },
  },
  'await at the top, and the order of modules': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import './b.ts'
        import './c.ts'
        console.log('main')
        await null
        console.log('after')`,
      'b.ts': 'console.log("b"); await null; console.log("b after")',
      'c.ts': 'console.log("c"); export {}',
    },
  },
  'packages: ESM, CommonJS, both, and by import()': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import dual, { kind } from 'dual'
        import cjs, { named } from 'cjs'
        import { createRequire } from 'node:module'
        console.log(dual, kind, cjs, named, createRequire(import.meta.url)('dual').kind)
        const name = 'dual/sub'
        console.log((await import(name)).default, (await import("esm")).default)`,
      'node_modules/dual/package.json':
        '{ "exports": { ".": { "import": "./a.mjs", "require": "./a.cjs" }, "./sub": "./sub.mjs" } }',
      'node_modules/dual/a.mjs': 'export const kind = "import"; export default "esm"',
      'node_modules/dual/a.cjs': 'exports.kind = "require"',
      'node_modules/dual/sub.mjs': 'export default "sub"',
      'node_modules/cjs/index.js': 'exports.named = 1; exports.__esModule = true; exports.default = "default"',
      'node_modules/esm/package.json': '{ "type": "module", "exports": "./index.js", "module": "wrong.js" }',
      'node_modules/esm/index.js': 'import { kind } from "dual"; export default kind',
    },
  },
  'an own package by its name, and #imports': {
    run: 'main.ts',
    files: {
      'package.json':
        '{ "name": "me", "type": "module", "exports": { "./b": "./b.ts" }, "imports": { "#c": "./c.ts" } }',
      'main.ts': `import { b } from 'me/b'
        import { c } from '#c'
        console.log(b, c)`,
      'b.ts': 'export const b: string = "b"',
      'c.ts': 'export const c: string = "c"',
    },
  },
  'a linked workspace in TypeScript': {
    run: 'main.ts',
    links: { 'node_modules/lib': '../lib' },
    files: {
      ...esm,
      'main.ts': `import { where } from 'lib'
        console.log(where)`,
      'lib/package.json': '{ "type": "module", "exports": "./src/index.ts" }',
      'lib/src/index.ts': 'export * from "./where.js"',
      'lib/src/where.ts': 'export const where: string = import.meta.url',
    },
  },
  'a link to the script': {
    run: 'link.ts',
    links: { 'link.ts': 'real/main.ts' },
    files: {
      ...esm,
      'real/main.ts': `import { b } from './b.ts'
        console.log(b, import.meta.url, process.argv[1])`,
      'real/b.ts': 'export const b: number = 1',
    },
  },
  'circular imports': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': 'import { a } from "./a.ts"; console.log(a())',
      'a.ts':
        'import { b } from "./b.ts"; export function a(): string { return "a" + b() }; export const late: string = "late"',
      'b.ts': `import { late } from "./a.ts"
        export const b = () => late
        try { console.log(late) } catch (error: any) { console.log(error.name) }`,
    },
  },
  'an optional module with an error of syntax, and one that is missing': {
    run: 'main.ts',
    files: {
      'main.ts': `try { require('./bad') } catch (error: any) { console.log('bad') }
        import('./lost').catch(() => console.log('lost'))`,
      'bad.ts': 'foo bar',
    },
  },
  'stacks name lines and columns of the source': {
    run: 'main.ts',
    files: {
      ...esm,
      'main.ts': `import { cjs } from './b.cts'

interface Long { a: string }
enum E { A }
function here(x: Long): string { return new Error(x.a).stack!.split('\\n')[1]!.match(/\\w+\\.ts:[\\d:]+/)![0] }
console.log(here({ a: 'a' }), cjs())`,
      'b.cts': `interface Long { a: string }
enum E { A }
import * as path from 'node:path'
export const cjs = (): string => path.basename(new Error().stack!.split('\\n')[1]!.replace(/\\)$/, ''))`,
    },
  },
  'its exit code': { run: 'main.mts', code: 7, files: { 'main.mts': 'console.log(1); process.exitCode = 7' } },
  'hooks of the user': {
    run: 'main.mts',
    env: { NODE_OPTIONS: '--import ./hooks.mjs' },
    files: {
      'main.mts': `import { answer } from 'virtual:answer'
        console.log(answer as number)`,
      'hooks.mjs': `import { register } from 'node:module'
        const hooks = \`export const resolve = (name, context, next) => name === 'virtual:answer'
          ? { url: name, shortCircuit: true } : next(name, context)
        export const load = (url, context, next) => url === 'virtual:answer'
          ? { format: 'module', source: 'export const answer = 42', shortCircuit: true } : next(url, context)\`
        register('data:text/javascript,' + encodeURIComponent(hooks))`,
    },
  },
  'paths of tsconfig.json in JavaScript, if it allows for that': {
    run: 'main.js',
    files: {
      ...esm,
      'tsconfig.json': '{ "compilerOptions": { "allowJs": true, "paths": { "~/*": ["./lib/*"] } } }',
      'main.js': `import { b } from '~/b'
        console.log(b)`,
      'lib/b.ts': 'export const b: number = 1',
    },
  },
  'hooks of the user that change JavaScript': {
    with: 'node',
    run: 'main.mjs',
    env: { NODE_OPTIONS: '--import ./hooks.mjs' },
    files: {
      'main.mjs': 'import "./b.mjs"; console.log("NAME")',
      'b.mjs': 'console.log("b NAME")',
      'hooks.mjs': `import { register } from 'node:module'
        const hooks = \`export const load = async (url, context, next) => {
          const loaded = await next(url, context)
          if (!/(main|b)\\\\.mjs$/.test(url)) return loaded
          return { ...loaded, source: String(loaded.source).replace('NAME', 'changed') }
        }\`
        register('data:text/javascript,' + encodeURIComponent(hooks))`,
    },
  },
  'JavaScript modules': {
    with: 'node',
    run: 'main.mjs',
    files: {
      'main.mjs': `#!/usr/bin/env node
        import whole, { a } from './a.cjs'
        import { b } from './b.js'
        console.log(whole, a, b, import.meta.filename, (await import('./c.mjs')).c)`,
      'a.cjs': '"use strict"; exports.a = 1; return',
      'b.js': 'exports.b = require("./a.cjs").a + 1',
      'c.mjs': 'export const c = 3',
    },
  },
}

/**
 * What one of node and tsx cannot run, at least on Node 20, and the other can, or what each refuses for no good reason.
 */
export const ours: Record<string, { files: Record<string, string>; run: string; prints: string }> = {
  'worker threads, and a worker of a worker': {
    run: 'sub/main.ts',
    files: {
      ...esm,
      'sub/main.ts': `import { once } from 'node:events'
        import { Worker } from 'node:worker_threads'
        for (const file of [new URL('./w.ts', import.meta.url), './sub/w.ts'])
          console.log(...(await once(new Worker(file, { workerData: 'x' }), 'message'))[0])`,
      'sub/w.ts': `import { parentPort, Worker, workerData } from 'node:worker_threads'
        import { twice } from './twice.js'
        if (workerData === 'xx') parentPort!.postMessage([workerData, import.meta.url])
        else new Worker(new URL(import.meta.url), { workerData: twice(workerData) })
          .once('message', message => parentPort!.postMessage(message))`,
      'sub/twice.ts': 'export const twice = (text: string) => text + text',
    },
    prints: 'xx file://<folder>/sub/w.ts\n'.repeat(2),
  },
  'a worker thread in CommonJS': {
    run: 'main.ts',
    files: {
      'main.ts': `import { isMainThread, parentPort, Worker } from 'node:worker_threads'
        if (isMainThread) new Worker(__filename).once('message', (text: string) => console.log(text))
        else parentPort!.postMessage(require('./b').b)`,
      'b.ts': 'export const b: string = "from b"',
    },
    prints: 'from b\n',
  },
  'names that a module takes from CommonJS, and that takes from another': {
    run: 'main.mts',
    files: {
      'main.mts': `import { a, star } from './b.cts'
        console.log(a, star)`,
      'b.cts': `export const a: number = 1
        export * from './star.cts'`,
      'star.cts': 'export const star: string = "star"',
    },
    prints: '1 star\n',
  },
  'the default export of a file without a package type, from a module': {
    run: 'main.ts',
    files: {
      'main.ts': `import Model, { y } from './b'
        import { default as again } from './b.js'
        const name = './b'
        console.log(Model.name, y, again === Model, (await import(name)).default === Model)`,
      'b.ts': 'export default class Model {}; export const y: number = 1',
    },
    prints: 'Model 1 true true\n',
  },
  'await at the top of a script without a package type': {
    run: 'main.ts',
    files: {
      'main.ts': 'import { b } from "./b"\nconsole.log(await b)',
      'b.ts': 'export const b = Promise.resolve(1 as number)',
    },
    prints: '1\n',
  },
  'require of a module': {
    run: 'main.cts',
    files: {
      'main.cts': 'console.log(require("./b.mts").b)',
      'b.mts': 'import { c } from "./c.js"; export const b: number = c',
      'c.ts': 'export const c: number = 2',
    },
    prints: '2\n',
  },
  'a byte order mark before #! in TypeScript and CommonJS': {
    run: 'main.ts',
    files: {
      'main.ts': '\uFEFF#!/usr/bin/env dtrain\nconsole.log(require("./b.cjs") as number)',
      'b.cjs': '\uFEFF#!x\nmodule.exports = 3',
    },
    prints: '3\n',
  },
}
