// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_9p.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>

#include "9p.h"
#include "device.h"
#include "report.h"

#define QUEUE_SIZE 128

struct virtio_9p {
	struct virtio_device v;
	struct share *share;
	struct {
		uint16_t tag_len;
		char tag[VIRTIO_9P_TAG];
	} __attribute__((packed)) config;
};

static struct virtio_9p *p9_of(struct virtio_device *v)
{
	return (struct virtio_9p *)v;
}

static uint32_t answer(struct virtio_device *v, struct virtq_chain *c)
{
	const struct share_message message = {
		.request = c->out,
		.request_count = c->out_count,
		.room = c->in,
		.room_count = c->in_count,
	};
	const uint32_t length = share_answer(p9_of(v)->share, &message);

	if (!length)
		virtio_break(v, "a request has a header, and room for an error as answer");
	return length;
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	virtio_serve_requests(v, queue, answer);
}

static void reset(struct virtio_device *v)
{
	share_reset(p9_of(v)->share);
}

static void destroy(struct virtio_device *v)
{
	share_close(p9_of(v)->share);
	free(v);
}

static const struct virtio_kind kind = {
	.name = "virtio-9p",
	.id = VIRTIO_ID_9P,
	.queues = 1,
	.queue_size = QUEUE_SIZE,
	.patient = true, /* for a slow file system of the host */
	.serve = serve,
	.reset = reset,
	.destroy = destroy,
};

struct virtio_device *virtio_9p_create(struct share *share, const char *tag)
{
	const size_t length = strnlen(tag, VIRTIO_9P_TAG);
	struct virtio_9p *p;

	if (!share)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p) {
		share_close(share);
		vm_error("out of memory");
		return NULL;
	}
	p->share = share;
	p->config.tag_len = htole16(length);
	memcpy(p->config.tag, tag, length);
	p->v.config = &p->config;
	p->v.config_size = sizeof(p->config.tag_len) + length;
	p->v.features = 1 << VIRTIO_9P_MOUNT_TAG;
	p->v.kind = &kind;
	if (virtio_init(&p->v, tag) < 0) {
		virtio_destroy(&p->v);
		return NULL;
	}
	return &p->v;
}
