// What programs do with the tensors that are kept for backward: hooks that replace them, and checkpoint(), which
// computes them again.
#include "autograd/engine.h"
#include "binding/callback.h"
#include "binding/table.h"

namespace dtrain::binding {

namespace {

class JsPacked : public Packed {
 public:
  JsPacked(napi_env env, napi_value function) : function_(env, function, true) {}
  Tensor unpack() override {
    const napi_env env = function_.env();
    return scoped(env, [&] { return Js<Tensor>::from(env, function_.call({})); });
  }

 private:
  const FunctionRef function_;
};

class JsPacker : public Packer {
 public:
  JsPacker(napi_env env, napi_value function) : function_(env, function, true) {}
  Ref<Packed> pack(const Tensor& x) override {
    const napi_env env = function_.env();
    return scoped(env, [&] {
      const napi_value unpack = function_.call({toJs(env, x)});
      return Ref<Packed>(new JsPacked(env, Js<Callable>::from(env, unpack).value));
    });
  }

 private:
  const FunctionRef function_;
};

// --- checkpoint
//
// What an op keeps is dropped, and counted. When the first of it is needed, the function runs again, and what its ops
// keep then takes the places in the same order. Values live until the nodes that wanted them are freed, or the pass
// ends.

class Frame;
class Slot : public Packed {
 public:
  Slot(Ref<Frame> frame, size_t index, const Tensor& x)
      : frame(std::move(frame)), index(index), sizes(x.sizes()), dtype(x.dtype()), device(x.device()) {}
  ~Slot() override;
  Tensor unpack() override;

  const Ref<Frame> frame;
  const size_t index;
  const Dims sizes;
  const DType dtype;
  const Device device;
  Tensor value;
};

class Frame : public RefCounted, public Packer {
 public:
  Frame(napi_env env, napi_value recompute, bool compare, bool stopEarly)
      : compare(compare), stopEarly(stopEarly), recompute_(env, recompute, true) {}
  Ref<Packed> pack(const Tensor& x) override {
    slots.push_back(new Slot(Ref<Frame>(this), slots.size(), x));
    return Ref<Packed>(slots.back());
  }
  void fill();

  const bool compare, stopEarly;
  std::vector<Slot*> slots;  // null: not needed any more

 private:
  const FunctionRef recompute_;
};

Slot::~Slot() { frame->slots[index] = nullptr; }

// A tensor that is kept as it is, since the function itself may call backward().
class Kept : public Packed {
 public:
  explicit Kept(const Tensor& x) : x_(x) {}
  Tensor unpack() override { return x_; }

 private:
  const Tensor x_;
};

class Filler : public Packer {
 public:
  explicit Filler(Frame& frame) : frame_(frame) {}
  Ref<Packed> pack(const Tensor& x) override {
    const size_t i = count++;
    if (i < frame_.slots.size() && frame_.slots[i]) put(x, *frame_.slots[i]);
    // The program's frames are left by an exception, which checkpoint() catches.
    complete = frame_.stopEarly && count == frame_.slots.size();
    check(!complete, Code::internal, "checkpoint: all that is needed has been computed again");
    return Ref<Packed>(new Kept(x));
  }
  size_t count = 0;
  bool complete = false;

 private:
  void put(const Tensor& x, Slot& slot) const {
    check(!frame_.compare || (x.sizes() == slot.sizes && x.dtype() == slot.dtype && x.device() == slot.device),
          Code::autograd, "checkpoint: tensor ", slot.index, " that is kept for backward was ", slot.dtype, " ",
          slot.sizes, " on ", slot.device, ", and is ", x.dtype(), " ", x.sizes(), " on ", x.device(),
          " when the function runs again; it must do the same both times");
    slot.value = x;
  }

  Frame& frame_;
};

thread_local std::vector<Packer*> packers;

class Packing {
 public:
  explicit Packing(Packer* p) {
    packers.push_back(p);
    packer = p;
  }
  ~Packing() {
    packers.pop_back();
    packer = packers.empty() ? nullptr : packers.back();
  }
};

thread_local Filler* filling = nullptr;

void Frame::fill() {
  const Ref<Frame> guard(this);
  Filler filler(*this);
  {
    const Packing packing(&filler);
    Filler* const before = std::exchange(filling, &filler);
    const struct Restore {
      Filler* before;
      ~Restore() { filling = before; }
    } restore{before};
    scoped(recompute_.env(), [&] { recompute_.call({}); });
  }
  check(filler.complete || filler.count == slots.size(), Code::autograd, "checkpoint: the function kept ", slots.size(),
        " tensors for backward, and ", filler.count, " when it ran again; it must do the same both times");
  afterBackward([guard](bool, std::vector<Captured>&) {
    for (Slot* slot : guard->slots)
      if (slot) slot->value = {};
  });
}

Tensor Slot::unpack() {
  if (!value.defined()) frame->fill();
  return value;
}

// Whether the function that runs again need not go on.
bool checkpointComplete() { return filling && filling->complete; }

napi_value checkpointed(const Callable& fn, const Callable& recompute, bool compare, bool stopEarly) {
  const napi_env env = instance().env;
  const Ref<Frame> frame(new Frame(env, recompute.value, compare, stopEarly));
  const Packing packing(frame.get());
  return FunctionRef(env, fn.value, true).call({});
}

napi_value withSavedHooks(const Callable& pack, const Callable& fn) {
  const napi_env env = instance().env;
  JsPacker hooks(env, pack.value);
  const Packing packing(&hooks);
  return FunctionRef(env, fn.value, true).call({});
}

Group group("saved");

// Calls fn. What is kept for backward meanwhile is given to `pack`, which returns a function that brings it back.
DT_OP_AS(withSavedHooks, "unknown", pack, fn);
// Calls fn, and keeps nothing of what it keeps for backward: `recompute` brings it back, by calling fn again.
DT_OP_AS(checkpointed, "unknown", fn, recompute, compare, stopEarly);
// Whether what runs in `recompute` may be left.
DT_OP(checkpointComplete);

}  // namespace
}  // namespace dtrain::binding
