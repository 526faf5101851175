#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <unistd.h>

#include "host/base/clock.h"
#include "host/base/local_socket.h"
#include "host/cli/doctor.h"
#include "host/daemon/trust_file.h"
#include "host/signer/client.h"

enum {
	SIGNER_ANSWER_MS = 2000,
	DAY_S = 86400,
	SOON_KEY_DAYS = 90,
	SOON_CERTIFICATE_DAYS = 30,
};

void doctor_check_daemon(struct doctor *d)
{
	int fd = -1;
	const char *path = d->settings->operator_socket;
	if (local_connect(path, &fd) == HUFU_OK) {
		close(fd);
		doctor_say(d, DOCTOR_WELL, "daemon", "hufud 在运行。",
		        "hufud is running.");
		return;
	}
	doctor_say(d, DOCTOR_ILL, "daemon",
	        "hufud 没有应答（%s）：systemctl start hufud，原因见 "
	        "journalctl -u hufud。",
	        "hufud does not answer (%s): systemctl start hufud; journalctl "
	        "-u hufud tells why.",
	        path);
}

static void check_suite(struct doctor *d, const struct signer_keys *keys)
{
	int alg = d->settings->suite == 2 ? -65537 : -7;
	bool card = false, list = false;
	for (size_t i = 0; i < keys->count; i++) {
		card = card || (keys->key[i].purpose == SIGNER_CARD &&
		                       keys->key[i].alg == alg);
		list = list || (keys->key[i].purpose == SIGNER_LIST &&
		                       keys->key[i].alg == alg);
	}
	if (card && list)
		doctor_say(d, DOCTOR_WELL, "signer",
		        "签名服务正常，有本套算法的密钥。",
		        "The signer answers and has keys of this suite.");
	else
		doctor_say(d, DOCTOR_ILL, "signer",
		        "签名服务没有本套算法的制证或列表密钥：检查 "
		        "signd.ini 的 suites 和 hufud.ini 的 suite。",
		        "The signer has no card or list key of this suite: "
		        "look at suites in signd.ini and suite in hufud.ini.");
}

static int ask(struct signer *signer, struct signer_health *ret_health,
        struct signer_keys *ret_keys)
{
	int r = signer_health(signer, ret_health);
	return r ? r : signer_public_keys(signer, ret_keys);
}

void doctor_check_signer(struct doctor *d)
{
	const char *path = d->settings->signer_socket;
	struct signer *signer = NULL;
	struct signer_health health = {0};
	struct signer_keys keys = {0};
	int r = signer_open(path, SIGNER_ANSWER_MS, &signer, NULL);
	if (r == HUFU_OK) {
		r = ask(signer, &health, &keys);
		signer_close(signer);
	}
	if (r == HUFU_ERR_DENIED)
		doctor_say(d, DOCTOR_SKIPPED, "signer",
		        "签名服务只应答 hufud 的账户：以 root 运行本命令。",
		        "The signer answers hufud's user only: run this as "
		        "root.");
	else if (r)
		doctor_say(d, DOCTOR_ILL, "signer",
		        "签名服务没有应答（%s，代码 %d）：systemctl restart "
		        "hufu-signd，原因见 journalctl -u hufu-signd。",
		        "The signer does not answer (%s, code %d): systemctl "
		        "restart hufu-signd; journalctl -u hufu-signd tells "
		        "why.",
		        path, r);
	else if (health.locked)
		doctor_say(d, DOCTOR_ILL, "signer",
		        "签名服务已锁定：日记比它的签名旧，请恢复日记，或经"
		        "密钥仪式启用新的日志名称。",
		        "The signer is locked: its journal is older than its "
		        "signatures. Restore the journal, or begin a new log "
		        "origin by ceremony.");
	else
		check_suite(d, &keys);
}

static void say_days(struct doctor *d, const char *check, const char *what,
        int64_t until_s, int soon_days)
{
	long long days = (long long)((until_s - d->now_s) / DAY_S);
	if (until_s <= d->now_s)
		doctor_say(d, DOCTOR_ILL, check, "%s 已过期，请立即更换。",
		        "%s has expired: replace it now.", what);
	else
		doctor_say(d, days < soon_days ? DOCTOR_WARNING : DOCTOR_WELL,
		        check, "%s 还有 %lld 天到期。",
		        "%s holds for %lld more days.", what, days);
}

