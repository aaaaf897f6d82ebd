// How values cross between JavaScript and C++, one specialisation of Js for each type: `from` makes an argument, `to` a
// result, and `ts` is what TypeScript calls it. A type that crosses one way only lacks the other function.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binding/enumerators.h"
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

// An element of an array. Reading it may run a getter of the caller's, whose exception is what is then thrown.
inline napi_value elementOf(napi_env env, napi_value array, uint32_t i) {
  napi_value element = nullptr;
  if (napi_get_element(env, array, i, &element) != napi_ok)
    throw BadArgument{Code::argument, "an element cannot be read"};
  return element;
}

template <class T>
struct Js;

template <class T>
napi_value toJs(napi_env env, const T& v) {
  return Js<T>::to(env, v);
}

// An object with these properties, in this order.
inline napi_value toObject(napi_env env, std::initializer_list<std::pair<const char*, napi_value>> properties) {
  napi_value out;
  napi_create_object(env, &out);
  for (const auto& [name, value] : properties) napi_set_named_property(env, out, name, value);
  return out;
}

template <>
struct Js<void> {
  static std::string ts() { return "void"; }
};
template <>
struct Js<double> {
  static double from(napi_env env, napi_value v) {
    double out;
    ok(napi_get_value_double(env, v, &out), env, v, "a number");
    return out;
  }
  static napi_value to(napi_env env, double v) {
    napi_value out;
    napi_create_double(env, v, &out);
    return out;
  }
  static std::string ts() { return "number"; }
};
template <>
struct Js<int64_t> : Js<double> {
  static int64_t from(napi_env env, napi_value v) {
    const double d = Js<double>::from(env, v);
    if (!isIntegral(d)) throw BadArgument{Code::argument, str("expected an integer of 64 bits, got ", d)};
    return static_cast<int64_t>(d);
  }
};
template <>
struct Js<int> : Js<double> {
  static int from(napi_env env, napi_value v) {
    const int64_t n = Js<int64_t>::from(env, v);
    if (n != static_cast<int>(n)) throw BadArgument{Code::argument, str("the number ", n, " is too large")};
    return static_cast<int>(n);
  }
};
template <>
struct Js<bool> {
  static bool from(napi_env env, napi_value v) {
    bool out;
    ok(napi_get_value_bool(env, v, &out), env, v, "true or false");
    return out;
  }
  static napi_value to(napi_env env, bool v) {
    napi_value out;
    napi_get_boolean(env, v, &out);
    return out;
  }
  static std::string ts() { return "boolean"; }
};
template <>
struct Js<std::string> {
  static std::string from(napi_env env, napi_value v) {
    size_t n;
    ok(napi_get_value_string_utf8(env, v, nullptr, 0, &n), env, v, "a string");
    std::string out(n, '\0');
    napi_get_value_string_utf8(env, v, out.data(), n + 1, &n);
    return out;
  }
  static napi_value to(napi_env env, const std::string& v) {
    napi_value out;
    napi_create_string_utf8(env, v.data(), v.size(), &out);
    return out;
  }
  static std::string ts() { return "string"; }
};

// An enum crosses as the name of its member. A dtype, which every op may take, as its number.
template <class E>
requires std::is_enum_v<E>
struct Js<E> {
  static E from(napi_env env, napi_value v) {
    const std::string given = Js<std::string>::from(env, v);
    for (size_t i = 0; i < kEnumerators<E>.size(); i++)
      if (given == kEnumerators<E>[i]) return static_cast<E>(i);
    throw BadArgument{Code::argument, str("expected ", joined(", ", " or "), ", got '", given, "'")};
  }
  static std::string ts() { return joined(" | ", " | "); }

 private:
  static std::string joined(const char* separator, const char* last) {
    std::string out;
    for (size_t i = 0; i < kEnumerators<E>.size(); i++)
      out += str(i == 0 ? "" : i + 1 < kEnumerators<E>.size() ? separator : last, "'", kEnumerators<E>[i], "'");
    return out;
  }
};
template <>
struct Js<DType> {
  static DType from(napi_env env, napi_value v) {
    const int64_t code = Js<int64_t>::from(env, v);
    if (code < 0 || code >= kDTypes) throw BadArgument{Code::argument, str("there is no dtype ", code)};
    return static_cast<DType>(code);
  }
  static napi_value to(napi_env env, DType v) { return toJs(env, static_cast<int>(v)); }
  static std::string ts() { return "DTypeCode"; }
};

