// All loops of one instruction set.
#include "kernels/cpu/loops.h"

#define DT_STRING2(x) #x
#define DT_STRING(x) DT_STRING2(x)

namespace dtrain::DT_ISA {

extern const ConvertLoops convertLoops;
extern const ArithmeticLoops arithmeticLoops;
extern const CompareLoops compareLoops;
extern const UnaryLoops unaryLoops;
extern const ActivationLoops activationLoops;
extern const SelectLoops selectLoops;
extern const ReduceLoops reduceLoops;
extern const SoftmaxLoops softmaxLoops;
extern const NormLoops normLoops;
extern const AttentionLoops attentionLoops;
extern const OptimLoops optimLoops;
extern const MatmulLoops matmulLoops;
extern const LossLoops lossLoops;
extern const BitwiseLoops bitwiseLoops;
extern const SpecialLoops specialLoops;
extern const RandomLoops randomLoops;

extern const Loops table;
const Loops table = {DT_STRING(DT_ISA), convertLoops, arithmeticLoops, compareLoops, unaryLoops,     activationLoops,
                     selectLoops,       reduceLoops,  softmaxLoops,    normLoops,    attentionLoops, optimLoops,
                     matmulLoops,       lossLoops,    bitwiseLoops,    specialLoops, randomLoops};

}  // namespace dtrain::DT_ISA
