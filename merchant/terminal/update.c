#include "merchant/terminal/update.h"

#include "crypto/core/mem.h"

void update_init(struct update *u, struct store *store)
{
	memset(u, 0, sizeof *u);
	u->store = store;
}

static struct slot_pair *pair_of(const struct update *u)
{
	return u->kind == UPDATE_TRUST ? &u->store->trust_slots
	                               : &u->store->lists[u->list].slots;
}

static uint32_t whole_sectors(uint32_t len)
{
	return (len + FLASH_SECTOR - 1) / FLASH_SECTOR * FLASH_SECTOR;
}

/* From the spare slot's start. A delta waits at the end, out of the way of
 * the list that it becomes. */
static uint32_t file_place(const struct update *u)
{
	switch (u->kind) {
	case UPDATE_TRUST:
		return STORE_TRUST_FILE_AT;
	case UPDATE_SNAPSHOT:
		return STORE_STATUS_FILE_AT;
	default:
		return pair_of(u)->len - whole_sectors(u->len);
	}
}

static uint32_t file_max(const struct update *u)
{
	return u->kind == UPDATE_TRUST ? STORE_TRUST_FILE_MAX
	                               : pair_of(u)->len - STORE_STATUS_FILE_AT;
}

/* Whether there is anything that a file of this kind could stand on. */
static bool has_ground(const struct update *u)
{
	const struct store *s = u->store;
	switch (u->kind) {
	case UPDATE_TRUST:
		return s->has_root;
	case UPDATE_SNAPSHOT:
		return s->has_trust;
	default:
		return s->lists[u->list].believed;
	}
}

int update_begin(
        struct update *u, enum update_kind kind, unsigned list, uint32_t len)
{
	if (u->phase > UPDATE_RECEIVING)
		return HUFU_ERR_BUSY;
	if (list >= STORE_LISTS)
		return HUFU_ERR_ARGUMENT;
	u->phase = UPDATE_IDLE;
	u->kind = kind;
	u->list = list;
	u->len = len;
	u->got = 0;
	u->head = (struct slot_head){0};
	if (len == 0 || len > file_max(u))
		return HUFU_ERR_LIMIT;
	if (!has_ground(u))
		return HUFU_ERR_STATE;
	int rc = slot_prepare(pair_of(u));
	if (rc)
		return rc;
	slot_spare_area(pair_of(u), file_place(u), &u->area);
	u->file_at = u->area.at;
	u->phase = UPDATE_RECEIVING;
	return HUFU_OK;
}

int update_put(struct update *u, uint32_t offset, struct span bytes)
{
	struct reader r;
	if (u->phase != UPDATE_RECEIVING)
		return HUFU_ERR_STATE;
	if (offset > u->got || bytes.len > u->len - offset)
		return HUFU_ERR_ARGUMENT;
	if (offset + bytes.len <= u->got)
		return HUFU_OK; /* sent again: our answer was lost */
	reader_init(&r, bytes);
	(void)reader_get_span(&r, u->got - offset);
	struct span rest = reader_get_span(&r, reader_left(&r));
	area_put(&u->area, rest);
	if (u->area.error) {
		u->phase = UPDATE_IDLE;
		return u->area.error;
	}
	u->got += (uint32_t)rest.len;
	return HUFU_OK;
}

int update_commit(struct update *u)
{
	if (u->phase != UPDATE_RECEIVING)
		return HUFU_ERR_STATE;
	if (u->got != u->len)
		return HUFU_ERR_TRUNCATED;
	u->phase = UPDATE_CHECKING;
	return HUFU_OK;
}

/* Whatever was begun in memory is read again from what stands in flash. */
static int finish(struct update *u, int rc)
{
	struct store *s = u->store;
	u->phase = UPDATE_IDLE;
	if (u->kind == UPDATE_TRUST)
		store_load_trust(s);
	else
		store_load_list(s, u->list);
	store_believe_lists(s); /* keys may have come or gone */
	if (rc)
		return rc;
	return floor_raise(&s->floor, store_newest_s(s));
}

int update_step(struct update *u)
{
	int rc = u->kind == UPDATE_TRUST ? update_trust_step(u)
	                                 : update_status_step(u);
	return rc == UPDATE_MORE ? rc : finish(u, rc);
}

int update_root(struct update *u, const struct cose_key *root)
{
	struct store *s = u->store;
	struct slot_head head = {.parts = {{SLOT_DATA_AT, 0}, {SLOT_DATA_AT, 0},
	                                 {SLOT_DATA_AT, 0}}};
	if (s->trust_slots.current != SLOT_NONE)
		return HUFU_ERR_STATE;
	store_put_root(root, &head);
	int rc = slot_prepare(&s->trust_slots);
	if (!rc)
		rc = slot_commit(&s->trust_slots, &head);
	if (!rc)
		store_load_trust(s);
	return rc;
}
