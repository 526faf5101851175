#include "host/staff/password.h"

#include <argon2.h>
#include <pthread.h>
#include <string.h>

#include "crypto/openssl/random.h"

enum {
	ROUNDS = 2,
	MEMORY_KIB = 19456,
	LANES = 1,
	SALT_LEN = 16,
	HASH_LEN = 32,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t place_free = PTHREAD_COND_INITIALIZER;
static int working;

static void enter(void)
{
	pthread_mutex_lock(&lock);
	while (working == PASSWORD_AT_ONCE)
		pthread_cond_wait(&place_free, &lock);
	working++;
	pthread_mutex_unlock(&lock);
}

static void leave(void)
{
	pthread_mutex_lock(&lock);
	working--;
	pthread_cond_signal(&place_free);
	pthread_mutex_unlock(&lock);
}

static int result(int rc)
{
	if (rc == ARGON2_OK)
		return HUFU_OK;
	if (rc == ARGON2_VERIFY_MISMATCH)
		return HUFU_ERR_SIGNATURE;
	return rc == ARGON2_MEMORY_ALLOCATION_ERROR ? HUFU_ERR_MEMORY
	                                            : HUFU_ERR_CRYPTO;
}

int password_hash(const char *password, char ret[PASSWORD_HASH_MAX])
{
	uint8_t salt[SALT_LEN];
	int r = random_fill(salt, sizeof salt);
	if (r)
		return r;
	enter();
	int rc = argon2id_hash_encoded(ROUNDS, MEMORY_KIB, LANES, password,
	        strlen(password), salt, sizeof salt, HASH_LEN, ret,
	        PASSWORD_HASH_MAX);
	leave();
	return result(rc);
}

/* As much work as a real check. */
static int check_nothing(const char *password)
{
	uint8_t salt[SALT_LEN] = {0}, out[HASH_LEN];
	int rc = argon2id_hash_raw(ROUNDS, MEMORY_KIB, LANES, password,
	        strlen(password), salt, sizeof salt, out, sizeof out);
	bytes_wipe(out, sizeof out);
	return rc == ARGON2_OK ? HUFU_ERR_SIGNATURE : result(rc);
}

int password_check(const char *password, const char *hash)
{
	enter();
	int r = hash ? result(argon2id_verify(hash, password, strlen(password)))
	             : check_nothing(password);
	leave();
	return r;
}
