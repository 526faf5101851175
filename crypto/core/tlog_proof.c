#include "crypto/core/tlog_proof.h"

#include "crypto/core/base64.h"
#include "crypto/core/decimal.h"

#define EXTRA_MARK "extra "
#define INDEX_MARK "index "

static struct span get_line(struct reader *r)
{
	size_t end = r->pos;
	while (end < r->len && r->data[end] != '\n')
		end++;
	if (end == r->len)
		reader_fail(r, HUFU_ERR_TRUNCATED);
	struct span line = reader_get_span(r, end - r->pos);
	(void)reader_get_u8(r); /* the newline */
	return line;
}

/* Whether the line starts with `mark`; then *line is what follows it. */
static bool take_mark(struct span *line, const char *mark)
{
	struct span m = span_of_text(mark);
	if (line->len < m.len || !span_equal(span_of(line->data, m.len), m))
		return false;
	*line = span_of(line->data + m.len, line->len - m.len);
	return true;
}

static int decode_extra(struct span text, struct tlog_proof *p)
{
	struct writer w;
	writer_init(&w, p->extra, sizeof p->extra);
	int rc = base64_decode(text, &w);
	if (rc)
		return rc == HUFU_ERR_SPACE ? HUFU_ERR_LIMIT : rc;
	p->has_extra = true;
	p->extra_len = w.len;
	return HUFU_OK;
}

static int decode_hash(struct span text, struct tlog_proof *p)
{
	struct writer w;
	if (p->proof.count == MERKLE_PROOF_MAX)
		return HUFU_ERR_LIMIT;
	writer_init(&w, p->proof.hash[p->proof.count], MERKLE_HASH_LEN);
	if (base64_decode(text, &w) || w.len != MERKLE_HASH_LEN)
		return HUFU_ERR_MALFORMED;
	p->proof.count++;
	return HUFU_OK;
}

int tlog_proof_decode(struct span in, struct tlog_proof *ret)
{
	struct tlog_proof p = {0};
	struct reader r;
	int rc = HUFU_OK;

	if (in.len > TLOG_PROOF_MAX)
		return HUFU_ERR_LIMIT;
	reader_init(&r, in);
	struct span line = get_line(&r);
	if (!span_is_text(line, TLOG_PROOF_HEADER))
		return HUFU_ERR_MALFORMED;
	line = get_line(&r);
	if (take_mark(&line, EXTRA_MARK)) {
		rc = decode_extra(line, &p);
		line = get_line(&r);
	}
	if (rc)
		return rc;
	if (!take_mark(&line, INDEX_MARK))
		return HUFU_ERR_MALFORMED;
	rc = decimal_decode(line, INT64_MAX, &p.index);
	for (line = get_line(&r); !rc && line.len > 0; line = get_line(&r))
		rc = decode_hash(line, &p);
	if (rc)
		return rc;
	if (r.error)
		return r.error;
	p.checkpoint = reader_get_span(&r, reader_left(&r));
	struct note n;
	rc = note_decode(p.checkpoint, &n);
	if (rc)
		return rc;
	*ret = p;
	return HUFU_OK;
}

void tlog_proof_encode(struct writer *w, const struct tlog_proof *p)
{
	writer_put_text(w, TLOG_PROOF_HEADER "\n");
	if (p->has_extra) {
		writer_put_text(w, EXTRA_MARK);
		base64_encode(w, span_of(p->extra, p->extra_len));
		writer_put_u8(w, '\n');
	}
	writer_put_text(w, INDEX_MARK);
	decimal_encode(w, p->index);
	writer_put_u8(w, '\n');
	for (size_t i = 0; i < p->proof.count; i++) {
		base64_encode(w, span_of(p->proof.hash[i], MERKLE_HASH_LEN));
		writer_put_u8(w, '\n');
	}
	writer_put_u8(w, '\n');
	writer_put_span(w, p->checkpoint);
}

int tlog_proof_check(const struct tlog_proof *p, struct span entry,
        const struct note_key *key, const struct sigcheck *sigs)
{
	struct note n;
	struct checkpoint c;
	uint8_t leaf[MERKLE_HASH_LEN];

	int rc = note_decode(p->checkpoint, &n);
	if (rc)
		return rc;
	rc = note_check(&n, key, sigs);
	if (rc)
		return rc;
	rc = checkpoint_decode(n.text, &c);
	if (rc)
		return rc;
	if (!span_equal(c.origin, key->name))
		return HUFU_ERR_PROOF; /* signed, but for another log */
	merkle_leaf(entry, leaf);
	return merkle_check_inclusion(
	        &p->proof, p->index, c.size, leaf, c.root);
}
