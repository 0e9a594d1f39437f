/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtio device (virtio 1.2), modern only, as its driver sees it through the
 * registers of virtio over MMIO (chapter 4.2.2, device.c), and what a kind of
 * device - blk.c, rng.c - has to supply.
 *
 * The vCPU thread accesses the registers. The device thread serves the queues:
 * the kernel tells it by an eventfd that the guest has notified, so the guest
 * does not wait. A device whose guest breaks the rules stops, and says so in its
 * status, until the guest resets it.
 *
 * Who may touch a field:
 *   [I] fixed once connected    [l] under lock    [a] any thread, atomic
 */
#ifndef VM44X_VIRTIO_DEVICE_H
#define VM44X_VIRTIO_DEVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "eventloop.h"
#include "memory.h"
#include "virtio/queue.h"

#define VIRTIO_QUEUES 5

/* The registers, 32 bits each, and the configuration space behind them */
#define VIRTIO_REGISTERS 0x100
#define VIRTIO_WINDOW	 0x200

struct virtio_device;

/* A kind of device. serve, config_write and reset run under the device's lock. */
struct virtio_kind {
	const char *name; /* "virtio-blk" */
	uint32_t id;
	unsigned int queues;
	uint32_t queue_size; /* entries at most, of each */
	bool patient; /* serve may wait for long: not on a thread with others */
	/*
	 * The device thread: the guest has notified of requests in this queue, or of others
	 * while one waits here. Most call virtio_serve_requests.
	 */
	void (*serve)(struct virtio_device *v, unsigned int queue);
	/* The guest writes a byte of the configuration space; NULL: it is read-only. */
	void (*config_write)(struct virtio_device *v, uint32_t offset, uint8_t value);
	/* The guest resets it: forget what belongs to requests; NULL: nothing does. */
	void (*reset)(struct virtio_device *v);
	/* It has been connected: add sources of its own to v->loop; may be NULL. */
	int (*connect)(struct virtio_device *v);
	/* Free it, after everything else. */
	void (*destroy)(struct virtio_device *v);
};

/* How a device interrupts its guest: an edge, from the thread that has the device's lock. */
struct virtio_irq {
	void (*raise)(void *ctx, unsigned int slot);
	void *ctx;
	unsigned int slot;
};

struct virtio_device {
	/* Filled in by the kind's own function, before virtio_init */
	const struct virtio_kind *kind; /* [I] */
	uint64_t features; /* [I] that it offers, beside the transport's */
	const void *config; /* contents [l]: the configuration space, little-endian */
	uint32_t config_size; /* [I] */
	char name[64]; /* [I] for messages: "virtio-blk 'disk.img'" */

	struct virtio_irq irq; /* [I] */
	int kick; /* [I] eventfd: the guest has notified */
	struct event_source source; /* [I] */
	struct eventloop *loop; /* [I] that serves it */
	pthread_mutex_t lock;
	atomic_bool awaited; /* [a] the vCPU thread waits for the lock */
	uint64_t driver_features; /* [l] */
	uint32_t device_features_sel, driver_features_sel, queue_sel; /* [l] */
	uint32_t status; /* [l] VIRTIO_CONFIG_S_*; DEVICE_NEEDS_RESET: it has stopped */
	uint32_t generation; /* [l] of the configuration space */
	bool reported; /* [l] that it has stopped: once is enough */
	atomic_uint interrupt; /* [a] InterruptStatus */
	struct virtqueue queue[VIRTIO_QUEUES]; /* [l] */
};

/*
 * Make a device ready that its kind has filled in; detail may be NULL or what tells it from its
 * like, for messages. Returns 0, or -1 after a message. virtio_destroy frees it in both cases.
 */
int virtio_init(struct virtio_device *v, const char *detail);
void virtio_destroy(struct virtio_device *v);

/* Connect it with the guest's memory, its interrupt, and the loop that will serve it. */
int virtio_connect(struct virtio_device *v, const struct memory *mem, const struct virtio_irq *irq,
		   struct eventloop *loop);

/* vCPU thread: 32-bit registers, as little-endian numbers, and bytes of the configuration. */
uint32_t virtio_read(struct virtio_device *v, uint32_t offset);
void virtio_write(struct virtio_device *v, uint32_t offset, uint32_t value);
uint8_t virtio_config_read(struct virtio_device *v, uint32_t offset);
void virtio_config_write(struct virtio_device *v, uint32_t offset, uint8_t value);

/* Device thread: look at all queues, as after a notification. */
void virtio_serve(struct virtio_device *v);

/* --- for the kinds, under the lock --- */

/* Whether the driver has accepted feature bit n. Only while it serves. */
bool virtio_has_feature(const struct virtio_device *v, unsigned int n);

/*
 * Answer each request of a queue by request, which returns how many bytes it has written to the
 * room (or calls virtio_break), and interrupt the guest once, if it wants to be.
 */
void virtio_serve_requests(struct virtio_device *v, unsigned int queue,
			   uint32_t (*request)(struct virtio_device *v, struct virtq_chain *chain));

/* The same only while wanted says that there is an answer; else the guest's requests wait. */
void virtio_serve_while(struct virtio_device *v, unsigned int queue,
			bool (*wanted)(struct virtio_device *v),
			uint32_t (*request)(struct virtio_device *v, struct virtq_chain *chain));

/*
 * Whether somebody waits for the lock, or for the end of the VM: not for more than a request. Who
 * stops for this writes to v->kick, and is called again.
 */
bool virtio_hurries(const struct virtio_device *v);

/* Interrupt the guest if it wants to be for what was pushed. */
void virtio_interrupt(struct virtio_device *v, struct virtqueue *q);

/* The configuration space has changed. */
void virtio_config_changed(struct virtio_device *v);

/* The guest has broken this rule: the device stops. */
void virtio_break(struct virtio_device *v, const char *rule);

#endif
