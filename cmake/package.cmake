# Toolchain of `npm run package`: what it builds loads on every Linux from glibc 2.31 on (docs/decisions/0026). The C
# library is that of Debian 11, gcc's C++ library is linked in, and the mathematical libraries are those of the package,
# found from the file that needs them. scripts/package/system.ts has fetched all of them.
set(system ${CMAKE_CURRENT_LIST_DIR}/../build/package/system)
get_filename_component(system ${system} ABSOLUTE)

set(CMAKE_SYSROOT ${system}/sysroot)
set(DTRAIN_OLD_GLIBC ON)
set(OPENBLAS_INCLUDE ${system}/include/openblas)
set(OPENBLAS_LIBRARY ${system}/lib/libopenblas.so.0)
set(ONEDNN_INCLUDE ${system}/include)
set(ONEDNN_LIBRARY ${system}/lib/libdnnl.so.3)

# An RPATH and no RUNPATH: it holds for the libraries of these libraries too, and comes before LD_LIBRARY_PATH, in which
# other programs keep libraries of the same names.
set(CMAKE_SKIP_RPATH ON)
set(flags "-Wl,--disable-new-dtags -Wl,-rpath,'$ORIGIN:$ORIGIN/../lib' -Wl,-rpath-link,${system}/lib")
# gcc's C++ library inside, unseen by others, and not mixed with the older one that Node may have.
set(flags "${flags} -static-libstdc++ -Wl,--exclude-libs,ALL -Wl,-Bsymbolic")
# -B, or gcc would find the C library beside itself.
set(flags "${flags} -B${CMAKE_SYSROOT}/usr/lib/x86_64-linux-gnu --sysroot=${CMAKE_SYSROOT}")
foreach(kind EXE MODULE SHARED)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT "${flags}")
endforeach()
# What these libraries need of the C++ library is in no system root.
set(CMAKE_EXE_LINKER_FLAGS_INIT "${flags} -Wl,--allow-shlib-undefined")
# CMake has no system root for CUDA, neither here nor above.
set(CMAKE_CUDA_FLAGS_INIT "-Xcompiler=--sysroot=${CMAKE_SYSROOT}")