/* The key that signs now must outlive the time that a new one takes. */
static void check_issuers(struct doctor *d, const struct trust_list *t)
{
	static const struct {
		enum trust_purpose purpose;
		const char *what;
	} wanted[] = {
	        {TRUST_CARD, "card key"}, {TRUST_STATUS_LIST, "list key"}};
	int alg = d->settings->suite == 2 ? -65537 : -7;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const struct trust_issuer *key = trust_list_find_current(t,
		        wanted[i].purpose,
		        span_of_text(d->settings->issuer_uri), alg, d->now_s);
		if (key)
			say_days(d, "key", wanted[i].what, key->valid_to_s,
			        SOON_KEY_DAYS);
		else
			doctor_say(d, DOCTOR_ILL, "key",
			        "信任列表里没有现行的 %s：发布新的一期（hufu "
			        "trust issue、publish）。",
			        "The trust list has no current %s: publish an "
			        "edition with one (hufu trust issue, publish).",
			        wanted[i].what);
	}
}

void doctor_check_trust(struct doctor *d)
{
	struct trust_file *file = NULL;
	struct cose_key root;
	struct problem p = {0};
	int r = trust_file_open_published(d->settings->trust_list,
	        d->settings->trust_root, &file, &root, &p);
	if (r) {
		doctor_say(d, DOCTOR_ILL, "trust",
		        "信任列表 %s 不能用（代码 %d）：重新发布（hufu trust "
		        "publish）。",
		        "The trust list %s cannot be used (code %d): publish "
		        "it again (hufu trust publish).",
		        d->settings->trust_list, r);
		return;
	}
	say_days(d, "trust", "trust-list.cbor", file->list.expires_s,
	        SOON_KEY_DAYS);
	check_issuers(d, &file->list);
	trust_file_close(file);
}

static int64_t end_of(const ASN1_TIME *time, int64_t now_s)
{
	int days = 0, seconds = 0;
	if (!time || ASN1_TIME_diff(&days, &seconds, NULL, time) != 1)
		return 0;
	return now_s + (int64_t)days * DAY_S + seconds;
}

static void check_certificate(struct doctor *d, const char *path)
{
	FILE *in = path[0] ? fopen(path, "r") : NULL;
	X509 *certificate = in ? PEM_read_X509(in, NULL, NULL, NULL) : NULL;
	if (in)
		fclose(in);
	if (certificate)
		say_days(d, "certificate", path,
		        end_of(X509_get0_notAfter(certificate), d->now_s),
		        SOON_CERTIFICATE_DAYS);
	else if (path[0])
		doctor_say(d, DOCTOR_ILL, "certificate",
		        "证书 %s 读不出来：检查路径和格式（PEM）。",
		        "The certificate %s cannot be read: check path and "
		        "form (PEM).",
		        path);
	X509_free(certificate);
}

static void check_revocations(struct doctor *d, const char *path)
{
	FILE *in = path[0] ? fopen(path, "r") : NULL;
	X509_CRL *list = in ? PEM_read_X509_CRL(in, NULL, NULL, NULL) : NULL;
	if (in)
		fclose(in);
	if (list)
		say_days(d, "certificate", path,
		        end_of(X509_CRL_get0_nextUpdate(list), d->now_s), 2);
	else if (path[0])
		doctor_say(d, DOCTOR_ILL, "certificate",
		        "吊销列表 %s 读不出来，nginx 将拒绝所有设备。",
		        "The revocation list %s cannot be read; nginx refuses "
		        "every device.",
		        path);
	X509_CRL_free(list);
}

void doctor_check_certificates(struct doctor *d)
{
	const struct settings_edge *e = &d->settings->edge;
	if (!e->name[0]) {
		doctor_say(d, DOCTOR_SKIPPED, "certificate",
		        "没有配置 [edge]：网页尚未开放。",
		        "No [edge] is configured: there are no pages yet.");
		return;
	}
	check_certificate(d, e->certificate);
	check_certificate(d, e->client_ca);
	check_revocations(d, e->client_crl);
}
