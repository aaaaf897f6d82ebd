// A shared library that is opened when something first needs it, so that one addon loads on every machine. Looked for
// beside the addon, then in the folders of DTRAIN_LIBRARY_PATH, then where the system looks.
#pragma once

#include <string>

#include "core/error.h"

namespace dtrain {

class Library {
 public:
  // Throws Error{unsupported} with the package to install when it is not there.
  Library(std::string title, const char* soname, const char* package);

  // Throws Error{unsupported} when the library lacks it.
  void* symbol(const char* name) const;
  template <class F>
  F* function(const char* name) const {
    return reinterpret_cast<F*>(symbol(name));
  }
  // Throws Error{unsupported} unless least <= found < beyond.
  void requireVersion(long found, long least, long beyond) const;

 private:
  const std::string title_;
  const char* const package_;
  std::string path_;
  void* handle_ = nullptr;  // never closed
};

// A member that holds a function of the library in the constructor's argument `library`, under the function's own name.
#define DT_LIBRARY_FUNCTION(name) \
  decltype(&::name) name = library.function<std::remove_pointer_t<decltype(&::name)>>(#name)

}  // namespace dtrain
