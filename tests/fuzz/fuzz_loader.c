// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any file as a kernel, for vm44x. The first byte says how the rest becomes one that gets
 * past the first checks: as it is; as a raw image; as a uImage whose checksums are right;
 * or that of gzip data, its header in order.
 */
#include <endian.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "gunzip.h"
#include "loader.h"
#include "report.h"

#define RAM	    (1u << 20)
#define SIZE_MAX_IN 4096
#define HEADER	    64

/* Where the fields of a uImage's header are */
enum {
	MAGIC = 0,
	HEADER_CRC = 4,
	SIZE = 12,
	LOAD = 16,
	DATA_CRC = 24,
	ARCH = 29,
	TYPE,
	COMPRESSION
};

int vm_error(const char *fmt, ...)
{
	(void)fmt;
	return -1;
}

static void put32(uint8_t *p, uint32_t value)
{
	value = htobe32(value);
	memcpy(p, &value, sizeof(value));
}

static void make_uimage(uint8_t *image, size_t size)
{
	put32(image + MAGIC, 0x27051956);
	put32(image + SIZE, size - HEADER);
	put32(image + DATA_CRC, crc32(image + HEADER, size - HEADER));
	image[LOAD] = image[LOAD + 1] = 0;
	image[ARCH] = 7;
	image[TYPE] = 2;
	put32(image + HEADER_CRC, 0);
	put32(image + HEADER_CRC, crc32(image, HEADER));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t image[SIZE_MAX_IN], ram[RAM];
	static int file;
	struct raw_image raw = { .load = RAM / 2, .entry = RAM / 2 };
	struct memory mem = { .host = ram, .size = RAM };
	struct kernel kernel = { 0 };
	char path[32];
	uint8_t how;

	if (!size || size > SIZE_MAX_IN)
		return -1;
	fuzz_limit_time();
	how = *data++ & 3;
	size--;
	memcpy(image, data, size);
	if (how >= 2 && size > HEADER + 10) {
		image[COMPRESSION] &= 1;
		if (how == 3) {
			image[COMPRESSION] = 1;
			memcpy(image + HEADER, "\x1f\x8b\x08", 4);
		}
		make_uimage(image, size);
	}
	if (!file)
		file = memfd_create("kernel", 0);
	if (file < 0 || ftruncate(file, size) || pwrite(file, image, size, 0) != (ssize_t)size)
		__builtin_trap();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	/* what it says of a kernel it has loaded, everyone believes */
	if (!load_kernel(path, how == 1 ? &raw : NULL, &mem, &kernel) &&
	    (kernel.end > RAM || kernel.entry >= kernel.end || kernel.entry % 4))
		__builtin_trap();
	return 0;
}
