// SPDX-License-Identifier: GPL-2.0-only
/* The timers, TCR and TSR (manual 7.2 to 7.6), as the guest sees them by m[ft]spr. */
#include "fixture.h"

#define DIS    0x08000000u
#define DIE    0x04000000u
#define ARE    0x00400000u
#define FIS    0x04000000u
#define FIE    0x00800000u
#define ENW    0x80000000u
#define WIS    0x40000000u
#define WRS    0x30000000u
#define WIE    0x08000000u
#define WRC    0x30000000u
#define FP_(n) ((u32)(n) << 24)
#define WP_(n) ((u32)(n) << 30)

/* Manual figure 7-1 and tables 7-1, 7-2: the time base's bit by TCR[FP] and TCR[WP] */
static const u64 fit_bits[4] = { 1ull << 12, 1ull << 16, 1ull << 20, 1ull << 24 };
static const u64 watchdog_bits[4] = { 1ull << 20, 1ull << 24, 1ull << 28, 1ull << 32 };

/* To just before @bit goes from 0 to 1 */
static void before(struct fixture *f, u64 bit)
{
	do
		f->tb = (f->tb | (bit - 1)) + 1;
	while (!(f->tb & bit));
	f->tb--;
}

static bool dis(struct fixture *f)
{
	return read_spr(&f->v, SPR_TSR) & DIS;
}

static void one_shot_stops_at_zero(void **state)
{
	struct fixture *f = *state;

	write_spr(&f->v, SPR_DEC, 100);
	check_equal(read_spr(&f->v, SPR_DEC), 100, "at once");
	f->tb += 99;
	check_equal(read_spr(&f->v, SPR_DEC), 1, "before the end");
	assert_false(dis(f));
	f->tb += 1;
	check_equal(read_spr(&f->v, SPR_DEC), 0, "at the end");
	assert_true(dis(f));
	write_spr(&f->v, SPR_TSR, DIS);
	f->tb += 0x300000000ull;
	check_equal(read_spr(&f->v, SPR_DEC), 0, "long after");
	assert_false(dis(f));
}

static void writing_zero_is_no_exception(void **state)
{
	struct fixture *f = *state;

	write_spr(&f->v, SPR_DEC, 0);
	f->tb += 10;
	assert_false(dis(f));
	write_spr(&f->v, SPR_DEC, 100);
	write_spr(&f->v, SPR_DEC, 0);
	f->tb += 1000;
	assert_false(dis(f));
	/* nor does it reload */
	write_spr(&f->v, SPR_DECAR, 50);
	write_spr(&f->v, SPR_TCR, ARE);
	write_spr(&f->v, SPR_DEC, 0);
	f->tb += 1000;
	check_equal(read_spr(&f->v, SPR_DEC), 0, "stopped");
	assert_false(dis(f));
}

static void extreme_values(void **state)
{
	struct fixture *f = *state;

	write_spr(&f->v, SPR_DEC, 0xffffffff);
	f->tb += 0xfffffffe;
	check_equal(read_spr(&f->v, SPR_DEC), 1, "largest");
	assert_false(dis(f));
	f->tb++;
	assert_true(dis(f));
	write_spr(&f->v, SPR_TSR, DIS);
	write_spr(&f->v, SPR_DEC, 1);
	assert_false(dis(f));
	f->tb++;
	assert_true(dis(f));
	/* the upper half of the numbers is as far away as it says */
	write_spr(&f->v, SPR_TSR, DIS);
	write_spr(&f->v, SPR_DEC, 0x80000000);
	f->tb += 0x7fffffff;
	assert_false(dis(f));
	f->tb++;
	assert_true(dis(f));
}

static void auto_reload_keeps_its_phase(void **state)
{
	struct fixture *f = *state;
	u64 start = f->tb;

	write_spr(&f->v, SPR_TCR, ARE | DIE);
	write_spr(&f->v, SPR_DECAR, 1000);
	write_spr(&f->v, SPR_DEC, 10);
	f->tb += 10;
	check_equal(read_spr(&f->v, SPR_DEC), 1000, "DECAR instead of 0");
	assert_true(dis(f));
	write_spr(&f->v, SPR_TSR, DIS);
	f->tb = start + 10 + 999;
	check_equal(read_spr(&f->v, SPR_DEC), 1, "next period");
	assert_false(dis(f));
	/* nobody looked for 2^40 ticks: one exception, and the old grid */
	f->tb = start + 10 + 1000ull * 1099511627ull + 400;
	check_equal(read_spr(&f->v, SPR_DEC), 600, "after the pause");
	assert_true(dis(f));
	write_spr(&f->v, SPR_TSR, DIS);
	f->tb += 599;
	assert_false(dis(f));
	f->tb++;
	assert_true(dis(f));
}

