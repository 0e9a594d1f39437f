/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world switch. Copied into lowmem when the module loads (hwtlb.c says
 * why): nothing here may miss in the TLB, so all code is position-independent
 * and all data is reached through registers.
 *
 * Registers that are the hypervisor's while a guest runs; user state cannot
 * read any of them:
 *   SPRG0  scratch of the non-critical vectors
 *   SPRG1  struct kvm_vcpu_arch, set on entry
 *   SPRG2  scratch of the critical-class vectors
 *   SPRG3  the host's, which needs it in its vectors; scratch of the machine-check vector
 *   SPRG4-7  the guest's own: user code reads them without a trap. So is USPRG0,
 *          which the host's kernel does not use: it is loaded with the vCPU.
 */
#include <asm/ppc_asm.h>
#include <asm/reg.h>
#include "switch-asm.h"

/* Host frame: non-volatile registers r13-r31, r2, CR; LR in the caller's frame */
#define FRAME		112
#define FRAME_R2	8
#define FRAME_CR	12
#define FRAME_R13	16

	.section ".rodata.k44x", "a"
	.balign	32

	.globl	k44x_code
k44x_code:

/*
 * void k44x_enter_guest(struct kvm_vcpu_arch *arch);
 *
 * Runs the guest until its next exit. All policy is in C.
 *
 * in:     r3 = arch; EE off; AS 0; host IVPR and MMUCR live, any PID
 * guest:  SPRG1 = arch; nothing else of the host is live in registers
 * out:    sw.vector, sw.esr, sw.dear; all guest registers saved; host as before
 *         but for PID, which stays the guest's
 * pinned: arch, stack and this code are lowmem: nothing here can miss
 */
	.globl	k44x_enter_guest
k44x_enter_guest:
	/* the host's registers */
	mflr	r0
	stw	r0, 4(r1)
	stwu	r1, -FRAME(r1)
	mfcr	r0
	stw	r0, FRAME_CR(r1)
	stw	r2, FRAME_R2(r1)
	stmw	r13, FRAME_R13(r1)
	stw	r1, SW_HOST_R1(r3)

	/* no critical, debug or machine-check interrupt between two worlds */
	lwz	r4, SW_SWITCH_MSR(r3)
	mtmsr	r4

	/* the guest's special registers; MCSRR1 = 0 tells whether a machine check used it */
	lwz	r4, SW_IVPR(r3)
	lwz	r5, SW_SID(r3)
	li	r8, 0
	mtspr	SPRN_SPRG1, r3
	mtspr	IVPR, r4
	mtspr	MCSRR1, r8
	mfspr	r4, PID				/* on an emulator, a write is dear */
	cmpw	r4, r5
	beq	1f
	mtspr	PID, r5
1:
	lwz	r4, CPU_SPRG4(r3)		/* the host's TLB miss handlers use them, too */
	lwz	r5, CPU_SPRG4+4(r3)
	lwz	r6, CPU_SPRG4+8(r3)
	lwz	r7, CPU_SPRG4+12(r3)
	mtspr	SPRN_SPRG4W, r4
	mtspr	SPRN_SPRG5W, r5
	mtspr	SPRN_SPRG6W, r6
	mtspr	SPRN_SPRG7W, r7

	/* the guest's registers */
	lwz	r4, CPU_PC(r3)
	lwz	r5, SW_HW_MSR(r3)
	lwz	r6, CPU_LR(r3)
	lwz	r7, CPU_CTR(r3)
	lwz	r8, CPU_XER(r3)
	lwz	r9, CPU_CR(r3)
	mtspr	SPRN_SRR0, r4
	mtspr	SPRN_SRR1, r5
	mtlr	r6
	mtctr	r7
	mtxer	r8
	mtcr	r9
	lmw	r4, GPR(4)(r3)
	lwz	r0, GPR(0)(r3)
	lwz	r1, GPR(1)(r3)
	lwz	r2, GPR(2)(r3)
	lwz	r3, GPR(3)(r3)
	rfi

/*
 * The common end of every vector.
 *
 * in:  r3 = arch; r4 = IVOR number; SPRG0 = guest r3; guest r4 in its place;
 *      everything else is the guest's; EE off, AS 0 by the interrupt
 */
	.globl	k44x_exit
k44x_exit:
	stmw	r5, GPR(5)(r3)
	stw	r0, GPR(0)(r3)
	stw	r1, GPR(1)(r3)
	stw	r2, GPR(2)(r3)
	mfspr	r5, SPRN_SPRG0
	mr	r29, r4
	mfspr	r28, ESR
	mfctr	r30
	mfcr	r31
	mfspr	r4, SPRN_SRR0
	stw	r5, GPR(3)(r3)

/*
 * The same with the guest's registers saved already.
 *
 * in:  r3 = arch; r4 = guest pc; r28 = ESR; r29 = IVOR number; r30 = guest CTR;
 *      r31 = guest CR
 */
	.globl	k44x_exit_saved
