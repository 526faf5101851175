#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/openssl/random.h"
#include "crypto/openssl/seal.h"
#include "crypto/openssl/secret_file.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/cli/init_plan.h"
#include "host/issue/issue.h"

enum { INIT_SECRET_LEN = 32 };

struct init_folder {
	const char *name;
	mode_t mode;
	uid_t uid;
	const uid_t *group; /* its main group may enter; NULL: root's */
};

void init_path(
        const struct init_plan *plan, const char *name, char ret[PATH_MAX])
{
	(void)snprintf(ret, PATH_MAX, "%s/%s", plan->folder, name);
}

static int refuse(struct problem *p, int code, const char *path)
{
	return problem_set(p, code, "init-file",
	        "无法建立 %s：已经存在，或没有权限，或磁盘已满。"
	        "上次未完成的初始化所留文件夹请先删除。",
	        "Cannot make %s: it exists, or rights or room are missing. "
	        "Remove first what an init that failed has left.",
	        path);
}

gid_t init_gid_of(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);
	return user ? user->pw_gid : uid;
}

/* Whom a folder is given to may put a link in the place of what lies in it:
 * root never follows one. */
static int hand_folder(const char *path, const struct init_folder *f)
{
	_close_ int fd =
	        open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return file_error(errno);
	gid_t gid = f->group ? init_gid_of(*f->group) : (gid_t)-1;
	if (geteuid() == 0 && fchown(fd, f->uid, gid) != 0)
		return file_error(errno);
	return fchmod(fd, f->mode) == 0 ? HUFU_OK : file_error(errno);
}

static int make_folder(const struct init_plan *plan,
        const struct init_folder *f, struct problem *p)
{
	char path[PATH_MAX];
	init_path(plan, f->name, path);
	int r = file_make_folder(path, 0755);
	if (r == HUFU_OK)
		r = hand_folder(path, f);
	return r ? refuse(p, r, path) : HUFU_OK;
}

static int give(const char *path, uid_t uid)
{
	if (geteuid() != 0)
		return HUFU_OK;
	return lchown(path, uid, (gid_t)-1) == 0 ? HUFU_OK : HUFU_ERR_IO;
}

static int make_secret(const struct init_plan *plan, const char *name,
        uid_t uid, bool hex, struct problem *p)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t raw[INIT_SECRET_LEN];
	char text[2 * INIT_SECRET_LEN];
	char path[PATH_MAX];
	init_path(plan, name, path);
	int r = random_fill(raw, sizeof raw);
	for (size_t i = 0; i < sizeof raw; i++) {
		text[2 * i] = digits[raw[i] >> 4];
		text[2 * i + 1] = digits[raw[i] & 15];
	}
	struct span contents =
	        hex ? span_of(text, sizeof text) : span_of(raw, sizeof raw);
	if (r == HUFU_OK)
		r = secret_file_create(path, contents);
	if (r == HUFU_OK)
		r = give(path, uid);
	bytes_wipe(raw, sizeof raw);
	bytes_wipe(text, sizeof text);
	return r ? refuse(p, r, path) : HUFU_OK;
}

static int put_text(const struct init_plan *plan, const char *name,
        const char *text, struct problem *p)
{
	char path[PATH_MAX];
	init_path(plan, name, path);
	int r = file_create(path, span_of_text(text), 0644);
	return r ? refuse(p, r, path) : HUFU_OK;
}

static int put_hufud_ini(const struct init_plan *plan, struct problem *p)
{
	const char *d = plan->folder;
	char *text = NULL;
	int len = asprintf(&text,
	        "; 优待证主机服务配置，说明见 docs/operations.md\n"
	        "; Configuration of hufud, see docs/operations.md\n"
	        "[office]\narea = %s\nname = %s\nissuer = %s\n"
	        "suite = %s\ntraining = %s\npolicy = %s/etc/policy.ini\n\n"
	        "[store]\nurl = sqlite://%s/host/hufu.db\n"
	        "seal-keys = %s/host/seal.keys\n\n"
	        "[log]\nfolder = %s/public/log\norigin = %s\n"
	        "vkey = %s/public/log.vkey\n\n"
	        "[signer]\nsocket = %s/run/signer/signd.sock\n\n"
	        "[status]\nlist = 1\nbits = 20\nkey = %s/host/status.key\n"
	        "folder = %s/public/status\n"
	        "uri = %s\n\n"
	        "[trust]\nlist = %s/public/trust-list.cbor\n"
	        "root = %s/public/root.pem\n\n"
	        "[api]\noperator-socket = %s/run/host/operator.sock\n",
	        plan->area, plan->name, plan->issuer, plan->sm ? "sm" : "intl",
	        plan->training ? "yes" : "no", d, d, d, d, plan->origin, d, d,
	        d, d, plan->status_uri, d, d, d);
	if (len < 0)
		return HUFU_ERR_MEMORY;
	int r = put_text(plan, "etc/hufud.ini", text, p);
	free(text);
	return r;
}

