// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device.h"
#include "report.h"

#define MAGIC	0x74726976 /* "virt" */
#define VERSION 2
#define VENDOR	0x7834346b /* "k44x" */

/* A guest that waits is let pass within that. */
#define PASS_TRIES 100
#define PASS_US	   100

#define FEATURE(n) ((uint64_t)1 << (n))
#define TRANSPORT_FEATURES                                                \
	(FEATURE(VIRTIO_F_VERSION_1) | FEATURE(VIRTIO_RING_F_EVENT_IDX) | \
	 FEATURE(VIRTIO_RING_F_INDIRECT_DESC))

#define STATUS_BITS                                                                           \
	(VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER | VIRTIO_CONFIG_S_FEATURES_OK | \
	 VIRTIO_CONFIG_S_DRIVER_OK | VIRTIO_CONFIG_S_FAILED)

int virtio_init(struct virtio_device *v, const char *detail)
{
	unsigned int i;

	if (detail)
		snprintf(v->name, sizeof(v->name), "%s '%s'", v->kind->name, detail);
	else
		snprintf(v->name, sizeof(v->name), "%s", v->kind->name);
	pthread_mutex_init(&v->lock, NULL);
	for (i = 0; i < VIRTIO_QUEUES; i++)
		virtqueue_stop(&v->queue[i]);
	v->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (v->kick < 0)
		return vm_error("cannot make an eventfd for %s: %s", v->name, strerror(errno));
	return 0;
}

void virtio_destroy(struct virtio_device *v)
{
	if (v->kick >= 0)
		close(v->kick);
	pthread_mutex_destroy(&v->lock);
	v->kind->destroy(v);
}

static void notified(void *ctx, uint32_t events)
{
	(void)events;
	virtio_serve(ctx);
}

int virtio_connect(struct virtio_device *v, const struct memory *mem, const struct virtio_irq *irq,
		   struct eventloop *loop)
{
	unsigned int i;

	for (i = 0; i < VIRTIO_QUEUES; i++)
		v->queue[i].mem = mem;
	v->irq = *irq;
	v->loop = loop;
	v->source = (struct event_source){ .fd = v->kick, .ready = notified, .ctx = v };
	/* Edges: each notification wakes the loop, and nobody needs to read the counter. */
	if (eventloop_add(loop, &v->source, EPOLLIN | EPOLLET) < 0)
		return -1;
	return v->kind->connect ? v->kind->connect(v) : 0;
}

/*
 * The interrupt is an edge, at what would be one of the level "InterruptStatus is not 0":
 * when it becomes so, and when the guest has acknowledged but a part of it.
 */
static void raise_interrupt(struct virtio_device *v, uint32_t bit)
{
	if (!atomic_fetch_or(&v->interrupt, bit))
		v->irq.raise(v->irq.ctx, v->irq.slot);
}

static void acknowledge(struct virtio_device *v, uint32_t bits)
{
	if (atomic_fetch_and(&v->interrupt, ~bits) & ~bits)
		v->irq.raise(v->irq.ctx, v->irq.slot);
}

static bool runs(const struct virtio_device *v)
{
	return (v->status & (VIRTIO_CONFIG_S_DRIVER_OK | VIRTIO_CONFIG_S_NEEDS_RESET)) ==
	       VIRTIO_CONFIG_S_DRIVER_OK;
}

void virtio_break(struct virtio_device *v, const char *rule)
{
	if (!v->reported)
		vm_warn("the guest breaks a rule of %s: %s; the device stops until it is reset",
			v->name, rule);
	v->reported = true;
	v->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	if (v->status & VIRTIO_CONFIG_S_DRIVER_OK)
		raise_interrupt(v, VIRTIO_MMIO_INT_CONFIG);
}

bool virtio_has_feature(const struct virtio_device *v, unsigned int n)
{
	return v->driver_features & FEATURE(n);
}

void virtio_config_changed(struct virtio_device *v)
{
	v->generation++;
	if (runs(v))
		raise_interrupt(v, VIRTIO_MMIO_INT_CONFIG);
}

void virtio_interrupt(struct virtio_device *v, struct virtqueue *q)
{
	if (virtqueue_interrupts(q))
		raise_interrupt(v, VIRTIO_MMIO_INT_VRING);
}

bool virtio_hurries(const struct virtio_device *v)
{
	return atomic_load(&v->awaited) || atomic_load(&v->loop->quit);
}

