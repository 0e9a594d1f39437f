/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tier 0: exits that are over before the host notices. What is in the shadow
 * tables is put back into the hardware TLB; frequent privileged instructions
 * are emulated; a system call is reflected to the guest. Everything that is not
 * plain goes to k44x_exit with the guest's state as it was, and C does it: each
 * path here has its twin in core/, which defines what is right. The module
 * parameter "fast" leaves this file out.
 *
 *       vector ──> miss ──> in the tables? ──yes──> into the TLB ──> guest
 *                                 └─no──> k44x_exit
 *       vector ──> syscall ──> plain? ──yes──> guest's vector
 *                                 └─no──> k44x_exit
 *       vector ──> program ──> fetch ──> handler ──> done ──> guest
 *                    ^                      ├──> ahead ──> the next handler
 *                    └── fetch failed       └──> slow ──> k44x_exit_saved
 *
 * All of it runs as switch.S does: in lowmem, AS 0, EE off, our IVPR and the
 * shadow PID live, no stack. Interrupts stay off for eight instructions of the
 * guest's at most; then the guest runs, with EE on.
 *
 * A fetch is a load with MSR[DS] set. Its page was just executed from, so it is
 * in the TLB; but it reads eight words, of two pages maybe. If it misses, the
 * miss is handled like any of the guest's, or else the guest runs again from the
 * instruction, whose page misses then for the guest. So the two keep what they
 * save apart: program in the guest's registers in arch, miss in sw.refill.
 */
#include <asm/ppc_asm.h>
#include <asm/reg.h>
#include "switch-asm.h"
#include "k44x-offsets.h"

	.section ".rodata.k44x", "a"
	.balign	32

/* A vector: its last word becomes the branch to where it leads */
	.globl	k44x_fast_stub, k44x_fast_stub_end
k44x_fast_stub:
	mtspr	SPRN_SPRG0, r3
	mfspr	r3, SPRN_SPRG1
	b	.
k44x_fast_stub_end:

/*
 * A TLB miss, data or instruction.
 *
 * in: r3 = arch; SPRG0 = guest r3; everything else is the guest's
 *
 * r24 EA
 * r25 EPN | shadow PID, the tag to find
 * r26 entry
 * r27-r30 scratch
 * r31 guest CR
 */
	.macro	PROBE			/* the set at r26 */
	.rept	4
	lwz	r28, SH_TAG(r26)
	lwz	r29, SH_MASK(r26)
	xor	r28, r28, r25
	and.	r28, r28, r29
	beq	found
	addi	r26, r26, SH_SIZE
	.endr
	.endm

	.macro	MISS ea, ivor
	stmw	r24, SW_REFILL(r3)
	mfspr	r24, \ea
	mfcr	r31

	/* core/shadow.c, small_set() */
	lwz	r25, SW_SID(r3)
	srwi	r26, r24, 12
	srwi	r27, r24, 22
	slwi	r28, r25, 2
	xor	r26, r26, r27
	lwz	r27, ARCH_SHADOW(r3)
	xor	r26, r26, r28
	rlwinm	r26, r26, 7, 15, 24		/* 1024 sets of 128 bytes */
	rlwimi	r25, r24, 0, 0, 21
	add	r26, r26, r27
	PROBE

	/* core/shadow.c, large_set() */
	lwz	r28, SW_SID(r3)
	srwi	r26, r24, 20
	srwi	r29, r24, 26
	xor	r26, r26, r28
	xor	r26, r26, r29
	rlwinm	r26, r26, 7, 19, 24		/* 64 sets */
	addis	r27, r27, SH_LARGE@h
	add	r26, r26, r27
	PROBE

	mfspr	r28, SPRN_SRR1
	andi.	r28, r28, MSR_PR
	beq	fetch_failed
	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	stw	r4, GPR(4)(r3)
	li	r4, \ivor
	b	k44x_exit
	.endm

	.globl	k44x_fast_data_miss, k44x_fast_inst_miss
k44x_fast_data_miss:
	MISS	DEAR, IVOR_DATA_TLB
k44x_fast_inst_miss:
	MISS	SPRN_SRR0, IVOR_INST_TLB

	/* hwtlb.c, k44x_hw_install(); an invalid entry while it is incomplete */
found:	lwz	r27, SW_SLOTS(r3)
	lwz	r28, SLOTS_NEXT(r27)
	lwz	r29, SLOTS_LAST(r27)
	addi	r30, r28, 1
	cmpw	r28, r29
	bne	2f
	lwz	r30, SLOTS_LAPS(r27)
	addi	r30, r30, 1
	stw	r30, SLOTS_LAPS(r27)
	li	r30, 0
