#include "host/person/person_row.h"

#include <stdio.h>
#include <string.h>

#include "crypto/core/cbor.h"

enum {
	SERVICE_MAX =
	        16 + PERSON_FACTS_MAX *
	                     (PERSON_FACT_KEY_MAX + PERSON_FACT_VALUE_MAX + 8),
	CONTENT_MAX = SERVICE_MAX + PERSON_NAME_MAX + PERSON_ADDRESS_MAX +
	              POLICY_GROUNDS_MAX * 16 + 256,
};

static void put_text(struct writer *w, const char *text)
{
	cbor_put_text(w, span_of_text(text));
}

static void put_service(struct writer *w, const struct person *p)
{
	cbor_put_map(w, p->service_count);
	for (size_t i = 0; i < p->service_count; i++) {
		put_text(w, p->service[i].key);
		put_text(w, p->service[i].value);
	}
}

static void bind_text(struct query *q, int at, const struct sealed_at *where,
        const char *text)
{
	if (*text)
		sealed_bind(q, at, where, span_of_text(text));
	else
		query_bind_null(q, at);
}

void person_row_bind(
        struct query *q, int at, int64_t id, const struct person *p)
{
	static const char *const columns[] = {"sealed_id_number", "sealed_name",
	        "sealed_born", "sealed_phone", "sealed_address"};
	char born[DATE_TEXT_LEN + 1];
	const char *texts[] = {
	        p->id_number, p->name, born, p->phone, p->address};
	struct sealed_at service = {PERSON_TABLE, "sealed_service", id};
	uint8_t buf[SERVICE_MAX];
	struct writer w;

	date_format(p->facts.born, born);
	for (int i = 0; i < 5; i++) {
		struct sealed_at where = {PERSON_TABLE, columns[i], id};
		bind_text(q, at + i, &where, texts[i]);
	}
	writer_init(&w, buf, sizeof buf);
	put_service(&w, p);
	if (p->service_count > 0)
		sealed_bind(q, at + 5, &service, writer_span(&w));
	else
		query_bind_null(q, at + 5);
}

static int take_service(struct span in, struct person *p)
{
	struct reader r;
	size_t left, n = 0;
	int e = cbor_check(in, CBOR_ANY);

	if (e < 0)
		return HUFU_ERR_CORRUPT;
	reader_init(&r, in);
	for (left = cbor_get_map(&r); cbor_next(&r, &left); n++) {
		struct span key = cbor_get_text(&r);
		struct span value = cbor_get_text(&r);

		if (r.error || n == PERSON_FACTS_MAX ||
		        key.len > PERSON_FACT_KEY_MAX ||
		        value.len > PERSON_FACT_VALUE_MAX)
			return HUFU_ERR_CORRUPT;
		memcpy(p->service[n].key, key.data, key.len);
		memcpy(p->service[n].value, value.data, value.len);
	}
	p->service_count = n;
	return reader_done(&r) < 0 ? HUFU_ERR_CORRUPT : 0;
}

int person_row_take(struct query *q, int column, struct person *p)
{
	struct {
		const char *name;
		char *to;
		size_t size;
	} texts[] = {
	        {"sealed_name", p->name, sizeof p->name},
	        {"sealed_id_number", p->id_number, sizeof p->id_number},
	        {"sealed_phone", p->phone, sizeof p->phone},
	        {"sealed_address", p->address, sizeof p->address},
	};
	struct sealed_at service = {PERSON_TABLE, "sealed_service", p->id};
	uint8_t buf[SERVICE_MAX];
	struct writer w;
	int r = 0;

	for (int i = 0; i < 4 && r == 0; i++) {
		struct sealed_at at = {PERSON_TABLE, texts[i].name, p->id};
		r = sealed_get_text(
		        q, column + i, &at, texts[i].to, texts[i].size);
	}
	if (r < 0 || query_is_null(q, column + 4))
		return r;
	writer_init(&w, buf, sizeof buf);
	r = sealed_get(q, column + 4, &service, &w);
	if (r == 0)
		r = take_service(writer_span(&w), p);
	bytes_wipe(buf, sizeof buf);
	return r;
}

int person_row_hash(struct store_tx *tx, const char *purpose,
        const struct person *p, uint8_t ret[SEALED_INDEX_LEN])
{
	uint8_t buf[CONTENT_MAX];
	char day[DATE_TEXT_LEN + 1];
	struct writer w;
	int r;

	writer_init(&w, buf, sizeof buf);
	put_text(&w, p->name);
	put_text(&w, p->id_number);
	put_text(&w, p->phone);
	put_text(&w, p->address);
	date_format(p->facts.born, day);
	put_text(&w, day);
	put_text(&w, p->facts.residence);
	cbor_put_uint(&w, p->sex);
	cbor_put_uint(&w, p->ethnicity);
	cbor_put_uint(&w, p->facts.classes);
	cbor_put_bool(&w, p->facts.registered);
	cbor_put_bool(&w, p->facts.chinese_household);
	cbor_put_bool(&w, p->facts.dead);
	put_service(&w, p);
	for (int n = 1; n < POLICY_GROUNDS_MAX; n++) {
		if (!(p->facts.grounds >> n & 1U))
			continue;
		date_format(p->facts.ground_ended[n], day);
		cbor_put_uint(&w, (uint64_t)n);
		put_text(&w, day);
	}
	r = w.error;
	if (r == 0)
		r = sealed_index(tx, purpose, writer_span(&w), ret);
	bytes_wipe(buf, sizeof buf);
	return r;
}
