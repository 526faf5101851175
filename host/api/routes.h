/*
 * The table of everything that can be asked: method, path, handler.
 * docs/api.yaml describes the same; a test holds one against the other.
 */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "host/api/call.h"

typedef int (*api_handler)(struct api_call *call);

enum api_body {
	API_NO_BODY,
	API_JSON,
	API_CSV, /* raw bytes */
};

struct api_route {
	enum evhttp_cmd_type method;
	const char *path; /* with {id} or {name} */
	enum api_body body;
	api_handler run;
};

extern const struct api_route api_routes[];
extern const size_t api_routes_count;

/*
 * The route of a path, with id and name filled in. NULL: none; then
 * *ret_other_method tells whether the path exists for another method.
 */
const struct api_route *api_route_find(struct api_call *call,
        enum evhttp_cmd_type method, const char *path, bool *ret_other_method);

/* person_routes.c */
int api_import_persons(struct api_call *call);
int api_find_person(struct api_call *call);
/* application_routes.c */
int api_apply(struct api_call *call);
int api_act_on_application(struct api_call *call);
/* application_looks.c */
int api_list_applications(struct api_call *call);
int api_show_application(struct api_call *call);
int api_show_photo(struct api_call *call);
/* card_routes.c */
int api_list_cards(struct api_call *call);
int api_find_card(struct api_call *call);
int api_settle_unrecorded(struct api_call *call);
int api_show_card(struct api_call *call);
int api_act_on_card(struct api_call *call);
int api_prove_card(struct api_call *call);
/* station_routes.c */
int api_list_stations(struct api_call *call);
int api_act_on_station(struct api_call *call);
int api_list_jobs(struct api_call *call);
int api_resolve_job(struct api_call *call);
/* stock_routes.c */
int api_show_stock(struct api_call *call);
int api_act_on_stock(struct api_call *call);
/* office_routes.c */
int api_show_status(struct api_call *call);
int api_add_area(struct api_call *call);
int api_backup(struct api_call *call);
/* staff_routes.c */
int api_add_staff(struct api_call *call);
int api_act_on_staff(struct api_call *call);

#endif
