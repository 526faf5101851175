#include "host/photo/reply.h"

#include "crypto/core/cbor.h"

enum { KEY_FAULT = 1, KEY_MEASURES = 2, KEY_PICTURE = 3 };

static const char *const names[PHOTO_MEASURES] = {"bytes", "width", "height",
        "dpi", "faces", "white_permille", "tilt_tenths", "head_permille",
        "off_centre_permille", "eyes", "sharpness", "brightness",
        "glare_permille", "clothes_permille"};

const char *photo_measure_name(enum photo_measure measure)
{
	return names[measure];
}

void photo_reply_encode(struct writer *w, const struct photo_reply *reply)
{
	cbor_put_map(w, 3);
	cbor_put_uint(w, KEY_FAULT);
	cbor_put_uint(w, (uint64_t)reply->fault);
	cbor_put_uint(w, KEY_MEASURES);
	cbor_put_array(w, PHOTO_MEASURES);
	for (int i = 0; i < PHOTO_MEASURES; i++)
		cbor_put_int(w, reply->measure[i]);
	cbor_put_uint(w, KEY_PICTURE);
	cbor_put_bytes(w, reply->picture);
}

static bool is_jpeg(struct span s)
{
	return s.len >= 3 && s.data[0] == 0xFF && s.data[1] == 0xD8 &&
	       s.data[2] == 0xFF;
}

int photo_reply_decode(struct span in, struct photo_reply *ret)
{
	struct photo_reply reply = {0};
	struct reader r;
	int rc = cbor_check(in, CBOR_DETERMINISTIC);
	if (rc)
		return rc;
	reader_init(&r, in);
	if (cbor_get_map(&r) != 3 || cbor_get_label(&r) != KEY_FAULT)
		return HUFU_ERR_MALFORMED;
	uint64_t fault = cbor_get_uint(&r);
	if (fault >= PHOTO_FAULTS || cbor_get_label(&r) != KEY_MEASURES ||
	        cbor_get_array(&r) != PHOTO_MEASURES)
		return HUFU_ERR_MALFORMED;
	reply.fault = (int)fault;
	for (int i = 0; i < PHOTO_MEASURES; i++) {
		int64_t v = cbor_get_int(&r);
		if (v < PHOTO_UNMEASURED || v > PHOTO_MEASURE_MAX)
			return HUFU_ERR_LIMIT;
		reply.measure[i] = v;
	}
	if (cbor_get_label(&r) != KEY_PICTURE)
		return HUFU_ERR_MALFORMED;
	reply.picture = cbor_get_bytes(&r);
	if (r.error)
		return r.error;
	if (reply.picture.len > PHOTO_PICTURE_MAX)
		return HUFU_ERR_LIMIT;
	if (reply.picture.len > 0 && !is_jpeg(reply.picture))
		return HUFU_ERR_MALFORMED;
	*ret = reply;
	return HUFU_OK;
}
