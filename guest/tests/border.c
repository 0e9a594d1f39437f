// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores over a page's end, where the second page leads elsewhere, may be used in
 * another way, or is not there: which interrupt, for which address, and what has been moved.
 *
 * Only what a 440's load/store unit does by itself: no operand of lmw or stmw that is not
 * aligned. A page that is a device's is in mmio.c.
 */
#include "guest.h"

#define EA     0x6000f000 /* the next page begins one of 64 KB */
#define NEXT   (EA + PAGE_SIZE)
#define SLOT   5
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define BIG_PA 0x01000000 /* 64 KB of RAM that nothing else uses */

/* The pages in use are the first and the last: no neighbours */
static u8 frames[3][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

#define UNALIGNED 4 /* at 1 to 3 bytes before the end; the others at 4 and 8 */
#define ANY	  ROW_BOTH
#define BYTES	  7 /* ROW_BOTH | UNALIGNED */

ROW(ops, BYTES, "lwz 3, 0(4)");
ROW(ops, BYTES, "lhz 3, 0(4)");
ROW(ops, BYTES, "lha 3, 0(4)");
ROW(ops, BYTES, "lwzu 3, 0(4)");
ROW(ops, BYTES, "lwbrx 3, 0, 4");
ROW(ops, BYTES, "lhbrx 3, 0, 4");
ROW(ops, BYTES, "stw 6, 0(4)");
ROW(ops, BYTES, "sth 6, 0(4)");
ROW(ops, BYTES, "stwu 6, 0(4)");
ROW(ops, BYTES, "stwbrx 6, 0, 4");
ROW(ops, BYTES, "lswi 20, 4, 9");
ROW(ops, BYTES, "stswi 20, 4, 9");
ROW(ops, BYTES, "lwz 7, 0(4); stw 7, 16(4); lwz 8, 16(4)");
ROW(ops, ANY, "lmw 28, 0(4)");
ROW(ops, ANY, "stmw 28, 0(4)");
ROW(ops, ANY, "lmw 20, 0(4)");
ROW(ops, ANY, "stmw 20, 0(4)");
ROW_TABLE(ops);

static u32 digest(const u8 *p, u32 size)
{
	u32 sum = 0;

	while (size--)
		sum = sum * 31 + *p++;
	return sum;
}

static void fill(void)
{
	u32 n;

	for (n = 0; n < PAGE_SIZE; n++) {
		frames[0][n] = n * 7;
		frames[2][n] = n * 11 + 3;
		((u8 *)BIG_PA)[n] = n * 13 + 5;
	}
}

static void one(const struct row *r, u32 before_end, u32 msr)
{
	struct cpu before, now;

	fill();
	cpu_init(&before, msr);
	before.gpr[4] = NEXT - before_end;
	now = before;
	cpu_run(&now);
	print("%s -%u memory %08x %08x %08x ", msr ? "user" : "supv", before_end,
	      digest(frames[0], PAGE_SIZE), digest(frames[2], PAGE_SIZE),
	      digest((u8 *)BIG_PA, PAGE_SIZE));
	show(r->name, &before, &now);
}

/* Each operand with its pages used before (the second time round) and not */
static void all_ops(const char *what, void (*map)(void))
{
	static const u32 near[] = { 1, 2, 3 }, far[] = { 4, 8 };
	const struct row *r;
	u32 n, msr;

	print("%s\n", what);
	for (r = ops_begin; r < ops_end; r++) {
		bool unaligned = r->flags & UNALIGNED;
		const u32 *offsets = unaligned ? near : far;
		u32 count = unaligned ? ARRAY_SIZE(near) : ARRAY_SIZE(far);

		code_load(r->words, r->words + r->count);
		for (msr = 0; msr <= MSR_PR; msr += MSR_PR) {
			map();
			for (n = 0; n < count; n++)
				one(r, offsets[n], msr);
		}
	}
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

static void both(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	map_4k(SLOT + 1, NEXT, 0, frames[2], RIGHTS);
}

static void second_large(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	tlb_set(SLOT + 1, NEXT | TLB_V | TLB_64K, 0, BIG_PA, RIGHTS);
}

static void second_read_only(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	map_4k(SLOT + 1, NEXT, 0, frames[2], TLB_UR | TLB_SR);
}

static void second_supervisors(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	map_4k(SLOT + 1, NEXT, 0, frames[2], TLB_SR | TLB_SW);
}

static void second_missing(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	tlb_clear(SLOT + 1);
}

static void second_others(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	map_4k(SLOT + 1, NEXT, 9, frames[2], RIGHTS);
}

static void second_other_space(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	map_4k(SLOT + 1, NEXT | TLB_TS, 0, frames[2], RIGHTS);
}

static void first_missing(void)
{
	tlb_clear(SLOT);
	map_4k(SLOT + 1, NEXT, 0, frames[2], RIGHTS);
}

static void first_read_only(void)
{
	map_4k(SLOT, EA, 0, frames[0], TLB_UR | TLB_SR);
	map_4k(SLOT + 1, NEXT, 0, frames[2], RIGHTS);
}

static void same_frame(void)
{
	map_4k(SLOT, EA, 0, frames[0], RIGHTS);
	map_4k(SLOT + 1, NEXT, 0, frames[0], RIGHTS);
}

void test(void)
{
	all_ops("both mapped", both);
	all_ops("second of 64 KB", second_large);
	all_ops("second read-only", second_read_only);
	all_ops("second the supervisor's", second_supervisors);
	all_ops("second not mapped", second_missing);
	all_ops("second another process's", second_others);
	all_ops("second of space 1", second_other_space);
	all_ops("first not mapped", first_missing);
	all_ops("first read-only", first_read_only);
	all_ops("the same twice", same_frame);
}
