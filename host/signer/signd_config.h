/* signd.ini, as hufu-signd(8) describes it. */
#ifndef HOST_SIGNER_SIGND_CONFIG_H
#define HOST_SIGNER_SIGND_CONFIG_H

#include <sys/types.h>

#include "crypto/issuer/token.h"
#include "host/base/config.h"
#include "host/signer/client.h"

enum { SIGND_UIDS_MAX = 16, SIGND_PATH_MAX = 256 };

enum signd_suites {
	SIGND_SUITES_BOTH = 0,
	SIGND_SUITES_INTL = 1,
	SIGND_SUITES_SM = 2,
};

struct signd_config {
	char socket[SIGND_PATH_MAX];
	char journal[SIGND_PATH_MAX];
	char origin[SIGNER_ORIGIN_MAX + 1];
	char issuer[SIGND_PATH_MAX]; /* claim iss */
	char key_folder[SIGND_PATH_MAX];
	char passphrase_file[SIGND_PATH_MAX];
	/* PKCS#11: "" when the keys lie in key_folder */
	char token_module[SIGND_PATH_MAX];
	char token[TOKEN_LABEL_MAX + 1];
	char pin_file[SIGND_PATH_MAX];
	char transport_master[SIGND_PATH_MAX];
	char issuer_master[SIGND_PATH_MAX];
	mode_t socket_mode;
	uid_t uids[SIGND_UIDS_MAX];
	size_t uid_count;
	enum signd_suites suites; /* for --init */
	bool lock_memory;
};

/* HUFU_ERR_CONFIG names file, line and key. */
HUFU_MUST_USE int signd_config_load(const char *path, struct signd_config *ret,
        struct problem *ret_problem);

bool signd_config_allows(const struct signd_config *config, uid_t uid);

#endif
