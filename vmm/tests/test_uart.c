// SPDX-License-Identifier: GPL-2.0-only
/* The UART as Linux's 8250 driver uses it, and as the data sheet describes it. */
#include <string.h>

#include "uart16550.h"
#include "util.h"

enum {
	DATA,
	IER,
	IIR,
	LCR,
	MCR,
	LSR,
	MSR,
	SCR,
	FCR = IIR
};

struct host {
	char sent[64];
	unsigned int count, rooms;
	bool level;
	unsigned int edges;
};

static void transmit(void *ctx, uint8_t c)
{
	struct host *h = ctx;

	assert_true(h->count < sizeof(h->sent));
	h->sent[h->count++] = c;
}

static void rx_room(void *ctx)
{
	struct host *h = ctx;

	h->rooms++;
}

static void irq(void *ctx, bool level)
{
	struct host *h = ctx;

	assert_true(level != h->level);
	h->level = level;
	h->edges++;
}

static const struct uart16550_ops ops = { transmit, rx_room, irq };
static struct host host;
static struct uart16550 u;

static int setup(void **state)
{
	(void)state;
	memset(&host, 0, sizeof(host));
	uart16550_init(&u, &ops, &host);
	return 0;
}

static uint8_t in(unsigned int reg)
{
	return uart16550_read(&u, reg);
}

static void out(unsigned int reg, uint8_t value)
{
	uart16550_write(&u, reg, value);
}

static void reset_state(void **state)
{
	(void)state;
	assert_int_equal(in(IER), 0);
	assert_int_equal(in(IIR), 0x01);
	assert_int_equal(in(LCR), 0);
	assert_int_equal(in(MCR), 0);
	assert_int_equal(in(LSR), 0x60);
	assert_int_equal(in(MSR), 0xb0);
	assert_false(host.level);
}

/* What 8250_port.c's autoconfig writes and expects for a 16550A. */
static void linux_autoconfig(void **state)
{
	(void)state;
	out(IER, 0);
	assert_int_equal(in(IER)&0x0f, 0);
	out(IER, 0xff);
	assert_int_equal(in(IER), 0x0f); /* no sleep, no XScale bits */
	out(IER, 0);

	out(MCR, 0x10 | 0x0a);
	assert_int_equal(in(MSR)&0xf0, 0x90);
	out(MCR, 0);

	out(LCR, 0xbf);
	out(FCR, 0); /* EFR of a 16650, FCR of ours */
	out(LCR, 0);
	out(FCR, 1);
	assert_int_equal(in(IIR) >> 6, 3);
	out(LCR, 0x80);
	assert_int_not_equal(in(IIR), 0); /* a 16650 reads EFR 0 here */
	out(LCR, 0);
	out(FCR, 1);
	out(LCR, 0x80);
	out(FCR, 1 | 0x20); /* 64 bytes: a 16750 */
	assert_int_equal(in(IIR) >> 5, 6);
	out(LCR, 0);
	out(SCR, 0xa5);
	assert_int_equal(in(SCR), 0xa5);
	out(SCR, 0x5a);
	assert_int_equal(in(SCR), 0x5a);
	assert_int_equal(host.count, 0);
}

/* serial8250_do_startup looks for a chip that does not re-raise THR empty. */
static void linux_thre_test(void **state)
{
	(void)state;
	out(IER, 0x02);
	assert_true(host.level);
	assert_int_equal(in(IIR), 0x02);
	assert_false(host.level);
	assert_int_equal(in(IIR), 0x01);
	out(IER, 0);
	out(IER, 0x02);
	assert_true(host.level);
	assert_int_equal(in(IIR), 0x02);
	out(IER, 0x02); /* no new edge of the enable bit */
	assert_false(host.level);
}

/* The interrupt handler of a driver that sends: IIR, LSR, characters, IIR. */
static void transmit_by_interrupt(void **state)
{
	(void)state;
	out(FCR, 0x01);
	out(IER, 0x02);
	assert_int_equal(in(IIR), 0xc2);
	assert_int_equal(in(LSR)&0x60, 0x60);
	out(DATA, 'h');
	out(DATA, 'i');
	assert_true(host.level);
	assert_int_equal(in(IIR), 0xc2);
	assert_false(host.level);
	out(IER, 0);
	assert_int_equal(host.count, 2);
	assert_memory_equal(host.sent, "hi", 2);
}