2:	stw	r30, SLOTS_NEXT(r27)
	stb	r28, SH_HW(r26)
	clrlwi	r25, r25, 24
	li	r30, 0
	mtspr	MMUCR, r25
	lwz	r27, SH_WORD+4(r26)
	lwz	r29, SH_WORD+8(r26)
	lwz	r26, SH_WORD(r26)
	tlbwe	r30, r28, 0
	tlbwe	r27, r28, 1
	tlbwe	r29, r28, 2
	tlbwe	r26, r28, 0
	lwz	r27, SW_FAST_REFILLS(r3)
	addi	r27, r27, 1
	stw	r27, SW_FAST_REFILLS(r3)
	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	mfspr	r3, SPRN_SPRG0
	rfi

/*
 * sc: core/interrupt.c, v44_interrupt(). The new state is supervisor's, IS = DS = 0.
 *
 * in: r3 = arch; SPRG0 = guest r3; everything else is the guest's
 *
 * r24 address after the sc
 * r25 guest MSR
 * r26 where the guest goes on
 * r27 shadow PID there
 * r28-r30 scratch
 * r31 guest CR
 */
	.globl	k44x_fast_syscall
k44x_fast_syscall:
	stmw	r24, SW_REFILL(r3)
	mfcr	r31
	lwz	r25, CPU_MSR(r3)
	andi.	r26, r25, MSR_PR
	beq	4f
no_hypercall:
	lwz	r27, CPU_PID(r3)
	addi	r27, r27, SH_SID
	lbzx	r27, r27, r3
	cmpwi	r27, 0
	beq	3f
	mfspr	r24, SPRN_SRR0
	lwz	r26, CPU_IVPR(r3)
	lwz	r28, CPU_IVOR_SYSCALL(r3)
	lis	r29, KEPT_MSR@h
	ori	r29, r29, KEPT_MSR@l
	stw	r24, CPU_SRR(r3)
	stw	r25, CPU_SRR+4(r3)
	and	r25, r25, r29
	or	r26, r26, r28
	lis	r28, HW_MSR@h
	ori	r28, r28, HW_MSR@l
	lwz	r29, SW_TABLES_OF(r3)
	stw	r25, CPU_MSR(r3)
	stw	r27, SW_SID(r3)
	stw	r28, SW_HW_MSR(r3)
	stw	r29, SW_TABLES(r3)
	mtspr	PID, r27
	mtspr	SPRN_SRR0, r26
	mtspr	SPRN_SRR1, r28
	lwz	r27, SW_FAST_SYSCALLS(r3)
	addi	r27, r27, 1
	stw	r27, SW_FAST_SYSCALLS(r3)
	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	mfspr	r3, SPRN_SPRG0
	rfi

3:	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	stw	r4, GPR(4)(r3)
	li	r4, IVOR_SYSCALL
	b	k44x_exit

4:	lis	r28, HYPERCALL@h
	ori	r28, r28, HYPERCALL@l
	cmpw	r28, r0
	bne	no_hypercall
	b	3b

/*
 * A program interrupt. After an SPR has been read or written, the instructions
 * that follow are looked at, too: they often stand in rows, and then cost half.
 *
 * in: r3 = arch; SPRG0 = guest r3; everything else is the guest's
 *
 * r0-r2 the guest's, untouched
 * r4  guest pc, of the instruction or of the one after it
 * r6  guest MSR, where a handler needs it
 * r8  tables (tables.c)
 * r19 where r24 is in sw.ahead
 * r20 ESR
 * r21 guest CTR
 * r22 guest CR
 * r24 instruction
 * r25-r31 those after the first one
 * all others scratch: the guest's registers are in arch
 */
	.globl	k44x_fast_program
k44x_fast_program:
	stmw	r0, GPR(0)(r3)
	mfspr	r7, SPRN_SPRG0
	mfcr	r22
	mfctr	r21
	mfspr	r4, SPRN_SRR0
	mfspr	r20, ESR			/* a miss of the fetch writes both */
	stw	r7, GPR(3)(r3)

	li	r7, GUEST_MSR_DS
	mtmsr	r7
	isync
	lmw	r24, 0(r4)
fetched:
	li	r7, 0
	mtmsr	r7
	isync

	addi	r19, r3, SW_AHEAD
	stmw	r24, SW_AHEAD(r3)
	srwi	r7, r24, 26
	cmpwi	r7, 31
	bne	other
	lwz	r8, SW_TABLES(r3)
	rlwinm	r7, r24, 1, 20, 29		/* the extended opcode */
	lwzx	r7, r7, r8
	mtctr	r7
	bctr

