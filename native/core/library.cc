// Opening a shared library: the places where it may be, in order, and an error that says why none would do and what to
// install.
#include "core/library.h"

#include <dlfcn.h>
#include <glob.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <vector>

namespace dtrain {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  std::stringstream stream(list);
  for (std::string item; std::getline(stream, item, ':');)
    if (!item.empty()) out.push_back(item);
  return out;
}

// What pip has put below a prefix (a virtual environment, /usr/local, ~/.local), for any version of Python.
void addWheels(std::vector<std::string>& out, const std::string& prefix, const char* soname) {
  if (prefix.empty()) return;
  glob_t found;
  const std::string pattern = prefix + "/lib/python3*/{site,dist}-packages/nvidia/*/lib/" + soname;
  if (glob(pattern.c_str(), GLOB_BRACE, nullptr, &found) == 0)
    out.insert(out.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
}

std::string prefixOfPython() {
  for (const std::filesystem::path folder : split(variable("PATH")))
    if (std::error_code none; std::filesystem::exists(folder / "python3", none)) return folder.parent_path();
  return "";
}

// Files that may be there, and the bare name where the system is to look. What somebody has asked for comes before it.
std::vector<std::string> candidates(const char* soname) {
  std::vector<std::string> out;
  Dl_info here;
  if (dladdr(reinterpret_cast<const void*>(&candidates), &here) && here.dli_fname)
    out.push_back(std::filesystem::path(here.dli_fname).parent_path() / soname);
  for (const std::string& folder : split(variable("DTRAIN_LIBRARY_PATH"))) out.push_back(folder + "/" + soname);
  addWheels(out, variable("VIRTUAL_ENV"), soname);
  addWheels(out, variable("CONDA_PREFIX"), soname);
  out.push_back(soname);
  addWheels(out, prefixOfPython(), soname);
  addWheels(out, "/usr/local", soname);
  if (const std::string home = variable("HOME"); !home.empty()) addWheels(out, home + "/.local", soname);
  out.push_back(std::string("/usr/local/cuda/lib64/") + soname);
  return out;
}

}  // namespace

Library::Library(std::string title, const char* soname, const char* package)
    : title_(std::move(title)), package_(package) {
  std::string why, wrong;  // not there, and there but of no use, which says more
  for (const std::string& path : candidates(soname)) {
    const bool bare = path == soname;
    if (std::error_code none; !bare && !std::filesystem::exists(path, none)) continue;
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_) {
      path_ = path;
      return;
    }
    std::string& text = bare ? why : wrong;
    if (const char* error = dlerror(); error && text.empty()) text = error;
  }
  if (!wrong.empty()) why = wrong;
  fail(Code::unsupported, "cuda: ", title_, " cannot be opened (", why, "); install it (pip install ", package_,
       ") and put the folder of ", soname, " into DTRAIN_LIBRARY_PATH");
}

void* Library::symbol(const char* name) const {
  void* p = dlsym(handle_, name);
  check(p, Code::unsupported, "cuda: ", title_, " (", path_, ") has no ", name,
        "; install a newer one: pip install --upgrade ", package_);
  return p;
}

void Library::requireVersion(long found, long least, long beyond) const {
  check(found >= least && found < beyond, Code::unsupported, "cuda: ", title_, " (", path_, ") has version ", found,
        ", expected one from ", least, " up to, but not including, ", beyond, ": pip install --upgrade ", package_);
}

namespace {

// Where the library is comes from the loader: it may have been found by its bare name.
LibraryVersion versionOf(const char* title, const char* soname, const char* package, const char* function,
                         const std::function<long(const Library&, const char*)>& ask) {
  try {
    const Library library(title, soname, package);
    Dl_info info{};
    dladdr(library.symbol(function), &info);
    return {title, str(ask(library, function)), info.dli_fname ? info.dli_fname : soname};
  } catch (const Error& e) {
    return {title, e.message, ""};
  }
}

long sizeVersion(const Library& library, const char* function) {
  return static_cast<long>(library.function<size_t()>(function)());
}

long numberVersion(const Library& library, const char* function) {
  int version = 0;
  library.function<int(int*)>(function)(&version);
  return version;
}

}  // namespace

std::vector<LibraryVersion> cudaLibraryVersions() {
  return {versionOf("cublasLt", "libcublasLt.so.13", "nvidia-cublas", "cublasLtGetVersion", sizeVersion),
          versionOf("cudnn", "libcudnn.so.9", "nvidia-cudnn-cu13", "cudnnGetVersion", sizeVersion),
          versionOf("cusolver", "libcusolver.so.12", "nvidia-cusolver", "cusolverGetVersion", numberVersion),
          versionOf("nccl", "libnccl.so.2", "nvidia-nccl-cu13", "ncclGetVersion", numberVersion)};
}

}  // namespace dtrain
