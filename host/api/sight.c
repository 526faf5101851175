#include "host/api/sight.h"

#include "host/api/routes.h"
#include "host/issue/card_unrecorded.h"
#include "host/issue/job.h"
#include "host/issue/refusal.h"
#include "host/person/person.h"

/* HUFU_ERR_NOT_FOUND when no role for this call reaches the area. */
static int see(
        struct store_tx *tx, const struct api_call *call, const char *area)
{
	int r = staff_check_any(
	        tx, call->staff.id, call->route->roles, area, NULL);
	return r == HUFU_ERR_DENIED ? HUFU_ERR_NOT_FOUND : r;
}

int sight_application(struct store_tx *tx, struct api_call *call, int64_t id,
        struct application *ret)
{
	struct application found;
	int r = application_read(tx, id, &found);
	if (r == HUFU_OK)
		r = see(tx, call, found.area);
	if (r == HUFU_ERR_NOT_FOUND)
		return refusal_no_application(&call->problem);
	if (r == HUFU_OK)
		*ret = found;
	return r;
}

int sight_card(struct store_tx *tx, struct api_call *call, int found,
        const struct card_record *card)
{
	struct application application;
	int r = found ? found : see(tx, call, card->area);
	if (found == HUFU_OK && r == HUFU_ERR_NOT_FOUND) {
		r = application_read(tx, card->application, &application);
		if (r == HUFU_OK)
			r = see(tx, call, application.delivery_area);
	}
	return r == HUFU_ERR_NOT_FOUND ? refusal_no_card(&call->problem) : r;
}

int sight_parcel(struct store_tx *tx, struct api_call *call, int64_t id,
        struct parcel *ret)
{
	struct parcel found;
	int r = parcel_read(tx, id, &found);
	if (r == HUFU_OK) {
		r = see(tx, call, found.area);
		if (r == HUFU_ERR_NOT_FOUND)
			r = see(tx, call, found.destination);
	}
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&call->problem, r, "no-parcel",
		        "没有这个包裹，请核对编号。",
		        "There is no such parcel; check its number.");
	if (r == HUFU_OK)
		*ret = found;
	return r;
}

int sight_check_parcel(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	struct parcel parcel;
	return sight_parcel(tx, call, call->id, &parcel);
}

int sight_check_application(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	struct application application;
	return sight_application(tx, call, call->id, &application);
}

int sight_check_job(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	const struct job_filter filter = {.after = call->id - 1};
	struct application application;
	struct job job;
	size_t count = 0;
	int r = job_list(tx, &filter, &job, 1, &count);
	if (r == HUFU_OK && (count == 0 || job.id != call->id))
		r = HUFU_ERR_NOT_FOUND;
	if (r == HUFU_OK)
		r = application_read(tx, job.application, &application);
	if (r == HUFU_OK)
		r = see(tx, call, application.area);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&call->problem, r, "no-job",
		        "没有这个制卡任务，请核对编号。",
		        "There is no such job; check its number.");
	return r;
}

struct unrecorded_look {
	struct api_call *call;
	uint32_t list, index;
};

static int look_at_unrecorded(struct store_tx *tx, void *arg)
{
	const struct unrecorded_look *look = arg;
	struct card_unrecorded card;
	int r = card_unrecorded_find(tx, look->list, look->index, &card);
	if (r == HUFU_OK)
		r = see(tx, look->call, card.area);
	if (r == HUFU_ERR_NOT_FOUND)
		return refusal_no_card(&look->call->problem);
	return r;
}

int sight_check_unrecorded(struct api_call *call, uint32_t list, uint32_t index)
{
	struct unrecorded_look look = {call, list, index};
	return store_read(call->services->store, look_at_unrecorded, &look);
}

/* Some application of theirs lies in reach. */
static int see_any_of(
        struct store_tx *tx, const struct api_call *call, int64_t person)
{
	char areas[APPLICATION_AREAS_MAX][AREA_CODE_MAX + 1];
	size_t count = 0;
	int r = application_list_areas(tx, person, areas, &count);
	for (size_t i = 0; r == HUFU_OK && i < count; i++) {
		r = see(tx, call, areas[i]);
		if (r != HUFU_ERR_NOT_FOUND)
			return r;
		r = HUFU_OK;
	}
	return r ? r : HUFU_ERR_NOT_FOUND;
}

int sight_person(struct store_tx *tx, struct api_call *call, int64_t id)
{
	struct eligibility_person person;
	int r = person_load_facts(tx, id, &person);
	if (r == HUFU_OK)
		r = see(tx, call, person.residence);
	if (r == HUFU_ERR_NOT_FOUND)
		r = see_any_of(tx, call, id);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&call->problem, r, "no-such-person",
		        "本辖区的登记册中没有此人，请核对编号。",
		        "The registry of your area has no such person; check "
		        "the number.");
	return r;
}
