// SPDX-License-Identifier: GPL-2.0-only
/* MMIO and DCR dispatch, the SDRAM controller, and a whole machine on its buses. */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "machine.h"
#include "sdram.h"
#include "util.h"

#define UART0 0xef600300u
#define UART1 0xef600400u
#define POWER 0xef602000u

/* A device that logs. */
static char device_log[256];

static uint32_t log_read(void *dev, uint32_t offset)
{
	(void)dev;
	sprintf(device_log + strlen(device_log), "r%u ", (unsigned int)offset);
	return 0x11223340 + offset;
}

static void log_write(void *dev, uint32_t offset, uint32_t value)
{
	(void)dev;
	sprintf(device_log + strlen(device_log), "w%u=%x ", (unsigned int)offset,
		(unsigned int)value);
}

static void add(struct bus *bus, uint64_t base, uint32_t size, uint32_t unit)
{
	bus_add(bus, &(struct bus_region){
			     .name = "log",
			     .base = base,
			     .size = size,
			     .unit = unit,
			     .read = log_read,
			     .write = log_write,
		     });
}

static void expect_log(const char *text)
{
	assert_string_equal(device_log, text);
	device_log[0] = '\0';
}

static void mmio_units(void **state)
{
	struct bus bus = { 0 };
	uint8_t data[8] = { 0 };

	(void)state;
	add(&bus, 0x1000, 8, 1);
	add(&bus, 0x400002000, 16, 4);
	mmio_access(&bus, 0x1007, data, 1, false);
	expect_log("r7 ");
	assert_int_equal(data[0], 0x47);
	mmio_access(&bus, 0x1002, data, 4, false);
	expect_log("r2 r3 r4 r5 ");
	assert_memory_equal(data, "\x42\x43\x44\x45", 4);
	mmio_access(&bus, 0x1000, (uint8_t *)"\x01\x02\x03\x04\x05\x06\x07\x08", 8, true);
	expect_log("w0=1 w1=2 w2=3 w3=4 w4=5 w5=6 w6=7 w7=8 ");
	mmio_access(&bus, 0x400002004, data, 8, false);
	expect_log("r4 r8 ");
	assert_memory_equal(data, "\x11\x22\x33\x44\x11\x22\x33\x48", 8);
	mmio_access(&bus, 0x400002000, (uint8_t *)"\x80\x00\x00\x01", 4, true);
	expect_log("w0=80000001 ");
}

static void mmio_nobody(void **state)
{
	static const struct {
		uint64_t addr;
		unsigned int len;
	} bad[] = {
		{ 0x2000, 4 }, /* nobody */
		{ 0x1006, 4 }, /* across the end of the device */
		{ 0x400005002, 4 }, /* not aligned to a 32-bit device */
		{ 0x400006000, 2 }, /* too narrow for one */
	};
	struct bus bus = { 0 };
	unsigned int i;
	uint8_t data[8];

	(void)state;
	add(&bus, 0x1000, 8, 1);
	add(&bus, 0x400005000, 16, 4);
	add(&bus, 0x400006000, 16, 4);
	for (i = 0; i < 4; i++) {
		memset(data, 0xff, sizeof(data));
		capture();
		mmio_access(&bus, bad[i].addr, data, bad[i].len, false);
		assert_one_line(captured());
		assert_memory_equal(data, "\0\0\0\0\xff\xff\xff\xff", bad[i].len);
		assert_int_equal(data[bad[i].len], 0xff);
		capture();
		mmio_access(&bus, bad[i].addr, data, bad[i].len, true);
		assert_string_equal(captured(), "");
	}
	expect_log("");
}

