#include "host/issue/hand_over.h"

#include <string.h>

#include "crypto/core/cbor.h"
#include "host/base/number.h"
#include "host/person/id_number.h"
#include "host/store/sealed.h"

enum {
	SEALED_MAX = HAND_OVER_SIGNATURE_MAX + PERSON_NAME_MAX +
	             PERSON_ID_NUMBER_LEN + 16,
	TEXTS = 3,
};

enum { ADD, LOAD, STATEMENTS };

static const char *const sql[] = {
        [ADD] = "INSERT INTO hand_over (card, collector, signed, staff, at,"
                " sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [LOAD] = "SELECT collector, signed, staff, at, sealed FROM hand_over"
                 " WHERE card = ?1",
};
static const struct statements statements = {"hand_over", sql, STATEMENTS};

const char *hand_over_ground(enum hand_over_collector collector)
{
	switch (collector) {
	case HAND_OVER_HOLDER:
		return "to-holder";
	case HAND_OVER_GUARDIAN:
		return "to-guardian";
	case HAND_OVER_AGENT:
		return "to-agent";
	}
	return NULL;
}

/* ---- the signature ---- */

struct extent {
	int64_t min[2], max[2];
	size_t points;
};

static bool take_number(const char **text, int64_t *ret)
{
	const struct number_range range = {0, HAND_OVER_COORDINATE_MAX};
	size_t len = strspn(*text, "0123456789");

	if (number_parse(*text, len, range, ret) != 0)
		return false;
	*text += len;
	return true;
}

static bool take_point(const char **text, struct extent *e)
{
	int64_t at[2];

	if (!take_number(text, &at[0]) || *(*text)++ != ',' ||
	        !take_number(text, &at[1]))
		return false;
	for (int i = 0; i < 2; i++) {
		if (e->points == 0 || at[i] < e->min[i])
			e->min[i] = at[i];
		if (e->points == 0 || at[i] > e->max[i])
			e->max[i] = at[i];
	}
	e->points++;
	return true;
}

static bool is_signature(const char *text)
{
	struct extent e = {.points = 0};

	if (!text || strnlen(text, HAND_OVER_SIGNATURE_MAX + 1) >
	                     HAND_OVER_SIGNATURE_MAX)
		return false;
	while (take_point(&text, &e)) {
		if (*text == '\0')
			return e.points >= HAND_OVER_POINTS_MIN &&
			       e.max[0] - e.min[0] + e.max[1] - e.min[1] >=
			               HAND_OVER_EXTENT_MIN;
		if (*text != ' ' && *text != ';')
			return false;
		text++;
	}
	return false;
}

/* ---- who it is ---- */

static int check_holder(struct store_tx *tx, int64_t person,
        const struct hand_over *h, struct date today, struct problem *p)
{
	char number[PERSON_ID_NUMBER_LEN + 1];
	struct date born;
	enum person_sex sex;
	int64_t found = 0;

	if (!h->id_number ||
	        id_number_parse(h->id_number, today, number, &born, &sex) != 0)
		return problem_set(p, HUFU_ERR_ARGUMENT, "id-number-wrong",
		        "持证人的公民身份号码缺少或校验不符，请照身份证重新"
		        "输入。",
		        "The holder's ID number is missing or mistyped; type "
		        "it again from the ID card.");
	int rc = person_find(tx, number, &found);
	bytes_wipe(number, sizeof(number));
	if (rc == 0 && found == person)
		return 0;
	if (rc < 0 && rc != HUFU_ERR_NOT_FOUND)
		return rc;
	return problem_set(p, HUFU_ERR_DENIED, "holder-differs",
	        "身份证上的号码不是这张卡持证人的：不要发放，请核对是否拿错卡"
	        "或来的不是本人。",
	        "The ID card is not the holder's: do not hand over; check for "
	        "a wrong card or a wrong person.");
}

static int check_collector(
        const struct hand_over *h, struct date today, struct problem *p)
{
	char number[PERSON_ID_NUMBER_LEN + 1], holder[sizeof(number)];
	struct date born;
	enum person_sex sex;

	if (h->collector == HAND_OVER_HOLDER)
		return 0;
	if (!h->name || !h->name[0] ||
	        strnlen(h->name, PERSON_NAME_MAX + 1) > PERSON_NAME_MAX)
		return problem_set(p, HUFU_ERR_ARGUMENT, "collector-unnamed",
		        "请写明代领人（监护人）的姓名。",
		        "Give the name of the agent or guardian.");
	if (!h->collector_id || id_number_parse(h->collector_id, today, number,
	                                &born, &sex) != 0)
		return problem_set(p, HUFU_ERR_ARGUMENT, "collector-id-wrong",
		        "代领人（监护人）的公民身份号码缺少或校验不符，请照其"
		        "身份证重新输入。",
		        "The agent's or guardian's ID number is missing or "
		        "mistyped; type it again from their ID card.");
	bool same = id_number_parse(h->id_number, today, holder, &born, &sex) ==
	                    0 &&
	            strcmp(number, holder) == 0;
	bytes_wipe(number, sizeof(number));
	bytes_wipe(holder, sizeof(holder));
	if (!same)
		return 0;
	return problem_set(p, HUFU_ERR_ARGUMENT, "collector-is-holder",
	        "代领人与持证人是同一人：请改选“本人领取”。",
	        "Agent and holder are the same person: choose that the holder "
	        "collects it.");
}

