// Random numbers; a null generator is the default one of the device.
#include "ops/random.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

// Seeds are signed 64-bit integers in JavaScript's number.
uint64_t seedOf(double seed) { return static_cast<uint64_t>(static_cast<int64_t>(seed)); }

Generator& orDefault(Generator* given) { return given ? *given : defaultGenerator(); }

Ref<Generator> generator(double seed, Device device) { return make<Generator>(seedOf(seed), device); }
void manualSeed(Generator* g, double seed) { g ? g->manualSeed(seedOf(seed)) : seedAll(seedOf(seed)); }
double initialSeed(Generator* g) { return static_cast<double>(orDefault(g).initialSeed()); }
std::vector<uint8_t> generatorState(Generator* g) { return orDefault(g).state(); }
void setGeneratorState(Generator* g, Bytes state) { orDefault(g).setState(state.data, state.size); }
Ref<Generator> defaultOf(Device device) { return Ref<Generator>(&defaultGenerator(device)); }
double replicaCount() { return static_cast<double>(replicaCalls()); }
void setReplicaCount(double calls) { setReplicaCalls(seedOf(calls)); }

Group group("random");

DT_OP(generator, seed, device);
DT_OP(manualSeed, generator, seed);
DT_OP(initialSeed, generator);
DT_OP(generatorState, generator);
DT_OP(setGeneratorState, generator, state);
DT_OP(defaultOf, device);
// How often replicas have drawn since manualSeed: see Note [Replica streams].
DT_OP(replicaCount);
DT_OP(setReplicaCount, calls);
DT_OP(rand, shape, dtype, device, generator);
DT_OP(randn, shape, dtype, device, generator);
DT_OP(randint, low, high, shape, dtype, device, generator);
DT_OP(randperm, n, dtype, device, generator);
DT_OP(random_, x, low, high, generator);
DT_OP(uniform_, x, from, to, generator);
DT_OP(normal_, x, mean, std, generator);
DT_OP(bernoulli_, x, p, generator);
DT_OP(bernoulli, p, generator);
DT_OP(normal, mean, std, generator);
DT_OP(exponential_, x, lambda, generator);
DT_OP(geometric_, x, p, generator);
DT_OP(cauchy_, x, median, sigma, generator);
DT_OP(logNormal_, x, mean, std, generator);
DT_OP(poisson, rates, generator);
DT_OP(multinomial, weights, count, replacement, generator);
// torch.empty((), dtype=int64).random_(): an int64 scalar over [0, 2^63).
DT_OP(random64, generator);

}  // namespace
}  // namespace dtrain::binding
