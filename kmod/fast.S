/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tier 0: exits that are over before the host notices. What is in the shadow
 * tables is put back into the hardware TLB; a shadow of one page is made from
 * the guest's TLB; frequent privileged instructions are emulated; system calls
 * and TLB misses of the guest's own are reflected to it. Everything that is not
 * plain goes to k44x_exit with the guest's state as it was, and C does it: each
 * path here has its twin in core/, which defines what is right. The module
 * parameter "fast" leaves this file out.
 *
 *     miss    -> in the tables? -+-yes-> found: into the TLB -> guest
 *                                +-no--> missed: in the guest's TLB? -+-yes-> MAKE -> found
 *                                                                     +-no--> reflect
 *     storage -> does the guest allow it? -+-no--> reflect
 *                                          +-yes-> k44x_exit
 *     syscall -> not a hypercall -> interrupt
 *     reflect -> interrupt -> guest, at its vector
 *     program -> fetch -> handler -+-> done -> guest
 *                  ^               +-> ahead -> the next handler
 *                  +-- fetch       +-> slow -> k44x_exit_saved
 *                      failed
 *
 * and from each of them, if it is not plain, to k44x_exit.
 *
 * All of it runs as switch.S does: in lowmem, AS 0, EE off, our IVPR and the
 * shadow PID live, no stack. Interrupts stay off for eight instructions of the
 * guest's at most; then the guest runs, with EE on.
 *
 * A fetch is a load with MSR[DS] set. Its page was just executed from, so it is
 * in the TLB; but it reads eight words, of two pages maybe. If it misses, the
 * miss is handled like any of the guest's, or else the guest runs again from the
 * instruction, whose page misses then for the guest; a page that may not be
 * executed cannot be read so, either. So the two keep what they
 * save apart: program in the guest's registers in arch, miss in sw.refill (and
 * missed, which a fetch never comes to, in sw.missed).
 */
#include <asm/ppc_asm.h>
#include <asm/reg.h>
#include "switch-asm.h"
#include "fast-tlb.S"

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
 * cr1 LT: not all entries of the guest around have 4 KB
 */
	.macro	MISS ea
	stmw	r24, SW_REFILL(r3)
	mfspr	r24, \ea
	mfcr	r31
	lwz	r25, SW_SID(r3)
	SMALL_SET r26, r24, r25, r27
	rlwimi	r25, r24, 0, 0, 19
	PROBE	r26, r25, r28, found
	MIXED	cr1, r24, r28, r30
	bge	cr1, 2f

	/* core/shadow.c, large_set() */
	lwz	r28, SW_SID(r3)
	srwi	r26, r24, 20
	srwi	r30, r24, 26
	rlwimi	r25, r24, 0, 0, 21
	xor	r26, r26, r28
	xor	r26, r26, r30
	rlwinm	r26, r26, 7, 19, 24		/* 64 sets */
	addis	r27, r27, SH_LARGE@h
	add	r26, r26, r27
	.rept	4
	lwz	r28, SH_TAG(r26)
	lwz	r30, SH_MASK(r26)
	xor	r28, r28, r25
	and.	r28, r28, r30
	beq	found
	addi	r26, r26, SH_SIZE
	.endr
2:
	.endm

/* r29 = the right that a data access needs, as the user's; r28 is scratch */
	.macro	DATA_RIGHT
	rlwinm	r29, r29, 13, 27, 27		/* ESR[ST], as UW */
	xori	r28, r29, TLB_UW		/* else UR */
	srwi	r28, r28, 1
	or	r29, r29, r28
	.endm

	.globl	k44x_fast_data_miss, k44x_fast_inst_miss
k44x_fast_inst_miss:
	MISS	SPRN_SRR0
	li	r29, TLB_UX
	li	r30, IVOR_INST_TLB
	b	missed
k44x_fast_data_miss:
	MISS	DEAR
	mfspr	r28, SPRN_SRR1
	mfspr	r29, ESR
	andi.	r28, r28, MSR_PR
	beq	fetch_failed
	DATA_RIGHT
	li	r30, IVOR_DATA_TLB
	b	missed

