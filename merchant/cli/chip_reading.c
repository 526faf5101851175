#include "merchant/cli/chip_reading.h"

#include "card/terminal/reading.h"

static const uint16_t elements[CHIP_READING_ELEMENTS] = {
        CARD_EF_CARD_NUMBER,
        CARD_EF_CARD_KIND,
        CARD_EF_BENEFIT_CLASSES,
        CARD_EF_VALID_FROM,
        CARD_EF_VALID_TO,
        CARD_EF_AUTHORITY,
        CARD_EF_STATUS_REFERENCE,
};

static int read_file(struct terminal *t, uint16_t file, uint8_t *space,
        size_t cap, struct hufu_bytes *ret)
{
	struct writer w;
	writer_init(&w, space, cap);
	int r = reading_get_file(t, file, &w);
	if (!r)
		*ret = (struct hufu_bytes){space, w.len};
	return r;
}

int chip_reading_take(struct terminal *t, struct chip_reading *ret)
{
	struct hufu_bytes object;
	int r = terminal_connect(t);
	if (!r)
		r = read_file(t, CARD_EF_SO, ret->object, sizeof ret->object,
		        &object);
	for (size_t i = 0; i < CHIP_READING_ELEMENTS && !r; i++)
		r = read_file(t, elements[i], ret->files[i],
		        CHIP_READING_ELEMENT_MAX, &ret->file[i]);
	if (!r)
		r = authenticating_ask(t, &ret->answer);
	if (r)
		return r;
	const struct authenticating_answer *a = &ret->answer;
	ret->chip = (struct hufu_chip){
	        .signed_object = object,
	        .elements = ret->file,
	        .element_count = CHIP_READING_ELEMENTS,
	        .challenge = {a->challenge, sizeof a->challenge},
	        .answer = {a->answer, sizeof a->answer},
	};
	return 0;
}
