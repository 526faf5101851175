#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crypto/issuer/key_store.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/secret_file.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/base/local_socket.h"
#include "host/base/number.h"
#include "host/cli/init_plan.h"
#include "host/daemon/opening.h"
#include "host/staff/area.h"
#include "host/staff/staff.h"

enum { INIT_LINE_MAX = 256, INIT_WAIT_MS = 10000 };

struct message {
	int code;
	struct problem problem;
};

bool init_become(uid_t uid)
{
	gid_t gid = init_gid_of(uid);
	return geteuid() != 0 ||
	       (setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
	               setresuid(uid, uid, uid) == 0);
}

int init_as(uid_t uid, int (*work)(void *arg, struct problem *p), void *arg,
        struct problem *p)
{
	int pipe_fd[2];
	if (pipe2(pipe_fd, O_CLOEXEC) != 0)
		return HUFU_ERR_IO;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		struct message out = {.code = HUFU_ERR_DENIED};
		if (init_become(uid))
			out.code = work(arg, &out.problem);
		ssize_t n = write(pipe_fd[1], &out, sizeof out);
		_exit(n == (ssize_t)sizeof out ? 0 : 1);
	}
	close(pipe_fd[1]);
	struct message in = {.code = HUFU_ERR_IO};
	/* a child that died says nothing: the code stays */
	ssize_t n = pid > 0 ? read(pipe_fd[0], &in, sizeof in) : -1;
	close(pipe_fd[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	if (n != (ssize_t)sizeof in)
		return problem_from_code(p, HUFU_ERR_IO);
	*p = in.problem;
	return in.code;
}

/* ---- the signer ---- */

static pid_t spawn_signd(const struct init_plan *plan, const char *mode)
{
	char config[PATH_MAX];
	init_path(plan, "etc/signd.ini", config);
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	int null = open("/dev/null", O_WRONLY);
	if (null >= 0)
		dup2(null, STDOUT_FILENO);
	if (init_become(plan->signer_uid))
		execl(plan->signd, "hufu-signd", "--config", config, mode,
		        (char *)NULL);
	fprintf(stderr, "hufu: %s: %s\n", plan->signd, strerror(errno));
	_exit(127);
}

static bool ended_well(pid_t pid)
{
	int status = 0;
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct key_question {
	const char *socket_path;
	const char *answer_path;
};

/* As the host: the signer answers nobody else. */
static int ask_keys(void *arg, struct problem *p)
{
	const struct key_question *q = arg;
	struct signer *signer = NULL;
	struct signer_keys keys;
	int r = signer_open(q->socket_path, INIT_WAIT_MS, &signer, p);
	if (r == HUFU_OK)
		r = signer_public_keys(signer, &keys);
	if (r == HUFU_OK)
		r = file_write(
		        q->answer_path, span_of(&keys, sizeof keys), 0644);
	if (signer)
		signer_close(signer);
	return r;
}

static int wait_for(const char *socket_path)
{
	struct timespec pause = {0, 20000000};
	int64_t until = clock_steady_ms() + INIT_WAIT_MS;
	for (;;) {
		int fd = -1;
		if (local_connect(socket_path, &fd) == HUFU_OK) {
			close(fd);
			return HUFU_OK;
		}
		if (clock_steady_ms() > until)
			return HUFU_ERR_TIMEOUT;
		nanosleep(&pause, NULL);
	}
}

int init_signer(const struct init_plan *plan, struct signer_keys *ret,
        struct problem *p)
{
	char socket_path[PATH_MAX], answer[PATH_MAX];
	init_path(plan, "run/signer/signd.sock", socket_path);
	init_path(plan, "host/keys.asked", answer);
	if (!ended_well(spawn_signd(plan, "--init")))
		return problem_set(p, HUFU_ERR_STATE, "signd-init",
		        "hufu-signd --init 失败，见上面的说明。",
		        "hufu-signd --init failed; see above.");
	pid_t pid = spawn_signd(plan, NULL);
	struct key_question question = {socket_path, answer};
	int r = pid > 0 ? wait_for(socket_path) : HUFU_ERR_IO;
	if (r == HUFU_OK)
		r = init_as(plan->host_uid, ask_keys, &question, p);
	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
	uint8_t *bytes = NULL;
	size_t len = 0;
	if (r == HUFU_OK)
		r = file_read(answer, sizeof *ret, &bytes, &len);
	if (r == HUFU_OK && len != sizeof *ret)
		r = HUFU_ERR_CORRUPT;
	if (r == HUFU_OK)
		memcpy(ret, bytes, sizeof *ret);
	free(bytes);
	(void)unlink(answer); /* it may not have come to be */
	return r;
}

/* ---- the trust list ---- */

static int add_issuer(struct trust_list *t, const struct init_plan *plan,
        const struct signer_keys *keys, const struct signer_key *key)
{
	struct trust_issuer *issuer = &t->issuers[t->issuer_count];
	struct cose_key public;
	if (key->purpose == SIGNER_CHECKPOINT)
		return HUFU_OK;
	enum cose_curve curve =
	        key->alg == SIGCHECK_SM2 ? COSE_CURVE_SM2 : COSE_CURVE_P256;
	int r = cose_key_from_public(
	        curve, span_of(key->point, SIGCHECK_POINT_LEN), &public);
	if (r)
		return r;
	/* iat of a credential is the start of its day in China */
	*issuer = (struct trust_issuer){
	        .valid_from_s = clock_start_of(clock_date_of(t->issued_s)),
	        .valid_to_s = t->expires_s,
	        .purpose = key->purpose == SIGNER_CARD ? TRUST_CARD
	                                               : TRUST_STATUS_LIST,
	        .iss = span_of_text(plan->issuer),
	        .display_name = span_of_text(plan->name),
	        /* province: 32 of 320106 */
	        .area_prefix = span_of(plan->area, 2),
	        .address_count = 1,
	        .addresses = {span_of_text(plan->status_uri)},
	        .log_vkey = span_of_text(keys->vkey)};
	trust_build_set_key(issuer, &public);
	t->issuer_count++;
	return HUFU_OK;
}

static int put_public(const struct init_plan *plan, const char *name,
        struct span contents, struct problem *p)
{
	char path[PATH_MAX];
	init_path(plan, name, path);
	int r = file_create(path, contents, 0644);
	return r ? problem_set(p, r, "init-file", "无法写入 %s。",
	                   "Cannot write %s.", path)
	         : HUFU_OK;
}

static int make_root(
        const struct init_plan *plan, struct key_store **ret, struct problem *p)
{
	char folder[PATH_MAX], secret[PATH_MAX];
	uint8_t passphrase[128];
	struct writer w;
	init_path(plan, "offline/keys", folder);
	init_path(plan, "offline/passphrase", secret);
	writer_init(&w, passphrase, sizeof passphrase);
	int r = secret_file_read(secret, &w);
	if (r == HUFU_OK)
		r = key_store_generate(folder, writer_span(&w),
		        plan->sm ? COSE_CURVE_SM2 : COSE_CURVE_P256, KEY_ROOT,
		        NULL);
	if (r == HUFU_OK)
		r = key_store_open(folder, writer_span(&w), ret);
	bytes_wipe(passphrase, sizeof passphrase);
	return r ? problem_set(p, r, "root-key", "无法生成离线根密钥。",
	                   "Cannot make the offline root key.")
	         : HUFU_OK;
}

int init_trust(const struct init_plan *plan, const struct signer_keys *keys,
        struct problem *p)
{
	struct key_store *store = NULL;
	struct trust_list *t = calloc(1, sizeof *t);
	uint8_t *file = malloc(TRUST_LIST_MAX);
	char pem[PUBLIC_PEM_MAX];
	struct writer list, text;
	int r = t && file ? make_root(plan, &store, p) : HUFU_ERR_MEMORY;
	if (r)
		goto out;
	const struct signing_key *root = key_store_at(store, 0);
	t->sequence = 1;
	t->issued_s = clock_now_s();
	t->expires_s = t->issued_s + (int64_t)plan->valid_years * 31557600;
	for (size_t i = 0; r == HUFU_OK && i < keys->count; i++)
		r = add_issuer(t, plan, keys, &keys->key[i]);
	writer_init(&list, file, TRUST_LIST_MAX);
	writer_init(&text, pem, sizeof pem);
	if (r == HUFU_OK)
		r = trust_build_file(t, root, &list);
	if (r == HUFU_OK)
		r = public_pem_encode(signing_key_public(root), &text);
	if (r == HUFU_OK)
		r = put_public(
		        plan, "public/trust-list.cbor", writer_span(&list), p);
	if (r == HUFU_OK)
		r = put_public(plan, "public/root.pem", writer_span(&text), p);
	if (r == HUFU_OK)
		r = put_public(
		        plan, "public/log.vkey", span_of_text(keys->vkey), p);
out:
	key_store_close(store);
	free(file);
	free(t);
	return r;
}

/* ---- the database ---- */

static int add_areas(struct store_tx *tx, void *arg)
{
	FILE *in = arg;
	char line[INIT_LINE_MAX];
	struct problem p;
	while (fgets(line, sizeof line, in)) {
		line[strcspn(line, "\r\n")] = 0;
		char *comma = strchr(line, ',');
		if (!comma)
			return HUFU_ERR_MALFORMED;
		*comma = 0;
		int r = area_add(tx, line, comma + 1, &p);
		if (r) {
			fprintf(stderr, "hufu: %s\nhufu: %s\n", p.zh, p.en);
			return r;
		}
	}
	return HUFU_OK;
}

static int add_admins(struct store_tx *tx, void *arg)
{
	static const struct {
		enum staff_role role;
		const char *title;
	} admins[INIT_ADMINS] = {{STAFF_SYSTEM_ADMIN, "系统管理员"},
	        {STAFF_SECURITY_ADMIN, "安全管理员"},
	        {STAFF_AUDIT_ADMIN, "审计管理员"}};
	const struct init_plan *plan = arg;
	struct number_range range = {0, UINT32_MAX - 1};
	struct problem p;
	for (int i = 0; i < INIT_ADMINS; i++) {
		char login[STAFF_LOGIN_MAX + 1];
		const char *colon = strchr(plan->admins[i], ':');
		int64_t uid = 0, id = 0;
		if (!colon ||
		        (size_t)(colon - plan->admins[i]) > STAFF_LOGIN_MAX ||
		        number_parse_text(colon + 1, range, &uid) != HUFU_OK)
			return HUFU_ERR_ARGUMENT;
		size_t len = (size_t)(colon - plan->admins[i]);
		memcpy(login, plan->admins[i], len);
		login[len] = 0;
		int r = staff_add(tx, login, admins[i].title, (uid_t)uid, &id);
		if (r == HUFU_OK)
			r = staff_grant(tx, id, admins[i].role, "00", &p);
		if (r)
			return r;
	}
	return HUFU_OK;
}

struct database_work {
	const struct init_plan *plan;
	FILE *areas;
};

static int make_database(void *arg, struct problem *p)
{
	struct database_work *work = arg;
	char path[PATH_MAX];
	struct settings settings;
	struct config *config = NULL;
	init_path(work->plan, "etc/hufud.ini", path);
	int r = settings_read(path, &settings, &config, p);
	if (r)
		return r;
	struct opening open = {.settings = &settings};
	r = opening_store(&open, true, p);
	if (r == HUFU_OK)
		r = store_write(open.store, add_areas, work->areas);
	if (r)
		(void)problem_set(p, r, "areas",
		        "区划文件有误：每行须为“代码,名称”，上级在前。",
		        "Bad areas file: each line is CODE,NAME, parents "
		        "first."); /* = r */
	if (r == HUFU_OK) {
		r = store_write(
		        open.store, add_admins, (void *)(uintptr_t)work->plan);
		if (r)
			(void)problem_set(p, r, "admins",
			        "三员须为三个人，写作 登录名:UID。",
			        "The three administrators are three people, "
			        "each as LOGIN:UID."); /* = r */
	}
	opening_done(&open);
	config_free(config);
	return r;
}

int init_database(const struct init_plan *plan, struct problem *p)
{
	struct database_work work = {plan, fopen(plan->areas_file, "r")};
	if (!work.areas)
		return problem_set(p, HUFU_ERR_IO, "areas",
		        "无法读取区划文件 %s。",
		        "Cannot read the areas file %s.", plan->areas_file);
	int r = init_as(plan->host_uid, make_database, &work, p);
	fclose(work.areas);
	return r;
}
