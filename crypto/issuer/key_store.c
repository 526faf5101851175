#include "crypto/issuer/key_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 64, PATH_LEN_MAX = 1024 };

struct key_store {
	struct signing_key *keys[KEY_STORE_MAX];
	size_t count;
	struct token *token; /* NULL: a folder */
};

static void file_name(const struct cose_key *key, enum key_purpose purpose,
        char ret[NAME_MAX_LEN])
{
	uint8_t kid[COSE_KEY_ID_LEN];
	cose_key_id(key, kid);
	int n = snprintf(ret, NAME_MAX_LEN, "%s-", key_purpose_name(purpose));
	for (size_t i = 0; i < sizeof kid; i++)
		n += snprintf(
		        ret + n, NAME_MAX_LEN - (size_t)n, "%02x", kid[i]);
	(void)snprintf(ret + n, NAME_MAX_LEN - (size_t)n, ".pem");
}

static int join(const char *folder, const char *name, char ret[PATH_LEN_MAX])
{
	int n = snprintf(ret, PATH_LEN_MAX, "%s/%s", folder, name);
	return n < 0 || n >= PATH_LEN_MAX ? HUFU_ERR_ARGUMENT : HUFU_OK;
}

static int check_private(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return HUFU_ERR_IO;
	if (st.st_mode & 077 || (st.st_uid != geteuid() && st.st_uid != 0))
		return HUFU_ERR_DENIED;
	return HUFU_OK;
}

static int open_folder(const char *folder, DIR **ret)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT   ? HUFU_ERR_NOT_FOUND
		       : errno == EACCES ? HUFU_ERR_DENIED
		                         : HUFU_ERR_IO;
	int r = check_private(fd);
	DIR *dir = r ? NULL : fdopendir(fd);
	if (!dir) {
		(void)close(fd); /* read only */
		return r ? r : HUFU_ERR_IO;
	}
	*ret = dir;
	return HUFU_OK;
}

static bool is_pem(const char *name)
{
	size_t len = strlen(name);
	return name[0] != '.' && len > 4 && strcmp(name + len - 4, ".pem") == 0;
}

static int load(struct key_store *s, const char *folder, const char *name,
        struct span passphrase)
{
	char path[PATH_LEN_MAX];
	char expected[NAME_MAX_LEN];
	struct signing_key *key;
	if (s->count == KEY_STORE_MAX)
		return HUFU_ERR_LIMIT;
	int r = join(folder, name, path);
	if (!r)
		r = signing_key_load(path, passphrase, &key);
	if (r)
		return r;
	s->keys[s->count++] = key;
	file_name(signing_key_public(key), signing_key_purpose(key), expected);
	return strcmp(name, expected) == 0 ? HUFU_OK : HUFU_ERR_MALFORMED;
}

int key_store_open(
        const char *folder, struct span passphrase, struct key_store **ret)
{
	struct key_store *s = calloc(1, sizeof *s);
	DIR *dir = NULL;
	int r = s ? open_folder(folder, &dir) : HUFU_ERR_MEMORY;
	while (!r) {
		errno = 0;
		const struct dirent *e = readdir(dir);
		if (!e) {
			r = errno ? HUFU_ERR_IO : HUFU_OK;
			break;
		}
		if (is_pem(e->d_name))
			r = load(s, folder, e->d_name, passphrase);
	}
	if (dir)
		(void)closedir(dir); /* read only */
	if (r)
		key_store_close(s);
	else
		*ret = s;
	return r;
}

int key_store_open_token(
        const struct token_place *place, struct key_store **ret)
{
	struct key_store *s = calloc(1, sizeof *s);
	size_t at = 0;
	int r = s ? token_open(place, &s->token) : HUFU_ERR_MEMORY;
	while (!r) {
		struct signing_key *key;
		r = token_next_key(s->token, &at, &key);
		if (!r && s->count == KEY_STORE_MAX) {
			signing_key_free(key);
			r = HUFU_ERR_LIMIT;
		}
		if (!r)
			s->keys[s->count++] = key;
	}
	if (r == HUFU_ERR_NOT_FOUND && s->token) {
		*ret = s;
		return HUFU_OK;
	}
	key_store_close(s);
	return r;
}

void key_store_close(struct key_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->count; i++)
		signing_key_free(store->keys[i]);
	token_close(store->token);
	free(store);
}

size_t key_store_count(const struct key_store *store)
{
	return store->count;
}

const struct signing_key *key_store_at(const struct key_store *store, size_t at)
{
	return store->keys[at];
}

const struct signing_key *key_store_find(const struct key_store *store,
        enum key_purpose purpose, struct span kid)
{
	for (size_t i = 0; i < store->count; i++) {
		const struct signing_key *key = store->keys[i];
		uint8_t id[COSE_KEY_ID_LEN];
		cose_key_id(signing_key_public(key), id);
		if (signing_key_purpose(key) == purpose &&
		        span_equal(kid, span_of(id, sizeof id)))
			return key;
	}
	return NULL;
}

const struct signing_key *key_store_find_only(const struct key_store *store,
        enum key_purpose purpose, enum cose_curve curve)
{
	const struct signing_key *found = NULL;
	for (size_t i = 0; i < store->count; i++) {
		const struct signing_key *key = store->keys[i];
		if (signing_key_purpose(key) != purpose ||
		        signing_key_public(key)->curve != curve)
			continue;
		if (found)
			return NULL;
		found = key;
	}
	return found;
}

int key_store_generate(const char *folder, struct span passphrase,
        enum cose_curve curve, enum key_purpose purpose,
        struct cose_key *ret_public)
{
	char name[NAME_MAX_LEN];
	char path[PATH_LEN_MAX];
	struct signing_key *key;
	DIR *dir;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return errno == EACCES ? HUFU_ERR_DENIED : HUFU_ERR_IO;
	int r = open_folder(folder, &dir);
	if (r)
		return r;
	(void)closedir(dir); /* it was opened to be checked */
	r = signing_key_generate(curve, purpose, &key);
	if (r)
		return r;
	file_name(signing_key_public(key), purpose, name);
	r = join(folder, name, path);
	if (!r)
		r = signing_key_create_file(key, path, passphrase);
	if (!r && ret_public)
		*ret_public = *signing_key_public(key);
	signing_key_free(key);
	return r;
}

int key_store_generate_on(struct key_store *store, enum cose_curve curve,
        enum key_purpose purpose)
{
	struct cose_key made;
	return store->token
	               ? token_generate(store->token, curve, purpose, &made)
	               : HUFU_ERR_STATE;
}