static void reload_from_zero_stops(void **state)
{
	struct fixture *f = *state;
	u64 tb;

	write_spr(&f->v, SPR_TCR, ARE | DIE);
	write_spr(&f->v, SPR_DECAR, 0);
	write_spr(&f->v, SPR_DEC, 5);
	f->tb += 5;
	assert_true(dis(f));
	write_spr(&f->v, SPR_TSR, DIS);
	f->tb += 100;
	assert_false(dis(f));
	assert_false(v44_timer_next(&f->v, &tb));
}

/* An expiry that nobody has noticed yet belongs to the settings of its time */
static void settings_change_after_an_unseen_expiry(void **state)
{
	struct fixture *f = *state;

	write_spr(&f->v, SPR_TCR, ARE);
	write_spr(&f->v, SPR_DECAR, 100);
	write_spr(&f->v, SPR_DEC, 10);
	f->tb += 15;
	write_spr(&f->v, SPR_DECAR, 7000);
	check_equal(read_spr(&f->v, SPR_DEC), 95, "reloaded from the old DECAR");
	f->tb += 95;
	check_equal(read_spr(&f->v, SPR_DEC), 7000, "then from the new one");

	write_spr(&f->v, SPR_TSR, DIS);
	write_spr(&f->v, SPR_TCR, 0);
	write_spr(&f->v, SPR_DEC, 10);
	f->tb += 20;
	write_spr(&f->v, SPR_TCR, ARE);
	check_equal(read_spr(&f->v, SPR_DEC), 0, "had stopped");
	assert_true(dis(f));

	write_spr(&f->v, SPR_TSR, DIS);
	write_spr(&f->v, SPR_DEC, 10);
	f->tb += 10;
	write_spr(&f->v, SPR_DEC, 500);
	assert_true(dis(f));
	check_equal(read_spr(&f->v, SPR_DEC), 500, "written");
}

static void write_while_running(void **state)
{
	struct fixture *f = *state;

	write_spr(&f->v, SPR_DEC, 100);
	f->tb += 50;
	write_spr(&f->v, SPR_DEC, 300);
	f->tb += 299;
	assert_false(dis(f));
	f->tb++;
	assert_true(dis(f));
}

static void tsr_is_cleared_by_ones(void **state)
{
	struct fixture *f = *state;
	u32 bit;

	for (bit = 0; bit < 32; bit++) {
		f->v.cpu.tsr = 0xffffffff;
		write_spr(&f->v, SPR_TSR, 1u << bit);
		check_equal(read_spr(&f->v, SPR_TSR), ~(1u << bit), "bit %u", bit);
	}
	write_spr(&f->v, SPR_TSR, 0);
	check_equal(read_spr(&f->v, SPR_TSR), 0x7fffffff, "zeros do nothing");
}

/* Manual 7.5: each bit of WRC stays 1 until reset; all else of TCR is as written */
static void wrc_is_set_once(void **state)
{
	struct fixture *f = *state;
	u32 first, second;

	for (first = 0; first < 4; first++) {
		for (second = 0; second < 4; second++) {
			v44_reset(&f->v, 0);
			check_equal(read_spr(&f->v, SPR_TCR), 0, "reset");
			write_spr(&f->v, SPR_TCR, first << 28 | 0x0fc00000);
			check_equal(read_spr(&f->v, SPR_TCR), first << 28 | 0x0fc00000, "%u",
				    first);
			write_spr(&f->v, SPR_TCR, second << 28 | 0xc0000000);
			check_equal(read_spr(&f->v, SPR_TCR), (first | second) << 28 | 0xc0000000,
				    "%u, %u", first, second);
		}
	}
}

