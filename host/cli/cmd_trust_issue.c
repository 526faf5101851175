/*
 * A new edition of the trust list, made where the offline root key is: the
 * old one with keys added, retired (what they have signed stays believed)
 * or removed (nothing of theirs is).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/cose.h"
#include "crypto/issuer/key_store.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/secret_file.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/base/number.h"
#include "host/cli/cmd_trust.h"
#include "host/daemon/trust_file.h"

enum { PASSPHRASE_MAX = 128, YEAR_S = 31557600, YEARS_MAX = 30 };

struct request {
	const char *keys, *passphrase, *from, *out;
	const char *add, *purpose, *area, *name, *issuer, *address;
	const char *retire, *remove;
	const char *years, *next_root, *root;
};

struct ceremony {
	const struct request *request;
	struct key_store *store;
	const struct signing_key *root;
	struct trust_file *old;
	struct trust_list *list; /* the new one; points into the old */
};

static bool parse(int argc, char **argv, struct request *r)
{
	const struct cli_option options[] = {{"keys", &r->keys, NULL},
	        {"passphrase", &r->passphrase, NULL}, {"from", &r->from, NULL},
	        {"out", &r->out, NULL}, {"add", &r->add, NULL},
	        {"purpose", &r->purpose, NULL}, {"area", &r->area, NULL},
	        {"name", &r->name, NULL}, {"issuer", &r->issuer, NULL},
	        {"address", &r->address, NULL}, {"retire", &r->retire, NULL},
	        {"remove", &r->remove, NULL}, {"valid-years", &r->years, NULL},
	        {"next-root", &r->next_root, NULL}, {"root", &r->root, NULL},
	        {NULL, NULL, NULL}};
	const char *word = NULL;
	if (!cli_parse(argc, argv, options, &word, 0))
		return false;
	bool described =
	        r->purpose || r->area || r->name || r->issuer || r->address;
	return r->keys && r->passphrase && r->from && r->out &&
	       (r->add ? r->purpose != NULL : !described) &&
	       (!r->purpose || strcmp(r->purpose, "card") == 0 ||
	               strcmp(r->purpose, "list") == 0);
}

static int open_root(struct ceremony *c, struct problem *p)
{
	uint8_t passphrase[PASSPHRASE_MAX];
	struct writer w;
	writer_init(&w, passphrase, sizeof passphrase);
	int r = secret_file_read(c->request->passphrase, &w);
	if (r == HUFU_OK)
		r = key_store_open(
		        c->request->keys, writer_span(&w), &c->store);
	bytes_wipe(passphrase, sizeof passphrase);
	for (size_t i = 0; !r && i < key_store_count(c->store); i++) {
		const struct signing_key *key = key_store_at(c->store, i);
		if (signing_key_purpose(key) != KEY_ROOT)
			continue;
		if (c->root)
			r = HUFU_ERR_CONFLICT;
		c->root = key;
	}
	if (r == HUFU_OK && !c->root)
		r = HUFU_ERR_NOT_FOUND;
	return r ? problem_set(p, r, "root-key",
	                   "无法打开离线根密钥：请检查 %s 和口令文件 %s。",
	                   "Cannot open the offline root key: check %s and the "
	                   "passphrase in %s.",
	                   c->request->keys, c->request->passphrase)
	         : HUFU_OK;
}

