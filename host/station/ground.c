#include "host/station/ground.h"

#include <string.h>

#include "card/terminal/outcome.h"
#include "host/station/transport.h"

static const struct {
	const char *slug;
	const char *zh;
	const char *en;
} grounds[GROUNDS] = {
        [GROUND_NONE] = {"none", "", ""},
        [GROUND_HOPPER_EMPTY] = {"hopper-empty", "卡仓已空，请装入空白卡",
                "The hopper is empty: load blank cards"},
        [GROUND_NO_READER] = {"no-reader", "找不到读卡器，请检查连接",
                "The reader is not there: check its cable"},
        [GROUND_READER_HANGS] = {"reader-hangs",
                "读卡器没有应答，请重新插拔读卡器",
                "The reader does not answer: unplug it and plug it in again"},
        [GROUND_READER_BUSY] = {"reader-busy",
                "读卡器被其他程序占用，请关闭该程序",
                "Another program holds the reader: close it"},
        [GROUND_NO_CARD] = {"no-card", "读卡器上没有卡，请放好空白卡",
                "No card on the reader: lay a blank on it"},
        [GROUND_LINK_LOST] = {"link-lost", "与卡的联系中断，稍后自动重试",
                "The card was lost from the reader; it will be tried again"},
        [GROUND_FOREIGN_CARD] = {"foreign-card",
                "这不是本系统的卡，请取走并放入空白卡",
                "This is not one of our cards: take it away, use a blank"},
        [GROUND_PERSONALISED] = {"already-personalised",
                "此卡已制作过，请取走并放入空白卡",
                "This card is made already: take it away, use a blank"},
        [GROUND_NOT_IN_STOCK] = {"not-in-stock",
                "此卡不在本制卡点的库存中，请取走并核对",
                "This card is not in this station's stock: "
                "take it away and look where it belongs"},
        [GROUND_NO_BLANK] = {"no-blank", "本制卡点库存已空，请先入库",
                "This station has no blank in stock: book some in first"},
        [GROUND_WRONG_CARD] = {"wrong-card",
                "读卡器上不是正在制作的那张卡，请放回原卡",
                "Another card lies on the reader: put back the one in work"},
        [GROUND_PRINTER_NOT_READY] = {"printer-not-ready",
                "打印机未就绪，请检查卡片、色带和机盖",
                "The printer is not ready: look at cards, ribbon and cover"},
        [GROUND_BIN_FULL] = {"bin-full", "出卡盒已满，请取走成品卡",
                "The output bin is full: take the cards out"},
        [GROUND_JAMMED] = {"jammed", "卡片卡住，请打开设备取出",
                "A card is jammed: open the device and take it out"},
        [GROUND_OPERATOR_AWAY] = {"operator-away",
                "无人应答，请到制卡点处理后继续",
                "Nobody answered: see to the station, then go on"},
        [GROUND_STOPPING] = {"stopping", "制卡点正在停止",
                "The station is being stopped"},
        [GROUND_SIGNER_AWAY] = {"signer-away",
                "签名服务没有应答，稍后自动重试；请检查 hufu-signd",
                "The signer does not answer; it will be tried again. "
                "Look at hufu-signd"},
        [GROUND_SIGNER_REFUSES] = {"signer-refuses",
                "签名服务拒绝签名，请通知系统管理员",
                "The signer refuses: tell the system administrator"},
        [GROUND_LOG_AWAY] = {"log-away",
                "日志无法公布检查点，暂停制卡；请检查 hufu-signd 和磁盘空间",
                "The log cannot publish a checkpoint, so nothing is issued: "
                "look at hufu-signd and at the disk space"},
        [GROUND_LISTS_AWAY] = {"lists-away",
                "状态列表无法发布，暂停制卡；请通知系统管理员",
                "The status list cannot be published, so nothing is issued: "
                "tell the system administrator"},
        [GROUND_STORE_FAILED] = {"store-failed",
                "数据库无法写入，请检查磁盘空间",
                "The database cannot be written: look at the disk"},
        [GROUND_UNDRAWABLE] = {"undrawable",
                "卡面内容无法打印，请核对姓名和照片",
                "The face cannot be drawn: look at name and photo"},
        [GROUND_NOT_BUILT] = {"not-built", "卡片数据无法生成，请核对申请内容",
                "The card's data cannot be built: look at the application"},
        [GROUND_FAULT] = {"fault", "内部错误，请通知系统管理员",
                "An internal error: tell the system administrator"},
        [GROUND_WRONG_KEY] = {"wrong-key",
                "此卡密钥不符，已隔离，请放入作废卡盒",
                "This card's keys do not fit; it is quarantined: "
                "put it with the spoiled cards"},
        [GROUND_SIGNED_OTHERWISE] = {"signed-otherwise",
                "此状态编号已签发过其他内容，本卡作废",
                "Other bytes were signed under this status reference; "
                "the card is void"},
        [GROUND_CARD_MISSING] = {"card-missing",
                "制作中的卡不在了，已作废；找到后请放入作废卡盒",
                "The card in work is gone and now void: "
                "when found, put it with the spoiled cards"},
        [GROUND_CHIP_CHANGED] = {"chip-changed",
                "芯片内容被其他任务改动，已作废",
                "Another job has changed the chip; the card is void"},
        [GROUND_CHIP_REFUSES] = {"chip-refuses", "芯片拒绝写入，已作废",
                "The chip refuses; the card is void"},
        [GROUND_CHIP_FULL] = {"chip-full", "芯片容量不足，已作废",
                "The chip is too small; the card is void"},
        [GROUND_CHIP_DIFFERS] = {"chip-differs",
                "芯片读回内容与写入不符，已作废",
                "The chip reads back otherwise than written; "
                "the card is void"},
        [GROUND_PRINT_FAILED] = {"print-failed",
                "打印失败，已作废；请检查打印机",
                "Printing failed and the card is void: "
                "look at the printer"},
        [GROUND_PRINT_UNKNOWN] = {"print-unknown",
                "打印结果不明，已作废；请把此卡放入作废卡盒",
                "Nobody knows whether it was printed, so the card is void: "
                "put it with the spoiled cards"},
        [GROUND_FACE_DIFFERS] = {"face-differs",
                "卡面二维码与签发内容不符，已作废",
                "The printed QR code is not the one signed; "
                "the card is void"},
        [GROUND_FACE_UNREADABLE] = {"face-unreadable",
                "卡面二维码无法识读，已作废；请检查色带和打印头",
                "The printed QR code cannot be read; the card is void: "
                "look at ribbon and print head"},
};

