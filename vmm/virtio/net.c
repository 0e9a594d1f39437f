// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "device.h"
#include "iov.h"
#include "net.h"
#include "report.h"

#define QUEUE_SIZE 128
#define HEADER	   sizeof(struct virtio_net_hdr_v1)
/* What a driver that has not agreed on more has buffers for (5.1.6.3.1), with a VLAN's tag */
#define FRAME_MAX  1518
#define ROOM_MIN   (HEADER + 1514)

enum {
	RECEIVE,
	TRANSMIT,
	QUEUES
};

struct virtio_net {
	struct virtio_device v;
	struct net *other;
	struct event_source source;
	bool arrived; /* the other side may have a frame */
	bool awaits_room; /* the loop waits for EPOLLOUT, too */
	struct virtio_net_config config;
};

static struct virtio_net *net_of(struct virtio_device *v)
{
	return (struct virtio_net *)v;
}

/* Once the other side has gone, the guest sees it; what it sends is lost. */
static void check_link(struct virtio_net *n)
{
	if (n->other->fd >= 0 || !n->config.status)
		return;
	vm_warn("%s: %s has gone; the guest's link is down", n->v.name,
		n->other->stream ? "passt" : "the tap");
	n->config.status = 0;
	virtio_config_changed(&n->v);
}

/* Also loses what the guest has no room for, so much and no more at once. */
static bool frame_waits(struct virtio_device *v)
{
	struct net *other = net_of(v)->other;
	unsigned int lost;

	for (lost = 0; net_of(v)->arrived && lost < QUEUE_SIZE; lost++) {
		if (!net_receive(other)) {
			net_of(v)->arrived = false;
			return false;
		}
		if (other->size <= FRAME_MAX)
			return true;
		net_taken(other);
	}
	if (lost)
		eventfd_write(v->kick, 1);
	return false;
}

static uint32_t receive(struct virtio_device *v, struct virtq_chain *c)
{
	const struct virtio_net_hdr_v1 header = { .num_buffers = htole16(1) };
	struct net *other = net_of(v)->other;
	const uint32_t size = other->size;

	if (c->in_size < ROOM_MIN) {
		virtio_break(v, "there is room for a packet in a buffer of the receive queue");
		return 0;
	}
	net_taken(other);
	if (c->in_size < HEADER + size)
		return 0;
	iov_write(c->in, c->in_count, 0, &header, HEADER);
	iov_write(c->in, c->in_count, HEADER, other->frame, size);
	return HEADER + size;
}

static bool can_send(struct virtio_device *v)
{
	return !net_blocked(net_of(v)->other);
}

static uint32_t transmit(struct virtio_device *v, struct virtq_chain *c)
{
	const uint64_t size = c->out_size - HEADER;
	unsigned int count;

	if (c->out_size < HEADER + NET_FRAME_MIN || size > NET_FRAME_MAX) {
		virtio_break(v, "a packet has two headers and is not larger than 64 KB");
		return 0;
	}
	count = iov_slice(c->out, c->out, c->out_count, HEADER, size);
	net_send(net_of(v)->other, c->out, count);
	return 0;
}

/* What waits to be sent is tried again when there may be room. */
static void await_room(struct virtio_net *n)
{
	const bool blocked = net_blocked(n->other);

	if (n->other->fd < 0 || n->awaits_room == blocked)
		return;
	n->awaits_room = blocked;
	eventloop_change(n->v.loop, &n->source, EPOLLET | EPOLLIN | (blocked ? EPOLLOUT : 0));
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	if (queue == RECEIVE)
		virtio_serve_while(v, queue, frame_waits, receive);
	else
		virtio_serve_while(v, queue, can_send, transmit);
	await_room(net_of(v));
	check_link(net_of(v));
}

/* The other side has a frame, or room for one, or has gone. */
static void ready(void *ctx, uint32_t events)
{
	struct virtio_net *n = ctx;

	pthread_mutex_lock(&n->v.lock);
	if (events & (EPOLLERR | EPOLLHUP))
		net_gone(n->other);
	if (events & EPOLLIN)
		n->arrived = true;
	if (events & EPOLLOUT)
		net_retry(n->other);
	await_room(n);
	check_link(n);
	pthread_mutex_unlock(&n->v.lock);
	virtio_serve(&n->v);
}

static int connect_other(struct virtio_device *v)
{
	struct virtio_net *n = net_of(v);

	n->source = (struct event_source){ .fd = n->other->fd, .ready = ready, .ctx = n };
	return eventloop_add(v->loop, &n->source, EPOLLET | EPOLLIN);
}

static void destroy(struct virtio_device *v)
{
	net_close(net_of(v)->other);
	free(v);
}

static const struct virtio_kind kind = {
	.name = "virtio-net",
	.id = VIRTIO_ID_NET,
	.queues = QUEUES,
	.queue_size = QUEUE_SIZE,
	.serve = serve,
	.connect = connect_other,
	.destroy = destroy,
};

struct virtio_device *virtio_net_create(struct net *other, const char *name,
					const uint8_t mac[VIRTIO_NET_MAC])
{
	struct virtio_net *n;

	if (!other)
		return NULL;
	n = calloc(1, sizeof(*n));
	if (!n) {
		vm_error("out of memory");
		net_close(other);
		return NULL;
	}
	n->other = other;
	memcpy(n->config.mac, mac, VIRTIO_NET_MAC);
	n->config.status = htole16(VIRTIO_NET_S_LINK_UP);
	n->v.kind = &kind;
	n->v.features = 1 << VIRTIO_NET_F_MAC | 1 << VIRTIO_NET_F_STATUS;
	n->v.config = &n->config;
	n->v.config_size = offsetof(struct virtio_net_config, max_virtqueue_pairs);
	if (virtio_init(&n->v, name) < 0) {
		virtio_destroy(&n->v);
		return NULL;
	}
	return &n->v;
}
