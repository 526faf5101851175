/* job.h, by the book: compare-and-set on the fencing number. */
#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/status_publish.h"
#include "world.h"

int job_open_station(struct issue *issue, const char *name, const char *area,
        int64_t operator_staff, int64_t *ret_station,
        struct problem *ret_problem)
{
	(void)issue;
	(void)name;
	(void)area;
	(void)operator_staff;
	(void)ret_problem;
	world->leased = false;
	*ret_station = 7;
	return 0;
}

static void fill(struct job_lease *l)
{
	memset(l, 0, sizeof *l);
	l->job = 1;
	l->station = 7;
	l->fencing = world->fencing;
	l->state = world->state;
	l->card = world->card;
	l->round = world->round;
	l->attempts = world->attempts;
	memcpy(l->key, world->key, sizeof l->key);
	if (world->state != JOB_WAITING)
		memcpy(l->serial, world->serial, sizeof l->serial);
	l->reserved_index = world->reserved_index;
	l->signed_index = world->signed_index;
}

int job_claim(struct issue *issue, int64_t station, struct job_lease *ret,
        struct problem *ret_problem)
{
	(void)issue;
	(void)station;
	(void)ret_problem;
	if (world->leased || world->state == JOB_ISSUED ||
	        world->state == JOB_CLOSED)
		return JOB_NONE;
	world->leased = true;
	world->fencing++;
	world->attempts++;
	fill(ret);
	return 0;
}

static bool is_stale(const struct job_lease *l)
{
	return !world->leased || l->fencing != world->fencing ||
	       l->state != world->state;
}

int job_heartbeat(struct issue *issue, const struct job_lease *lease)
{
	(void)issue;
	(void)lease;
	world->heartbeats++;
	return world->heartbeat_answer;
}

static struct world_blank *find(const uint8_t serial[CARD_SERIAL_LEN])
{
	for (size_t i = 0; i < WORLD_BLANKS; i++)
		if (memcmp(world->blanks[i].serial, serial, CARD_SERIAL_LEN) ==
		        0)
			return &world->blanks[i];
	return NULL;
}

static uint64_t append(enum log_type type, const uint8_t binding[32])
{
	struct world_entry *e = &world->entries[world->entry_count];
	struct log_entry entry = {.type = type, .time_s = 1};
	struct writer w;
	if (binding) {
		entry.present = LOG_HAS(LOG_BINDING);
		memcpy(entry.binding, binding, sizeof entry.binding);
	}
	writer_init(&w, e->bytes, sizeof e->bytes);
	log_entry_encode(&w, &entry);
	e->len = w.len;
	return world->entry_count++;
}

static void put_fact(enum job_fact fact, struct span value)
{
	world->facts[fact].len = value.len;
	memcpy(world->facts[fact].data, value.data, value.len);
}

int job_reserve(struct issue *issue, struct job_lease *lease,
        const uint8_t serial[CARD_SERIAL_LEN], struct problem *ret_problem)
{
	uint8_t salt[LOG_SALT_LEN], binding[LOG_HASH_LEN];
	(void)issue;
	if (is_stale(lease))
		return JOB_STALE;
	if (world->reserve_answer) {
		if (world->reserve_answer == JOB_INELIGIBLE) {
			world->state = JOB_CLOSED;
			world->leased = false;
		}
		return problem_set(
		        ret_problem, world->reserve_answer, "no", "不行", "no");
	}
	struct world_blank *b = find(serial);
	if (!b || b->state != BLANK_IN_STOCK)
		return JOB_FOREIGN_BLANK;
	b->state = BLANK_RESERVED;
	memcpy(world->serial, serial, CARD_SERIAL_LEN);
	memset(world->facts, 0, sizeof world->facts);
	memset(salt, (int)world->round, sizeof salt);
	log_bind_reserved(salt, span_of(serial, CARD_SERIAL_LEN), binding);
	world->reserved_index = append(LOG_RESERVED, binding);
	put_fact(JOB_FACT_RESERVED_SALT, span_of(salt, sizeof salt));
	world->published = false;
	world->card = world->round;
	world->state = JOB_RESERVED;
	fill(lease);
	return 0;
}

static void log_signed(void)
{
	uint8_t salt[LOG_SALT_LEN], binding[LOG_HASH_LEN];
	const struct world_fact *qr = &world->facts[JOB_FACT_QR_TBS];
	const struct world_fact *chip = &world->facts[JOB_FACT_CHIP_TBS];
	memset(salt, 0x40 + (int)world->round, sizeof salt);
	log_bind_signed(salt, span_of(qr->data, qr->len),
	        span_of(chip->data, chip->len), binding);
	world->signed_index = append(LOG_SIGNED, binding);
	world->signed_once = false;
	put_fact(JOB_FACT_SIGNED_SALT, span_of(salt, sizeof salt));
}