/* ---- changes ---- */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One kid of a list by comma; *rest moves past it. */
static bool take_kid(const char **rest, uint8_t ret[COSE_KEY_ID_LEN])
{
	const char *at = *rest;
	for (size_t i = 0; i < COSE_KEY_ID_LEN; i++, at += 2) {
		int high = digit(at[0]);
		int low = high < 0 ? -1 : digit(at[1]);
		if (low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	if (*at != ',' && *at != '\0')
		return false;
	*rest = *at ? at + 1 : at;
	return true;
}

static struct trust_issuer *find(
        struct trust_list *t, const uint8_t kid[COSE_KEY_ID_LEN])
{
	for (size_t i = 0; i < t->issuer_count; i++)
		if (memcmp(t->issuers[i].kid, kid, COSE_KEY_ID_LEN) == 0)
			return &t->issuers[i];
	return NULL;
}

static bool retire(struct trust_list *t, struct trust_issuer *i)
{
	if (i->valid_to_s <= t->issued_s)
		return false; /* it was before */
	i->valid_to_s = t->issued_s;
	return i->valid_from_s < i->valid_to_s;
}

static bool drop(struct trust_list *t, struct trust_issuer *i)
{
	size_t at = (size_t)(i - t->issuers);
	memmove(i, i + 1, (--t->issuer_count - at) * sizeof *i);
	return true;
}

static int each_kid(struct ceremony *c, const char *kids,
        bool (*change)(struct trust_list *, struct trust_issuer *),
        struct problem *p)
{
	while (kids && *kids) {
		uint8_t kid[COSE_KEY_ID_LEN];
		struct trust_issuer *i = NULL;
		const char *one = kids;
		if (take_kid(&kids, kid))
			i = find(c->list, kid);
		if (!i || !change(c->list, i))
			return problem_set(p, HUFU_ERR_NOT_FOUND, "trust-kid",
			        "信任列表中没有此密钥，或已停用：%s。"
			        "用 hufu trust show 查看。",
			        "No such key in the trust list, or retired "
			        "already: %s. See hufu trust show.",
			        one);
	}
	return HUFU_OK;
}

/* What is not said is taken from a key of the same purpose, else any. */
static const struct trust_issuer *model(
        const struct trust_list *t, enum trust_purpose purpose)
{
	for (size_t i = 0; i < t->issuer_count; i++)
		if (t->issuers[i].purpose == purpose)
			return &t->issuers[i];
	return &t->issuers[0];
}

static struct span said(const char *text, struct span otherwise)
{
	return text ? span_of_text(text) : otherwise;
}

static int add(struct ceremony *c, struct problem *p)
{
	const struct request *r = c->request;
	struct trust_list *t = c->list;
	struct trust_issuer new = {0};
	struct cose_key key;
	if (!r->add)
		return HUFU_OK;
	int rc = trust_file_read_key(r->add, &key, p);
	if (rc)
		return rc;
	new.purpose = strcmp(r->purpose, "card") == 0 ? TRUST_CARD
	                                              : TRUST_STATUS_LIST;
	trust_build_set_key(&new, &key);
	if (t->issuer_count == TRUST_LIST_ISSUERS_MAX || find(t, new.kid))
		return problem_set(p, HUFU_ERR_CONFLICT, "trust-add",
		        "此密钥已在信任列表中，或列表已满（64 把）。",
		        "This key is in the trust list already, or the list "
		        "is full (64).");
	const struct trust_issuer *like = model(&c->old->list, new.purpose);
	new.iss = said(r->issuer, like->iss);
	new.display_name = said(r->name, like->display_name);
	new.area_prefix = said(r->area, like->area_prefix);
	new.log_vkey = like->log_vkey;
	new.address_count = r->address ? 1 : like->address_count;
	memcpy(new.addresses, like->addresses, sizeof new.addresses);
	if (r->address)
		new.addresses[0] = span_of_text(r->address);
	/* iat of a credential is the start of its day in China */
	new.valid_from_s = clock_start_of(clock_date_of(t->issued_s));
	new.valid_to_s = t->expires_s;
	t->issuers[t->issuer_count++] = new;
	return HUFU_OK;
}

/* ---- the new edition ---- */

static bool same_key(const struct cose_key *a, const struct cose_key *b)
{
	uint8_t left[COSE_KEY_THUMBPRINT_LEN], right[COSE_KEY_THUMBPRINT_LEN];
	cose_key_thumbprint(a, left);
	cose_key_thumbprint(b, right);
	return memcmp(left, right, sizeof left) == 0;
}

/* By this root, or by the one before, which has introduced this one. */
static int open_old(struct ceremony *c, struct problem *p)
{
	const struct cose_key *mine = signing_key_public(c->root);
	struct cose_key before;
	if (!c->request->root)
		return trust_file_open(c->request->from, mine, &c->old, p);
	int r = trust_file_read_key(c->request->root, &before, p);
	if (r == HUFU_OK)
		r = trust_file_open(c->request->from, &before, &c->old, p);
	if (r)
		return r;
	return c->old->list.has_next_root &&
	                       same_key(&c->old->list.next_root, mine)
	               ? HUFU_OK
	               : problem_set(p, HUFU_ERR_DENIED, "next-root",
	                         "原列表没有引入此根密钥：先由原根密钥签发"
	                         "带 --next-root 的一版。",
	                         "The old list does not introduce this root: "
	                         "first issue an edition with --next-root "
	                         "under the old one.");
}

/* Stays introduced until it signs, for those who miss an edition. */
static int introduce(struct ceremony *c, struct problem *p)
{
	const char *path = c->request->next_root;
	if (c->request->root)
		c->list->has_next_root = false;
	if (!path)
		return HUFU_OK;
	c->list->has_next_root = strcmp(path, "none") != 0;
	return c->list->has_next_root
	               ? trust_file_read_key(path, &c->list->next_root, p)
	               : HUFU_OK;
}

static int begin(struct ceremony *c, struct problem *p)
{
	struct number_range range = {1, YEARS_MAX};
	int64_t years = 10;
	const char *text = c->request->years;
	if (text && number_parse_text(text, range, &years) != HUFU_OK)
		return problem_set(p, HUFU_ERR_ARGUMENT, "trust-years",
		        "有效年数须为 1 至 30。", "Years are 1 to 30.");
	*c->list = c->old->list;
	c->list->sequence++;
	c->list->issued_s = clock_now_s();
	c->list->expires_s = c->list->issued_s + years * YEAR_S;
	if (c->list->issued_s < c->old->list.issued_s)
		return problem_set(p, HUFU_ERR_STALE, "trust-clock",
		        "本机时钟早于原列表的签发时间，请先校准时钟。",
		        "This machine's clock is before the old list's time; "
		        "set the clock first.");
	return HUFU_OK;
}

static int write_out(struct ceremony *c, struct problem *p)
{
	_free_ uint8_t *space = malloc(TRUST_LIST_MAX);
	struct writer w;
	int r = space ? HUFU_OK : HUFU_ERR_MEMORY;
	if (r == HUFU_OK) {
		writer_init(&w, space, TRUST_LIST_MAX);
		r = trust_build_file(c->list, c->root, &w);
	}
	if (r == HUFU_OK)
		r = file_create(c->request->out, writer_span(&w), 0644);
	return r ? problem_set(p, r, "trust-out",
	                   "无法写出 %s：文件已存在，或列表不完整。",
	                   "Cannot write %s: it exists, or the list is not "
	                   "complete.",
	                   c->request->out)
	         : HUFU_OK;
}

static int hold(struct ceremony *c, struct problem *p)
{
	int r = open_root(c, p);
	if (r == HUFU_OK)
		r = open_old(c, p);
	if (r == HUFU_OK)
		r = begin(c, p);
	if (r == HUFU_OK)
		r = introduce(c, p);
	if (r == HUFU_OK)
		r = each_kid(c, c->request->retire, retire, p);
	if (r == HUFU_OK)
		r = each_kid(c, c->request->remove, drop, p);
	if (r == HUFU_OK)
		r = add(c, p);
	if (r == HUFU_OK)
		r = write_out(c, p);
	return r;
}

int cmd_trust_issue(int argc, char **argv)
{
	struct request request = {0};
	struct ceremony c = {.request = &request};
	struct problem p = {0};
	if (!parse(argc, argv, &request))
		return CLI_USAGE;
	c.list = calloc(1, sizeof *c.list);
	int r = c.list ? hold(&c, &p) : problem_from_code(&p, HUFU_ERR_MEMORY);
	if (r == HUFU_OK)
		printf("已签发信任列表 issued trust list: %llu\n%s\n",
		        (unsigned long long)c.list->sequence, request.out);
	trust_file_close(c.old);
	key_store_close(c.store);
	free(c.list);
	return r ? cli_refuse(&p) : CLI_DONE;
}
