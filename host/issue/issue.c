#include "host/issue/issue_inner.h"
#include "host/policy/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/status_index.h"

enum { ISSUE_BACK_OFF_MAX_S = 3600 };

enum { ADD_LIST };

static const char *const sql[] = {
        [ADD_LIST] = "INSERT INTO status_list (list) VALUES (?1)"
                     " ON CONFLICT DO NOTHING",
};
static const struct statements statements = {"issue", sql, 1};

static int add_list(struct store_tx *tx, void *arg)
{
	const struct issue *issue = arg;
	struct query *q = query_begin(tx, &statements, ADD_LIST);

	query_bind_int(q, 1, issue->options.status_list);
	return query_run(q);
}

static int check_options(const struct issue_options *o, struct problem *p)
{
	if (o->status_bits < STATUS_INDEX_BITS_MIN ||
	        o->status_bits > STATUS_INDEX_BITS_MAX)
		return problem_set(p, HUFU_ERR_CONFIG, "status-bits",
		        "状态列表的位数应在 %d 到 %d 之间，请改正配置。",
		        "The status list takes %d to %d bits; correct the "
		        "configuration.",
		        STATUS_INDEX_BITS_MIN, STATUS_INDEX_BITS_MAX);
	if (o->lease_s < 1 || o->back_off_s < 0 || o->attempts_max < 1)
		return problem_set(p, HUFU_ERR_CONFIG, "queue-limits",
		        "制卡队列的租期、间隔或次数不对，请改正配置。",
		        "Lease, pause or attempts of the making queue are "
		        "wrong; correct the configuration.");
	return 0;
}

int issue_open(const struct issue_options *options, struct issue **ret,
        struct problem *ret_problem)
{
	int rc = check_options(options, ret_problem);
	if (rc < 0)
		return rc;

	struct issue *issue = calloc(1, sizeof(*issue));
	if (!issue)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	issue->options = *options;
	if (!issue->options.calendar)
		issue->options.calendar = calendar_builtin();
	atomic_store(&issue->policies, options->policies);

	rc = store_write(options->store, add_list, issue);
	if (rc < 0) {
		issue_close(issue);
		return problem_from_code(ret_problem, rc);
	}
	*ret = issue;
	return 0;
}

void issue_close(struct issue *issue)
{
	if (!issue)
		return;
	bytes_wipe(issue->options.status_key, ISSUE_STATUS_KEY_LEN);
	free(issue);
}

void issue_set_policies(struct issue *issue, const struct policy_book *policies)
{
	atomic_store(&issue->policies, policies);
}

const struct calendar *issue_calendar(const struct issue *issue)
{
	return issue->options.calendar;
}

int64_t issue_now_s(const struct issue *issue)
{
	if (issue->options.clock)
		return issue->options.clock(issue->options.clock_arg);
	return clock_now_s();
}

int issue_policy_today(const struct issue *issue, const struct policy **ret,
        struct problem *ret_problem)
{
	const struct policy_book *book = atomic_load(&issue->policies);
	const struct policy *policy =
	        policy_book_at(book, clock_date_of(issue_now_s(issue)));

	if (!policy || policy->step_count == 0)
		return problem_set(ret_problem, HUFU_ERR_CONFIG,
		        "policy-not-in-force",
		        "今天没有生效的审核规则，请管理员检查规则文件。",
		        "No rules are in force today; ask the administrator "
		        "to check the rule files.");
	*ret = policy;
	return 0;
}

int issue_policy_of(const struct issue *issue, const char *version,
        const struct policy **ret, struct problem *ret_problem)
{
	const struct policy_book *book = atomic_load(&issue->policies);
	const struct policy *policy = policy_book_version(book, version);

	if (!policy || policy->step_count == 0)
		return issue_policy_today(issue, ret, ret_problem);
	*ret = policy;
	return 0;
}

int64_t issue_back_off_s(const struct issue *issue, int64_t failures)
{
	int64_t pause = issue->options.back_off_s;

	for (int64_t i = 1; i < failures && pause < ISSUE_BACK_OFF_MAX_S; i++)
		pause *= 2;
	return pause < ISSUE_BACK_OFF_MAX_S ? pause : ISSUE_BACK_OFF_MAX_S;
}

void issue_copy_text(char *ret, size_t size, const char *text)
{
	size_t len = text ? strnlen(text, size - 1) : 0;

	if (len > 0)
		memcpy(ret, text, len);
	ret[len] = '\0';
}
