#include "host/store/store.h"

int query_end_one(struct query *q, int stepped)
{
	int r = query_end(q);

	if (r < 0 || stepped < 0)
		return r < 0 ? r : stepped;
	return stepped == STORE_ROW ? 0 : HUFU_ERR_NOT_FOUND;
}
