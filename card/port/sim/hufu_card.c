/* hufu-card: the card application as a virtual card behind vpcd. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "card/port/sim/blank.h"
#include "card/port/sim/control.h"
#include "card/port/sim/fault.h"
#include "card/port/sim/hex.h"
#include "card/port/sim/slot.h"

enum { FAULTS_MAX = 4, EXIT_USAGE = 2 };

struct options {
	const char *host, *port, *memory, *master, *serial, *control;
	const char *fault[FAULTS_MAX];
	size_t faults;
	bool sync, new_blank;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static void usage(FILE *out)
{
	fputs("用法：hufu-card --memory 文件 [选项]（虚拟优待证卡片，供 vpcd "
	      "读卡器使用）\n"
	      "usage: hufu-card --memory FILE [options]\n"
	      "  --port N, --host NAME       vpcd（默认 default 127.0.0.1 "
	      "35963）\n"
	      "  --memory FILE               卡片存储文件 the card's memory\n"
	      "  --control SOCKET            控制套接字 control socket\n"
	      "  --new-blank                 制作空白卡后退出 make a blank, "
	      "exit\n"
	      "  --transport-master FILE     传输主密钥，32 个十六进制字符 "
	      "32 hex digits\n"
	      "  --serial HEX                卡片序列号，20 个十六进制字符 "
	      "20 hex digits\n"
	      "  --sync                      每次写入都落盘 wait for the disk\n"
	      "  --fault \"pull-after N\"      故障 faults: pull-before N, "
	      "pull-after N,\n"
	      "                              cut-at N [after|half|before|ruin]"
	      "\n",
	        out);
}

static int fail(const char *zh, const char *en)
{
	fprintf(stderr, "hufu-card: %s\nhufu-card: %s\n", zh, en);
	return EXIT_FAILURE;
}

/* 0, or the exit status plus 1 (help leaves with 0). */
static int parse(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
	        {"host", required_argument, NULL, 'h'},
	        {"port", required_argument, NULL, 'p'},
	        {"memory", required_argument, NULL, 'm'},
	        {"control", required_argument, NULL, 'c'},
	        {"transport-master", required_argument, NULL, 't'},
	        {"serial", required_argument, NULL, 's'},
	        {"fault", required_argument, NULL, 'f'},
	        {"new-blank", no_argument, NULL, 'n'},
	        {"sync", no_argument, NULL, 'y'},
	        {"help", no_argument, NULL, '?' + 256},
	        {NULL, 0, NULL, 0},
	};
	int c;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 'h':
			o->host = optarg;
			break;
		case 'p':
			o->port = optarg;
			break;
		case 'm':
			o->memory = optarg;
			break;
		case 'c':
			o->control = optarg;
			break;
		case 't':
			o->master = optarg;
			break;
		case 's':
			o->serial = optarg;
			break;
		case 'n':
			o->new_blank = true;
			break;
		case 'y':
			o->sync = true;
			break;
		case 'f':
			if (o->faults == FAULTS_MAX)
				return EXIT_USAGE + 1;
			o->fault[o->faults++] = optarg;
			break;
		case '?' + 256:
			usage(stdout);
			return EXIT_SUCCESS + 1;
		default:
			usage(stderr);
			return EXIT_USAGE + 1;
		}
	}
	if (optind == argc && (o->memory || (o->control && !o->new_blank)))
		return 0;
	usage(stderr);
	return EXIT_USAGE + 1;
}

static int make_blank(const struct options *o, const uint8_t *master)
{
	uint8_t serial[CARD_SERIAL_LEN];
	char text[2 * CARD_SERIAL_LEN + 1];
	if (!master)
		return fail("制作空白卡需要 --transport-master 文件",
		        "--new-blank needs --transport-master FILE");
	switch (blank_make(o->memory, o->serial, master, serial)) {
	case HUFU_OK:
		break;
	case HUFU_ERR_CONFLICT:
		return fail("文件已存在，请换一个文件名",
		        "the file exists already: choose another name");
	case HUFU_ERR_MALFORMED:
		return fail("--serial 应为 20 个十六进制字符",
		        "--serial takes 20 hexadecimal digits");
	default:
		return fail("无法写入空白卡文件，请检查目录和权限",
		        "cannot write the blank: check the folder");
	}
	hex_encode(serial, sizeof serial, text);
	puts(text);
	return EXIT_SUCCESS;
}

