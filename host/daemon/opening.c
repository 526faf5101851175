#include "host/daemon/opening.h"

#include "crypto/openssl/secret_file.h"

int opening_refuse_file(
        struct problem *p, int code, const char *key, const char *path)
{
	if (code == HUFU_ERR_DENIED)
		return problem_set(p, code, "file-mode",
		        "%s 的文件 %s 权限不对：须归本账户所有，权限 0600。",
		        "File of %s, %s: it must belong to this user with mode "
		        "0600.",
		        key, path);
	return problem_set(p, code, "file",
	        "%s 的文件 %s 无法读取或已损坏，请检查路径，或运行 hufu init。",
	        "File of %s, %s, cannot be read or is damaged; check the path "
	        "or run hufu init.",
	        key, path);
}

int opening_store(struct opening *o, bool create, struct problem *ret_problem)
{
	const struct settings *s = o->settings;
	int r = sealer_load(s->seal_keys, &o->sealer);
	if (r)
		return opening_refuse_file(
		        ret_problem, r, "seal-keys", s->seal_keys);
	struct store_options options = {.url = s->store_url,
	        .sealer = o->sealer,
	        .create = create,
	        .busy_timeout_ms = 5000};
	return store_open(&options, &o->store, ret_problem);
}

int opening_issue(struct opening *o, struct problem *ret_problem)
{
	const struct settings *s = o->settings;
	int r = policy_book_open(s->policy, &o->policies, ret_problem);
	if (r)
		return r;
	if (s->calendar[0])
		r = calendar_open(s->calendar, &o->calendar, ret_problem);
	if (r)
		return r;
	struct issue_options options = {.store = o->store,
	        .policies = o->policies,
	        .calendar = o->calendar,
	        .status_list = s->status_list,
	        .status_bits = s->status_bits,
	        .lease_s = s->lease_s,
	        .back_off_s = s->back_off_s,
	        .attempts_max = s->attempts_max};
	struct writer key;
	writer_init(&key, options.status_key, sizeof options.status_key);
	r = secret_file_read(s->status_key, &key);
	if (r == HUFU_OK && key.len != sizeof options.status_key)
		r = HUFU_ERR_CORRUPT;
	if (r)
		return opening_refuse_file(
		        ret_problem, r, "[status] key", s->status_key);
	r = issue_open(&options, &o->issue, ret_problem);
	bytes_wipe(options.status_key, sizeof options.status_key);
	return r;
}

void opening_done(struct opening *o)
{
	if (o->issue)
		issue_close(o->issue);
	calendar_free(o->calendar);
	if (o->policies)
		policy_book_free(o->policies);
	if (o->store)
		store_close(o->store);
	sealer_free(o->sealer);
	*o = (struct opening){.settings = o->settings};
}
