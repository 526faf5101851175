#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/policy/policy.h"

static json_t *label_json(unsigned number, const struct policy_label *label)
{
	return json_pack("{s:i, s:s, s:s, s:s}", "number", (int)number, "word",
	        label->word, "zh", label->zh, "en", label->en);
}

static json_t *materials_of(const struct policy *p, uint32_t bits)
{
	json_t *list = json_array();
	for (unsigned i = 1; i < POLICY_MATERIALS_MAX; i++)
		if (bits & 1u << i && p->material[i].present)
			json_array_append_new(
			        list, json_string(p->material[i].label.word));
	return list;
}

static json_t *kinds_json(const struct policy *p)
{
	json_t *list = json_array();
	for (unsigned i = 1; i <= POLICY_KINDS_MAX; i++) {
		const struct policy_kind *kind = &p->kind[i];
		if (!kind->present)
			continue;
		json_t *json = label_json(i, &kind->label);
		json_object_set_new(
		        json, "materials", materials_of(p, kind->materials));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *materials_json(const struct policy *p)
{
	json_t *list = json_array();
	for (unsigned i = 1; i < POLICY_MATERIALS_MAX; i++)
		if (p->material[i].present)
			json_array_append_new(
			        list, label_json(i, &p->material[i].label));
	return list;
}

static json_t *grounds_json(const struct policy *p)
{
	json_t *list = json_array();
	for (unsigned i = 1; i < POLICY_GROUNDS_MAX; i++)
		if (p->ground[i].present)
			json_array_append_new(
			        list, label_json(i, &p->ground[i].label));
	return list;
}

static json_t *steps_json(const struct policy *p)
{
	json_t *list = json_array();
	for (unsigned i = 0; i < p->step_count; i++) {
		const struct policy_step *step = &p->step[i];
		json_t *json = label_json(i + 1, &step->label);
		json_object_set_new(json, "role",
		        json_string(
		                staff_role_word((enum staff_role)step->role)));
		json_object_set_new(
		        json, "working_days", json_integer(step->working_days));
		json_array_append_new(list, json);
	}
	return list;
}

int api_show_policy(struct api_call *call)
{
	const struct policy *p =
	        policy_book_at(call->services->policies, clock_today());
	if (!p)
		return problem_set(&call->problem, HUFU_ERR_STATE, "no-policy",
		        "今天还没有生效的政策文件。",
		        "No policy is in force today.");
	call->reply = json_pack("{s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:i}",
	        "version", p->version, "kinds", kinds_json(p), "materials",
	        materials_json(p), "grounds", grounds_json(p), "steps",
	        steps_json(p), "home_visit_age", (int)p->home_visit_age,
	        "guardian_age", (int)p->guardian_age, "temporary_loss_days",
	        (int)p->temporary_loss_days);
	return call->reply ? HUFU_OK : HUFU_ERR_MEMORY;
}
