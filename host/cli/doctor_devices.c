#include <string.h>

#include "card/terminal/pcsc.h"
#include "host/cli/doctor.h"
#include "host/print/ipp.h"

enum { PRINTER_ANSWER_MS = 3000 };

static bool is_there(
        const struct pcsc_reader *readers, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(readers[i].name, name) == 0)
			return true;
	return false;
}

void doctor_check_readers(struct doctor *d)
{
	const struct settings *s = d->settings;
	struct pcsc_reader readers[PCSC_READERS_MAX];
	size_t count = 0;
	if (s->station_count == 0) {
		doctor_say(d, DOCTOR_SKIPPED, "reader", "没有配置制证台。",
		        "No station is configured.");
		return;
	}
	if (pcsc_list(readers, &count)) {
		doctor_say(d, DOCTOR_ILL, "reader",
		        "读写器服务没有应答：启动 pcscd（systemctl start "
		        "pcscd.socket），并检查 polkit 规则 60-hufu.rules。",
		        "The readers' service does not answer: start pcscd "
		        "(systemctl start pcscd.socket) and look for the "
		        "polkit rule 60-hufu.rules.");
		return;
	}
	for (size_t i = 0; i < s->station_count; i++) {
		const struct settings_station *at = &s->stations[i];
		if (is_there(readers, count, at->reader))
			doctor_say(d, DOCTOR_WELL, "reader",
			        "制证台 %s：读写器 %s 在线。",
			        "Station %s: reader %s is there.", at->name,
			        at->reader);
		else
			doctor_say(d, DOCTOR_ILL, "reader",
			        "制证台 %s：找不到读写器 %s（在线 %zu 台）："
			        "检查连线，名称以 pcsc_scan 所列为准。",
			        "Station %s: no reader %s (%zu there): check "
			        "the cable; names are those of pcsc_scan.",
			        at->name, at->reader, count);
	}
}

/* Over what was said last: each language has a sentence of its own. */
static void tell_in_its_words(struct doctor *d,
        const struct settings_station *at, const struct printer_state *state)
{
	json_t *row =
	        json_array_get(d->findings, json_array_size(d->findings) - 1);
	(void)json_object_set_new(
	        row, "zh", json_sprintf("制证台 %s：%s", at->name, state->zh));
	(void)json_object_set_new(
	        row, "en", json_sprintf("Station %s: %s", at->name, state->en));
}

static void check_printer(struct doctor *d, const struct settings_station *at)
{
	enum {
		GRAVE = PRINT_WANT_CARDS | PRINT_WANT_RIBBON | PRINT_JAM |
		        PRINT_COVER_OPEN | PRINT_BIN_FULL | PRINT_PAUSED |
		        PRINT_OFFLINE
	};
	struct print_dest dest = {.timeout_ms = PRINTER_ANSWER_MS};
	struct printer_state state;
	if (strlen(at->printer_uri) >= sizeof dest.uri)
		return; /* no station opens with it */
	memcpy(dest.uri, at->printer_uri, strlen(at->printer_uri) + 1);
	int r = print_get_printer(&dest, &state);
	if (r) {
		doctor_say(d, DOCTOR_ILL, "printer",
		        "制证台 %s：证卡打印机没有应答：检查电源、网线和 "
		        "cupsd，以及 hufud 单元的 IPAddressAllow。",
		        "Station %s: the printer does not answer: check power, "
		        "cable, cupsd, and IPAddressAllow of hufud's unit.",
		        at->name);
		return;
	}
	enum doctor_level level = state.wants & GRAVE || !state.accepting
	                                  ? DOCTOR_ILL
	                          : state.wants ? DOCTOR_WARNING
	                                        : DOCTOR_WELL;
	doctor_say(d, level, "printer", "制证台 %s：打印机就绪。",
	        "Station %s: the printer is ready.", at->name);
	if (level != DOCTOR_WELL)
		tell_in_its_words(d, at, &state);
}

void doctor_check_printers(struct doctor *d)
{
	for (size_t i = 0; i < d->settings->station_count; i++)
		check_printer(d, &d->settings->stations[i]);
}
