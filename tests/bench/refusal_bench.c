/*
 * The longest that any text of tests/vectors/verdicts keeps the verifier,
 * whatever is wrong with it: bombs, deep nesting, texts of the largest size.
 * The best of some tries each, since the machine is shared.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hufu/hufu.h>

#include "tests/unit/verdicts/verdict_case.h"

enum { FILE_MAX = 1 << 16, LISTS = 3, TRIES = 5 };

static int64_t cpu_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static size_t read_file(const char *name, uint8_t ret[FILE_MAX])
{
	char path[512];
	size_t len = 0;

	(void)snprintf(path, sizeof path, HUFU_VECTORS "/verdicts/%s", name);
	FILE *f = fopen(path, "rb");
	if (f) {
		len = fread(ret, 1, FILE_MAX, f);
		(void)fclose(f);
	}
	if (len == 0)
		exit(1);
	return len;
}

static struct hufu *prepare(void)
{
	static uint8_t file[FILE_MAX];
	struct hufu *h = NULL;
	size_t len = read_file("root.pem", file);

	if (hufu_new(&h) || hufu_set_root(h, file, len))
		exit(1);
	len = read_file("trust-list.cbor", file);
	if (hufu_load_trust(h, file, len) || hufu_prepare(h))
		exit(1);
	for (int n = 1; n <= LISTS; n++) {
		char name[32];

		(void)snprintf(name, sizeof name, "status-%d.cwt", n);
		len = read_file(name, file);
		if (hufu_load_status(h, file, len))
			exit(1);
	}
	return h;
}

static int64_t time_of(struct hufu *h, const struct verdict_case *c)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		struct hufu_result r;
		int64_t from = cpu_ns();

		if (hufu_check_qr(h, c->text.data, c->text.len, c->time_s, &r))
			exit(1);
		int64_t spent = cpu_ns() - from;
		if (spent < best)
			best = spent;
	}
	return best;
}

int main(void)
{
	static char line[VERDICT_LINE_MAX], worst[128];
	struct hufu *h = prepare();
	int64_t longest = 0;
	unsigned count = 0;
	FILE *f = fopen(HUFU_VECTORS "/verdicts/cases.tsv", "rb");

	while (f && fgets(line, sizeof line, f)) {
		struct verdict_case c;

		if (verdict_case_parse(line, &c))
			return 1;
		count++;
		int64_t spent = time_of(h, &c);
		if (spent <= longest)
			continue;
		longest = spent;
		(void)snprintf(worst, sizeof worst, "%s", c.id);
	}
	if (!f || count == 0)
		return 1;
	(void)fclose(f);
	hufu_free(h);
	printf("{\"bench\": \"longest_verdict\", \"texts\": %u, "
	       "\"ms\": %.4f, \"text\": \"%s\"}\n",
	        count, (double)longest / 1e6, worst);
	return 0;
}
