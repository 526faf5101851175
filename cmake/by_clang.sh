#!/bin/sh
# by_clang.sh CLANG COMPILER ARGUMENTS...: a compiler launcher that lets clang
# do what another compiler was asked.
clang=$1
shift 2
exec "$clang" "$@"