static void next_is_the_moment_of_the_interrupt(void **state)
{
	struct fixture *f = *state;
	u64 tb = 0;

	assert_false(v44_timer_next(&f->v, &tb));
	write_spr(&f->v, SPR_DEC, 70);
	assert_false(v44_timer_next(&f->v, &tb)); /* nobody wants the interrupt */
	write_spr(&f->v, SPR_TCR, DIE);
	assert_true(v44_timer_next(&f->v, &tb));
	check_equal(tb, f->tb + 70, "next");
	f->tb = tb;
	v44_timer_update(&f->v);
	assert_int_equal(f->v.cpu.tsr, DIS);
	assert_false(v44_timer_next(&f->v, &tb));
	/* reloading: silent until the guest has acknowledged */
	write_spr(&f->v, SPR_TCR, DIE | ARE);
	write_spr(&f->v, SPR_DECAR, 30);
	write_spr(&f->v, SPR_DEC, 30);
	assert_false(v44_timer_next(&f->v, &tb));
	write_spr(&f->v, SPR_TSR, DIS);
	assert_true(v44_timer_next(&f->v, &tb));
	check_equal(tb, f->tb + 30, "next");
}

/* The time base goes on during every emulation; no reading may jump, no expiry be lost */
static void time_passes_while_we_work(void **state)
{
	struct fixture *f = *state;
	u32 step, first;

	for (step = 1; step < 20; step++) {
		for (first = 1; first < 64; first++) {
			u32 last = first, now;

			f->tb_step = step;
			write_spr(&f->v, SPR_TSR, DIS);
			write_spr(&f->v, SPR_DEC, first);
			do {
				now = read_spr(&f->v, SPR_DEC);
				check(now < last, "DEC went from %u to %u", last, now);
				last = now;
			} while (now);
			check(dis(f), "%u by %u", first, step);

			/* a reloading one stays between 1 and DECAR */
			write_spr(&f->v, SPR_DECAR, 40);
			write_spr(&f->v, SPR_TCR, ARE);
			write_spr(&f->v, SPR_DEC, first);
			for (last = 0; last < 80; last++) {
				now = read_spr(&f->v, SPR_DEC);
				check(now && now <= (first > 40 ? first : 40), "DEC is %u", now);
			}
			write_spr(&f->v, SPR_TCR, 0);

			/* replaced just when it runs out: expired, or not yet */
			write_spr(&f->v, SPR_TSR, DIS);
			write_spr(&f->v, SPR_DEC, first);
			f->tb += first;
			write_spr(&f->v, SPR_DEC, 1000);
			check(dis(f), "%u by %u", first, step);
		}
	}
}

/* Whoever has polled for it and then sets MSR[EE] or [CE] is interrupted at once */
static void what_the_guest_has_read_is_pending(void **state)
{
	static const struct {
		u32 tcr, ticks, spr, ivor;
	} table[] = {
		{ DIE, 100, SPR_TSR, 10 },
		{ DIE, 100, SPR_DEC, 10 },
		{ FIE, 0x2000, SPR_TSR, 11 },
		{ WIE, 0x400000, SPR_TSR, 12 },
	};
	struct fixture *f = *state;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		v44_reset(&f->v, 0);
		write_spr(&f->v, SPR_TCR, table[i].tcr);
		if (table[i].tcr == DIE)
			write_spr(&f->v, SPR_DEC, table[i].ticks);
		f->v.cpu.msr = EE | CE;
		f->tb += table[i].ticks;
		read_spr(&f->v, table[i].spr);
		check_equal(v44_pending(&f->v), table[i].ivor, "row %u", i);
	}
}

/* --- fixed interval timer --- */

static void fit_follows_a_bit_of_the_time_base(void **state)
{
	struct fixture *f = *state;
	u32 fp, wp;

	for (fp = 0; fp < 4; fp++) {
		for (wp = 0; wp < 4; wp++) {
			write_spr(&f->v, SPR_TCR, FP_(fp) | WP_(wp));
			before(f, fit_bits[fp]);
			write_spr(&f->v, SPR_TSR, FIS);
			check_equal(read_spr(&f->v, SPR_TSR) & FIS, 0, "FP %u, before", fp);
			f->tb++;
			check_equal(read_spr(&f->v, SPR_TSR) & FIS, FIS, "FP %u, at once", fp);
			/* 1 to 0 is none */
			write_spr(&f->v, SPR_TSR, FIS);
			f->tb += fit_bits[fp];
			check_equal(f->tb & fit_bits[fp], 0, "FP %u", fp);
			check_equal(read_spr(&f->v, SPR_TSR) & FIS, 0, "FP %u, back", fp);
			f->tb += fit_bits[fp] - 1;
			check_equal(read_spr(&f->v, SPR_TSR) & FIS, 0, "FP %u, period", fp);
			f->tb++;
			check_equal(read_spr(&f->v, SPR_TSR) & FIS, FIS, "FP %u, period", fp);
		}
	}
}