const char *ground_slug(enum ground ground)
{
	return grounds[ground].slug;
}

enum ground ground_find(const char *slug)
{
	for (int i = GROUND_NONE + 1; i < GROUNDS; i++)
		if (strcmp(grounds[i].slug, slug) == 0)
			return (enum ground)i;
	return GROUND_NONE;
}

int ground_problem(struct problem *p, int code, enum ground ground)
{
	return problem_set(p, code, grounds[ground].slug, "%s%.0s", "%.0s%s",
	        grounds[ground].zh, grounds[ground].en);
}

enum ground ground_of_terminal(int rc)
{
	switch (rc) {
	case TERMINAL_LINK_LOST:
	case TERMINAL_CHANNEL_BROKEN:
		return GROUND_LINK_LOST;
	case TERMINAL_NO_READER:
	case HUFU_ERR_LINK:
		return GROUND_NO_READER;
	case TERMINAL_NO_CARD:
		return GROUND_NO_CARD;
	case TERMINAL_READER_HANGS:
		return GROUND_READER_HANGS;
	case TERMINAL_READER_BUSY:
		return GROUND_READER_BUSY;
	case TERMINAL_FOREIGN_CARD:
		return GROUND_FOREIGN_CARD;
	case TERMINAL_WRONG_KEY:
	case TERMINAL_QUARANTINED:
		return GROUND_WRONG_KEY;
	case TERMINAL_PERSONALISED:
	case TERMINAL_STALE_JOB:
		return GROUND_CHIP_CHANGED;
	case TERMINAL_NO_SPACE:
		return GROUND_CHIP_FULL;
	case TERMINAL_MISMATCH:
	case TERMINAL_NOT_GENUINE:
		return GROUND_CHIP_DIFFERS;
	case TERMINAL_LOCKED:
	case TERMINAL_TERMINATED:
	case TERMINAL_REFUSED:
	case TERMINAL_NOT_READABLE:
	case HUFU_ERR_MALFORMED:
	case HUFU_ERR_TRUNCATED:
	case HUFU_ERR_TRAILING:
	case HUFU_ERR_UNSUPPORTED:
	case HUFU_ERR_NOT_FOUND:
	case HUFU_ERR_SPACE:
		return GROUND_CHIP_REFUSES;
	default:
		return GROUND_FAULT;
	}
}

enum ground ground_of_transport(int rc)
{
	switch (rc) {
	case STATION_HOPPER_EMPTY:
		return GROUND_HOPPER_EMPTY;
	case STATION_NO_READER:
		return GROUND_NO_READER;
	case STATION_NO_PRINTER:
		return GROUND_PRINTER_NOT_READY;
	case STATION_BIN_FULL:
		return GROUND_BIN_FULL;
	case STATION_JAMMED:
		return GROUND_JAMMED;
	case STATION_OPERATOR_AWAY:
		return GROUND_OPERATOR_AWAY;
	case STATION_STOPPING:
		return GROUND_STOPPING;
	case STATION_PRINT_FAILED:
		return GROUND_PRINT_FAILED;
	case STATION_PRINT_UNKNOWN:
		return GROUND_PRINT_UNKNOWN;
	case STATION_CANNOT_LOOK:
		return GROUND_FACE_UNREADABLE;
	default:
		return GROUND_FAULT;
	}
}

bool ground_spoils(enum ground ground)
{
	return ground >= GROUND_WRONG_KEY;
}
