/* hufu-signd(8): the process that alone can reach the issuer's keys. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/cleanup.h"
#include "host/base/local_socket.h"
#include "host/base/notify.h"
#include "host/signer/serve.h"

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal_number)
{
	(void)signal_number; /* all mean the same */
	stop_asked = 1;
}

static void catch_signals(void)
{
	struct sigaction stop = {.sa_handler = ask_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	(void)sigaction(SIGTERM, &stop, NULL); /* cannot fail for these */
	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

static int say(const struct problem *p)
{
	(void)fprintf(stderr, "hufu-signd: %s\nhufu-signd: %s\n", p->zh, p->en);
	return p->code == HUFU_ERR_CONFIG ? 2 : 1;
}

/* Keys neither reach the disk by paging nor a core file nor a debugger. */
static int keep_memory(const struct signd_config *config, struct problem *p)
{
	struct rlimit none = {0, 0};

	(void)umask(0077);
	if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0))
		return problem_set(p, HUFU_ERR_IO, "core-dumps",
		        "不能禁止内存转储：%s", "Cannot forbid core dumps: %s",
		        strerror(errno));
	if (config->lock_memory && mlockall(MCL_CURRENT | MCL_FUTURE))
		return problem_set(p, HUFU_ERR_MEMORY, "lock-memory",
		        "不能把内存锁在物理内存里（%s）：请提高 memlock 限额"
		        "（systemd：LimitMEMLOCK=infinity）。",
		        "Cannot lock memory (%s): raise the memlock limit "
		        "(systemd: LimitMEMLOCK=infinity).",
		        strerror(errno));
	return 0;
}

static int open_ledger(const struct signd_config *config,
        const struct vault *vault, struct ledger **ret, struct problem *p)
{
	int rc = ledger_open(config->journal, &vault->identity, ret);

	if (!rc)
		return 0;
	return problem_set(p, rc, "journal",
	        "签名日记 %s 不能用（错误 %d）。丢失或损坏的日记不能新建代替："
	        "须经密钥仪式启用新的日志名称。",
	        "The journal %s cannot be used (error %d). A lost or damaged "
	        "one is never replaced by a new one: a new log origin is "
	        "begun by ceremony.",
	        config->journal, rc);
}

static int print_keys(const struct vault *vault, struct problem *p)
{
	struct signer_keys keys;
	int rc = vault_public_keys(vault, &keys);

	if (rc)
		return problem_from_code(p, rc);
	(void)printf("origin %s\nvkey %s\n", keys.origin, keys.vkey);
	return 0;
}

/* The ceremony on one machine: keys that are missing, and the journal. */
static int init(const struct signd_config *config, struct problem *p)
{
	struct vault vault = {0};
	int rc = vault_create(config, p);

	if (!rc)
		rc = vault_open(config, &vault, p);
	if (rc)
		return rc;
	rc = ledger_create(config->journal, &vault.identity);
	if (rc)
		rc = problem_set(p, rc, "journal",
		        "签名日记 %s 建不了（错误 %d）：已有的不会被覆盖。",
		        "Cannot make the journal %s (error %d): one that "
		        "exists "
		        "is never overwritten.",
		        config->journal, rc);
	else
		rc = print_keys(&vault, p);
	vault_close(&vault);
	return rc;
}

static int serve(const struct signd_config *config, struct vault *vault,
        struct problem *p)
{
	struct desk desk = {.config = config, .vault = vault};
	_close_ int listener = -1;
	int rc = open_ledger(config, vault, &desk.ledger, p);

	if (!rc)
		rc = local_listen(
		        config->socket, config->socket_mode, &listener, p);
	if (!rc) {
		(void)fprintf(stderr, "hufu-signd: ready\n");
		notify_state("READY=1");
		rc = serve_run(&desk, listener, &stop_asked);
		notify_state("STOPPING=1");
		(void)unlink(config->socket); /* a stale one is replaced */
		if (rc)
			rc = problem_from_code(p, rc);
	}
	ledger_close(desk.ledger);
	return rc;
}

static int usage(FILE *to)
{
	(void)fprintf(to,
	        "用法：hufu-signd --config 文件 [--init | --check]\n"
	        "Usage: hufu-signd --config FILE [--init | --check]\n");
	return to == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"config", required_argument, NULL, 'c'},
	        {"init", no_argument, NULL, 'i'},
	        {"check", no_argument, NULL, 'k'},
	        {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	const char *path = NULL;
	struct signd_config config;
	struct vault vault = {0};
	struct problem p;
	int mode = 0, option;

	while ((option = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		if (option == 'c')
			path = optarg;
		else if (option == 'h')
			return usage(stdout);
		else if (option == '?' || mode)
			return usage(stderr);
		else
			mode = option;
	}
	if (!path || optind < argc)
		return usage(stderr);
	catch_signals();
	if (signd_config_load(path, &config, &p) || keep_memory(&config, &p))
		return say(&p);
	if (mode == 'i')
		return init(&config, &p) ? say(&p) : 0;
	if (vault_open(&config, &vault, &p))
		return say(&p);
	option = mode == 'k' ? print_keys(&vault, &p)
	                     : serve(&config, &vault, &p);
	vault_close(&vault);
	return option ? say(&p) : 0;
}