found:	clrlwi	r25, r25, 24
	INSTALL	r26, r25, r27, r28, r29
	lwz	r27, SW_FAST_REFILLS(r3)
	addi	r27, r27, 1
	stw	r27, SW_FAST_REFILLS(r3)
	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	mfspr	r3, SPRN_SPRG0
	rfi

/*
 * Not in the tables: the guest's own miss, or a page of 4 KB that can be entered
 * at once.
 *
 * in: r3 = arch; SPRG0 = guest r3; r24, r25, r26, r31 and cr1 as above, the guest's
 *     r24-r31 in sw.refill; everything else is the guest's
 *
 * r8  guest MSR
 * r9  guest PID
 * r29 the right that the access needs, as the user's
 * r30 IVOR number
 */
missed:	blt	cr1, to_c
	stmw	r8, SW_MISSED(r3)
	lwz	r8, CPU_MSR(r3)
	lwz	r9, CPU_PID(r3)
	andi.	r10, r8, GUEST_MSR_IS | GUEST_MSR_DS
	bne	not_plain
	FIND	r24, r9, reflect
	lwz	r17, CPU_TLB+8(r16)
	lwz	r16, CPU_TLB+4(r16)
	RIGHTS	r8
	and.	r11, r14, r29
	addi	r30, r30, IVOR_DATA_STORAGE - IVOR_DATA_TLB
	beq	reflect
	PAGE	not_plain
	and.	r11, r14, r29
	beq	not_plain
	addi	r18, r26, -3 * SH_SIZE
	MAKE	r25, not_plain
	stw	r18, SW_MISSED_R26(r3)
	lmw	r8, SW_MISSED(r3)
	b	found

/* C does it */
not_plain:
	lmw	r8, SW_MISSED(r3)

/* in: r30 = IVOR number, r31 = guest CR, the guest's r24-r31 in sw.refill */
to_c:	stw	r4, GPR(4)(r3)
	mr	r4, r30
	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	b	k44x_exit

/*
 * A storage interrupt, data or instruction. The guest's own if its entry lacks the
 * right, else a device's, or a page that is not writable yet.
 *
 * in: r3 = arch; SPRG0 = guest r3; everything else is the guest's
 *
 * r24 EA; the others as above
 */
	.globl	k44x_fast_data_storage, k44x_fast_inst_storage
k44x_fast_inst_storage:
	stmw	r24, SW_REFILL(r3)
	mfspr	r24, SPRN_SRR0
	mfcr	r31
	mfspr	r29, ESR
	li	r30, IVOR_INST_STORAGE
	andis.	r29, r29, ESR_NOT_RIGHTS@h
	li	r29, TLB_UX
	bne	to_c
	b	refused
k44x_fast_data_storage:
	stmw	r24, SW_REFILL(r3)
	mfspr	r27, SPRN_SRR1
	lwz	r28, CPU_MSR(r3)
	mfcr	r31
	andi.	r27, r27, MSR_PR
	li	r30, IVOR_DATA_STORAGE
	beq	fetch_denied
	andi.	r28, r28, MSR_PR		/* most of the supervisor's are for devices */
	beq	to_c
	mfspr	r24, DEAR
	mfspr	r29, ESR
	andis.	r28, r29, ESR_NOT_RIGHTS@h
	bne	to_c
	DATA_RIGHT
refused:
	MIXED	cr0, r24, r27, r28
	blt	to_c
	stmw	r8, SW_MISSED(r3)
	lwz	r8, CPU_MSR(r3)
	lwz	r9, CPU_PID(r3)
	andi.	r10, r8, GUEST_MSR_IS | GUEST_MSR_DS
	bne	not_plain
	FIND	r24, r9, not_plain
	lwz	r17, CPU_TLB+8(r16)
	RIGHTS	r8
	and.	r11, r14, r29
	bne	not_plain

/*
 * The guest's own TLB error or storage interrupt: core/interrupt.c, v44_storage()
 *
 * in: r24 EA, r30 = IVOR number; the guest's r8-r23 and our r24-r31 in sw.missed
 */
