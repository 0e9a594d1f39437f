// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <string.h>

#include "driver.h"
#include "util.h"

struct memory driver_memory;
atomic_uint driver_interrupts;
struct eventloop driver_loop;

void driver_setup(void)
{
	driver_memory = (struct memory){ calloc(1, DRIVER_RAM), DRIVER_RAM };
	driver_interrupts = 0;
	assert_int_equal(eventloop_init(&driver_loop), 0);
}

void driver_teardown(void)
{
	eventloop_destroy(&driver_loop);
	free(driver_memory.host);
}

void driver_put16(uint32_t addr, uint16_t value)
{
	value = htole16(value);
	memcpy(driver_memory.host + addr, &value, sizeof(value));
}

void driver_put32(uint32_t addr, uint32_t value)
{
	value = htole32(value);
	memcpy(driver_memory.host + addr, &value, sizeof(value));
}

uint16_t driver_get16(uint32_t addr)
{
	uint16_t value;

	memcpy(&value, driver_memory.host + addr, sizeof(value));
	return le16toh(value);
}

uint32_t driver_get32(uint32_t addr)
{
	uint32_t value;

	memcpy(&value, driver_memory.host + addr, sizeof(value));
	return le32toh(value);
}

void driver_desc(uint32_t base, unsigned int i, uint64_t addr, uint32_t len, uint16_t flags,
		 uint16_t next)
{
	base += i * 16;
	driver_put32(base, addr);
	driver_put32(base + 4, addr >> 32);
	driver_put32(base + 8, len);
	driver_put16(base + 12, flags);
	driver_put16(base + 14, next);
}

void driver_offer(unsigned int queue, uint16_t head)
{
	const uint16_t idx = driver_get16(DRIVER_AVAIL(queue) + 2);

	driver_put16(DRIVER_AVAIL(queue) + 4 + idx % DRIVER_QUEUE * 2, head);
	driver_put16(DRIVER_AVAIL(queue) + 2, idx + 1);
}

unsigned int driver_used(unsigned int queue)
{
	return driver_get16(DRIVER_USED(queue) + 2);
}

void driver_offer_room(unsigned int i, uint32_t size)
{
	driver_desc(DRIVER_DESC(0), i, DRIVER_ROOM(i), size, VRING_DESC_F_WRITE, 0);
	driver_offer(0, i);
}

static void count_interrupt(void *ctx, unsigned int slot)
{
	(void)ctx;
	(void)slot;
	driver_interrupts++;
}

void driver_connect(struct virtio_device *v)
{
	const struct virtio_irq irq = { .raise = count_interrupt };

	assert_non_null(v);
	assert_int_equal(virtio_connect(v, &driver_memory, &irq, &driver_loop), 0);
}

static void start_queue(struct virtio_device *v, unsigned int queue)
{
	virtio_write(v, VIRTIO_MMIO_QUEUE_SEL, queue);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_READY), 0);
	assert_true(virtio_read(v, VIRTIO_MMIO_QUEUE_NUM_MAX) >= DRIVER_QUEUE);
	virtio_write(v, VIRTIO_MMIO_QUEUE_NUM, DRIVER_QUEUE);
	virtio_write(v, VIRTIO_MMIO_QUEUE_DESC_LOW, DRIVER_DESC(queue));
	virtio_write(v, VIRTIO_MMIO_QUEUE_AVAIL_LOW, DRIVER_AVAIL(queue));
	virtio_write(v, VIRTIO_MMIO_QUEUE_USED_LOW, DRIVER_USED(queue));
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_READY), 1);
}

void driver_start(struct virtio_device *v, uint64_t features)
{
	uint32_t status = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER;
	unsigned int i;

	virtio_write(v, VIRTIO_MMIO_STATUS, 0);
	memset(driver_memory.host, 0, DRIVER_INDIRECT);
	virtio_write(v, VIRTIO_MMIO_STATUS, status);
	features |= (uint64_t)1 << VIRTIO_F_VERSION_1;
	for (i = 0; i < 2; i++) {
		virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES_SEL, i);
		virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES, features >> 32 * i);
	}
	status |= VIRTIO_CONFIG_S_FEATURES_OK;
	virtio_write(v, VIRTIO_MMIO_STATUS, status);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_STATUS), status);
	for (i = 0; i < v->kind->queues; i++)
		start_queue(v, i);
	virtio_write(v, VIRTIO_MMIO_STATUS, status | VIRTIO_CONFIG_S_DRIVER_OK);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_STATUS), status | VIRTIO_CONFIG_S_DRIVER_OK);
}

void driver_events(void)
{
	while (eventloop_handle(&driver_loop, 0))
		;
}

int64_t driver_request(struct virtio_device *v, uint32_t out, uint32_t out_size, uint32_t in,
		       uint32_t in_size)
{
	const uint16_t used = driver_used(0);
	uint32_t elem = DRIVER_USED(0) + 4 + used % DRIVER_QUEUE * 8;
	const uint16_t next = in_size ? VRING_DESC_F_NEXT : 0;

	driver_desc(DRIVER_DESC(0), 0, out, out_size, next, 1);
	driver_desc(DRIVER_DESC(0), 1, in, in_size, VRING_DESC_F_WRITE, 0);
	driver_offer(0, out_size ? 0 : 1);
	virtio_serve(v);
	if (driver_used(0) == used)
		return -1;
	assert_int_equal(driver_used(0), (uint16_t)(used + 1));
	assert_int_equal(driver_get32(elem), out_size ? 0 : 1);
	return driver_get32(elem + 4);
}