static void write_of_thr_is_a_new_reason(void **state)
{
	(void)state;
	out(IER, 0x02);
	in(IIR);
	assert_false(host.level);
	out(DATA, 'x');
	assert_true(host.level);
	out(IER, 0);
	assert_false(host.level);
}

static void divisor_latch(void **state)
{
	(void)state;
	out(IER, 0x05);
	out(LCR, 0x83);
	out(DATA, 0x06);
	out(IER, 0x12);
	assert_int_equal(in(DATA), 0x06);
	assert_int_equal(in(IER), 0x12);
	out(LCR, 0x03);
	assert_int_equal(in(IER), 0x05);
	assert_int_equal(host.count, 0);
}

static void receive_one_by_one(void **state)
{
	(void)state;
	out(IER, 0x01);
	assert_true(uart16550_can_receive(&u));
	uart16550_receive(&u, 'a');
	assert_false(uart16550_can_receive(&u));
	assert_true(host.level);
	assert_int_equal(in(IIR), 0x04);
	assert_int_equal(in(LSR), 0x61);
	assert_int_equal(in(DATA), 'a');
	assert_false(host.level);
	assert_int_equal(host.rooms, 1);
	assert_int_equal(in(LSR), 0x60);
	assert_int_equal(in(DATA), 0);
}

static void receive_fifo(void **state)
{
	unsigned int i;

	(void)state;
	out(FCR, 0x81); /* trigger at 8 */
	out(IER, 0x01);
	for (i = 0; i < 16; i++) {
		assert_true(uart16550_can_receive(&u));
		uart16550_receive(&u, 'a' + i);
		assert_int_equal(in(IIR), i < 7 ? 0xcc : 0xc4);
	}
	assert_false(uart16550_can_receive(&u));
	for (i = 0; i < 16; i++) {
		assert_true(host.level);
		assert_int_equal(in(LSR)&1, 1);
		assert_int_equal(in(DATA), 'a' + i);
	}
	assert_false(host.level);
	assert_int_equal(in(IIR), 0xc1);
	assert_int_equal(host.edges, 2);
}

static void trigger_levels(void **state)
{
	static const unsigned int level[] = { 1, 4, 8, 14 };
	unsigned int i, n;

	(void)state;
	for (i = 0; i < 4; i++) {
		out(FCR, i << 6 | 0x03);
		out(IER, 0x01);
		for (n = 1; n <= 16; n++) {
			uart16550_receive(&u, n);
			assert_int_equal(in(IIR), n < level[i] ? 0xcc : 0xc4);
		}
	}
}

static void fifo_cleared(void **state)
{
	(void)state;
	out(FCR, 0x01);
	out(IER, 0x01);
	uart16550_receive(&u, 'a');
	host.rooms = 0;
	out(FCR, 0x03);
	assert_false(host.level);
	assert_int_equal(in(LSR), 0x60);
	assert_int_equal(host.rooms, 1);
	uart16550_receive(&u, 'a');
	out(FCR, 0x00); /* turning it off empties it too */
	assert_int_equal(in(LSR), 0x60);
	out(FCR, 0xc0); /* the other bits do not count without the enable bit */
	assert_int_equal(in(IIR), 0x01);
	assert_int_equal(u.fcr, 0);
}

static void receives_break(void **state)
{
	(void)state;
	out(FCR, 0x01);
	out(IER, 0x04 | 0x01);
	uart16550_receive(&u, 'a');
	uart16550_receive_break(&u);
	uart16550_receive(&u, 'b');
	assert_int_equal(in(IIR), 0xc4);
	assert_int_equal(in(LSR), 0xe1); /* an error somewhere in the FIFO */
	assert_int_equal(in(DATA), 'a');
	assert_int_equal(in(IIR), 0xc6);
	assert_int_equal(in(LSR), 0xf1);
	assert_int_equal(in(LSR), 0x61); /* shown once */
	assert_int_equal(in(IIR), 0xc4);
	assert_int_equal(in(DATA), 0);
	assert_int_equal(in(DATA), 'b');
}

