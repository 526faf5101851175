#!/usr/bin/env bash
# image_size.sh ELF: code and constants < 256 kB, RAM < 64 kB.
set -euo pipefail
read -r text data bss _ < <(arm-none-eabi-size "$1" | tail -n 1)
code=$((text + data)) ram=$((data + bss))
echo "code and tables $code bytes, RAM with stack $ram bytes"
[ "$code" -lt $((256 * 1024)) ] && [ "$ram" -lt $((64 * 1024)) ]
[ "$code" -gt $((2 * 61440)) ] # the generators' tables are in it
