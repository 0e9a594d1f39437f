// SPDX-License-Identifier: GPL-2.0-only
/* A guest of virtio-rng: the queue and the registers, since the device itself is nothing. */
#include "fuzz.h"
#include "guest.h"
#include "virtio/rng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	fuzz_limit_time();
	guest_run(virtio_rng_create(), &in, NULL);
	return 0;
}
