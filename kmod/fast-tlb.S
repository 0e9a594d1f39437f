/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Macros of fast.S: what tier 0 does with the shadow tables and the guest's TLB, in pieces.
 * Each is the twin of a function of core/ or kmod/, which defines what is right.
 *
 * In all of them r3 = arch, CR0 is scratch, and so are registers that a comment
 * calls so or that an argument named "tmp" or a letter is.
 */

/* \set = the set of EA \ea in the context of shadow PID \sid: core/shadow.c, small_set() */
	.macro	SMALL_SET set, ea, sid, tmp
	srwi	\set, \ea, 12
	srwi	\tmp, \ea, 22
	xor	\set, \set, \tmp
	slwi	\tmp, \sid, 2
	xor	\set, \set, \tmp
	rlwinm	\set, \set, 7, 15, 24		/* 1024 sets of 128 bytes */
	lwz	\tmp, ARCH_SHADOW(r3)
	add	\set, \set, \tmp
	.endm

/* Go to \found if one of the set at \set has the tag \tag; \set moves to it, or to the last */
	.macro	PROBE set, tag, tmp, found
	lwz	\tmp, SH_TAG(\set)
	cmpw	\tmp, \tag
	beq	\found
	.rept	3
	lwzu	\tmp, SH_SIZE(\set)
	cmpw	\tmp, \tag
	beq	\found
	.endr
	.endm

/* \bit, a field of CR, is LT where the guest's TLB has an entry that has not 4 KB near \ea */
	.macro	MIXED bit, ea, tmp, tmp2
	lwz	\tmp, INDEX_MIXED(r3)
	srwi	\tmp2, \ea, 28
	slw	\tmp, \tmp, \tmp2
	cmpwi	\bit, \tmp, 0
	.endm

/*
 * \entry, a shadow that is in the tables and not in the hardware TLB, goes there:
 * hwtlb.c, k44x_hw_install(). An invalid entry while it is incomplete.
 */
	.macro	INSTALL entry, sid, a, b, c
	lwz	\a, SW_SLOTS(r3)
	lwz	\b, SLOTS_NEXT(\a)
	lwz	\c, SLOTS_LAST(\a)
	stb	\b, SH_HW(\entry)
	cmpw	\b, \c
	addi	\c, \b, 1
	bne	7f
	lwz	\c, SLOTS_LAPS(\a)
	addi	\c, \c, 1
	stw	\c, SLOTS_LAPS(\a)
	li	\c, 0
7:	stw	\c, SLOTS_NEXT(\a)
	mtspr	MMUCR, \sid
	li	\c, 0
	lwz	\a, SH_WORD+4(\entry)
	tlbwe	\c, \b, 0
	lwz	\c, SH_WORD+8(\entry)
	tlbwe	\a, \b, 1
	lwz	\a, SH_WORD(\entry)
	tlbwe	\c, \b, 2
	tlbwe	\a, \b, 0
	.endm

/* \bucket = the bucket of EA \ea, 8 bytes each: core/tlb.c, bucket() */
	.macro	BUCKET bucket, ea, tmp
	srwi	\tmp, \ea, 18
	srwi	\bucket, \ea, 12
	xor	\bucket, \bucket, \tmp
	rlwinm	\bucket, \bucket, 3, 23, 28
	.endm

/*
 * Where all entries of the guest's TLB have 4 KB: go to \none if none matches EA
 * \ea in address space 0 and process \pid; else r15 = the first that does,
 * r16 + CPU_TLB = its address: core/tlb.c, v44_tlb_search(). r10-r14, r17, r18
 * are scratch.
 */
	.macro	FIND ea, pid, none
	BUCKET	r11, \ea, r10
	add	r11, r11, r3
	lwz	r10, INDEX_BUCKET(r11)
	lwz	r11, INDEX_BUCKET+4(r11)
	rlwinm	r13, \ea, 0, 0, 19
	ori	r13, r13, TLB_VALID_4K
	li	r12, 0
1:	cmpwi	r10, 0
	beq	3f
	cntlzw	r14, r10
	add	r15, r14, r12
	slwi	r16, r15, 4
	add	r16, r16, r3
	lwz	r17, CPU_TLB(r16)
	lwz	r18, CPU_TLB_TID(r16)
	xor	r17, r17, r13
	rlwinm.	r17, r17, 0, 22, 19		/* all but EPN bits inside the page */
	bne	2f
	cmpwi	r18, 0
	beq	4f
	cmpw	r18, \pid
	beq	4f
