// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts, PPC440x5 manual chapter 6. */
#include "v44.h"

/**
 * v44_interrupt() - take an interrupt
 * @v: the virtual CPU
 * @ivor: which
 * @return_pc: value for the save register 0 of its class
 *
 * Only the save registers, MSR and pc change (manual 6.4.1 and table 6-2): a
 * non-critical interrupt keeps CE, ME and DE, a critical one ME, a machine
 * check nothing. ESR and DEAR are the caller's.
 */
void v44_interrupt(struct v44 *v, enum v44_ivor ivor, u32 return_pc)
{
	struct v44_cpu *cpu = &v->cpu;
	u32 *save, keep;

	switch (ivor) {
	case V44_MACHINE_CHECK:
		save = cpu->mcsrr;
		keep = 0;
		break;
	case V44_CRITICAL:
	case V44_WATCHDOG:
	case V44_DEBUG:
		save = cpu->csrr;
		keep = V44_MSR_ME;
		break;
	default:
		save = cpu->srr;
		keep = V44_MSR_CE | V44_MSR_ME | V44_MSR_DE;
		break;
	}
	save[0] = return_pc;
	save[1] = cpu->msr;
	if (ivor == V44_EXTERNAL)
		cpu->lines &= ~V44_LINE_EDGE;
	cpu->msr &= keep;
	cpu->pc = cpu->ivpr | cpu->ivor[ivor];
	if (v->debug.active)
		v44_debug_interrupt(v, ivor);
	v44_trace_interrupt(v, ivor);
}

/**
 * v44_program() - take a program interrupt
 * @v: the virtual CPU
 * @esr: V44_ESR_* of its cause
 * @pc: address of the instruction
 */
void v44_program(struct v44 *v, u32 esr, u32 pc)
{
	v->cpu.esr = esr;
	v44_interrupt(v, V44_PROGRAM, pc);
}

/**
 * v44_storage() - take a storage, alignment or TLB error interrupt at pc
 * @v: the virtual CPU
 * @ivor: V44_DATA_STORAGE, V44_INST_STORAGE, V44_ALIGNMENT, V44_DATA_TLB or V44_INST_TLB
 * @esr: V44_ESR_* of the access
 * @dear: its effective address
 *
 * An instruction TLB error changes neither ESR nor DEAR, an instruction storage
 * interrupt only ESR (manual 6.5.3, 6.5.4, 6.5.15); a data TLB error leaves
 * ESR[MCI] as it was (6.5.14).
 */
void v44_storage(struct v44 *v, enum v44_ivor ivor, u32 esr, u32 dear)
{
	if (ivor == V44_DATA_TLB)
		esr |= v->cpu.esr & V44_ESR_MCI;
	if (ivor != V44_INST_TLB)
		v->cpu.esr = esr;
	if (ivor != V44_INST_TLB && ivor != V44_INST_STORAGE)
		v->cpu.dear = dear;
	v44_interrupt(v, ivor, v->cpu.pc);
}

/**
 * v44_fetch_error() - nothing on the bus answers the fetch of the instruction at pc
 * @v: the virtual CPU
 *
 * A synchronous machine check (manual 6.5.2): ESR[MCI] tells of it, MCSR does not.
 * With MSR[ME] = 0 there is no interrupt, now or later, and what the bus had is
 * executed. We say that it had 0, which is an illegal instruction.
 */
void v44_fetch_error(struct v44 *v)
{
	if (!(v->cpu.msr & V44_MSR_ME)) {
		v44_program(v, V44_ESR_MCI | V44_ESR_PIL, v->cpu.pc);
		return;
	}
	v->cpu.esr = V44_ESR_MCI;
	v44_interrupt(v, V44_MACHINE_CHECK, v->cpu.pc);
}

/* Does the guest say by its magic page that it must not be interrupted? */
static bool in_critical_section(const struct v44 *v)
{
	return v->magic.mapped && !(v->cpu.msr & V44_MSR_PR) &&
	       (u32)v->magic.critical == v->cpu.gpr[1];
}

/**
 * v44_pending() - the asynchronous interrupt to be taken now
 * @v: the virtual CPU, its timers up to date
 *
 * Return: its enum v44_ivor by the priorities of manual 6.6, or -1.
 */
int v44_pending(const struct v44 *v)
{
	const struct v44_cpu *cpu = &v->cpu;
	u32 msr = cpu->msr;

	if ((msr & V44_MSR_ME) && (cpu->mcsr & V44_MCSR_MCS))
		return V44_MACHINE_CHECK;
	if ((msr & V44_MSR_DE) && (cpu->dbcr[0] & V44_DBCR0_IDM) && (cpu->dbsr & V44_DBSR_EVENTS))
		return V44_DEBUG;
	if (in_critical_section(v))
		return -1;
	if (msr & V44_MSR_CE) {
		if (cpu->lines & V44_LINE_CRITICAL)
			return V44_CRITICAL;
		if ((cpu->tcr & V44_TCR_WIE) && (cpu->tsr & V44_TSR_WIS))
			return V44_WATCHDOG;
	}
	if (msr & V44_MSR_EE) {
		if (cpu->lines & (V44_LINE_EXTERNAL | V44_LINE_EDGE))
			return V44_EXTERNAL;
		if ((cpu->tcr & V44_TCR_FIE) && (cpu->tsr & V44_TSR_FIS))
			return V44_FIXED_INTERVAL;
		if ((cpu->tcr & V44_TCR_DIE) && (cpu->tsr & V44_TSR_DIS))
			return V44_DECREMENTER;
	}
	return -1;
}

/**
 * v44_pending_msr() - what keeps pending interrupts away
 * @v: the virtual CPU, its timers up to date
 *
 * Return: the MSR bits each of which lets an asynchronous interrupt in that is
 * pending now; without DE, since everything is looked at while debug.active.
 */
u32 v44_pending_msr(const struct v44 *v)
{
	const struct v44_cpu *cpu = &v->cpu;
	u32 msr = 0;

	if (cpu->mcsr & V44_MCSR_MCS)
		msr |= V44_MSR_ME;
	if ((cpu->lines & V44_LINE_CRITICAL) ||
	    ((cpu->tcr & V44_TCR_WIE) && (cpu->tsr & V44_TSR_WIS)))
		msr |= V44_MSR_CE;
	if ((cpu->lines & (V44_LINE_EXTERNAL | V44_LINE_EDGE)) ||
	    ((cpu->tcr & V44_TCR_FIE) && (cpu->tsr & V44_TSR_FIS)) ||
	    ((cpu->tcr & V44_TCR_DIE) && (cpu->tsr & V44_TSR_DIS)))
		msr |= V44_MSR_EE;
	return msr;
}

/**
 * v44_deliver() - take the asynchronous interrupt that is pending and enabled, if any
 * @v: the virtual CPU
 *
 * One is enough: taking it masks all of its and lower priority. pc is the next
 * instruction in every case: a machine check that MCSR has is asynchronous.
 *
 * Return: true if one was taken.
 */
bool v44_deliver(struct v44 *v)
{
	int ivor = v44_pending(v);

	if (ivor >= 0)
		v44_interrupt(v, ivor, v->cpu.pc);
	return ivor >= 0;
}

/**
 * v44_set_line() - drive an interrupt input, level-sensitive
 * @v: the virtual CPU
 * @line: V44_LINE_*
 * @level: asserted?
 */
void v44_set_line(struct v44 *v, u32 line, bool level)
{
	if (level)
		v->cpu.lines |= line;
	else
		v->cpu.lines &= ~line;
}
