/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the unit tests share: a virtual CPU in a world that is easy to see
 * through, instruction encodings, and random numbers.
 *
 * Encodings, numbers and bits stand here as the manual prints them and are not
 * taken from core/, so that a slip there is not repeated here.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "v44.h"

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The default world: all guest memory is RAM at the same host address. */
struct fixture {
	struct v44 v; /* first: the callbacks find the fixture by it */
	u64 tb; /* time base */
	u32 tb_step; /* it advances by so much each time somebody looks */
	u8 next_sid;
	unsigned int sid_allocs;
	unsigned int timer_changes;
	unsigned int watchdog_resets;
	unsigned int icache_flushes;
	unsigned int hw_drops;
	bool small_pages; /* as last told */
	unsigned int debug_changes;
	unsigned int unimplemented;
	const char *unimplemented_name;
	u32 unimplemented_insn;
	struct v44_ops ops; /* a test may replace some */
	struct v44_counts counts;
	struct v44_sh_entry entries[V44_SH_ALL];
};

int setup(void **state);
int teardown(void **state);

/* Runs the tests, prints "N passed, N failed" and gives the exit status. */
int run_all(const struct CMUnitTest *tests, size_t count);

#define TEST(f)	     cmocka_unit_test_setup_teardown(f, setup, teardown)
#define RUN_ALL(all) run_all(all, ARRAY_SIZE(all))

/* cmocka's assertion with the circumstances, which a table-driven test needs */
#define check(condition, ...)                            \
	do {                                             \
		if (!(condition)) {                      \
			print_error("%s: ", #condition); \
			print_error(__VA_ARGS__);        \
			print_error("\n");               \
			_fail(__FILE__, __LINE__);       \
		}                                        \
	} while (0)

#define check_equal(got, want, ...)                                                   \
	do {                                                                          \
		u64 got_ = (got), want_ = (want);                                     \
		if (got_ != want_) {                                                  \
			print_error("%s is 0x%llx, not 0x%llx: ", #got, got_, want_); \
			print_error(__VA_ARGS__);                                     \
			print_error("\n");                                            \
			_fail(__FILE__, __LINE__);                                    \
		}                                                                     \
	} while (0)

/* Compares all architected state and names the first word that differs. */
void check_cpu(const struct v44_cpu *got, const struct v44_cpu *want, const char *what);

/* Fills all state with junk that no instruction makes by accident; MSR is @msr. */
void scramble(struct fixture *f, u32 msr);

/* After scramble(): all addresses of space 0, one to one, with rights @rights. */
void map_all(struct fixture *f, u32 rights);

/* Shadows in use. */
u32 live_shadows(const struct fixture *f);

/* Random numbers, repeatable; 0 is a good seed. */
struct rng {
	u64 state;
};

u32 rnd(struct rng *r);
/* 0 .. @limit - 1 */
u32 rnd_below(struct rng *r, u32 limit);

/* MSR, PPC440x5 manual 2.8 */
#define WE  0x00040000u
#define CE  0x00020000u
#define EE  0x00008000u
#define PR  0x00004000u
#define FP  0x00002000u
#define ME  0x00001000u
#define FE0 0x00000800u
#define DWE 0x00000400u
#define DE  0x00000200u
#define FE1 0x00000100u
#define IS  0x00000020u
#define DS  0x00000010u

/* ESR, manual 6.4.11 */
#define MCI 0x80000000u
#define PIL 0x08000000u
#define PPR 0x04000000u
#define PTR 0x02000000u
#define ST  0x00800000u

/* MMUCR */
#define STS 0x00010000u

/* TLB words */
#define TLB_V  0x200u
#define TLB_TS 0x100u
#define TLB_E  0x080u
#define UX     0x20u
#define UW     0x10u
#define UR     0x08u
#define SX     0x04u
#define SW     0x02u
#define SR     0x01u

/* SIZE codes of a TLB entry and their bytes; 0 for a code that a 440 lacks */
static inline u32 page_bytes(u32 size)
{
	static const u32 kilobytes[16] = { 1, 4,      16, 64, 256, 1024, 0, 16384,
					   0, 262144, 0,  0,  0,   0,	 0, 0 };

	return kilobytes[size] * 1024;
}

/* Macros, so that a static table can hold them. X form: */
#define x_form(primary, xo, rt, ra, rb)                                               \
	((u32)(primary) << 26 | (u32)(rt) << 21 | (u32)(ra) << 16 | (u32)(rb) << 11 | \
	 (u32)(xo) << 1)

#define d_form(primary, rt, ra, displacement) \
	((u32)(primary) << 26 | (u32)(rt) << 21 | (u32)(ra) << 16 | ((u32)(displacement)&0xffff))

/* mfspr, mtspr, mfdcr, mtdcr: low half of the number first */
#define xfx_form(xo, rt, number) x_form(31, xo, rt, (number)&31, (number) >> 5)

#define MFMSR(rt)	   x_form(31, 83, rt, 0, 0)
#define MTMSR(rs)	   x_form(31, 146, rs, 0, 0)
#define WRTEE(rs)	   x_form(31, 131, rs, 0, 0)
#define WRTEEI(e)	   (x_form(31, 163, 0, 0, 0) | (e) << 15)
#define RFI		   x_form(19, 50, 0, 0, 0)
#define RFCI		   x_form(19, 51, 0, 0, 0)
#define RFMCI		   x_form(19, 38, 0, 0, 0)
#define MFSPR(rt, n)	   xfx_form(339, rt, n)
#define MTSPR(n, rs)	   xfx_form(467, rs, n)
#define MFDCR(rt, n)	   xfx_form(323, rt, n)
#define MTDCR(n, rs)	   xfx_form(451, rs, n)
#define MFDCRX(rt, ra)	   x_form(31, 259, rt, ra, 0)
#define MTDCRX(ra, rs)	   x_form(31, 387, rs, ra, 0)
#define TLBRE(rt, ra, ws)  x_form(31, 946, rt, ra, ws)
#define TLBWE(rs, ra, ws)  x_form(31, 978, rs, ra, ws)
#define TLBSX(rt, ra, rb)  x_form(31, 914, rt, ra, rb)
#define TLBSX_(rt, ra, rb) (TLBSX(rt, ra, rb) | 1)
#define TLBSYNC		   x_form(31, 566, 0, 0, 0)
#define DCBI(ra, rb)	   x_form(31, 470, 0, ra, rb)
#define DCCCI(ra, rb)	   x_form(31, 454, 0, ra, rb)
#define ICCCI(ra, rb)	   x_form(31, 966, 0, ra, rb)
#define DCREAD(rt, ra, rb) x_form(31, 486, rt, ra, rb)
#define ICREAD(ra, rb)	   x_form(31, 998, 0, ra, rb)

/* SPR numbers that several files use */
#define SPR_DEC	  22
#define SPR_PID	  48
#define SPR_DECAR 54
#define SPR_TSR	  336
#define SPR_TCR	  340
#define SPR_MMUCR 946

/* Executes in supervisor state, whatever the MSR is, through a GPR that is put back. */
u32 read_spr(struct v44 *v, u32 number);
void write_spr(struct v44 *v, u32 number, u32 value);
void write_tlb_word(struct v44 *v, u32 slot, u32 ws, u32 value);
u32 read_tlb_word(struct v44 *v, u32 slot, u32 ws);

/* All of an entry, by tlbwe; MMUCR stays */
void write_tlb(struct v44 *v, u32 slot, u32 tid, u32 w0, u32 w1, u32 w2);

#endif
