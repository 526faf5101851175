#include "host/issue/job_made.h"

#include <string.h>

#include "host/issue/job_row.h"

static int read_text(struct store_tx *tx, int64_t card, struct job_made *made)
{
	struct writer text;
	writer_init(&text, (uint8_t *)made->text, JOB_TEXT_MAX);
	int rc = job_row_get_fact(tx, card, JOB_FACT_QR_TEXT, &text);
	if (rc == 0)
		made->text[text.len] = 0;
	return rc;
}

int job_read_made(struct store_tx *tx, int64_t card, struct job_made *ret)
{
	struct card_record record;
	struct job_row row;
	int64_t job = 0;
	memset(ret, 0, sizeof *ret);
	int rc = card_book_read(tx, card, &record);
	if (rc == 0)
		rc = job_row_find_of(tx, record.application, &job);
	if (rc == 0)
		rc = job_row_load(tx, job, &row);
	if (rc == 0 && (row.card != card || row.state < JOB_PRINT_INTENT ||
	                       row.state > JOB_ISSUED))
		rc = HUFU_ERR_STATE;
	if (rc == 0)
		rc = job_row_read_subject(tx, &row, &ret->subject);
	if (rc == 0)
		rc = read_text(tx, card, ret);
	if (rc == 0)
		memcpy(ret->serial, row.serial, sizeof ret->serial);
	else
		bytes_wipe(ret, sizeof *ret);
	return rc;
}
