// SPDX-License-Identifier: GPL-2.0-only
/* virtio-balloon: what the guest gives away is gone, and nothing else. */
#include <linux/virtio_balloon.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver.h"
#include "util.h"
#include "virtio/balloon.h"

#define INFLATE	 0
#define DEFLATE	 1
#define PAGE	 4096u
#define NUMBERS	 DRIVER_FREE /* of pages, on their way */
#define VICTIM	 0x80000u
#define VICTIMS	 8u /* pages */
#define FEATURES (1 << VIRTIO_BALLOON_F_REPORTING)

static struct virtio_device *v;
static char directory[32], fifo[64];
static uint8_t *heap; /* what driver_setup has got */

static int setup(void **state)
{
	(void)state;
	driver_setup();
	/* Pages can be given back that are whole ones, as those of a real guest are. */
	heap = driver_memory.host;
	driver_memory.host =
		mmap(NULL, DRIVER_RAM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(driver_memory.host != MAP_FAILED);
	assert_non_null(mkdtemp(strcpy(directory, "/tmp/vm44x-test-XXXXXX")));
	snprintf(fifo, sizeof(fifo), "%s/control", directory);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	v = virtio_balloon_create(fifo, DRIVER_RAM);
	driver_connect(v);
	driver_start(v, FEATURES);
	memset(driver_memory.host + VICTIM, 0x77, VICTIMS * PAGE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	virtio_destroy(v);
	munmap(driver_memory.host, DRIVER_RAM);
	driver_memory.host = heap;
	driver_teardown();
	unlink(fifo);
	rmdir(directory);
	return 0;
}

/* Exactly these bytes of the victims are gone. */
static void assert_gone(uint32_t first, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < VICTIMS * PAGE; i++)
		assert_int_equal(driver_memory.host[VICTIM + i], i - first < len ? 0 : 0x77);
}

static void send(unsigned int queue, uint32_t addr, uint32_t len, uint16_t flags)
{
	const uint16_t used = driver_used(queue);

	driver_desc(DRIVER_DESC(queue), 0, addr, len, flags, 0);
	driver_offer(queue, 0);
	virtio_serve(v);
	assert_int_equal(driver_used(queue), (uint16_t)(used + 1));
}

static void inflate_and_deflate(void **state)
{
	(void)state;
	driver_put32(NUMBERS, VICTIM / PAGE + 3);
	driver_put32(NUMBERS + 4, VICTIM / PAGE + 2);
	send(INFLATE, NUMBERS, 8, 0);
	assert_gone(2 * PAGE, 2 * PAGE);
	/* what comes out is memory as any other */
	send(DEFLATE, NUMBERS, 8, 0);
	assert_gone(2 * PAGE, 2 * PAGE);
}

/* By the number that the specification has for the queue, and by Linux's */
static void reports(void **state)
{
	(void)state;
	send(2, VICTIM + PAGE, 2 * PAGE, VRING_DESC_F_WRITE);
	assert_gone(PAGE, 2 * PAGE);
	memset(driver_memory.host + VICTIM, 0x77, VICTIMS * PAGE);
	send(4, VICTIM + PAGE, 2 * PAGE, VRING_DESC_F_WRITE);
	assert_gone(PAGE, 2 * PAGE);
}

/* A page of which a part is free is in use. */
static void parts_of_pages(void **state)
{
	(void)state;
	send(2, VICTIM + PAGE - 1, 2 * PAGE, VRING_DESC_F_WRITE);
	assert_gone(PAGE, PAGE);
	memset(driver_memory.host + VICTIM, 0x77, VICTIMS * PAGE);
	send(2, VICTIM + 1, PAGE, VRING_DESC_F_WRITE);
	send(2, VICTIM + 1, PAGE - 2, VRING_DESC_F_WRITE);
	assert_gone(0, 0);
}

static void assert_breaks(uint32_t len)
{
	driver_start(v, FEATURES);
	driver_desc(DRIVER_DESC(INFLATE), 0, NUMBERS, len, 0, 0);
	driver_offer(INFLATE, 0);
	capture();
	virtio_serve(v);
	/* one line for a device: that it has stopped again is no news */
	captured();
	assert_int_equal(driver_used(INFLATE), 0);
	assert_gone(0, 0);
}

static void wrong_pages(void **state)
{
	(void)state;
	driver_put32(NUMBERS, DRIVER_RAM / PAGE);
	assert_breaks(4);
	driver_put32(NUMBERS, UINT32_MAX);
	assert_breaks(4);
	driver_put32(NUMBERS, VICTIM / PAGE);
	assert_breaks(DRIVER_RAM / PAGE * 4 + 4);
	/* half a number is none */
	driver_start(v, FEATURES);
	send(INFLATE, NUMBERS, 3, 0);
	assert_gone(0, 0);
}

static void configuration(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_ID), 5);
	for (i = 0; i < 16; i++)
		virtio_config_write(v, i, 0x10 + i);
	for (i = 0; i < 16; i++)
		assert_int_equal(virtio_config_read(v, i), i / 4 == 1 ? 0x10 + i : 0);
}

static uint32_t wanted(void)
{
	uint32_t pages = 0;
	unsigned int i;

	driver_events();
	for (i = 0; i < 4; i++)
		pages |= virtio_config_read(v, i) << 8 * i;
	return pages;
}

static void say(const char *text)
{
	int fd = open(fifo, O_WRONLY | O_NONBLOCK);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void commands(void **state)
{
	const uint32_t generation = virtio_read(v, VIRTIO_MMIO_CONFIG_GENERATION);

	(void)state;
	assert_int_equal(wanted(), 0);
	say("64K\n");
	assert_int_equal(wanted(), 16);
	assert_int_not_equal(virtio_read(v, VIRTIO_MMIO_CONFIG_GENERATION), generation);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_MMIO_INT_CONFIG);
	/* in parts; several at once, with empty lines; the last one counts */
	say("12");
	assert_int_equal(wanted(), 16);
	say("8K\n\n1M\n32K");
	assert_int_equal(wanted(), DRIVER_RAM / PAGE);
	say("\n0\n");
	assert_int_equal(wanted(), 0);
}

static void wrong_command(const char *text, const char *message)
{
	say(text);
	capture();
	assert_int_equal(wanted(), 1);
	assert_contains(captured(), message);
}

static void wrong_commands(void **state)
{
	(void)state;
	say("4K\n");
	wrong_command("much\n", "--balloon: 'much' is not a size");
	wrong_command("2M\n", "--balloon: '2M' is more than the guest has");
	wrong_command("1K\n", "--balloon: '1K' is no multiple of 4 KiB");
	wrong_command("0000000000000000000000000000000000000000000000000001\n", "is not a size");
}

static void no_fifo(void **state)
{
	(void)state;
	capture();
	assert_null(virtio_balloon_create("/tmp", DRIVER_RAM));
	assert_contains(captured(), "--balloon: cannot open '/tmp'");
	capture();
	assert_null(virtio_balloon_create("/dev/null", DRIVER_RAM));
	assert_contains(captured(), "--balloon: '/dev/null' is no FIFO");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(inflate_and_deflate), TEST(reports),  TEST(parts_of_pages), TEST(wrong_pages),
		TEST(configuration),	   TEST(commands), TEST(wrong_commands), TEST(no_fifo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
