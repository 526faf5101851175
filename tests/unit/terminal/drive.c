#include "drive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/base64.h"
#include "merchant/terminal/crc32.h"
#include "merchant/terminal/port_host.h"

enum { TEXT_MAX = 4096 };

static struct terminal terminal;
static char answer[TEXT_MAX], screen[TEXT_MAX];

struct terminal *drive_power_on(void)
{
	port_host_reset();
	terminal_init(&terminal);
	return &terminal;
}

void drive_run(void)
{
	while (terminal_step(&terminal))
		continue;
}

static void take(enum port_line line, char text[TEXT_MAX])
{
	struct span s = port_host_take(line);
	assert_true(s.len < TEXT_MAX);
	memcpy(text, s.data, s.len);
	text[s.len] = '\0';
}

/* One line, whose CRC is right. */
static const char *take_answer(void)
{
	char crc[16];
	take(PORT_SERVICE, answer);
	size_t len = strlen(answer);
	if (len == 0)
		return NULL;
	assert_true(len > 10);
	assert_ptr_equal(strchr(answer, '\n'), answer + len - 1);
	(void)snprintf(crc, sizeof crc, " %08x\n",
	        crc32_of(span_of(answer, len - 10)));
	assert_string_equal(answer + len - 10, crc);
	answer[len - 10] = '\0';
	return answer;
}

const char *drive_ask(const char *command)
{
	char line[TEXT_MAX];
	int len = snprintf(line, sizeof line, "%s %08x\n", command,
	        crc32_of(span_of_text(command)));
	assert_in_range(len, 1, TEXT_MAX - 1);
	assert_true(port_host_send(PORT_SERVICE, line, (size_t)len));
	drive_run();
	return take_answer();
}

const char *drive_ask_number(const char *command, uint64_t v)
{
	char line[TEXT_MAX];
	(void)snprintf(
	        line, sizeof line, "%s %llu", command, (unsigned long long)v);
	return drive_ask(line);
}

static const char *send_data(uint32_t at, struct span bytes)
{
	uint8_t text[TEXT_MAX];
	struct writer w;
	char head[32];
	(void)snprintf(head, sizeof head, "DATA %u ", at);
	writer_init(&w, text, sizeof text - 1);
	writer_put_text(&w, head);
	base64_encode(&w, bytes);
	writer_put_u8(&w, 0);
	assert_int_equal(w.error, 0);
	return drive_ask((const char *)text);
}

static bool is_ok(const char *text)
{
	return text && strncmp(text, "OK", 2) == 0;
}

const char *drive_send(const char *what, struct span file)
{
	char begin[64];
	struct reader r;
	const char *got;
	(void)snprintf(begin, sizeof begin, "BEGIN %s", what);
	got = drive_ask_number(begin, file.len);
	reader_init(&r, file);
	while (is_ok(got) && reader_left(&r) > 0) {
		size_t len = reader_left(&r);
		uint32_t at = (uint32_t)(file.len - len);
		len = len < SERVICE_DATA_MAX ? len : SERVICE_DATA_MAX;
		got = send_data(at, reader_get_span(&r, len));
	}
	return got;
}

const char *drive_update(const char *what, struct span file)
{
	const char *got = drive_send(what, file);
	return is_ok(got) ? drive_ask("COMMIT") : got;
}

const char *drive_root(const struct cose_key *root)
{
	uint8_t key[COSE_KEY_MAX], text[TEXT_MAX];
	struct writer k, w;
	writer_init(&k, key, sizeof key);
	cose_key_encode(&k, root);
	writer_init(&w, text, sizeof text);
	writer_put_text(&w, "ROOT ");
	base64_encode(&w, writer_span(&k));
	writer_put_u8(&w, 0);
	assert_int_equal(w.error, 0);
	return drive_ask((const char *)text);
}

const char *drive_screen(void)
{
	take(PORT_SCREEN, screen);
	return screen;
}

const char *drive_scan(struct span text)
{
	(void)port_host_take(PORT_SCREEN);
	assert_true(port_host_send(PORT_SCANNER, text.data, text.len));
	assert_true(port_host_send(PORT_SCANNER, "\r\n", 2));
	drive_run();
	return drive_screen();
}