/* No more than the queue holds at once, so that other devices have their turn. */
void virtio_serve_while(struct virtio_device *v, unsigned int queue,
			bool (*wanted)(struct virtio_device *v),
			uint32_t (*request)(struct virtio_device *v, struct virtq_chain *chain))
{
	static _Thread_local struct virtq_chain chain; /* too large for the stack */
	struct virtqueue *q = &v->queue[queue];
	unsigned int left = q->size;

	virtqueue_disable_notify(q);
	do {
		while (left && wanted(v) && virtqueue_pop(q, &chain)) {
			uint32_t written = request(v, &chain);

			if (!runs(v))
				return;
			virtqueue_push(q, chain.head, written);
			left = virtio_hurries(v) ? 0 : left - 1;
		}
	} while (virtqueue_enable_notify(q) && left && wanted(v));
	virtio_interrupt(v, q);
	if (!left)
		eventfd_write(v->kick, 1);
}

static bool always(struct virtio_device *v)
{
	(void)v;
	return true;
}

void virtio_serve_requests(struct virtio_device *v, unsigned int queue,
			   uint32_t (*request)(struct virtio_device *v, struct virtq_chain *chain))
{
	virtio_serve_while(v, queue, always, request);
}

/* The mutex alone goes to the thread that comes first, which is the one that has just had it. */
static void let_guest_pass(const struct virtio_device *v)
{
	unsigned int i;

	for (i = 0; i < PASS_TRIES && atomic_load(&v->awaited); i++)
		usleep(PASS_US);
}

void virtio_serve(struct virtio_device *v)
{
	unsigned int i;

	let_guest_pass(v);
	pthread_mutex_lock(&v->lock);
	for (i = 0; i < v->kind->queues && runs(v); i++) {
		struct virtqueue *q = &v->queue[i];

		if (virtqueue_waits(q))
			v->kind->serve(v, i);
		if (q->error && runs(v))
			virtio_break(v, q->error);
	}
	pthread_mutex_unlock(&v->lock);
}

static void reset(struct virtio_device *v)
{
	unsigned int i;

	for (i = 0; i < VIRTIO_QUEUES; i++)
		virtqueue_stop(&v->queue[i]);
	if (v->kind->reset)
		v->kind->reset(v);
	v->driver_features = 0;
	v->device_features_sel = v->driver_features_sel = v->queue_sel = 0;
	v->status = 0;
	atomic_store(&v->interrupt, 0);
}

static uint64_t offered(const struct virtio_device *v)
{
	return v->features | TRANSPORT_FEATURES;
}

static void write_status(struct virtio_device *v, uint32_t value)
{
	if (!value) {
		reset(v);
		return;
	}
	value &= STATUS_BITS & ~v->status;
	if (value & VIRTIO_CONFIG_S_FEATURES_OK &&
	    (v->driver_features & ~offered(v) || !virtio_has_feature(v, VIRTIO_F_VERSION_1)))
		value &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	v->status |= value;
	if (!(v->status & VIRTIO_CONFIG_S_FEATURES_OK))
		v->status &= ~VIRTIO_CONFIG_S_DRIVER_OK;
	/* Requests may wait already. */
	else if (value & VIRTIO_CONFIG_S_DRIVER_OK)
		eventfd_write(v->kick, 1);
}

/* 32 bits of a value that has two registers, or is selected by another one */
static void set_half(uint64_t *whole, unsigned int shift, uint32_t value)
{
	*whole &= ~((uint64_t)UINT32_MAX << shift);
	*whole |= (uint64_t)value << shift;
}

static void write_driver_features(struct virtio_device *v, uint32_t value)
{
	if (v->driver_features_sel > 1 || v->status & VIRTIO_CONFIG_S_FEATURES_OK)
		return;
	set_half(&v->driver_features, v->driver_features_sel * 32, value);
}

/* The selected queue, or NULL if there is none of that number */
static struct virtqueue *selected(struct virtio_device *v)
{
	return v->queue_sel < v->kind->queues ? &v->queue[v->queue_sel] : NULL;
}

static void write_ready(struct virtio_device *v, struct virtqueue *q, bool ready)
{
	if (!ready) {
		virtqueue_stop(q);
		return;
	}
	/* Before, it is not known which features the queue has. */
	if (q->ready || !(v->status & VIRTIO_CONFIG_S_FEATURES_OK))
		return;
	if (!virtqueue_start(q, v->kind->queue_size, virtio_has_feature(v, VIRTIO_RING_F_EVENT_IDX),
			     virtio_has_feature(v, VIRTIO_RING_F_INDIRECT_DESC)))
		virtio_break(v, q->error);
}

