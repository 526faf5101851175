#include "host/print/face_sides.h"

#include <string.h>

enum { SERIAL_MAX = 32, QR_MAX = 1000 };

const struct face_text FACE_TEXT_DEFAULT = {
        .rules =
                {
                        "本证是持证人享受优待的凭证，仅限本人使用，转借、"
                        "涂改无效。",
                        "核验真伪：扫描右侧二维码，或将本证贴近读卡器。",
                        "请妥善保管。遗失请立即拨打服务热线，或到就近的"
                        "退役军人服务站挂失。",
                        "拾到本证请交就近的退役军人服务站。If found, please "
                        "hand this card in at any veterans service station.",
                },
        .hotline = "12345",
        .website = NULL,
};

static bool all_of(const char *text, const char *alphabet)
{
	return text[strspn(text, alphabet)] == '\0';
}

static bool is_digits(const char *text, size_t len)
{
	return strlen(text) == len && all_of(text, "0123456789");
}

static bool is_date(const char *text)
{
	static const char shape[] = "0000-00-00";

	if (strlen(text) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; shape[i]; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] == '-' ? text[i] != '-' : !digit)
			return false;
	}
	return true;
}

static const char *wrong_field(const struct face_record *r)
{
	if (r->kind < FACE_KIND_VETERAN || r->kind > FACE_KIND_LOCAL)
		return "kind";
	if (r->sex > 2 && r->sex != 9)
		return "sex";
	if (!is_digits(r->card_number, 17))
		return "card_number";
	if (!is_digits(r->can, 6))
		return "can";
	if (!is_date(r->valid_from))
		return "valid_from";
	if (r->valid_to[0] && !is_date(r->valid_to))
		return "valid_to";
	if (strlen(r->serial) > SERIAL_MAX ||
	        !all_of(r->serial, "0123456789ABCDEFabcdef-"))
		return "serial";
	return NULL;
}

/* RFC 9285, and all of it in QR's alphanumeric set. */
static bool is_base45(const char *text)
{
	return all_of(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:");
}

int face_check_record(const struct face_record *record, struct problem *p)
{
	const char *field = wrong_field(record);

	if (field)
		return problem_set(p, HUFU_ERR_ARGUMENT, "face-field",
		        "卡面资料的 %s 一项格式不对。请核对。",
		        "The card's field %s has the wrong shape. "
		        "Check it.",
		        field);
	if (!record->qr_text[0] || strlen(record->qr_text) > QR_MAX ||
	        !is_base45(record->qr_text))
		return problem_set(p, FACE_QR, "qr-text",
		        "二维码内容不合规格。请联系管理员。",
		        "The QR text is not what a card carries. Tell "
		        "the administrator.");
	return HUFU_OK;
}