reflect:
	cmpwi	r30, IVOR_INST_TLB
	beq	2f
	cmpwi	r30, IVOR_INST_STORAGE
	li	r8, 0
	beq	1f
	mfspr	r8, ESR
	lis	r9, STORAGE_ESR@h
	cmpwi	r30, IVOR_DATA_TLB
	stw	r24, CPU_DEAR(r3)
	and	r8, r8, r9
	bne	1f
	lwz	r9, CPU_ESR(r3)
	rlwimi	r8, r9, 0, 0, 0			/* MCI stays */
1:	stw	r8, CPU_ESR(r3)
2:	stw	r30, SW_MISSED_R30(r3)
	lmw	r8, SW_MISSED(r3)
	slwi	r28, r30, 2
	lwz	r27, CPU_IVPR(r3)
	add	r28, r28, r3
	xor	r27, r27, r24
	lwz	r28, CPU_IVOR(r28)
	/* in its vectors: the guest may never execute anything, and C counts that */
	srwi.	r27, r27, 16
	beq	to_c
	mfspr	r24, SPRN_SRR0
	b	interrupt

/* in: r3 = arch; SPRG0 = guest r3; everything else is the guest's */
	.globl	k44x_fast_syscall
k44x_fast_syscall:
	stmw	r24, SW_REFILL(r3)
	mfcr	r31
	li	r30, IVOR_SYSCALL
	lwz	r25, CPU_MSR(r3)
	andi.	r25, r25, MSR_PR
	bne	1f
	lis	r28, HYPERCALL@h
	ori	r28, r28, HYPERCALL@l
	cmpw	r28, r0
	beq	to_c
1:	mfspr	r24, SPRN_SRR0
	lwz	r28, CPU_IVOR+4*IVOR_SYSCALL(r3)

/*
 * To the guest's vector: core/interrupt.c, v44_interrupt(). The new state is
 * supervisor's, IS = DS = 0.
 *
 * in: r3 = arch; SPRG0 = guest r3; the guest's r24-r31 in sw.refill; everything
 *     else is the guest's
 *
 * r24 where the guest was
 * r25 guest MSR
 * r26 where the guest goes on
 * r27 shadow PID there
 * r28 the IVOR, later scratch
 * r29 scratch
 * r30 its number
 * r31 guest CR
 */
interrupt:
	lwz	r27, CPU_PID(r3)
	addi	r27, r27, SH_SID
	lbzx	r27, r27, r3
	cmpwi	r27, 0
	beq	to_c
	lwz	r25, CPU_MSR(r3)
	lwz	r26, CPU_IVPR(r3)
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
	lwz	r27, SW_FAST_INTERRUPTS(r3)
	addi	r27, r27, 1
	stw	r27, SW_FAST_INTERRUPTS(r3)
	mtcr	r31
	lmw	r24, SW_REFILL(r3)
	mfspr	r3, SPRN_SPRG0
	rfi

/*
 * A program interrupt. After an SPR or MSR has been read, or an SPR written, the instructions
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
	lwz	r9, CPU_MSR(r3)
	b	result

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

#include "fast-timer.S"

	.globl	k44x_fast_mfspr
k44x_fast_mfspr:
	rlwinm	r7, r24, 25, 18, 27
	add	r7, r7, r8
	lhz	r9, TABLES_SPR+SPR_READ(r7)
	cmpwi	r9, 0
	beq	slow
	lwzx	r9, r9, r3
/* r9 = the result */
result:	GPR_OFFSET r7
	stwx	r9, r7, r3
	cmpwi	r7, GPR(2)
	bgt	ahead
	addi	r4, r4, 4
	b	leave_all

/* Of UIC0, at 0xc0: core/uic.c, v44_uic_read(). The number's halves are swapped. */
	.globl	k44x_fast_mfdcr
k44x_fast_mfdcr:
	lwz	r9, SW_UIC0(r3)
	rlwinm	r10, r24, 21, 27, 31
	rlwinm	r7, r24, 18, 25, 29		/* the lower half, times 4 */
	cmpwi	r9, 0
	beq	slow
	cmpwi	r10, 6
	bne	slow
	cmplwi	r7, 4 * UIC_REGS
	bge	slow
	lwzx	r9, r9, r7
	b	result

