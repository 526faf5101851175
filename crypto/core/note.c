#include "crypto/core/note.h"

#include "crypto/core/base64.h"
#include "crypto/core/decimal.h"
#include "crypto/core/mem.h"
#include "crypto/core/sha256.h"
#include "crypto/core/utf8.h"

#define SIG_MARK "\xE2\x80\x94 " /* U+2014 and a space */

enum { SIG_MARK_LEN = 4, HEX_ID_LEN = 2 * NOTE_KEY_ID_LEN };

static struct span sub(struct span s, size_t from, size_t to)
{
	return (struct span){s.data + from, to - from};
}

/* Where `c` stands in s from `from` on, or s.len. */
static size_t find(struct span s, size_t from, char c)
{
	while (from < s.len && s.data[from] != (uint8_t)c)
		from++;
	return from;
}

static bool is_name(struct span name)
{
	if (name.len == 0 || name.len > NOTE_NAME_MAX || !utf8_is_valid(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] == '+' ||
		        name.data[i] == 0x7F)
			return false;
	return true;
}

void note_key_id(struct span name, const uint8_t pub[SIGCHECK_ED25519_LEN],
        uint8_t ret[NOTE_KEY_ID_LEN])
{
	struct sha256 h;
	uint8_t hash[SHA256_LEN];
	sha256_init(&h);
	sha256_put(&h, name.data, name.len);
	sha256_put(&h, "\x0A\x01", 2);
	sha256_put(&h, pub, SIGCHECK_ED25519_LEN);
	sha256_done(&h, hash);
	memcpy(ret, hash, NOTE_KEY_ID_LEN);
}

static int decode_hex_id(struct span text, uint8_t ret[NOTE_KEY_ID_LEN])
{
	if (text.len != HEX_ID_LEN)
		return HUFU_ERR_MALFORMED;
	memset(ret, 0, NOTE_KEY_ID_LEN);
	for (size_t i = 0; i < HEX_ID_LEN; i++) {
		uint8_t c = text.data[i];
		int v = c >= '0' && c <= '9'   ? c - '0'
		        : c >= 'a' && c <= 'f' ? c - 'a' + 10
		                               : -1;
		if (v < 0)
			return HUFU_ERR_MALFORMED;
		ret[i / 2] = (uint8_t)(ret[i / 2] << 4 | v);
	}
	return HUFU_OK;
}

int note_decode_vkey(struct span vkey, struct note_key *ret)
{
	uint8_t pub[1 + SIGCHECK_ED25519_LEN], id[NOTE_KEY_ID_LEN];
	struct note_key key;
	struct writer w;

	size_t first = find(vkey, 0, '+');
	size_t second =
	        first < vkey.len ? find(vkey, first + 1, '+') : vkey.len;
	if (second == vkey.len)
		return HUFU_ERR_MALFORMED;
	key.name = sub(vkey, 0, first);
	int rc = decode_hex_id(sub(vkey, first + 1, second), key.id);
	if (rc || !is_name(key.name))
		return HUFU_ERR_MALFORMED;
	writer_init(&w, pub, sizeof pub);
	rc = base64_decode(sub(vkey, second + 1, vkey.len), &w);
	if (rc || w.len == 0)
		return HUFU_ERR_MALFORMED;
	if (pub[0] != NOTE_ED25519)
		return HUFU_ERR_UNSUPPORTED;
	if (w.len != sizeof pub)
		return HUFU_ERR_MALFORMED;
	memcpy(key.pub, pub + 1, sizeof key.pub);
	note_key_id(key.name, key.pub, id);
	if (memcmp(id, key.id, sizeof id) != 0)
		return HUFU_ERR_MALFORMED;
	*ret = key;
	return HUFU_OK;
}

void note_encode_vkey(struct writer *w, const struct note_key *key)
{
	static const char digits[17] = "0123456789abcdef";
	uint8_t pub[1 + SIGCHECK_ED25519_LEN] = {NOTE_ED25519};
	if (!is_name(key->name))
		writer_fail(w, HUFU_ERR_ARGUMENT);
	memcpy(pub + 1, key->pub, sizeof key->pub);
	writer_put_span(w, key->name);
	writer_put_u8(w, '+');
	for (size_t i = 0; i < NOTE_KEY_ID_LEN; i++) {
		writer_put_u8(w, (uint8_t)digits[key->id[i] >> 4]);
		writer_put_u8(w, (uint8_t)digits[key->id[i] & 15]);
	}
	writer_put_u8(w, '+');
	base64_encode(w, span_of(pub, sizeof pub));
}

static bool is_text(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < ' ' && s.data[i] != '\n')
			return false;
	return utf8_is_valid(s);
}

/* Just past the last blank line; 0: there is none. */
static size_t find_sigs(struct span in)
{
	for (size_t i = in.len; i >= 2; i--)
		if (in.data[i - 1] == '\n' && in.data[i - 2] == '\n')
			return i;
	return 0;
}