template <>
struct Js<Tensor> {
  static Tensor from(napi_env env, napi_value v) {
    return Tensor(static_cast<TensorImpl*>(unwrapObject(env, v, Kind::tensor)));
  }
  static napi_value to(napi_env env, const Tensor& v) {
    napi_value out;
    if (!v.defined()) return napi_get_null(env, &out), out;
    return wrapObject(env, Kind::tensor, Ref<RefCounted>(v.impl()));
  }
  static std::string ts() { return handleType(Kind::tensor); }
};
template <>
struct Js<MaybeTensor> : Js<Tensor> {
  static MaybeTensor from(napi_env env, napi_value v) {
    return isNullish(env, v) ? MaybeTensor() : MaybeTensor(Js<Tensor>::from(env, v));
  }
  static std::string ts() { return str(Js<Tensor>::ts(), " | null"); }
};
template <>
struct Js<Operand> {
  static Operand from(napi_env env, napi_value v) {
    Box* box;
    if (isExternal(env, v, &box)) return Tensor(static_cast<TensorImpl*>(unwrapBox(env, v, *box, Kind::tensor)));
    double number;
    if (napi_get_value_double(env, v, &number) == napi_ok) return number;
    bool boolean;
    ok(napi_get_value_bool(env, v, &boolean), env, v, "a tensor or a number");
    return Operand::ofBool(boolean);
  }
  static std::string ts() { return "Operand"; }
};
template <>
struct Js<Dims> {
  static Dims from(napi_env env, napi_value v) {
    uint32_t n;
    ok(napi_get_array_length(env, v, &n), env, v, "an array of integers");
    Dims out;
    for (uint32_t i = 0; i < n; i++) {
      out.push(Js<int64_t>::from(env, elementOf(env, v, i)));
    }
    return out;
  }
  static std::string ts() { return "Dims"; }
};
// null: the CPU
template <>
struct Js<Device> {
  static Device from(napi_env env, napi_value v) {
    if (isNullish(env, v)) return {};
    const Device device = parseDevice(Js<std::string>::from(env, v));
    checkDeviceExists(device);
    return device;
  }
  static std::string ts() { return "DeviceName"; }
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
struct Js<Ref<T>> {
  static Ref<T> from(napi_env env, napi_value v) { return Ref<T>(static_cast<T*>(unwrapObject(env, v, kindOf<T>()))); }
  static napi_value to(napi_env env, const Ref<T>& v) { return wrapObject(env, kindOf<T>(), Ref<RefCounted>(v.get())); }
  static std::string ts() { return handleType(kindOf<T>()); }
};
// null: the default generator
template <>
struct Js<Generator*> {
  static Generator* from(napi_env env, napi_value v) {
    return isNullish(env, v) ? nullptr : static_cast<Generator*>(unwrapObject(env, v, Kind::generator));
  }
  static std::string ts() { return str(Js<Ref<Generator>>::ts(), " | null"); }
};

template <class T>
struct Js<std::optional<T>> {
  static std::optional<T> from(napi_env env, napi_value v) {
    return isNullish(env, v) ? std::nullopt : std::optional<T>(Js<T>::from(env, v));
  }
  static napi_value to(napi_env env, const std::optional<T>& v) {
    napi_value out;
    return v ? toJs(env, *v) : (napi_get_null(env, &out), out);
  }
  static std::string ts() { return str(Js<T>::ts(), " | null"); }
};
template <class T>
struct Js<std::vector<T>> {
  static std::vector<T> from(napi_env env, napi_value v) {
    uint32_t n;
    ok(napi_get_array_length(env, v, &n), env, v, "an array");
    std::vector<T> out;
    for (uint32_t i = 0; i < n; i++) {
      out.push_back(Js<T>::from(env, elementOf(env, v, i)));
    }
    return out;
  }
  static napi_value to(napi_env env, const std::vector<T>& v) {
    napi_value out;
    napi_create_array_with_length(env, v.size(), &out);
    for (size_t i = 0; i < v.size(); i++) napi_set_element(env, out, static_cast<uint32_t>(i), toJs(env, v[i]));
    return out;
  }
  static std::string ts() {
    const std::string element = Js<T>::ts();
    return element.find(" | ") == std::string::npos || element[0] == '[' ? str(element, "[]")
                                                                         : str("(", element, ")[]");
  }
};
template <class A, class B>
struct Js<std::pair<A, B>> {
  static napi_value to(napi_env env, const std::pair<A, B>& v) {
    napi_value out;
    napi_create_array_with_length(env, 2, &out);
    napi_set_element(env, out, 0, toJs(env, v.first));
    napi_set_element(env, out, 1, toJs(env, v.second));
    return out;
  }
  static std::string ts() { return str("[", Js<A>::ts(), ", ", Js<B>::ts(), "]"); }
};
template <>
struct Js<std::map<std::string, std::string>> {
  static napi_value to(napi_env env, const std::map<std::string, std::string>& v) {
    napi_value out;
    napi_create_object(env, &out);
    for (const auto& [key, value] : v) napi_set_named_property(env, out, key.c_str(), toJs(env, value));
    return out;
  }
  static std::string ts() { return "Record<string, string>"; }
};

// The bytes of a typed array.
struct Bytes {
  uint8_t* data;
  size_t size;
};
template <>
struct Js<Bytes> {
  static Bytes from(napi_env env, napi_value v) {
    napi_typedarray_type type;
    size_t length;
    void* data;
    ok(napi_get_typedarray_info(env, v, &type, &length, &data, nullptr, nullptr), env, v, "a typed array");
    static constexpr size_t widths[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    if (static_cast<size_t>(type) >= std::size(widths))
      throw BadArgument{Code::argument, "this kind of typed array is not supported"};
    return {static_cast<uint8_t*>(data), length * widths[type]};
  }
  static std::string ts() { return "Bytes"; }
};
template <>
struct Js<std::vector<uint8_t>> {
  static napi_value to(napi_env env, const std::vector<uint8_t>& v) {
    void* data;
    napi_value buffer, out;
    napi_create_arraybuffer(env, v.size(), &data, &buffer);
    std::copy(v.begin(), v.end(), static_cast<uint8_t*>(data));
    napi_create_typedarray(env, napi_uint8_array, v.size(), buffer, 0, &out);
    return out;
  }
  static std::string ts() { return "Uint8Array"; }
};

}  // namespace dtrain::binding
