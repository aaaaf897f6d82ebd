// Where NVIDIA's libraries are looked for: folders as pip makes them, in a directory of their own, with a library of
// the system under a name that no machine has.
#include "core/library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "test/test.h"

namespace dtrain::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "libdtrain_probe.so.1";

// A directory that goes with the test, and variables that get their old values back.
struct Place {
  Place() {
    std::string pattern = fs::temp_directory_path() / "dtrain-library-XXXXXX";
    folder = mkdtemp(pattern.data());
    for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX", "HOME", "DTRAIN_LIBRARY_PATH"}) set(name, "");
  }
  ~Place() {
    for (const auto& [name, value] : before) value.empty() ? unsetenv(name) : setenv(name, value.c_str(), 1);
    fs::remove_all(folder);
  }
  void set(const char* name, const std::string& value) {
    const char* old = std::getenv(name);
    before.emplace(before.begin(), name, old ? old : "");
    setenv(name, value.c_str(), 1);
  }
  // A loadable file, or one that is none, in a folder below `folder`.
  fs::path put(const fs::path& below, bool good = true) const {
    const fs::path file = folder / below / kName;
    fs::create_directories(file.parent_path());
    Dl_info math;
    dladdr(reinterpret_cast<void*>(static_cast<double (*)(double)>(std::cos)), &math);
    good ? fs::create_symlink(math.dli_fname, file) : void(std::ofstream(file) << "no library");
    return file;
  }

  fs::path folder;
  std::vector<std::pair<const char*, std::string>> before;
};

std::string found() { return Library("a probe", kName, "nvidia-probe").path(); }
std::string refusal() {
  return thrownBy([] { found(); }).message;
}

TEST("library: what is not there is a sentence with the package") {
  Place place;
  const std::string text = refusal();
  EXPECT(text.starts_with("cuda: a probe cannot be opened (libdtrain_probe.so.1: cannot open shared object file"));
  EXPECT(
      text.ends_with("install it (pip install nvidia-probe) and put the folder of libdtrain_probe.so.1 into "
                     "DTRAIN_LIBRARY_PATH"));
}

TEST("library: wheels are found in the active environment, beside the python3 of the PATH, and at home") {
  const fs::path wheels = "lib/python3.12/site-packages/nvidia/cu13/lib";
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    Place place;
    const fs::path file = place.put("env" / wheels);
    place.set(name, place.folder / "env");
    EXPECT(found() == file);
  }
  {
    Place place;
    const fs::path file = place.put("python" / wheels);
    fs::create_directories(place.folder / "python/bin");
    fs::create_directories(place.folder / "other/bin");
    std::ofstream(place.folder / "python/bin/python3");
    place.set("PATH", (place.folder / "other/bin").string() + ":" + (place.folder / "python/bin").string());
    EXPECT(found() == file);
  }
  Place place;
  const fs::path file = place.put("home/.local" / wheels);
  place.set("HOME", place.folder / "home");
  EXPECT(found() == file);
}

TEST("library: a folder that is named wins, and a file that is no library is passed over, or told of") {
  Place place;
  const fs::path in = place.put("env/lib/python3.12/site-packages/nvidia/probe/lib"), named = place.put("named"),
                 bad = place.put("bad", false);
  place.set("VIRTUAL_ENV", place.folder / "env");
  place.set("DTRAIN_LIBRARY_PATH", named.parent_path());
  EXPECT(found() == named);
  place.set("DTRAIN_LIBRARY_PATH", bad.parent_path());
  EXPECT(found() == in);
  place.set("VIRTUAL_ENV", "");
  EXPECT(refusal().find((bad.string() + ": ")) != std::string::npos);
}

}  // namespace
}  // namespace dtrain::test
