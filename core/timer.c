// SPDX-License-Identifier: GPL-2.0-only
/* The decrementer, PPC440x5 manual 7.2. All times are time base ticks. */
#include "v44.h"

/*
 * On the 1 to 0 transition TSR[DIS] is set, and DEC stops or, with TCR[ARE],
 * goes on from DECAR.
 */
void v44_timer_update(struct v44 *v)
{
	struct v44_cpu *cpu = &v->cpu;
	struct v44_timer *t = &cpu->timer;
	u64 late;

	if (!t->dec_running)
		return;
	late = v->ops->timebase(v) - t->dec_zero;
	if ((s64)late < 0)
		return;
	cpu->tsr |= V44_TSR_DIS;
	if ((cpu->tcr & V44_TCR_ARE) && cpu->decar)
		t->dec_zero += late - v44_mod(late, cpu->decar) + cpu->decar;
	else
		t->dec_running = false;
	v->ops->timer_changed(v);
}

/**
 * v44_timer_write() - change TCR and TSR
 * @v: the virtual CPU
 * @tcr: new TCR; a WRC that is set stays (manual 7.4)
 * @tsr_clear: bits of TSR to clear
 */
void v44_timer_write(struct v44 *v, u32 tcr, u32 tsr_clear)
{
	struct v44_cpu *cpu = &v->cpu;

	v44_timer_update(v);
	cpu->tcr = cpu->tcr & V44_TCR_WRC ? (tcr & ~V44_TCR_WRC) | (cpu->tcr & V44_TCR_WRC) : tcr;
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

/** v44_dec_read() - the decrementer's value now; 0 when it has stopped */
u32 v44_dec_read(struct v44 *v)
{
	v44_timer_update(v);
	return v->cpu.timer.dec_running ? v->cpu.timer.dec_zero - v->ops->timebase(v) : 0;
}

/** v44_dec_write() - set the decrementer; 0 stops it without an exception (manual 7.2) */
void v44_dec_write(struct v44 *v, u32 value)
{
	v44_timer_update(v);
	v->cpu.timer.dec_running = value != 0;
	v->cpu.timer.dec_zero = v->ops->timebase(v) + value;
	v->ops->timer_changed(v);
}
