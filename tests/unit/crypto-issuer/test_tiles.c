#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/issuer/tiles_prove.h"
#include "tests/unit/crypto-issuer/tile_folder.h"

static struct tile_folder folder;

static int clean(void **state)
{
	(void)state;
	tile_folder_done(&folder);
	return 0;
}

static struct span entry_of(uint64_t i, char space[64])
{
	int n = snprintf(space, 64, "entry %llu %.*s", (unsigned long long)i,
	        (int)(i % 7), "abcdefg");
	return span_of(space, (size_t)n);
}

/* RFC 6962 section 2.1, word for word. */
static void naive_root(uint64_t from, uint64_t to, uint8_t ret[32])
{
	char space[64];
	uint8_t left[32], right[32];
	if (from == to) {
		merkle_empty(ret);
		return;
	}
	if (to - from == 1) {
		merkle_leaf(entry_of(from, space), ret);
		return;
	}
	uint64_t k = 1;
	while (k * 2 < to - from)
		k *= 2;
	naive_root(from, from + k, left);
	naive_root(from + k, to, right);
	merkle_node(left, right, ret);
}

static struct tiles *grown(uint64_t size)
{
	struct tiles *t;
	char space[64];
	assert_int_equal(tiles_new(&t), HUFU_OK);
	for (uint64_t i = 0; i < size; i++)
		assert_int_equal(tiles_append(t, entry_of(i, space)), HUFU_OK);
	return t;
}

static void root_is_that_of_rfc_6962(void **state)
{
	(void)state;
	uint8_t want[32], got[32];
	char space[64];
	struct tiles *t = grown(0);
	for (uint64_t size = 0; size <= 700; size++) {
		naive_root(0, size, want);
		tiles_root(t, got);
		assert_memory_equal(got, want, 32);
		assert_int_equal(tiles_size(t), size);
		assert_int_equal(
		        tiles_append(t, entry_of(size, space)), HUFU_OK);
	}
	tiles_free(t);
}

static void writes_the_files_of_tlog_tiles(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(256 * 256 + 256 + 3);
	uint8_t want[32];
	char space[64];
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	/* 257 full and one partial bundle and tile; then 1 full and 1/256 */
	assert_int_equal(folder.count, 2 * 258 + 1 + 1 + 1);
	assert_int_equal(tile_folder_find(&folder, "tile/0/255").len, 256 * 32);
	assert_int_equal(
	        tile_folder_find(&folder, "tile/0/257.p/3").len, 3 * 32);
	assert_int_equal(tile_folder_find(&folder, "tile/1/000").len, 256 * 32);
	assert_int_equal(
	        tile_folder_find(&folder, "tile/1/001.p/1").len, 1 * 32);
	assert_int_equal(
	        tile_folder_find(&folder, "tile/2/000.p/1").len, 1 * 32);
	struct span leaf = tile_folder_find(&folder, "tile/0/257.p/3");
	merkle_leaf(entry_of(256 * 257 + 2, space), want);
	assert_memory_equal(leaf.data + 64, want, 32);
	struct reader r;
	reader_init(&r, tile_folder_find(&folder, "tile/entries/257.p/3"));
	for (uint64_t i = 256 * 257; i < 256 * 257 + 3; i++)
		assert_true(
		        span_equal(tiles_get_entry(&r), entry_of(i, space)));
	assert_int_equal(reader_done(&r), HUFU_OK);
	tiles_free(t);
}

static void second_flush_writes_only_what_grew(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(300);
	char space[64];
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	unsigned puts = folder.puts;
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	assert_int_equal(folder.puts, puts);
	assert_int_equal(tiles_append(t, entry_of(300, space)), HUFU_OK);
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	assert_int_equal(folder.puts, puts + 2); /* bundle and level 0 */
	assert_non_null(tile_folder_find(&folder, "tile/0/001.p/45").data);
	tiles_free(t);
}

static void failed_flush_is_repeated_as_a_whole(void **state)
{
	(void)state;
	struct tile_folder want = {0};
	struct tiles_io want_io = tile_folder_io(&want);
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(600);
	assert_int_equal(tiles_flush(t, &want_io), HUFU_OK);
	tiles_free(t);
	for (unsigned n = 1; n <= want.puts; n++) {
		t = grown(600);
		folder.fail_at = n;
		assert_int_equal(tiles_flush(t, &io), HUFU_ERR_FULL);
		folder.fail_at = 0;
		assert_int_equal(tiles_flush(t, &io), HUFU_OK);
		assert_int_equal(folder.count, want.count);
		for (size_t i = 0; i < want.count; i++)
			assert_true(span_equal(
			        tile_folder_find(&folder, want.files[i].path),
			        span_of(want.files[i].bytes,
			                want.files[i].len)));
		tiles_free(t);
		tile_folder_done(&folder);
	}
	tile_folder_done(&want);
}

