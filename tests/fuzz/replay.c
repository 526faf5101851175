/* Runs LLVMFuzzerTestOneInput over every file of the corpus folders given. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	if (!f || fstat(fileno(f), &st) != 0) {
		perror(path);
		return 1;
	}
	size_t size = (size_t)st.st_size;
	/* an exact-size heap block, so that a read past the end is caught */
	uint8_t *data = malloc(size ? size : 1);
	int bad = !data || fread(data, 1, size, f) != size;
	fclose(f);
	if (!bad)
		(void)LLVMFuzzerTestOneInput(data, size); /* always 0 */
	free(data);
	return bad;
}

static int replay_folder(const char *folder, unsigned *count)
{
	DIR *d = opendir(folder);
	if (!d) {
		perror(folder);
		return 1;
	}
	int bad = 0;
	for (struct dirent *e = readdir(d); e && !bad; e = readdir(d)) {
		char path[4096];
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		bad = replay_file(path);
		(*count)++;
	}
	closedir(d);
	return bad;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	for (int i = 1; i < argc; i++)
		if (replay_folder(argv[i], &count))
			return 1;
	printf("%u inputs replayed\n", count);
	return count ? 0 : 1; /* an empty corpus proves nothing */
}