2:	lis	r17, 0x8000
	srw	r17, r17, r14
	andc	r10, r10, r17
	b	1b
3:	mr.	r10, r11			/* slots 32 to 63 */
	beq	\none
	li	r11, 0
	li	r12, 32
	b	1b
4:
	.endm

/* r14 = the user's rights of a shadow, from r17, word 2: core/shadow.c, rights(). r11 is scratch */
	.macro	RIGHTS msr
	andi.	r11, \msr, MSR_PR
	rlwinm	r14, r17, 0, 26, 28		/* UX, UW, UR */
	bne	5f
	rlwinm	r14, r17, 3, 26, 28		/* SX, SW, SR */
5:
	.endm

/*
 * r10 = the host page's entry in its slot's map, or to \absent; r14 loses UW if the
 * host says so. kmod/memory.c, k44x_page().
 *
 * in: r16 = word 1 of the guest's entry, r14 by RIGHTS
 *
 * r13 guest page; r11, r12 scratch
 */
	.macro	PAGE absent
	lwz	r10, SW_RAM_GFN(r3)
	lwz	r11, SW_RAM_COUNT(r3)
	lwz	r12, SW_RAM_MAP(r3)
	rlwinm	r13, r16, 20, 8, 31		/* ERPN, RPN */
	subf	r10, r10, r13
	cmplw	r10, r11
	bge	\absent
	rlwinm	r11, r10, 24, 8, 29		/* its chunk of K44X_MAP_CHUNK pages */
	lwzx	r12, r12, r11
	rlwinm	r10, r10, 2, 20, 29
	lwzx	r10, r12, r10
	cmpwi	r10, 0				/* MAP_VALID is the sign */
	bge	\absent
	andis.	r11, r10, MAP_WRITABLE@h
	bne	6f
	rlwinm	r14, r14, 0, 28, 26		/* not UW */
6:
	.endm

/*
 * Make the shadow of a page in a free way of the set that begins at r18, or go to
 * \full: core/shadow.c, v44_shadow_fault(). r18 = the entry.
 *
 * in: r10, r13, r14 by PAGE; r15 = guest TLB slot, r17 = word 2; \tag = EPN |
 *     shadow PID. r5, r9, r11, r12 are scratch.
 */
	.macro	MAKE tag, full
	.rept	4
	lwz	r11, SH_TAG(r18)
	cmpwi	r11, 0
	beq	7f
	addi	r18, r18, SH_SIZE
	.endr
	b	\full
7:	rlwinm	r9, \tag, 0, 0, 19
	ori	r9, r9, TLB_VALID_4K | TLB_TS
	rlwinm	r10, r10, 12, 28, 19		/* RPN, ERPN */
	rlwimi	r14, r17, 0, 24, 24		/* E */
	rlwimi	r14, r14, 27, 31, 31		/* SR, if it has UX */
	li	r11, ~0xf00
	stw	\tag, SH_TAG(r18)
	stw	r11, SH_MASK(r18)
	stw	r9, SH_WORD(r18)
	stw	r10, SH_WORD+4(r18)
	stw	r14, SH_WORD+8(r18)
	stw	r13, SH_GFN(r18)

	/* into the list of the guest's slot */
	lwz	r12, ARCH_SHADOW(r3)
	slwi	r9, r15, 1
	subf	r11, r12, r18
	add	r9, r9, r3
	srwi	r11, r11, 5
	lhz	r10, SH_HEAD(r9)
	sth	r11, SH_HEAD(r9)
	slwi	r14, r10, 16			/* next; prev is V44_SH_NONE */
	ori	r14, r14, SH_NONE
	slwi	r15, r15, 24			/* slot; hw will come */
	stw	r14, SH_NEXT(r18)
	stw	r15, SH_SLOT(r18)
	cmplwi	r10, SH_NONE
	beq	8f
	slwi	r10, r10, 5
	add	r10, r10, r12
	sth	r11, SH_PREV(r10)
8:	lwz	r10, SW_FAST_MADE(r3)
	addi	r10, r10, 1
	stw	r10, SW_FAST_MADE(r3)
	.endm
