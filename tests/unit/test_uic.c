// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt controllers: as Linux's platforms/4xx/uic.c drives them, and their other modes
 * (405GP manual, chapter 10; those of the 440s are the same).
 */
#include "fixture.h"
#include "uic.h"

/* DCRs of UIC0; + UIC1: of UIC1, which drives its sources 30 and 31 */
#define UIC_SR	0xc0
#define UIC_SRS 0xc1
#define UIC_ER	0xc2
#define UIC_CR	0xc3
#define UIC_PR	0xc4
#define UIC_TR	0xc5
#define UIC_MSR 0xc6
#define UIC_VR	0xc7
#define UIC_VCR 0xc8
#define UIC1	0x10

#define SOURCE(n) (0x80000000u >> (n))

static const struct v44_uic_wires bamboo[] = {
	{ 0xc0, 0, 0 },
	{ 0xd0, 30, 31 },
};

static struct v44_uics two;

static int begin(void **state)
{
	two = (struct v44_uics){ 0 };
	*state = &two;
	return !v44_uic_add(&two, &bamboo[0]) || !v44_uic_add(&two, &bamboo[1]);
}

#define UIC_TEST(f) cmocka_unit_test_setup(f, begin)

static u32 get(const struct v44_uics *u, u32 dcr)
{
	u32 value = 0xdeadbeef;

	assert_true(v44_uic_read(u, dcr, &value));
	return value;
}

static void set(struct v44_uics *u, u32 dcr, u32 value)
{
	assert_true(v44_uic_write(u, dcr, value));
}

/* What Linux does at start, and for a level interrupt that a driver asks for. */
static void linux_init(struct v44_uics *u, u32 mask)
{
	set(u, UIC_ER, 0);
	set(u, UIC_CR, 0);
	set(u, UIC_TR, 0);
	set(u, UIC_SR, 0xffffffff);
	set(u, UIC_PR, get(u, UIC_PR) | mask);
	set(u, UIC_TR, get(u, UIC_TR) & ~mask);
	set(u, UIC_SR, mask);
	set(u, UIC_SR, mask);
	set(u, UIC_ER, get(u, UIC_ER) | mask);
}

static void linux_level(void **state)
{
	struct v44_uics *u = *state;

	linux_init(u, SOURCE(0));
	assert_false(v44_uic_external(u));
	v44_uic_set_input(u, 0, true);
	assert_true(v44_uic_external(u));
	assert_false(v44_uic_critical(u));
	check_equal(get(u, UIC_MSR), SOURCE(0), "asserted");
	/* handle_level_irq: mask, handler, acknowledge, unmask */
	set(u, UIC_ER, 0);
	assert_false(v44_uic_external(u));
	set(u, UIC_SR, SOURCE(0)); /* still asserted: no effect */
	check_equal(get(u, UIC_SR), SOURCE(0), "acknowledged, but still asserted");
	v44_uic_set_input(u, 0, false);
	set(u, UIC_SR, SOURCE(0));
	set(u, UIC_ER, SOURCE(0));
	assert_false(v44_uic_external(u));
	check_equal(get(u, UIC_SR), 0, "acknowledged");
}

static void level_stays_until_cleared(void **state)
{
	struct v44_uics *u = *state;

	linux_init(u, SOURCE(29));
	v44_uic_set_input(u, 29, true);
	v44_uic_set_input(u, 29, false);
	assert_true(v44_uic_external(u));
	set(u, UIC_SR, ~SOURCE(29));
	assert_true(v44_uic_external(u));
	set(u, UIC_SR, SOURCE(29));
	assert_false(v44_uic_external(u));
}

static void only_enabled_sources(void **state)
{
	struct v44_uics *u = *state;
	u32 n;

	for (n = 0; n < 30; n++) {
		u32 other = (n + 1) % 30;

		linux_init(u, SOURCE(n));
		v44_uic_set_input(u, other, true);
		assert_false(v44_uic_external(u));
		check_equal(get(u, UIC_SR), SOURCE(other), "source %u", other);
		check_equal(get(u, UIC_MSR), 0, "source %u", other);
		v44_uic_set_input(u, n, true);
		check_equal(get(u, UIC_MSR), SOURCE(n), "source %u", n);
		assert_true(v44_uic_external(u));
		v44_uic_set_input(u, n, false);
		v44_uic_set_input(u, other, false);
	}
}

