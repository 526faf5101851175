/*
 * The trust list: looked at, made anew with the offline root key (see
 * cmd_trust_issue.c), and published where hufud and everyone else reads it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/cli/cmd_trust.h"
#include "host/cli/show.h"
#include "host/daemon/settings.h"
#include "host/daemon/trust_file.h"

static const char usage[] =
        "trust show --root root.pem FILE\n"
        "       hufu trust publish --config hufud.ini FILE\n"
        "       hufu trust publish --root root.pem --list FILE FILE\n"
        "       hufu trust issue --keys DIR --passphrase FILE --from FILE "
        "--out FILE\n"
        "           [--add KEY.pem --purpose card|list [--area PREFIX] "
        "[--name TEXT]\n"
        "           [--issuer URI] [--address URI]] [--retire KID,...] "
        "[--remove KID,...]\n"
        "           [--valid-years N] [--next-root PEM|none] [--root PEM]\n"
        "       hufu trust root --keys DIR --passphrase FILE --out PEM [--sm]";

enum { HEX_ID_LEN = 2 * COSE_KEY_ID_LEN };

static json_t *text_of(struct span s)
{
	return json_stringn((const char *)s.data, s.len);
}

static json_t *time_of(int64_t time_s)
{
	char text[CLOCK_TEXT_LEN + 1];
	clock_format(time_s, text);
	return json_string(text);
}

static json_t *kid_of(const uint8_t kid[COSE_KEY_ID_LEN])
{
	char hex[HEX_ID_LEN + 1];
	for (size_t n = 0; n < COSE_KEY_ID_LEN; n++)
		(void)snprintf(hex + 2 * n, 3, "%02x", kid[n]);
	return json_string(hex);
}

static json_t *next_root_of(const struct trust_list *t)
{
	uint8_t kid[COSE_KEY_ID_LEN];
	if (!t->has_next_root)
		return json_string("");
	cose_key_id(&t->next_root, kid);
	return kid_of(kid);
}

static json_t *issuer_of(const struct trust_issuer *i)
{
	json_t *addresses = json_array();
	for (size_t n = 0; n < i->address_count; n++)
		(void)json_array_append_new(/* out of memory: seen below */
		        addresses, text_of(i->addresses[n]));
	return json_pack("{s:o, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	        "kid", kid_of(i->kid), "alg", (int)i->alg, "purpose",
	        i->purpose == TRUST_CARD ? "card" : "list", "valid_from",
	        time_of(i->valid_from_s), "valid_to", time_of(i->valid_to_s),
	        "iss", text_of(i->iss), "name", text_of(i->display_name),
	        "area", text_of(i->area_prefix), "addresses", addresses,
	        "log_vkey", text_of(i->log_vkey));
}

static json_t *json_of(const struct trust_list *t)
{
	json_t *issuers = json_array();
	for (size_t i = 0; i < t->issuer_count; i++)
		if (json_array_append_new(issuers, issuer_of(&t->issuers[i])) !=
		        0)
			break; /* out of memory: the row is left out */
	return json_pack("{s:I, s:o, s:o, s:o, s:o}", "sequence",
	        (json_int_t)t->sequence, "issued", time_of(t->issued_s),
	        "expires", time_of(t->expires_s), "next_root", next_root_of(t),
	        "issuers", issuers);
}

