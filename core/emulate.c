// SPDX-License-Identifier: GPL-2.0-only
/* Privileged instructions, PPC440x5 manual chapter 9. */
#include "v44.h"
#include "insn.h"

enum v44_emu v44_emu_mfmsr(struct v44 *v, u32 insn)
{
	v->cpu.gpr[insn_rt(insn)] = v->cpu.msr;
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_mtmsr(struct v44 *v, u32 insn)
{
	v->cpu.msr = v->cpu.gpr[insn_rt(insn)] & V44_MSR_ALL;
	return V44_EMU_DONE;
}

static enum v44_emu write_ee(struct v44 *v, u32 value)
{
	v->cpu.msr = (v->cpu.msr & ~V44_MSR_EE) | (value & V44_MSR_EE);
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_wrtee(struct v44 *v, u32 insn)
{
	return write_ee(v, v->cpu.gpr[insn_rt(insn)]);
}

enum v44_emu v44_emu_wrteei(struct v44 *v, u32 insn)
{
	return write_ee(v, insn); /* E is bit 16 of the word, as EE is of the MSR */
}

static enum v44_emu return_from(struct v44 *v, const u32 *save)
{
	v->cpu.pc = save[0] & ~3u;
	v->cpu.msr = save[1] & V44_MSR_ALL;
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_rfi(struct v44 *v, u32 insn)
{
	return return_from(v, v->cpu.srr);
}

enum v44_emu v44_emu_rfci(struct v44 *v, u32 insn)
{
	return return_from(v, v->cpu.csrr);
}

enum v44_emu v44_emu_rfmci(struct v44 *v, u32 insn)
{
	return return_from(v, v->cpu.mcsrr);
}

static enum v44_emu dcr(struct v44 *v, u32 number, u32 insn, bool write)
{
	v->dcr.number = number & 0x3ff;
	v->dcr.reg = insn_rt(insn);
	v->dcr.write = write;
	return V44_EMU_DCR;
}

enum v44_emu v44_emu_mfdcr(struct v44 *v, u32 insn)
{
	return dcr(v, insn_sprn(insn), insn, false);
}

enum v44_emu v44_emu_mtdcr(struct v44 *v, u32 insn)
{
	return dcr(v, insn_sprn(insn), insn, true);
}

/*
 * The indexed forms exist on the 460EX only. A 440EP says "illegal" by itself, and whoever
 * executes them here looks at the PVR then.
 */
enum v44_emu v44_emu_mfdcrx(struct v44 *v, u32 insn)
{
	return dcr(v, v->cpu.gpr[insn_ra(insn)], insn, false);
}

enum v44_emu v44_emu_mtdcrx(struct v44 *v, u32 insn)
{
	return dcr(v, v->cpu.gpr[insn_ra(insn)], insn, true);
}

/**
 * v44_dcr_done() - finish a DCR access that left as V44_EMU_DCR
 * @v: the virtual CPU
 * @data: what the DCR gave; ignored after a write
 */
void v44_dcr_done(struct v44 *v, u32 data)
{
	if (!v->dcr.write)
		v->cpu.gpr[v->dcr.reg] = data;
}

/*
 * dcbi may throw away what the host wrote; the guest gets dcbf's effect, which
 * an I/O-coherent virtual machine cannot tell apart, and the interrupts of a
 * store (manual 9, dcbi).
 */
enum v44_emu v44_emu_dcbi(struct v44 *v, u32 insn)
{
	u32 ea = insn_ea(&v->cpu, insn);
	u64 gpa;
	int slot;

	v->cpu.pc -= 4; /* where the interrupt would be */
	if (!v44_translate_or_raise(v, ea, V44_STORE, &gpa, &slot))
		return V44_EMU_INTERRUPT;
	v->cpu.pc += 4;
	return V44_EMU_DONE;
}

/* Never for real: the whole data cache is the host's too. Memory is coherent without it. */
enum v44_emu v44_emu_dccci(struct v44 *v, u32 insn)
{
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_iccci(struct v44 *v, u32 insn)
{
	v->ops->icache_flush(v);
	return V44_EMU_DONE;
}

/* The cache arrays are the host's: the guest finds them empty */
enum v44_emu v44_emu_dcread(struct v44 *v, u32 insn)
{
	v->cpu.gpr[insn_rt(insn)] = 0;
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_icread(struct v44 *v, u32 insn)
{
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_tlbsync(struct v44 *v, u32 insn)
{
	return V44_EMU_DONE;
}

/*
 * In user state a privileged instruction is a privileged exception; so is an
 * SPR number with bit 0x10 set, defined or not. Any other number that user code
 * may not access is an illegal instruction (manual 2.5.1).
 */
static u32 user_exception(const struct v44_insn *row, u32 insn)
{
	bool spr = row->emulate == v44_emu_mfspr || row->emulate == v44_emu_mtspr;

	return spr && !(insn_sprn(insn) & 0x10) ? V44_ESR_PIL : V44_ESR_PPR;
}

/**
 * v44_emulate() - execute one instruction that trapped as privileged
 * @v: the virtual CPU; cpu.pc is the instruction's address
 * @insn: instruction word
 *
 * Words that are not privileged instructions raise the illegal instruction
 * exception.
 *
 * Return: what became of it; cpu.pc is where the guest goes on.
 */
enum v44_emu v44_emulate(struct v44 *v, u32 insn)
{
	const struct v44_insn *row = insn_row(insn);

	if (!row || row->kind != V44_INSN_PRIVILEGED) {
		v44_program(v, V44_ESR_PIL, v->cpu.pc);
		return V44_EMU_INTERRUPT;
	}
	if (v->cpu.msr & V44_MSR_PR) {
		v44_program(v, user_exception(row, insn), v->cpu.pc);
		return V44_EMU_INTERRUPT;
	}
	v->cpu.pc += 4;
	return row->emulate(v, insn);
}