static void edge(void **state)
{
	struct v44_uics *u = *state;

	set(u, UIC_TR, SOURCE(5));
	set(u, UIC_ER, SOURCE(5));
	v44_uic_set_input(u, 5, true);
	assert_true(v44_uic_external(u));
	set(u, UIC_SR, SOURCE(5)); /* cleared although still asserted */
	assert_false(v44_uic_external(u));
	v44_uic_set_input(u, 5, true); /* no edge */
	assert_false(v44_uic_external(u));
	v44_uic_set_input(u, 5, false);
	assert_false(v44_uic_external(u));
	v44_uic_set_input(u, 5, true);
	assert_true(v44_uic_external(u));
	set(u, UIC_SR, SOURCE(5));
	set(u, UIC_TR, 0); /* a level again, and asserted */
	assert_true(v44_uic_external(u));
}

static void set_by_software(void **state)
{
	struct v44_uics *u = *state;

	set(u, UIC_ER, SOURCE(9));
	set(u, UIC_SRS, SOURCE(9) | SOURCE(10));
	assert_true(v44_uic_external(u));
	check_equal(get(u, UIC_SRS), SOURCE(9) | SOURCE(10), "set");
	set(u, UIC_SRS, 0);
	assert_true(v44_uic_external(u));
	set(u, UIC_SR, SOURCE(9));
	assert_false(v44_uic_external(u));
	check_equal(get(u, UIC_SR), SOURCE(10), "cleared");
}

/* The inputs say "asserted", whatever the voltage is that means it */
static void polarity_is_kept(void **state)
{
	struct v44_uics *u = *state;

	set(u, UIC_ER, ~0u);
	set(u, UIC_PR, 0);
	assert_false(v44_uic_external(u));
	v44_uic_set_input(u, 7, true);
	check_equal(get(u, UIC_SR), SOURCE(7), "low");
	set(u, UIC_PR, ~0u);
	check_equal(get(u, UIC_SR), SOURCE(7), "high");
	check_equal(get(u, UIC_PR), ~0u, "high");
}

static void critical_and_vector(void **state)
{
	struct v44_uics *u = *state;

	set(u, UIC_VCR, 0x00100002);
	set(u, UIC_ER, SOURCE(3) | SOURCE(20) | SOURCE(4) | SOURCE(0));
	set(u, UIC_CR, SOURCE(3) | SOURCE(20) | SOURCE(31));
	v44_uic_set_input(u, 4, true);
	assert_true(v44_uic_external(u));
	assert_false(v44_uic_critical(u));
	check_equal(get(u, UIC_VR), 0, "none is critical");
	v44_uic_set_input(u, 20, true);
	assert_true(v44_uic_critical(u));
	check_equal(get(u, UIC_VR), 0x00100000 + 20 * 512, "PRO = 0: from source 0 on");
	v44_uic_set_input(u, 3, true);
	check_equal(get(u, UIC_VR), 0x00100000 + 3 * 512, "PRO = 0: source 3 before 20");
	set(u, UIC_VCR, 0x00100001);
	check_equal(get(u, UIC_VR), 0x00100000 + 11 * 512, "PRO = 1: from source 31 on");
	/* the outputs are independent */
	v44_uic_set_input(u, 4, false);
	set(u, UIC_SR, SOURCE(4));
	assert_false(v44_uic_external(u));
	assert_true(v44_uic_critical(u));
	set(u, UIC_CR, 0);
	assert_true(v44_uic_external(u));
	assert_false(v44_uic_critical(u));
	check_equal(get(u, UIC_VR), 0, "none is critical any more");
}

static void registers_read_back(void **state)
{
	static const u32 plain[] = { UIC_ER, UIC_CR, UIC_PR, UIC_TR, UIC_VCR };
	struct v44_uics *u = *state;
	u32 i, value;

	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		set(u, plain[i], 0x12345678 + i);
		set(u, plain[i] + UIC1, 0x87654321 + i);
		check_equal(get(u, plain[i]), 0x12345678 + i, "UIC0");
		check_equal(get(u, plain[i] + UIC1), 0x87654321 + i, "UIC1");
	}
	set(u, UIC_MSR, 0xffffffff);
	set(u, UIC_VR, 0xffffffff);
	check_equal(get(u, UIC_MSR), 0, "read-only");
	check_equal(get(u, UIC_VR), 0, "read-only");
	/* nobody's */
	for (i = 0; i < 1024; i++) {
		bool mine = (i & ~0x1fu) == 0xc0 && (i & 0xf) < 9;

		check_equal(v44_uic_read(u, i, &value), mine, "DCR 0x%x", i);
		check_equal(v44_uic_write(u, i, 0), mine, "DCR 0x%x", i);
	}
}

