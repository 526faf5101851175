/* Making blanks: what hufu-card --new-blank and its control socket do. */
#ifndef CARD_SIM_BLANK_H
#define CARD_SIM_BLANK_H

#include "card/port/sim/sim.h"

/* A file of 32 hexadecimal digits and perhaps a line end. */
HUFU_MUST_USE int blank_read_master(
        const char *path, uint8_t ret[CARD_KEY_LEN]);

/*
 * Makes a blank file. `serial_hex` NULL: "HF" and eight random bytes.
 * HUFU_ERR_CONFLICT if the file exists, HUFU_ERR_MALFORMED for the serial.
 */
HUFU_MUST_USE int blank_make(const char *path, const char *serial_hex,
        const uint8_t master[CARD_KEY_LEN],
        uint8_t ret_serial[CARD_SERIAL_LEN]);

#endif
