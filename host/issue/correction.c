#include "host/issue/correction.h"

#include "host/issue/case_row.h"
#include "host/issue/returned.h"

static int refuse_field(struct problem *p)
{
	return problem_set(p, HUFU_ERR_ARGUMENT, "correction-field",
	        "只能更正卡种、材料、照片或其他说明，请选择一项并填写新内容。",
	        "Correct one of kind, materials, photo or other, and give "
	        "what it is to be.");
}

/* A case that came back without naming fields may be corrected in any. */
static int check_asked(const struct returned *asked,
        const struct returned *given, struct problem *p)
{
	if (returned_is_empty(given))
		return refuse_field(p);
	for (int f = 0; f < RETURNED_FIELDS; f++) {
		if (returned_is_empty(asked) ||
		        asked->named[f] == given->named[f])
			continue;
		if (given->named[f])
			return problem_set(p, HUFU_ERR_ARGUMENT,
			        "field-not-returned",
			        "退回时没有要求更正“%s”，请只更正要求的内容。",
			        "\"%s\" was not returned for correction; "
			        "correct only what was asked for.",
			        returned_word((enum returned_field)f));
		return problem_set(p, HUFU_ERR_ARGUMENT, "field-left-out",
		        "“%s”也要更正，请一并办理。",
		        "\"%s\" is to be corrected as well; do all at once.",
		        returned_word((enum returned_field)f));
	}
	return 0;
}

int correction_make(struct store_tx *tx, const struct application_act *act,
        int64_t at_s, struct application *now, struct problem *ret_problem)
{
	struct returned asked, given;

	if (returned_parse(act->field, &given) < 0 ||
	        returned_parse(now->last_field, &asked) < 0)
		return refuse_field(ret_problem);
	int rc = check_asked(&asked, &given, ret_problem);
	if (rc < 0)
		return rc;
	if (given.named[RETURNED_KIND]) {
		if (act->kind < 1 || act->kind > POLICY_KINDS_MAX)
			return refuse_field(ret_problem);
		now->kind = act->kind;
	}
	if (given.named[RETURNED_MATERIALS])
		now->materials = act->materials;
	if (!given.named[RETURNED_PHOTO])
		return 0;
	if (act->photo.len == 0 || act->photo.len > APPLICATION_PHOTO_MAX)
		return refuse_field(ret_problem);
	return case_row_add_photo(tx, now->id, at_s, act->photo);
}