static int check_signed(const struct hand_over *h, struct problem *p)
{
	if (h->how == HAND_OVER_ON_PAPER)
		return 0;
	if (h->how == HAND_OVER_DRAWN && is_signature(h->signature))
		return 0;
	return problem_set(p, HUFU_ERR_ARGUMENT, "hand-over-unsigned",
	        "领取人还没有签名：请在页面上签全名，或在纸质登记表上签字后选"
	        "“已在纸上签字”。",
	        "Nobody has signed for the card: sign on the page, or on the "
	        "paper register and choose \"signed on paper\".");
}

int hand_over_check(struct store_tx *tx, int64_t person,
        const struct hand_over *h, struct date today,
        struct problem *ret_problem)
{
	if (!h || !hand_over_ground(h->collector))
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT,
		        "collector-missing",
		        "请选择由谁领取：本人、监护人或代办人，并核对其身份"
		        "证。",
		        "Say who collects the card: holder, guardian or agent, "
		        "and check their ID card.");
	int rc = check_holder(tx, person, h, today, ret_problem);
	if (rc == 0)
		rc = check_collector(h, today, ret_problem);
	if (rc == 0)
		rc = check_signed(h, ret_problem);
	return rc;
}

/* ---- keeping it ---- */

static void put_text(struct writer *w, const char *text, bool given)
{
	cbor_put_text(w, span_of_text(given && text ? text : ""));
}

int hand_over_keep(struct store_tx *tx, const struct hand_over_at *at,
        const struct hand_over *h)
{
	const struct sealed_at where = {"hand_over", "sealed", at->card};
	bool other = h->collector != HAND_OVER_HOLDER;
	uint8_t plain[SEALED_MAX];
	struct writer w;

	writer_init(&w, plain, sizeof(plain));
	cbor_put_array(&w, TEXTS);
	put_text(&w, h->name, other);
	put_text(&w, h->collector_id, other);
	put_text(&w, h->signature, h->how == HAND_OVER_DRAWN);
	if (w.error < 0)
		return w.error;
	struct query *q = query_begin(tx, &statements, ADD);
	query_bind_int(q, 1, at->card);
	query_bind_int(q, 2, h->collector);
	query_bind_int(q, 3, h->how);
	query_bind_int(q, 4, at->staff);
	query_bind_int(q, 5, at->at_s);
	sealed_bind(q, 6, &where, writer_span(&w));
	bytes_wipe(plain, sizeof(plain));
	return query_run(q);
}

static int take_text(struct reader *r, char *ret, size_t size)
{
	struct span text = cbor_get_text(r);

	if (r->error || text.len >= size)
		return HUFU_ERR_CORRUPT;
	memcpy(ret, text.data, text.len);
	ret[text.len] = '\0';
	return 0;
}

static int take_texts(struct span in, struct hand_over_record *ret)
{
	struct reader r;

	if (cbor_check(in, CBOR_ANY) < 0)
		return HUFU_ERR_CORRUPT;
	reader_init(&r, in);
	if (cbor_get_array(&r) != TEXTS)
		return HUFU_ERR_CORRUPT;
	int rc = take_text(&r, ret->name, sizeof(ret->name));
	if (rc == 0)
		rc = take_text(
		        &r, ret->collector_id, sizeof(ret->collector_id));
	if (rc == 0)
		rc = take_text(&r, ret->signature, sizeof(ret->signature));
	return rc;
}

static int take_row(struct query *q, int64_t card, struct hand_over_record *ret)
{
	const struct sealed_at where = {"hand_over", "sealed", card};
	uint8_t plain[SEALED_MAX];
	struct writer w;

	*ret = (struct hand_over_record){
	        .collector = (enum hand_over_collector)query_int(q, 0),
	        .how = (enum hand_over_signed)query_int(q, 1),
	        .staff = query_int(q, 2),
	        .at_s = query_int(q, 3),
	};
	if (query_is_null(q, 4))
		return 0; /* erased */
	writer_init(&w, plain, sizeof(plain));
	int rc = sealed_get(q, 4, &where, &w);
	if (rc == 0)
		rc = take_texts(writer_span(&w), ret);
	bytes_wipe(plain, sizeof(plain));
	return rc;
}

int hand_over_read(
        struct store_tx *tx, int64_t card, struct hand_over_record *ret)
{
	struct query *q = query_begin(tx, &statements, LOAD);

	query_bind_int(q, 1, card);
	int rc = query_step(q);
	int taken = rc == STORE_ROW ? take_row(q, card, ret) : 0;
	int end = query_end_one(q, rc);
	return end < 0 ? end : taken;
}
