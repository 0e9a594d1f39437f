// SPDX-License-Identifier: GPL-2.0-only
/* A guest of virtio-balloon, which puts pages into it that exist, mostly. */
#include <endian.h>
#include <string.h>

#include "fuzz.h"
#include "guest.h"
#include "virtio/balloon.h"

static void request(struct input *in, uint8_t *bytes, uint32_t size)
{
	uint32_t at, page;

	memset(bytes, 0, size);
	for (at = 0; at + sizeof(page) <= size && at < 64; at += sizeof(page)) {
		page = htole32(input_u8(in) % (GUEST_RAM / 4096 + 1));
		memcpy(bytes + at, &page, sizeof(page));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	fuzz_limit_time();
	guest_run(virtio_balloon_create(NULL, GUEST_RAM), &in, request);
	return 0;
}
