// Conversion between JavaScript values and C++ arguments, driven by the C++ signature: bind<&dtrain::matmul>() is a
// complete Node-API function. A new argument type is one more Arg specialisation.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "binding/instance.h"
#include "core/autograd.h"
#include "core/operand.h"
#include "core/runtime.h"

namespace dtrain::binding {

inline void ok(napi_status status, napi_env env, napi_value given, const char* expected) {
  if (status != napi_ok) [[unlikely]]
    failArgument(env, given, expected);
}

inline bool isNullish(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && (type == napi_null || type == napi_undefined);
}

template <class T>
struct Arg;

template <>
struct Arg<double> {
  static double from(napi_env env, napi_value v) {
    double out;
    ok(napi_get_value_double(env, v, &out), env, v, "a number");
    return out;
  }
};
template <>
struct Arg<int64_t> {
  static int64_t from(napi_env env, napi_value v) {
    const double d = Arg<double>::from(env, v);
    check(isIntegral(d), Code::argument, currentFunction, ": expected an integer of 64 bits, got ", d);
    return static_cast<int64_t>(d);
  }
};
template <>
struct Arg<int> {
  static int from(napi_env env, napi_value v) {
    const int64_t n = Arg<int64_t>::from(env, v);
    check(n == static_cast<int>(n), Code::argument, currentFunction, ": the number ", n, " is too large");
    return static_cast<int>(n);
  }
};
template <>
struct Arg<bool> {
  static bool from(napi_env env, napi_value v) {
    bool out;
    ok(napi_get_value_bool(env, v, &out), env, v, "true or false");
    return out;
  }
};
template <>
struct Arg<std::string> {
  static std::string from(napi_env env, napi_value v) {
    size_t n;
    ok(napi_get_value_string_utf8(env, v, nullptr, 0, &n), env, v, "a string");
    std::string out(n, '\0');
    napi_get_value_string_utf8(env, v, out.data(), n + 1, &n);
    return out;
  }
};
template <>
struct Arg<Tensor> {
  static Tensor from(napi_env env, napi_value v) {
    return Tensor(static_cast<TensorImpl*>(unwrapObject(env, v, Kind::tensor)));
  }
};
template <>
struct Arg<Operand> {
  static Operand from(napi_env env, napi_value v) {
    Box* box;
    if (isExternal(env, v, &box)) return Arg<Tensor>::from(env, v);
    double number;
    ok(napi_get_value_double(env, v, &number), env, v, "a tensor or a number");
    return number;
  }
};
template <>
struct Arg<DType> {
  static DType from(napi_env env, napi_value v) { return static_cast<DType>(Arg<int64_t>::from(env, v)); }
};
template <>
struct Arg<Dims> {
  static Dims from(napi_env env, napi_value v) {
    uint32_t n;
    ok(napi_get_array_length(env, v, &n), env, v, "an array of integers");
    Dims out;
    for (uint32_t i = 0; i < n; i++) {
      napi_value element;
      napi_get_element(env, v, i, &element);
      out.push(Arg<int64_t>::from(env, element));
    }
    return out;
  }
};
template <class T>
struct Arg<std::optional<T>> {
  static std::optional<T> from(napi_env env, napi_value v) {
    return isNullish(env, v) ? std::nullopt : std::optional<T>(Arg<T>::from(env, v));
  }
};
// A tensor, or null for none.
struct MaybeTensor {
  Tensor tensor;
  operator const Tensor&() const { return tensor; }
};
template <>
struct Arg<MaybeTensor> {
  static MaybeTensor from(napi_env env, napi_value v) {
    return isNullish(env, v) ? MaybeTensor{} : MaybeTensor{Arg<Tensor>::from(env, v)};
  }
};
template <class T>
struct Arg<std::vector<T>> {
  static std::vector<T> from(napi_env env, napi_value v) {
    uint32_t n;
    ok(napi_get_array_length(env, v, &n), env, v, "an array");
    std::vector<T> out;
    out.reserve(n);
    for (uint32_t i = 0; i < n; i++) {
      napi_value element;
      napi_get_element(env, v, i, &element);
      out.push_back(Arg<T>::from(env, element));
    }
    return out;
  }
};
// Other native objects cross as externals of their kind.
template <class T>
constexpr Kind kindOf();
template <>
constexpr Kind kindOf<Node>() {
  return Kind::node;
}
template <>
constexpr Kind kindOf<Generator>() {
  return Kind::generator;
}
template <>
constexpr Kind kindOf<Stream>() {
  return Kind::stream;
}
template <>
constexpr Kind kindOf<Event>() {
  return Kind::event;
}
template <class T>
struct Arg<Ref<T>> {
  static Ref<T> from(napi_env env, napi_value v) { return Ref<T>(static_cast<T*>(unwrapObject(env, v, kindOf<T>()))); }
};
// null: the default generator
struct GeneratorArg {
  Generator* given;
  operator Generator*() const { return given; }
  Generator& orDefault() const { return given ? *given : defaultGenerator(); }
};
template <>
struct Arg<GeneratorArg> {
  static GeneratorArg from(napi_env env, napi_value v) {
    return {isNullish(env, v) ? nullptr : static_cast<Generator*>(unwrapObject(env, v, Kind::generator))};
  }
};
// null: the CPU
template <>
struct Arg<Device> {
  static Device from(napi_env env, napi_value v) {
    if (isNullish(env, v)) return {};
    const Device device = parseDevice(Arg<std::string>::from(env, v));
    checkDeviceExists(device);
    return device;
  }
};
// The bytes of a typed array.
struct Bytes {
  uint8_t* data;
  size_t size;
};
template <>
struct Arg<Bytes> {
  static Bytes from(napi_env env, napi_value v) {
    napi_typedarray_type type;
    size_t length;
    void* data;
    ok(napi_get_typedarray_info(env, v, &type, &length, &data, nullptr, nullptr), env, v, "a typed array");
    static constexpr size_t widths[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    check(static_cast<size_t>(type) < std::size(widths), Code::argument, currentFunction,
          ": this kind of typed array is not supported");
    return {static_cast<uint8_t*>(data), length * widths[type]};
  }
};

inline napi_value toJs(napi_env env, napi_value v) { return v ? v : (napi_get_null(env, &v), v); }
inline napi_value toJs(napi_env env, double v) {
  napi_value out;
  napi_create_double(env, v, &out);
  return out;
}
inline napi_value toJs(napi_env env, int64_t v) { return toJs(env, static_cast<double>(v)); }
inline napi_value toJs(napi_env env, int v) { return toJs(env, static_cast<double>(v)); }
inline napi_value toJs(napi_env env, bool v) {
  napi_value out;
  napi_get_boolean(env, v, &out);
  return out;
}
inline napi_value toJs(napi_env env, const std::string& v) {
  napi_value out;
  napi_create_string_utf8(env, v.data(), v.size(), &out);
  return out;
}
inline napi_value toJs(napi_env env, DType v) { return toJs(env, static_cast<int>(v)); }
inline napi_value toJs(napi_env env, Tensor v) {
  napi_value out;
  if (!v.defined()) return napi_get_null(env, &out), out;
  return wrapObject(env, Kind::tensor, Ref<RefCounted>(v.impl()));
}
template <class T>
napi_value toJs(napi_env env, const Ref<T>& v) {
  napi_value out;
  if (!v) return napi_get_null(env, &out), out;
  return wrapObject(env, kindOf<T>(), Ref<RefCounted>(v.get()));
}
template <class A, class B>
napi_value toJs(napi_env env, const std::pair<A, B>& v);
template <class T>
napi_value toJs(napi_env env, const std::vector<T>& v);
inline napi_value toJs(napi_env env, const Dims& v) { return toJs(env, std::vector<int64_t>(v.begin(), v.end())); }
template <class T>
napi_value toJs(napi_env env, const std::vector<T>& v) {
  napi_value out;
  napi_create_array_with_length(env, v.size(), &out);
  for (size_t i = 0; i < v.size(); i++) napi_set_element(env, out, static_cast<uint32_t>(i), toJs(env, v[i]));
  return out;
}
template <class A, class B>
napi_value toJs(napi_env env, const std::pair<A, B>& v) {
  napi_value out;
  napi_create_array_with_length(env, 2, &out);
  napi_set_element(env, out, 0, toJs(env, v.first));
  napi_set_element(env, out, 1, toJs(env, v.second));
  return out;
}

template <auto F, class R, class... A, size_t... I>
napi_value call(napi_env env, napi_value* args, R (*)(A...), std::index_sequence<I...>) {
  if constexpr (std::is_void_v<R>) {
    F(Arg<std::remove_cvref_t<A>>::from(env, args[I])...);
    return nullptr;
  } else {
    napi_value out = toJs(env, F(Arg<std::remove_cvref_t<A>>::from(env, args[I])...));
    return out;
  }
}

template <class... A>
constexpr size_t arity(auto(*)(A...)) {
  return sizeof...(A);
}

// The Node-API function for F. Errors become JavaScript exceptions; nothing else may cross.
template <auto F>
napi_value bind(napi_env env, napi_callback_info info) {
  constexpr size_t n = arity(F);
  napi_value args[n + 1];
  size_t given = n;
  void* name;
  napi_get_cb_info(env, info, &given, args, nullptr, &name);
  currentFunction = static_cast<const char*>(name);
  try {
    napi_value out = call<F>(env, args, F, std::make_index_sequence<n>());
    instance().collectIfDue(2);
    return out;
  } catch (const Error& e) {
    throwError(env, codeName(e.code), e.message);
  } catch (const std::exception& e) {
    throwError(env, codeName(Code::internal), e.what());
  }
  return nullptr;
}

}  // namespace dtrain::binding
