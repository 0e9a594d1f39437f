// SPDX-License-Identifier: GPL-2.0-only
/* gzip's own output, with every kind of header, whole and broken. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gunzip.h"
#include "util.h"

#define SIZE (300 * 1024)
static uint8_t text[SIZE], packed[SIZE], out[SIZE + 1];
static size_t packed_size;

/* Text that is compressed by stored, fixed and dynamic blocks, further apart than a window. */
static int make_text(void **state)
{
	uint32_t seed = 1, n;

	(void)state;
	for (n = 0; n < SIZE; n++) {
		seed = seed * 1103515245 + 12345;
		text[n] = n < SIZE / 3 ? seed >> 16 : n % 9 ? 'a' + n % 13 : seed >> 28;
	}
	return 0;
}

/* By the gzip of this machine, from a file, so with its name in the header */
static void pack(const char *options)
{
	const char *path = temporary(text, SIZE);
	char command[256];
	FILE *f;

	snprintf(command, sizeof(command), "gzip %s -c '%s'", options, path);
	f = popen(command, "r");
	assert_non_null(f);
	packed_size = fread(packed, 1, sizeof(packed), f);
	assert_int_equal(pclose(f), 0);
	unlink(path);
}

static void good(const uint8_t *data, size_t size)
{
	uint32_t length = 0;

	memset(out, 0xee, sizeof(out));
	assert_int_equal(gunzip(data, size, out, SIZE, &length), GUNZIP_OK);
	assert_int_equal(length, SIZE);
	assert_memory_equal(out, text, SIZE);
	assert_int_equal(out[SIZE], 0xee);
}

static void unpacks(void **state)
{
	static const char *const options[] = { "-1", "-6", "-9", "-n" };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		pack(options[i]);
		good(packed, packed_size);
	}
	/* more behind it */
	good(packed, packed_size + 100);
}

/* All optional parts of the header before the data of a member without any */
static void headers(void **state)
{
	static const uint8_t parts[] = { 3, 0, 'x', 'y', 'z', 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2 };
	static uint8_t member[SIZE];
	uint8_t *short_member;
	uint32_t length;
	size_t n;

	(void)state;
	pack("-n");
	memcpy(member, packed, 10);
	member[3] = 0x1e;
	memcpy(member + 10, parts, sizeof(parts));
	memcpy(member + 10 + sizeof(parts), packed + 10, packed_size - 10);
	good(member, packed_size + sizeof(parts));
	for (n = 0; n < 10 + sizeof(parts); n++)
		assert_int_equal(gunzip(member, n, out, SIZE, &length), GUNZIP_DAMAGED);
	/* an extra field far beyond the end, and a name after it */
	member[3] = 0x0c;
	member[10] = member[11] = 0xff;
	short_member = malloc(20);
	memcpy(short_member, member, 20);
	assert_int_equal(gunzip(short_member, 20, out, SIZE, &length), GUNZIP_DAMAGED);
	free(short_member);
	/* a flag that nobody knows */
	packed[3] = 0x20;
	assert_int_equal(gunzip(packed, packed_size, out, SIZE, &length), GUNZIP_DAMAGED);
}

static void broken(void **state)
{
	uint32_t length;
	size_t n;

	(void)state;
	pack("-n");
	/* 100 bytes each of its beginning, its middle and its end */
	for (n = 0; n < packed_size; n++) {
		if (n == 100)
			n = packed_size / 2;
		if (n == packed_size / 2 + 100)
			n = packed_size - 100;
		assert_int_equal(gunzip(packed, n, out, SIZE, &length), GUNZIP_DAMAGED);
		packed[n] ^= 1;
		/* whether it is text, time, extra flags and system are told to nobody */
		if (n < 3 || n > 9)
			assert_int_not_equal(gunzip(packed, packed_size, out, SIZE, &length),
					     GUNZIP_OK);
		packed[n] ^= 1;
	}
	assert_int_equal(gunzip(packed, packed_size, out, SIZE - 1, &length), GUNZIP_TOO_LARGE);
	assert_int_equal(gunzip(packed, packed_size, out, 0, &length), GUNZIP_TOO_LARGE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks),
		cmocka_unit_test(headers),
		cmocka_unit_test(broken),
	};

	return cmocka_run_group_tests(tests, make_text, NULL);
}
