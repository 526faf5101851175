#include "card/port/sim/blank.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "card/port/sim/hex.h"

int blank_read_master(const char *path, uint8_t ret[CARD_KEY_LEN])
{
	char text[2 * CARD_KEY_LEN + 2] = {0}; /* digits, LF, one too many */
	FILE *f = fopen(path, "re");
	if (!f)
		return HUFU_ERR_NOT_FOUND;
	size_t len = fread(text, 1, sizeof text - 1, f);
	bool more = fgetc(f) != EOF;
	(void)fclose(f); /* it was only read */
	if (len > 0 && text[len - 1] == '\n')
		text[len - 1] = '\0';
	int rc =
	        more ? HUFU_ERR_MALFORMED : hex_decode(text, ret, CARD_KEY_LEN);
	bytes_wipe(text, sizeof text);
	return rc;
}

int blank_make(const char *path, const char *serial_hex,
        const uint8_t master[CARD_KEY_LEN], uint8_t ret_serial[CARD_SERIAL_LEN])
{
	uint8_t serial[CARD_SERIAL_LEN] = {'H', 'F'};
	struct sim *s;
	int rc = HUFU_OK;
	if (serial_hex)
		rc = hex_decode(serial_hex, serial, sizeof serial);
	else if (RAND_bytes(serial + 2, (int)sizeof serial - 2) != 1)
		rc = HUFU_ERR_CRYPTO;
	if (!rc)
		rc = sim_new_blank(path, serial, master, &s);
	if (rc)
		return rc;
	sim_free(s);
	memcpy(ret_serial, serial, sizeof serial);
	return HUFU_OK;
}
