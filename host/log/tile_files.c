#include "host/log/tile_files.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "crypto/openssl/sigs.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644 };

static int path_of(
        const char *folder, const struct tile *t, char ret[TILE_FILES_PATH_MAX])
{
	char name[TILE_PATH_MAX];

	tile_path_encode(t, name);
	return file_join(folder, name, ret, TILE_FILES_PATH_MAX);
}

static int put(void *arg, const struct tile *t, struct span bytes)
{
	const struct tile_files *files = arg;
	char path[TILE_FILES_PATH_MAX], parent[TILE_FILES_PATH_MAX];
	char *slash;
	int rc = path_of(files->folder, t, path);

	if (rc)
		return rc;
	memcpy(parent, path, sizeof(parent));
	slash = strrchr(parent, '/');
	*slash = 0;
	if (!file_exists(parent))
		rc = file_make_folder(parent, FOLDER_MODE);
	return rc ? rc : file_write(path, bytes, FILE_MODE);
}

int tile_files_read(const char *folder, const struct tile *t, uint8_t **ret,
        size_t *ret_len)
{
	char path[TILE_FILES_PATH_MAX];
	int rc = path_of(folder, t, path);

	return rc ? rc : file_read(path, TILE_FILES_BUNDLE_MAX, ret, ret_len);
}

/* A tile only ever widens: as it stands now, else as it was asked for. */
static int get(void *arg, const struct tile *t, struct writer *ret)
{
	const struct tile_files *files = arg;
	unsigned now = tile_width(t->level, t->index, files->size);
	const unsigned widths[] = {now, TILE_WIDTH, t->width};
	int rc = HUFU_ERR_NOT_FOUND;

	for (size_t i = 0; i < 3 && rc == HUFU_ERR_NOT_FOUND; i++) {
		struct tile wide = {t->level, t->index, widths[i]};
		_free_ uint8_t *data = NULL;
		size_t len = 0;

		if (wide.width < t->width)
			continue;
		rc = tile_files_read(files->folder, &wide, &data, &len);
		if (!rc)
			writer_put(ret, data, len);
	}
	return rc ? rc : ret->error;
}

struct tiles_io tile_files_io(struct tile_files *files)
{
	return (struct tiles_io){.arg = files, .put = put, .get = get};
}

static void remove_partials(const char *folder, int level, uint64_t index)
{
	struct tile t = {level, index, 1};
	char path[TILE_FILES_PATH_MAX], file[TILE_FILES_PATH_MAX];
	const struct dirent *entry;
	DIR *open;

	if (path_of(folder, &t, path))
		return;
	*strrchr(path, '/') = 0; /* ".p" */
	open = opendir(path);
	while (open && (entry = readdir(open))) {
		if (entry->d_name[0] != '.' &&
		        !file_join(path, entry->d_name, file, sizeof(file)))
			(void)unlink(file); /* one left behind is harmless */
	}
	if (open)
		(void)closedir(open); /* nothing was written through it */
	(void)rmdir(path);
}

void tile_files_tidy(const char *folder, uint64_t old_size, uint64_t size)
{
	uint64_t old_full = old_size, full = size;

	for (int level = 0; level < TILE_LEVELS; level++) {
		old_full /= TILE_WIDTH;
		full /= TILE_WIDTH;
		for (uint64_t i = old_full; i < full; i++) {
			remove_partials(folder, level, i);
			if (level == 0)
				remove_partials(folder, TILE_ENTRIES, i);
		}
	}
}

int tile_files_open_note(struct span text, const struct note_key *key,
        struct log_checkpoint *ret)
{
	struct log_checkpoint read = {0};
	struct checkpoint c;
	struct note note;
	int rc = note_decode(text, &note);

	if (!rc && text.len >= sizeof(read.note))
		rc = HUFU_ERR_LIMIT;
	if (!rc)
		rc = note_check(&note, key, sigs_openssl());
	if (rc == HUFU_ERR_NOT_FOUND)
		rc = HUFU_ERR_SIGNATURE;
	if (!rc)
		rc = checkpoint_decode(note.text, &c);
	if (!rc && !span_equal(c.origin, key->name))
		rc = HUFU_ERR_SIGNATURE;
	if (rc)
		return rc;
	read.size = c.size;
	memcpy(read.root, c.root, sizeof(read.root));
	memcpy(read.note, text.data, text.len);
	*ret = read;
	return 0;
}

int tile_files_read_checkpoint(const char *folder, const struct note_key *key,
        struct log_checkpoint *ret)
{
	char path[TILE_FILES_PATH_MAX];
	_free_ uint8_t *data = NULL;
	size_t len = 0;
	int rc = file_join(folder, "checkpoint", path, sizeof(path));

	if (!rc)
		rc = file_read(path, NOTE_MAX, &data, &len);
	return rc ? rc : tile_files_open_note(span_of(data, len), key, ret);
}

int tile_files_write_checkpoint(
        const char *folder, const struct log_checkpoint *c)
{
	char path[TILE_FILES_PATH_MAX];
	int rc = file_join(folder, "checkpoint", path, sizeof(path));

	return rc ? rc : file_write(path, span_of_text(c->note), FILE_MODE);
}