static void loads_from_any_size_and_grows_on(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(0);
	uint8_t want[32], got[32];
	char space[64];
	for (uint64_t size = 0; size < 530; size++) {
		struct tiles *again;
		assert_int_equal(tiles_flush(t, &io), HUFU_OK);
		assert_int_equal(tiles_load(&io, size, &again), HUFU_OK);
		for (uint64_t i = size; i < size + 3; i++)
			assert_int_equal(
			        tiles_append(again, entry_of(i, space)),
			        HUFU_OK);
		naive_root(0, size + 3, want);
		tiles_root(again, got);
		assert_memory_equal(got, want, 32);
		assert_int_equal(tiles_size(again), size + 3);
		tiles_free(again);
		assert_int_equal(
		        tiles_append(t, entry_of(size, space)), HUFU_OK);
	}
	tiles_free(t);
}

static void refuses_a_damaged_edge(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(300);
	struct tiles *again = NULL;
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	struct span s = tile_folder_find(&folder, "tile/0/001.p/44");
	for (size_t i = 0; i < folder.count; i++)
		if (folder.files[i].bytes == s.data)
			folder.files[i].bytes[s.len - 1] ^= 1;
	assert_int_equal(tiles_load(&io, 300, &again), HUFU_ERR_CORRUPT);
	assert_null(again);
	for (size_t i = 0; i < folder.count; i++)
		if (folder.files[i].bytes == s.data)
			folder.files[i].len--;
	assert_int_equal(tiles_load(&io, 300, &again), HUFU_ERR_CORRUPT);
	assert_int_equal(tiles_load(&io, 900, &again), HUFU_ERR_NOT_FOUND);
	tiles_free(t);
}

static void proves_every_leaf_of_every_size(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(0);
	struct merkle_proof proof;
	uint8_t root[32], leaf[32];
	char space[64];
	for (uint64_t size = 1; size <= 70; size++) {
		assert_int_equal(
		        tiles_append(t, entry_of(size - 1, space)), HUFU_OK);
		assert_int_equal(tiles_flush(t, &io), HUFU_OK);
		tiles_root(t, root);
		for (uint64_t i = 0; i < size; i++) {
			merkle_leaf(entry_of(i, space), leaf);
			assert_int_equal(
			        tiles_prove_inclusion(&io, i, size, &proof),
			        HUFU_OK);
			assert_int_equal(merkle_check_inclusion(
			                         &proof, i, size, leaf, root),
			        HUFU_OK);
		}
		assert_int_equal(tiles_prove_inclusion(&io, size, size, &proof),
		        HUFU_ERR_ARGUMENT);
	}
	tiles_free(t);
}

static void proves_consistency_of_every_pair(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t = grown(70);
	struct merkle_proof proof;
	uint8_t old_root[32], new_root[32];
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	for (uint64_t n = 1; n <= 70; n++) {
		naive_root(0, n, new_root);
		assert_int_equal(tiles_prove_root(&io, n, old_root), HUFU_OK);
		assert_memory_equal(old_root, new_root, 32);
		for (uint64_t m = 1; m <= n; m++) {
			naive_root(0, m, old_root);
			assert_int_equal(
			        tiles_prove_consistency(&io, m, n, &proof),
			        HUFU_OK);
			assert_int_equal(merkle_check_consistency(&proof, m,
			                         old_root, n, new_root),
			        HUFU_OK);
		}
	}
	assert_int_equal(
	        tiles_prove_consistency(&io, 5, 4, &proof), HUFU_ERR_ARGUMENT);
	assert_int_equal(tiles_prove_consistency(&io, 0, 4, &proof), HUFU_OK);
	assert_int_equal(proof.count, 0);
	tiles_free(t);
}

static void proves_across_tile_levels(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	uint64_t size = 256 * 256 + 777;
	struct tiles *t = grown(size);
	static const uint64_t at[] = {
	        0, 255, 256, 65535, 65536, 65792, 66000, 66312};
	struct merkle_proof proof;
	uint8_t root[32], old_root[32], leaf[32];
	char space[64];
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	tiles_root(t, root);
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		uint8_t bytes[64];
		struct writer w;
		merkle_leaf(entry_of(at[i], space), leaf);
		assert_int_equal(
		        tiles_prove_inclusion(&io, at[i], size, &proof),
		        HUFU_OK);
		assert_int_equal(
		        merkle_check_inclusion(&proof, at[i], size, leaf, root),
		        HUFU_OK);
		proof.hash[0][31] ^= 1;
		assert_int_equal(
		        merkle_check_inclusion(&proof, at[i], size, leaf, root),
		        HUFU_ERR_PROOF);
		writer_init(&w, bytes, sizeof bytes);
		assert_int_equal(
		        tiles_prove_entry(&io, at[i], size, &w), HUFU_OK);
		assert_true(
		        span_equal(writer_span(&w), entry_of(at[i], space)));
		if (at[i] == 0)
			continue;
		naive_root(0, at[i], old_root);
		assert_int_equal(
		        tiles_prove_consistency(&io, at[i], size, &proof),
		        HUFU_OK);
		assert_int_equal(merkle_check_consistency(
		                         &proof, at[i], old_root, size, root),
		        HUFU_OK);
	}
	tiles_free(t);
}

