// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timers, PPC440x5 manual chapter 7. All times are time base ticks.
 *
 * Fixed interval timer and watchdog have an exception whenever a bit of the time
 * base goes from 0 to 1, and keep nothing but TSR. So nobody has to be there when
 * it happens: TSR is brought up to date (timer.tsr_time) when an interrupt or a
 * reset comes of it, and before TCR or TSR change; who reads it in between is
 * told what it would be.
 */
#include "v44.h"

#define NEVER ~0ull

/* Has DEC reached 0? */
static inline bool dec_expired(const struct v44_timer *t, u64 now)
{
	return t->dec_running && (s64)(now - t->dec_zero) >= 0;
}

/*
 * On the 1 to 0 transition TSR[DIS] is set, and DEC stops or, with TCR[ARE], goes
 * on from DECAR (manual 7.2).
 */
static inline void dec_go_on(const struct v44_cpu *cpu, u64 now, struct v44_timer *t)
{
	u64 late = now - t->dec_zero;

	if ((cpu->tcr & V44_TCR_ARE) && cpu->decar)
		t->dec_zero += late - v44_mod(late, cpu->decar) + cpu->decar;
	else
		t->dec_running = false;
}

static inline void update_dec(struct v44 *v, u64 now)
{
	if (!dec_expired(&v->cpu.timer, now))
		return;
	v->cpu.tsr |= V44_TSR_DIS;
	dec_go_on(&v->cpu, now, &v->cpu.timer);
	v->ops->timer_changed(v);
}

/* TBL[19], [15], [11] or [7] (table 7-1) */
static u32 fit_bit(u32 tcr)
{
	return 1u << (12 + 4 * ((tcr & V44_TCR_FP) >> 24));
}

/* TBL[11], [7], [3] or TBU[31] (table 7-2) */
static u64 watchdog_bit(u32 tcr)
{
	return (u64)(1u << (16 + 4 * ((tcr & V44_TCR_WP) >> 30))) << 4;
}

/* When @bit of the time base next goes from 0 to 1 after @time */
static u64 transition(u64 time, u64 bit)
{
	return ((time + bit) | (2 * bit - 1)) + 1 - bit;
}

/* An exception of the watchdog (table 7-3). Does it reset? */
static bool watchdog_exception(u32 tcr, u32 *tsr)
{
	if ((*tsr & V44_TSR_ENW) && (*tsr & V44_TSR_WIS))
		return tcr & V44_TCR_WRC;
	*tsr |= *tsr & V44_TSR_ENW ? V44_TSR_WIS : V44_TSR_ENW;
	return false;
}

/* The exceptions of the watchdog from now on to the one that acts, or 0 if none will */
static u32 watchdog_left(u32 tcr, u32 tsr)
{
	u32 to_wis = tsr & V44_TSR_ENW ? 1 : 2;

	if (tsr & V44_TSR_WIS)
		return tcr & V44_TCR_WRC ? to_wis : 0;
	if (tcr & V44_TCR_WIE)
		return to_wis;
	return tcr & V44_TCR_WRC ? to_wis + 1 : 0;
}

/* TSR as FIT and watchdog have made it by @now; @reset: the watchdog resets */
static u32 tsr_at(const struct v44_cpu *cpu, u64 now, bool *reset)
{
	u64 bit = watchdog_bit(cpu->tcr), at = transition(cpu->timer.tsr_time, bit);
	u32 tsr = cpu->tsr, i;

	if (transition(cpu->timer.tsr_time, fit_bit(cpu->tcr)) <= now)
		tsr |= V44_TSR_FIS;
	*reset = false;
	/* after three of them, all that can happen has happened */
	for (i = 0; i < 3 && at <= now; i++, at += 2 * bit)
		*reset = watchdog_exception(cpu->tcr, &tsr);
	return tsr;
}

static bool update_tsr(struct v44 *v, u64 now)
{
	bool reset;

	v->cpu.tsr = tsr_at(&v->cpu, now, &reset);
	v->cpu.timer.tsr_time = now;
	v->ops->timer_changed(v);
	return reset;
}

/* The watchdog's reset is recorded in TSR[WRS] (manual 7.4), and the user's to do */
static void act(struct v44 *v, u64 now)
{
	struct v44_cpu *cpu = &v->cpu;

	if (!update_tsr(v, now))
		return;
	cpu->tsr = (cpu->tsr & ~V44_TSR_WRS) | (cpu->tcr & V44_TCR_WRC);
	v->ops->watchdog(v);
}

/* When FIT or watchdog next act */
static u64 next_act(const struct v44_cpu *cpu)
{
	u32 left = watchdog_left(cpu->tcr, cpu->tsr);
	u64 next = NEVER, at, bit;

	if ((cpu->tcr & V44_TCR_FIE) && !(cpu->tsr & V44_TSR_FIS))
		next = transition(cpu->timer.tsr_time, fit_bit(cpu->tcr));
	if (!left)
		return next;
	bit = watchdog_bit(cpu->tcr);
	at = transition(cpu->timer.tsr_time, bit) + (left - 1) * 2 * bit;
	return at < next ? at : next;
}

