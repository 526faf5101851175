#include "host/photo/sandbox.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static int limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit to = {most, most};
	return setrlimit(what, &to) == 0 ? HUFU_OK : HUFU_ERR_IO;
}

int sandbox_enter(void)
{
	if (close_range(1, ~0U, 0) != 0)
		return HUFU_ERR_IO;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return HUFU_ERR_IO;
	int r = limit(RLIMIT_CORE, 0);
	if (r == HUFU_OK)
		r = limit(RLIMIT_FSIZE, 0);
	if (r == HUFU_OK)
		r = limit(RLIMIT_NPROC, 0);
	if (r == HUFU_OK) /* poll() looks at one descriptor */
		r = limit(RLIMIT_NOFILE, 1);
	if (r == HUFU_OK)
		r = limit(RLIMIT_CPU, SANDBOX_CPU_S);
	return r ? r : sandbox_filter();
}
