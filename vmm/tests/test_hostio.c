// SPDX-License-Identifier: GPL-2.0-only
/* The I/O thread against pipes, with a test in the place of the vCPU thread. */
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hostio.h"
#include "util.h"

#define PATIENCE_MS 5000

static struct hostio io;
static struct serial serial[2];
static atomic_bool stop;
static atomic_uint kicks;
static int to[2], from[2]; /* pipes: ours to line 0, line 0 to us */

static void kick(void)
{
	atomic_fetch_add(&kicks, 1);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	atomic_store(&stop, false);
	atomic_store(&kicks, 0);
	serial_init(&serial[0], to[0], from[1], &stop);
	serial_init(&serial[1], -1, -1, &stop);
	return 0;
}

static void start(bool commands)
{
	serial[0].commands = commands;
	assert_int_equal(hostio_start(&io, serial, 2, &stop, kick), 0);
}

static int teardown(void **state)
{
	(void)state;
	hostio_stop(&io);
	close(to[0]);
	if (to[1] >= 0)
		close(to[1]);
	close(from[0]);
	close(from[1]);
	return 0;
}

/* The next character as the guest gets it, with the vCPU thread's usual work. */
static int next(void)
{
	unsigned int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		int c = serial_take(&serial[0]);

		hostio_service(&io);
		if (c != SERIAL_NONE)
			return c;
		usleep(1000);
	}
	return SERIAL_NONE;
}

static void send_text(const char *text)
{
	assert_int_equal(write(to[1], text, strlen(text)), strlen(text));
}

static void expect(const char *text)
{
	for (; *text; text++)
		assert_int_equal(next(), *text);
}

static void passes_input(void **state)
{
	(void)state;
	start(false);
	send_text("hello");
	expect("hello");
	assert_true(atomic_load(&kicks) > 0);
	/* Not the user's terminal: Ctrl-a is a character like any other. */
	send_text("\001x\001\001");
	expect("\001x\001\001");
	assert_false(atomic_load(&stop));
}

static void end_of_input(void **state)
{
	(void)state;
	start(false);
	send_text("last");
	close(to[1]);
	to[1] = -1;
	expect("last");
	assert_int_equal(atomic_load(&stop), false);
}

static void commands(void **state)
{
	const char *text;
	unsigned int ms;

	(void)state;
	capture();
	start(true);
	send_text("a\001hb\001\001c\001qd\001be");
	expect("ab\001cd");
	assert_int_equal(next(), SERIAL_BREAK);
	expect("e");
	assert_false(atomic_load(&stop));
	send_text("\001x");
	for (ms = 0; ms < PATIENCE_MS && !atomic_load(&stop); ms++)
		usleep(1000);
	text = captured();
	assert_true(atomic_load(&stop));
	assert_contains(text, "Ctrl-a x");
}

/* Much more than the ring holds, from a pipe: it waits, and all arrives. */
static void nothing_lost_from_a_pipe(void **state)
{
	static uint8_t data[3 * SERIAL_RING];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = i % 251;
	assert_int_equal(write(to[1], data, sizeof(data)), sizeof(data));
	start(false);
	usleep(50000); /* the ring fills up */
	for (i = 0; i < sizeof(data); i++)
		assert_int_equal(next(), data[i]);
}

/* A terminal whose guest takes nothing must still hear Ctrl-a x. */
static void quit_with_a_full_ring(void **state)
{
	static char data[2 * SERIAL_RING];
	unsigned int ms;

	(void)state;
	memset(data, 'y', sizeof(data));
	start(true);
	assert_int_equal(write(to[1], data, sizeof(data)), sizeof(data));
	send_text("\001x");
	for (ms = 0; ms < PATIENCE_MS && !atomic_load(&stop); ms++)
		usleep(1000);
	assert_true(atomic_load(&stop));
}

/* A prompt without a new line appears although the guest does nothing more. */
static void prompt_appears(void **state)
{
	char buffer[16] = { 0 };
	unsigned int i, ms, before;

	(void)state;
	fcntl(from[0], F_SETFL, O_NONBLOCK);
	start(false);
	for (i = 0; i < 3; i++) {
		const char *p;

		before = atomic_load(&kicks);
		for (p = "login: "; *p; p++)
			serial_transmit(&serial[0], *p);
		hostio_service(&io);
		/* The guest waits: only a kick brings the vCPU thread back. */
		for (ms = 0; ms < PATIENCE_MS && atomic_load(&kicks) == before; ms++)
			usleep(1000);
		hostio_service(&io);
		assert_int_equal(read(from[0], buffer, sizeof(buffer)), 7);
		assert_memory_equal(buffer, "login: ", 7);
		usleep(i * 50000); /* with the thread asleep, and still ticking */
	}
}

/* No work, no wake-ups. */
static void quiet_when_idle(void **state)
{
	struct timespec t0, t1;
	clockid_t clock;

	(void)state;
	start(false);
	send_text("x");
	expect("x");
	serial_transmit(&serial[0], '\n');
	hostio_service(&io);
	usleep(100000);
	assert_int_equal(pthread_getcpuclockid(io.thread, &clock), 0);
	clock_gettime(clock, &t0);
	usleep(300000);
	clock_gettime(clock, &t1);
	assert_int_equal(t1.tv_sec, t0.tv_sec);
	assert_int_equal(t1.tv_nsec, t0.tv_nsec);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(passes_input),
		TEST(end_of_input),
		TEST(commands),
		TEST(nothing_lost_from_a_pipe),
		TEST(quit_with_a_full_ring),
		TEST(prompt_appears),
		TEST(quiet_when_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
