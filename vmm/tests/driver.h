/* SPDX-License-Identifier: GPL-2.0-only */
/* A driver of virtio devices over a fake guest memory, for the tests. */
#ifndef VM44X_TESTS_DRIVER_H
#define VM44X_TESTS_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "memory.h"
#include "virtio/device.h"

#define DRIVER_RAM	    0x100000u
#define DRIVER_QUEUE	    8 /* entries */
/* Where things are in it: the queues' parts, an indirect table, free memory */
#define DRIVER_DESC(queue)  (0x1000u + 0x2000u * (queue))
#define DRIVER_AVAIL(queue) (0x2000u + 0x2000u * (queue))
#define DRIVER_USED(queue)  (0x2800u + 0x2000u * (queue))
#define DRIVER_INDIRECT	    0x10000u
#define DRIVER_FREE	    0x20000u

extern struct memory driver_memory;
extern atomic_uint driver_interrupts;
extern struct eventloop driver_loop; /* not started */

/* Fresh memory; DRIVER_RAM bytes of 0. */
void driver_setup(void);
void driver_teardown(void);

void driver_put16(uint32_t addr, uint16_t value);
void driver_put32(uint32_t addr, uint32_t value);
uint16_t driver_get16(uint32_t addr);
uint32_t driver_get32(uint32_t addr);

/* Descriptor i of the table at base. */
void driver_desc(uint32_t base, unsigned int i, uint64_t addr, uint32_t len, uint16_t flags,
		 uint16_t next);

/* Make a chain available, beginning with descriptor head. */
void driver_offer(unsigned int queue, uint16_t head);

/* How many chains of a queue were given back so far. */
unsigned int driver_used(unsigned int queue);

/* Make descriptor i of queue 0 available, size bytes of room for what a device receives. */
#define DRIVER_ROOM(i) (DRIVER_FREE + (i)*0x1000)
void driver_offer_room(unsigned int i, uint32_t size);

/* Connect a device and bring it to DRIVER_OK, with these features accepted. */
void driver_connect(struct virtio_device *v);
void driver_start(struct virtio_device *v, uint64_t features);

/* What the device thread would do now. */
void driver_events(void);

/*
 * A request of one piece to read and one to write (size 0: none) through descriptors 0 and 1 of
 * queue 0, served at once. Returns the length in the used ring, or -1 if it was not given back.
 */
int64_t driver_request(struct virtio_device *v, uint32_t out, uint32_t out_size, uint32_t in,
		       uint32_t in_size);

#endif
