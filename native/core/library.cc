#include "core/library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace dtrain {

namespace {

std::vector<std::string> folders() {
  std::vector<std::string> out;
  Dl_info here;
  if (dladdr(reinterpret_cast<const void*>(&folders), &here) && here.dli_fname)
    out.push_back(std::filesystem::path(here.dli_fname).parent_path());
  const char* extra = std::getenv("DTRAIN_LIBRARY_PATH");
  std::stringstream list(extra ? extra : "");
  for (std::string folder; std::getline(list, folder, ':');)
    if (!folder.empty()) out.push_back(folder);
  return out;
}

}  // namespace

Library::Library(std::string title, const char* soname, const char* package)
    : title_(std::move(title)), package_(package) {
  const auto open = [&](const std::string& path) {
    path_ = path;
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    const char* error = handle_ ? nullptr : dlerror();
    return std::string(error ? error : "");
  };
  std::string why;
  for (const std::string& folder : folders()) {
    const std::string path = folder + "/" + soname;
    if (!std::filesystem::exists(path)) continue;
    why = open(path);
    break;
  }
  if (!handle_) {
    const std::string elsewhere = open(soname);
    if (why.empty()) why = elsewhere;  // what is wrong with the one that was found says more
  }
  check(handle_, Code::unsupported, "cuda: ", title_, " cannot be opened (", why, "); install it (pip install ",
        package_, ") and put the folder of ", soname, " into DTRAIN_LIBRARY_PATH");
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

}  // namespace dtrain
