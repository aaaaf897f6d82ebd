// A shared library that is opened when something first needs it, so that one addon loads on every machine. Looked for
// beside the addon, in the folders of DTRAIN_LIBRARY_PATH, in the active Python environment ($VIRTUAL_ENV,
// $CONDA_PREFIX: pip puts NVIDIA's libraries into site-packages/nvidia/*/lib), where the system looks, beside the
// python3 of the PATH, in /usr/local and ~/.local, and last in the CUDA toolkit.
#pragma once

#include <string>
#include <vector>

#include "core/error.h"

namespace dtrain {

class Library {
 public:
  // Throws Error{unsupported} with the package to install when it is not there.
  Library(std::string title, const char* soname, const char* package);

  // As it was opened: a file, or a bare name that the system has found.
  const std::string& path() const { return path_; }

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

struct LibraryVersion {
  std::string name;
  std::string version;  // or why it cannot be opened
  std::string path;     // empty then
};
// Of cublasLt, cudnn, cusolver and nccl, which are opened for it.
std::vector<LibraryVersion> cudaLibraryVersions();

// A member that holds a function of the library in the constructor's argument `library`, under the function's own name.
#define DT_LIBRARY_FUNCTION(name) \
  decltype(&::name) name = library.function<std::remove_pointer_t<decltype(&::name)>>(#name)

}  // namespace dtrain
