/* Questions about jobs that submitting and looking share. */
#ifndef PRINT_IPP_JOB_H
#define PRINT_IPP_JOB_H

#include "host/print/ipp_wire.h"

enum { IPP_JOB_NONE = 0 };

/* A name that no queue alters: at most PRINT_NAME_MAX of a few characters. */
bool ipp_job_name_is_good(const char *name);

/* HUFU_OK for a successful answer's status. */
int ipp_job_error(ipp_status_t status);
/* Asks without a document; *ret only with a successful answer. */
HUFU_MUST_USE int ipp_job_ask(struct wire *w, ipp_t *request, ipp_t **ret);

/* The newest job of that name, ended or not. HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int ipp_job_find(
        struct wire *w, const char *job_name, int *ret_id);

#endif
