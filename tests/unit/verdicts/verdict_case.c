#include "verdict_case.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const tokens[] = {
        [HUFU_VALID] = "valid",
        [HUFU_SUSPENDED] = "suspended",
        [HUFU_REVOKED] = "revoked",
        [HUFU_EXPIRED] = "expired",
        [HUFU_NOT_YET_VALID] = "not-yet-valid",
        [HUFU_UNKNOWN_ISSUER] = "unknown-issuer",
        [HUFU_WRONG_SIGNATURE] = "wrong-signature",
        [HUFU_NOT_CREDENTIAL] = "not-credential",
        [HUFU_MALFORMED] = "malformed",
        [HUFU_UNSUPPORTED] = "unsupported",
};

const char *verdict_case_token(enum hufu_verdict verdict, bool stale)
{
	if (verdict == HUFU_VALID && stale)
		return "valid-stale";
	return verdict > 0 && verdict <= HUFU_UNSUPPORTED ? tokens[verdict]
	                                                  : "none";
}

static int parse_token(const char *token, struct verdict_case *c)
{
	for (int v = HUFU_VALID; v <= HUFU_UNSUPPORTED; v++)
		for (int stale = 0; stale <= (v == HUFU_VALID); stale++)
			if (strcmp(token,
			            verdict_case_token((enum hufu_verdict)v,
			                    stale)) == 0) {
				c->verdict = (enum hufu_verdict)v;
				c->stale = stale;
				return 0;
			}
	return -1;
}

/* \xNN, in place: what it stands for is shorter. */
static int unescape(char *text, size_t *ret_len)
{
	size_t len = 0;
	for (const char *at = text; *at; at++) {
		unsigned byte = (unsigned char)*at;
		if (*at == '\\') {
			if (at[1] != 'x' || !at[2] || !at[3] ||
			        sscanf(at + 2, "%2x", &byte) != 1)
				return -1;
			at += 3;
		}
		text[len++] = (char)byte;
	}
	*ret_len = len;
	return 0;
}

int verdict_case_parse(char *line, struct verdict_case *ret)
{
	struct verdict_case c = {0};
	char *fields[4];
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < 4; i++) {
		fields[i] = i ? strchr(fields[i - 1], '\t') : line;
		if (!fields[i])
			return -1;
		if (i)
			*fields[i]++ = '\0';
	}
	c.id = fields[0];
	c.text.data = fields[3];
	if (sscanf(fields[1], "%" SCNd64, &c.time_s) != 1 ||
	        parse_token(fields[2], &c) || unescape(fields[3], &c.text.len))
		return -1;
	*ret = c;
	return 0;
}