static void cascade(void **state)
{
	struct v44_uics *u = *state;

	set(u, UIC_ER, SOURCE(30) | SOURCE(31));
	set(u, UIC_CR, SOURCE(31));
	set(u, UIC_ER + UIC1, SOURCE(2) | SOURCE(3));
	set(u, UIC_CR + UIC1, SOURCE(3));
	v44_uic_set_input(u, 32 + 1, true); /* not enabled */
	check_equal(get(u, UIC_SR), 0, "not enabled in UIC1");
	v44_uic_set_input(u, 32 + 2, true);
	check_equal(get(u, UIC_SR), SOURCE(30), "external");
	assert_true(v44_uic_external(u));
	assert_false(v44_uic_critical(u));
	v44_uic_set_input(u, 32 + 3, true);
	check_equal(get(u, UIC_SR), SOURCE(30) | SOURCE(31), "critical");
	assert_true(v44_uic_critical(u));

	/* acknowledged in UIC0 only: it comes back */
	set(u, UIC_SR, ~0u);
	check_equal(get(u, UIC_SR), SOURCE(30) | SOURCE(31), "still driven");
	/* in UIC1 with the input gone: UIC0 keeps its status, as for a device */
	v44_uic_set_input(u, 32 + 2, false);
	set(u, UIC_SR + UIC1, SOURCE(2));
	check_equal(get(u, UIC_SR), SOURCE(30) | SOURCE(31), "latched");
	set(u, UIC_SR, ~0u);
	check_equal(get(u, UIC_SR), SOURCE(31), "acknowledged in both");
	/* masked in UIC1 */
	set(u, UIC_ER + UIC1, 0);
	set(u, UIC_SR, ~0u);
	check_equal(get(u, UIC_SR), 0, "masked");
	assert_false(v44_uic_critical(u));
}

static void what_cannot_be_added(void **state)
{
	static const struct v44_uic_wires wrong[] = {
		{ 0xe1, 1, 2 }, /* not aligned */
		{ 0x400, 1, 2 }, /* beyond the DCRs */
		{ ~0xfu, 1, 2 }, { 0xc0, 1, 2 }, /* taken */
		{ 0xd0, 1, 2 },	 { 0xe0, 32, 1 }, /* not UIC0's */
		{ 0xe0, 1, 32 }, { 0xe0, ~0u, 1 },
		{ 0xe0, 1, 1 },	 { 0xe0, 30, 1 }, /* driven by UIC1 */
		{ 0xe0, 1, 31 },
	};
	static const struct v44_uic_wires canyonlands[] = { { 0xe0, 10, 11 }, { 0xf0, 16, 17 } };
	static const struct v44_uic_wires fifth = { 0x3f0, 1, 2 };
	struct v44_uics *u = *state, before = *u;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		check(!v44_uic_add(u, &wrong[i]), "row %u", i);
		assert_memory_equal(u, &before, sizeof(*u));
	}
	assert_true(v44_uic_add(u, &canyonlands[0]));
	assert_true(v44_uic_add(u, &canyonlands[1]));
	assert_false(v44_uic_add(u, &fifth));

	for (i = 0; i < 128; i++)
		check_equal(v44_uic_has_input(u, i),
			    !(i == 30 || i == 31 || i == 10 || i == 11 || i == 16 || i == 17),
			    "interrupt %u", i);
	check(!v44_uic_has_input(u, 128), "interrupt 128");
	check(!v44_uic_has_input(u, ~0u), "interrupt ~0");
	check(!v44_uic_has_input(&before, 64), "of a UIC that is not there");
}

/* Saved at any moment and restored in either order, it goes on as if nothing had been */
static void save_and_restore(void **state)
{
	const struct v44_uics *fresh = *state;
	struct rng r = { 0 };
	u32 round, i, n, m;

	for (round = 0; round < 2000; round++) {
		struct v44_uics u = *fresh, copy = *fresh;

		for (n = 0; n < 2; n++) {
			for (i = 0; i < 9; i++)
				set(&u, UIC_SR + n * UIC1 + i, rnd(&r));
			for (i = 0; i < 30; i++)
				v44_uic_set_input(&u, 32 * n + rnd_below(&r, 30), rnd(&r) & 1);
		}
		n = rnd(&r) & 1;
		v44_uic_set(&copy, n, &u.uic[n]);
		v44_uic_set(&copy, !n, &u.uic[!n]);
		assert_memory_equal(&copy, &u, sizeof(u));
		m = rnd_below(&r, 9);
		i = rnd(&r);
		set(&u, UIC_SR + n * UIC1 + m, i);
		set(&copy, UIC_SR + n * UIC1 + m, i);
		assert_memory_equal(&copy, &u, sizeof(u));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		UIC_TEST(linux_level),
		UIC_TEST(level_stays_until_cleared),
		UIC_TEST(only_enabled_sources),
		UIC_TEST(edge),
		UIC_TEST(set_by_software),
		UIC_TEST(polarity_is_kept),
		UIC_TEST(critical_and_vector),
		UIC_TEST(registers_read_back),
		UIC_TEST(cascade),
		UIC_TEST(what_cannot_be_added),
		UIC_TEST(save_and_restore),
	};

	return RUN_ALL(tests);
}
