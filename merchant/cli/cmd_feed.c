#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/core/base64.h"
#include "crypto/core/cose_key.h"
#include "crypto/openssl/public_pem.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/input.h"
#include "merchant/cli/list_folder.h"
#include "merchant/cli/report.h"
#include "merchant/cli/service_line.h"
#include "merchant/cli/store.h"

enum { PLACES = 4 };

struct feed {
	const struct arguments *a;
	struct service_line line;
	char folder[STORE_PATH_MAX]; /* verified by `update` */
	bool taken[PLACES]; /* by a list of another number */
	int kept; /* lists that the terminal did not take */
};

static int read_list(const struct feed *f, const char *name, struct input *ret)
{
	char path[STORE_PATH_MAX + LIST_FOLDER_NAME_MAX];

	(void)snprintf(path, sizeof path, "%s/%s", f->folder, name);
	return input_read(path, INPUT_LIST_MAX, ret);
}

/* What the terminal has already is no news to its owner. */
static void tell(struct feed *f, const char *name, int error)
{
	bool refused = error == HUFU_ERR_DENIED;

	if (refused)
		f->kept++;
	if (error && !refused)
		return;
	if (refused)
		(void)printf(
		        "%s 终端未接受 not taken: %s\n", name, f->line.answer);
	else
		(void)printf("%s 已送入终端 taken\n", name);
	(void)fflush(stdout);
}

/* A terminal that has no root yet is put into service with ours. */
static int give_root(struct feed *f)
{
	uint8_t coded[128], text[256] = {0};
	char line[300];
	struct writer w;
	struct cose_key root;
	INPUT pem = {0};
	int r = read_list(f, LIST_FOLDER_ROOT, &pem);

	if (!r)
		r = public_pem_decode(input_span(&pem), &root);
	if (r)
		return r;
	writer_init(&w, coded, sizeof coded);
	cose_key_encode(&w, &root);
	struct span key = writer_span(&w);
	writer_init(&w, text, sizeof text - 1);
	base64_encode(&w, key);
	(void)snprintf(line, sizeof line, "ROOT %s", text);
	r = service_line_ask(&f->line, line);
	if (!r)
		tell(f, LIST_FOLDER_ROOT,
		        strncmp(f->line.answer, "OK", 2) ? HUFU_ERR_DENIED : 0);
	return r;
}

static int greet(struct feed *f)
{
	char line[64];
	uint64_t root = 0;
	int r = service_line_ask(&f->line, "HELLO");

	if (!r && strncmp(f->line.answer, "OK hufu-terminal 1 ", 19) != 0)
		r = HUFU_ERR_UNSUPPORTED;
	if (!r)
		r = service_line_number(&f->line, "root", &root);
	if (!r && root == 0)
		r = give_root(f);
	if (r)
		return r;
	(void)snprintf(line, sizeof line, "TIME %" PRId64, f->a->now_s);
	return service_line_ask(&f->line, line);
}

static int send_file(struct feed *f, const char *what, const char *name)
{
	INPUT file = {0};
	int r = read_list(f, name, &file);

	if (r)
		return r;
	r = service_line_send(&f->line, what, input_span(&file));
	tell(f, name, r);
	return r == HUFU_ERR_DENIED ? HUFU_OK : r;
}

/* After a change of the root the old one introduces the next. */
static int send_trust(struct feed *f)
{
	INPUT introduction = {0};
	int r = read_list(f, LIST_FOLDER_INTRODUCTION, &introduction);

	if (!r) /* long since taken, it is refused as older */
		r = service_line_send(
		        &f->line, "trust", input_span(&introduction));
	if (r && r != HUFU_ERR_DENIED && r != HUFU_ERR_NOT_FOUND)
		return r;
	return send_file(f, "trust", LIST_FOLDER_TRUST);
}