static noinline void act_if_due(struct v44 *v, u64 now)
{
	if (next_act(&v->cpu) <= now)
		act(v, now);
}

static inline void update(struct v44 *v, u64 now)
{
	update_dec(v, now);
	if (v->cpu.tcr & V44_TCR_ACTS)
		act_if_due(v, now);
}

/** v44_timer_update() - let the timers do what they have to do by now */
void v44_timer_update(struct v44 *v)
{
	if (v->cpu.timer.dec_running || (v->cpu.tcr & V44_TCR_ACTS))
		update(v, v44_timebase(v));
}

/**
 * v44_timer_write() - the guest changes TCR and TSR
 * @v: the virtual CPU
 * @tcr: new TCR; bits of WRC that are set stay (manual 7.5)
 * @tsr_clear: bits of TSR to clear
 *
 * What FIT and watchdog have done is looked for only where it matters: a guest
 * with the decrementer alone never has a bit of theirs in its TSR, which whoever
 * looks for interrupts would have to look at.
 */
void v44_timer_write(struct v44 *v, u32 tcr, u32 tsr_clear)
{
	struct v44_cpu *cpu = &v->cpu;
	u64 now = v44_timebase(v);

	update_dec(v, now);
	if (((tcr ^ cpu->tcr) & (V44_TCR_FP | V44_TCR_WP | V44_TCR_ACTS)) ||
	    (tsr_clear & ~V44_TSR_DIS))
		act(v, now);
	cpu->tcr = tcr | (cpu->tcr & V44_TCR_WRC);
	cpu->tsr &= ~tsr_clear;
	v->ops->timer_changed(v);
}

/**
 * v44_tsr_change() - change TSR from outside
 * @v: the virtual CPU
 * @clear: bits that are cleared
 * @set: bits that are set then
 *
 * If the watchdog would reset, it does not: its last exception is forgotten.
 */
void v44_tsr_change(struct v44 *v, u32 clear, u32 set)
{
	u64 now = v44_timebase(v);

	update_dec(v, now);
	update_tsr(v, now);
	v->cpu.tsr = (v->cpu.tsr & ~clear) | set;
}

/* With FIT or watchdog; @dec: DEC is one of them */
static noinline bool next_of_all(const struct v44_cpu *cpu, bool dec, u64 *tb)
{
	*tb = next_act(cpu);
	if (dec && cpu->timer.dec_zero < *tb)
		*tb = cpu->timer.dec_zero;
	return *tb != NEVER;
}

/**
 * v44_timer_next() - when v44_timer_update() will next find something to do
 * @v: the virtual CPU
 * @tb: the time base then
 *
 * Return: false if no timer can cause an interrupt or a reset.
 */
bool v44_timer_next(const struct v44 *v, u64 *tb)
{
	const struct v44_cpu *cpu = &v->cpu;
	bool dec = cpu->timer.dec_running && (cpu->tcr & V44_TCR_DIE) && !(cpu->tsr & V44_TSR_DIS);

	if (cpu->tcr & V44_TCR_ACTS)
		return next_of_all(cpu, dec, tb);
	if (dec)
		*tb = cpu->timer.dec_zero;
	return dec;
}

static void read_at(const struct v44_cpu *cpu, u64 now, u32 *dec, u32 *tsr)
{
	struct v44_timer t = cpu->timer;
	bool reset;

	*tsr = tsr_at(cpu, now, &reset);
	if (dec_expired(&t, now)) {
		*tsr |= V44_TSR_DIS;
		dec_go_on(cpu, now, &t);
	}
	*dec = t.dec_running ? t.dec_zero - now : 0;
}

/**
 * v44_timer_read() - the timers now, of one moment; changes nothing
 * @v: the virtual CPU
 * @dec: the decrementer; 0 when it has stopped
 * @tsr: TSR
 */
void v44_timer_read(struct v44 *v, u32 *dec, u32 *tsr)
{
	read_at(&v->cpu, v44_timebase(v), dec, tsr);
}

/**
 * v44_timer_look() - the same for the guest
 * @v: the virtual CPU
 * @dec: the decrementer
 * @tsr: TSR
 *
 * What it has seen is true from then on: an interrupt of which it has read in TSR
 * is pending.
 */
void v44_timer_look(struct v44 *v, u32 *dec, u32 *tsr)
{
	u64 now = v44_timebase(v);

	update(v, now);
	read_at(&v->cpu, now, dec, tsr);
}

/**
 * v44_dec_write() - set the decrementer
 * @v: the virtual CPU
 * @value: 0 stops it without an exception (manual 7.2)
 *
 * One look at the time base has to do: it goes on between two, and an expiry in
 * between would be lost.
 */
void v44_dec_write(struct v44 *v, u32 value)
{
	u64 now = v44_timebase(v);

	update_dec(v, now);
	v->cpu.timer.dec_running = value != 0;
	v->cpu.timer.dec_zero = now + value;
	v->ops->timer_changed(v);
}
