// SPDX-License-Identifier: GPL-2.0-only
/* virtio-console between a driver and a line whose ends are pipes or a terminal. */
#include <fcntl.h>
#include <linux/virtio_console.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "driver.h"
#include "hostio.h"
#include "util.h"
#include "virtio/console.h"

#define PATIENCE_MS 5000
#define RECEIVE	    0
#define TRANSMIT    1
#define OUT	    0x60000u
#define SIZE	    (1 << VIRTIO_CONSOLE_F_SIZE)

static struct hostio io;
static struct serial line;
static struct virtio_device *v;
static atomic_bool stop;
static atomic_uint kicks;
static int to[2], from[2]; /* pipes: ours to the line, the line to us */

static void kick(void)
{
	atomic_fetch_add(&kicks, 1);
}

static void connect_console(uint64_t features)
{
	v = virtio_console_create(&line);
	driver_connect(v);
	driver_start(v, features);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	fcntl(from[0], F_SETFL, O_NONBLOCK);
	atomic_store(&stop, false);
	atomic_store(&kicks, 0);
	serial_init(&line, to[0], from[1], &stop);
	driver_setup();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	virtio_destroy(v);
	driver_teardown();
	close(to[0]);
	close(to[1]);
	close(from[0]);
	close(from[1]);
	return 0;
}

/* Element n of the receive queue's used ring says that descriptor i holds text. */
static void assert_received(unsigned int n, unsigned int i, const char *text)
{
	const uint32_t elem = DRIVER_USED(RECEIVE) + 4 + n % DRIVER_QUEUE * 8;

	assert_int_equal(driver_get32(elem), i);
	assert_int_equal(driver_get32(elem + 4), strlen(text));
	assert_memory_equal(driver_memory.host + DRIVER_ROOM(i), text, strlen(text));
}

static void put(const char *text)
{
	serial_put(&line, (const uint8_t *)text, strlen(text));
	line.arrived(line.arrived_ctx);
}

/* A guest that has written something is ready for input. */
static void write_something(void)
{
	char text[8];

	driver_put32(OUT, 0x68692e0a);
	driver_desc(DRIVER_DESC(TRANSMIT), 0, OUT, 4, 0, 0);
	driver_offer(TRANSMIT, 0);
	virtio_serve(v);
	assert_int_equal(read(from[0], text, sizeof(text)), 4);
	atomic_store(&driver_interrupts, 0);
	virtio_write(v, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_MMIO_INT_VRING);
}

static void output(void **state)
{
	char text[64] = { 0 };

	(void)state;
	connect_console(0);
	memcpy(driver_memory.host + OUT, "one line\nand a prompt: ", 23);
	driver_desc(DRIVER_DESC(TRANSMIT), 0, OUT, 9, VRING_DESC_F_NEXT, 1);
	driver_desc(DRIVER_DESC(TRANSMIT), 1, OUT + 9, 14, 0, 0);
	driver_offer(TRANSMIT, 0);
	virtio_serve(v);
	assert_int_equal(driver_used(TRANSMIT), 1);
	assert_int_equal(driver_interrupts, 1);
	/* all of it: there is nobody who would write the rest later */
	assert_int_equal(read(from[0], text, sizeof(text)), 23);
	assert_string_equal(text, "one line\nand a prompt: ");
}

static void output_without_reader(void **state)
{
	(void)state;
	connect_console(0);
	atomic_store(&stop, true);
	driver_desc(DRIVER_DESC(TRANSMIT), 0, 0, DRIVER_RAM, 0, 0);
	driver_offer(TRANSMIT, 0);
	virtio_serve(v);
	assert_int_equal(driver_used(TRANSMIT), 1);
}