k44x_exit_saved:
	mfxer	r7
	mflr	r9
	mfspr	r13, DEAR
	stw	r31, CPU_CR(r3)
	stw	r7, CPU_XER(r3)
	stw	r30, CPU_CTR(r3)
	stw	r9, CPU_LR(r3)
	stw	r4, CPU_PC(r3)
	stw	r28, SW_ESR(r3)
	stw	r13, SW_DEAR(r3)
	stw	r29, SW_VECTOR(r3)

	/* a reservation of the guest's must not serve the host's stwcx. */
	addi	r5, r3, SW_RESERVATION
	stwcx.	r5, 0, r5

	/* again no critical, debug or machine-check interrupt between two worlds */
	li	r4, 0
	mtmsr	r4

	/* the host's special registers, exactly as found */
	lwz	r4, SW_HOST_IVPR(r3)
	lwz	r6, SW_HOST_MMUCR(r3)
	lwz	r9, SW_HOST_MSR(r3)
	mtspr	IVPR, r4
	mtspr	MMUCR, r6
	mtmsr	r9
	isync

	/* the host's registers */
	lwz	r1, SW_HOST_R1(r3)
	lmw	r13, FRAME_R13(r1)
	lwz	r2, FRAME_R2(r1)
	lwz	r0, FRAME_CR(r1)
	mtcr	r0
	addi	r1, r1, FRAME
	lwz	r0, 4(r1)
	mtlr	r0
	blr

/*
 * Vector stubs, copied to the host's IVOR offsets; hwtlb.c fills in the IVOR
 * number and the branch. At most 16 instructions each.
 *
 * state: guest's registers, MSR with only CE, ME, DE as they were; PID the
 *        shadow PID; came from the guest always, since our own code cannot
 *        raise a non-critical exception and keeps EE off
 */
	.globl	k44x_stub, k44x_stub_end
k44x_stub:
	mtspr	SPRN_SPRG0, r3
	mfspr	r3, SPRN_SPRG1
	stw	r4, GPR(4)(r3)
	li	r4, 0				/* IVOR number */
	b	.				/* k44x_exit */
k44x_stub_end:

/*
 * Critical input, watchdog and debug. These can come between a non-critical
 * vector's first instruction and the end of k44x_exit, too: then they are
 * masked in the interrupted state and stay pending until the host can take them.
 */
	.globl	k44x_critical_stub, k44x_critical_stub_end
k44x_critical_stub:
	mtspr	SPRN_SPRG2, r3
	mfspr	r3, SPRN_SPRG1
	stw	r4, SW_CRITICAL_R4(r3)
	mfcr	r4
	stw	r4, SW_CRITICAL_CR(r3)
	li	r4, 0				/* IVOR number */
	b	.				/* k44x_critical */
k44x_critical_stub_end:

/* in: r3 = arch, r4 = IVOR number; guest's or own r3 in SPRG2, r4 and CR in sw */
	.globl	k44x_critical
k44x_critical:
	stw	r4, SW_CRITICAL_VECTOR(r3)
	mfspr	r4, CSRR1
	andi.	r4, r4, MSR_PR
	beq	1f

	/* from the guest: go on as if it had been a non-critical interrupt */
	mfspr	r4, CSRR0
	mtspr	SPRN_SRR0, r4
	mfspr	r4, SPRN_SPRG2
	mtspr	SPRN_SPRG0, r4
	lwz	r4, SW_CRITICAL_R4(r3)
	stw	r4, GPR(4)(r3)
	lwz	r4, SW_CRITICAL_CR(r3)
	mtcr	r4
	lwz	r4, SW_CRITICAL_VECTOR(r3)
	b	k44x_exit

1:	/* from our own code: again later */
	mfspr	r4, CSRR1
	rlwinm	r4, r4, 0, 15, 13		/* CE */
	rlwinm	r4, r4, 0, 23, 21		/* DE */
	mtspr	CSRR1, r4
	lwz	r4, SW_CRITICAL_CR(r3)
	mtcr	r4
	lwz	r4, SW_CRITICAL_R4(r3)
	mfspr	r3, SPRN_SPRG2
	rfci

/* Machine check; of CSRR and MCSRR the CPU has used the one that is not 0 here */
	.globl	k44x_mcheck_stub, k44x_mcheck_stub_end
k44x_mcheck_stub:
	mtspr	SPRN_SPRG3, r3
	mfspr	r3, SPRN_SPRG1
	stw	r4, SW_MCHECK_R4(r3)
	mfcr	r4
	stw	r4, SW_MCHECK_CR(r3)
	li	r4, 1				/* IVOR number */
	b	.				/* k44x_mcheck */
k44x_mcheck_stub_end:

/*
 * in: r3 = arch, r4 = IVOR number; guest's or own r3 in SPRG3, r4 and CR in sw;
 *     the host's SPRG3 in sw
 */
	.globl	k44x_mcheck
