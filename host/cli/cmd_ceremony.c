#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/openssl/secret_file.h"
#include "host/base/file.h"
#include "host/base/number.h"
#include "host/cli/cli.h"
#include "host/cli/share.h"

static const char usage[] = "ceremony split FILE --need M --of N --out FOLDER\n"
                            "       hufu ceremony join --out FILE SHARE...";

static int refuse(int code, const char *zh, const char *en, const char *what)
{
	struct problem p;
	(void)problem_set(&p, code, "ceremony", "%1$s%2$.0s：%3$s",
	        "%1$.0s%2$s: %3$s", zh, en, what); /* = code */
	return cli_refuse(&p);
}

static int read_secret(const char *path, struct writer *ret)
{
	int r = secret_file_read(path, ret);
	return r == HUFU_OK ? CLI_DONE
	                    : refuse(r,
	                              "读不了密钥文件（须属于本用户、权限 "
	                              "0600、不超过 4096 字节）",
	                              "Cannot read the secret (it must be this "
	                              "user's, mode 0600, 4096 bytes at most)",
	                              path);
}

static int write_share(const char *folder, const struct share *share)
{
	char path[4096], *text = malloc(SHARE_TEXT_MAX);
	if (!text)
		return HUFU_ERR_MEMORY;
	(void)snprintf(path, sizeof path, "%s/%s-%u-of-%u.share", folder,
	        share->name, share->number, share->of);
	share_encode(share, text);
	int r = secret_file_create(path, span_of_text(text));
	bytes_wipe(text, SHARE_TEXT_MAX);
	free(text);
	if (r == HUFU_OK)
		printf("%s\n", path);
	return r;
}

static bool parse_people(const char *text, unsigned *ret)
{
	struct number_range range = {2, SHARE_PEOPLE_MAX};
	int64_t n = 0;
	if (!text || number_parse_text(text, range, &n) != HUFU_OK)
		return false;
	*ret = (unsigned)n;
	return true;
}

static int split_into(const char *path, const char *folder, unsigned need,
        unsigned of, struct share *shares)
{
	uint8_t secret[SHARE_SECRET_MAX];
	struct writer w;
	char copy[4096];
	writer_init(&w, secret, sizeof secret);
	int exit = read_secret(path, &w);
	if (exit != CLI_DONE)
		return exit;
	(void)snprintf(copy, sizeof copy, "%s", path);
	int r = share_split(writer_span(&w), basename(copy), need, of, shares);
	bytes_wipe(secret, sizeof secret);
	for (unsigned i = 0; r == HUFU_OK && i < of; i++)
		r = write_share(folder, &shares[i]);
	if (r)
		return refuse(r,
		        "不能写出份额（文件夹须存在、为空；文件名至多 32 字）",
		        "Cannot write the shares (the folder must exist and be "
		        "empty; a name has 32 characters at most)",
		        folder);
	printf("请把每一份交给一位保管员封存，任意 %u 份可恢复；"
	       "交接后删除此处的文件。\n"
	       "Give each to one custodian, sealed; any %u bring it back. "
	       "Then remove the files here.\n",
	        need, need);
	return CLI_DONE;
}

static int split(int argc, char **argv)
{
	const char *need_text = NULL, *of_text = NULL, *folder = NULL;
	const char *path = NULL;
	unsigned need = 0, of = 0;
	const struct cli_option options[] = {{"need", &need_text, NULL},
	        {"of", &of_text, NULL}, {"out", &folder, NULL},
	        {NULL, NULL, NULL}};
	if (!cli_parse(argc, argv, options, &path, 1) || !path || !folder ||
	        !parse_people(need_text, &need) ||
	        !parse_people(of_text, &of) || need > of)
		return cli_usage(usage);
	struct share *shares = calloc(of, sizeof *shares);
	if (!shares)
		return CLI_REFUSED;
	int exit = split_into(path, folder, need, of, shares);
	bytes_wipe(shares, of * sizeof *shares);
	free(shares);
	return exit;
}

static int read_share(const char *path, struct share *ret)
{
	uint8_t *text = calloc(1, SHARE_TEXT_MAX + 1);
	struct writer w;
	if (!text)
		return CLI_REFUSED;
	writer_init(&w, text, SHARE_TEXT_MAX);
	int r = secret_file_read(path, &w);
	if (r == HUFU_OK)
		r = share_decode((const char *)text, ret);
	bytes_wipe(text, SHARE_TEXT_MAX);
	free(text);
	if (r == HUFU_ERR_SIGNATURE)
		return refuse(r, "份额抄录有误，请逐行核对",
		        "The share is mistyped: compare line by line", path);
	return r == HUFU_OK
	               ? CLI_DONE
	               : refuse(r, "不是份额文件，或权限不是 0600",
	                         "No share, or its mode is not 0600", path);
}

static int write_joined(
        const struct share *shares, size_t count, const char *out)
{
	uint8_t secret[SHARE_DATA_MAX];
	struct writer w;
	writer_init(&w, secret, sizeof secret);
	int r = share_join(shares, count, &w);
	if (r == HUFU_OK)
		r = secret_file_create(out, writer_span(&w));
	bytes_wipe(secret, sizeof secret);
	switch (r) {
	case HUFU_OK:
		printf("已恢复 restored: %s\n", out);
		return CLI_DONE;
	case HUFU_ERR_ARGUMENT:
		return refuse(r, "份额不够", "There are too few shares", out);
	case HUFU_ERR_SIGNATURE:
		return refuse(r, "份额合不出原来的密钥，其中有被改动的",
		        "The shares do not make the secret: one was changed",
		        out);
	default:
		return refuse(r, "份额不是同一组、有重复，或文件已存在",
		        "Shares of different sets, one twice, or the file "
		        "exists",
		        out);
	}
}

static int join(int argc, char **argv)
{
	const char *out = NULL, *paths[SHARE_PEOPLE_MAX] = {NULL};
	const struct cli_option options[] = {
	        {"out", &out, NULL}, {NULL, NULL, NULL}};
	size_t count = 0;
	if (!cli_parse(argc, argv, options, paths, SHARE_PEOPLE_MAX) || !out ||
	        !paths[0])
		return cli_usage(usage);
	struct share *shares = calloc(SHARE_PEOPLE_MAX, sizeof *shares);
	int exit = shares ? CLI_DONE : CLI_REFUSED;
	for (; exit == CLI_DONE && count < SHARE_PEOPLE_MAX && paths[count];
	        count++)
		exit = read_share(paths[count], &shares[count]);
	if (exit == CLI_DONE)
		exit = write_joined(shares, count, out);
	if (shares)
		bytes_wipe(shares, SHARE_PEOPLE_MAX * sizeof *shares);
	free(shares);
	return exit;
}

int cmd_ceremony(const struct cli *cli, int argc, char **argv)
{
	(void)cli; /* works on files alone */
	if (argc > 1 && strcmp(argv[0], "split") == 0)
		return split(argc, argv);
	if (argc > 1 && strcmp(argv[0], "join") == 0)
		return join(argc, argv);
	return cli_usage(usage);
}