int job_advance(struct issue *issue, struct job_lease *lease,
        const struct job_step *step, struct problem *ret_problem)
{
	(void)issue;
	if (is_stale(lease))
		return JOB_STALE;
	if (step->to != world->state + 1)
		return HUFU_ERR_STATE;
	if (world->advance_answer && world->advance_answer_at == step->to)
		return problem_set(
		        ret_problem, world->advance_answer, "no", "不行", "no");
	for (size_t i = 0; i < step->facts_count; i++)
		put_fact(step->facts[i].fact, step->facts[i].value);
	if (step->to == JOB_LOGGED)
		log_signed();
	if (step->to == JOB_ISSUED) {
		find(world->serial)->state = BLANK_ISSUED;
		world->leased = false;
	}
	world->state = step->to;
	fill(lease);
	return 0;
}

int job_write_fact(struct issue *issue, const struct job_lease *lease,
        enum job_fact fact, struct span value)
{
	(void)issue;
	if (is_stale(lease))
		return JOB_STALE;
	put_fact(fact, value);
	return 0;
}

int job_read_fact(struct issue *issue, const struct job_lease *lease,
        enum job_fact fact, struct writer *ret)
{
	(void)issue;
	if (is_stale(lease))
		return JOB_STALE;
	if (world->facts[fact].len == 0)
		return HUFU_ERR_NOT_FOUND;
	writer_put(ret, world->facts[fact].data, world->facts[fact].len);
	return ret->error;
}

int job_read_subject(struct issue *issue, const struct job_lease *lease,
        struct job_subject *ret)
{
	(void)issue;
	if (is_stale(lease))
		return JOB_STALE;
	memset(ret, 0, sizeof *ret);
	memcpy(ret->card_number, "32010212600000017", 17);
	ret->kind = 1;
	ret->benefit_classes = 5;
	ret->identity_classes = 1u << 2 | 1u << 9;
	ret->status_list = 1;
	ret->status_index = 4711 + (uint32_t)world->round;
	ret->issued_at_s = clock_start_of(clock_today());
	ret->expires_at_s = 4102416000;
	memcpy(ret->valid_from, "2026-02-02", 10);
	memcpy(ret->valid_to, "2099-12-31", 10);
	memcpy(ret->area, "320102", 6);
	snprintf(ret->authority, sizeof ret->authority, "测试区退役军人事务局");
	snprintf(ret->name, sizeof ret->name, "测试员〇一");
	ret->sex = 1;
	memcpy(ret->can, "123456", 6);
	ret->portrait_len = 9000;
	memset(ret->portrait, 0xA5, ret->portrait_len);
	ret->service_count = 2;
	snprintf(ret->service[0].key, sizeof ret->service[0].key, "enlisted");
	snprintf(ret->service[0].value, sizeof ret->service[0].value, "1990");
	snprintf(ret->service[1].key, sizeof ret->service[1].key, "arm");
	snprintf(ret->service[1].value, sizeof ret->service[1].value, "陆军");
	return 0;
}

int job_spoil(struct issue *issue, const struct job_lease *lease,
        const char *ground, struct problem *ret_problem)
{
	(void)issue;
	(void)ret_problem;
	if (is_stale(lease))
		return JOB_STALE;
	find(world->serial)->state = BLANK_SPOILED;
	snprintf(world->ground, sizeof world->ground, "%s", ground);
	world->spoiled++;
	world->round++;
	world->key[0]++;
	world->attempts = 0;
	world->state = JOB_WAITING;
	world->leased = false;
	return 0;
}

int job_release(struct issue *issue, const struct job_lease *lease,
        struct problem *ret_problem)
{
	(void)issue;
	(void)ret_problem;
	if (is_stale(lease))
		return JOB_STALE;
	if (world->state > JOB_RESERVED)
		return HUFU_ERR_STATE;
	if (world->state == JOB_RESERVED)
		find(world->serial)->state = BLANK_IN_STOCK;
	world->released++;
	world->attempts--;
	world->state = JOB_WAITING;
	world->leased = false;
	return 0;
}

int job_defer(struct issue *issue, const struct job_lease *lease,
        const char *ground, struct problem *ret_problem)
{
	(void)issue;
	(void)ret_problem;
	if (is_stale(lease))
		return JOB_STALE;
	snprintf(world->ground, sizeof world->ground, "%s", ground);
	world->deferred++;
	world->leased = false;
	return 0;
}

int job_list(struct store_tx *tx, const struct job_filter *filter,
        struct job *ret, size_t cap, size_t *ret_count)
{
	(void)tx;
	(void)filter;
	(void)ret;
	(void)cap;
	*ret_count = 0;
	return 0;
}

int store_read(struct store *store, store_work work, void *arg)
{
	(void)store;
	return work(NULL, arg);
}

int64_t issue_now_s(const struct issue *issue)
{
	(void)issue;
	return 1769990400;
}

int status_publish_wait_index(struct status_publish *publish, uint32_t index,
        unsigned timeout_ms, struct problem *ret_problem)
{
	(void)publish;
	(void)index;
	(void)timeout_ms;
	(void)ret_problem;
	if (world->publish_answer)
		return world->publish_answer;
	world->published = true;
	return 0;
}