/* The guest's CR is at hand, so these need not end a row */
	.globl	k44x_fast_mfcr, k44x_fast_mtcrf
k44x_fast_mfcr:
	GPR_OFFSET r7
	stwx	r22, r7, r3
	cmpwi	r7, GPR(2)
	bgt	ahead
	addi	r4, r4, 4
	b	leave_all
k44x_fast_mtcrf:
	rlwinm	r7, r24, 20, 24, 31
	cmpwi	r7, 0xff			/* mtcr */
	bne	slow
	GPR_OFFSET r7
	lwzx	r22, r7, r3
	b	ahead

/*
 * core/tlb.c, v44_tlb_write(), of 4 KB entries where all others around have 4 KB, too.
 *
 * r5  old word 0
 * r6  word times 4
 * r9  value
 * r10 + CPU_TLB = address of the entry
 * r15 slot
 */
	.globl	k44x_fast_tlbwe
k44x_fast_tlbwe:
	rlwinm	r15, r24, 18, 25, 29		/* RA */
	rlwinm	r6, r24, 23, 25, 29		/* WS */
	addi	r15, r15, GPR(0)
	GPR_OFFSET r9
	lwzx	r15, r15, r3
	lwzx	r9, r9, r3
	clrlwi	r15, r15, 26
	slwi	r10, r15, 4
	add	r10, r10, r3
	lwz	r5, CPU_TLB(r10)

	/* its shadows go: core/shadow.c, v44_shadow_drop_slot(), eight at most */
	slwi	r11, r15, 1
	add	r11, r11, r3
	lhz	r12, SH_HEAD(r11)
	cmplwi	r12, SH_NONE
	beq	3f
	andi.	r13, r5, TLB_SIZE
	cmpwi	r13, TLB_4K
	bne	slow
	li	r13, 8
	mtctr	r13
	lwz	r13, ARCH_SHADOW(r3)
1:	slwi	r14, r12, 5
	add	r14, r14, r13
	lbz	r7, SH_HW(r14)
	lhz	r12, SH_NEXT(r14)
	cmplwi	r7, HW_NONE
	beq	2f
	tlbre	r16, r7, 0			/* puts the TID into MMUCR */
	mfspr	r17, MMUCR
	lwz	r18, SH_WORD(r14)
	lwz	r23, SH_TAG(r14)
	rlwinm	r16, r16, 0, 0, 27
	xor	r17, r17, r23
	xor	r16, r16, r18
	clrlwi	r17, r17, 24
	or.	r16, r16, r17
	bne	2f				/* the host, or another shadow, has it */
	tlbwe	r16, r7, 0
2:	li	r16, 0
	stw	r16, SH_TAG(r14)
	cmplwi	r12, SH_NONE
	bdnzf	eq, 1b
	sth	r12, SH_HEAD(r11)
	beq	3f
	slwi	r14, r12, 5
	add	r14, r14, r13
	li	r16, -1
	sth	r16, SH_PREV(r14)
	b	slow

3:	cmpwi	r6, 4
	beq	word1
	bgt	word2

	/* word 0: what was (cr6 EQ: 4 KB) and what comes (cr7) must have 4 KB, or be invalid */
	rlwinm	r9, r9, 0, 0, 27
	andi.	r11, r5, TLB_V | TLB_SIZE
	cmpwi	cr6, r11, TLB_VALID_4K
	andi.	r12, r9, TLB_V | TLB_SIZE
	cmpwi	cr7, r12, TLB_VALID_4K
	beq	cr6, 4f
	andi.	r11, r11, TLB_V
	bne	slow
4:	beq	cr7, 5f
	andi.	r12, r12, TLB_V
	bne	slow
	b	6f
5:	MIXED	cr0, r9, r11, r12
	blt	slow

	/* its bit in the index: core/tlb.c, index_remove(), index_add() */