/* Nobody is disturbed by what nobody asked for: not even TSR changes */
static void fit_without_fie_is_silent(void **state)
{
	struct fixture *f = *state;
	u64 tb;

	write_spr(&f->v, SPR_TCR, DIE | FP_(0));
	write_spr(&f->v, SPR_TSR, ~0u);
	f->tb += 1000000;
	v44_timer_update(&f->v);
	assert_false(v44_timer_next(&f->v, &tb));
	write_spr(&f->v, SPR_DEC, 100);
	f->tb += 100;
	v44_timer_update(&f->v);
	check_equal(f->v.cpu.tsr, DIS, "stored");
	write_spr(&f->v, SPR_TSR, DIS);
	check_equal(f->v.cpu.tsr, 0, "stored");
	check_equal(read_spr(&f->v, SPR_TSR), FIS, "read");
	check_equal(f->v.cpu.tsr, 0, "stored");
	/* an exception that happened before interrupts an enabled guest at once */
	write_spr(&f->v, SPR_TCR, FIE | FP_(3));
	check_equal(f->v.cpu.tsr, FIS, "stored");
	f->v.cpu.msr = EE;
	check_equal(v44_pending(&f->v), 11, "IVOR");
}

static void fit_interrupt_has_its_moment(void **state)
{
	struct fixture *f = *state;
	u64 tb, first;

	write_spr(&f->v, SPR_TCR, FIE | FP_(1));
	write_spr(&f->v, SPR_TSR, ~0u);
	assert_true(v44_timer_next(&f->v, &first));
	check_equal(first % 0x20000, 0x10000, "next");
	check(first > f->tb && first - f->tb <= 0x20000, "next");
	f->tb = first - 1;
	v44_timer_update(&f->v);
	check_equal(f->v.cpu.tsr, 0, "before");
	f->tb++;
	v44_timer_update(&f->v);
	check_equal(f->v.cpu.tsr & FIS, FIS, "at it");
	/* silent until it is acknowledged, and then in the old rhythm */
	assert_false(v44_timer_next(&f->v, &tb));
	f->tb += 0x12345;
	write_spr(&f->v, SPR_TSR, FIS);
	assert_true(v44_timer_next(&f->v, &tb));
	check_equal(tb, first + 0x20000, "next");
	/* the decrementer, where it comes first */
	write_spr(&f->v, SPR_TCR, FIE | DIE | FP_(1));
	write_spr(&f->v, SPR_DEC, 50);
	assert_true(v44_timer_next(&f->v, &tb));
	check_equal(tb, f->tb + 50, "next");
	write_spr(&f->v, SPR_DEC, 0x7fffffff);
	assert_true(v44_timer_next(&f->v, &tb));
	check_equal(tb, first + 0x20000, "next");
}

/* --- watchdog --- */

/* One period */
static void expire(struct fixture *f, u32 wp)
{
	before(f, watchdog_bits[wp]);
	v44_timer_update(&f->v);
	f->tb++;
	v44_timer_update(&f->v);
}