static void input(void **state)
{
	(void)state;
	connect_console(0);
	write_something();
	driver_offer_room(0, 4);
	driver_offer_room(1, 0x1000);
	virtio_serve(v);
	assert_int_equal(driver_used(RECEIVE), 0);
	put("hello world");
	virtio_serve(v);
	assert_int_equal(driver_used(RECEIVE), 2);
	assert_int_equal(driver_interrupts, 1);
	assert_received(0, 0, "hell");
	assert_received(1, 1, "o world");
	/* no room: it waits */
	put("later");
	serial_put_break(&line);
	virtio_serve(v);
	assert_int_equal(driver_used(RECEIVE), 2);
	driver_offer_room(2, 0x1000);
	virtio_serve(v);
	assert_received(2, 2, "later\x0f");
	/* a buffer that nothing can come into would be used up for ever */
	put("x");
	driver_offer_room(3, 0);
	capture();
	virtio_serve(v);
	assert_one_line(captured());
	assert_int_equal(driver_used(RECEIVE), 3);
}

/* Linux throws away what comes before it is ready. */
static void early_input(void **state)
{
	unsigned int ms, round;

	(void)state;
	connect_console(0);
	for (round = 0; round < 2; round++) {
		driver_offer_room(0, 0x1000);
		put("early");
		virtio_serve(v);
		assert_int_equal(driver_used(RECEIVE), 0);
		/* the guest's first word; the second time it never says anything */
		if (!round)
			write_something();
		for (ms = 0; !driver_used(RECEIVE) && ms < PATIENCE_MS; ms++) {
			driver_events();
			usleep(1000);
		}
		assert_received(0, 0, "early");
		driver_start(v, 0);
	}
}

/* Much more than all buffers hold comes through a pipe, and all arrives, in order. */
static void nothing_lost(void **state)
{
	static uint8_t data[10 * SERIAL_RING];
	unsigned int i, ms, done = 0, seen = 0;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = i % 251;
	connect_console(0);
	write_something();
	fcntl(to[1], F_SETPIPE_SZ, (int)sizeof(data));
	assert_int_equal(write(to[1], data, sizeof(data)), sizeof(data));
	assert_int_equal(hostio_start(&io, &line, 1, &stop, kick), 0);
	for (i = 0; i < 3; i++)
		driver_offer_room(i, 999);
	for (ms = 0; done < sizeof(data) && ms < PATIENCE_MS; ms++) {
		virtio_serve(v);
		for (; seen != driver_used(RECEIVE); seen++) {
			const uint32_t elem = DRIVER_USED(RECEIVE) + 4 + seen % DRIVER_QUEUE * 8;
			const uint32_t len = driver_get32(elem + 4);

			i = driver_get32(elem);
			assert_in_range(len, 1, sizeof(data) - done);
			assert_memory_equal(driver_memory.host + DRIVER_ROOM(i), data + done, len);
			done += len;
			driver_offer_room(i, 999);
			ms = 0;
		}
		usleep(1000);
	}
	hostio_stop(&io);
	assert_int_equal(done, sizeof(data));
	/* none of it was the vCPU's business */
	assert_int_equal(atomic_load(&kicks), 0);
}

static void no_terminal(void **state)
{
	(void)state;
	connect_console(0);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_ID), 3);
	virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES) & SIZE, 0);
}

static unsigned int config16(unsigned int offset)
{
	return virtio_config_read(v, offset) | virtio_config_read(v, offset + 1) << 8;
}

static void size_of_the_terminal(void **state)
{
	struct winsize size = { .ws_row = 37, .ws_col = 300 };
	uint32_t generation;
	int master, slave;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	line.out = slave;
	connect_console(SIZE);
	assert_int_equal(config16(0), 300);
	assert_int_equal(config16(2), 37);
	generation = virtio_read(v, VIRTIO_MMIO_CONFIG_GENERATION);
	size.ws_row = 38;
	assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
	kill(getpid(), SIGWINCH);
	driver_events();
	assert_int_equal(config16(2), 38);
	assert_int_not_equal(virtio_read(v, VIRTIO_MMIO_CONFIG_GENERATION), generation);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_MMIO_INT_CONFIG);
	close(slave);
	close(master);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(output),
		TEST(output_without_reader),
		TEST(input),
		TEST(nothing_lost),
		TEST(early_input),
		TEST(no_terminal),
		TEST(size_of_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
