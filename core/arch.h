/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the PPC440 manual fixes: register bits, numbers and layouts.
 *
 * Source: PPC440x5 CPU Core User's Manual (SA14-2613-02); chapter and register
 * names are its own. Bits are given as masks in a big-endian word.
 */
#ifndef V44_ARCH_H
#define V44_ARCH_H

/* PVR, the upper half, by the chips' manuals; a 440GR has the 440EP's, a 460GT the 460EX's */
#define V44_PVR_440EP 0x4222
#define V44_PVR_460EX 0x1302

/* MSR, manual 2.8 */
#define V44_MSR_WE  0x00040000u
#define V44_MSR_CE  0x00020000u
#define V44_MSR_EE  0x00008000u
#define V44_MSR_PR  0x00004000u
#define V44_MSR_FP  0x00002000u
#define V44_MSR_ME  0x00001000u
#define V44_MSR_FE0 0x00000800u
#define V44_MSR_DWE 0x00000400u
#define V44_MSR_DE  0x00000200u
#define V44_MSR_FE1 0x00000100u
#define V44_MSR_IS  0x00000020u
#define V44_MSR_DS  0x00000010u
#define V44_MSR_ALL                                                                    \
	(V44_MSR_WE | V44_MSR_CE | V44_MSR_EE | V44_MSR_PR | V44_MSR_FP | V44_MSR_ME | \
	 V44_MSR_FE0 | V44_MSR_DWE | V44_MSR_DE | V44_MSR_FE1 | V44_MSR_IS | V44_MSR_DS)

/* ESR, manual 6.4.2 */
#define V44_ESR_MCI  0x80000000u
#define V44_ESR_PIL  0x08000000u
#define V44_ESR_PPR  0x04000000u
#define V44_ESR_PTR  0x02000000u
#define V44_ESR_FP   0x01000000u
#define V44_ESR_ST   0x00800000u
#define V44_ESR_DLK  0x00300000u
#define V44_ESR_AP   0x00080000u
#define V44_ESR_PUO  0x00040000u
#define V44_ESR_BO   0x00020000u
#define V44_ESR_PIE  0x00010000u
#define V44_ESR_PCRE 0x00000010u
#define V44_ESR_PCMP 0x00000008u
#define V44_ESR_PCRF 0x00000007u

/* MCSR, manual 6.4.3 */
#define V44_MCSR_MCS 0x80000000u

/* Timers, manual 7.5 and 7.6 */
#define V44_TCR_WP   0xc0000000u
#define V44_TCR_WRC  0x30000000u
#define V44_TCR_WIE  0x08000000u
#define V44_TCR_DIE  0x04000000u
#define V44_TCR_FP   0x03000000u
#define V44_TCR_FIE  0x00800000u
#define V44_TCR_ARE  0x00400000u
/* With one of these, FIT or watchdog does more than to set bits of TSR */
#define V44_TCR_ACTS (V44_TCR_FIE | V44_TCR_WIE | V44_TCR_WRC)
#define V44_TSR_ENW  0x80000000u
#define V44_TSR_WIS  0x40000000u
#define V44_TSR_WRS  0x30000000u
#define V44_TSR_DIS  0x08000000u
#define V44_TSR_FIS  0x04000000u

/* DBCR0 and DBSR, manual 8.6.1 and 8.6.4: an event has the same bit in both */
#define V44_DBCR0_IDM	  0x40000000u
#define V44_DBCR0_RST	  0x30000000u
#define V44_DBSR_IDE	  0x80000000u
#define V44_DBSR_UDE	  0x40000000u
#define V44_DBSR_ICMP	  0x08000000u
#define V44_DBSR_BRT	  0x04000000u
#define V44_DBSR_IRPT	  0x02000000u
#define V44_DBSR_TRAP	  0x01000000u
#define V44_DBSR_IAC1	  0x00800000u /* IAC2 to IAC4 follow */
#define V44_DBSR_IAC	  0x00f00000u
#define V44_DBSR_DAC1R	  0x00080000u
#define V44_DBSR_DAC1W	  0x00040000u
#define V44_DBSR_DAC2R	  0x00020000u
#define V44_DBSR_DAC2W	  0x00010000u
#define V44_DBSR_DAC	  0x000f0000u
#define V44_DBSR_RET	  0x00008000u
#define V44_DBSR_IAC12ATS 0x00000002u
#define V44_DBSR_IAC34ATS 0x00000001u
/* What DBCR0 can enable, and what makes a debug interrupt */
#define V44_DBCR0_EVENTS  0x0fff8000u
#define V44_DBSR_EVENTS	  (V44_DBCR0_EVENTS | V44_DBSR_UDE)

/* DBCR1, manual 8.6.2: IAC1 and IAC2 in the upper half, IAC3 and IAC4 in the lower one */
#define V44_DBCR1_IAC12AT 0x00010000u
#define V44_DBCR1_IAC34AT 0x00000001u

/* MMUCR, manual 5.6.1 */
#define V44_MMUCR_STS  0x00010000u
#define V44_MMUCR_STID 0x000000ffu
#define V44_MMUCR_ALL  0x017d0000u /* with the 440x6's U3L2SWOAE; STID is added */

/* TLB entry, manual 5.3 and 5.10: word 0 (PAGEID), 1 (XLAT), 2 (ATTRIB) */
#define V44_TLB_ENTRIES 64
#define V44_TLB0_EPN	0xfffffc00u
#define V44_TLB0_V	0x00000200u
#define V44_TLB0_TS	0x00000100u
#define V44_TLB0_SIZE	0x000000f0u
#define V44_TLB0_ALL	0xfffffff0u
#define V44_TLB1_RPN	0xfffffc00u
#define V44_TLB1_ERPN	0x0000000fu
#define V44_TLB1_ALL	0xfffffc0fu
#define V44_TLB2_E	0x00000080u
#define V44_TLB2_UX	0x00000020u
#define V44_TLB2_UW	0x00000010u
#define V44_TLB2_UR	0x00000008u
#define V44_TLB2_SX	0x00000004u
#define V44_TLB2_SW	0x00000002u
#define V44_TLB2_SR	0x00000001u
#define V44_TLB2_ALL	0x0000ffbfu /* U0-3, WIMGE, rights */

#define V44_SIZE_1K   0
#define V44_SIZE_4K   1
#define V44_SIZE_1M   5
#define V44_SIZE_16M  7
#define V44_SIZE_256M 9
#define V44_SIZES     0x02bfu /* the codes that a 440 has; no 4M (6), no 64M (8) */

/* Interrupts by their IVOR number, manual 6.5 */
enum v44_ivor {
	V44_CRITICAL,
	V44_MACHINE_CHECK,
	V44_DATA_STORAGE,
	V44_INST_STORAGE,
	V44_EXTERNAL,
	V44_ALIGNMENT,
	V44_PROGRAM,
	V44_FP_UNAVAIL,
	V44_SYSCALL,
	V44_AP_UNAVAIL,
	V44_DECREMENTER,
	V44_FIXED_INTERVAL,
	V44_WATCHDOG,
	V44_DATA_TLB,
	V44_INST_TLB,
	V44_DEBUG,
	V44_IVORS,
};

#endif
