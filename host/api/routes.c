#include "host/api/routes.h"

#include <string.h>

#include "host/base/number.h"
#include "host/staff/witness.h"

const struct api_route api_routes[] = {
        {EVHTTP_REQ_GET, "/v1/status", API_NO_BODY, api_show_status, ROLES_ALL,
                0},
        {EVHTTP_REQ_GET, "/v1/metrics", API_NO_BODY, api_show_metrics,
                ROLES_ALL, 0},
        {EVHTTP_REQ_POST, "/v1/session", API_JSON, api_sign_in, 0, API_OPEN},
        {EVHTTP_REQ_GET, "/v1/session", API_NO_BODY, api_show_session,
                ROLES_ALL, 0},
        {EVHTTP_REQ_POST, "/v1/session/first", API_JSON, api_accept_invite, 0,
                API_OPEN},
        {EVHTTP_REQ_POST, "/v1/session/proof", API_JSON, api_prove_self,
                ROLES_ALL, 0},
        {EVHTTP_REQ_POST, "/v1/session/end", API_JSON, api_sign_out, ROLES_ALL,
                0},
        {EVHTTP_REQ_POST, "/v1/password", API_JSON, api_change_password,
                ROLES_ALL, 0},
        {EVHTTP_REQ_GET, "/v1/staff", API_NO_BODY, api_list_staff,
                ROLES_SECURITY | ROLES_SYSTEM | ROLES_AUDIT, 0},
        {EVHTTP_REQ_GET, "/v1/policy", API_NO_BODY, api_show_policy, ROLES_ALL,
                0},
        {EVHTTP_REQ_POST, "/v1/areas", API_JSON, api_add_area, ROLES_SYSTEM,
                API_FRESH},
        {EVHTTP_REQ_POST, "/v1/areas/import", API_CSV, api_import_areas,
                ROLES_SYSTEM, API_FRESH},
        {EVHTTP_REQ_POST, "/v1/staff", API_JSON, api_add_staff, ROLES_SECURITY,
                API_FRESH},
        {EVHTTP_REQ_POST, "/v1/staff/acts", API_JSON, api_act_on_staff,
                ROLES_SECURITY, API_FRESH},
        {EVHTTP_REQ_POST, "/v1/backups", API_JSON, api_backup, ROLES_SYSTEM,
                API_FRESH},
        {EVHTTP_REQ_POST, "/v1/persons/import", API_CSV, api_import_persons,
                ROLES_BUREAU, API_FRESH},
        {EVHTTP_REQ_POST, "/v1/persons/deaths", API_CSV, api_import_deaths,
                ROLES_BUREAU, API_FRESH},
        {EVHTTP_REQ_POST, "/v1/persons/find", API_JSON, api_find_person,
                ROLES_FILE, 0},
        {EVHTTP_REQ_GET, "/v1/persons/{id}/timeline", API_NO_BODY,
                api_show_timeline, ROLES_FILE, 0},
        {EVHTTP_REQ_POST, "/v1/applications", API_JSON, api_apply, ROLES_DESK,
                0},
        {EVHTTP_REQ_GET, "/v1/applications", API_NO_BODY, api_list_applications,
                ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_GET, "/v1/applications/overdue", API_NO_BODY,
                api_count_overdue, ROLES_FILE, 0},
        {EVHTTP_REQ_GET, "/v1/applications/{id}", API_NO_BODY,
                api_show_application, ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_GET, "/v1/applications/{id}/form", API_NO_BODY,
                api_show_form, ROLES_CASE, 0},
        {EVHTTP_REQ_GET, "/v1/applications/{id}/photo", API_NO_BODY,
                api_show_photo, ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_POST, "/v1/applications/{id}/acts", API_JSON,
                api_act_on_application, ROLES_CASE, API_FRESH},
        {EVHTTP_REQ_POST, "/v1/batches", API_JSON, api_draw_batch, ROLES_CASE,
                API_FRESH},
        {EVHTTP_REQ_GET, "/v1/batches", API_NO_BODY, api_list_batches,
                ROLES_CASE, 0},
        {EVHTTP_REQ_GET, "/v1/batches/{id}", API_NO_BODY, api_show_batch,
                ROLES_CASE, 0},
        {EVHTTP_REQ_POST, "/v1/batches/{id}/acts", API_JSON, api_act_on_batch,
                ROLES_CASE, API_FRESH},
        {EVHTTP_REQ_POST, "/v1/photo/check", API_JSON, api_check_photo,
                ROLES_CASE, 0},
        {EVHTTP_REQ_GET, "/v1/cards", API_NO_BODY, api_list_cards,
                ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_POST, "/v1/cards/find", API_JSON, api_find_card,
                ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_POST, "/v1/cards/unrecorded/acts", API_JSON,
                api_settle_unrecorded, ROLES_CASE, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/cards/{id}", API_NO_BODY, api_show_card,
                ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_POST, "/v1/cards/{id}/acts", API_JSON, api_act_on_card,
                ROLES_CASE | ROLES_MAKER, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/cards/{id}/hand-over", API_NO_BODY,
                api_show_hand_over, ROLES_FILE, 0},
        {EVHTTP_REQ_GET, "/v1/cards/{id}/faces/{name}", API_NO_BODY,
                api_show_face, ROLES_FILE | ROLES_MAKER, 0},
        {EVHTTP_REQ_POST, "/v1/cards/{id}/scan", API_JSON, api_compare_scan,
                ROLES_CASE | ROLES_MAKER, 0},
        {EVHTTP_REQ_GET, "/v1/cards/{id}/proof", API_NO_BODY, api_prove_card,
                ROLES_ALL, 0},
        {EVHTTP_REQ_GET, "/v1/parcels", API_NO_BODY, api_list_parcels,
                ROLES_PARCEL | ROLES_FILE, 0},
        {EVHTTP_REQ_POST, "/v1/parcels", API_JSON, api_pack_parcel,
                ROLES_PARCEL, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/parcels/ready", API_NO_BODY, api_list_ready,
                ROLES_PARCEL | ROLES_FILE, 0},
        {EVHTTP_REQ_GET, "/v1/parcels/uncollected", API_NO_BODY,
                api_list_uncollected, ROLES_PARCEL | ROLES_FILE, 0},
        {EVHTTP_REQ_GET, "/v1/parcels/{id}", API_NO_BODY, api_show_parcel,
                ROLES_PARCEL | ROLES_FILE, 0},
        {EVHTTP_REQ_POST, "/v1/parcels/{id}/acts", API_JSON, api_act_on_parcel,
                ROLES_PARCEL, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/events", API_NO_BODY, api_watch_stations,
                ROLES_ALL, 0},
        {EVHTTP_REQ_GET, "/v1/stations", API_NO_BODY, api_list_stations,
                ROLES_ALL, 0},
        {EVHTTP_REQ_POST, "/v1/stations/{name}/acts", API_JSON,
                api_act_on_station, ROLES_MAKER | ROLES_SYSTEM, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/jobs", API_NO_BODY, api_list_jobs, ROLES_ALL, 0},
        {EVHTTP_REQ_POST, "/v1/jobs/{id}/resolution", API_JSON, api_resolve_job,
                ROLES_MAKER | ROLES_BUREAU, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/report", API_NO_BODY, api_show_report,
                ROLES_CASE | ROLES_AUDIT, 0},
        {EVHTTP_REQ_GET, "/v1/report/rows", API_NO_BODY, api_list_report_rows,
                ROLES_FILE, 0},
        {EVHTTP_REQ_GET, "/v1/proposals", API_NO_BODY, api_list_proposals,
                WITNESS_ROLES, 0},
        {EVHTTP_REQ_POST, "/v1/proposals/{id}/acts", API_JSON,
                api_act_on_proposal, WITNESS_ROLES, API_FRESH},
        {EVHTTP_REQ_GET, "/v1/stock", API_NO_BODY, api_show_stock,
                ROLES_STOCK | ROLES_MAKER | ROLES_CASE | ROLES_AUDIT, 0},
        {EVHTTP_REQ_POST, "/v1/stock/acts", API_JSON, api_act_on_stock,
                ROLES_STOCK, API_FRESH},
};

const size_t api_routes_count = sizeof api_routes / sizeof *api_routes;

static bool take_id(struct api_call *call, const char *text, size_t len)
{
	struct number_range range = {1, INT64_MAX};
	return number_parse(text, len, range, &call->id) == HUFU_OK;
}

static bool take_name(struct api_call *call, const char *text, size_t len)
{
	if (len == 0 || len > API_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", text[i]))
			return false;
	memcpy(call->name, text, len);
	call->name[len] = 0;
	return true;
}

static bool path_matches(
        struct api_call *call, const char *pattern, const char *path)
{
	while (*pattern) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		size_t len = strcspn(path, "/");
		bool ok = pattern[1] == 'i' ? take_id(call, path, len)
		                            : take_name(call, path, len);
		if (!ok)
			return false;
		path += len;
		pattern = strchr(pattern, '}') + 1;
	}
	return *path == 0;
}

const struct api_route *api_route_find(struct api_call *call,
        enum evhttp_cmd_type method, const char *path, bool *ret_other_method)
{
	*ret_other_method = false;
	for (size_t i = 0; i < api_routes_count; i++) {
		if (!path_matches(call, api_routes[i].path, path))
			continue;
		if (api_routes[i].method == method)
			return &api_routes[i];
		*ret_other_method = true;
	}
	return NULL;
}
