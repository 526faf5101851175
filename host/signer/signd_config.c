#include "host/signer/signd_config.h"

#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"

#define SECTION "signd"
#define KEYS    "keys"

static const struct config_choice suite_words[] = {
        {"both", SIGND_SUITES_BOTH},
        {"intl", SIGND_SUITES_INTL},
        {"sm", SIGND_SUITES_SM},
        {NULL, 0},
};

struct wanted {
	const char *section;
	const char *key;
	size_t offset;
	size_t size;
	bool path; /* must be absolute */
};

#define TEXT(section, key, member, path)                                       \
	{                                                                      \
		section, key, offsetof(struct signd_config, member),           \
		        sizeof(((struct signd_config *)0)->member), path       \
	}

static const struct wanted wanted[] = {
        TEXT(SECTION, "socket", socket, true),
        TEXT(SECTION, "journal", journal, true),
        TEXT(SECTION, "origin", origin, false),
        TEXT(SECTION, "issuer", issuer, false),
        TEXT(KEYS, "transport_master", transport_master, true),
        TEXT(KEYS, "issuer_master", issuer_master, true),
};

static const struct wanted of_folder = TEXT(KEYS, "folder", key_folder, true);
static const struct wanted of_token[] = {
        TEXT(KEYS, "module", token_module, true),
        TEXT(KEYS, "token", token, false),
};

static void take_text(
        struct config *c, const struct wanted *w, struct signd_config *ret)
{
	const char *text = config_text(c, w->section, w->key, CONFIG_REQUIRED);
	size_t len = text ? strlen(text) : 0;

	if (config_error(c))
		return;
	if (len == 0 || len >= w->size || (w->path && text[0] != '/')) {
		config_refuse(c, w->section, w->key,
		        w->path ? "须为绝对路径" : "不能为空，也不能过长",
		        w->path ? "must be an absolute path"
		                : "must be neither empty nor too long");
		return;
	}
	memcpy((char *)ret + w->offset, text, len + 1);
}

/* A bare name is a systemd credential, $CREDENTIALS_DIRECTORY/name. */
static void take_secret(
        struct config *c, const char *key, char ret[SIGND_PATH_MAX])
{
	const char *text = config_text(c, KEYS, key, CONFIG_REQUIRED);
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	int rc = 0;

	if (config_error(c))
		return;
	if (text[0] == '/')
		rc = file_join("/", text + 1, ret, SIGND_PATH_MAX);
	else if (folder && !strchr(text, '/'))
		rc = file_join(folder, text, ret, SIGND_PATH_MAX);
	else
		rc = HUFU_ERR_CONFIG;
	if (rc)
		config_refuse(c, KEYS, key,
		        "须为绝对路径，或 systemd 凭据的名称",
		        "must be an absolute path or the name of a systemd "
		        "credential");
}

/* Keys in a folder, or on a token; a key of the other kind is unknown. */
static void take_key_place(struct config *c, struct signd_config *ret)
{
	if (!config_has(c, KEYS, "module")) {
		take_text(c, &of_folder, ret);
		take_secret(c, "passphrase_file", ret->passphrase_file);
		return;
	}
	for (size_t i = 0; i < sizeof(of_token) / sizeof(of_token[0]); i++)
		take_text(c, &of_token[i], ret);
	take_secret(c, "pin_file", ret->pin_file);
}

static bool add_uid(const char *word, size_t len, struct signd_config *ret)
{
	int64_t uid;

	if (ret->uid_count == SIGND_UIDS_MAX ||
	        number_parse(word, len,
	                (struct number_range){0, UINT32_MAX - 1}, &uid))
		return false;
	ret->uids[ret->uid_count++] = (uid_t)uid;
	return true;
}

static void take_uids(struct config *c, struct signd_config *ret)
{
	const char *text =
	        config_text(c, SECTION, "allow_uids", CONFIG_REQUIRED);
	bool good = true;

	if (config_error(c))
		return;
	while (good && *text) {
		size_t len = strcspn(text, " ,");

		if (len > 0)
			good = add_uid(text, len, ret);
		text += len + (text[len] ? 1 : 0);
	}
	if (!good || ret->uid_count == 0)
		config_refuse(c, SECTION, "allow_uids",
		        "须为用逗号隔开的用户编号，最多 16 个",
		        "must be user ids divided by commas, at most 16");
}

static void take_mode(struct config *c, struct signd_config *ret)
{
	static const struct config_choice modes[] = {
	        {"0660", 0660}, {"0600", 0600}, {"0666", 0666}, {NULL, 0}};

	ret->socket_mode =
	        (mode_t)config_word(c, SECTION, "socket_mode", modes);
}

int signd_config_load(
        const char *path, struct signd_config *ret, struct problem *p)
{
	_cleanup_(config_cleanup) struct config *c = NULL;
	struct signd_config read = {0};
	int rc = config_open(path, &c, p);

	if (rc)
		return rc;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		take_text(c, &wanted[i], &read);
	take_key_place(c, &read);
	take_uids(c, &read);
	take_mode(c, &read);
	read.suites =
	        (enum signd_suites)config_word(c, KEYS, "suites", suite_words);
	if (read.token_module[0] && read.suites != SIGND_SUITES_INTL)
		config_refuse(c, KEYS, "suites",
		        "PKCS#11 令牌没有 SM2，须为 intl",
		        "a PKCS#11 token has no SM2: must be intl");
	read.lock_memory = config_bool(c, SECTION, "lock_memory", true);
	rc = config_done(c, p);
	if (!rc)
		*ret = read;
	return rc;
}

bool signd_config_allows(const struct signd_config *config, uid_t uid)
{
	for (size_t i = 0; i < config->uid_count; i++) {
		if (config->uids[i] == uid)
			return true;
	}
	return false;
}
