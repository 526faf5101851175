#include <stdio.h>
#include <string.h>

#include "host/print/ipp_wire.h"

/* RFC 8011 5.4.12 and PWG 5100.9; the ending -error, -warning or -report
 * says how urgent, not what. */
static const struct {
	const char *reason;
	unsigned want;
} REASONS[] = {
        {"media-empty", PRINT_WANT_CARDS},
        {"media-needed", PRINT_WANT_CARDS},
        {"media-low", PRINT_LOW_CARDS},
        {"marker-supply-empty", PRINT_WANT_RIBBON},
        {"marker-supply-missing", PRINT_WANT_RIBBON},
        {"toner-empty", PRINT_WANT_RIBBON},
        {"marker-supply-low", PRINT_LOW_RIBBON},
        {"toner-low", PRINT_LOW_RIBBON},
        {"media-jam", PRINT_JAM},
        {"cover-open", PRINT_COVER_OPEN},
        {"door-open", PRINT_COVER_OPEN},
        {"interlock-open", PRINT_COVER_OPEN},
        {"output-area-full", PRINT_BIN_FULL},
        {"marker-waste-full", PRINT_BIN_FULL},
        {"paused", PRINT_PAUSED},
        {"moving-to-paused", PRINT_PAUSED},
        {"offline", PRINT_OFFLINE},
        {"shutdown", PRINT_OFFLINE},
        {"timed-out", PRINT_OFFLINE},
        {"connecting-to-device", 0},
        {"none", 0},
};

/* The most pressing first: one sentence is shown. */
static const struct {
	unsigned want;
	const char *zh, *en;
} WORDS[] = {
        {PRINT_OFFLINE, "打印机没有应答。请检查电源和连接。",
                "The printer does not answer. Check its power and cable."},
        {PRINT_JAM, "打印机卡片卡住。请打开盖子取出卡片。",
                "A card is jammed. Open the cover and take it out."},
        {PRINT_COVER_OPEN, "打印机盖子没有关好。请关上。",
                "The printer's cover is open. Close it."},
        {PRINT_WANT_CARDS, "卡槽空了。请放入空白卡。",
                "The hopper is empty. Put in blank cards."},
        {PRINT_WANT_RIBBON, "色带用完了。请更换色带。",
                "The ribbon is used up. Put in a new one."},
        {PRINT_BIN_FULL, "出卡盒满了。请取走卡片。",
                "The output bin is full. Empty it."},
        {PRINT_PAUSED, "打印机已暂停。请恢复打印。",
                "The printer is paused. Resume it."},
        {PRINT_LOW_RIBBON, "色带快用完了。请准备新色带。",
                "The ribbon is low. Have a new one ready."},
        {PRINT_LOW_CARDS, "空白卡快用完了。请准备空白卡。",
                "Few blank cards are left. Have more ready."},
        {PRINT_OTHER, "打印机报告异常。请查看打印机面板。",
                "The printer reports something. Look at its panel."},
        {0, "打印机就绪。", "The printer is ready."},
};

static size_t stem_of(const char *reason, size_t len)
{
	static const char *const ends[] = {"-error", "-warning", "-report"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = strlen(ends[i]);

		if (len > end && memcmp(reason + len - end, ends[i], end) == 0)
			return len - end;
	}
	return len;
}

static unsigned want_of(const char *reason, size_t len)
{
	/* cupsd's notes on its own dealings with the printer */
	if (len > 5 && memcmp(reason, "cups-", 5) == 0)
		return 0;
	len = stem_of(reason, len);
	for (size_t i = 0; i < sizeof(REASONS) / sizeof(REASONS[0]); i++)
		if (strlen(REASONS[i].reason) == len &&
		        memcmp(REASONS[i].reason, reason, len) == 0)
			return REASONS[i].want;
	return PRINT_OTHER;
}

static unsigned wants_of(const char *reasons)
{
	unsigned wants = 0;

	while (*reasons) {
		size_t len = strcspn(reasons, ",");

		if (len)
			wants |= want_of(reasons, len);
		reasons += len + (reasons[len] == ',');
	}
	return wants;
}

static void say(struct printer_state *s)
{
	size_t i = 0;

	while (WORDS[i].want && !(s->wants & WORDS[i].want))
		i++;
	(void)snprintf(s->zh, sizeof(s->zh), "%s", WORDS[i].zh);
	(void)snprintf(s->en, sizeof(s->en), "%s", WORDS[i].en);
}

/* The lowest of its supplies decides; -1 and below mean "not known". */
static int lowest_level(ipp_t *answer)
{
	ipp_attribute_t *attr =
	        ippFindAttribute(answer, "marker-levels", IPP_TAG_INTEGER);
	int lowest = -1;

	for (int i = 0; attr && i < ippGetCount(attr); i++) {
		int level = ippGetInteger(attr, i);

		if (level >= 0 && level <= 100 &&
		        (lowest < 0 || level < lowest))
			lowest = level;
	}
	return lowest;
}

static void read_printer(ipp_t *answer, struct printer_state *s)
{
	ipp_attribute_t *attr =
	        ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);

	s->state = attr ? ippGetInteger(attr, 0) : 0;
	attr = ippFindAttribute(
	        answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
	s->accepting = attr && ippGetBoolean(attr, 0);
	s->ribbon_percent = lowest_level(answer);
	wire_text(answer, "printer-state-reasons", s->reasons,
	        sizeof(s->reasons));
	wire_text(answer, "printer-state-message", s->message,
	        sizeof(s->message));
	s->wants = wants_of(s->reasons);
	if (s->state == IPP_PSTATE_STOPPED && s->wants == 0)
		s->wants = PRINT_PAUSED;
}

static int ask_printer(struct wire *w, struct printer_state *s)
{
	static const char *const wanted[] = {"printer-state",
	        "printer-state-reasons", "printer-state-message",
	        "printer-is-accepting-jobs", "marker-levels"};
	ipp_t *request = wire_request(w, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);
	ipp_t *answer;
	int rc;

	wire_ask_for(request, wanted, 5);
	rc = wire_ask(w, request, (struct span){0}, &answer);
	if (rc != HUFU_OK)
		return HUFU_ERR_LINK;
	if (ippGetStatusCode(answer) < IPP_STATUS_REDIRECTION_OTHER_SITE)
		read_printer(answer, s);
	else
		rc = HUFU_ERR_LINK; /* a queue that is not there */
	ippDelete(answer);
	return rc;
}

int print_get_printer(const struct print_dest *dest, struct printer_state *ret)
{
	struct printer_state s = {.ribbon_percent = -1};
	struct wire w;
	int rc = wire_open(&w, dest);

	if (rc == HUFU_OK) {
		rc = ask_printer(&w, &s);
		wire_close(&w);
	}
	if (rc != HUFU_OK) {
		s.wants = PRINT_OFFLINE;
		rc = rc == HUFU_ERR_ARGUMENT ? rc : HUFU_ERR_LINK;
	}
	say(&s);
	*ret = s;
	return rc;
}