k44x_mcheck:
	mfspr	r4, MCSRR1
	cmpwi	r4, 0
	bne	1f
	mfspr	r4, CSRR1
1:	andi.	r4, r4, MSR_PR
	beq	3f

	/* from the guest */
	mfspr	r4, MCSRR1
	cmpwi	r4, 0
	mfspr	r4, MCSRR0
	bne	2f
	mfspr	r4, CSRR0
2:	mtspr	SPRN_SRR0, r4
	mfspr	r4, SPRN_SPRG3
	mtspr	SPRN_SPRG0, r4
	lwz	r4, SW_HOST_SPRG3(r3)
	mtspr	SPRN_SPRG3, r4
	lwz	r4, SW_MCHECK_R4(r3)
	stw	r4, GPR(4)(r3)
	lwz	r4, SW_MCHECK_CR(r3)
	mtcr	r4
	li	r4, 1
	b	k44x_exit

3:	/* from our own code: again later */
	mfspr	r4, SPRN_SPRG3
	stw	r4, SW_MCHECK_R3(r3)
	lwz	r4, SW_HOST_SPRG3(r3)
	mtspr	SPRN_SPRG3, r4
	mfspr	r4, MCSRR1
	cmpwi	r4, 0
	beq	4f
	rlwinm	r4, r4, 0, 20, 18		/* ME */
	mtspr	MCSRR1, r4
	lwz	r4, SW_MCHECK_CR(r3)
	mtcr	r4
	lwz	r4, SW_MCHECK_R4(r3)
	lwz	r3, SW_MCHECK_R3(r3)
	PPC_RFMCI
4:	mfspr	r4, CSRR1
	rlwinm	r4, r4, 0, 20, 18		/* ME */
	mtspr	CSRR1, r4
	lwz	r4, SW_MCHECK_CR(r3)
	mtcr	r4
	lwz	r4, SW_MCHECK_R4(r3)
	lwz	r3, SW_MCHECK_R3(r3)
	rfci

/*
 * void k44x_tlb_write(u32 slot, u32 word0, u32 word1, u32 word2, u32 tid);
 *
 * Writes hardware TLB entry @slot, invalid while it is incomplete. Here and not
 * in C, because the host's own miss handler could choose the same slot for the
 * C code's page in the middle of it.
 *
 * in: r3-r7 = arguments; EE off
 */
	.globl	k44x_tlb_write
k44x_tlb_write:
	mfspr	r8, MMUCR
	mr	r9, r8
	rlwimi	r9, r7, 0, 24, 31		/* STID */
	mtspr	MMUCR, r9
	li	r0, 0
	tlbwe	r0, r3, 0
	tlbwe	r5, r3, 1
	tlbwe	r6, r3, 2
	tlbwe	r4, r3, 0
	mtspr	MMUCR, r8
	isync
	blr

/*
 * void k44x_tlb_drop(u32 slot, u32 word0, u32 tid);
 *
 * Invalidates hardware TLB entry @slot if it still is (@word0, @tid).
 *
 * in: r3-r5 = arguments; EE off
 */
	.globl	k44x_tlb_drop
k44x_tlb_drop:
	mfspr	r8, MMUCR
	tlbre	r6, r3, 0			/* puts the TID into MMUCR */
	mfspr	r7, MMUCR
	mtspr	MMUCR, r8
	rlwinm	r6, r6, 0, 0, 27
	xor	r6, r6, r4
	xor	r7, r7, r5
	clrlwi	r7, r7, 24
	or	r6, r6, r7
	cmpwi	r6, 0
	bnelr
	tlbwe	r6, r3, 0
	isync
	blr

/*
 * u32 k44x_tlb_guard(u32 slot, u32 count, u32 last, u32 limit);
 *
 * Invalidates, of @count hardware TLB entries from @slot on, 0 coming after @last,
 * the valid ones of the guest's with an EA below @limit. Here for the reason that
 * k44x_tlb_write is.
 *
 * in:  r3-r6 = arguments; count not 0; EE off
 * out: r3 = how many
 */
	.globl	k44x_tlb_guard
k44x_tlb_guard:
	mfspr	r8, MMUCR
	mtctr	r4
	li	r7, 0
1:	tlbre	r9, r3, 0			/* puts the TID into MMUCR */
	andi.	r10, r9, TLB_V_TS
	cmpwi	r10, TLB_V_TS
	bne	2f
	cmplw	r9, r6
	bge	2f
	li	r10, 0
	tlbwe	r10, r3, 0
	addi	r7, r7, 1
2:	cmpw	r3, r5
	addi	r3, r3, 1
	bne	3f
	li	r3, 0
3:	bdnz	1b
	mtspr	MMUCR, r8
	isync
	mr	r3, r7
	blr

	.section .note.GNU-stack, "", @progbits
