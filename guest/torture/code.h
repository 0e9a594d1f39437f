/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions, by their fields */
#ifndef TORTURE_CODE_H
#define TORTURE_CODE_H

#define RT(n)  ((n) << 21)
#define RA(n)  ((n) << 16)
#define RB(n)  ((n) << 11)
#define RC     1u
#define OE     0x400u
#define CRF(n) ((n) << 23)

#define X31(xo) (31u << 26 | (xo) << 1)
#define X19(xo) (19u << 26 | (xo) << 1)
#define D(op)	((u32)(op) << 26)
#define IMM(n)	((n)&0xffff)
#define SPR(n)	(((n)&31) << 16 | ((n) >> 5 & 31) << 11)

/* Its halves are swapped; a table wants a constant, so @n is evaluated twice */
#define SPR(n) (((n)&31) << 16 | ((n) >> 5 & 31) << 11)

#define ADDI	     D(14)
#define ADDIS	     D(15)
#define CMPWI	     D(11)
#define LWZ	     D(32)
#define STW	     D(36)
#define LMW	     D(46)
#define STMW	     D(47)
#define ORI	     D(24)
#define BL_NEXT	     0x48000005u /* bl .+4 */
#define BNE(bytes)   (0x40820000u | ((bytes)&0xfffc))
#define BEQ(bytes)   (0x41820000u | ((bytes)&0xfffc))
#define BDNZ(bytes)  (0x42000000u | ((bytes)&0xfffc))
#define B(bytes)     (0x48000000u | ((bytes)&0x03fffffc))
#define BGE(bytes)   (0x40800000u | ((bytes)&0xfffc))
#define BA(address)  (0x48000002u | (address))
#define SC	     INSN_SC
#define TRAP	     0x7fe00008u
#define MFSPR(rt, n) (X31(339) | RT(rt) | SPR(n))
#define MTSPR(n, rs) (X31(467) | RT(rs) | SPR(n))
#define MFMSR	     X31(83)
#define MTMSR	     X31(146)
#define WRTEE	     X31(131)
#define WRTEEI(e)    (X31(163) | (e) << 15)
#define MFCR	     X31(19)
#define MTCR	     (X31(144) | 0xff000u)
#define TLBRE	     X31(946)
#define TLBWE	     X31(978)
#define TLBSX_DOT    (X31(914) | RC)
#define RFI	     X19(50)
#define RFCI	     X19(51)
#define RFMCI	     X19(38)
#define ISYNC	     X19(150)
#define MSYNC	     X31(598)
#define DCBI	     X31(470)
#define DCBZ	     X31(1014)
#define SPR_XER	     1
#define SPR_LR	     8
#define SPR_CTR	     9

#endif
