/* SPDX-License-Identifier: GPL-2.0-only */
#include "regs.h"

/*
 * The vectors, 16 bytes each: IVORn = 16 * n.
 *
 * on entry: MSR with IS = DS = 0, EE = PR = 0; any PID: page 0 is mapped with TID 0
 */
	.macro	vector n, r3, save
	.balign	16
	stw	3, \r3(0)
	li	3, \n
	b	\save
	.endm

	.section .vectors, "ax"
	.balign	65536
	.globl	vectors
vectors:
	vector	VEC_CRITICAL, LOW_CR3, save_csrr
	vector	VEC_MCHECK, LOW_MR3, save_mcsrr
	vector	VEC_DSI, LOW_R3, save_srr
	vector	VEC_ISI, LOW_R3, save_srr
	vector	VEC_EXTERNAL, LOW_R3, save_srr
	vector	VEC_ALIGNMENT, LOW_R3, save_srr
	vector	VEC_PROGRAM, LOW_R3, save_srr
	vector	VEC_FPUNAVAIL, LOW_R3, save_srr
	vector	VEC_SC, LOW_R3, save_srr
	vector	VEC_APUNAVAIL, LOW_R3, save_srr
	vector	VEC_DEC, LOW_R3, save_srr
	vector	VEC_FIT, LOW_R3, save_srr
	vector	VEC_WATCHDOG, LOW_CR3, save_csrr
	vector	VEC_DTLB, LOW_R3, save_srr
	vector	VEC_ITLB, LOW_R3, save_srr
	vector	VEC_DEBUG, LOW_CR3, save_csrr

/* Room for a vector of a program's own, in reach of IVPR. */
	.balign	16
	.globl	vector_spare
vector_spare:
	.space	4 * 64

/*
 * One per class of interrupt: fills the struct cpu at LOW_CPU, then goes on at LOW_RET on the
 * stack LOW_SP.
 *
 * in: r3 = vector number, its own value in the word \r3; all else as interrupted
 */
	.macro	save r3, srr0, srr1
	stw	3, LOW_VEC(0)
	lwz	3, LOW_CPU(0)
	stw	0, CPU_GPR(3)
	stw	1, CPU_GPR + 4(3)
	stw	2, CPU_GPR + 8(3)
	stmw	4, CPU_GPR + 16(3)
	lwz	4, \r3(0)
	stw	4, CPU_GPR + 12(3)
	mfmsr	4
	stw	4, CPU_ENTRY_MSR(3)
	mfspr	4, \srr0
	stw	4, CPU_PC(3)
	mfspr	4, \srr1
	stw	4, CPU_MSR(3)
	b	save_common
	.endm

save_srr:
	save	LOW_R3, SPR_SRR0, SPR_SRR1
save_csrr:
	save	LOW_CR3, SPR_CSRR0, SPR_CSRR1
save_mcsrr:
	save	LOW_MR3, SPR_MCSRR0, SPR_MCSRR1

save_common:
	lwz	4, LOW_VEC(0)
	stw	4, CPU_VEC(3)
	mfspr	4, SPR_ESR
	stw	4, CPU_ESR(3)
	mfspr	4, SPR_DEAR
	stw	4, CPU_DEAR(3)
	mfcr	4
	stw	4, CPU_CR(3)
	mfxer	4
	stw	4, CPU_XER(3)
	mflr	4
	stw	4, CPU_LR(3)
	mfctr	4
	stw	4, CPU_CTR(3)
	/* C runs with MSR = 0. By rfi: QEMU's mtmsr cannot clear ME. */
	lwz	1, LOW_SP(0)
	lwz	4, LOW_RET(0)
	mtspr	SPR_SRR0, 4
	li	4, 0
	mtspr	SPR_SRR1, 4
	rfi

/*
 * void cpu_run(struct cpu *cpu);
 *
 * Loads all of the state, runs it, and returns with the state at the next interrupt.
 */
	.section .text
	.globl	cpu_run
cpu_run:
	mflr	0
	stwu	1, -96(1)
	stw	0, 100(1)
	mfcr	0
	stw	0, 8(1)
	stw	2, 12(1)
	stmw	13, 16(1)
	lis	4, 1f@h
	ori	4, 4, 1f@l
	stw	4, LOW_RET(0)
	stw	1, LOW_SP(0)
	stw	3, LOW_CPU(0)
	lwz	4, CPU_CR(3)
	mtcr	4
	lwz	4, CPU_XER(3)
	mtxer	4
	lwz	4, CPU_LR(3)
	mtlr	4
	lwz	4, CPU_CTR(3)
	mtctr	4
	lwz	4, CPU_PC(3)
	mtspr	SPR_SRR0, 4
	lwz	4, CPU_MSR(3)
	mtspr	SPR_SRR1, 4
	lwz	0, CPU_GPR(3)
	lwz	1, CPU_GPR + 4(3)
	lwz	2, CPU_GPR + 8(3)
	lmw	4, CPU_GPR + 16(3)
	lwz	3, CPU_GPR + 12(3)
	rfi
1:	bl	expect_none
	lmw	13, 16(1)
	lwz	2, 12(1)
	lwz	0, 8(1)
	mtcr	0
	lwz	0, 100(1)
	addi	1, 1, 96
	mtlr	0
	blr

/*
 * void expect_none(void);
 *
 * From here on an interrupt ends the program (guest.c, unexpected).
 */
	.globl	expect_none
expect_none:
	lis	4, unexpected@h
	ori	4, 4, unexpected@l
	stw	4, LOW_RET(0)
	lis	4, unexpected_stack_top@h
	ori	4, 4, unexpected_stack_top@l
	stw	4, LOW_SP(0)
	lis	4, unexpected_cpu@h
	ori	4, 4, unexpected_cpu@l
	stw	4, LOW_CPU(0)
	blr

	.section .bss
	.balign	16
	.space	4080
unexpected_stack_top:
	.space	16
