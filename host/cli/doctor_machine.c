#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "host/base/file.h"
#include "host/cli/doctor.h"

enum {
	ROOM_LOW = 10, /* per cent */
	ROOM_NONE = 3,
	BACKUP_AGE_S = 26 * 3600,
	LEAP_S = 120, /* what clocks of one machine may differ */
};

void doctor_check_clock(struct doctor *d)
{
	struct timex t = {0};
	struct stat st;
	char path[PATH_MAX];
	if (file_join(d->settings->log_folder, "checkpoint", path,
	            sizeof path) == HUFU_OK &&
	        stat(path, &st) == 0 && st.st_mtime > d->now_s + LEAP_S)
		doctor_say(d, DOCTOR_ILL, "clock",
		        "本机时间比最后的检查点早 %lld 秒：先校时再办理业务。",
		        "The clock is %lld s before the last checkpoint: set "
		        "it "
		        "before any work is done.",
		        (long long)(st.st_mtime - d->now_s));
	else if (adjtimex(&t) == TIME_ERROR || (t.status & STA_UNSYNC))
		doctor_say(d, DOCTOR_WARNING, "clock",
		        "时钟没有与时间服务器同步：请启用 chrony 或 "
		        "systemd-timesyncd。",
		        "The clock is not synchronised: enable chrony or "
		        "systemd-timesyncd.");
	else
		doctor_say(d, DOCTOR_WELL, "clock", "时钟已同步。",
		        "The clock is synchronised.");
}

static const char *store_file(const struct doctor *d)
{
	static const char scheme[] = "sqlite://";
	const char *url = d->settings->store_url;
	return strncmp(url, scheme, strlen(scheme)) == 0 ? url + strlen(scheme)
	                                                 : url;
}

static void check_room(struct doctor *d, const char *folder)
{
	struct statvfs fs;
	if (statvfs(folder, &fs) != 0 || fs.f_blocks == 0) {
		doctor_say(d, DOCTOR_ILL, "disk",
		        "%s 不存在或无法查看：请检查路径和权限。",
		        "%s is missing or cannot be looked at: check path and "
		        "rights.",
		        folder);
		return;
	}
	unsigned left = (unsigned)(100 * fs.f_bavail / fs.f_blocks);
	unsigned inodes =
	        fs.f_files ? (unsigned)(100 * fs.f_favail / fs.f_files) : 100;
	if (inodes < left)
		left = inodes;
	enum doctor_level level = left < ROOM_NONE  ? DOCTOR_ILL
	                          : left < ROOM_LOW ? DOCTOR_WARNING
	                                            : DOCTOR_WELL;
	doctor_say(d, level, "disk",
	        level == DOCTOR_WELL
	                ? "%s 所在磁盘剩余 %u%%。"
	                : "%s 所在磁盘只剩 %u%%：请腾出空间，写满后停止受理。",
	        level == DOCTOR_WELL
	                ? "The disk of %s has %u%% left."
	                : "The disk of %s has %u%% left: make room, a full one "
	                  "stops all work.",
	        folder, left);
}

void doctor_check_disk(struct doctor *d)
{
	char folder[PATH_MAX];
	const char *file = store_file(d);
	const char *slash = strrchr(file, '/');
	if (slash && (size_t)(slash - file) < sizeof folder) {
		(void)snprintf(folder, sizeof folder, "%.*s",
		        (int)(slash - file), file);
		check_room(d, folder);
	}
	check_room(d, d->settings->log_folder);
}

static bool check_secret(struct doctor *d, const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		doctor_say(d, DOCTOR_ILL, "rights",
		        "看不到 %s：请检查路径，或以 root 运行本命令。",
		        "%s cannot be seen: check the path, or run this as "
		        "root.",
		        path);
		return false;
	}
	if ((st.st_mode & 077) == 0 && st.st_uid == geteuid())
		return true;
	doctor_say(d, DOCTOR_ILL, "rights",
	        "%s 权限是 %03o：须归主机服务账户，权限 0600（chmod 600）。",
	        "%s has mode %03o: it must be the daemon's alone (chmod 600).",
	        path, (unsigned)(st.st_mode & 0777));
	return false;
}

static bool check_signer_folder(struct doctor *d)
{
	char folder[PATH_MAX];
	struct stat st;
	const char *path = d->settings->signer_socket;
	const char *slash = strrchr(path, '/');
	if (!slash || (size_t)(slash - path) >= sizeof folder)
		return true;
	(void)snprintf(
	        folder, sizeof folder, "%.*s", (int)(slash - path), path);
	if (stat(folder, &st) != 0 || (st.st_mode & 07) == 0)
		return true; /* the signer's own check tells of a missing one */
	doctor_say(d, DOCTOR_WARNING, "rights",
	        "任何账户都能进入 %s：请改为 0750（chmod 750）。",
	        "Every user may enter %s: chmod 750.", folder);
	return false;
}

/* The root key belongs on a shelf. */
static bool check_offline(struct doctor *d)
{
	char path[PATH_MAX];
	const char *list = d->settings->trust_list;
	const char *slash = strrchr(list, '/');
	int len = snprintf(path, sizeof path, "%.*s/../offline",
	        slash ? (int)(slash - list) : 0, list);
	if (!slash || len >= (int)sizeof path || access(path, F_OK) != 0)
		return true;
	doctor_say(d, DOCTOR_WARNING, "rights",
	        "离线根密钥还在本机 %s：请移到离线介质保管后删除。",
	        "The offline root key is still on this machine, %s: move it to "
	        "offline media.",
	        path);
	return false;
}

void doctor_check_rights(struct doctor *d)
{
	bool good = check_secret(d, d->settings->seal_keys);
	good = check_secret(d, d->settings->status_key) && good;
	good = check_signer_folder(d) && good;
	good = check_offline(d) && good;
	if (good)
		doctor_say(d, DOCTOR_WELL, "rights",
		        "密钥文件和文件夹的权限正确。",
		        "Secrets and folders have the right modes.");
}

static time_t newest_in(const char *folder)
{
	time_t newest = 0;
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		struct stat st;
		if (fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
		        S_ISREG(st.st_mode) && st.st_mtime > newest)
			newest = st.st_mtime;
	}
	if (dir)
		(void)closedir(dir); /* only read */
	return newest;
}

void doctor_check_backups(struct doctor *d)
{
	time_t newest = d->backups ? newest_in(d->backups) : 0;
	long long hours = (long long)(d->now_s - newest) / 3600;
	if (!d->backups)
		doctor_say(d, DOCTOR_SKIPPED, "backup",
		        "没有说明备份在哪里：加上 --backups 文件夹。",
		        "Nobody told where the backups are: --backups FOLDER.");
	else if (newest == 0)
		doctor_say(d, DOCTOR_ILL, "backup",
		        "%s 里没有备份：运行 hufu backup。",
		        "There is no backup in %s: run hufu backup.",
		        d->backups);
	else
		doctor_say(d,
		        d->now_s - newest > BACKUP_AGE_S ? DOCTOR_WARNING
		                                         : DOCTOR_WELL,
		        "backup", "最近的备份是 %lld 小时前；每天备份一次。",
		        "The newest backup is %lld hours old; one a day is "
		        "due.",
		        hours);
}
