// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest of virtio-blk. The first byte says which disk: an image, one that is only read, or
 * one below an overlay. What must not change does not: an image's size, and its contents if it
 * is only read.
 */
#include <endian.h>
#include <linux/virtio_blk.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "guest.h"
#include "virtio/blk.h"

#define IMAGE	(20 * 4096 + 512)
#define SECTORS (IMAGE / DISK_SECTOR)

static uint8_t pattern[IMAGE];
static char image_path[32], overlay_path[32];
static int image = -1, overlay = -1;

static void reset_files(void)
{
	unsigned int i;

	if (image < 0) {
		image = memfd_create("image", 0);
		overlay = memfd_create("overlay", 0);
		snprintf(image_path, sizeof(image_path), "/proc/self/fd/%d", image);
		snprintf(overlay_path, sizeof(overlay_path), "/proc/self/fd/%d", overlay);
		for (i = 0; i < IMAGE; i++)
			pattern[i] = i + i / 256;
	}
	if (ftruncate(image, 0) || ftruncate(overlay, 0) ||
	    pwrite(image, pattern, IMAGE, 0) != IMAGE)
		__builtin_trap();
}

static void check_image(bool read_only)
{
	static uint8_t found[IMAGE];
	struct stat st;

	if (fstat(image, &st) || st.st_size != IMAGE)
		__builtin_trap();
	if (read_only && (pread(image, found, IMAGE, 0) != IMAGE || memcmp(found, pattern, IMAGE)))
		__builtin_trap();
}

/* A header that means something, then ranges or data */
static void request(struct input *in, uint8_t *bytes, uint32_t size)
{
	static const uint8_t types[] = { VIRTIO_BLK_T_IN,      VIRTIO_BLK_T_OUT,
					 VIRTIO_BLK_T_FLUSH,   VIRTIO_BLK_T_GET_ID,
					 VIRTIO_BLK_T_DISCARD, VIRTIO_BLK_T_WRITE_ZEROES };
	struct virtio_blk_outhdr header = { 0 };
	struct virtio_blk_discard_write_zeroes range;
	uint32_t at;

	memset(bytes, 0x77, size);
	header.type = htole32(types[input_u8(in) % sizeof(types)]);
	header.sector = htole64(input_u8(in) % (SECTORS + 2));
	memcpy(bytes, &header, size < sizeof(header) ? size : sizeof(header));
	for (at = sizeof(header); at + sizeof(range) <= size && at < 64; at += sizeof(range)) {
		range.sector = htole64(input_u8(in));
		range.num_sectors = htole32(input_u8(in));
		range.flags = htole32(input_u8(in) % 3);
		memcpy(bytes + at, &range, sizeof(range));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const uint8_t which = input_u8(&in) % 3;
	const struct disk_options options = {
		.path = image_path,
		.overlay = which == 2 ? overlay_path : NULL,
		.read_only = which == 1,
	};

	fuzz_limit_time();
	reset_files();
	guest_run(virtio_blk_create(disk_open(&options), "image", "serial"), &in, request);
	check_image(which > 0);
	return 0;
}
