// SPDX-License-Identifier: GPL-2.0-only
/* The host's end of a serial line: buffering, slow and dead readers, the ring. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "serial.h"
#include "util.h"

static struct serial s;
static atomic_bool stop;
static int in, out;

static int setup(void **state)
{
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	in = pipes[0];
	out = pipes[1];
	fcntl(in, F_SETFL, O_NONBLOCK);
	atomic_store(&stop, false);
	serial_init(&s, -1, out, &stop);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(in);
	close(out);
	return 0;
}

static void transmit(const char *text)
{
	while (*text)
		serial_transmit(&s, *text++);
}

static void arrived(const char *text)
{
	char buffer[4096] = { 0 };

	if (read(in, buffer, sizeof(buffer) - 1) < 0)
		buffer[0] = '\0';
	assert_string_equal(buffer, text);
}

static void lines(void **state)
{
	(void)state;
	transmit("no line yet");
	assert_true(atomic_load(&s.output_waits));
	arrived("");
	transmit(", now one\nand more");
	arrived("no line yet, now one\n");
	serial_flush(&s);
	arrived("and more");
	assert_false(atomic_load(&s.output_waits));
}

static void long_line(void **state)
{
	char buffer[4 * SERIAL_OUTPUT];
	unsigned int i;

	(void)state;
	for (i = 0; i < 3 * SERIAL_OUTPUT; i++)
		serial_transmit(&s, 'a' + i % 26);
	assert_int_equal(read(in, buffer, sizeof(buffer)), 3 * SERIAL_OUTPUT);
	for (i = 0; i < 3 * SERIAL_OUTPUT; i++)
		assert_int_equal(buffer[i], 'a' + i % 26);
}

static void no_output(void **state)
{
	(void)state;
	serial_init(&s, -1, -1, &stop);
	transmit("nobody hears this\n");
	assert_false(atomic_load(&s.output_waits));
	serial_flush(&s);
}

static void *read_slowly(void *arg)
{
	unsigned int *total = arg;
	char buffer[1000];
	struct pollfd p = { .fd = in, .events = POLLIN };

	while (*total < 200000) {
		ssize_t n;

		poll(&p, 1, 1000);
		n = read(in, buffer, sizeof(buffer));
		if (n > 0)
			*total += n;
		usleep(500);
	}
	return NULL;
}

/* More than a pipe holds: the writer waits, nothing is lost. */
static void slow_reader(void **state)
{
	unsigned int i, total = 0;
	pthread_t reader;

	(void)state;
	assert_int_equal(pthread_create(&reader, NULL, read_slowly, &total), 0);
	for (i = 0; i < 200000; i++)
		serial_transmit(&s, 'x');
	serial_flush(&s);
	pthread_join(reader, NULL);
	assert_int_equal(total, 200000);
}

static void *stop_soon(void *arg)
{
	(void)arg;
	usleep(50000);
	atomic_store(&stop, true);
	return NULL;
}

/* A reader that never reads must not keep the VM from ending. */
static void stuck_reader(void **state)
{
	pthread_t stopper;
	unsigned int i;

	(void)state;
	alarm(10);
	assert_int_equal(pthread_create(&stopper, NULL, stop_soon, NULL), 0);
	for (i = 0; i < 200000; i++)
		serial_transmit(&s, 'x');
	serial_flush(&s);
	pthread_join(stopper, NULL);
	alarm(0);
}

static void dead_reader(void **state)
{
	const char *text;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	close(in);
	in = -1;
	capture();
	transmit("one\ntwo\nthree\n");
	text = captured();
	assert_one_line(text);
	assert_contains(text, "Broken pipe");
}

static void ring(void **state)
{
	uint8_t c[SERIAL_RING + 10];
	unsigned int i, round;

	(void)state;
	for (i = 0; i < sizeof(c); i++)
		c[i] = i * 7;
	assert_int_equal(serial_take(&s), SERIAL_NONE);
	for (round = 0; round < 3; round++) {
		assert_int_equal(serial_room(&s), SERIAL_RING);
		serial_put(&s, c, 100);
		assert_int_equal(serial_room(&s), SERIAL_RING - 100);
		serial_put(&s, c + 100, sizeof(c) - 100); /* the surplus is lost */
		assert_int_equal(serial_room(&s), 0);
		for (i = 0; i < SERIAL_RING; i++)
			assert_int_equal(serial_take(&s), c[i]);
		assert_int_equal(serial_take(&s), SERIAL_NONE);
		serial_put(&s, c, 1000); /* the next round wraps elsewhere */
		for (i = 0; i < 1000; i++)
			assert_int_equal(serial_take(&s), c[i]);
	}
	serial_put(&s, c, 1);
	serial_put_break(&s);
	serial_put(&s, c + 1, 1);
	assert_int_equal(serial_take(&s), c[0]);
	assert_int_equal(serial_take(&s), SERIAL_BREAK);
	assert_int_equal(serial_take(&s), c[1]);
	assert_int_equal(serial_take(&s), SERIAL_NONE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(lines),	    TEST(long_line),   TEST(no_output), TEST(slow_reader),
		TEST(stuck_reader), TEST(dead_reader), TEST(ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
