#include "tests/unit/signer/hall.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/base/file.h"
#include "host/base/local_socket.h"

enum { TRIES = 1000, TRY_NS = 5000000 };

static void pause_a_moment(void)
{
	struct timespec t = {0, TRY_NS};

	(void)nanosleep(&t, NULL); /* a shorter one is as good */
}

static pid_t spawn(const struct hall *h, const char *mode, const char *fault)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	/* a test that fails leaves no process behind */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (h->file_max) {
		const struct rlimit limit = {h->file_max, h->file_max};

		(void)signal(SIGXFSZ, SIG_IGN); /* write answers EFBIG */
		(void)setrlimit(RLIMIT_FSIZE, &limit);
	}
	if (fault)
		(void)setenv("HUFU_FAULT", fault, 1);
	if (!getenv("HALL_LOUD")) {
		(void)!freopen("/dev/null", "w", stdout);
		(void)!freopen("/dev/null", "w", stderr);
	}
	execl(HUFU_SIGND, "hufu-signd", "--config", h->ini, mode, NULL);
	_exit(127);
}

static int status_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return status;
}

static void write_text(const char *path, const char *text, mode_t mode)
{
	assert_int_equal(file_write(path, span_of_text(text), mode), HUFU_OK);
}

/* "token = ..." or "folder = ..." */
static void key_place(const struct hall *h, char *ret, size_t size)
{
	if (getenv("HALL_TOKEN"))
		(void)snprintf(ret, size,
		        "module = %s\ntoken = hall\npin_file = %s/pass\n",
		        SOFTHSM_MODULE, h->folder);
	else
		(void)snprintf(ret, size,
		        "folder = %s/keys\npassphrase_file = %s/pass\n",
		        h->folder, h->folder);
}

static void make_token(const struct hall *h, const char *pin)
{
	char path[96], text[160];

	(void)snprintf(path, sizeof(path), "%s/softhsm2.conf", h->folder);
	(void)snprintf(text, sizeof(text),
	        "directories.tokendir = %s\nlog.level = ERROR\n", h->folder);
	write_text(path, text, 0600);
	assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stdout);
		execlp("softhsm2-util", "softhsm2-util", "--init-token",
		        "--free", "--label", "hall", "--pin", pin, "--so-pin",
		        "87654321", NULL);
		_exit(127);
	}
	assert_int_equal(status_of(pid), 0);
}

void hall_allow(struct hall *h, uid_t uid)
{
	char text[2048], keys[512];

	key_place(h, keys, sizeof(keys));

	(void)snprintf(text, sizeof(text),
	        "[signd]\nsocket = %s\njournal = %s\norigin = %s\n"
	        "issuer = %s\nallow_uids = %u\nlock_memory = no\n"
	        "[keys]\n%s"
	        "transport_master = %s/transport\nissuer_master = %s/issuer\n"
	        "suites = %s\n",
	        h->socket, h->journal, HALL_ORIGIN, HALL_ISS, (unsigned)uid,
	        keys, h->folder, h->folder, h->one_suite ? "intl" : "both");
	write_text(h->ini, text, 0600);
}

static void read_master(const struct hall *h, const char *name, uint8_t ret[16])
{
	char path[96];
	uint8_t *text = NULL;
	size_t len = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", h->folder, name);
	assert_int_equal(file_read(path, 100, &text, &len), HUFU_OK);
	assert_int_equal(len, 33);
	for (size_t i = 0; i < 16; i++) {
		unsigned byte;

		assert_int_equal(sscanf((char *)text + 2 * i, "%2x", &byte), 1);
		ret[i] = (uint8_t)byte;
	}
	free(text);
}

void hall_open(struct hall *h)
{
	char path[96];
	/* in memory, where syncing is quick, if there is such a place */
	bool memory = access("/dev/shm", W_OK) == 0;

	bool token = getenv("HALL_TOKEN") != NULL;

	*h = (struct hall){.one_suite = h->one_suite || token};
	(void)snprintf(h->folder, sizeof(h->folder), "%s/hufu-hall-XXXXXX",
	        memory ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(h->folder));
	(void)snprintf(h->ini, sizeof(h->ini), "%s/signd.ini", h->folder);
	(void)snprintf(h->socket, sizeof(h->socket), "%s/socket", h->folder);
	(void)snprintf(h->journal, sizeof(h->journal), "%s/journal", h->folder);
	(void)snprintf(path, sizeof(path), "%s/pass", h->folder);
	write_text(path, "generated for a test\n", 0600);
	if (token)
		make_token(h, "generated for a test");
	hall_allow(h, getuid());
	assert_int_equal(status_of(spawn(h, "--init", NULL)), 0);
	read_master(h, "transport", h->transport);
	read_master(h, "issuer", h->issuer);
}

static int remove_one(
        const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void hall_close(struct hall *h)
{
	if (h->pid)
		hall_kill(h);
	assert_int_equal(
	        nftw(h->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void hall_start(struct hall *h, const char *fault)
{
	int rc = HUFU_ERR_LINK;

	assert_int_equal(h->pid, 0);
	h->pid = spawn(h, NULL, fault);
	for (int i = 0; i < TRIES && rc; i++) {
		rc = signer_open(h->socket, 5000, &h->signer, NULL);
		if (rc)
			pause_a_moment();
	}
	assert_int_equal(rc, HUFU_OK);
	rc = signer_public_keys(h->signer, &h->keys);
	/* HUFU_ERR_DENIED: the test is about that */
	assert_true(rc == HUFU_OK || rc == HUFU_ERR_DENIED);
}

static void hang_up(struct hall *h)
{
	signer_close(h->signer);
	h->signer = NULL;
	h->pid = 0;
}

void hall_stop(struct hall *h)
{
	assert_int_equal(kill(h->pid, SIGTERM), 0);
	assert_int_equal(status_of(h->pid), 0);
	hang_up(h);
}

void hall_kill(struct hall *h)
{
	(void)kill(h->pid, SIGKILL); /* it may be gone already */
	(void)status_of(h->pid);
	hang_up(h);
}

void hall_reap(struct hall *h)
{
	int status = status_of(h->pid);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	hang_up(h);
}

void hall_start_fails(struct hall *h, int expected)
{
	int status = status_of(spawn(h, NULL, NULL));

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
}

int hall_dial(const struct hall *h)
{
	int fd = -1;

	return local_connect(h->socket, &fd) ? -1 : fd;
}

const struct signer_key *hall_key(
        const struct hall *h, enum signer_purpose purpose, int alg)
{
	for (size_t i = 0; i < h->keys.count; i++) {
		if (h->keys.key[i].purpose == purpose &&
		        h->keys.key[i].alg == alg)
			return &h->keys.key[i];
	}
	fail();
	return NULL;
}
