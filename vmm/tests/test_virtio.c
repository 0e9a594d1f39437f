// SPDX-License-Identifier: GPL-2.0-only
/* A virtio device by its registers; and the simplest one, virtio-rng. */
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "machine.h"
#include "util.h"
#include "virtio/rng.h"

#define DRIVER_FEATURES_OK \
	(VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER | VIRTIO_CONFIG_S_FEATURES_OK)

static struct virtio_device *v;

static int setup(void **state)
{
	(void)state;
	driver_setup();
	v = virtio_rng_create();
	driver_connect(v);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	virtio_destroy(v);
	driver_teardown();
	return 0;
}

static uint32_t status(void)
{
	return virtio_read(v, VIRTIO_MMIO_STATUS);
}

static void accept_features(uint32_t low, uint32_t high)
{
	virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES, low);
	virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES, high);
	virtio_write(v, VIRTIO_MMIO_STATUS, DRIVER_FEATURES_OK);
}

static void identity(void **state)
{
	(void)state;
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_MAGIC_VALUE), 0x74726976);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_VERSION), 2);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_ID), 4);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_SHM_LEN_LOW), UINT32_MAX);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_SHM_LEN_HIGH), UINT32_MAX);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_NUM_MAX), 8);
	virtio_write(v, VIRTIO_MMIO_QUEUE_SEL, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_NUM_MAX), 0);
	virtio_write(v, VIRTIO_MMIO_QUEUE_SEL, UINT32_MAX);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_NUM_MAX), 0);
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_READY), 0);
	assert_int_equal(virtio_config_read(v, 0), 0);
	virtio_config_write(v, 0, 1);
}

static void features(void **state)
{
	const uint32_t rings = 1 << VIRTIO_RING_F_EVENT_IDX | 1 << VIRTIO_RING_F_INDIRECT_DESC;

	(void)state;
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES), rings);
	virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES), 1);
	virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 2);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES), 0);
	/* a driver of old, and one that takes what is not there */
	accept_features(rings, 0);
	assert_int_equal(status(), DRIVER_FEATURES_OK & ~VIRTIO_CONFIG_S_FEATURES_OK);
	accept_features(rings | 1, 1);
	assert_int_equal(status(), DRIVER_FEATURES_OK & ~VIRTIO_CONFIG_S_FEATURES_OK);
	/* which does not run */
	virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_DRIVER_OK);
	assert_int_equal(status(), DRIVER_FEATURES_OK & ~VIRTIO_CONFIG_S_FEATURES_OK);
	accept_features(rings, 1);
	assert_int_equal(status(), DRIVER_FEATURES_OK);
	/* too late */
	virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES, 0);
	virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_DRIVER_OK);
	assert_int_equal(status(), DRIVER_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK);
	virtio_write(v, VIRTIO_MMIO_STATUS, 0);
	assert_int_equal(status(), 0);
}

static void entropy(void **state)
{
	uint8_t zeroes[64] = { 0 }, *room = driver_memory.host + DRIVER_FREE;

	(void)state;
	driver_start(v, 0);
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 64), 64);
	assert_memory_not_equal(room, zeroes, 64);
	assert_memory_equal(room + 64, zeroes, 64);
	assert_int_equal(driver_interrupts, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_MMIO_INT_VRING);
	virtio_write(v, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_MMIO_INT_VRING);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), 0);
	/* no more than is good in one go; no room at all */
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 4096), 256);
	assert_int_equal(driver_request(v, DRIVER_FREE, 16, 0, 0), 0);
}

/* An edge when the first bit is set, and when an acknowledge leaves one. */
static void interrupt_edges(void **state)
{
	(void)state;
	driver_start(v, 0);
	driver_request(v, 0, 0, DRIVER_FREE, 4);
	driver_request(v, 0, 0, DRIVER_FREE, 4);
	assert_int_equal(driver_interrupts, 1);
	virtio_config_changed(v);
	assert_int_equal(driver_interrupts, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_CONFIG_GENERATION), 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), 3);
	virtio_write(v, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_MMIO_INT_VRING);
	assert_int_equal(driver_interrupts, 2);
	virtio_write(v, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_MMIO_INT_CONFIG);
	assert_int_equal(driver_interrupts, 2);
	driver_request(v, 0, 0, DRIVER_FREE, 4);
	assert_int_equal(driver_interrupts, 3);
}

