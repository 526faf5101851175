#include "tests/unit/issue/failing_query.h"

#include <stdatomic.h>
#include <stddef.h>

#include "host/store/store.h"

int __real_query_step(struct query *q);
int __real_query_run(struct query *q);
int __real_query_end(struct query *q);
int __wrap_query_step(struct query *q);
int __wrap_query_run(struct query *q);
int __wrap_query_end(struct query *q);

static atomic_int left;
static atomic_bool hit;
static _Atomic(struct query *) broken; /* its error sticks to the end */

void failing_query_set(int nth)
{
	hit = false;
	broken = NULL;
	left = nth;
}

bool failing_query_hit(void)
{
	return hit;
}

static bool fails(void)
{
	if (left == 0 || atomic_fetch_sub(&left, 1) != 1)
		return false;
	hit = true;
	return true;
}

int __wrap_query_step(struct query *q)
{
	if (broken == q)
		return HUFU_ERR_IO;
	if (!fails())
		return __real_query_step(q);
	broken = q;
	return HUFU_ERR_IO;
}

int __wrap_query_run(struct query *q)
{
	if (!fails())
		return __real_query_run(q);
	int rc = __real_query_end(q);
	return rc < 0 ? rc : HUFU_ERR_IO;
}

int __wrap_query_end(struct query *q)
{
	int rc = __real_query_end(q);

	if (broken != q)
		return rc;
	broken = NULL;
	return HUFU_ERR_IO;
}
