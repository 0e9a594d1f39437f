// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"
#include "report.h"

/* The parts of queue n, 1 KB apart */
#define DESC(n)	 (0x1000u + 0x400u * (n))
#define AVAIL(n) (0x1100u + 0x400u * (n))
#define USED(n)	 (0x1200u + 0x400u * (n))
#define INDIRECT 0x3000u /* a table of descriptors */
#define REQUEST	 0x4000u /* what a driver sends */
#define ROOM	 0x8000u /* for the answer */

static struct memory ram;
static struct eventloop loop;

/* What vm44x would say; whoever has something to say does not crash */
int vm_error(const char *fmt, ...)
{
	(void)fmt;
	return -1;
}

void vm_warn(const char *fmt, ...)
{
	(void)fmt;
}

uint8_t input_u8(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

uint16_t input_u16(struct input *in)
{
	uint16_t low = input_u8(in);

	return low | input_u8(in) << 8;
}

uint32_t input_u32(struct input *in)
{
	uint32_t low = input_u16(in);

	return low | (uint32_t)input_u16(in) << 16;
}

static void put16(uint16_t addr, uint16_t value)
{
	value = htole16(value);
	memcpy(ram.host + (addr & ~1u), &value, sizeof(value));
}

static uint16_t get16(uint16_t addr)
{
	uint16_t value;

	memcpy(&value, ram.host + (addr & ~1u), sizeof(value));
	return le16toh(value);
}

static void put_desc(uint32_t table, unsigned int i, uint64_t addr, uint32_t len, uint16_t flags,
		     uint16_t next)
{
	const struct vring_desc d = { htole64(addr), htole32(len), htole16(flags), htole16(next) };

	memcpy(ram.host + table + i % GUEST_QUEUE * sizeof(d), &d, sizeof(d));
}

static void offer(unsigned int queue, uint16_t head)
{
	const uint16_t idx = get16(AVAIL(queue) + 2);

	put16(AVAIL(queue) + 4 + idx % GUEST_QUEUE * 2, head);
	put16(AVAIL(queue) + 2, idx + 1);
}

static void start_queue(struct virtio_device *v, unsigned int queue, uint16_t desc)
{
	virtio_write(v, VIRTIO_MMIO_QUEUE_SEL, queue);
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 0);
	virtio_write(v, VIRTIO_MMIO_QUEUE_NUM, GUEST_QUEUE);
	virtio_write(v, VIRTIO_MMIO_QUEUE_DESC_LOW, desc);
	virtio_write(v, VIRTIO_MMIO_QUEUE_AVAIL_LOW, desc + 0x100);
	virtio_write(v, VIRTIO_MMIO_QUEUE_USED_LOW, desc + 0x200);
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 1);
}

/* As a driver does it */
static void start(struct virtio_device *v, uint32_t refused)
{
	unsigned int i;

	virtio_write(v, VIRTIO_MMIO_STATUS, 0);
	virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER);
	for (i = 0; i < 2; i++) {
		virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, i);
		virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES_SEL, i);
		virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES,
			     virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES) & (i ? ~0u : ~refused));
	}
	virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_FEATURES_OK);
	for (i = 0; i < v->kind->queues; i++)
		start_queue(v, i, DESC(i));
	virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_DRIVER_OK);
}

static void put_piece(uint32_t table, unsigned int *i, uint32_t addr, uint32_t len, uint16_t flags)
{
	const unsigned int next = (*i + 1) % GUEST_QUEUE;

	put_desc(table, *i, addr, len, flags, next);
	*i = next;
}

/* A request in one or two pieces each way, in the queue's table or in another one */
static void send(struct input *in, unsigned int queue,
		 void (*request)(struct input *in, uint8_t *bytes, uint32_t size))
{
	const uint16_t to_write = VRING_DESC_F_WRITE | VRING_DESC_F_NEXT;
	const uint8_t shape = input_u8(in);
	const uint32_t table = shape & 0x20 ? INDIRECT : DESC(queue);
	const unsigned int first = table == INDIRECT ? 0 : shape % GUEST_QUEUE;
	const uint32_t out = input_u16(in) % 0x1000, room = input_u16(in) % 0x4000;
	const uint32_t half = shape & 0x40 ? out / 2 : out;
	unsigned int i = first;

	request(in, ram.host + REQUEST, out);
	put_piece(table, &i, REQUEST, half, VRING_DESC_F_NEXT);
	if (half < out)
		put_piece(table, &i, REQUEST + half, out - half, VRING_DESC_F_NEXT);
	if (shape & 0x80)
		put_piece(table, &i, ROOM, room, to_write);
	put_piece(table, &i, ROOM + room, 1, VRING_DESC_F_WRITE);
	if (table == INDIRECT)
		put_desc(DESC(queue), 0, INDIRECT, 16 * GUEST_QUEUE, VRING_DESC_F_INDIRECT, 0);
	offer(queue, first);
}

