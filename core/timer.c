// SPDX-License-Identifier: GPL-2.0-only
/* The decrementer, PPC440x5 manual 7.2. All times are time base ticks. */
#include "v44.h"

/*
 * On the 1 to 0 transition TSR[DIS] is set, and DEC stops or, with TCR[ARE],
 * goes on from DECAR.
 */
static void update(struct v44 *v, u64 now)
{
	struct v44_cpu *cpu = &v->cpu;
	struct v44_timer *t = &cpu->timer;
	u64 late = now - t->dec_zero;

	if (!t->dec_running || (s64)late < 0)
		return;
	cpu->tsr |= V44_TSR_DIS;
	if ((cpu->tcr & V44_TCR_ARE) && cpu->decar)
		t->dec_zero += late - v44_mod(late, cpu->decar) + cpu->decar;
	else
		t->dec_running = false;
	v->ops->timer_changed(v);
}

/** v44_timer_update() - bring TSR and the decrementer up to the present time */
void v44_timer_update(struct v44 *v)
{
	if (v->cpu.timer.dec_running)
		update(v, v->ops->timebase(v));
}

/**
 * v44_timer_write() - change TCR and TSR
 * @v: the virtual CPU
 * @tcr: new TCR; bits of WRC that are set stay (manual 7.5)
 * @tsr_clear: bits of TSR to clear
 */
void v44_timer_write(struct v44 *v, u32 tcr, u32 tsr_clear)
{
	struct v44_cpu *cpu = &v->cpu;

	v44_timer_update(v);
	cpu->tcr = tcr | (cpu->tcr & V44_TCR_WRC);
	cpu->tsr &= ~tsr_clear;
	v->ops->timer_changed(v);
}

/**
 * v44_timer_next() - when v44_timer_update() will next find something to interrupt for
 * @v: the virtual CPU
 * @tb: the time base then
 *
 * Return: false if no timer can cause an interrupt.
 */
bool v44_timer_next(const struct v44 *v, u64 *tb)
{
	const struct v44_cpu *cpu = &v->cpu;

	if (!cpu->timer.dec_running || !(cpu->tcr & V44_TCR_DIE) || (cpu->tsr & V44_TSR_DIS))
		return false;
	*tb = cpu->timer.dec_zero;
	return true;
}

/*
 * One look at the time base has to do for each of these two: it goes on between
 * two looks, and an expiry in between would be lost.
 */

/** v44_dec_read() - the decrementer's value now; 0 when it has stopped */
u32 v44_dec_read(struct v44 *v)
{
	u64 now = v->ops->timebase(v);

	update(v, now);
	return v->cpu.timer.dec_running ? v->cpu.timer.dec_zero - now : 0;
}

/** v44_dec_write() - set the decrementer; 0 stops it without an exception (manual 7.2) */
void v44_dec_write(struct v44 *v, u32 value)
{
	u64 now = v->ops->timebase(v);

	update(v, now);
	v->cpu.timer.dec_running = value != 0;
	v->cpu.timer.dec_zero = now + value;
	v->ops->timer_changed(v);
}