static void reports_are_bounded(void **state)
{
	struct bus bus = { 0 };
	unsigned int i, lines = 0;
	const char *p;
	uint8_t data[4];

	(void)state;
	capture();
	for (i = 0; i < 1000; i++) {
		mmio_access(&bus, i << 12, data, 4, false);
		dcr_read(&bus, i);
	}
	for (p = captured(); (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, BUS_REPORTED + 1);
}

static void dcrs(void **state)
{
	struct bus bus = { 0 };
	const char *text;

	(void)state;
	add(&bus, 0xc0, 9, 0);
	assert_int_equal(dcr_read(&bus, 0xc8), 0x11223348);
	dcr_write(&bus, 0xc0, 7);
	expect_log("r8 w0=7 ");
	capture();
	assert_int_equal(dcr_read(&bus, 0xc9), 0);
	dcr_write(&bus, 0xc9, 1);
	dcr_write(&bus, 0xbf, 1);
	text = captured();
	assert_contains(text, "reads DCR 0x0c9");
	assert_contains(text, "writes DCR 0x0bf");
	assert_null(strstr(text, "writes DCR 0x0c9"));
	expect_log("");
}

/* What is known not to be here is called by its name, and reported once. */
static void missing_blocks(void **state)
{
	static struct machine m;
	static struct serial serial[BOARD_UARTS];
	uint8_t data[4];
	const char *text;

	(void)state;
	machine_init(&m, board_find("canyonlands"), 128 << 20, serial, NULL);
	capture();
	dcr_read(&m.dcr, 0x180);
	mmio_access(&m.mmio, 0x4ef600700, data, 1, true);
	mmio_access(&m.mmio, 0x4ef600713, data, 1, false);
	mmio_access(&m.mmio, 0xd80000000, data, 4, false);
	mmio_access(&m.mmio, 0xdfffffffc, data, 4, false);
	text = captured();
	assert_string_equal(
		text,
		"vm44x: the guest reads DCR 0x180 of MAL0, which this board does not have; "
		"further accesses to it are not reported\n"
		"vm44x: the guest writes 1 bytes at 0x4ef600700, in IIC0, which is not here; "
		"further accesses to it are not reported\n"
		"vm44x: the guest reads 4 bytes at 0xd80000000, in the memory of PCIX0, which is "
		"not here; further accesses to it are not reported\n");

	/* each register behind a pair of DCRs by its own number */
	capture();
	dcr_write(&m.dcr, 0x0e, 0x4300);
	assert_int_equal(dcr_read(&m.dcr, 0x0e), 0x4300);
	assert_int_equal(dcr_read(&m.dcr, 0x0f), 0);
	dcr_write(&m.dcr, 0x0f, 1);
	dcr_write(&m.dcr, 0x0e, 0);
	dcr_write(&m.dcr, 0x0f, 1);
	dcr_write(&m.dcr, 0x0c, 0);
	dcr_read(&m.dcr, 0x0d);
	text = captured();
	assert_contains(text, "reads register 0x4300 of SDR0");
	assert_contains(text, "writes register 0x000 of SDR0");
	assert_contains(text, "reads register 0x000 of CPR0");
	assert_null(strstr(text, "writes register 0x4300"));
}

/* Sum up the banks as the kernel's boot wrapper does. */
static uint64_t sdram_sum(uint64_t ram)
{
	struct sdram s;
	uint64_t sum = 0;
	unsigned int i;

	sdram_init(&s, ram);
	for (i = 0; i < 4; i++) {
		uint32_t bank;

		sdram_write(&s, 0, 0x40 + 4 * i);
		assert_int_equal(sdram_read(&s, 0), 0x40 + 4 * i);
		bank = sdram_read(&s, 1);
		if (!(bank & 1))
			continue;
		assert_int_equal(bank & 0xff800000, sum & 0xff800000);
		sum += (uint64_t)0x00400000 << ((bank & 0x000e0000) >> 17);
		sdram_write(&s, 1, 0);
		assert_int_equal(sdram_read(&s, 1), bank);
	}
	sdram_write(&s, 0, 0x20);
	assert_int_equal(sdram_read(&s, 1), 0);
	sdram_write(&s, 0, 0x50);
	assert_int_equal(sdram_read(&s, 1), 0);
	sdram_write(&s, 0, 0x41);
	assert_int_equal(sdram_read(&s, 1), 0);
	return sum;
}

static void sdram_banks(void **state)
{
	const uint64_t mib = 1 << 20;

	(void)state;
	assert_int_equal(sdram_sum(128 * mib), 128 * mib);
	assert_int_equal(sdram_sum(1024 * mib), 1024 * mib);
	assert_int_equal(sdram_sum(768 * mib), 768 * mib);
	assert_int_equal(sdram_sum(24 * mib), 24 * mib);
	assert_int_equal(sdram_sum(4 * mib), 4 * mib);
	assert_int_equal(sdram_sum(3 * mib), 0);
	assert_int_equal(sdram_sum(5 * mib), 4 * mib);
}

static void mmio_byte(struct machine *m, uint64_t addr, uint8_t value)
{
	mmio_access(&m->mmio, addr, &value, 1, true);
}

/* A guest's way from a register of UART1 to the vCPU's interrupt input. */
static void machine_interrupts(void **state)
{
	static struct machine m;
	static struct serial serial[BOARD_UARTS];
	atomic_bool stop = false;
	uint8_t data = 0;

	(void)state;
	serial_init(&serial[0], -1, -1, &stop);
	serial_init(&serial[1], -1, -1, &stop);
	machine_init(&m, boards[0], 128 << 20, serial, NULL);
	dcr_write(&m.dcr, 0xc2, 0x40000000);
	assert_false(machine_external(&m));
	serial_put(&serial[1], (const uint8_t *)"ab", 2);
	machine_pump(&m);
	assert_false(machine_external(&m));
	mmio_byte(&m, UART1 + 1, 0x01);
	assert_true(machine_external(&m));
	assert_int_equal(dcr_read(&m.dcr, 0xc6), 0x40000000);
	mmio_access(&m.mmio, UART1, &data, 1, false);
	assert_int_equal(data, 'a');
	assert_true(machine_external(&m)); /* the next one moved up */
	mmio_access(&m.mmio, UART1, &data, 1, false);
	assert_int_equal(data, 'b');
	dcr_write(&m.dcr, 0xc0, 0x40000000);
	assert_false(machine_external(&m));
	mmio_byte(&m, UART0 + 1, 0x02); /* UART0 is source 0, not enabled */
	assert_false(machine_external(&m));
	assert_int_equal(dcr_read(&m.dcr, 0xc0), 0x80000000);
	assert_false(machine_critical(&m));
	dcr_write(&m.dcr, 0xc3, 0x80000000);
	dcr_write(&m.dcr, 0xc2, 0x80000000);
	assert_false(machine_external(&m));
	assert_true(machine_critical(&m));
	dcr_write(&m.dcr, 0x10, 0x40);
	assert_int_equal(dcr_read(&m.dcr, 0x11), 0x000a0001);
}

/* A guest's way on a canyonlands: UART0 is UIC1's, whose output is source 30 of UIC0. */
static void machine_cascade(void **state)
{
	static struct machine m;
	static struct serial serial[BOARD_UARTS];
	atomic_bool stop = false;

	(void)state;
	serial_init(&serial[0], -1, -1, &stop);
	machine_init(&m, board_find("canyonlands"), 128 << 20, serial, NULL);
	dcr_write(&m.dcr, 0xc2, 0x00000002);
	dcr_write(&m.dcr, 0xd2, 0x40000000);
	serial_put(&serial[0], (const uint8_t *)"a", 1);
	machine_pump(&m);
	assert_false(machine_external(&m));
	mmio_byte(&m, 0x4ef600301, 0x01);
	assert_true(machine_external(&m));
	assert_int_equal(dcr_read(&m.dcr, 0xc6), 0x00000002);
	assert_int_equal(dcr_read(&m.dcr, 0xd6), 0x40000000);
	mmio_access(&m.mmio, 0x4ef602000, (uint8_t[]){ 0, 0, 0, 1 }, 4, true);
	assert_true(m.ended);
}

static uint32_t driven, asserted;

static void drive(void *ctx, uint32_t irq, bool level)
{
	assert_ptr_equal(ctx, &driven);
	driven |= 1u << irq;
	asserted = level ? asserted | 1u << irq : asserted & ~(1u << irq);
}

/* The same with the interrupt controllers elsewhere. */
static void machine_irqchip(void **state)
{
	static const struct machine_irqchip irqchip = { .set = drive, .ctx = &driven };
	static struct machine m;
	static struct serial serial[BOARD_UARTS];
	atomic_bool stop = false;
	uint8_t data = 0;

	(void)state;
	serial_init(&serial[0], -1, -1, &stop);
	serial_init(&serial[1], -1, -1, &stop);
	machine_init(&m, boards[0], 128 << 20, serial, &irqchip);
	serial_put(&serial[1], (const uint8_t *)"a", 1);
	machine_pump(&m);
	mmio_byte(&m, UART1 + 1, 0x01);
	assert_int_equal(asserted, 2);
	mmio_access(&m.mmio, UART1, &data, 1, false);
	assert_int_equal(data, 'a');
	assert_int_equal(asserted, 0);
	mmio_byte(&m, UART0 + 1, 0x02);
	assert_int_equal(asserted, 1);
	assert_int_equal(driven, 3);
	/* its registers are, too */
	capture();
	dcr_write(&m.dcr, 0xc2, 0xffffffff);
	assert_contains(captured(), "0x0c2");
	assert_int_equal(dcr_read(&m.dcr, 0xc2), 0);
}

static void machine_power(void **state)
{
	static struct machine m;
	static struct serial serial[BOARD_UARTS];
	uint8_t data[4] = { 1, 1, 1, 1 };

	(void)state;
	machine_init(&m, boards[0], 128 << 20, serial, NULL);
	mmio_access(&m.mmio, POWER, data, 4, false);
	assert_memory_equal(data, "\0\0\0\0", 4);
	mmio_access(&m.mmio, POWER, data, 4, true);
	assert_false(m.ended);
	data[3] = 1;
	mmio_access(&m.mmio, POWER, data, 4, true);
	assert_true(m.ended);
	machine_init(&m, boards[0], 128 << 20, serial, NULL);
	data[3] = 2;
	mmio_access(&m.mmio, POWER, data, 4, true);
	assert_true(m.ended);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(mmio_units),	       cmocka_unit_test(mmio_nobody),
		cmocka_unit_test(reports_are_bounded), cmocka_unit_test(dcrs),
		cmocka_unit_test(sdram_banks),	       cmocka_unit_test(machine_interrupts),
		cmocka_unit_test(machine_cascade),     cmocka_unit_test(missing_blocks),
		cmocka_unit_test(machine_irqchip),     cmocka_unit_test(machine_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
