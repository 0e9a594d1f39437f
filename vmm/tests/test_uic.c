// SPDX-License-Identifier: GPL-2.0-only
/* The UIC as Linux's platforms/4xx/uic.c drives it, and its other modes. */
#include "uic.h"
#include "util.h"

#define SOURCE(n) (0x80000000u >> (n))

/* What the host does at start, and for a level interrupt that a driver asks for. */
static void linux_init(struct uic *uic, uint32_t mask)
{
	uic_write(uic, UIC_ER, 0);
	uic_write(uic, UIC_CR, 0);
	uic_write(uic, UIC_TR, 0);
	uic_write(uic, UIC_SR, 0xffffffff);
	uic_write(uic, UIC_PR, uic_read(uic, UIC_PR) | mask);
	uic_write(uic, UIC_TR, uic_read(uic, UIC_TR) & ~mask);
	uic_write(uic, UIC_SR, mask);
	uic_write(uic, UIC_SR, mask);
	uic_write(uic, UIC_ER, uic_read(uic, UIC_ER) | mask);
}

static void linux_level(void **state)
{
	struct uic uic = { 0 };

	(void)state;
	linux_init(&uic, SOURCE(0));
	assert_false(uic_external(&uic));
	uic_set_input(&uic, 0, true);
	assert_true(uic_external(&uic));
	assert_int_equal(uic_read(&uic, UIC_MSR), SOURCE(0));
	/* handle_level_irq: mask, handler, acknowledge, unmask */
	uic_write(&uic, UIC_ER, 0);
	assert_false(uic_external(&uic));
	uic_write(&uic, UIC_SR, SOURCE(0)); /* still asserted: no effect */
	assert_int_equal(uic_read(&uic, UIC_SR), SOURCE(0));
	uic_set_input(&uic, 0, false);
	uic_write(&uic, UIC_SR, SOURCE(0));
	uic_write(&uic, UIC_ER, SOURCE(0));
	assert_false(uic_external(&uic));
	assert_int_equal(uic_read(&uic, UIC_SR), 0);
}

static void level_stays_until_cleared(void **state)
{
	struct uic uic = { 0 };

	(void)state;
	linux_init(&uic, SOURCE(31));
	uic_set_input(&uic, 31, true);
	uic_set_input(&uic, 31, false);
	assert_true(uic_external(&uic));
	uic_write(&uic, UIC_SR, SOURCE(31));
	assert_false(uic_external(&uic));
}

static void only_enabled_sources(void **state)
{
	struct uic uic = { 0 };
	unsigned int n;

	(void)state;
	for (n = 0; n < 32; n++) {
		linux_init(&uic, SOURCE(n));
		uic_set_input(&uic, (n + 1) % 32, true);
		assert_false(uic_external(&uic));
		assert_int_equal(uic_read(&uic, UIC_SR), SOURCE((n + 1) % 32));
		assert_int_equal(uic_read(&uic, UIC_MSR), 0);
		uic_set_input(&uic, n, true);
		assert_int_equal(uic_read(&uic, UIC_MSR), SOURCE(n));
		assert_true(uic_external(&uic));
		uic_set_input(&uic, n, false);
		uic_set_input(&uic, (n + 1) % 32, false);
	}
}

static void edge(void **state)
{
	struct uic uic = { 0 };

	(void)state;
	uic_write(&uic, UIC_TR, SOURCE(5));
	uic_write(&uic, UIC_ER, SOURCE(5));
	uic_set_input(&uic, 5, true);
	assert_true(uic_external(&uic));
	uic_write(&uic, UIC_SR, SOURCE(5)); /* cleared although still asserted */
	assert_false(uic_external(&uic));
	uic_set_input(&uic, 5, true); /* no edge */
	assert_false(uic_external(&uic));
	uic_set_input(&uic, 5, false);
	assert_false(uic_external(&uic));
	uic_set_input(&uic, 5, true);
	assert_true(uic_external(&uic));
	uic_write(&uic, UIC_SR, SOURCE(5));
	uic_write(&uic, UIC_TR, 0); /* a level again, and asserted */
	assert_true(uic_external(&uic));
}

static void set_by_software(void **state)
{
	struct uic uic = { .er = SOURCE(9) };

	(void)state;
	uic_write(&uic, UIC_SRS, SOURCE(9));
	assert_true(uic_external(&uic));
	assert_int_equal(uic_read(&uic, UIC_SRS), SOURCE(9));
	uic_write(&uic, UIC_SR, SOURCE(9));
	assert_false(uic_external(&uic));
}

static void critical_and_vector(void **state)
{
	struct uic uic = { 0 };

	(void)state;
	uic_write(&uic, UIC_VCR, 0x00100000);
	uic_write(&uic, UIC_ER, SOURCE(3) | SOURCE(20) | SOURCE(4));
	uic_write(&uic, UIC_CR, SOURCE(3) | SOURCE(20));
	uic_set_input(&uic, 4, true);
	assert_true(uic_external(&uic));
	assert_false(uic_critical(&uic));
	assert_int_equal(uic_read(&uic, UIC_VR), 0);
	uic_set_input(&uic, 3, true);
	uic_set_input(&uic, 20, true);
	assert_true(uic_critical(&uic));
	/* PRO = 0: source 31 is first; PRO = 1: source 0. */
	assert_int_equal(uic_read(&uic, UIC_VR), 0x00100000 + 11 * 512);
	uic_write(&uic, UIC_VCR, 0x00100001);
	assert_int_equal(uic_read(&uic, UIC_VR), 0x00100000 + 3 * 512);
	uic_set_input(&uic, 4, false);
	uic_write(&uic, UIC_SR, SOURCE(4));
	assert_false(uic_external(&uic));
}

static void registers_read_back(void **state)
{
	static const unsigned int plain[] = { UIC_ER, UIC_CR, UIC_PR, UIC_TR, UIC_VCR };
	struct uic uic = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		uic_write(&uic, plain[i], 0x12345678 + i);
		assert_int_equal(uic_read(&uic, plain[i]), 0x12345678 + i);
	}
	uic_write(&uic, UIC_MSR, 0xffffffff);
	uic_write(&uic, UIC_VR, 0xffffffff);
	uic_write(&uic, UIC_REGS, 0xffffffff);
	assert_int_equal(uic_read(&uic, UIC_MSR), 0);
	assert_int_equal(uic_read(&uic, UIC_VR), 0);
	assert_int_equal(uic_read(&uic, UIC_REGS), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_level),		cmocka_unit_test(level_stays_until_cleared),
		cmocka_unit_test(only_enabled_sources), cmocka_unit_test(edge),
		cmocka_unit_test(set_by_software),	cmocka_unit_test(critical_and_vector),
		cmocka_unit_test(registers_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