/* Table 7-3, from each state, by each way to look at it */
static void watchdog_states(void **state)
{
	static const struct {
		u32 from, to;
	} table[] = {
		{ 0, ENW }, { WIS, ENW | WIS }, { ENW, ENW | WIS }, { ENW | WIS, ENW | WIS }
	};
	struct fixture *f = *state;
	u32 i, wp, wrc, wie;

	for (i = 0; i < 4 * 4 * 4 * 2; i++) {
		u32 from = table[i & 3].from, to = table[i & 3].to;

		wp = i >> 2 & 3;
		wrc = i >> 4 & 3;
		wie = i >> 6;
		v44_reset(&f->v, 0);
		f->watchdog_resets = 0;
		f->v.cpu.tcr = WP_(wp) | wrc << 28 | (wie ? WIE : 0);
		f->v.cpu.tsr = from;
		before(f, watchdog_bits[wp]);
		v44_timer_update(&f->v);
		check_equal(read_spr(&f->v, SPR_TSR) & (ENW | WIS), from, "WP %u: before", wp);
		check_equal(f->watchdog_resets, 0, "WP %u: before", wp);
		f->tb++;
		check_equal(read_spr(&f->v, SPR_TSR) & (ENW | WIS), to, "WP %u, from %x", wp, from);
		v44_timer_update(&f->v);
		check_equal(read_spr(&f->v, SPR_TSR) & (ENW | WIS), to, "WP %u, from %x", wp, from);
		check_equal(f->watchdog_resets, wrc && from == to, "WRC %u, from %x", wrc, from);
		check_equal(read_spr(&f->v, SPR_TSR) & WRS, from == to ? wrc << 28 : 0, "WRS");
		f->v.cpu.msr = CE;
		check_equal(v44_pending(&f->v), wie && (to & WIS) ? 12 : -1, "from %x", from);
		f->v.cpu.msr = EE | ME | DE;
		check_equal(v44_pending(&f->v), -1, "CE gates it");
	}
}

/* The guest has its chance between first and last, and takes it in one of two ways */
static void watchdog_is_kept_quiet(void **state)
{
	struct fixture *f = *state;
	u32 i;

	write_spr(&f->v, SPR_TSR, ENW | WIS);
	write_spr(&f->v, SPR_TCR, WRC | WIE);
	for (i = 0; i < 10; i++) {
		expire(f, 0);
		check_equal(read_spr(&f->v, SPR_TSR) & (ENW | WIS), ENW, "clears ENW");
		write_spr(&f->v, SPR_TSR, ENW);
	}
	for (i = 0; i < 10; i++) {
		expire(f, 0);
		expire(f, 0);
		check_equal(read_spr(&f->v, SPR_TSR) & (ENW | WIS), ENW | WIS, "clears both");
		write_spr(&f->v, SPR_TSR, ENW | WIS);
	}
	expire(f, 0);
	for (i = 0; i < 10; i++) {
		expire(f, 0);
		check_equal(read_spr(&f->v, SPR_TSR) & (ENW | WIS), ENW | WIS, "clears WIS");
		write_spr(&f->v, SPR_TSR, WIS);
	}
	check_equal(f->watchdog_resets, 0, "resets");
	expire(f, 0);
	expire(f, 0);
	check_equal(f->watchdog_resets, 1, "resets");
	check_equal(read_spr(&f->v, SPR_TSR) & WRS, WRC, "WRS");
	/* nobody did it: once more a period later */
	expire(f, 0);
	check_equal(f->watchdog_resets, 2, "resets");
}

/* When the one deadline is: only what interrupts or resets counts */
static void watchdog_moments(void **state)
{
	static const struct {
		u32 tcr, tsr, exceptions; /* to the one that acts */
	} table[] = {
		{ 0, 0, 0 },	       { 0, ENW | WIS, 0 },
		{ WIE, 0, 2 },	       { WIE, ENW, 1 },
		{ WIE, WIS, 0 },       { WIE, ENW | WIS, 0 },
		{ WRC, 0, 3 },	       { WRC, ENW, 2 },
		{ WRC, WIS, 2 },       { WRC, ENW | WIS, 1 },
		{ WRC | WIE, 0, 2 },   { WRC | WIE, ENW, 1 },
		{ WRC | WIE, WIS, 2 }, { WRC | WIE, ENW | WIS, 1 },
	};
	struct fixture *f = *state;
	u64 tb = 0, first;
	u32 i, wp;

	for (wp = 0; wp < 4; wp++) {
		for (i = 0; i < ARRAY_SIZE(table); i++) {
			v44_reset(&f->v, 0);
			f->v.cpu.tcr = table[i].tcr | WP_(wp);
			f->v.cpu.tsr = table[i].tsr;
			check_equal(v44_timer_next(&f->v, &tb), table[i].exceptions != 0,
				    "WP %u, row %u", wp, i);
			before(f, watchdog_bits[wp]);
			first = f->tb + 1;
			if (!table[i].exceptions)
				continue;
			check_equal(tb, first + (table[i].exceptions - 1) * 2 * watchdog_bits[wp],
				    "WP %u, row %u", wp, i);
			f->tb = tb - 1;
			v44_timer_update(&f->v);
			check_equal(f->v.cpu.tsr, table[i].tsr, "WP %u, row %u", wp, i);
		}
	}
}