static void refuses_an_entry_that_is_too_long(void **state)
{
	(void)state;
	static uint8_t big[TILES_ENTRY_MAX + 1];
	struct tiles *t = grown(5);
	uint8_t before[32], after[32];
	tiles_root(t, before);
	assert_int_equal(
	        tiles_append(t, span_of(big, sizeof big)), HUFU_ERR_LIMIT);
	tiles_root(t, after);
	assert_memory_equal(before, after, 32);
	assert_int_equal(tiles_size(t), 5);
	assert_int_equal(
	        tiles_append(t, span_of(big, sizeof big - 1)), HUFU_OK);
	assert_int_equal(tiles_append(t, span_of(NULL, 0)), HUFU_OK);
	tiles_free(t);
}

static void names_tiles_as_c2sp_does(void **state)
{
	(void)state;
	static const struct {
		struct tile tile;
		const char *path;
	} cases[] = {
	        {{0, 0, 256}, "tile/0/000"},
	        {{0, 999, 256}, "tile/0/999"},
	        {{1, 1234067, 256}, "tile/1/x001/x234/067"},
	        {{2, 1000, 255}, "tile/2/x001/000.p/255"},
	        {{TILE_ENTRIES, 5, 1}, "tile/entries/005.p/1"},
	        {{7, 0, 3}, "tile/7/000.p/3"},
	        {{0, UINT64_MAX / 256, 256},
	                "tile/0/x072/x057/x594/x037/x927/935"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char path[TILE_PATH_MAX];
		struct tile t;
		tile_path_encode(&cases[i].tile, path);
		assert_string_equal(path, cases[i].path);
		assert_int_equal(tile_path_decode(path, &t), HUFU_OK);
		assert_int_equal(t.level, cases[i].tile.level);
		assert_true(t.index == cases[i].tile.index);
		assert_int_equal(t.width, cases[i].tile.width);
	}
}

static void refuses_other_names(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "tile", "tile/", "tile/0",
	        "tile/0/", "tile/0/00", "tile/0/0000", "tile/8/000",
	        "tile/-1/000", "tile/00/000", "tile/0/x000/001",
	        "tile/0/x001/x002", "tile/0/001/002", "tile/0/000.p/0",
	        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/",
	        "tile/0/000.p/1x", "tile/0/000/", "tile/entries/",
	        "/tile/0/000", "tile/entries/000.p", "tile/0/../000",
	        "tile/0/000 ", "tile/0/x999/x999/x999/x999/x999/x999/x999/999"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct tile t = {42, 42, 42};
		assert_int_equal(
		        tile_path_decode(bad[i], &t), HUFU_ERR_MALFORMED);
		assert_int_equal(t.level, 42);
	}
}

static void widths_follow_the_size(void **state)
{
	(void)state;
	assert_int_equal(tile_width(0, 0, 0), 0);
	assert_int_equal(tile_width(0, 0, 1), 1);
	assert_int_equal(tile_width(0, 0, 256), 256);
	assert_int_equal(tile_width(0, 1, 256), 0);
	assert_int_equal(tile_width(0, 1, 300), 44);
	assert_int_equal(tile_width(1, 0, 255), 0);
	assert_int_equal(tile_width(1, 0, 700), 2);
	assert_int_equal(tile_width(TILE_ENTRIES, 1, 300), 44);
	assert_int_equal(tile_width(TILE_ENTRIES, 9, 300), 0);
	assert_int_equal(tile_width(7, 0, UINT64_MAX), 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(root_is_that_of_rfc_6962),
	        cmocka_unit_test_teardown(
	                writes_the_files_of_tlog_tiles, clean),
	        cmocka_unit_test_teardown(
	                second_flush_writes_only_what_grew, clean),
	        cmocka_unit_test_teardown(
	                failed_flush_is_repeated_as_a_whole, clean),
	        cmocka_unit_test_teardown(
	                loads_from_any_size_and_grows_on, clean),
	        cmocka_unit_test_teardown(refuses_a_damaged_edge, clean),
	        cmocka_unit_test_teardown(
	                proves_every_leaf_of_every_size, clean),
	        cmocka_unit_test_teardown(
	                proves_consistency_of_every_pair, clean),
	        cmocka_unit_test_teardown(proves_across_tile_levels, clean),
	        cmocka_unit_test(refuses_an_entry_that_is_too_long),
	        cmocka_unit_test(names_tiles_as_c2sp_does),
	        cmocka_unit_test(refuses_other_names),
	        cmocka_unit_test(widths_follow_the_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
