#include "host/print/ipp_judge.h"

#include <string.h>

#include <cups/ipp.h>

bool ipp_has_reason(const char *list, const char *reason)
{
	size_t len = strlen(reason);

	for (const char *at = list; at; at = strchr(at, ',')) {
		if (*at == ',')
			at++;
		if (strncmp(at, reason, len) == 0 &&
		        (at[len] == '\0' || at[len] == ','))
			return true;
	}
	return false;
}

static enum print_outcome judge_completed(
        const struct print_job *job, unsigned impressions)
{
	if (job->history_missing || !job->impressions_known ||
	        job->impressions != impressions)
		return PRINT_UNKNOWN;
	if (ipp_has_reason(job->reasons, "job-completed-with-errors"))
		return PRINT_UNKNOWN;
	return PRINT_PRINTED;
}

/*
 * Only the printer knows that its own job ended undone. An end that came
 * from cupsd (the link to the printer broke) or from a person may have met
 * a card already on its way out. cupsd has no reason keyword for it, only
 * its backend's words; other words leave the outcome unknown.
 */
static bool printer_says_undone(const struct print_job *job)
{
	if (job->history_missing)
		return false;
	if (!job->via_cupsd)
		return ipp_has_reason(job->reasons, "aborted-by-system") ||
		       ipp_has_reason(job->reasons, "job-canceled-at-device");
	return strcmp(job->message, "Print job canceled at printer.") == 0 ||
	       strcmp(job->message,
	               "Printer cannot print with supplied options.") == 0;
}

enum print_outcome print_judge(
        const struct print_job *job, unsigned impressions)
{
	switch (job->state) {
	case IPP_JSTATE_PENDING:
	case IPP_JSTATE_HELD:
	case IPP_JSTATE_PROCESSING:
	case IPP_JSTATE_STOPPED:
		return PRINT_RUNNING;
	case IPP_JSTATE_COMPLETED:
		return judge_completed(job, impressions);
	case IPP_JSTATE_CANCELED:
	case IPP_JSTATE_ABORTED:
		if (job->impressions_known && job->impressions >= impressions)
			return PRINT_UNKNOWN;
		return printer_says_undone(job) ? PRINT_FAILED : PRINT_UNKNOWN;
	default:
		return PRINT_UNKNOWN;
	}
}

int ipp_explain(enum print_outcome outcome, const struct print_job *job,
        struct problem *p)
{
	const char *words = job->message[0] ? job->message : job->reasons;

	switch (outcome) {
	case PRINT_PRINTED:
		return (int)outcome;
	case PRINT_FAILED:
		return problem_set(p, PRINT_FAILED, "print-failed",
		        "打印没有完成（%s）。请检查打印机，取出废卡。",
		        "The card was not printed (%s). Check the printer and "
		        "take out the spoiled card.",
		        words);
	case PRINT_UNKNOWN:
		return problem_set(p, PRINT_UNKNOWN, "print-unknown",
		        "无法确定是否已打印（%s）。请查看出卡口，不要重打。",
		        "It is not known whether the card was printed (%s). "
		        "Look at the output tray; do not print again.",
		        words);
	case PRINT_RUNNING:
		break;
	}
	return problem_set(p, PRINT_RUNNING, "print-running",
	        "打印尚未结束（%s）。请稍候，或检查打印机。",
	        "The printing has not ended yet (%s). Wait, or check the "
	        "printer.",
	        words);
}
