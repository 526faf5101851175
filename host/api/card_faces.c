/* A made card beside its record: both faces, and the QR that was scanned. */
#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/issue/job_made.h"
#include "host/station/likeness.h"

struct made_look {
	struct api_call *call;
	struct job_made *made;
};

static int look_at_made(struct store_tx *tx, void *arg)
{
	struct made_look *look = arg;
	struct api_call *call = look->call;
	struct card_record card;
	int r = card_book_read(tx, call->id, &card);
	r = sight_card(tx, call, r, &card);
	if (r)
		return r;
	r = job_read_made(tx, call->id, look->made);
	if (r != HUFU_ERR_NOT_FOUND && r != HUFU_ERR_STATE)
		return r;
	return problem_set(&call->problem, HUFU_ERR_STATE, "not-printed",
	        "这张卡还没有打印，或已作废，没有卡面可看。",
	        "This card has not been printed, or is void; it has no "
	        "faces.");
}

/* The caller wipes and frees; NULL with the code in *ret. */
static struct job_made *read_made(struct api_call *call, int *ret)
{
	struct job_made *made = calloc(1, sizeof *made);
	struct made_look look = {call, made};
	*ret = made ? store_read(call->services->store, look_at_made, &look)
	            : HUFU_ERR_MEMORY;
	if (*ret == HUFU_OK)
		return made;
	free(made);
	return NULL;
}

static void forget(struct job_made *made)
{
	bytes_wipe(made, sizeof *made);
	free(made);
}

static int draw(
        struct api_call *call, const struct job_made *made, enum face_side side)
{
	const struct likeness likeness = {.subject = &made->subject,
	        .serial = made->serial,
	        .qr_text = made->text,
	        .training = call->services->training};
	struct face_fonts *fonts = NULL;
	struct face *face = NULL;
	struct blob png = {0};
	int r = face_fonts_open(
	        call->services->fonts_dir, &fonts, &call->problem);
	if (r == HUFU_OK)
		r = likeness_draw(&likeness, fonts, &face, &call->problem);
	if (r == HUFU_OK)
		r = face_encode_png(face, side, &png);
	face_free(&face);
	face_fonts_close(&fonts);
	call->raw = png.data;
	call->raw_len = png.len;
	call->raw_type = "image/png";
	return r;
}

int api_show_face(struct api_call *call)
{
	bool front = strcmp(call->name, "front") == 0;
	int r;
	if (!front && strcmp(call->name, "back") != 0) {
		call->status = 404;
		return problem_set(&call->problem, HUFU_ERR_NOT_FOUND,
		        "no-such-face", "卡面只有 front 和 back。",
		        "A card has a front and a back.");
	}
	struct job_made *made = read_made(call, &r);
	if (!made)
		return r;
	r = draw(call, made, front ? FACE_FRONT : FACE_BACK);
	forget(made);
	return r;
}

int api_compare_scan(struct api_call *call)
{
	const char *text = json_get_text(&call->in, "text", JOB_TEXT_MAX, true);
	int r = call_input_done(call);
	struct job_made *made = r ? NULL : read_made(call, &r);
	if (!made)
		return r;
	bool same = strcmp(text, made->text) == 0;
	forget(made);
	call->reply = json_pack("{s:b, s:s, s:s}", "same", same, "zh",
	        same ? "二维码与签发内容一致。"
	             : "二维码不是这张卡的：请核对是否拿错卡，"
	               "或打印有误，不要发出。",
	        "en",
	        same ? "The QR code is the one that was signed."
	             : "This is not this card's QR code: the wrong card, or a "
	               "wrong print. Do not let it go.");
	return HUFU_OK;
}
