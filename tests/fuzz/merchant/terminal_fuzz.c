/*
 * The terminal's lines. Each line of the input is an event, told by its
 * first byte: s and r are bytes for scanner and service line, c is a service
 * line that gets its CRC, l loses a byte, t lets time pass, p cuts the power.
 * The terminal holds the lists of tests/vectors/verdicts.
 */
#include <stdlib.h>
#include <string.h>

#include "merchant/terminal/crc32.h"
#include "merchant/terminal/flash_host.h"
#include "merchant/terminal/port_host.h"
#include "merchant/terminal/terminal.h"
#include "tests/unit/terminal/terminal_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS_MAX = 4000, EVENTS_MAX = 64 };

/* Started anew it takes a while to read its flash, so it is copied. */
static struct terminal terminal, started;
static uint8_t *installed;

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void install(enum update_kind kind, unsigned list, struct span file)
{
	struct update *u = &terminal.service.update;
	must(update_begin(u, kind, list, (uint32_t)file.len) == HUFU_OK);
	must(update_put(u, 0, file) == HUFU_OK);
	must(update_commit(u) == HUFU_OK);
	int rc;
	do
		rc = update_step(u);
	while (rc == UPDATE_MORE);
	must(rc == HUFU_OK);
}

static void install_all(void)
{
	static struct files files;
	static uint8_t space[FILES_MAX];
	struct writer w;
	files_init(&files, HUFU_VECTORS "/verdicts");
	must(flash_host_open() == HUFU_OK);
	terminal_init(&terminal);
	must(update_root(&terminal.service.update, &files.root) == HUFU_OK);
	writer_init(&w, space, sizeof space);
	files_put_trust(&files, files.world.root, &w);
	install(UPDATE_TRUST, 0, writer_span(&w));
	for (unsigned n = 0; n < FILES_LISTS; n++) {
		writer_init(&w, space, sizeof space);
		files_put_snapshot(&files, n, FILES_SEQUENCE, &w);
		install(UPDATE_SNAPSHOT, n, writer_span(&w));
	}
	files_done(&files);
	installed = malloc(FLASH_SIZE);
	must(installed != NULL);
	flash_host_save(installed);
	(void)flash_host_power(0, 0);
	terminal_init(&terminal);
	started = terminal;
}

/* Only lines of the protocol, whatever came in. */
static void check_screen(struct span out)
{
	size_t at = 0;
	while (at < out.len) {
		must(memchr("VDBE", out.data[at], 4) != NULL);
		while (at < out.len && out.data[at] != '\n') {
			must(out.data[at] >= ' ' && out.data[at] != 0x7F);
			at++;
		}
		must(at++ < out.len);
	}
}

static void run(void)
{
	unsigned steps = 0;
	while (terminal_step(&terminal))
		must(++steps < STEPS_MAX);
	check_screen(port_host_take(PORT_SCREEN));
	(void)port_host_take(PORT_SERVICE);
	const struct store *s = &terminal.store;
	must(s->has_trust && s->trust.sequence >= 1);
	must(s->status_count == FILES_LISTS);
	for (size_t n = 0; n < s->status_count; n++)
		must(s->status[n].sequence >= FILES_SEQUENCE);
}

static void send_with_crc(struct span body)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t tail[10] = {' ', [9] = '\n'};
	uint32_t crc = crc32_of(body);
	for (int i = 8; i > 0; i--, crc >>= 4)
		tail[i] = (uint8_t)digits[crc & 15];
	(void)port_host_send(PORT_SERVICE, body.data, body.len);
	(void)port_host_send(PORT_SERVICE, tail, sizeof tail);
}

static void happen(uint8_t event, struct span rest)
{
	switch (event) {
	case 's':
	case 'r':
		(void)port_host_send(event == 's' ? PORT_SCANNER : PORT_SERVICE,
		        rest.data, rest.len);
		(void)port_host_send(event == 's' ? PORT_SCANNER : PORT_SERVICE,
		        "\r\n", rest.len % 2 ? 1 : 2);
		break;
	case 'c':
		send_with_crc(rest);
		break;
	case 'l':
		port_host_lose(PORT_SCANNER);
		port_host_lose(PORT_SERVICE);
		break;
	case 't':
		port_host_pass((uint32_t)rest.len * 250);
		break;
	case 'p':
		terminal_init(&terminal);
		break;
	default:
		(void)port_host_send(PORT_SCANNER, &event, 1);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r;
	if (!installed)
		install_all();
	else if (flash_host_power(0, 0) > 0)
		flash_host_restore(installed);
	port_host_reset();
	terminal = started;
	reader_init(&r, span_of(data, size));
	for (int n = 0; n < EVENTS_MAX && reader_left(&r) > 0; n++) {
		uint8_t event = reader_get_u8(&r);
		struct reader ahead = r;
		size_t len = 0;
		while (reader_left(&ahead) > 0 && reader_get_u8(&ahead) != '\n')
			len++;
		struct span rest = reader_get_span(&r, len);
		if (reader_left(&r) > 0)
			(void)reader_get_u8(&r);
		happen(event, rest);
		run();
	}
	return 0;
}