/* Some descriptor: in memory mostly, at a place of interest, or anywhere */
static void any_desc(struct input *in, unsigned int queue)
{
	static const uint32_t places[] = { DESC(0), AVAIL(0), USED(0), INDIRECT,
					   REQUEST, ROOM,     0,       GUEST_RAM - 16 };
	const uint8_t i = input_u8(in), how = input_u8(in);
	const uint64_t addr = how & 0x80 ? (uint64_t)input_u32(in) << (how & 0x1f)
					 : places[how % 8] + (how >> 3 & 1);
	const uint32_t len = how & 0x40 ? input_u32(in) : 16u * (how >> 4 & 3);
	const uint8_t flags = input_u8(in);
	const uint16_t next = flags & 0x80 ? input_u16(in) : flags / 8 % 8;

	put_desc(i & 0x80 ? INDIRECT : DESC(queue), i, addr, len, flags % 8, next);
}

/* Whatever was available is taken, or the device has stopped, or it will look again. */
static void serve(struct virtio_device *v)
{
	unsigned int i, rounds;

	for (rounds = 0; rounds < 4 && eventloop_handle(&loop, 0); rounds++)
		;
	for (rounds = 0; rounds < 4; rounds++)
		virtio_serve(v);
	for (i = 0; i < v->kind->queues; i++)
		if (v->status == (VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
				  VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK) &&
		    v->queue[i].error)
			__builtin_trap();
}

static void step(struct virtio_device *v, struct input *in,
		 void (*request)(struct input *in, uint8_t *bytes, uint32_t size))
{
	const uint8_t what = input_u8(in);
	const unsigned int queue = what / 16 % v->kind->queues;
	uint32_t n, addr;

	switch (what % 16) {
	case 0: /* any register */
		n = input_u8(in) % 64 * 4;
		virtio_write(v, n, input_u32(in));
		break;
	case 1:
		virtio_read(v, input_u8(in) % 64 * 4);
		break;
	case 2:
		n = input_u8(in);
		virtio_config_write(v, n, input_u8(in));
		virtio_config_read(v, n);
		break;
	case 3: /* a field of anything */
		addr = input_u16(in);
		put16(addr, input_u16(in));
		break;
	case 4:
		any_desc(in, queue);
		break;
	case 5: /* some bytes, an indirect table perhaps */
		addr = input_u16(in);
		for (n = input_u8(in) % 64; n; n--)
			ram.host[addr++ % GUEST_RAM] = input_u8(in);
		break;
	case 6:
		offer(queue, input_u8(in) % (GUEST_QUEUE + 1));
		break;
	case 7: /* the queue is elsewhere from now on */
		start_queue(v, queue, input_u16(in) & ~15u);
		break;
	case 8:
		start(v, 1u << VIRTIO_RING_F_EVENT_IDX);
		break;
	case 9:
		start(v, input_u32(in));
		break;
	case 10:
	case 11:
		serve(v);
		break;
	default:
		if (request)
			send(in, queue, request);
		break;
	}
}

static void no_interrupt(void *ctx, unsigned int slot)
{
	(void)ctx;
	(void)slot;
}

void guest_run(struct virtio_device *v, struct input *in,
	       void (*request)(struct input *in, uint8_t *bytes, uint32_t size))
{
	static const struct virtio_irq irq = { .raise = no_interrupt };

	/* exactly as large as it says, so that the sanitizer sees what is behind */
	ram = (struct memory){ calloc(1, GUEST_RAM), GUEST_RAM };
	if (!v || !ram.host || eventloop_init(&loop) < 0 ||
	    virtio_connect(v, &ram, &irq, &loop) < 0)
		__builtin_trap();
	start(v, 0);
	while (in->size)
		step(v, in, request);
	serve(v);
	virtio_destroy(v);
	eventloop_destroy(&loop);
	free(ram.host);
}
