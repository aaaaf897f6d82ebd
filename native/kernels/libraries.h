// Versions of the libraries behind the CPU kernels, for reports.
#pragma once

#include <string>

namespace dtrain {

std::string openblasConfig();
std::string onednnVersion();
std::string loopsName();  // instruction set of the inner loops

}  // namespace dtrain
