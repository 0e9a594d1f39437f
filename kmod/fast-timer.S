/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tier 0's writes of the decrementer and of TSR: part of fast.S. Linux writes
 * them six times for each interrupt of its timer. With FIT, watchdog, or an
 * expiry that is still to be looked at, it is C that knows what they mean.
 *
 * r5, r6  time base
 * r10     value
 * all others scratch; nothing has changed yet when they go to slow
 */

/* To slow unless the decrementer's interrupt is enabled, and nothing else is wanted */
	.macro	DECREMENTER_ONLY scratch
	lwz	\scratch, CPU_TCR(r3)
	andis.	\scratch, \scratch, (TCR_ACTS | TCR_DIE)@h
	xoris	\scratch, \scratch, TCR_DIE@h
	cmpwi	\scratch, 0
	bne	slow
	.endm

/* core/timer.c, v44_dec_write(), and then k44x_timer_sync() */
	.globl	k44x_fast_spr_dec
k44x_fast_spr_dec:
	DECREMENTER_ONLY r9
	lwz	r9, CPU_TSR(r3)
	lwz	r11, CPU_DEC_RUNNING(r3)
	cmpwi	r9, 0
	bne	slow
	cmpwi	r10, 0
	beq	slow
1:	mfspr	r5, SPRN_TBRU
	mfspr	r6, SPRN_TBRL
	mfspr	r7, SPRN_TBRU
	cmpw	r5, r7
	bne	1b
	cmpwi	r11, 0
	beq	2f
	lwz	r11, CPU_DEC_ZERO(r3)
	lwz	r12, CPU_DEC_ZERO+4(r3)
	subfc	r12, r12, r6			/* now, less than what was set? */
	subfe.	r11, r11, r5
	bge	slow
2:	lwz	r11, SW_HOST_NEXT(r3)
	lwz	r12, SW_HOST_NEXT+4(r3)
	li	r9, 1
	addc	r6, r6, r10
	addze	r5, r5
	stw	r9, CPU_DEC_RUNNING(r3)
	stb	r9, ARCH_TIMER_RUNNING(r3)
	stw	r5, CPU_DEC_ZERO(r3)
	stw	r6, CPU_DEC_ZERO+4(r3)
	stw	r5, ARCH_TIMER_NEXT(r3)
	stw	r6, ARCH_TIMER_NEXT+4(r3)
	cmplw	r5, r11
	bgt	ahead
	blt	3f
	cmplw	r6, r12
	bge	ahead
3:	mtspr	SPRN_DEC, r10
	b	ahead

/* v44_timer_write() that clears the decrementer's status, after which nothing is pending */
	.globl	k44x_fast_spr_tsr
k44x_fast_spr_tsr:
	DECREMENTER_ONLY r9
	lwz	r9, CPU_TSR(r3)
	lis	r11, TSR_DIS@h
	lwz	r12, CPU_DEC_RUNNING(r3)
	xor	r10, r10, r11
	xor	r9, r9, r11
	lwz	r11, CPU_LINES(r3)
	or	r9, r9, r10
	lwz	r10, CPU_MCSR(r3)
	or	r9, r9, r12
	or	r11, r11, r10
	or.	r9, r9, r11
	lis	r11, GUEST_MSR_WE@h
	bne	slow
	stw	r9, CPU_TSR(r3)
	stw	r11, SW_WANTED(r3)
	b	ahead
