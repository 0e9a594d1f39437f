// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_ring.h>
#include <stdatomic.h>
#include <string.h>

#include "queue.h"

/* Offsets and sizes in the rings */
#define FLAGS	   0
#define IDX	   2
#define RING	   4
#define AVAIL_ELEM 2
#define USED_ELEM  8
#define EVENT	   2 /* after the ring: when to interrupt, when to notify */

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

/* Where descriptors are: the queue's own table, or an indirect one */
struct table {
	const uint8_t *desc;
	uint32_t count;
	bool indirect;
};

/* One access each: the guest may change it between two. */
static uint16_t load16(const uint8_t *p)
{
	return le16toh(__atomic_load_n((const uint16_t *)p, __ATOMIC_RELAXED));
}

static void store16(uint8_t *p, uint16_t value)
{
	__atomic_store_n((uint16_t *)p, htole16(value), __ATOMIC_RELAXED);
}

static void load_desc(struct desc *d, const uint8_t *p)
{
	struct vring_desc raw;

	/* An indirect table has any alignment. */
	memcpy(&raw, p, sizeof(raw));
	/* What is checked is what is used: the compiler must not read it again. */
	__asm__ volatile("" : "+m"(raw));
	d->addr = le64toh(raw.addr);
	d->len = le32toh(raw.len);
	d->flags = le16toh(raw.flags);
	d->next = le16toh(raw.next);
}

static bool broken(struct virtqueue *q, const char *rule)
{
	q->error = rule;
	return false;
}

bool virtqueue_start(struct virtqueue *q, uint32_t max, bool event_idx, bool indirect)
{
	const uint32_t n = q->size;

	if (!n || n > max || (n & (n - 1)))
		return broken(q, "the size of a queue is a power of 2 up to QueueNumMax");
	if (q->desc % 16 || q->avail % 2 || q->used % 4)
		return broken(q, "the parts of a queue are aligned");
	q->desc_ring = memory_at(q->mem, q->desc, n * sizeof(struct vring_desc));
	q->avail_ring = memory_at(q->mem, q->avail, RING + n * AVAIL_ELEM + EVENT);
	q->used_ring = memory_at(q->mem, q->used, RING + n * USED_ELEM + EVENT);
	if (!q->desc_ring || !q->avail_ring || !q->used_ring)
		return broken(q, "a queue lies in memory");
	q->event_idx = event_idx;
	q->indirect = indirect;
	q->next_avail = q->next_used = q->told_used = 0;
	q->error = NULL;
	q->ready = true;
	return true;
}

void virtqueue_stop(struct virtqueue *q)
{
	*q = (struct virtqueue){ .mem = q->mem };
}

static uint16_t available(const struct virtqueue *q)
{
	uint16_t idx = load16(q->avail_ring + IDX);

	/* What idx promises is read after it. */
	atomic_thread_fence(memory_order_acquire);
	return idx - q->next_avail;
}

bool virtqueue_waits(const struct virtqueue *q)
{
	return q->ready && !q->error && available(q);
}

/* One more piece of memory; out comes before in. */
static bool add_piece(struct virtqueue *q, struct virtq_chain *c, const struct desc *d)
{
	const bool in = d->flags & VRING_DESC_F_WRITE;
	void *host = memory_at(q->mem, d->addr, d->len);

	if (!host)
		return broken(q, "a buffer lies in memory");
	if (!in && c->in_count)
		return broken(q, "what the device writes comes after what it reads");
	if (c->out_size + c->in_size + d->len > UINT32_MAX)
		return broken(q, "the buffers of a request are less than 4 GB");
	c->iov[c->out_count + c->in_count] = (struct iovec){ host, d->len };
	if (in) {
		c->in_count++;
		c->in_size += d->len;
	} else {
		c->out_count++;
		c->out_size += d->len;
	}
	return true;
}