/* One for a batch, and other devices get their turn after as many as the queue holds. */
static void batches(void **state)
{
	struct pollfd p = { .fd = v->kick, .events = POLLIN };
	unsigned int i;
	uint64_t n;

	(void)state;
	driver_start(v, 0);
	assert_int_equal(poll(&p, 1, 0), 1); /* requests that came before DRIVER_OK */
	assert_int_equal(read(v->kick, &n, sizeof(n)), sizeof(n));
	driver_desc(DRIVER_DESC(0), 0, DRIVER_FREE, 4, VRING_DESC_F_WRITE, 0);
	for (i = 0; i < DRIVER_QUEUE; i++)
		driver_offer(0, 0);
	virtio_serve(v);
	assert_int_equal(driver_used(0), DRIVER_QUEUE);
	assert_int_equal(driver_interrupts, 1);
	assert_int_equal(poll(&p, 1, 0), 1);
	/* without the kernel's help */
	assert_int_equal(read(v->kick, &n, sizeof(n)), sizeof(n));
	virtio_write(v, VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	assert_int_equal(poll(&p, 1, 0), 1);
}

/* After each request it is time for a guest that waits for the device, or for the VM's end. */
static void hurry(void **state)
{
	struct pollfd p = { .fd = v->kick, .events = POLLIN };
	unsigned int i;
	uint64_t n;

	(void)state;
	driver_start(v, 0);
	driver_desc(DRIVER_DESC(0), 0, DRIVER_FREE, 4, VRING_DESC_F_WRITE, 0);
	for (i = 0; i < 4; i++)
		driver_offer(0, 0);
	for (i = 1; i <= 2; i++) {
		assert_int_equal(read(v->kick, &n, sizeof(n)), sizeof(n));
		atomic_store(i == 1 ? &v->awaited : &driver_loop.quit, true);
		virtio_serve(v);
		atomic_store(i == 1 ? &v->awaited : &driver_loop.quit, false);
		assert_int_equal(driver_used(0), i);
		/* the others are not forgotten */
		assert_int_equal(poll(&p, 1, 0), 1);
	}
	virtio_serve(v);
	assert_int_equal(driver_used(0), 4);
}

static void broken(void **state)
{
	(void)state;
	driver_start(v, 0);
	capture();
	assert_int_equal(driver_request(v, 0, 0, DRIVER_RAM, 4), -1);
	assert_int_equal(status() & VIRTIO_CONFIG_S_NEEDS_RESET, VIRTIO_CONFIG_S_NEEDS_RESET);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_MMIO_INT_CONFIG);
	assert_int_equal(driver_interrupts, 1);
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 4), -1);
	/* the driver cannot take it back, but by a reset */
	virtio_write(v, VIRTIO_MMIO_STATUS, DRIVER_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK);
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 4), -1);
	driver_start(v, 0);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), 0);
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 4), 4);
	/* again: the user is told once */
	assert_int_equal(driver_request(v, 0, 0, DRIVER_RAM, 4), -1);
	assert_one_line(captured());
}

static void broken_queue(void **state)
{
	(void)state;
	/* too early */
	virtio_write(v, VIRTIO_MMIO_QUEUE_NUM, 8);
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 1);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_READY), 0);
	accept_features(0, 1);
	virtio_write(v, VIRTIO_MMIO_QUEUE_DESC_HIGH, 1);
	capture();
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 1);
	assert_contains(captured(), "virtio-rng: a queue lies in memory");
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_QUEUE_READY), 0);
	assert_int_equal(status(), DRIVER_FEATURES_OK | VIRTIO_CONFIG_S_NEEDS_RESET);
}

/* A queue that is ready stays where it is; one that is not any more takes nothing. */
static void moved_queue(void **state)
{
	(void)state;
	driver_start(v, 0);
	virtio_write(v, VIRTIO_MMIO_QUEUE_NUM, 0x80000000);
	virtio_write(v, VIRTIO_MMIO_QUEUE_DESC_LOW, DRIVER_RAM);
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 4), 4);
	virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 0);
	assert_int_equal(driver_request(v, 0, 0, DRIVER_FREE, 4), -1);
	assert_false(status() & VIRTIO_CONFIG_S_NEEDS_RESET);
}

