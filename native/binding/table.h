// A row is a function that JavaScript can call, with the names of its parameters: DT_OP(name, x, dims, …). Their
// types are those of the C++ signature. Each file in tables/ is one group of rows, and joins the others by itself.
//
// `npm run addon-types` writes each group as an interface into src/native/addon, with the comment that opens the file
// and those that stand above rows.
#pragma once

#include "binding/value.h"

namespace dtrain::binding {

struct Function {
  const char* name;
  napi_callback call;
  const char* parameters;               // "x, weight, bias"
  std::vector<std::string> (*types)();  // TypeScript's, of each parameter and then of the result
  const char* spelled;                  // by hand: the type of the result, or without `types` all after the name

  std::string_view parameter(size_t at) const;
  std::string signature() const;  // "name(x: Handle, dims: Dims): Handle"
};

class Group {
 public:
  explicit Group(const char* name) : name(name), next(std::exchange(first, this)) {}
  const char* const name;
  const Group* const next;
  std::vector<Function> functions;
  static inline const Group* first = nullptr;
};

struct Row {
  Row(Group& group, const Function& function) { group.functions.push_back(function); }
};

// When to think about a collection after the call: in the middle of a step most tensors are in use, and at the end of
// backward() or of an optimizer's step most are garbage. See Instance::collectIfDue.
enum Slack { stepEnds = 1, stepGoesOn = 2 };

// Makes the JavaScript error for the exception that is being handled. `at`: which argument was the last to be
// converted.
void throwCurrent(napi_env env, const Function& function, size_t at);

template <class R, class... A>
constexpr size_t arity(R (*)(A...)) {
  return sizeof...(A);
}

template <class R, class... A>
constexpr bool isOpaque(R (*)(A...)) {
  return std::is_same_v<R, napi_value>;
}

template <class T>
T argument(napi_env env, napi_value* args, size_t i, size_t& at) {
  at = i;
  return Js<T>::from(env, args[i]);
}

template <auto F, class R, class... A, size_t... I>
napi_value call(napi_env env, napi_value* args, size_t& at, R (*)(A...), std::index_sequence<I...>) {
  if constexpr (std::is_void_v<R>) return F(argument<std::remove_cvref_t<A>>(env, args, I, at)...), nullptr;
  else if constexpr (std::is_same_v<R, napi_value>) return F(argument<std::remove_cvref_t<A>>(env, args, I, at)...);
  else return toJs(env, F(argument<std::remove_cvref_t<A>>(env, args, I, at)...));
}

// The Node-API function for F. Errors become JavaScript exceptions; nothing else may cross.
template <auto F, Slack slack>
napi_value bind(napi_env env, napi_callback_info info) {
  constexpr size_t n = arity(F);
  napi_value args[n + 1];
  size_t given = n, at = 0;
  void* function;
  napi_get_cb_info(env, info, &given, args, nullptr, &function);
  try {
    napi_value out = call<F>(env, args, at, F, std::make_index_sequence<n>());
    instance().collectIfDue(slack);
    return out;
  } catch (...) {
    throwCurrent(env, *static_cast<const Function*>(function), at);
    return nullptr;
  }
}

template <class R, class... A>
std::vector<std::string> typesOf(R (*)(A...)) {
  if constexpr (std::is_same_v<R, napi_value>) return {Js<std::remove_cvref_t<A>>::ts()..., ""};
  else return {Js<std::remove_cvref_t<A>>::ts()..., Js<R>::ts()};
}
template <auto F>
std::vector<std::string> types() {
  return typesOf(F);
}

consteval size_t countNames(std::string_view names) {
  size_t n = !names.empty();
  for (const char c : names) n += c == ',';
  return n;
}

template <auto F, size_t names, Slack slack, bool spelled>
consteval Function row(const char* name, const char* parameters, const char* result) {
  static_assert(names == arity(F), "this row of the table names more or fewer parameters than its function has");
  static_assert(spelled || !isOpaque(F), "the C++ signature does not say what the result is: use DT_OP_AS");
  return {name, bind<F, slack>, parameters, types<F>, result};
}

#define DT_ROW(name, slack, spelled, ...) \
  const Row name##Row(group,              \
                      row<name, countNames(#__VA_ARGS__), slack, (spelled) != nullptr>(#name, #__VA_ARGS__, spelled))

// A function and the names of its parameters. The file has named its `group`.
#define DT_OP(name, ...) DT_ROW(name, stepGoesOn, nullptr, __VA_ARGS__)
// The same where TypeScript can say more about the result than C++: `result` is its spelling.
#define DT_OP_AS(name, result, ...) DT_ROW(name, stepGoesOn, result, __VA_ARGS__)
// The same for what ends a step, so that a collection is worth while.
#define DT_OP_END(name, ...) DT_ROW(name, stepEnds, nullptr, __VA_ARGS__)
// A function of Node-API that reads its arguments itself.
#define DT_RAW(name, signature) const Row name##Row(group, {#name, name, "", nullptr, signature})

}  // namespace dtrain::binding
