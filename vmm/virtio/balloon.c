// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_balloon.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>

#include "balloon.h"
#include "device.h"
#include "iov.h"
#include "report.h"

#define QUEUE_SIZE 64
#define PAGE	   (1u << VIRTIO_BALLOON_PFN_SHIFT)
#define BATCH	   256 /* page numbers, as many as Linux sends at once */

/*
 * Free pages are reported through the last queue. Its number is 4 by the specification, and for
 * Linux that of those the device has, so 2: here, all from that on are the same.
 */
enum {
	INFLATE,
	DEFLATE,
	REPORT,
	QUEUES = 5
};

struct virtio_balloon {
	struct virtio_device v;
	struct virtio_balloon_config config;
};

/* False: one of them is no page. */
static bool give_back(struct virtio_device *v, const uint32_t *pages, unsigned int count)
{
	const struct memory *mem = v->queue[INFLATE].mem;
	unsigned int i;

	for (i = 0; i < count; i++) {
		void *page = memory_at(mem, (uint64_t)le32toh(pages[i]) * PAGE, PAGE);

		if (!page) {
			virtio_break(v, "what is in the balloon is memory");
			return false;
		}
		memory_give_back(page, PAGE);
	}
	return true;
}

static uint32_t inflate(struct virtio_device *v, struct virtq_chain *c)
{
	const uint64_t all = v->queue[INFLATE].mem->size / PAGE;
	uint32_t pages[BATCH];
	uint64_t done = 0;
	size_t n;

	/* A request takes no longer than that. */
	if (c->out_size / sizeof(pages[0]) > all) {
		virtio_break(v, "no more is in the balloon than the memory");
		return 0;
	}
	do {
		n = iov_read(c->out, c->out_count, done, pages, sizeof(pages));
		done += n;
	} while (give_back(v, pages, n / sizeof(pages[0])) && n == sizeof(pages));
	return 0;
}

/* What the guest takes out comes by itself when it is used. */
static uint32_t deflate(struct virtio_device *v, struct virtq_chain *c)
{
	(void)v;
	(void)c;
	return 0;
}

static uint32_t report(struct virtio_device *v, struct virtq_chain *c)
{
	unsigned int i;

	(void)v;
	for (i = 0; i < c->in_count; i++)
		memory_give_back(c->in[i].iov_base, c->in[i].iov_len);
	return 0;
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	virtio_serve_requests(v, queue,
			      queue == INFLATE	 ? inflate
			      : queue == DEFLATE ? deflate
						 : report);
}

static void config_write(struct virtio_device *v, uint32_t offset, uint8_t value)
{
	struct virtio_balloon *b = (struct virtio_balloon *)v;

	/* How much the driver says is in it; the rest is read-only. */
	if (offset / 4 == offsetof(struct virtio_balloon_config, actual) / 4)
		((uint8_t *)&b->config)[offset] = value;
}

static void destroy(struct virtio_device *v)
{
	free(v);
}

static const struct virtio_kind kind = {
	.name = "virtio-balloon",
	.id = VIRTIO_ID_BALLOON,
	.queues = QUEUES,
	.queue_size = QUEUE_SIZE,
	.serve = serve,
	.config_write = config_write,
	.destroy = destroy,
};

struct virtio_device *virtio_balloon_create(void)
{
	struct virtio_balloon *b = calloc(1, sizeof(*b));

	if (!b) {
		vm_error("out of memory");
		return NULL;
	}
	b->v.kind = &kind;
	b->v.features = 1 << VIRTIO_BALLOON_F_REPORTING;
	b->v.config = &b->config;
	b->v.config_size = sizeof(b->config);
	if (virtio_init(&b->v, NULL) < 0) {
		virtio_destroy(&b->v);
		return NULL;
	}
	return &b->v;
}
