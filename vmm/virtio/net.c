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
/* What a driver that has not agreed on more has buffers for (5.1.6.3.1), with a VLAN's tag */
#define FRAME_MAX  1518
#define ROOM_MIN   (NET_HEADER + 1514)

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
	uint64_t accepted; /* features that the other side knows of */
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

/* What has come for a driver before, and this one does not understand, is lost. */
static bool understood(const struct virtio_net *n)
{
	struct virtio_net_hdr_v1 *h = &n->other->header;
	const struct virtio_device *v = &n->v;

	if (!virtio_has_feature(v, VIRTIO_NET_F_GUEST_CSUM)) {
		if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
			return false;
		h->flags = 0;
	}
	switch (h->gso_type) {
	case VIRTIO_NET_HDR_GSO_NONE:
		return virtio_has_feature(v, VIRTIO_NET_F_MRG_RXBUF) || n->other->size <= FRAME_MAX;
	case VIRTIO_NET_HDR_GSO_TCPV4:
		return virtio_has_feature(v, VIRTIO_NET_F_GUEST_TSO4);
	case VIRTIO_NET_HDR_GSO_TCPV6:
		return virtio_has_feature(v, VIRTIO_NET_F_GUEST_TSO6);
	default:
		return false;
	}
}

/* Whether the other side has a frame for the guest. It loses no more than a queue full at once. */
static bool frame_waits(struct virtio_net *n, unsigned int *left)
{
	while (n->arrived && *left) {
		if (!net_receive(n->other)) {
			n->arrived = false;
			return false;
		}
		if (understood(n))
			return true;
		net_taken(n->other);
		--*left;
	}
	return false;
}

/* The next buffer of the guest's. If there is none, the guest will tell when there is. */
static bool take_buffer(struct virtqueue *q, struct virtq_chain *c)
{
	do {
		virtqueue_disable_notify(q);
		if (virtqueue_pop(q, c))
			return true;
	} while (virtqueue_enable_notify(q));
	return false;
}

/* The part of the frame with its header that begins at offset, as much as there is room for. */
static uint32_t fill(const struct net *other, const struct virtq_chain *c, uint32_t offset)
{
	uint32_t done = 0;

	if (offset)
		offset -= NET_HEADER;
	else
		done = iov_write(c->in, c->in_count, 0, &other->header, NET_HEADER);
	return done +
	       iov_write(c->in, c->in_count, done, other->frame + offset, other->size - offset);
}

/*
 * Give the guest the frame, in as many of its buffers as that takes, if it has agreed to that, all
 * at once. False: it waits until the guest has more. One that its queue cannot take is lost.
 */
static bool deliver(struct virtio_net *n)
{
	static _Thread_local struct virtq_chain first, more; /* too large for the stack */
	const bool merge = virtio_has_feature(&n->v, VIRTIO_NET_F_MRG_RXBUF);
	const uint32_t size = NET_HEADER + n->other->size;
	struct virtqueue *q = &n->v.queue[RECEIVE];
	struct virtq_chain *c = &first;
	uint32_t done = 0, written;
	uint16_t buffers = 0;

	do {
		if (!take_buffer(q, c)) {
			virtqueue_take_back(q, buffers);
			/* It would never come. */
			return buffers == q->size;
		}
		if (c->in_size < (merge ? NET_HEADER : ROOM_MIN)) {
			virtio_break(&n->v,
				     "there is room for a packet in a buffer of the receive queue");
			virtqueue_take_back(q, buffers);
			return false;
		}
		written = !merge && c->in_size < size ? 0 : fill(n->other, c, done);
		virtqueue_put(q, c->head, written);
		done += written;
		buffers++;
		c = &more;
	} while (merge && done < size);
	buffers = htole16(buffers);
	iov_write(first.in, first.in_count, offsetof(struct virtio_net_hdr_v1, num_buffers),
		  &buffers, sizeof(buffers));
	virtqueue_publish(q);
	return true;
}

/* No more than the queue holds at once, so that other devices have their turn. */
static void receive(struct virtio_net *n)
{
	struct virtqueue *q = &n->v.queue[RECEIVE];
	unsigned int left = q->size;

	while (frame_waits(n, &left) && deliver(n)) {
		net_taken(n->other);
		left = virtio_hurries(&n->v) ? 0 : left - 1;
	}
	/* While there is room, the guest has nothing to tell. */
	if (!virtqueue_waits(q))
		virtqueue_enable_notify(q);
	virtio_interrupt(&n->v, q);
	if (!left)
		eventfd_write(n->v.kick, 1);
}

static bool can_send(struct virtio_device *v)
{
	return !net_blocked(net_of(v)->other);
}

static uint32_t transmit(struct virtio_device *v, struct virtq_chain *c)
{
	if (c->out_size < NET_HEADER + NET_FRAME_MIN || c->out_size > NET_HEADER + NET_FRAME_MAX) {
		virtio_break(v, "a packet has two headers and is not larger than 64 KB");
		return 0;
	}
	net_send(net_of(v)->other, c->out, c->out_count);
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

/* The driver may be another one. */
static void accept_features(struct virtio_net *n)
{
	if (n->v.driver_features == n->accepted)
		return;
	n->accepted = n->v.driver_features;
	net_accept(n->other, n->accepted);
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	accept_features(net_of(v));
	if (queue == RECEIVE)
		receive(net_of(v));
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
	n->v.features = 1 << VIRTIO_NET_F_MAC | 1 << VIRTIO_NET_F_STATUS |
			1 << VIRTIO_NET_F_MRG_RXBUF | net_offloads(other);
	n->v.config = &n->config;
	n->v.config_size = offsetof(struct virtio_net_config, max_virtqueue_pairs);
	if (virtio_init(&n->v, name) < 0) {
		virtio_destroy(&n->v);
		return NULL;
	}
	return &n->v;
}
