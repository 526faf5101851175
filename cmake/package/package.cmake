# Debian packages: cpack -G DEB in a tree of the preset "package".
set(here ${CMAKE_CURRENT_LIST_DIR})
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hufu)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Hufu maintainers <maintainers@hufu.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE
  OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL hufu-host hufu-verify hufu-pages libhufu libhufu-dev)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)

# hufu_package(COMPONENT NAME SECTION WHAT): what a package is called and is
macro(hufu_package component name section what)
  string(TOUPPER ${component} key)
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${key}_PACKAGE_SECTION ${section})
  set(CPACK_COMPONENT_${key}_DESCRIPTION "${what}")
  configure_file(${here}/changelog ${CMAKE_BINARY_DIR}/package/changelog @ONLY)
  install(FILES ${here}/copyright DESTINATION share/doc/${name}
    COMPONENT ${component})
  install(FILES ${CMAKE_BINARY_DIR}/package/changelog.gz
    DESTINATION share/doc/${name} COMPONENT ${component})
endmacro()

hufu_package(hufu-host hufu-host misc "issues preferential-treatment cards (优待证)
 The office of Hufu: the daemon hufud, the signer hufu-signd, the photo
 checker and the operator's command hufu. Nothing starts before an office
 has been set up with hufu init.")
hufu_package(hufu-verify hufu-verify utils "verifies preferential-treatment cards offline
 Says of a QR code, a picture or a chip whether the card is genuine and
 valid, from published lists alone.")
hufu_package(hufu-pages hufu-pages web "web pages of a Hufu office
 The clerks' console and the merchant's verification page, as files for
 nginx.")
hufu_package(libhufu libhufu0 libs "verification of preferential-treatment cards
 The library behind hufu-verify, for tills and gates.")
hufu_package(libhufu-dev libhufu-dev libdevel "verification of preferential-treatment cards: development files
 Headers, archive, pkg-config and CMake files of libhufu.")

execute_process(COMMAND gzip -9nc ${CMAKE_BINARY_DIR}/package/changelog
  OUTPUT_FILE ${CMAKE_BINARY_DIR}/package/changelog.gz)

set(CPACK_DEBIAN_HUFU-HOST_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers, pcscd, opencv-data, fonts-noto-cjk")
set(CPACK_DEBIAN_HUFU-HOST_PACKAGE_RECOMMENDS
  "nginx-light | nginx, hufu-pages, cups, fonts-hanazono, chrony | time-daemon")
set(CPACK_DEBIAN_HUFU-HOST_PACKAGE_CONTROL_EXTRA
  "${here}/postinst;${here}/prerm;${here}/postrm")
set(CPACK_DEBIAN_LIBHUFU_PACKAGE_CONTROL_EXTRA ${here}/triggers)
set(CPACK_DEBIAN_HUFU-PAGES_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_HUFU-PAGES_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_LIBHUFU-DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_LIBHUFU-DEV_PACKAGE_DEPENDS
  "libhufu0 (= ${PROJECT_VERSION})")

# hufu_pack(COMPONENT ARGUMENT...): gzip of files below the staged prefix,
# found by find's ARGUMENTs
function(hufu_pack component)
  list(JOIN ARGN " " found)
  install(CODE "execute_process(COMMAND sh -c
    \"cd '\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share' && find ${found}\"
    COMMAND_ERROR_IS_FATAL ANY)" COMPONENT ${component})
endfunction()
foreach(component hufu-host hufu-verify libhufu-dev)
  hufu_pack(${component} "man -name '*.[0-9]' -exec gzip -9nf {} +")
endforeach()
install(DIRECTORY ${CMAKE_BINARY_DIR}/host/console/dist/ OPTIONAL
  DESTINATION share/hufu/console COMPONENT hufu-pages)
# for nginx's gzip_static
hufu_pack(hufu-pages "hufu -regextype posix-extended -type f -size +1k -regex"
  "'.*[.](js|css|html|svg|wasm|json)' -exec gzip -9nkf {} +")

# What is in it, and under which licence
find_program(PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/hufu.spdx.json
  COMMAND ${PYTHON} ${here}/sbom.py ${CMAKE_SOURCE_DIR} ${PROJECT_VERSION}
    ${CMAKE_BINARY_DIR}/hufu.spdx.json $<TARGET_FILE:hufud>
    $<TARGET_FILE:hufu-signd> $<TARGET_FILE:hufu-photo> $<TARGET_FILE:hufu>
    $<TARGET_FILE:hufu-verify>
  DEPENDS ${here}/sbom.py ${CMAKE_SOURCE_DIR}/dev
    ${CMAKE_SOURCE_DIR}/package-lock.json hufud hufu-signd hufu-photo hufu
    hufu-verify
  COMMENT "Bill of materials (SPDX)" VERBATIM)
add_custom_target(sbom ALL DEPENDS ${CMAKE_BINARY_DIR}/hufu.spdx.json)
install(FILES ${CMAKE_BINARY_DIR}/hufu.spdx.json
  DESTINATION share/doc/hufu-host COMPONENT hufu-host)
include(CPack)
