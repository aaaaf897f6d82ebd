// The names of an enum's members, which count from 0, read from what the compiler calls them. So they stand in the enum
// and nowhere else.
#pragma once

#include <array>
#include <string_view>
#include <type_traits>
#include <utility>

namespace dtrain::binding {

// "mean" for Reduction::mean; empty for a value without a name, which compilers write as (Reduction)7.
template <auto V>
consteval std::string_view enumerator() {
  std::string_view text = __PRETTY_FUNCTION__;  // "… enumerator() [with auto V = dtrain::Reduction::mean; …]"
  text.remove_prefix(text.find("V = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  return text[0] == '(' ? std::string_view() : text.substr(text.rfind(':') + 1);
}

template <class E, int i = 0>
consteval int countEnumerators() {
  if constexpr (enumerator<static_cast<E>(i)>().empty()) return i;
  else return countEnumerators<E, i + 1>();
}

template <class E, int... I>
consteval auto listEnumerators(std::integer_sequence<int, I...>) {
  return std::array{enumerator<static_cast<E>(I)>()...};
}

template <class E>
constexpr auto kEnumerators = listEnumerators<E>(std::make_integer_sequence<int, countEnumerators<E>()>());

}  // namespace dtrain::binding
