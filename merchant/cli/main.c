#include <stdio.h>
#include <string.h>

#include "merchant/cli/commands.h"
#include "merchant/cli/report.h"

static const struct {
	const char *name;
	int (*run)(const struct arguments *a);
} commands[] = {
        {"qr", cmd_qr},
        {"bulk", cmd_bulk},
        {"image", cmd_image},
        {"chip", cmd_chip},
        {"cose", cmd_cose},
        {"inspect", cmd_inspect},
        {"update", cmd_update},
        {"feed", cmd_feed},
        {"proof", cmd_proof},
};

static const char help[] =
        "hufu-verify：离线核验优待证 verifies 优待证 cards offline\n"
        "\n"
        "  hufu-verify update [--root PEM] DIR|URL 取得最新列表 new lists\n"
        "  hufu-verify feed  DEVICE              送入柜台终端 into a terminal\n"
        "  hufu-verify qr    BELIEF TEXT|-       二维码文字 text of a QR code\n"
        "  hufu-verify bulk  BELIEF              每行一个 one code a line\n"
        "  hufu-verify image BELIEF FILE...      图片 pictures, PNG or JPEG\n"
        "  hufu-verify chip  BELIEF [READER]     芯片 the chip, by PC/SC\n"
        "  hufu-verify cose  --key PEM FILE      COSE 签名 a COSE_Sign1\n"
        "  hufu-verify inspect TEXT|-            逐项拆看 field by field\n"
        "  hufu-verify proof --vkey VKEY --entry FILE [--qr FILE --object "
        "FILE] FILE\n"
        "                                        日志证明 a log proof\n"
        "\n"
        "BELIEF 信任谁:\n"
        "  --lists FOLDER            update 存放列表的地方，默认用自己的 "
        "where update\n"
        "                            keeps lists; by default the user's own\n"
        "  --trust FILE --root PEM   信任列表和根公钥 trust list and its "
        "root\n"
        "  --status FILE             状态列表，可重复 status list, repeat "
        "as needed\n"
        "  --key PEM                 或只信一个发证公钥 or one issuer's key "
        "alone\n"
        "\n"
        "  --json    机器可读 for machines     --full    不遮盖 unmasked\n"
        "  --at TIME 按此时间 judge as of TIME (2026-08-01T00:00:00Z)\n"
        "  --stale-after HOURS  状态列表的时限 limit of a status list's age\n"
        "  --qr TEXT (chip)     同一张卡的二维码 the same card's QR code\n"
        "\n"
        "退出码 Exit: 0 有效 valid, 1 有效但状态未确认 valid but status "
        "stale,\n"
        "2-10 其他结论 other verdicts; 见 see hufu-verify(1).\n";

int main(int argc, char **argv)
{
	struct arguments a;
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 ||
	                         strcmp(argv[1], "help") == 0)) {
		(void)fputs(help, stdout);
		return 0;
	}
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (argc < 2 || strcmp(argv[1], commands[i].name) != 0)
			continue;
		int r = arguments_parse(argc - 1, argv + 1, &a);
		return r ? r : commands[i].run(&a);
	}
	(void)fputs(help, stderr);
	return REPORT_EXIT_USAGE;
}