/* The place of this list, else a free one; *ret_sequence 0: not there. */
static int find_place(struct feed *f, uint32_t number, unsigned *ret_place,
        uint64_t *ret_sequence)
{
	unsigned open = PLACES;

	for (unsigned n = PLACES; n-- > 0;) {
		uint64_t have = 0;
		char line[32];

		(void)snprintf(line, sizeof line, "LIST %u", n);
		int r = service_line_ask(&f->line, line);
		if (r)
			return r;
		if (service_line_number(&f->line, "number", &have)) {
			if (!f->taken[n])
				open = n;
			continue;
		}
		if (have != number)
			continue;
		f->taken[n] = true;
		*ret_place = n;
		return service_line_number(&f->line, "sequence", ret_sequence);
	}
	*ret_sequence = 0;
	*ret_place = open;
	return open == PLACES ? HUFU_ERR_FULL : HUFU_OK;
}

/* Sequence and base of a file; both 0 when there is none. */
static int look(const struct feed *f, const char *name, uint64_t *ret_sequence,
        uint64_t *ret_base)
{
	INPUT file = {0};
	int r = read_list(f, name, &file);

	*ret_sequence = *ret_base = 0;
	if (r == HUFU_ERR_NOT_FOUND)
		return HUFU_OK;
	return r ? r
	         : list_folder_sequence(
	                   input_span(&file), ret_sequence, ret_base);
}

static int send_list(struct feed *f, uint32_t number)
{
	char snapshot[LIST_FOLDER_NAME_MAX], today[LIST_FOLDER_NAME_MAX];
	uint64_t have, whole, newest, base, none;
	char what[32];
	unsigned place;

	list_folder_name(number, "snapshot.cbor", snapshot);
	list_folder_name(number, "today.cbor", today);
	int r = look(f, snapshot, &whole, &none);
	if (!r)
		r = look(f, today, &newest, &base);
	if (!r)
		r = find_place(f, number, &place, &have);
	if (!r && have < whole && !(newest && base <= have && have > 0)) {
		(void)snprintf(what, sizeof what, "snapshot %u", place);
		r = send_file(f, what, snapshot);
		have = whole;
	}
	if (!r && have < newest) {
		(void)snprintf(what, sizeof what, "delta %u", place);
		r = send_file(f, what, today);
	}
	return r;
}

static int run(struct feed *f, const char *device)
{
	uint32_t numbers[LIST_FOLDER_MAX];
	size_t count = 0;
	int r = service_line_open(&f->line, device);

	if (r)
		return report_file_error(device, r);
	r = greet(f);
	if (!r)
		r = send_trust(f);
	if (!r)
		r = list_folder_numbers(f->folder, numbers, &count);
	for (size_t i = 0; i < count && !r; i++)
		r = send_list(f, numbers[i]);
	if (r == HUFU_ERR_LINK || r == HUFU_ERR_TIMEOUT)
		return report_outcome(f->a, REPORT_EXIT_NO_CARD,
		        "终端没有应答：请检查接线和电源",
		        "the terminal does not answer: look at cable and "
		        "power");
	if (r == HUFU_ERR_UNSUPPORTED)
		return report_outcome(f->a, REPORT_EXIT_NO_CARD,
		        "那里不是虎符终端，或版本不同",
		        "this is no Hufu terminal, or of another version");
	if (r)
		return report_list_error(f->folder, r);
	return f->kept ? REPORT_EXIT_KEPT : 0;
}

int cmd_feed(const struct arguments *a)
{
	struct feed f = {.a = a};

	if (a->rest_count != 1)
		return report_usage("feed 后请给出终端的串口，如 /dev/ttyUSB0",
		        "name the terminal's serial device after feed, such "
		        "as /dev/ttyUSB0");
	int r = store_current(a->store, f.folder);
	if (r)
		return report_outcome(a, REPORT_EXIT_NO_INPUT,
		        "还没有列表：请先运行 hufu-verify update",
		        "there are no lists yet: run hufu-verify update first");
	r = run(&f, a->rest[0]);
	service_line_close(&f.line);
	return r;
}
