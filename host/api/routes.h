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

/*
 * Who may make a call at all: bits 1u << enum staff_role, held anywhere. The
 * handler judges area, step and state; without one of these roles it is not
 * even run. The three administrators and the auditor do no casework, and
 * the administrators see no file.
 */
enum {
	ROLES_DESK = 1u << STAFF_VILLAGE | 1u << STAFF_TOWNSHIP |
	             1u << STAFF_COUNTY_CENTRE,
	ROLES_BUREAU = 1u << STAFF_COUNTY_BUREAU | 1u << STAFF_CITY |
	               1u << STAFF_PROVINCE,
	ROLES_CASE = ROLES_DESK | ROLES_BUREAU,
	ROLES_MAKER = 1u << STAFF_PERSONALISER,
	/* who sends made cards on and signs for them */
	ROLES_PARCEL =
	        1u << STAFF_TOWNSHIP | 1u << STAFF_COUNTY_CENTRE | ROLES_MAKER,
	ROLES_STOCK = 1u << STAFF_STOCK_KEEPER,
	ROLES_AUDIT = 1u << STAFF_AUDITOR | 1u << STAFF_AUDIT_ADMIN,
	ROLES_FILE = ROLES_CASE | 1u << STAFF_AUDITOR, /* sees a file */
	ROLES_SYSTEM = 1u << STAFF_SYSTEM_ADMIN,
	ROLES_SECURITY = 1u << STAFF_SECURITY_ADMIN,
	ROLES_ALL = (1u << (STAFF_ROLE_MAX + 1)) - 2,
};

enum api_flags {
	API_OPEN = 1, /* nobody need be known: signing in */
	API_FRESH = 2, /* at the edge, who asks has just proved himself */
};

struct api_route {
	enum evhttp_cmd_type method;
	const char *path; /* with {id} or {name} */
	enum api_body body;
	api_handler run;
	uint32_t roles;
	unsigned flags; /* enum api_flags */
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
/* area_routes.c */
int api_import_areas(struct api_call *call);
/* batch_routes.c */
int api_draw_batch(struct api_call *call);
int api_list_batches(struct api_call *call);
int api_show_batch(struct api_call *call);
int api_act_on_batch(struct api_call *call);
/* timeline_routes.c */
int api_show_timeline(struct api_call *call);
/* overdue_routes.c */
int api_count_overdue(struct api_call *call);
/* photo_intake.c */
int api_check_photo(struct api_call *call);
int api_show_policy(struct api_call *call);
/* card_routes.c */
int api_list_cards(struct api_call *call);
int api_find_card(struct api_call *call);
int api_settle_unrecorded(struct api_call *call);
int api_show_card(struct api_call *call);
int api_act_on_card(struct api_call *call);
int api_prove_card(struct api_call *call);
/* death_routes.c */
int api_import_deaths(struct api_call *call);
/* hand_over_intake.c */
int api_show_hand_over(struct api_call *call);
/* card_faces.c */
int api_show_face(struct api_call *call);
int api_compare_scan(struct api_call *call);
/* station_routes.c */
int api_list_stations(struct api_call *call);
json_t *api_stations_json(const struct api_services *services); /* owned */
int api_watch_stations(struct api_call *call);
int api_act_on_station(struct api_call *call);
int api_list_jobs(struct api_call *call);
int api_resolve_job(struct api_call *call);
/* parcel_routes.c */
int api_list_parcels(struct api_call *call);
int api_list_ready(struct api_call *call);
int api_list_uncollected(struct api_call *call);
int api_show_parcel(struct api_call *call);
int api_pack_parcel(struct api_call *call);
int api_act_on_parcel(struct api_call *call);
/* stock_routes.c */
int api_show_form(struct api_call *call);
int api_show_report(struct api_call *call);
int api_list_report_rows(struct api_call *call);
int api_list_proposals(struct api_call *call);
int api_act_on_proposal(struct api_call *call);
int api_show_stock(struct api_call *call);
int api_act_on_stock(struct api_call *call);
/* office_routes.c */
int api_show_status(struct api_call *call);
int api_add_area(struct api_call *call);
int api_backup(struct api_call *call);
/* metrics.c */
int api_show_metrics(struct api_call *call);
/* session_routes.c */
int api_sign_in(struct api_call *call);
int api_show_session(struct api_call *call);
int api_prove_self(struct api_call *call);
int api_sign_out(struct api_call *call);
int api_change_password(struct api_call *call);
int api_accept_invite(struct api_call *call);
/* staff_routes.c */
int api_list_staff(struct api_call *call);
int api_add_staff(struct api_call *call);
int api_act_on_staff(struct api_call *call);

#endif