static int put_signd_ini(const struct init_plan *plan, struct problem *p)
{
	const char *d = plan->folder;
	char *text = NULL;
	int len = asprintf(&text,
	        "; 签名服务配置 configuration of hufu-signd\n"
	        "[signd]\nsocket = %s/run/signer/signd.sock\n"
	        "socket_mode = 0666\njournal = %s/signer/journal\n"
	        "origin = %s\nissuer = %s\nallow_uids = %u\n"
	        "lock_memory = %s\n\n"
	        "[keys]\nfolder = %s/signer/keys\n"
	        "passphrase_file = %s/signer/passphrase\n"
	        "transport_master = %s/signer/transport.master\n"
	        "issuer_master = %s/signer/issuer.master\nsuites = both\n",
	        d, d, plan->origin, plan->issuer, (unsigned)plan->host_uid,
	        plan->training ? "no" : "yes", d, d, d, d);
	if (len < 0)
		return HUFU_ERR_MEMORY;
	int r = put_text(plan, "etc/signd.ini", text, p);
	free(text);
	return r;
}

static int copy_policy(const struct init_plan *plan, struct problem *p)
{
	uint8_t *text = NULL;
	size_t len = 0;
	int r = file_read(plan->policy_file, CONFIG_FILE_MAX, &text, &len);
	if (r)
		return problem_set(p, r, "policy", "无法读取政策文件 %s。",
		        "Cannot read the policy %s.", plan->policy_file);
	char path[PATH_MAX];
	init_path(plan, "etc/policy.ini", path);
	r = file_create(path, span_of(text, len), 0644);
	free(text);
	return r ? refuse(p, r, path) : HUFU_OK;
}

static int make_seal_keys(const struct init_plan *plan, struct problem *p)
{
	char path[PATH_MAX];
	init_path(plan, "host/seal.keys", path);
	int r = sealer_create_file(path, plan->sm ? SUITE_SM : SUITE_INTL);
	if (r == HUFU_OK)
		r = give(path, plan->host_uid);
	return r ? refuse(p, r, path) : HUFU_OK;
}

int init_files(const struct init_plan *plan, struct problem *p)
{
	const uid_t us = geteuid(), host = plan->host_uid;
	/* Nobody but the host can so much as hold a connection to the signer */
	const struct init_folder folders[] = {{"", 0755, us, NULL},
	        {"etc", 0755, us, NULL}, {"run", 0755, us, NULL},
	        {"host", 0700, host, NULL}, {"run/host", 0755, host, NULL},
	        {"signer", 0700, plan->signer_uid, NULL},
	        {"run/signer", 0750, plan->signer_uid, &plan->host_uid},
	        {"public", 0755, host, NULL}, {"public/log", 0755, host, NULL},
	        {"public/status", 0755, host, NULL},
	        {"offline", 0700, us, NULL}};
	int r = HUFU_OK;
	for (size_t i = 0; !r && i < sizeof folders / sizeof *folders; i++)
		r = make_folder(plan, &folders[i], p);
	if (r == HUFU_OK)
		r = put_hufud_ini(plan, p);
	if (r == HUFU_OK)
		r = put_signd_ini(plan, p);
	if (r == HUFU_OK)
		r = copy_policy(plan, p);
	if (r == HUFU_OK)
		r = make_seal_keys(plan, p);
	if (r == HUFU_OK)
		r = make_secret(
		        plan, "host/status.key", plan->host_uid, false, p);
	if (r == HUFU_OK)
		r = make_secret(
		        plan, "signer/passphrase", plan->signer_uid, true, p);
	if (r == HUFU_OK)
		r = make_secret(plan, "offline/passphrase", geteuid(), true, p);
	return r;
}