int note_decode(struct span in, struct note *ret)
{
	struct note_sig sig;
	unsigned count = 0;
	if (in.len > NOTE_MAX)
		return HUFU_ERR_LIMIT;
	size_t at = find_sigs(in);
	if (at < 3 || at == in.len || !is_text(in))
		return HUFU_ERR_MALFORMED;
	struct note n = {sub(in, 0, at - 1), sub(in, at, in.len)};
	struct span rest = n.sigs;
	while (rest.len > 0) {
		int rc = note_next_sig(&rest, &sig);
		if (rc)
			return rc;
		if (++count > NOTE_SIGS_MAX)
			return HUFU_ERR_LIMIT;
	}
	*ret = n;
	return HUFU_OK;
}

int note_next_sig(struct span *rest, struct note_sig *ret)
{
	uint8_t raw[NOTE_KEY_ID_LEN + NOTE_SIG_MAX];
	struct note_sig sig = {0};
	struct writer w;

	size_t end = find(*rest, 0, '\n');
	if (rest->len == 0)
		return HUFU_ERR_NOT_FOUND;
	if (end == rest->len || end < SIG_MARK_LEN ||
	        memcmp(rest->data, SIG_MARK, SIG_MARK_LEN) != 0)
		return HUFU_ERR_MALFORMED;
	struct span line = sub(*rest, SIG_MARK_LEN, end);
	size_t space = find(line, 0, ' ');
	sig.name = sub(line, 0, space);
	if (space == line.len || !is_name(sig.name))
		return HUFU_ERR_MALFORMED;
	writer_init(&w, raw, sizeof raw);
	int rc = base64_decode(sub(line, space + 1, line.len), &w);
	if (rc)
		return rc == HUFU_ERR_SPACE ? HUFU_ERR_LIMIT : rc;
	if (w.len <= NOTE_KEY_ID_LEN)
		return HUFU_ERR_MALFORMED;
	memcpy(sig.id, raw, NOTE_KEY_ID_LEN);
	sig.sig_len = w.len - NOTE_KEY_ID_LEN;
	memcpy(sig.sig, raw + NOTE_KEY_ID_LEN, sig.sig_len);
	*rest = sub(*rest, end + 1, rest->len);
	*ret = sig;
	return HUFU_OK;
}

int note_check(const struct note *n, const struct note_key *key,
        const struct sigcheck *sigs)
{
	struct span rest = n->sigs;
	while (rest.len > 0) {
		struct note_sig sig;
		int rc = note_next_sig(&rest, &sig);
		if (rc)
			return rc;
		if (!span_equal(sig.name, key->name) ||
		        memcmp(sig.id, key->id, sizeof sig.id) != 0)
			continue;
		return sigs->verify(sigs->ctx, SIGCHECK_EDDSA,
		        span_of(key->pub, sizeof key->pub), n->text,
		        span_of(sig.sig, sig.sig_len));
	}
	return HUFU_ERR_NOT_FOUND;
}

void note_encode_sig(
        struct writer *w, const struct note_key *key, struct span sig)
{
	uint8_t space[NOTE_KEY_ID_LEN + NOTE_SIG_MAX];
	struct writer raw;
	writer_init(&raw, space, sizeof space);
	writer_put(&raw, key->id, sizeof key->id);
	writer_put_span(&raw, sig);
	if (raw.error || !is_name(key->name))
		writer_fail(w, HUFU_ERR_ARGUMENT);
	writer_put_text(w, SIG_MARK);
	writer_put_span(w, key->name);
	writer_put_u8(w, ' ');
	base64_encode(w, writer_span(&raw));
	writer_put_u8(w, '\n');
}

/* The line at *pos without its newline; *pos goes past it. */
static int next_line(struct span text, size_t *pos, struct span *ret)
{
	size_t end = find(text, *pos, '\n');
	if (end == text.len)
		return HUFU_ERR_TRUNCATED;
	*ret = sub(text, *pos, end);
	*pos = end + 1;
	return ret->len > 0 ? HUFU_OK : HUFU_ERR_MALFORMED;
}

int checkpoint_decode(struct span text, struct checkpoint *ret)
{
	struct checkpoint c;
	struct span size, root, more;
	struct writer w;
	size_t pos = 0;

	int rc = next_line(text, &pos, &c.origin);
	if (!rc)
		rc = next_line(text, &pos, &size);
	if (!rc)
		rc = next_line(text, &pos, &root);
	if (!rc)
		rc = decimal_decode(size, INT64_MAX, &c.size);
	while (!rc && pos < text.len)
		rc = next_line(text, &pos, &more);
	if (rc)
		return rc;
	writer_init(&w, c.root, sizeof c.root);
	if (base64_decode(root, &w) || w.len != sizeof c.root)
		return HUFU_ERR_MALFORMED;
	*ret = c;
	return HUFU_OK;
}

void checkpoint_encode(struct writer *w, const struct checkpoint *c)
{
	if (!is_name(c->origin))
		writer_fail(w, HUFU_ERR_ARGUMENT);
	writer_put_span(w, c->origin);
	writer_put_u8(w, '\n');
	decimal_encode(w, c->size);
	writer_put_u8(w, '\n');
	base64_encode(w, span_of(c->root, sizeof c->root));
	writer_put_u8(w, '\n');
}
