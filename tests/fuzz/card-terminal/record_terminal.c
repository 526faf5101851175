/*
 * Writes the corpus of fuzz_terminal anew: visits to virtual cards.
 *   record_terminal FOLDER
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/port/sim/sim.h"
#include "card/terminal/direct.h"
#include "visit.h"

struct tape {
	struct sim *sim;
	size_t len;
	uint8_t bytes[1 << 16];
};

static int power(void *card, struct writer *ret_atr)
{
	struct tape *tape = card;
	writer_put_u8(ret_atr, 0x3B);
	return sim_power_on(tape->sim);
}

static int exchange(void *card, struct span command, struct writer *ret_answer)
{
	struct tape *tape = card;
	uint8_t answer[CARD_ANSWER_MAX];
	size_t len = sim_transmit(tape->sim, command, answer);
	if (tape->len + len + 2 > sizeof tape->bytes)
		return HUFU_ERR_SPACE;
	tape->bytes[tape->len++] = (uint8_t)(len >> 8);
	tape->bytes[tape->len++] = (uint8_t)len;
	memcpy(tape->bytes + tape->len, answer, len);
	tape->len += len;
	writer_put(ret_answer, answer, len);
	return 0;
}

static int keep(const char *folder, unsigned parts, const struct tape *tape)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/visit-%u", folder, parts);
	FILE *f = fopen(path, "wb");
	if (!f)
		return 1;
	fputc((int)parts, f);
	fwrite(tape->bytes, 1, tape->len, f);
	return fclose(f) != 0;
}

int main(int argc, char **argv)
{
	static const uint8_t serial[CARD_SERIAL_LEN] = {1, 2, 3};
	static const uint8_t master[CARD_KEY_LEN];
	static struct tape tape;
	for (unsigned parts = 0; argc == 2 && parts < 4; parts++) {
		const struct direct_card card = {
		        .power = power, .exchange = exchange, .card = &tape};
		struct transport *t = NULL;
		tape.len = 0;
		if (sim_new_blank(NULL, serial, master, &tape.sim) ||
		        direct_new(&card, &t))
			return 1;
		visit_card(t, parts);
		sim_free(tape.sim);
		if (keep(argv[1], parts, &tape))
			return 1;
	}
	return argc == 2 ? 0 : 2;
}
