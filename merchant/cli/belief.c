#include "merchant/cli/belief.h"

#include <stdio.h>

#include "merchant/cli/list_folder.h"
#include "merchant/cli/report.h"
#include "merchant/cli/store.h"

typedef int (*loader)(struct hufu *h, const void *bytes, size_t len);

static int load_file(struct hufu *h, const char *path, size_t max, loader load)
{
	INPUT in = {0};
	int r = input_read(path, max, &in);
	if (r)
		return report_file_error(path, r);
	r = load(h, in.data, in.len);
	return r < 0 ? report_list_error(path, r) : 0;
}

static int load_files(const struct arguments *a, struct hufu *h)
{
	int r = load_file(h, a->root, INPUT_TEXT_MAX, hufu_set_root);
	if (!r)
		r = load_file(h, a->trust, INPUT_TEXT_MAX * 2, hufu_load_trust);
	for (int i = 0; i < a->list_count && !r; i++)
		r = load_file(h, a->lists[i], INPUT_LIST_MAX, hufu_load_status);
	return r;
}

/* A list that is broken is told of and left out: its cards become stale. */
static int load_store(const struct arguments *a, struct hufu *h)
{
	char folder[STORE_PATH_MAX];
	uint32_t numbers[LIST_FOLDER_MAX];
	size_t count = 0;
	int r = store_current(a->store, folder);
	if (r == HUFU_ERR_NOT_FOUND)
		return report_usage(
		        "请先用 update 取得列表，或用 --trust 和 --root，"
		        "或只用 --key",
		        "fetch lists by update first, or give --trust with "
		        "--root, or --key alone");
	if (!r)
		r = list_folder_load_trust(folder, true, h);
	if (!r)
		r = list_folder_numbers(folder, numbers, &count);
	if (r)
		return report_list_error(folder, r);
	for (size_t i = 0; i < count; i++) {
		r = list_folder_load(folder, numbers[i], h);
		if (r == 0)
			continue;
		(void)fprintf(stderr,
		        "hufu-verify: 状态列表 %u 不能用：%s\n"
		        "hufu-verify: status list %u not used: %s\n",
		        numbers[i], hufu_error_zh(r), numbers[i],
		        hufu_error_en(r));
	}
	return 0;
}

static int fill(const struct arguments *a, struct hufu *h)
{
	hufu_set_status_limit(h, a->stale_after_s);
	if (a->key)
		return load_file(h, a->key, INPUT_TEXT_MAX, hufu_set_key);
	return a->trust ? load_files(a, h) : load_store(a, h);
}

int belief_new(const struct arguments *a, struct hufu **ret)
{
	BELIEF *h = NULL;
	bool files = a->trust && a->root && !a->key && !a->store_given;
	bool key = a->key && !a->trust && !a->root && a->list_count == 0 &&
	           !a->store_given;
	bool store = !a->key && !a->trust && !a->root && a->list_count == 0;
	if (!files && !key && !store)
		return report_usage(
		        "请用 --lists，或 --trust 和 --root，或只用 --key",
		        "give --lists, or --trust with --root, or --key alone");
	int r = hufu_new(&h);
	if (r)
		return report_error(r);
	r = fill(a, h);
	if (r)
		return r;
	*ret = h;
	h = NULL;
	return 0;
}

int belief_new_fast(const struct arguments *a, struct hufu **ret)
{
	int r = belief_new(a, ret);
	if (r)
		return r;
	r = hufu_prepare(*ret);
	if (!r)
		return 0;
	hufu_free(*ret);
	*ret = NULL;
	return report_error(r);
}