6:	clrlwi	r11, r15, 27
	lis	r12, 0x8000
	srw	r12, r12, r11
	rlwinm	r13, r15, 29, 29, 29		/* the second word for 32 to 63 */
	add	r13, r13, r3
	bne	cr6, 7f
	BUCKET	r14, r5, r11
	add	r14, r14, r13
	lwz	r7, INDEX_BUCKET(r14)
	andc	r7, r7, r12
	stw	r7, INDEX_BUCKET(r14)
7:	bne	cr7, 8f
	BUCKET	r14, r9, r11
	add	r14, r14, r13
	lwz	r7, INDEX_BUCKET(r14)
	or	r7, r7, r12
	stw	r7, INDEX_BUCKET(r14)
8:	lwz	r11, CPU_MMUCR(r3)
	stw	r9, CPU_TLB(r10)
	clrlwi	r11, r11, 24
	stw	r11, CPU_TLB_TID(r10)
	b	ahead
word1:	rlwinm	r9, r9, 0, 28, 21
	stw	r9, CPU_TLB+4(r10)
	b	ahead
word2:	cmpwi	r6, 8
	bne	slow
	rlwinm	r17, r9, 0, 26, 24
	clrlwi	r17, r17, 16
	stw	r17, CPU_TLB+8(r10)

/*
 * Its last word, mostly: the guest has had a miss, and will try again. So the
 * shadow is made and entered for the context that SRR1 and PID tell, which saves
 * the second miss; one too many does no harm.
 *
 * r6  guest SRR1
 * r7  EPN | shadow PID
 * r9  shadow PID
 */
	lwz	r11, CPU_TLB_TID(r10)
	lwz	r9, CPU_PID(r3)
	lwz	r6, CPU_SRR+4(r3)
	cmpwi	r11, 0
	beq	8f
	cmpw	r11, r9
	bne	ahead
8:	andi.	r11, r5, TLB_VALID_4K | TLB_SIZE | TLB_TS
	cmpwi	r11, TLB_VALID_4K
	bne	ahead
	andi.	r11, r6, GUEST_MSR_IS | GUEST_MSR_DS
	bne	ahead
	MIXED	cr0, r5, r11, r12
	blt	ahead
	rlwimi	r9, r6, 26, 23, 23		/* PR */
	addi	r9, r9, SH_SID
	lbzx	r9, r9, r3
	cmpwi	r9, 0
	beq	ahead
	lwz	r16, CPU_TLB+4(r10)
	RIGHTS	r6
	PAGE	ahead
	SMALL_SET r18, r5, r9, r11
	rlwinm	r7, r5, 0, 0, 19
	or	r7, r7, r9
	mr	r6, r9
	PROBE	r18, r7, r11, ahead
	addi	r18, r18, -3 * SH_SIZE
	MAKE	r7, ahead
	INSTALL	r18, r6, r9, r10, r11
	b	ahead

/* core/tlb.c, v44_emu_tlbsx(). r6 = EA */
	.globl	k44x_fast_tlbsx
k44x_fast_tlbsx:
	rlwinm.	r7, r24, 18, 25, 29		/* RA */
	rlwinm	r6, r24, 23, 25, 29		/* RB */
	addi	r6, r6, GPR(0)
	lwzx	r6, r6, r3
	beq	1f
	addi	r7, r7, GPR(0)
	lwzx	r7, r7, r3
	add	r6, r6, r7
1:	lwz	r7, CPU_MMUCR(r3)
	andis.	r9, r7, MMUCR_STS@h
	bne	slow
	MIXED	cr0, r6, r9, r10
	blt	slow
	clrlwi	r7, r7, 24
	FIND	r6, r7, no_match
	b	1f
no_match:
	li	r15, -1
1:	andi.	r7, r24, 1			/* CR0 = 0, 0, found, XER[SO] */
	beq	2f
	mfxer	r9
	not	r10, r15
	rlwinm	r9, r9, 29, 3, 3
	rlwimi	r9, r10, 30, 2, 2		/* the sign */
	rlwimi	r22, r9, 0, 0, 3
2:	GPR_OFFSET r7
	stwx	r15, r7, r3
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

/* There is nothing to execute */
fetch_denied:
	mfspr	r24, DEAR

/*
 * in: r24 = EA that missed or was denied. Of the next page: without looking ahead. Of the
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
