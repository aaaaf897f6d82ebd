// Prints a C++ program that prints what the emulated CUDA headers (emulation/include) declare: the value of
// every constant, the type of every function, and the layout of every structure of the libraries. scripts/check-cuda.sh
// compiles it against these headers and against NVIDIA's; both must print the same. Structures of the runtime are left
// out: the emulated ones hold only some of the members.
import { readFileSync } from 'node:fs'

const headers = ['cuda_runtime_api.h', 'library_types.h', 'cublasLt.h', 'cusolverDn.h', 'cudnn.h', 'nccl.h', 'nvml.h']
const laidOut = new Set(['cublasLt.h', 'cudnn.h', 'nccl.h', 'nvml.h'])

const includes: string[] = []
const lines: string[] = []
for (const header of headers) {
  const url = new URL(`../emulation/include/${header}`, import.meta.url)
  const text = readFileSync(url, 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
  const constants = [
    ...text.matchAll(/\benum\s*\w*\s*(?::\s*\w+\s*)?\{([^}]*)\}/g),
    ...text.matchAll(/inline constexpr \w+ ([^;]*);/g),
    ...text.matchAll(/#define ((?:CUBLAS|CUSOLVER|CUDNN|NCCL|NVML)_\w+|nvml\w+) (?!NULL|\{)/g),
  ].flatMap(([, body]) => list(body, ',').map(word))
  for (const name of constants) lines.push(`value("${name}", ${name});`)
  includes.push(`#include <${header}>`)
  for (const [, name] of text.matchAll(/\b((?:cuda|cublas|cusolver|cudnn|nccl|nvml)\w+)\([^()]*\);/g)) {
    includes.push(`using TypeOf_${name} = decltype(${name});`) // here, because headers to come overload some
    lines.push(`type<TypeOf_${name}>("${name}");`)
  }
  if (!laidOut.has(header)) continue
  for (const [, body, name] of text.matchAll(/typedef struct\s*\w*\s*\{([^}]*)\}\s*(\w+);/g)) {
    lines.push(`value("sizeof ${name}", sizeof(${name}));`)
    for (const member of list(body, ';')) {
      const field = member.replace(/\[.*/, '').match(/\w+$/)?.[0]
      lines.push(`value("${name}.${field}", offsetof(${name}, ${field}));`)
    }
  }
}

console.log(`#include <cstddef>
#include <cstdio>
#include <typeinfo>

${includes.join('\n')}

void value(const char* name, long long v) { std::printf("%s %lld\\n", name, v); }
template <class T>
void type(const char* name) { std::printf("%s %s\\n", name, typeid(T).name()); }

int main() {
${lines.join('\n')}
}`)

function list(body: string | undefined, separator: string): string[] {
  return (body ?? '')
    .split(separator)
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
}

/** The name in front of ` = value`. */
function word(entry: string): string {
  return entry.match(/^\w+/)?.[0] ?? ''
}
