/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and words of the PowerPC 440, for C and assembly. Names and values: PPC440x5 CPU
 * Core User's Manual, chapters 2 (SPRs), 5 (TLB words, MMUCR), 6 (interrupts), 7 (timers).
 */
#ifndef GUEST_REGS_H
#define GUEST_REGS_H

#define MSR_WE	0x00040000
#define MSR_CE	0x00020000
#define MSR_EE	0x00008000
#define MSR_PR	0x00004000
#define MSR_FP	0x00002000
#define MSR_ME	0x00001000
#define MSR_FE0 0x00000800
#define MSR_DWE 0x00000400
#define MSR_DE	0x00000200
#define MSR_FE1 0x00000100
#define MSR_IS	0x00000020
#define MSR_DS	0x00000010

#define SPR_DEC	   22
#define SPR_SRR0   26
#define SPR_SRR1   27
#define SPR_PID	   48
#define SPR_DECAR  54
#define SPR_CSRR0  58
#define SPR_CSRR1  59
#define SPR_DEAR   61
#define SPR_ESR	   62
#define SPR_IVPR   63
#define SPR_USPRG0 256
#define SPR_SPRG4R 260 /* read numbers of SPRG4-7: user state too */
#define SPR_TBL	   268
#define SPR_TBU	   269
#define SPR_SPRG0  272
#define SPR_SPRG4  276 /* write numbers of SPRG4-7 */
#define SPR_PIR	   286
#define SPR_PVR	   287
#define SPR_DBSR   304
#define SPR_DBCR0  308
#define SPR_IAC1   312
#define SPR_DAC1   316
#define SPR_DVC1   318
#define SPR_TSR	   336
#define SPR_TCR	   340
#define SPR_IVOR0  400
#define SPR_MCSRR0 570
#define SPR_MCSRR1 571
#define SPR_MCSR   572
#define SPR_CCR1   888
#define SPR_MMUCR  946
#define SPR_CCR0   947
#define SPR_DBDR   1011

#define ESR_PIL 0x08000000
#define ESR_PPR 0x04000000
#define ESR_PTR 0x02000000
#define ESR_FP	0x01000000
#define ESR_ST	0x00800000

#define ESR_MCI 0x80000000

/* FP and WP: an exception each 2^(13 + 4 * FP), 2^(21 + 4 * WP) ticks */
#define TCR_WP(n) ((n) << 30)
#define TCR_WRC	  0x30000000
#define TCR_WIE	  0x08000000
#define TCR_DIE	  0x04000000
#define TCR_FP(n) ((n) << 24)
#define TCR_FIE	  0x00800000
#define TCR_ARE	  0x00400000
#define TSR_ENW	  0x80000000
#define TSR_WIS	  0x40000000
#define TSR_DIS	  0x08000000
#define TSR_FIS	  0x04000000

#define DBCR0_RST_SYSTEM 0x30000000

/* The interrupts, by IVOR number. */
#define VEC_CRITICAL  0
#define VEC_MCHECK    1
#define VEC_DSI	      2
#define VEC_ISI	      3
#define VEC_EXTERNAL  4
#define VEC_ALIGNMENT 5
#define VEC_PROGRAM   6
#define VEC_FPUNAVAIL 7
#define VEC_SC	      8
#define VEC_APUNAVAIL 9
#define VEC_DEC	      10
#define VEC_FIT	      11
#define VEC_WATCHDOG  12
#define VEC_DTLB      13
#define VEC_ITLB      14
#define VEC_DEBUG     15
#define NR_VEC	      16

/* TLB word 0. The sizes are all that a 440 has, except 1K (QEMU has no pages below 4K). */
#define TLB_EPN_MASK 0xfffffc00
#define TLB_V	     0x00000200
#define TLB_TS	     0x00000100
#define TLB_4K	     0x00000010
#define TLB_16K	     0x00000020
#define TLB_64K	     0x00000030
#define TLB_256K     0x00000040
#define TLB_1M	     0x00000050
#define TLB_16M	     0x00000070
#define TLB_256M     0x00000090

/* TLB word 2 */
#define TLB_W  0x00000800
#define TLB_I  0x00000400
#define TLB_M  0x00000200
#define TLB_G  0x00000100
#define TLB_UX 0x00000020
#define TLB_UW 0x00000010
#define TLB_UR 0x00000008
#define TLB_SX 0x00000004
#define TLB_SW 0x00000002
#define TLB_SR 0x00000001

#define MMUCR_STS 0x00010000

/* TLB slots and addresses that the library keeps for itself. */
#define SLOT_PINNED 63 /* 0 -> 0, 256M, supervisor */
#define SLOT_UART   62
#define UART_PAGE   0xef600000
#define UART0_BASE  0xef600300 /* free text */
#define UART1_BASE  0xef600400 /* the transcript */

/*
 * Page 0, reached by absolute addresses from the vectors, so that no SPRG is needed for scratch.
 * Each class of interrupt has its own word for r3: the classes may nest.
 */
#define LOW_R3	0x100
#define LOW_CR3 0x104
#define LOW_MR3 0x108
#define LOW_VEC 0x10c
#define LOW_CPU 0x110 /* struct cpu that takes the state */
#define LOW_SP	0x114 /* stack and ... */
#define LOW_RET 0x118 /* ... address to go on at */

/* struct cpu (guest.h), checked there */
#define CPU_GPR	      0
#define CPU_CR	      128
#define CPU_XER	      132
#define CPU_LR	      136
#define CPU_CTR	      140
#define CPU_PC	      144
#define CPU_MSR	      148
#define CPU_VEC	      152
#define CPU_ENTRY_MSR 156
#define CPU_ESR	      160
#define CPU_DEAR      164

#endif