static void show_list(const struct cli *cli, const struct trust_list *t)
{
	static const struct show_column head[] = {{"sequence", "序号 sequence"},
	        {"issued", "签发 issued"}, {"expires", "有效期至 expires"},
	        {NULL, NULL}};
	static const struct show_column columns[] = {{"kid", "kid"},
	        {"alg", "alg"}, {"purpose", "用途 purpose"},
	        {"area", "区划 area"}, {"name", "名称 name"},
	        {"valid_from", "自 from"}, {"valid_to", "至 to"}, {NULL, NULL}};
	json_t *json = json_of(t);
	if (cli->json) {
		(void)json_dumpf(json, stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else {
		show_record(json, head);
		show_table(json_object_get(json, "issuers"), columns);
	}
	json_decref(json);
}

static int show(const struct cli *cli, int argc, char **argv)
{
	const char *root = NULL, *path = NULL;
	const struct cli_option options[] = {
	        {"root", &root, NULL}, {NULL, NULL, NULL}};
	struct trust_file *file = NULL;
	struct cose_key key;
	struct problem p = {0};
	if (!cli_parse(argc, argv, options, &path, 1) || !root || !path)
		return cli_usage(usage);
	if (trust_file_open_published(path, root, &file, &key, &p))
		return cli_refuse(&p);
	show_list(cli, &file->list);
	trust_file_close(file);
	return CLI_DONE;
}

/* What is published, and what shall take its place. */
struct succession {
	const char *root, *list;
	struct trust_file *seen, *next;
	bool introduces; /* the next one is of the root that seen introduced */
};

static bool same_kid(const struct cose_key *a, const struct cose_key *b)
{
	uint8_t left[COSE_KEY_ID_LEN], right[COSE_KEY_ID_LEN];
	cose_key_id(a, left);
	cose_key_id(b, right);
	return memcmp(left, right, sizeof left) == 0;
}

static int open_next(struct succession *s, const char *path, struct problem *p)
{
	struct cose_key pinned, key;
	int r = trust_file_read_key(s->root, &pinned, p);
	key = pinned;
	if (r == HUFU_OK && file_exists(s->list))
		r = trust_file_open_published(
		        s->list, s->root, &s->seen, &key, p);
	if (r == HUFU_OK)
		r = trust_file_open(path, &key, &s->next, p);
	if (r != HUFU_ERR_SIGNATURE || !s->seen || !s->seen->list.has_next_root)
		return r;
	r = trust_file_open(path, &s->seen->list.next_root, &s->next, p);
	s->introduces = r == HUFU_OK;
	if (s->introduces && !same_kid(&key, &pinned))
		return problem_set(p, HUFU_ERR_STATE, "trust-roots",
		        "根密钥已更换过一次：请先用现用根公钥替换 %s。",
		        "The root has changed once already: first replace %s "
		        "by the root in use.",
		        s->root);
	return r;
}

/* First what leads to the new root, so that the list is always reachable. */
static int put_next(const struct succession *s, struct problem *p)
{
	char beside[PATH_MAX];
	int r = HUFU_OK;
	if (s->introduces) {
		r = trust_file_introduction(s->list, beside);
		if (r == HUFU_OK)
			r = file_write(beside,
			        span_of(s->seen->bytes, s->seen->len), 0644);
	}
	if (r == HUFU_OK)
		r = file_write(
		        s->list, span_of(s->next->bytes, s->next->len), 0644);
	return r ? problem_set(p, r, "trust-write", "无法写入 %s，原列表仍在。",
	                   "Cannot write %s; the old list is still there.",
	                   s->list)
	         : HUFU_OK;
}

/* `list` is replaced only by what its root, or the next, signed later. */
static int replace(
        const char *root, const char *list, const char *path, struct problem *p)
{
	struct succession s = {.root = root, .list = list};
	int r = open_next(&s, path, p);
	if (r == HUFU_OK && s.seen)
		r = trust_file_check_next(s.seen, s.next, clock_now_s(), p);
	if (r == HUFU_OK)
		r = put_next(&s, p);
	if (r == HUFU_OK)
		printf("已发布信任列表 published trust list: %llu\n",
		        (unsigned long long)s.next->list.sequence);
	trust_file_close(s.seen);
	trust_file_close(s.next);
	return r;
}

static int publish(int argc, char **argv)
{
	const char *config = NULL, *root = NULL, *list = NULL, *path = NULL;
	const struct cli_option options[] = {{"config", &config, NULL},
	        {"root", &root, NULL}, {"list", &list, NULL},
	        {NULL, NULL, NULL}};
	struct settings settings;
	struct config *c = NULL;
	struct problem p = {0};
	if (!cli_parse(argc, argv, options, &path, 1) || !path ||
	        (config ? root || list : !root || !list))
		return cli_usage(usage);
	if (config) {
		if (settings_read(config, &settings, &c, &p))
			return cli_refuse(&p);
		root = settings.trust_root;
		list = settings.trust_list;
	}
	int r = replace(root, list, path, &p);
	if (c)
		config_free(c);
	return r ? cli_refuse(&p) : CLI_DONE;
}

int cmd_trust(const struct cli *cli, int argc, char **argv)
{
	int r = CLI_USAGE;
	if (argc > 0 && strcmp(argv[0], "show") == 0)
		return show(cli, argc, argv);
	if (argc > 0 && strcmp(argv[0], "publish") == 0)
		return publish(argc, argv);
	if (argc > 0 && strcmp(argv[0], "issue") == 0)
		r = cmd_trust_issue(argc, argv);
	else if (argc > 0 && strcmp(argv[0], "root") == 0)
		r = cmd_trust_root(argc, argv);
	return r == CLI_USAGE ? cli_usage(usage) : r;
}
