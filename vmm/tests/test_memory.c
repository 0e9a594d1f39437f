// SPDX-License-Identifier: GPL-2.0-only
/* The layout of a guest's memory. */
#include "memory.h"
#include "util.h"

#define MIB (1u << 20)

/* A small generator of its own: the same cases on every machine. */
static uint32_t random_u32(void)
{
	static uint32_t x = 0x2545f491;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* Whatever is accepted: nothing overlaps, all lies where a kernel can see it. */
static void never_overlaps(void **state)
{
	unsigned int i, accepted = 0;

	(void)state;
	capture();
	for (i = 0; i < 20000; i++) {
		uint64_t ram = (uint64_t)(random_u32() % 262144 + 1) * 4096;
		struct layout l = {
			.kernel_end = random_u32() >> (random_u32() % 32),
			.initrd_size = random_u32() >> (random_u32() % 32),
			.fdt_space = random_u32() % MIB,
		};

		if (layout_place(&l, ram) < 0)
			continue;
		accepted++;
		assert_true((uint64_t)l.initrd + l.initrd_size <= ram);
		assert_true((uint64_t)l.initrd + l.initrd_size <= 256 * MIB);
		assert_true(l.fdt + l.fdt_space <= l.initrd);
		assert_true(l.stack < l.fdt && l.stack % 16 == 0);
		assert_true(l.kernel_end + LAYOUT_STACK - 16 <= l.stack);
		assert_int_equal(l.initrd % 65536, 0);
		assert_int_equal(l.fdt % 65536, 0);
	}
	captured();
	assert_true(accepted > 2000);
}

static void small_guest(void **state)
{
	struct layout l = { .kernel_end = 9 * MIB, .initrd_size = 8 * MIB, .fdt_space = 65536 };

	(void)state;
	assert_int_equal(layout_place(&l, 24 * MIB), 0);
	assert_int_equal(l.initrd, 16 * MIB);
}

static void too_little(void **state)
{
	struct layout l = { .kernel_end = 9 * MIB, .initrd_size = 8 * MIB, .fdt_space = 65536 };
	const char *text;

	(void)state;
	capture();
	assert_int_equal(layout_place(&l, 16 * MIB), -1);
	text = captured();
	assert_one_line(text);
	assert_contains(text, "--mem 18");
	assert_int_equal(layout_place(&l, 18 * MIB), 0); /* the advice is right */
	l.initrd_size = 255 * MIB;
	capture();
	assert_int_equal(layout_place(&l, 1024 * MIB), -1);
	assert_one_line(captured());
	l.initrd_size = UINT32_MAX;
	l.kernel_end = UINT32_MAX;
	capture();
	assert_int_equal(layout_place(&l, 1024 * MIB), -1);
	assert_one_line(captured());
}

/* What a guest may have made up */
static void addresses(void **state)
{
	static uint8_t ram[0x10000];
	const struct memory mem = { ram, sizeof(ram) };

	(void)state;
	assert_ptr_equal(memory_at(&mem, 0, 0x10000), ram);
	assert_ptr_equal(memory_at(&mem, 0xffff, 1), ram + 0xffff);
	assert_ptr_equal(memory_at(&mem, 0x10000, 0), ram + 0x10000);
	assert_null(memory_at(&mem, 0xffff, 2));
	assert_null(memory_at(&mem, 0x10001, 0));
	assert_null(memory_at(&mem, 0x10000, UINT64_MAX));
	assert_null(memory_at(&mem, UINT64_MAX, 1));
	assert_null(memory_at(&mem, 1, UINT64_MAX));
}

static void memory(void **state)
{
	struct memory mem;

	(void)state;
	assert_int_equal(memory_create(&mem, 4096, -1), 0);
	assert_int_equal(mem.host[4095], 0);
	memory_destroy(&mem);
	capture();
	assert_int_equal(memory_create(&mem, (uint64_t)1 << 62, -1), -1);
	assert_contains(captured(), "--mem");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_overlaps), cmocka_unit_test(small_guest),
		cmocka_unit_test(too_little),	  cmocka_unit_test(memory),
		cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
