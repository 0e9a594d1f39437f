/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A split virtqueue in the guest's memory, the device's side (virtio 1.2, chapter 2.7).
 *
 * Everything in it is the guest's, which may write anything there at any time: it
 * is read once, then checked, and what breaks the rules ends in an error that names
 * the rule. All fields are little-endian.
 */
#ifndef VM44X_VIRTIO_QUEUE_H
#define VM44X_VIRTIO_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "memory.h"

/* The most entries that a queue of ours has, so the longest chain. */
#define VIRTQUEUE_MAX 256

struct virtqueue {
	const struct memory *mem;
	/* What the driver has written to the queue's registers */
	uint32_t size; /* entries */
	uint64_t desc, avail, used; /* guest physical addresses */

	bool ready;
	bool event_idx, indirect; /* features that were negotiated */
	uint8_t *desc_ring, *avail_ring, *used_ring; /* if ready */
	uint16_t next_avail; /* of the guest's, the first that was not taken */
	uint16_t next_used; /* ours */
	uint16_t told_used; /* next_used when the guest was last interrupted */
	const char *error; /* the rule that the guest broke: the queue takes no more */
};

/* A request of the guest's: what it gives, and the room that it has for an answer */
struct virtq_chain {
	uint16_t head;
	unsigned int out_count, in_count;
	uint64_t out_size, in_size; /* bytes, below 4 GB together */
	struct iovec *out, *in;
	struct iovec iov[VIRTQUEUE_MAX]; /* out, then in */
};

/*
 * Begin with the queue that size, desc, avail and used describe; max: the most entries that
 * it may have. False, and q->error, if it cannot be.
 */
bool virtqueue_start(struct virtqueue *q, uint32_t max, bool event_idx, bool indirect);
void virtqueue_stop(struct virtqueue *q);

/* Whether the guest has made a request that was not taken. */
bool virtqueue_waits(const struct virtqueue *q);

/* Take the next request. False if there is none, or, with q->error, if it breaks a rule. */
bool virtqueue_pop(struct virtqueue *q, struct virtq_chain *chain);

/* Give a request back, with the bytes that were written to its room. */
void virtqueue_push(struct virtqueue *q, uint16_t head, uint32_t written);

/*
 * The same for several that the guest is to see at once: put each, then publish them. Or take the
 * last ones back, which nobody has taken then, nor put.
 */
void virtqueue_put(struct virtqueue *q, uint16_t head, uint32_t written);
void virtqueue_take_back(struct virtqueue *q, unsigned int count);
void virtqueue_publish(struct virtqueue *q);

/* Whether the guest wants an interrupt for what was pushed since the last one. */
bool virtqueue_interrupts(struct virtqueue *q);

/*
 * Whether the guest need tell of a new request: while they are taken anyway it need not.
 * enable returns true if one has come meanwhile, which the guest has not told of.
 */
void virtqueue_disable_notify(struct virtqueue *q);
bool virtqueue_enable_notify(struct virtqueue *q);

#endif
