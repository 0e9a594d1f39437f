// SPDX-License-Identifier: GPL-2.0-only
/* Pages of 1 KB: four that are one of 4 KB have one shadow, others need the hardware's own. */
#include "fixture.h"

#define EA   0x10004000u
#define PA   0x00208000u
#define SLOT 20 /* and the next three, in changing order */

static const u32 order[4] = { SLOT + 2, SLOT, SLOT + 3, SLOT + 1 };

static void write_quarter(struct fixture *f, u32 i, u32 tid, u32 w0, u32 w1, u32 w2)
{
	write_tlb(&f->v, order[i], tid, w0 | TLB_V | (EA + 1024 * i), w1 ^ (PA + 1024 * i), w2);
}

static void four_quarters(struct fixture *f)
{
	u32 i;

	f->v.cpu.msr = 0;
	for (i = 0; i < 4; i++)
		write_quarter(f, i, 0, 0, 0, 0x3f);
}

static struct v44_sh_entry *fill(struct fixture *f, u32 ea)
{
	struct v44_sh_entry *e;
	u64 gpa;

	check_equal(v44_shadow_fault(&f->v, ea, V44_LOAD, &e, &gpa), V44_FAULT_FILLED, "%x", ea);
	return e;
}

static u32 size_at(struct fixture *f, u32 ea)
{
	return fill(f, ea)->word[0] >> 4 & 15;
}

static void four_that_agree_are_a_page(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u32 i;

	four_quarters(f);
	for (i = 0; i < 4; i++) {
		e = fill(f, EA + 1024 * i + 8);
		assert_int_equal(e->word[0], EA | TLB_V | TLB_TS | 0x10);
		assert_int_equal(e->word[1], PA);
		assert_int_equal(e->gfn, PA >> 12);
		assert_int_equal(live_shadows(f), 1);
		check(v44_shadow_find(&f->v.sh, v44_sh_sid(e), EA + 4092) == e, "quarter %u", i);
	}
	/* by TID, in a process; with IS apart from DS */
	f->v.cpu.pid = 9;
	write_quarter(f, 1, 9, 0, 0, 0x3f);
	assert_int_equal(size_at(f, EA), 1);
	f->v.cpu.msr = IS;
	assert_int_equal(size_at(f, EA + 1024), 1);
	f->v.cpu.msr = 0;
	f->v.cpu.pid = 8;
	assert_int_equal(size_at(f, EA), 0);
}

/* What makes one of them different, and what does not */
static void those_that_differ_are_their_own(void **state)
{
	static const struct {
		u32 tid, w0, w1, w2;
		bool differs;
	} odd[] = {
		{ 0, 0, 0, 0x3f, false },     { 0, 0, 0, 0xff3f, false }, /* U0-3, W, I, M, G */
		{ 0, 0, 0, 0xbf, true }, /* E */
		{ 0, 0, 0, 0x1f, true },      { 0, 0, 0, 0x3e, true },
		{ 0, 0, 0x1000, 0x3f, true }, { 0, 0, 0x400, 0x3f, true }, /* another quarter */
		{ 0, 0, 0x1, 0x3f, true }, /* ERPN */
		{ 0, TLB_TS, 0, 0x3f, true }, { 3, 0, 0, 0x3f, true },
	};
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u32 i, n;
	u64 gpa;

	for (n = 0; n < ARRAY_SIZE(odd); n++) {
		for (i = 0; i < 4; i++) {
			u32 other = EA + 1024 * ((i + 1) % 4);

			four_quarters(f);
			write_quarter(f, i, odd[n].tid, odd[n].w0, odd[n].w1, odd[n].w2);
			f->v.has_1k = true;
			check_equal(size_at(f, other), !odd[n].differs, "case %u", n);
			f->v.has_1k = false;
			check_equal(v44_shadow_fault(&f->v, other, V44_LOAD, &e, &gpa),
				    odd[n].differs ? V44_FAULT_EMULATE : V44_FAULT_FILLED,
				    "case %u", n);
			check_equal(gpa, PA | (other & 0xfff), "case %u", n);
		}
	}
}

static void it_dies_with_each_of_them(void **state)
{
	struct fixture *f = *state;
	u32 i, ws, at;

	for (at = 0; at < 4; at++)
		for (i = 0; i < 4; i++)
			for (ws = 0; ws < 3; ws++) {
				four_quarters(f);
				fill(f, EA + 1024 * at);
				assert_int_equal(live_shadows(f), 1);
				write_tlb_word(&f->v, order[i], ws, 0);
				check_equal(live_shadows(f), 0, "made at %u, word %u of %u", at, ws,
					    i);
			}
	/* and when another one comes before one of them */
	for (i = 0; i < 4; i++) {
		four_quarters(f);
		fill(f, EA);
		write_tlb(&f->v, 1, 0, (EA + 1024 * i) | TLB_V, 0x7000, 0x3f);
		check_equal(live_shadows(f), 0, "quarter %u", i);
		assert_int_equal(size_at(f, EA), 0);
		write_tlb_word(&f->v, 1, 0, 0);
		assert_int_equal(size_at(f, EA), 1);
		assert_int_equal(live_shadows(f), 1);
	}
}

static void whether_there_are_any_is_told(void **state)
{
	struct fixture *f = *state;

	assert_false(f->small_pages);
	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x10, 0, 0x3f);
	assert_false(f->small_pages);
	write_tlb(&f->v, 2, 0, 0x20000000 | TLB_V, 0, 0x3f);
	assert_true(f->small_pages);
	write_tlb(&f->v, 3, 0, 0x20000400 | TLB_V, 0, 0x3f);
	write_tlb_word(&f->v, 2, 0, 0x20000000 | TLB_V | 0x10);
	assert_true(f->small_pages);
	write_tlb_word(&f->v, 3, 0, 0);
	assert_false(f->small_pages);
	write_tlb(&f->v, 3, 0, 0x20000400 | TLB_V, 0, 0x3f);
	assert_true(f->small_pages);
	v44_reset(&f->v, 0);
	assert_false(f->small_pages);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(four_that_agree_are_a_page),
		TEST(those_that_differ_are_their_own),
		TEST(it_dies_with_each_of_them),
		TEST(whether_there_are_any_is_told),
	};

	return RUN_ALL(tests);
}
