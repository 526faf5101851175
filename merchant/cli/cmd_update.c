#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/cose.h"
#include "crypto/core/decimal.h"
#include "crypto/core/trust_list.h"
#include "merchant/cli/belief.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/list_fetch.h"
#include "merchant/cli/list_folder.h"
#include "merchant/cli/report.h"
#include "merchant/cli/store.h"

struct update {
	const struct arguments *a;
	struct store store;
	struct list_fetch fetch;
	uint32_t numbers[LIST_FOLDER_MAX];
	size_t count;
	json_t *lists; /* what became of each */
	bool refused;
};

/* Words for a list that did not come, where hufu_error_*() has none. */
static const struct {
	int error;
	const char *zh;
	const char *en;
} failures[] = {
        {HUFU_ERR_LINK, "连不上，或服务器出错",
                "no connection, or the server failed"},
        {HUFU_ERR_TIMEOUT, "超时没有回应", "no answer in time"},
        {HUFU_ERR_DENIED, "没有权限", "permission denied"},
        {HUFU_ERR_IO, "读写失败", "reading or writing failed"},
        {HUFU_ERR_FULL, "磁盘已满", "the disk is full"},
        {HUFU_ERR_READONLY, "只读，不能写入", "read-only"},
        {HUFU_ERR_BUSY, "另一个 update 正在运行", "another update is running"},
        {HUFU_LOAD_BEHIND, "比已用过的列表旧，拒绝退回",
                "older than a list already seen: refused"},
        {LIST_FETCH_NO_FILE, "那里没有这份列表", "it is not there"},
        {LIST_FETCH_OTHER_ROOT,
                "与已固定的根公钥不同；要换根公钥，请另用一个文件夹",
                "not the root that is pinned; for another root take "
                "another folder"},
        {LIST_FETCH_NO_ROOT, "第一次请用 --root 给出根公钥",
                "the first time give the root's public key by --root"},
};

static const char *words(int error, bool zh)
{
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		if (failures[i].error == error)
			return zh ? failures[i].zh : failures[i].en;
	return zh ? hufu_error_zh(error) : hufu_error_en(error);
}

/* number 0: the trust list. */
static void tell(struct update *u, uint32_t number, int error)
{
	json_t *o = json_pack("{s:s, s:I, s:b}", "list",
	        number ? "status" : "trust", "number", (json_int_t)number,
	        "taken", error == 0);
	if (o && error) {
		(void)json_object_set_new(
		        o, "zh", json_string(words(error, true)));
		(void)json_object_set_new(
		        o, "en", json_string(words(error, false)));
	}
	(void)json_array_append_new(u->lists, o);
	u->refused |= error != 0;
	if (u->a->json)
		return;
	char zh[32] = "信任列表", en[32] = "trust list";
	if (number) {
		(void)snprintf(zh, sizeof zh, "状态列表 %" PRIu32, number);
		(void)snprintf(en, sizeof en, "status list %" PRIu32, number);
	}
	if (!error)
		(void)printf("%s 已更新 %s updated\n", zh, en);
	else
		(void)printf("%s 未更新：%s。%s not updated: %s\n", zh,
		        words(error, true), en, words(error, false));
}

static void add_number(struct update *u, uint64_t number)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->numbers[i] == number)
			return;
	if (u->count < LIST_FOLDER_MAX)
		u->numbers[u->count++] = (uint32_t)number;
}

/* ".../status/N" or ".../status/N/list.cwt" */
static void add_address(struct update *u, struct span address)
{
	static const char mark[] = "/status/";
	size_t len = sizeof mark - 1;
	uint64_t number;
	for (size_t at = 0; at + len < address.len; at++) {
		if (memcmp(address.data + at, mark, len) != 0)
			continue;
		size_t end = at + len;
		while (end < address.len && address.data[end] != '/')
			end++;
		struct span digits =
		        span_of(address.data + at + len, end - at - len);
		if (!decimal_decode(digits, UINT32_MAX, &number))
			add_number(u, number);
	}
}

static int add_folder(struct update *u, const char *folder)
{
	uint32_t numbers[LIST_FOLDER_MAX];
	size_t count = 0;
	int r = list_folder_numbers(folder, numbers, &count);
	for (size_t i = 0; i < count; i++)
		add_number(u, numbers[i]);
	return r;
}

/* Which lists there are: named by the trust list, here, there, or by hand. */
static int find_numbers(struct update *u)
{
	const char *there = source_folder(u->fetch.source);
	uint64_t number;
	int r = HUFU_OK;
	for (size_t i = 0; i < u->fetch.address_count; i++)
		add_address(u, u->fetch.addresses[i]);
	if (u->store.old[0])
		r = add_folder(u, u->store.old);
	if (!r && there)
		r = add_folder(u, there);
	for (int i = 1; i < u->a->rest_count && !r; i++) {
		r = decimal_decode(
		        span_of_text(u->a->rest[i]), UINT32_MAX, &number);
		if (!r)
			add_number(u, number);
	}
	return r;
}

static int run(struct update *u)
{
	int r = list_fetch_trust(&u->fetch);
	if (r) {
		tell(u, 0, r);
		return HUFU_OK; /* nothing is switched */
	}
	tell(u, 0, HUFU_OK);
	r = find_numbers(u);
	for (size_t i = 0; i < u->count && !r; i++) {
		int outcome = list_fetch_status(&u->fetch, u->numbers[i]);
		tell(u, u->numbers[i], outcome);
		if (outcome)
			r = list_fetch_keep(&u->fetch, u->numbers[i]);
	}
	if (!r)
		r = list_fetch_finish(&u->fetch, u->numbers, u->count);
	return r ? r : store_switch(&u->store);
}

static int print(const struct update *u)
{
	int status = u->refused ? REPORT_EXIT_KEPT : 0;
	if (u->a->json) {
		json_t *o = json_pack(
		        "{s:i, s:O}", "status", status, "lists", u->lists);
		char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
		(void)printf("%s\n", text ? text : "{\"status\":70}");
		free(text);
		json_decref(o);
	}
	return status;
}

static int open_and_run(struct update *u)
{
	const struct arguments *a = u->a;
	SOURCE *source = NULL;
	INPUT root = {0};
	int r = a->root ? input_read(a->root, INPUT_TEXT_MAX, &root) : HUFU_OK;
	if (r)
		return report_file_error(a->root, r);
	r = store_begin(a->store, &u->store);
	if (!r)
		r = source_new(a->rest[0], &source);
	if (!r) {
		u->fetch = (struct list_fetch){.store = &u->store,
		        .source = source,
		        .given_root = input_span(&root)};
		r = run(u);
	}
	list_fetch_done(&u->fetch);
	store_done(&u->store);
	if (!r)
		return print(u);
	(void)fprintf(stderr,
	        "hufu-verify: 更新失败：%s\n"
	        "hufu-verify: update failed: %s\n",
	        words(r, true), words(r, false));
	return REPORT_EXIT_KEPT;
}

int cmd_update(const struct arguments *a)
{
	struct update *u;
	if (a->rest_count < 1)
		return report_usage("用法：update [--root 根公钥.pem] "
		                    "[--lists 文件夹] 来源 [列表编号...]",
		        "usage: update [--root PEM] [--lists FOLDER] DIR|URL "
		        "[LIST-NUMBER...]");
	u = calloc(1, sizeof *u);
	if (!u || !(u->lists = json_array())) {
		free(u);
		return report_error(HUFU_ERR_MEMORY);
	}
	u->a = a;
	u->store.lock = -1;
	int r = open_and_run(u);
	json_decref(u->lists);
	free(u);
	return r;
}
