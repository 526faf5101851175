#!/usr/bin/env bash
# OpenSSL's command and Hufu agree on SM2: check_sm2.sh FOLDER WRITE_SAMPLE
set -euo pipefail
folder=$1/sm
program=$2
sm2=(-rawin -digest sm3 -pkeyopt distid:1234567812345678)

openssl pkeyutl -verify -pubin -inkey "$folder/card.pem" "${sm2[@]}" \
	-in "$folder/message" -sigfile "$folder/message.sig"

# and the other way round
openssl genpkey -algorithm SM2 -out "$folder/other.key"
openssl pkey -in "$folder/other.key" -pubout -out "$folder/other.pem"
openssl pkeyutl -sign -inkey "$folder/other.key" "${sm2[@]}" \
	-in "$folder/message" -out "$folder/other.sig"
"$program" --sm2 "$folder/other.pem" "$folder/message" "$folder/other.sig"

# another user identifier is another message
openssl pkeyutl -sign -inkey "$folder/other.key" -rawin -digest sm3 \
	-pkeyopt distid:someone -in "$folder/message" -out "$folder/wrong.sig"
if "$program" --sm2 "$folder/other.pem" "$folder/message" \
	"$folder/wrong.sig"; then
	echo 'a signature for another identifier was accepted' >&2
	exit 1
fi
