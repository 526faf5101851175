#!/usr/bin/env bash
# Calls that this house does not make, and words that must not be committed.
set -uo pipefail
bad=0
refuse() { # WHY, grep arguments
	local why=$1
	shift
	if git grep -nE "$@"; then
		echo "banned: $why" >&2
		bad=1
	fi
}
code=(-- '*.c' '*.h' '*.cc')
refuse 'use the bounded reader, writer, parser or snprintf' \
	'\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|atoi|atol|atoll|strtol|strtoul|strtoll|strtoull|system|popen|tmpnam|mktemp|alloca)[[:space:]]*\(' \
	"${code[@]}"
refuse 'SQL stands in statement tables' \
	'snprintf\([^;]*"(SELECT|INSERT|UPDATE|DELETE) ' "${code[@]}"
refuse 'finish it, or leave it out and say so' \
	'\b(TO''DO|FIX''ME|XX''X|HA''CK)\b|not imple''mented' \
	-- '*.c' '*.h' '*.cc' '*.ts' '*.vue' '*.sh' '*.py' dev
refuse 'core and card allocate nothing' '\b(malloc|calloc|realloc|free)[[:space:]]*\(' \
	-- 'crypto/core/*' 'card/core/*'
refuse 'core reads no clock, file or environment' \
	'#[[:space:]]*include <(stdio|stdlib|time|unistd|errno|fcntl)\.h>' \
	-- 'crypto/core/*' 'card/core/*' 'crypto/include/*'
exit $bad
