#include "merchant/cli/arguments.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/core/decimal.h"
#include "crypto/core/timestamp.h"
#include "merchant/cli/report.h"

enum option_code {
	OPTION_TRUST = 1000,
	OPTION_ROOT,
	OPTION_KEY,
	OPTION_STATUS,
	OPTION_LISTS,
	OPTION_ENTRY,
	OPTION_VKEY,
	OPTION_QR,
	OPTION_OBJECT,
	OPTION_AT,
	OPTION_STALE_AFTER,
	OPTION_JSON,
	OPTION_FULL,
};

static const struct option options[] = {
        {"trust", required_argument, NULL, OPTION_TRUST},
        {"root", required_argument, NULL, OPTION_ROOT},
        {"key", required_argument, NULL, OPTION_KEY},
        {"status", required_argument, NULL, OPTION_STATUS},
        {"lists", required_argument, NULL, OPTION_LISTS},
        {"entry", required_argument, NULL, OPTION_ENTRY},
        {"vkey", required_argument, NULL, OPTION_VKEY},
        {"qr", required_argument, NULL, OPTION_QR},
        {"object", required_argument, NULL, OPTION_OBJECT},
        {"at", required_argument, NULL, OPTION_AT},
        {"stale-after", required_argument, NULL, OPTION_STALE_AFTER},
        {"json", no_argument, NULL, OPTION_JSON},
        {"full", no_argument, NULL, OPTION_FULL},
        {NULL, 0, NULL, 0},
};

enum { HOURS_MAX = 24 * 365 };

static int take_hours(const char *text, int64_t *ret_s)
{
	uint64_t hours;
	int r = decimal_decode(span_of_text(text), HOURS_MAX, &hours);
	if (!r)
		*ret_s = (int64_t)hours * 3600;
	return r;
}

static int take_list(struct arguments *a, const char *path)
{
	if (a->list_count == ARGUMENTS_LISTS_MAX)
		return HUFU_ERR_LIMIT;
	a->lists[a->list_count++] = path;
	return HUFU_OK;
}

static int take_option(struct arguments *a, int code, const char *value)
{
	switch (code) {
	case OPTION_TRUST:
		a->trust = value;
		return HUFU_OK;
	case OPTION_ROOT:
		a->root = value;
		return HUFU_OK;
	case OPTION_KEY:
		a->key = value;
		return HUFU_OK;
	case OPTION_STATUS:
		return take_list(a, value);
	case OPTION_LISTS:
		a->store = value;
		a->store_given = true;
		return HUFU_OK;
	case OPTION_ENTRY:
		a->entry = value;
		return HUFU_OK;
	case OPTION_VKEY:
		a->vkey = value;
		return HUFU_OK;
	case OPTION_QR:
		a->qr = value;
		return HUFU_OK;
	case OPTION_OBJECT:
		a->object = value;
		return HUFU_OK;
	case OPTION_AT:
		return timestamp_decode(span_of_text(value), &a->now_s);
	case OPTION_STALE_AFTER:
		return take_hours(value, &a->stale_after_s);
	case OPTION_JSON:
		a->json = true;
		return HUFU_OK;
	case OPTION_FULL:
		a->full = true;
		return HUFU_OK;
	default:
		return HUFU_ERR_ARGUMENT;
	}
}

int arguments_parse(int argc, char **argv, struct arguments *ret)
{
	struct arguments a = {.now_s = (int64_t)time(NULL)};
	int code;
	while ((code = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (take_option(&a, code, optarg)) {
			if (code != '?')
				(void)fprintf(stderr,
				        "hufu-verify: 选项的值不对：%s\n"
				        "hufu-verify: bad value of an option: "
				        "%s\n",
				        optarg, optarg);
			return REPORT_EXIT_USAGE;
		}
	a.rest = argv + optind;
	a.rest_count = argc - optind;
	*ret = a;
	return 0;
}
