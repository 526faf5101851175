#include "host/api/routes.h"

#include <string.h>

#include "host/base/number.h"

const struct api_route api_routes[] = {
        {EVHTTP_REQ_GET, "/v1/status", API_NO_BODY, api_show_status},
        {EVHTTP_REQ_POST, "/v1/areas", API_JSON, api_add_area},
        {EVHTTP_REQ_POST, "/v1/staff", API_JSON, api_add_staff},
        {EVHTTP_REQ_POST, "/v1/staff/acts", API_JSON, api_act_on_staff},
        {EVHTTP_REQ_POST, "/v1/backups", API_JSON, api_backup},
        {EVHTTP_REQ_POST, "/v1/persons/import", API_CSV, api_import_persons},
        {EVHTTP_REQ_POST, "/v1/persons/find", API_JSON, api_find_person},
        {EVHTTP_REQ_POST, "/v1/applications", API_JSON, api_apply},
        {EVHTTP_REQ_GET, "/v1/applications", API_NO_BODY,
                api_list_applications},
        {EVHTTP_REQ_GET, "/v1/applications/{id}", API_NO_BODY,
                api_show_application},
        {EVHTTP_REQ_GET, "/v1/applications/{id}/photo", API_NO_BODY,
                api_show_photo},
        {EVHTTP_REQ_POST, "/v1/applications/{id}/acts", API_JSON,
                api_act_on_application},
        {EVHTTP_REQ_GET, "/v1/cards", API_NO_BODY, api_list_cards},
        {EVHTTP_REQ_POST, "/v1/cards/find", API_JSON, api_find_card},
        {EVHTTP_REQ_POST, "/v1/cards/unrecorded/acts", API_JSON,
                api_settle_unrecorded},
        {EVHTTP_REQ_GET, "/v1/cards/{id}", API_NO_BODY, api_show_card},
        {EVHTTP_REQ_POST, "/v1/cards/{id}/acts", API_JSON, api_act_on_card},
        {EVHTTP_REQ_GET, "/v1/cards/{id}/proof", API_NO_BODY, api_prove_card},
        {EVHTTP_REQ_GET, "/v1/stations", API_NO_BODY, api_list_stations},
        {EVHTTP_REQ_POST, "/v1/stations/{name}/acts", API_JSON,
                api_act_on_station},
        {EVHTTP_REQ_GET, "/v1/jobs", API_NO_BODY, api_list_jobs},
        {EVHTTP_REQ_POST, "/v1/jobs/{id}/resolution", API_JSON,
                api_resolve_job},
        {EVHTTP_REQ_GET, "/v1/stock", API_NO_BODY, api_show_stock},
        {EVHTTP_REQ_POST, "/v1/stock/acts", API_JSON, api_act_on_stock},
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
