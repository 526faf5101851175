#include "host/base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text cut off within a character is no UTF-8 any more. */
static void end_at_character(char *text)
{
	size_t len = strlen(text), back = 0;

	while (back < 4 && back < len && (text[len - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back == len)
		return;
	unsigned char lead = (unsigned char)text[len - 1 - back];
	size_t wants = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0;
	if (back < wants)
		text[len - 1 - back] = 0;
}

int problem_set(struct problem *p, int code, const char *type, const char *zh,
        const char *en, ...)
{
	va_list args;

	if (!p)
		return code;
	p->code = code;
	(void)snprintf(p->type, sizeof p->type, "%s", type);
	va_start(args, en);
	(void)vsnprintf(p->zh, sizeof p->zh, zh, args);
	va_end(args);
	va_start(args, en);
	(void)vsnprintf(p->en, sizeof p->en, en, args);
	va_end(args);
	end_at_character(p->zh);
	end_at_character(p->en);
	return code;
}

struct general {
	int code;
	const char *type;
	const char *zh;
	const char *en;
};

static const struct general generals[] = {
        {HUFU_ERR_TRUNCATED, "truncated", "数据不完整，请重新提交。",
                "The data ends too early; send it again."},
        {HUFU_ERR_TRAILING, "trailing", "数据后面有多余内容，请检查来源。",
                "There is something after the data; check its source."},
        {HUFU_ERR_MALFORMED, "malformed", "数据格式不正确，请检查后重试。",
                "The data is not in the expected form; check it."},
        {HUFU_ERR_LIMIT, "limit", "数据超过允许的大小，请分成几份。",
                "The data passes a limit; send it in parts."},
        {HUFU_ERR_DUPLICATE, "duplicate", "同一项出现了两次，请删去一项。",
                "The same thing stands twice; remove one."},
        {HUFU_ERR_UNSUPPORTED, "unsupported", "本版本不支持这种内容。",
                "This version does not support such content."},
        {HUFU_ERR_SPACE, "space", "内容过长，请缩短后重试。",
                "The content is too long; shorten it."},
        {HUFU_ERR_CRYPTO, "crypto", "密码运算失败，请联系系统管理员。",
                "A cryptographic operation failed; tell the system "
                "administrator."},
        {HUFU_ERR_SIGNATURE, "signature", "签名不正确，内容可能被改动。",
                "The signature does not verify; the content may have been "
                "changed."},
        {HUFU_ERR_PROOF, "proof", "日志证明不成立，请立即停办并报告。",
                "The log's proof does not hold; stop and report it."},
        {HUFU_ERR_IO, "io", "读写失败，请检查磁盘和权限。",
                "Reading or writing failed; check disk and rights."},
        {HUFU_ERR_MEMORY, "memory", "内存不足，请稍后重试。",
                "There is no memory left; try again later."},
        {HUFU_ERR_STATE, "state", "当前状态不允许这一步，请刷新后再看。",
                "The present state does not allow this step; look again."},
        {HUFU_ERR_DENIED, "denied", "您没有这项权限，请找有权限的同事办理。",
                "You may not do this; ask a colleague who may."},
        {HUFU_ERR_NOT_FOUND, "not-found", "没有找到，请核对号码或名称。",
                "Nothing was found; check the number or name."},
        {HUFU_ERR_CONFLICT, "conflict", "与已有记录冲突，未作改动。",
                "This conflicts with what is on record; nothing changed."},
        {HUFU_ERR_BUSY, "busy", "正忙，请稍后重试。",
                "Busy; try again in a moment."},
        {HUFU_ERR_TIMEOUT, "timeout", "等待超时，请稍后重试。",
                "No answer in time; try again later."},
        {HUFU_ERR_LINK, "link", "连接中断，请检查服务是否在运行。",
                "The connection broke; check that the service runs."},
        {HUFU_ERR_CONFIG, "config", "配置有误，请按提示修改。",
                "The configuration is wrong; mend it as told."},
        {HUFU_ERR_FULL, "full", "磁盘已满，请腾出空间后重试，数据没有丢失。",
                "The disk is full; free space and try again. Nothing is "
                "lost."},
        {HUFU_ERR_READONLY, "read-only", "存储为只读，请联系系统管理员。",
                "Storage is read-only; tell the system administrator."},
        {HUFU_ERR_CORRUPT, "corrupt",
                "存储的数据未通过校验，请立即停办并报告。",
                "Stored data fails its check; stop and report it."},
        {HUFU_ERR_ARGUMENT, "argument", "请求有误，请检查填写内容。",
                "The request is wrong; check what was entered."},
        {HUFU_ERR_STALE, "stale", "内容已过时，请取最新的再试。",
                "This is out of date; fetch the newest and try again."},
};

int problem_from_code(struct problem *p, int code)
{
	for (size_t i = 0; i < sizeof generals / sizeof *generals; i++) {
		const struct general *g = &generals[i];
		if (g->code != code)
			continue;
		if (!p)
			return code;
		p->code = code;
		(void)snprintf(p->type, sizeof p->type, "%s", g->type);
		(void)snprintf(p->zh, sizeof p->zh, "%s", g->zh);
		(void)snprintf(p->en, sizeof p->en, "%s", g->en);
		return code;
	}
	return problem_set(p, code, "failed", "操作失败（代码 %d）。",
	        "The operation failed (code %d).", code);
}