/* A guest that was not looked at for long: all that happened by its TCR, not by the new one */
static void exceptions_are_those_of_their_time(void **state)
{
	struct fixture *f = *state;

	f->tb += 100ull << 33;
	write_spr(&f->v, SPR_TCR, WRC | WIE); /* ENW and WIS had been set for long */
	check_equal(f->watchdog_resets, 0, "resets");
	check_equal(read_spr(&f->v, SPR_TSR), ENW | WIS | FIS, "TSR");
	f->v.cpu.msr = CE;
	check_equal(v44_pending(&f->v), 12, "IVOR");
	expire(f, 0);
	check_equal(f->watchdog_resets, 1, "resets");
	/* by the longest periods nothing has happened */
	v44_reset(&f->v, 0);
	write_spr(&f->v, SPR_TCR, WP_(3) | FP_(3));
	write_spr(&f->v, SPR_TSR, ~0u);
	before(f, watchdog_bits[3]);
	f->tb -= 0x900000;
	write_spr(&f->v, SPR_TSR, ~0u);
	f->tb += 0x100000;
	write_spr(&f->v, SPR_TCR, 0);
	check_equal(read_spr(&f->v, SPR_TSR), 0, "TSR");
}

/* Who changes TSR from outside is not answered by a reset that was due meanwhile */
static void change_from_outside(void **state)
{
	struct fixture *f = *state;
	u32 dec, tsr;
	u64 tb;

	f->v.cpu.tcr = WRC | WIE | FIE | DIE;
	write_spr(&f->v, SPR_DEC, 5);
	f->tb += 100ull << 33;
	v44_tsr_change(&f->v, ENW | WIS | WRS, 0);
	check_equal(f->watchdog_resets, 0, "resets");
	check_equal(f->v.cpu.tsr, DIS | FIS, "TSR");
	assert_true(v44_timer_next(&f->v, &tb));
	check(tb > f->tb + 0x200000 && tb <= f->tb + 0x400000, "the second exception");
	v44_tsr_change(&f->v, ~0u, WRS);
	v44_timer_read(&f->v, &dec, &tsr);
	check_equal(tsr, WRS, "TSR");
	check_equal(dec, 0, "DEC");
	v44_tsr_change(&f->v, 0, ENW);
	check_equal(read_spr(&f->v, SPR_TSR), WRS | ENW, "TSR");
}

/* The manual's words, tick by tick; @tb is where the time base is */
struct model {
	u64 tb;
	u32 dec, decar, tcr, tsr;
	u32 resets;
};

static void watchdog_exception(struct model *m)
{
	if (!(m->tsr & ENW)) {
		m->tsr |= ENW;
	} else if (!(m->tsr & WIS)) {
		m->tsr |= WIS;
	} else if (m->tcr & WRC) {
		m->tsr = (m->tsr & ~WRS) | (m->tcr & WRC);
		m->resets++;
	}
}

/* Bits below those that anybody looks at, and DEC, may change all at once */
static u64 uneventful(const struct model *m, u64 ticks)
{
	u64 n = 0x1000 - (m->tb & 0xfff);

	if (m->dec && m->dec < n)
		n = m->dec;
	return n < ticks ? n : ticks;
}

static void tick(struct model *m, u64 ticks)
{
	u64 n, rising;

	for (; ticks; ticks -= n) {
		n = uneventful(m, ticks);
		rising = ~m->tb & (m->tb + n);
		m->tb += n;
		if (rising & fit_bits[m->tcr >> 24 & 3])
			m->tsr |= FIS;
		if (rising & watchdog_bits[m->tcr >> 30])
			watchdog_exception(m);
		if (!m->dec)
			continue;
		m->dec -= n;
		if (m->dec)
			continue;
		m->tsr |= DIS;
		if (m->tcr & ARE)
			m->dec = m->decar;
	}
}