static void write_queue(struct virtio_device *v, uint32_t offset, uint32_t value)
{
	struct virtqueue *q = selected(v);

	if (!q)
		return;
	if (offset == VIRTIO_MMIO_QUEUE_READY) {
		write_ready(v, q, value & 1);
		return;
	}
	if (q->ready)
		return;
	switch (offset) {
	case VIRTIO_MMIO_QUEUE_NUM:
		q->size = value;
		break;
	case VIRTIO_MMIO_QUEUE_DESC_LOW:
		set_half(&q->desc, 0, value);
		break;
	case VIRTIO_MMIO_QUEUE_DESC_HIGH:
		set_half(&q->desc, 32, value);
		break;
	case VIRTIO_MMIO_QUEUE_AVAIL_LOW:
		set_half(&q->avail, 0, value);
		break;
	case VIRTIO_MMIO_QUEUE_AVAIL_HIGH:
		set_half(&q->avail, 32, value);
		break;
	case VIRTIO_MMIO_QUEUE_USED_LOW:
		set_half(&q->used, 0, value);
		break;
	case VIRTIO_MMIO_QUEUE_USED_HIGH:
		set_half(&q->used, 32, value);
		break;
	}
}

static uint32_t read_locked(struct virtio_device *v, uint32_t offset)
{
	const struct virtqueue *q = selected(v);

	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES:
		return v->device_features_sel > 1 ? 0 : offered(v) >> 32 * v->device_features_sel;
	case VIRTIO_MMIO_QUEUE_NUM_MAX:
		return q ? v->kind->queue_size : 0;
	case VIRTIO_MMIO_QUEUE_READY:
		return q && q->ready;
	case VIRTIO_MMIO_STATUS:
		return v->status;
	case VIRTIO_MMIO_SHM_LEN_LOW:
	case VIRTIO_MMIO_SHM_LEN_HIGH:
	case VIRTIO_MMIO_SHM_BASE_LOW:
	case VIRTIO_MMIO_SHM_BASE_HIGH:
		return UINT32_MAX; /* there is no shared memory */
	case VIRTIO_MMIO_CONFIG_GENERATION:
		return v->generation;
	default:
		return 0;
	}
}

static void write_locked(struct virtio_device *v, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
		v->device_features_sel = value;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES:
		write_driver_features(v, value);
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
		v->driver_features_sel = value;
		break;
	case VIRTIO_MMIO_QUEUE_SEL:
		v->queue_sel = value;
		break;
	case VIRTIO_MMIO_STATUS:
		write_status(v, value);
		break;
	default:
		write_queue(v, offset, value);
		break;
	}
}

static void lock_by_guest(struct virtio_device *v)
{
	atomic_store(&v->awaited, true);
	pthread_mutex_lock(&v->lock);
	atomic_store(&v->awaited, false);
}

uint32_t virtio_read(struct virtio_device *v, uint32_t offset)
{
	uint32_t value;

	switch (offset) {
	case VIRTIO_MMIO_MAGIC_VALUE:
		return MAGIC;
	case VIRTIO_MMIO_VERSION:
		return VERSION;
	case VIRTIO_MMIO_DEVICE_ID:
		return v->kind->id;
	case VIRTIO_MMIO_VENDOR_ID:
		return VENDOR;
	/* In the guest's interrupt handler, which must not wait for a slow request */
	case VIRTIO_MMIO_INTERRUPT_STATUS:
		return atomic_load(&v->interrupt);
	}
	lock_by_guest(v);
	value = read_locked(v, offset);
	pthread_mutex_unlock(&v->lock);
	return value;
}

void virtio_write(struct virtio_device *v, uint32_t offset, uint32_t value)
{
	switch (offset) {
	/* Only if the kernel does not do so */
	case VIRTIO_MMIO_QUEUE_NOTIFY:
		eventfd_write(v->kick, 1);
		return;
	case VIRTIO_MMIO_INTERRUPT_ACK:
		acknowledge(v, value);
		return;
	}
	lock_by_guest(v);
	write_locked(v, offset, value);
	pthread_mutex_unlock(&v->lock);
}

uint8_t virtio_config_read(struct virtio_device *v, uint32_t offset)
{
	const uint8_t *config = v->config;
	uint8_t value = 0;

	lock_by_guest(v);
	if (offset < v->config_size)
		value = config[offset];
	pthread_mutex_unlock(&v->lock);
	return value;
}

void virtio_config_write(struct virtio_device *v, uint32_t offset, uint8_t value)
{
	lock_by_guest(v);
	if (offset < v->config_size && v->kind->config_write)
		v->kind->config_write(v, offset, value);
	pthread_mutex_unlock(&v->lock);
}
