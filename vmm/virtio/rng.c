// SPDX-License-Identifier: GPL-2.0-only
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "device.h"
#include "iov.h"
#include "report.h"
#include "rng.h"

/* A request gets no more than that: the kernel hands so much out in one go. */
#define BYTES_MAX  256
#define QUEUE_SIZE 8

/* The kernel's generator may block until it is seeded: that early nobody starts a VM. */
static uint32_t answer(struct virtio_device *v, struct virtq_chain *c)
{
	const uint32_t wanted = c->in_size < BYTES_MAX ? c->in_size : BYTES_MAX;
	uint8_t bytes[BYTES_MAX];
	uint32_t done = 0;

	(void)v;
	if (getrandom(bytes, wanted, 0) != (ssize_t)wanted)
		return 0;
	done = iov_write(c->in, c->in_count, 0, bytes, wanted);
	explicit_bzero(bytes, sizeof(bytes));
	return done;
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	virtio_serve_requests(v, queue, answer);
}

static void destroy(struct virtio_device *v)
{
	free(v);
}

static const struct virtio_kind kind = {
	.name = "virtio-rng",
	.id = VIRTIO_ID_RNG,
	.queues = 1,
	.queue_size = QUEUE_SIZE,
	.serve = serve,
	.destroy = destroy,
};

struct virtio_device *virtio_rng_create(void)
{
	struct virtio_device *v = calloc(1, sizeof(*v));

	if (!v) {
		vm_error("out of memory");
		return NULL;
	}
	v->kind = &kind;
	if (virtio_init(v, NULL) < 0) {
		virtio_destroy(v);
		return NULL;
	}
	return v;
}
