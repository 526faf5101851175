/*
 * Imports a registry of generated people (N of them, 1 000 000 unless told)
 * and looks single ones up as an application does: bench_registry [N].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/openssl/seal.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/base/number.h"
#include "host/person/id_number.h"
#include "host/person/import.h"

enum { LOOK_UPS = 20000, ROW_MAX = 256, ALL = 1000000 };

struct look {
	unsigned n;
	const struct policy *policy;
	struct eligibility_verdict verdict;
};

/* Area 000000 has never been: these numbers belong to nobody. */
static void id_number(unsigned n, char ret[PERSON_ID_NUMBER_LEN + 1])
{
	unsigned day = n / 1000 % 336;

	(void)snprintf(ret, PERSON_ID_NUMBER_LEN + 1, "000000%04u%02u%02u%03u",
	        1950 + n / 336000 % 50, day / 28 + 1, day % 28 + 1, n % 1000);
	ret[17] = id_number_check_digit(ret);
	ret[18] = '\0';
}

static char *make_csv(unsigned count, size_t *ret_len)
{
	static const char *const classes[] = {
	        "officer", "sergeant", "conscript、combat", "martyr-family"};
	static const char head[] =
	        "姓名,公民身份号码,户籍地代码,身份类别,建档立卡,住址\n";
	char *csv = malloc((size_t)count * ROW_MAX + sizeof head), *at = csv;

	if (!csv)
		return NULL;
	memcpy(at, head, sizeof head - 1);
	at += sizeof head - 1;
	for (unsigned n = 0; n < count; n++) {
		char id[PERSON_ID_NUMBER_LEN + 1];

		id_number(n, id);
		at += snprintf(at, ROW_MAX,
		        "生成甲,%s,3201%02u%03u,%s,是,生成路%u号\n", id,
		        n % 12 + 1, n % 20 + 1, classes[n % 4], n);
	}
	*ret_len = (size_t)(at - csv);
	return csv;
}

static int look_up(struct store_tx *tx, void *arg)
{
	static const struct eligibility_application application = {
	        .kind = 1, .materials = 0xFE, .habitual = true};
	char id[PERSON_ID_NUMBER_LEN + 1];
	struct eligibility_person facts;
	struct look *l = arg;
	int64_t person;
	int r;

	id_number(l->n, id);
	r = person_find(tx, id, &person);
	if (r == 0)
		r = person_load_facts(tx, person, &facts);
	if (r == 0)
		eligibility_judge(&facts, &application, l->policy,
		        (struct date){2026, 8, 1}, &l->verdict);
	return r;
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int measure_look_ups(
        struct store *store, const struct policy *policy, unsigned count)
{
	static int64_t took_us[LOOK_UPS];

	for (unsigned i = 0; i < LOOK_UPS; i++) {
		struct look l = {
		        .n = (unsigned)((uint64_t)i * 2654435761U % count),
		        .policy = policy};
		int64_t from = clock_steady_us();

		if (store_read(store, look_up, &l) != 0)
			return 1;
		took_us[i] = clock_steady_us() - from;
	}
	qsort(took_us, LOOK_UPS, sizeof *took_us, by_time);
	printf("{\"bench\": \"eligibility\", \"registry\": %u, \"p50_ms\": "
	       "%.3f, \"p99_ms\": %.3f, \"worst_ms\": %.3f}\n",
	        count, (double)took_us[LOOK_UPS / 2] / 1e3,
	        (double)took_us[LOOK_UPS / 100 * 99] / 1e3,
	        (double)took_us[LOOK_UPS - 1] / 1e3);
	return 0;
}

static int run(struct store *store, unsigned count)
{
	_free_ struct policy *policy = calloc(1, sizeof *policy);
	_free_ uint8_t *rules = NULL;
	_free_ char *csv = NULL;
	struct import_options o = {
	        .store = store, .policy = policy, .today = {2026, 8, 1}};
	struct import_result result;
	struct problem p = {0};
	size_t len;
	int64_t from;

	if (!policy || file_read(HUFU_POLICY, 1 << 20, &rules, &len) < 0 ||
	        policy_parse((char *)rules, "policy.ini", policy, &p) < 0)
		return 1;
	csv = make_csv(count, &len);
	from = clock_steady_us();
	if (!csv || import_bytes(&o, span_of(csv, len), &result, &p) < 0 ||
	        result.added != count) {
		fprintf(stderr, "%s\n", p.en);
		return 1;
	}
	printf("{\"bench\": \"import\", \"count\": %u, \"per_s\": %.0f, "
	       "\"took_s\": %.1f}\n",
	        count, count / ((double)(clock_steady_us() - from) / 1e6),
	        (double)(clock_steady_us() - from) / 1e6);
	return measure_look_ups(store, policy, count);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/hufu-registry-XXXXXX", path[64], keys[64];
	struct store_options o = {.url = path, .create = true};
	struct sealer *sealer = NULL;
	struct store *store = NULL;
	int64_t count = ALL;
	int bad = 1;

	if ((argc > 1 &&
	            number_parse_text(argv[1],
	                    (struct number_range){1, 16800000}, &count) != 0) ||
	        !mkdtemp(folder))
		return 2;
	(void)snprintf(path, sizeof path, "%s/db", folder);
	(void)snprintf(keys, sizeof keys, "%s/keys", folder);
	if (sealer_create_file(keys, SUITE_INTL) == 0 &&
	        sealer_load(keys, &sealer) == 0) {
		o.sealer = sealer;
		if (store_open(&o, &store, NULL) == 0)
			bad = run(store, (unsigned)count);
	}
	store_close(store);
	sealer_free(sealer);
	return bad | unlink(path) | unlink(keys) | rmdir(folder);
}