/* \reg = offset in arch of the guest register that the instruction names as RT or RS */
	.macro	GPR_OFFSET reg
	rlwinm	\reg, r24, 13, 25, 29
	addi	\reg, \reg, GPR(0)
	.endm

/*
 * \reg = shadow PID of the context in MSR \msr and PID \pid (which may be \reg), or
 * slow: core/shadow.c, v44_shadow_sid()
 */
	.macro	SHADOW_PID reg, msr, pid
	.ifnc	\reg, \pid
	mr	\reg, \pid
	.endif
	rlwimi	\reg, \msr, 26, 23, 23		/* PR */
	rlwimi	\reg, \msr, 4, 22, 22		/* IS */
	rlwimi	\reg, \msr, 6, 21, 21		/* DS */
	addi	\reg, \reg, SH_SID
	lbzx	\reg, \reg, r3
	cmpwi	\reg, 0
	beq	slow
	.endm

	.globl	k44x_fast_mfmsr
k44x_fast_mfmsr:
	lwz	r6, CPU_MSR(r3)
	GPR_OFFSET r7
	stwx	r6, r7, r3
	addi	r4, r4, 4

/* r4 = where the guest goes on; its r0-r2 may have changed */
leave_all:
	lwz	r0, GPR(0)(r3)
	lwz	r1, GPR(1)(r3)
	lwz	r2, GPR(2)(r3)
	b	leave

	.globl	k44x_fast_wrtee
k44x_fast_wrtee:
	GPR_OFFSET r7
	lwzx	r24, r7, r3
	b	k44x_fast_wrteei

	.globl	k44x_fast_mtmsr
k44x_fast_mtmsr:
	GPR_OFFSET r7
	lwz	r6, CPU_MSR(r3)
	lwzx	r7, r7, r3
	addi	r5, r4, 4
	b	new_msr

/* Not of primary opcode 31, and the first one */
other:	xoris	r7, r24, 0x4c00
	cmpwi	r7, 0x64
	bne	slow
rfi:	lwz	r6, CPU_MSR(r3)
	lwz	r7, CPU_SRR+4(r3)
	andi.	r5, r6, MSR_PR
	lwz	r5, CPU_SRR(r3)
	bne	slow
	rlwinm	r5, r5, 0, 0, 29

/* r5 = guest pc after it, r6 = MSR, r7 = value for MSR; nothing has changed yet */
new_msr:
	lis	r9, MSR_BITS@h
	ori	r9, r9, MSR_BITS@l
	lwz	r8, SW_WANTED(r3)
	and	r7, r7, r9
	and.	r8, r8, r7			/* lets an interrupt in, or waits for one */
	bne	slow
	xor	r8, r7, r6
	andi.	r8, r8, CONTEXT_MSR
	beq	same
	lwz	r9, CPU_PID(r3)
	SHADOW_PID r9, r7, r9
	lwz	r8, SW_FP_MASK(r3)		/* run.c, prepare_entry() */
	lis	r10, HW_MSR@h
	ori	r10, r10, HW_MSR@l
	and	r8, r8, r7
	or	r8, r8, r10
	rlwinm	r10, r7, 20, 29, 29		/* PR, as an index */
	stw	r8, SW_HW_MSR(r3)
	add	r10, r10, r3
	stw	r9, SW_SID(r3)
	lwz	r10, SW_TABLES_OF(r10)
	mtspr	PID, r9
	stw	r10, SW_TABLES(r3)
same:	stw	r7, CPU_MSR(r3)
	mr	r4, r5
	b	leave

	.globl	k44x_fast_mtspr
k44x_fast_mtspr:
	rlwinm	r7, r24, 25, 18, 27		/* its row, 16 bytes */
	add	r7, r7, r8
	lwz	r9, TABLES_SPR+SPR_WRITE(r7)
	GPR_OFFSET r10
	lwzx	r10, r10, r3
	mtctr	r9
	bctr

/* in: r7 = row - TABLES_SPR, r10 = value */
	.globl	k44x_fast_spr_plain, k44x_fast_spr_masked, k44x_fast_spr_pid
	.globl	k44x_fast_spr_sprg4, k44x_fast_spr_sprg5
	.globl	k44x_fast_spr_sprg6, k44x_fast_spr_sprg7
k44x_fast_spr_plain:
	lhz	r9, TABLES_SPR+SPR_OFFSET(r7)
	stwx	r10, r9, r3
	b	ahead
