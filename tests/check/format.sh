#!/usr/bin/env bash
# .clang-format as the one truth about layout.
set -uo pipefail
git ls-files -z --cached --others --exclude-standard '*.c' '*.h' |
	xargs -0 -r clang-format-14 --dry-run --Werror 2>&1 | head -n 40
exit "${PIPESTATUS[1]}"
