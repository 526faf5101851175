/*
 * Result codes of every function in Hufu.
 *
 * 0 is success. A negative HUFU_ERR_* cannot be continued from and is
 * forwarded unchanged. A positive value is a named outcome of the module
 * that returned it (MODULE_*), which the caller must switch on.
 */
#ifndef HUFU_ERROR_H
#define HUFU_ERROR_H

#define HUFU_MUST_USE __attribute__((warn_unused_result))
#define HUFU_API      __attribute__((visibility("default")))

enum hufu_error {
	HUFU_OK = 0,
	HUFU_ERR_TRUNCATED = -1, /* input ended too early */
	HUFU_ERR_TRAILING = -2, /* bytes left after the end */
	HUFU_ERR_MALFORMED = -3, /* input breaks its format's rules */
	HUFU_ERR_LIMIT = -4, /* input passes a named maximum */
	HUFU_ERR_DUPLICATE = -5, /* a key stands twice */
	HUFU_ERR_UNSUPPORTED = -6, /* well formed, but not handled here */
	HUFU_ERR_SPACE = -7, /* the caller's buffer is too small */
	HUFU_ERR_CRYPTO = -8, /* a cryptographic library failed */
	HUFU_ERR_SIGNATURE = -9, /* signature or MAC does not verify */
	HUFU_ERR_PROOF = -10, /* Merkle proof does not verify */
	HUFU_ERR_IO = -11, /* file or socket failed */
	HUFU_ERR_MEMORY = -12, /* no memory */
	HUFU_ERR_STATE = -13, /* not allowed in this state */
	HUFU_ERR_DENIED = -14, /* the caller may not do this */
	HUFU_ERR_NOT_FOUND = -15, /* nothing has this name or number */
	HUFU_ERR_CONFLICT = -16, /* a constraint refuses it */
	HUFU_ERR_BUSY = -17, /* try again later */
	HUFU_ERR_TIMEOUT = -18, /* no answer in time */
	HUFU_ERR_LINK = -19, /* the other side went away */
	HUFU_ERR_CONFIG = -20, /* configuration is wrong */
	HUFU_ERR_FULL = -21, /* disk or memory of a device is full */
	HUFU_ERR_READONLY = -22, /* storage cannot be written */
	HUFU_ERR_CORRUPT = -23, /* stored data fails its own check */
	HUFU_ERR_ARGUMENT = -24, /* the request itself is wrong */
	HUFU_ERR_STALE = -25, /* older than what is already known */
};

#endif