k44x_fast_spr_masked:
	lhz	r9, TABLES_SPR+SPR_OFFSET(r7)
	lwz	r11, TABLES_SPR+SPR_MASK(r7)
	lwzx	r12, r9, r3
	and	r10, r10, r11
	andc	r12, r12, r11
	or	r10, r10, r12
	stwx	r10, r9, r3
	b	ahead
k44x_fast_spr_pid:
	clrlwi	r10, r10, 24
	lwz	r6, CPU_MSR(r3)
	SHADOW_PID r9, r6, r10
	stw	r10, CPU_PID(r3)
	stw	r9, SW_SID(r3)
	mtspr	PID, r9
	b	ahead
k44x_fast_spr_sprg4:
	stw	r10, CPU_SPRG4(r3)
	mtspr	SPRN_SPRG4W, r10
	b	ahead
k44x_fast_spr_sprg5:
	stw	r10, CPU_SPRG4+4(r3)
	mtspr	SPRN_SPRG5W, r10
	b	ahead
k44x_fast_spr_sprg6:
	stw	r10, CPU_SPRG4+8(r3)
	mtspr	SPRN_SPRG6W, r10
	b	ahead
k44x_fast_spr_sprg7:
	stw	r10, CPU_SPRG4+12(r3)
	mtspr	SPRN_SPRG7W, r10
	b	ahead

	.globl	k44x_fast_mfspr
k44x_fast_mfspr:
	rlwinm	r7, r24, 25, 18, 27
	add	r7, r7, r8
	lhz	r9, TABLES_SPR+SPR_READ(r7)
	cmpwi	r9, 0
	beq	slow
	lwzx	r9, r9, r3
	GPR_OFFSET r7
	stwx	r9, r7, r3
	cmpwi	r7, GPR(2)
	bgt	ahead
	addi	r4, r4, 4
	b	leave_all

/* The next of r25-r31; after them is a word that is no instruction */
ahead:	lwzu	r24, 4(r19)
	addi	r4, r4, 4
	srwi	r7, r24, 26
	cmpwi	r7, 31
	bne	1f
	rlwinm	r7, r24, 1, 20, 29
	lwzx	r7, r7, r8
	mtctr	r7
	bctr
1:	cmpwi	r7, 19
	bne	leave
	xoris	r7, r24, 0x4c00
	cmpwi	r7, 0x64
	beq	rfi
	cmpwi	r7, 0x12c			/* isync: the rfi in the end is one */
	beq	ahead
	b	leave

/* The instruction at r4 has done nothing yet. It is the guest's next trap, or this one. */
	.globl	k44x_fast_slow
k44x_fast_slow:
slow:	addi	r7, r3, SW_AHEAD
	cmpw	r7, r19
	bne	leave
	mr	r28, r20
	mr	r30, r21
	mr	r31, r22
	li	r29, IVOR_PROGRAM
	b	k44x_exit_saved

/*
 * in: r24 = EA that missed. Of the next page: without looking ahead. Of the
 * instruction's: the guest runs again from there, and has the miss.
 */
fetch_failed:
	mr	r7, r24
	lmw	r24, SW_REFILL(r3)
	xor	r7, r7, r4
	srwi.	r7, r7, 12
	beq	leave
	li	r25, 0
	li	r7, GUEST_MSR_DS
	mtmsr	r7
	isync
	lwz	r24, 0(r4)
	b	fetched

	.globl	k44x_fast_wrteei
k44x_fast_wrteei:
	rlwinm	r7, r24, 0, 16, 16		/* E, as EE */
	lwz	r8, SW_WANTED(r3)
	lwz	r6, CPU_MSR(r3)
	and.	r8, r8, r7
	bne	slow
	rlwimi	r6, r24, 0, 16, 16
	stw	r6, CPU_MSR(r3)
	addi	r4, r4, 4

/* r4 = where the guest goes on */
leave:	lwz	r7, SW_HW_MSR(r3)
	lwz	r8, SW_FAST_PRIVILEGED(r3)
	mtspr	SPRN_SRR0, r4
	mtspr	SPRN_SRR1, r7
	addi	r8, r8, 1
	stw	r8, SW_FAST_PRIVILEGED(r3)
	mtctr	r21
	mtcr	r22
	lmw	r4, GPR(4)(r3)
	lwz	r3, GPR(3)(r3)
	rfi

	.globl	k44x_code_end
k44x_code_end:

	.section .note.GNU-stack, "", @progbits
