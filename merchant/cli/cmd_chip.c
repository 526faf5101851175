#include <string.h>

#include "card/terminal/pcsc.h"
#include "merchant/cli/belief.h"
#include "merchant/cli/chip_reading.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/report.h"

static const struct {
	int outcome;
	const char *zh;
	const char *en;
} sentences[] = {
        {TERMINAL_NO_READER, "没有找到读卡器，请检查连接。",
                "No such reader: check the cable."},
        {TERMINAL_NO_CARD, "读卡器上没有卡，请放上优待证。",
                "No card: lay one on the reader."},
        {TERMINAL_LINK_LOST, "卡片移开了，请放好再试。",
                "The card moved away: lay it down and try again."},
        {TERMINAL_FOREIGN_CARD, "这不是优待证。", "Not a card of ours."},
        {TERMINAL_READER_BUSY, "读卡器正被别的程序使用。",
                "Another program holds the reader."},
        {TERMINAL_READER_HANGS, "读卡器没有反应，请重新插拔。",
                "The reader hangs: plug it in again."},
        {TERMINAL_TERMINATED, "卡片已终止使用。", "The card is terminated."},
        {TERMINAL_LOCKED, "卡片已锁定。", "The card is locked."},
        {HUFU_ERR_LINK, "读卡服务（pcscd）没有运行。",
                "The reader service (pcscd) is not running."},
};

static int explain(const struct arguments *a, int outcome)
{
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (sentences[i].outcome == outcome)
			return report_outcome(a, REPORT_EXIT_NO_CARD,
			        sentences[i].zh, sentences[i].en);
	return report_outcome(a, REPORT_EXIT_NO_CARD,
	        "卡片读取失败，可能尚未制好。",
	        "The card cannot be read; it may not be finished.");
}

/* The reader named, else the only or first one that has a card. */
static int choose(const struct arguments *a, char ret[PCSC_READER_NAME_MAX])
{
	struct pcsc_reader readers[PCSC_READERS_MAX];
	size_t count = 0;
	int rc = pcsc_list(readers, &count);
	if (rc)
		return rc;
	rc = count ? TERMINAL_NO_CARD : TERMINAL_NO_READER;
	for (size_t i = 0; i < count; i++) {
		bool named = a->rest_count == 1;
		if (named ? strcmp(readers[i].name, a->rest[0]) != 0
		          : !readers[i].card_present)
			continue;
		memcpy(ret, readers[i].name, PCSC_READER_NAME_MAX);
		return 0;
	}
	return a->rest_count == 1 ? TERMINAL_NO_READER : rc;
}

static int read_from_reader(const struct arguments *a, struct chip_reading *r)
{
	char name[PCSC_READER_NAME_MAX];
	struct transport *transport;
	struct terminal t;
	int rc = choose(a, name);
	if (!rc)
		rc = pcsc_new(
		        &(struct pcsc_options){.reader = name}, &transport);
	if (rc)
		return rc;
	terminal_init(&t, transport);
	rc = chip_reading_take(&t, r);
	terminal_done(&t);
	return rc;
}

/* The QR of the same card, if one was given: 0, or what to exit with. */
static int verify_face(
        const struct arguments *a, struct hufu *h, struct hufu_result *ret)
{
	int rc = hufu_check_qr(h, a->qr, strlen(a->qr), a->now_s, ret);
	if (rc)
		return report_error(rc);
	/* a code that is not genuine is the verdict, whatever the chip says */
	return ret->has_chip_hash ? 0 : report_result(a, NULL, ret);
}

int cmd_chip(const struct arguments *a)
{
	BELIEF *h = NULL;
	struct chip_reading r;
	struct hufu_result face;
	struct hufu_result result;
	if (a->rest_count > 1)
		return report_usage("chip 后面最多给一个读卡器名",
		        "chip takes at most one reader's name");
	int rc = belief_new(a, &h);
	if (!rc && a->qr)
		rc = verify_face(a, h, &face);
	if (rc)
		return rc;
	rc = read_from_reader(a, &r);
	if (rc)
		return explain(a, rc);
	r.chip.face = a->qr ? &face : NULL;
	rc = hufu_check_chip(h, &r.chip, a->now_s, &result);
	return rc ? report_error(rc) : report_result(a, NULL, &result);
}
