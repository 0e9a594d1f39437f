// SPDX-License-Identifier: GPL-2.0-only
/* Decrementer, TCR and TSR (manual 7.2 to 7.6), as the guest sees them by m[ft]spr. */
#include "fixture.h"

#define DIS 0x08000000u
#define DIE 0x04000000u
#define ARE 0x00400000u
#define WRC 0x30000000u

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
			check(f->v.cpu.tsr & DIS, "%u by %u", first, step);

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
			check(f->v.cpu.tsr & DIS, "%u by %u", first, step);
		}
	}
}

/* The manual's words, tick by tick */
struct model {
	u32 dec, decar, tcr, tsr;
};

static void tick(struct model *m, u32 ticks)
{
	for (; ticks; ticks--) {
		if (!m->dec || --m->dec)
			continue;
		m->tsr |= DIS;
		if (m->tcr & ARE)
			m->dec = m->decar;
	}
}

static void agrees_with_a_tick_by_tick_model(void **state)
{
	struct fixture *f = *state;
	struct model m = { 0, 0, 0, 0 };
	struct rng r = { 0 };
	int i;

	for (i = 0; i < 200000; i++) {
		u64 before = 0, after = 0;
		unsigned int changes = f->timer_changes;
		bool had = v44_timer_next(&f->v, &before), has;
		u32 ticks, value = rnd_below(&r, 60);

		switch (rnd_below(&r, 8)) {
		case 0:
		case 1:
			ticks = rnd_below(&r, 8) ? rnd_below(&r, 40) : rnd_below(&r, 2000);
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
			value = rnd(&r) & (DIE | ARE);
			write_spr(&f->v, SPR_TCR, value);
			m.tcr = value;
			break;
		case 5:
			value = rnd(&r) & DIS;
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
		has = v44_timer_next(&f->v, &after);
		check(f->timer_changes != changes || (had == has && (!had || before == after)),
		      "step %d: v44_timer_next() changed in silence", i);
		v44_timer_update(&f->v);
		has = v44_timer_next(&f->v, &after);
		check_equal(has, m.dec && (m.tcr & DIE) && !(m.tsr & DIS), "step %d", i);
		check(!has || after == f->tb + m.dec, "step %d", i);
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
		TEST(agrees_with_a_tick_by_tick_model),
	};

	return RUN_ALL(tests);
}
