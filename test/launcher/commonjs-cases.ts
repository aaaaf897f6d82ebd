// Programs in CommonJS for modules.test.ts.
import type { Case } from './module-cases.ts'

export const commonjs: Record<string, Case> = {
  'a CommonJS script with a main guard': {
    run: 'main.cts',
    files: {
      'main.cts': `function main(n: number) { console.log('main', n, module.id, require.main!.filename === __filename) }
        if (require.main === module) main(1)`,
    },
  },
  'a script without a package type, with an export': {
    run: 'main.ts',
    args: ['a', '--b'],
    files: {
      'main.ts': `import { basename } from 'node:path'
        export const answer: number = 42
        export default class Main {}
        if (require.main === module) console.log(answer, basename(__filename), __dirname, process.argv, Main.name)
        console.log(Object.keys(module.exports))`,
    },
  },
  'require of a variable, resolve, cache and a failing require': {
    run: 'main.ts',
    files: {
      'main.ts': `const name: string = './b'
        console.log(require(name).b, require(name) === require('./b.ts'), require.resolve(name))
        console.log(Object.keys(require.cache).filter(path => path.startsWith(__dirname)), module.children.length)
        try { require('./nowhere') } catch (error: any) { console.log(error.code) }`,
      'b.ts': 'export const b: string = module.parent!.filename; console.log(require.main === module)',
    },
  },
  'import() in CommonJS': {
    run: 'main.cts',
    files: {
      'main.cts': `const name = './b.mts'
        import(name).then(async b => console.log(b.b, (await import('./c.cts')).c))`,
      'b.mts': 'export const b: string = await Promise.resolve("b")',
      'c.cts': 'export const c: string = "c"',
    },
  },
  'import.meta in CommonJS': {
    run: 'main.ts',
    files: { 'main.ts': 'console.log(import.meta.url, import.meta.filename === __filename, import.meta.dirname)' },
  },
  'JSON in CommonJS': {
    run: 'main.ts',
    files: {
      'main.ts': `import data, { answer } from './data.json'
        console.log(data, answer)`,
      'data.json': '\uFEFF{ "answer": 42 }',
    },
  },
  'the same in CommonJS': {
    run: 'main.ts',
    files: {
      'main.ts': `import { a } from './a.js'
        import c = require('./c.cjs')
        const { d } = require('./d')
        console.log(a, c, d, require('./sub').f, require('./g.js').g)`,
      'a.ts': 'export const a: string = "a.ts"',
      'c.cts': 'export = { c: "c.cts" }',
      'd.ts': 'export const d: string = "d.ts"',
      'sub/index.ts': 'export const f: string = "sub/index.ts"',
      'g.js': 'exports.g = "g.js"',
    },
  },
  'paths of tsconfig.json in CommonJS': {
    run: 'main.ts',
    files: {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
      'main.ts': `import { b } from '~/b'
        console.log(b, require.resolve('~/b'))`,
      'lib/b.ts': 'export const b: number = 1',
    },
  },
  'packages in CommonJS': {
    run: 'main.ts',
    files: {
      'main.ts': `import fallback, { named } from 'cjs'
        import { late } from 'cjs'
        import { kind } from 'dual'
        import fs from 'node:fs'
        import only from 'esm'
        console.log(fallback, named, late, kind, typeof fs.readFileSync, only)`,
      'node_modules/cjs/index.js':
        'exports.named = 1; Object.assign(exports, { late: 2 }); exports.__esModule = true; exports.default = "default"',
      'node_modules/dual/package.json': '{ "exports": { "import": "./a.mjs", "require": "./a.cjs" } }',
      'node_modules/dual/a.mjs': 'export const kind = "import"',
      'node_modules/dual/a.cjs': 'exports.kind = "require"',
      'node_modules/esm/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/esm/index.js': 'import { only } from "./only.js"; export default only',
      'node_modules/esm/only.js': 'export const only = "only ESM"',
    },
  },
  'circular requires': {
    run: 'main.cts',
    files: {
      'main.cts': 'exports.early = 1; console.log(require("./b.cts").seen); exports.late = 2',
      'b.cts': 'export const seen: object = { ...require("./main.cts") }',
    },
  },
  'names that a module takes from CommonJS': {
    run: 'main.mts',
    files: {
      'main.mts': `import whole, { a, B } from './b.cts'
        import { plain } from './plain.cts'
        import * as ns from './b.cts'
        console.log(whole.a, a, B.name, plain, ns.default === whole, 'B' in ns, '__esModule' in ns)`,
      'b.cts': `export const a: number = 1
        export class B {}
        export default 5`,
      'plain.cts': 'exports.plain = "plain" as string',
    },
  },
  'an error of the script': {
    run: 'main.cts',
    code: 1,
    files: { 'main.cts': 'console.log(1); throw new Error("mine")' },
  },
  'what a main module knows of itself': {
    with: 'node',
    run: 'main.js',
    files: {
      'main.js': `console.log(module.id, module.parent, require.main.id, require('./b.js'))
        console.log(require(__filename) === exports)`,
      'b.js': 'module.exports = [module.id === __filename, module.parent.id]',
    },
  },
  'a hook of the user that changes what require reads': {
    with: 'node',
    run: 'main.cjs',
    env: { NODE_OPTIONS: '--require ./hook.cjs' },
    files: {
      'main.cjs': 'require("./b.js")',
      'b.js': 'console.log("NAME")',
      'hook.cjs': `const read = require.extensions['.js']
        require.extensions['.js'] = (module, path) => {
          const compile = module._compile
          module._compile = text => compile.call(module, text.replace('NAME', 'changed'), path)
          read(module, path)
        }`,
    },
  },
  'folders with a main file, and files beside folders': {
    run: 'main.ts',
    files: {
      'main.ts': `import { a } from './a'
        import { b } from './b'
        console.log(a, b, require('./c'), require.resolve('./c'))`,
      'a/package.json': '{ "main": "lib/x.js" }',
      'a/lib/x.js': 'exports.a = "main"',
      'a/index.ts': 'export const a: string = "index"',
      'b.js': 'exports.b = "file"',
      'b/index.ts': 'export const b: string = "index"',
      'c/package.json': '{ "main": "./x" }',
      'c/x.js': 'module.exports = "main"',
      'c/index.js': 'module.exports = "index"',
    },
  },
  'JavaScript without a package type': {
    with: 'node',
    run: 'main.js',
    files: {
      'main.js': 'with ({ x: 1 }) console.log(x, require.main === module, this === exports, __filename)',
    },
  },
}
