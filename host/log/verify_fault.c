#include <stdio.h>

#include "host/log/verify.h"

static const char *code_zh(int code)
{
	switch (code) {
	case HUFU_ERR_NOT_FOUND:
		return "缺失";
	case HUFU_ERR_PROOF:
		return "内容被改动";
	case HUFU_ERR_SIGNATURE:
		return "签名不对";
	default:
		return "格式不对";
	}
}

static const char *code_en(int code)
{
	switch (code) {
	case HUFU_ERR_NOT_FOUND:
		return "is missing";
	case HUFU_ERR_PROOF:
		return "was changed";
	case HUFU_ERR_SIGNATURE:
		return "has a wrong signature";
	default:
		return "is malformed";
	}
}

void log_fault_describe(const struct log_fault *fault, struct problem *ret)
{
	static const struct {
		const char *zh, *en;
	} places[] = {
	        [LOG_PLACE_CHECKPOINT] = {"已公布的检查点",
	                "published checkpoint"},
	        [LOG_PLACE_ROW] = {"数据库条目", "row of entry"},
	        [LOG_PLACE_BUNDLE] = {"条目文件", "bundle at entry"},
	        [LOG_PLACE_TILE] = {"散列文件", "tile"},
	        [LOG_PLACE_STORED] = {"数据库里的检查点",
	                "stored checkpoint of size"},
	};

	*ret = (struct problem){.code = fault->code, .type = "log-fault"};
	(void)snprintf(ret->zh, sizeof(ret->zh), "%s %llu %s：%s。",
	        places[fault->place].zh, (unsigned long long)fault->index,
	        fault->file, code_zh(fault->code));
	(void)snprintf(ret->en, sizeof(ret->en), "The %s %llu %s %s.",
	        places[fault->place].en, (unsigned long long)fault->index,
	        fault->file, code_en(fault->code));
}