/* Until the device thread has pushed something; false: it does not */
static bool wait_used(uint16_t used)
{
	unsigned int ms;

	for (ms = 0; ms < 5000; ms++) {
		if (__atomic_load_n(driver_memory.host + DRIVER_USED(0) + 2, __ATOMIC_ACQUIRE) !=
		    used)
			return true;
		usleep(1000);
	}
	return false;
}

/* The device thread serves while the guest uses it, resets it, and breaks its rules. */
static void by_thread(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(eventloop_start(&driver_loop), 0);
	capture();
	for (i = 0; i < 300; i++) {
		driver_start(v, i % 2 << VIRTIO_RING_F_EVENT_IDX);
		driver_desc(DRIVER_DESC(0), 0, DRIVER_FREE, 4, VRING_DESC_F_WRITE, 0);
		driver_desc(DRIVER_DESC(0), 1, DRIVER_RAM, 4, VRING_DESC_F_WRITE, 0);
		driver_offer(0, 0);
		virtio_write(v, VIRTIO_MMIO_QUEUE_NOTIFY, 0);
		if (i % 3 && !wait_used(0))
			break;
		driver_offer(0, i % 2);
		virtio_write(v, VIRTIO_MMIO_QUEUE_NOTIFY, 0);
		virtio_write(v, VIRTIO_MMIO_INTERRUPT_ACK, 3);
	}
	eventloop_stop(&driver_loop);
	assert_one_line(captured()); /* of the rules that it breaks, the first */
	assert_int_equal(i, 300);
	assert_true(driver_interrupts > 0);
}

static struct serial serial[BOARD_UARTS];
static struct machine m;
static atomic_bool stop;

/* Through the board's buses: registers are little-endian, the configuration is bytes. */
static void in_machine(void **state)
{
	const uint64_t base = machine_virtio_addr(boards[0], 1);
	const uint32_t source = boards[0]->virtio_source + 1;
	uint8_t data[4];

	(void)state;
	serial_init(&serial[0], -1, -1, &stop);
	serial_init(&serial[1], -1, -1, &stop);
	machine_init(&m, boards[0], 128 << 20, serial, NULL);
	machine_add_virtio(&m, boards[0], 1, v);
	mmio_access(&m.mmio, base + VIRTIO_MMIO_MAGIC_VALUE, data, 4, false);
	assert_memory_equal(data, "virt", 4);
	mmio_access(&m.mmio, base + VIRTIO_MMIO_STATUS, (uint8_t *)"\x01\0\0\0", 4, true);
	assert_int_equal(status(), VIRTIO_CONFIG_S_ACKNOWLEDGE);
	mmio_access(&m.mmio, base + VIRTIO_MMIO_CONFIG + 1, data, 1, false);
	/* an edge of its interrupt reaches the CPU when it is pumped */
	dcr_write(&m.dcr, boards[0]->uic[0].dcr + V44_UIC_TR, V44_UIC_BIT(source));
	dcr_write(&m.dcr, boards[0]->uic[0].dcr + V44_UIC_ER, V44_UIC_BIT(source));
	machine_edge(&m, 1);
	assert_false(machine_external(&m));
	machine_pump(&m);
	assert_true(machine_external(&m));
	dcr_write(&m.dcr, boards[0]->uic[0].dcr + V44_UIC_SR, V44_UIC_BIT(source));
	machine_pump(&m);
	assert_false(machine_external(&m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(identity, setup, teardown),
		cmocka_unit_test_setup_teardown(features, setup, teardown),
		cmocka_unit_test_setup_teardown(entropy, setup, teardown),
		cmocka_unit_test_setup_teardown(interrupt_edges, setup, teardown),
		cmocka_unit_test_setup_teardown(batches, setup, teardown),
		cmocka_unit_test_setup_teardown(hurry, setup, teardown),
		cmocka_unit_test_setup_teardown(broken, setup, teardown),
		cmocka_unit_test_setup_teardown(broken_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(moved_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(by_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(in_machine, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