static bool enter_indirect(struct virtqueue *q, struct table *t, const struct desc *d)
{
	if (!q->indirect || t->indirect)
		return broken(q, "indirect descriptors are negotiated, and not nested");
	if (d->flags & VRING_DESC_F_NEXT)
		return broken(q, "an indirect descriptor is the last of its chain");
	if (!d->len || d->len % sizeof(struct vring_desc))
		return broken(q, "an indirect table is whole descriptors");
	t->desc = memory_at(q->mem, d->addr, d->len);
	t->count = d->len / sizeof(struct vring_desc);
	t->indirect = true;
	return t->desc || broken(q, "an indirect table lies in memory");
}

/* A chain that goes in circles is one that is too long. */
static bool follow(struct virtqueue *q, struct virtq_chain *c)
{
	struct table t = { .desc = q->desc_ring, .count = q->size };
	uint32_t i = c->head;
	struct desc d;

	for (;;) {
		if (i >= t.count)
			return broken(q, "a descriptor is one of its table");
		load_desc(&d, t.desc + i * sizeof(struct vring_desc));
		if (d.flags & VRING_DESC_F_INDIRECT) {
			if (!enter_indirect(q, &t, &d))
				return false;
			i = 0;
			continue;
		}
		if (c->out_count + c->in_count == q->size)
			return broken(q, "a chain is no longer than the queue");
		if (!add_piece(q, c, &d))
			return false;
		if (!(d.flags & VRING_DESC_F_NEXT))
			return true;
		i = d.next;
	}
}

bool virtqueue_pop(struct virtqueue *q, struct virtq_chain *c)
{
	uint16_t count;

	if (!q->ready || q->error)
		return false;
	count = available(q);
	if (!count)
		return false;
	if (count > q->size)
		return broken(q, "no more is available than the queue holds");
	c->head = load16(q->avail_ring + RING + q->next_avail % q->size * AVAIL_ELEM);
	c->out_count = c->in_count = 0;
	c->out_size = c->in_size = 0;
	if (!follow(q, c))
		return false;
	c->out = c->iov;
	c->in = c->iov + c->out_count;
	q->next_avail++;
	return true;
}

void virtqueue_put(struct virtqueue *q, uint16_t head, uint32_t written)
{
	uint8_t *elem = q->used_ring + RING + q->next_used++ % q->size * USED_ELEM;
	const struct vring_used_elem used = { htole32(head), htole32(written) };

	memcpy(elem, &used, sizeof(used));
}

void virtqueue_take_back(struct virtqueue *q, unsigned int count)
{
	q->next_used -= count;
	q->next_avail -= count;
}

void virtqueue_publish(struct virtqueue *q)
{
	/* The guest sees the elements, and what was written to its buffers, before the index. */
	atomic_thread_fence(memory_order_release);
	store16(q->used_ring + IDX, q->next_used);
}

void virtqueue_push(struct virtqueue *q, uint16_t head, uint32_t written)
{
	virtqueue_put(q, head, written);
	virtqueue_publish(q);
}

bool virtqueue_interrupts(struct virtqueue *q)
{
	const uint16_t new = q->next_used - q->told_used;
	uint16_t event;

	if (!new)
		return false;
	/* The guest sets what it wants, then looks at the index; we do it the other way round. */
	atomic_thread_fence(memory_order_seq_cst);
	if (!q->event_idx) {
		q->told_used = q->next_used;
		return !(load16(q->avail_ring + FLAGS) & VRING_AVAIL_F_NO_INTERRUPT);
	}
	event = load16(q->avail_ring + RING + q->size * AVAIL_ELEM);
	q->told_used = q->next_used;
	/* whether next_used has gone past event since */
	return (uint16_t)(q->next_used - event - 1) < new;
}

void virtqueue_disable_notify(struct virtqueue *q)
{
	/* With EVENT_IDX it is enough not to ask: the index asked for has passed. */
	if (q->ready && !q->event_idx)
		store16(q->used_ring + FLAGS, VRING_USED_F_NO_NOTIFY);
}

bool virtqueue_enable_notify(struct virtqueue *q)
{
	if (!q->ready || q->error)
		return false;
	if (q->event_idx)
		store16(q->used_ring + RING + q->size * USED_ELEM, q->next_avail);
	else
		store16(q->used_ring + FLAGS, 0);
	atomic_thread_fence(memory_order_seq_cst);
	return available(q);
}