static void loopback(void **state)
{
	unsigned int i;

	(void)state;
	out(FCR, 0x01);
	out(IER, 0x01);
	out(MCR, 0x10);
	in(MSR);
	assert_false(uart16550_can_receive(&u));
	for (i = 0; i < 17; i++)
		out(DATA, '0' + i);
	assert_int_equal(host.count, 0);
	assert_int_equal(in(LSR), 0x63); /* the seventeenth did not fit */
	assert_int_equal(in(LSR), 0x61);
	for (i = 0; i < 16; i++)
		assert_int_equal(in(DATA), '0' + i);
	assert_int_equal(in(LSR), 0x60);
	host.rooms = 0;
	out(MCR, 0);
	assert_int_equal(host.rooms, 1);
	assert_true(uart16550_can_receive(&u));
}

static void overrun_without_fifo(void **state)
{
	(void)state;
	out(MCR, 0x10);
	out(IER, 0x04);
	out(DATA, 'a');
	assert_false(host.level);
	out(DATA, 'b');
	assert_int_equal(in(IIR), 0x06);
	assert_int_equal(in(LSR), 0x63);
	assert_false(host.level);
	assert_int_equal(in(DATA), 'b');
}

static void modem_lines(void **state)
{
	/* MCR output to MSR input, data sheet 8.9 */
	static const struct {
		uint8_t mcr, msr;
	} line[] = { { 0x01, 0x20 }, { 0x02, 0x10 }, { 0x04, 0x40 }, { 0x08, 0x80 } };
	unsigned int i;

	(void)state;
	out(MCR, 0x10);
	in(MSR);
	out(IER, 0x08);
	for (i = 0; i < 4; i++) {
		out(MCR, 0x10 | line[i].mcr);
		/* RI says nothing when it comes, only when it goes. */
		assert_int_equal(host.level, line[i].mcr != 0x04);
		assert_int_equal(in(IIR), line[i].mcr != 0x04 ? 0x00 : 0x01);
		assert_int_equal(in(MSR),
				 line[i].msr | (line[i].mcr != 0x04 ? line[i].msr >> 4 : 0));
		assert_false(host.level);
		assert_int_equal(in(MSR), line[i].msr);
		out(MCR, 0x10);
		assert_int_equal(in(MSR), line[i].msr >> 4);
	}
}

static void priorities(void **state)
{
	(void)state;
	out(FCR, 0x01);
	out(IER, 0x0f);
	out(MCR, 0x10); /* CTS, DSR and DCD go: modem status */
	out(MCR, 0x00);
	uart16550_receive_break(&u);
	assert_int_equal(in(IIR), 0xc6);
	in(LSR);
	assert_int_equal(in(IIR), 0xc4);
	in(DATA);
	assert_int_equal(in(IIR), 0xc2);
	assert_int_equal(in(IIR), 0xc0);
	in(MSR);
	assert_int_equal(in(IIR), 0xc1);
	assert_false(host.level);
}

/* Reading a higher interrupt from the IIR does not acknowledge THR empty. */
static void iir_acknowledges_only_what_it_shows(void **state)
{
	(void)state;
	out(IER, 0x03);
	uart16550_receive(&u, 'a');
	assert_int_equal(in(IIR), 0x04);
	in(DATA);
	assert_int_equal(in(IIR), 0x02);
	assert_int_equal(in(IIR), 0x01);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(reset_state),
		TEST(linux_autoconfig),
		TEST(linux_thre_test),
		TEST(transmit_by_interrupt),
		TEST(write_of_thr_is_a_new_reason),
		TEST(divisor_latch),
		TEST(receive_one_by_one),
		TEST(receive_fifo),
		TEST(trigger_levels),
		TEST(fifo_cleared),
		TEST(receives_break),
		TEST(loopback),
		TEST(overrun_without_fifo),
		TEST(modem_lines),
		TEST(priorities),
		TEST(iir_acknowledges_only_what_it_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
