/* hufud: the host daemon. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "host/base/notify.h"
#include "host/daemon/office.h"

static int usage(FILE *to)
{
	fprintf(to, "用法 usage: hufud --config FILE\n"
	            "启动优待证主机服务；说明见 man hufud。\n"
	            "Runs the office's daemon; see man hufud.\n");
	return to == stdout ? 0 : 2;
}

static int fail(const struct problem *p)
{
	fprintf(stderr, "hufud: %s\nhufud: %s\n", p->zh, p->en);
	return 1;
}

/* Memory holds session keys and personal data: no core files. What is for
 * others, the published folder and the socket, is given its mode. */
static void keep_to_itself(void)
{
	struct rlimit none = {0, 0};
	(void)umask(0077);
	(void)setrlimit(RLIMIT_CORE, &none); /* prctl below is the lock */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
}

static void serve(struct office *office, const sigset_t *stop)
{
	struct timespec second = {1, 0};
	notify_state("READY=1");
	for (;;) {
		int sig = sigtimedwait(stop, NULL, &second);
		if (sig == SIGTERM || sig == SIGINT)
			break;
		office_tick(office);
		notify_alive();
	}
	notify_state("STOPPING=1");
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (argc != 3 || strcmp(argv[1], "--config") != 0)
		return usage(stderr);
	keep_to_itself();
	sigset_t stop;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL); /* threads inherit it */

	struct settings settings;
	struct config *config = NULL;
	struct office *office = NULL;
	struct problem problem = {0};
	if (settings_read(argv[2], &settings, &config, &problem))
		return fail(&problem);
	int r = office_open(&settings, &office, &problem);
	if (r == HUFU_OK) {
		serve(office, &stop);
		office_close(office);
	}
	config_free(config);
	return r ? fail(&problem) : 0;
}
