#include "host/station/likeness.h"

#include <stdio.h>

enum { SERIAL_TEXT_LEN = 2 * CARD_SERIAL_LEN };

static void format_serial(
        const uint8_t serial[CARD_SERIAL_LEN], char ret[SERIAL_TEXT_LEN + 1])
{
	for (size_t i = 0; i < CARD_SERIAL_LEN; i++)
		(void)snprintf(ret + 2 * i, 3, "%02X", serial[i]);
}

int likeness_draw(const struct likeness *likeness, struct face_fonts *fonts,
        struct face **ret, struct problem *p)
{
	const struct job_subject *subject = likeness->subject;
	char serial[SERIAL_TEXT_LEN + 1];
	format_serial(likeness->serial, serial);
	const struct face_record record = {
	        .kind = (enum face_kind)subject->kind,
	        .name = subject->name,
	        .sex = subject->sex,
	        .photo = span_of(subject->portrait, subject->portrait_len),
	        .card_number = subject->card_number,
	        .authority = subject->authority,
	        .can = subject->can,
	        .valid_from = subject->valid_from,
	        .valid_to = subject->valid_to,
	        .qr_text = likeness->qr_text,
	        .serial = serial,
	        .training = likeness->training,
	        .text = likeness->text ? likeness->text : &FACE_TEXT_DEFAULT,
	};
	return face_render(fonts, &record, ret, p);
}
