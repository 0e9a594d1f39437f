/* SPDX-License-Identifier: GPL-2.0-only */
#include "regs.h"

/*
 * _start
 *
 * Entered by QEMU's -kernel or by a monitor, on some identity mapping of AS 0.
 * Makes the TLB the same everywhere (slot 63: 256 MB at 0, slot 62: the UARTs, nothing else)
 * without ever having two entries for one address: the code moves to an alias at 0xc0000000
 * while the entry it came with is replaced.
 *
 * in: r3 = device tree; MSR = 0, PID = 0
 */
	.section .text
	.globl	_start
_start:
	mr	31, 3
	li	0, 0
	mtspr	SPR_TCR, 0
	mtspr	SPR_MMUCR, 0
	mtspr	SPR_PID, 0
	isync
	bl	1f
1:	mflr	4
	tlbsx.	5, 0, 4			/* r5 = the entry we run on */

	li	6, 63
2:	cmpw	6, 5
	beq	3f
	tlbwe	0, 6, 0
3:	addic.	6, 6, -1
	bge	2b

	li	7, SLOT_UART		/* r7 = slot of the alias, any but r5 */
	cmpw	7, 5
	bne	4f
	li	7, SLOT_UART - 1
4:	li	8, TLB_SX | TLB_SW | TLB_SR
	lis	9, 0xc000
	ori	10, 9, TLB_V | TLB_256M
	tlbwe	0, 7, 1
	tlbwe	8, 7, 2
	tlbwe	10, 7, 0
	isync

	lis	11, 5f@h
	ori	11, 11, 5f@l
	or	12, 11, 9
	mtspr	SPR_SRR0, 12
	mtspr	SPR_SRR1, 0
	rfi
5:	tlbwe	0, 5, 0
	isync
	li	6, SLOT_PINNED
	li	10, TLB_V | TLB_256M
	tlbwe	0, 6, 1
	tlbwe	8, 6, 2
	tlbwe	10, 6, 0
	isync
	addi	11, 11, 6f - 5b
	mtspr	SPR_SRR0, 11
	mtspr	SPR_SRR1, 0
	rfi
6:	tlbwe	0, 7, 0
	isync
	li	6, SLOT_UART
	lis	9, UART_PAGE@h
	ori	10, 9, TLB_V | TLB_4K
	li	8, TLB_I | TLB_G | TLB_SW | TLB_SR
	tlbwe	9, 6, 1
	tlbwe	8, 6, 2
	tlbwe	10, 6, 0
	isync

	lis	4, __bss_start@h
	ori	4, 4, __bss_start@l
	lis	5, __bss_end@h
	ori	5, 5, __bss_end@l
7:	cmplw	4, 5
	bge	8f
	stw	0, 0(4)
	addi	4, 4, 4
	b	7b
8:	lis	1, __stack_top@h
	ori	1, 1, __stack_top@l
	stwu	0, -16(1)
	mr	3, 31
	bl	guest_start
	b	.