/* Everybody knows when a timer acts, who does nothing before, and reads what is there */
static void agrees_with_a_tick_by_tick_model(void **state)
{
	static const u32 writable[] = { DIE | ARE, DIE | ARE | FIE | FP_(3), ~WRC, ~0u };
	struct fixture *f = *state;
	struct model m = { .tb = f->tb };
	struct rng r = { 0 };
	int i;

	for (i = 0; i < 200000; i++) {
		u64 was = 0, next = 0, ticks;
		unsigned int changes = f->timer_changes;
		bool had = v44_timer_next(&f->v, &was), has;
		u32 value = rnd_below(&r, 60);

		switch (rnd_below(&r, 8)) {
		case 0:
		case 1:
			ticks = rnd_below(&r, 1u << rnd_below(&r, 24));
			/* nobody may be late for a reset */
			if (had && (m.tcr & WRC) && ticks > was - f->tb)
				ticks = was - f->tb;
			f->tb += ticks;
			tick(&m, ticks);
			break;
		case 2:
			write_spr(&f->v, SPR_DEC, value);
			m.dec = value;
			break;
		case 3:
			write_spr(&f->v, SPR_DECAR, value);
			m.decar = value;
			break;
		case 4:
			/* WRC stays, so it comes late and goes by a reset */
			if (m.resets > 3) {
				v44_reset(&f->v, 0);
				m = (struct model){ .tb = f->tb };
				f->watchdog_resets = 0;
			}
			value = rnd(&r) & rnd(&r) & writable[i >> 12 & 3];
			write_spr(&f->v, SPR_TCR, value);
			m.tcr = value | (m.tcr & WRC);
			break;
		case 5:
			value = rnd(&r) & (rnd_below(&r, 2) ? ~0u : DIS);
			write_spr(&f->v, SPR_TSR, value);
			m.tsr &= ~value;
			break;
		case 6:
			check_equal(read_spr(&f->v, SPR_TSR), m.tsr, "step %d", i);
			break;
		case 7:
			check_equal(read_spr(&f->v, SPR_DEC), m.dec, "step %d", i);
			check_equal(read_spr(&f->v, SPR_TCR), m.tcr, "step %d", i);
			break;
		}
		has = v44_timer_next(&f->v, &next);
		check(f->timer_changes != changes || (had == has && (!had || was == next)),
		      "step %d: v44_timer_next() changed in silence", i);
		v44_timer_update(&f->v);
		check_equal(f->watchdog_resets, m.resets, "step %d", i);
		check_equal(read_spr(&f->v, SPR_TSR), m.tsr, "step %d", i);
		/* the bits that interrupt are there without being asked for */
		check_equal(f->v.cpu.tsr & FIS & -!!(m.tcr & FIE), m.tsr & FIS & -!!(m.tcr & FIE),
			    "step %d", i);
		check_equal(f->v.cpu.tsr & WIS & -!!(m.tcr & WIE), m.tsr & WIS & -!!(m.tcr & WIE),
			    "step %d", i);
		if (v44_timer_next(&f->v, &next))
			check(next > f->tb, "step %d", i);
		else
			check(!(m.dec && (m.tcr & DIE) && !(m.tsr & DIS)) &&
				      !((m.tcr & FIE) && !(m.tsr & FIS)) && !(m.tcr & WRC) &&
				      !((m.tcr & WIE) && !(m.tsr & WIS)),
			      "step %d", i);
		if (m.dec && (m.tcr & DIE) && !(m.tsr & DIS))
			check(next <= f->tb + m.dec, "step %d", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_shot_stops_at_zero),
		TEST(writing_zero_is_no_exception),
		TEST(extreme_values),
		TEST(auto_reload_keeps_its_phase),
		TEST(reload_from_zero_stops),
		TEST(settings_change_after_an_unseen_expiry),
		TEST(write_while_running),
		TEST(tsr_is_cleared_by_ones),
		TEST(wrc_is_set_once),
		TEST(next_is_the_moment_of_the_interrupt),
		TEST(time_passes_while_we_work),
		TEST(what_the_guest_has_read_is_pending),
		TEST(fit_follows_a_bit_of_the_time_base),
		TEST(fit_without_fie_is_silent),
		TEST(fit_interrupt_has_its_moment),
		TEST(watchdog_states),
		TEST(watchdog_is_kept_quiet),
		TEST(watchdog_moments),
		TEST(exceptions_are_those_of_their_time),
		TEST(change_from_outside),
		TEST(agrees_with_a_tick_by_tick_model),
	};

	return RUN_ALL(tests);
}