static int insert_first(const struct options *o, struct slot *s)
{
	switch (slot_insert(s, o->memory)) {
	case HUFU_OK:
		break;
	case HUFU_ERR_NOT_FOUND:
		return fail("找不到卡片文件，可用 --new-blank 制作",
		        "no such memory file: make one with "
		        "--new-blank");
	case HUFU_ERR_BUSY:
		return fail("另一个读卡器正在使用这张卡",
		        "another reader holds this card");
	case HUFU_ERR_MALFORMED:
	case HUFU_ERR_CORRUPT:
		return fail("该文件不是卡片存储，或已损坏",
		        "the file is no card's memory, or damaged");
	default:
		return fail("无法打开卡片文件", "cannot open the memory file");
	}
	for (size_t i = 0; i < o->faults; i++)
		if (fault_set(s, o->fault[i]))
			return fail("--fault 的写法不对，见 --help",
			        "--fault is not understood, see "
			        "--help");
	return EXIT_SUCCESS;
}

/* Signals are let in only while it waits, so that none is missed. */
static int run(struct slot *s, struct control *c, bool controlled)
{
	struct pollfd polled[2 + CONTROL_CLIENTS_MAX];
	const struct timespec retry = {.tv_nsec = SLOT_RETRY_MS * 1000000L};
	sigset_t none;
	sigemptyset(&none);
	while (!stopped && !c->quit && (controlled || s->present)) {
		size_t n = controlled ? control_poll(c, polled) : 0;
		bool waits = s->present && s->fd < 0;
		polled[n] = (struct pollfd){.fd = s->fd, .events = POLLIN};
		int rc = ppoll(polled, n + 1, waits ? &retry : NULL, &none);
		if (rc < 0 && errno != EINTR)
			return fail(
			        "等待读卡器时出错", "cannot wait for events");
		if (rc > 0 && polled[n].revents)
			slot_serve(s);
		if (rc > 0 && n > 0)
			control_serve(c, polled, n);
		slot_connect(s);
	}
	return EXIT_SUCCESS;
}

static void watch_signals(void)
{
	struct sigaction act = {.sa_handler = stop};
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	/* these calls fail only for signals that do not exist */
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
}

static int serve(const struct options *o, const uint8_t *master)
{
	static struct slot slot;
	static struct control control;
	slot_init(&slot, o->host, o->port);
	slot.sync = o->sync;
	control.slot = &slot;
	control.master = master;
	watch_signals();
	if (o->control && control_open(&control, o->control))
		return fail("无法建立控制套接字，请检查目录和权限",
		        "cannot make the control socket: check the "
		        "folder");
	int rc = o->memory ? insert_first(o, &slot) : EXIT_SUCCESS;
	if (rc == EXIT_SUCCESS)
		rc = run(&slot, &control, o->control != NULL);
	slot_done(&slot);
	if (o->control) {
		control_close(&control);
		(void)unlink(o->control); /* the next start does it too */
	}
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.host = "127.0.0.1", .port = "35963"};
	uint8_t master[CARD_KEY_LEN];
	int rc = parse(argc, argv, &o);
	if (rc)
		return rc - 1;
	if (o.master && blank_read_master(o.master, master))
		return fail("--transport-master 文件应为 32 个十六进制字符",
		        "the --transport-master file must hold 32 "
		        "hexadecimal digits");
	const uint8_t *given = o.master ? master : NULL;
	rc = o.new_blank ? make_blank(&o, given) : serve(&o, given);
	bytes_wipe(master, sizeof master);
	return rc;
}
