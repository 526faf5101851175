# hufu_flags carries the flags of all code; hufu_flags_strict adds those of
# crypto/ and card/, where every conversion must be written out.
add_library(hufu_flags INTERFACE)
target_include_directories(hufu_flags INTERFACE
  ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/crypto/include)
target_compile_options(hufu_flags INTERFACE
  -Wall -Wextra -Wshadow -Wcast-qual -Wmissing-prototypes -Wformat=2
  -Wvla -Wimplicit-fallthrough -Wwrite-strings -fno-common
  -fstack-protector-strong
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:HUFU_PIC>>>:-fPIE>)
target_link_options(hufu_flags INTERFACE -Wl,-z,relro,-z,now)
if(HUFU_WERROR)
  target_compile_options(hufu_flags INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_options(hufu_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

add_library(hufu_flags_strict INTERFACE)
target_link_libraries(hufu_flags_strict INTERFACE hufu_flags)
target_compile_options(hufu_flags_strict INTERFACE
  -Wconversion -Wsign-conversion)
# a sanitizer's red zones are no frames of ours
if(NOT CMAKE_C_FLAGS MATCHES "-fsanitize")
  target_compile_options(hufu_flags_strict INTERFACE -Wframe-larger-than=4096)
endif()
