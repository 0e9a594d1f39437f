// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest of virtio-console. The first bytes of each request it sends are typed, too, so that
 * input comes while buffers are there and while none are.
 */
#include <fcntl.h>

#include "fuzz.h"
#include "guest.h"
#include "virtio/console.h"

static struct serial line;

static void request(struct input *in, uint8_t *bytes, uint32_t size)
{
	const uint32_t typed = size < 32 ? size : 32;
	uint32_t i;

	for (i = 0; i < typed; i++)
		bytes[i] = input_u8(in);
	serial_put(&line, bytes, typed);
	if (typed % 2)
		serial_put_break(&line);
	line.arrived(line.arrived_ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const atomic_bool stop;
	static int out = -1;
	struct input in = { data, size };

	fuzz_limit_time();
	if (out < 0)
		out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	serial_init(&line, -1, out, &stop);
	guest_run(virtio_console_create(&line), &in, request);
	return 0;
}
