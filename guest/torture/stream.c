// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two streams of pieces, one after the other in the code's pages, and what the vectors do before
 * the library's.
 *
 * A piece is entered at its start only. So what belongs together stays together: an interrupt in
 * its middle either goes on where it was, in the same state, or at another piece. No piece lies
 * in two pages, so none is interrupted by a miss of its own fetch, and no branch but those inside
 * a piece goes back: a stream ends by itself.
 */
#include "torture.h"
#include "code.h"

#define MAX_PIECES 400
#define MAX_FIXUPS 400
#define LONGEST	   40 /* words of a piece */

struct fixup {
	u32 *at;
	u32 piece; /* where it leads */
};

extern u8 vectors[]; /* the library's */

bool async;
u32 constant_msr;

static u32 *here;
static u32 piece_start[2][MAX_PIECES], piece_count[2], stream_end[2];
static struct fixup fixups[MAX_FIXUPS];
static u32 fixup_count, piece_now;

u32 random_msr(void)
{
	u32 msr = dice() & (MSR_CE | MSR_FE0 | MSR_DWE | MSR_DE | MSR_FE1);

	msr |= chance(async ? 85 : 50) ? MSR_EE : 0;
	msr |= chance(60) ? MSR_PR : 0;
	msr |= chance(75) ? MSR_FP : 0;
	msr |= chance(30) ? MSR_IS : 0;
	if (chance(75))
		msr |= (msr & MSR_IS) ? MSR_DS : 0;
	else
		msr |= dice() & MSR_DS;
	return msr | constant_msr;
}

void emit(u32 word)
{
	*here++ = word;
}

void emit_load(u32 reg, u32 value)
{
	emit(ADDIS | RT(reg) | value >> 16);
	emit(ORI | RT(reg) | RA(reg) | (value & 0xffff));
}

static void fix_later(void)
{
	fixups[fixup_count].at = here;
	fixups[fixup_count++].piece = piece_now + 1 + below(4);
}

void emit_branch(u32 word)
{
	fix_later();
	emit(word);
}

/* addi is the word that is mended, by the distance from mflr */
void emit_address(u32 reg)
{
	emit(BL_NEXT);
	emit(MFSPR(reg, SPR_LR));
	fix_later();
	emit(ADDI | RT(reg) | RA(reg));
}

void pick(u32 *regs, u32 count)
{
	u32 n, i;

	for (n = 0; n < count; n++) {
		do {
			regs[n] = 1 + below(31);
			for (i = 0; i < n && regs[i] != regs[n]; i++)
				;
		} while (i < n);
	}
}

static void mend(const struct fixup *f, u32 target)
{
	u32 distance = CODE + target - (u32)f->at;

	switch (*f->at >> 26) {
	case 14:
		*f->at |= IMM(distance + 4);
		break;
	case 16:
		*f->at |= IMM(distance);
		break;
	default:
		*f->at |= distance & 0x03fffffc;
	}
}

static const struct {
	const struct piece *piece;
	const u32 *count;
} tables[] = {
	{ user_pieces, &user_piece_count },
	{ access_pieces, &access_piece_count },
	{ supervisor_pieces, &supervisor_piece_count },
};

static const struct piece *random_piece(u32 stream)
{
	const struct piece *p;
	u32 n, t, total = 0;

	for (t = 0; t < ARRAY_SIZE(tables); t++)
		for (n = 0; n < *tables[t].count; n++)
			total += tables[t].piece[n].weight[stream];
	total = below(total);
	for (t = 0;; t++)
		for (n = 0; n < *tables[t].count; n++) {
			p = &tables[t].piece[n];
			if (total < p->weight[stream])
				return p;
			total -= p->weight[stream];
		}
}

static u32 offset(void)
{
	return (u32)here - CODE;
}

static void stream_make(u32 stream, u32 limit)
{
	u32 n;

	fixup_count = 0;
	piece_count[stream] = 0;
	for (piece_now = 0; piece_now < MAX_PIECES - 1; piece_now++) {
		const u32 *page_end = (u32 *)(((u32)here | (PAGE_SIZE - 1)) + 1);

		if (offset() + 4 * LONGEST > limit)
			break;
		piece_start[stream][piece_now] = offset();
		if (page_end - here < LONGEST)
			while (here < page_end)
				emit(ADDI | (dice() & 0x03ffffff));
		else
			random_piece(stream)->make();
	}
	piece_count[stream] = piece_now;
	stream_end[stream] = offset();
	emit(TRAP);
	emit(B(-4)); /* a vector may return behind it */
	for (n = 0; n < fixup_count; n++)
		mend(&fixups[n], fixups[n].piece < piece_now ? piece_start[stream][fixups[n].piece]
							     : stream_end[stream]);
}

u32 stream_piece(u32 stream)
{
	return piece_start[stream][below(piece_count[stream])];
}

u32 stream_next(u32 at)
{
	u32 stream = at > stream_end[USER_STREAM], n;

	for (n = 0; n < piece_count[stream]; n++)
		if (piece_start[stream][n] > at)
			return piece_start[stream][n];
	return stream_end[stream];
}

bool stream_ends(u32 at)
{
	return at == stream_end[USER_STREAM] || at == stream_end[SUPERVISOR_STREAM];
}

/* --- vectors --- */

/* Those in which what comes at any time, or what QEMU does wrong, would show */
static bool plain_vector(u32 vec)
{
	return vec == VEC_DEC || vec == VEC_ITLB || vec == VEC_ALIGNMENT;
}

static void emit_save_gprs(u32 at)
{
	emit(STW | RT(0u) | at);
	emit(STW | RT(1u) | (at + 4));
	emit(STW | RT(2u) | (at + 8));
	emit(STMW | RT(3u) | (at + 12));
}

static void emit_restore(u32 vec)
{
	u32 at = LOW_FOUND(vec);

	emit(LWZ | RT(3u) | (at + 128));
	emit(MTCR | RT(3u));
	emit(LWZ | RT(3u) | (at + 132));
	emit(MTSPR(SPR_XER, 3u));
	emit(LWZ | RT(0u) | at);
	emit(LWZ | RT(1u) | (at + 4));
	emit(LWZ | RT(2u) | (at + 8));
	emit(LMW | RT(3u) | (at + 12));
}

/* On to the library's when there is no fuel left */
static void emit_begin(u32 vec)
{
	u32 at = LOW_FOUND(vec);

	emit_save_gprs(at);
	emit(MFCR | RT(3u));
	emit(STW | RT(3u) | (at + 128));
	emit(MFSPR(3u, SPR_XER));
	emit(STW | RT(3u) | (at + 132));
	emit(LWZ | RT(3u) | LOW_FUEL);
	emit(ADDI | RT(3u) | RA(3u) | IMM(-1));
	emit(STW | RT(3u) | LOW_FUEL);
	emit(CMPWI | RA(3u));
	emit(BGE(4 * 10));
	emit_restore(vec);
	emit(BA((u32)vectors + 16 * vec));
}

/*
 * Reads one of what the interrupt has written. SRR0 and SRR1 have traces of the decrementer's
 * interrupts if it is none of those that write them.
 */
static void emit_state(u32 vec)
{
	bool critical = vec == VEC_CRITICAL;
	const struct {
		u32 spr;
		enum field field;
	} state[] = { { critical ? SPR_CSRR1 : SPR_SRR1, FIELD_SRR1 },
		      { SPR_ESR, FIELD_ESR },
		      { SPR_DEAR, FIELD_DEAR } };
	u32 n = below(ARRAY_SIZE(state) + 2), r[2], bits;

	pick(r, 2);
	if (n < ARRAY_SIZE(state)) {
		bits = mask(vec, state[n].field, true);
		emit(MFSPR(r[0], state[n].spr));
	} else if (n == ARRAY_SIZE(state)) {
		bits = mask(vec, FIELD_ENTRY_MSR, true);
		emit(MFMSR | RT(r[0]));
	} else {
		bits = ~0u;
		emit(MFSPR(r[0], critical ? SPR_CSRR0 : SPR_SRR0));
	}
	emit_load(r[1], bits);
	emit(X31(28) | RT(r[0]) | RA(r[0]) | RB(r[1])); /* and */
}

/* SRR1, without what QEMU has put there, and with some more */
static void emit_srr1(u32 vec, u32 more)
{
	u32 r[2];

	pick(r, 2);
	emit_load(r[1], mask(vec, FIELD_SRR1, true));
	emit(MFSPR(r[0], SPR_SRR1));
	emit(X31(28) | RT(r[0]) | RA(r[0]) | RB(r[1])); /* and */
	emit(ORI | RT(r[0]) | RA(r[0]) | more);
	emit(MTSPR(SPR_SRR1, r[0]));
}

/* For the way back to where it came from, or to the next instruction */
static void emit_srr(u32 vec)
{
	u32 r;

	pick(&r, 1);
	if (vec == VEC_PROGRAM || vec == VEC_ALIGNMENT || (vec == VEC_DSI && chance(50))) {
		emit(MFSPR(r, SPR_SRR0));
		emit(ADDI | RT(r) | RA(r) | 4);
		emit(MTSPR(SPR_SRR0, r));
	}
	if (vec == VEC_DSI || vec == VEC_DTLB) {
		emit(ADDI | RT(r));
		emit(MTSPR(SPR_ESR, r));
	}
	emit_srr1(vec, vec == VEC_FPUNAVAIL ? MSR_FP : 0);
}

/* Those return by themselves that QEMU leaves no wrong state behind */
static bool may_return(u32 vec)
{
	return vec == VEC_DSI || vec == VEC_PROGRAM || vec == VEC_FPUNAVAIL || vec == VEC_SC ||
	       vec == VEC_DTLB;
}

/* One that cannot be interrupted, if the vector is to return by what SRR0 and SRR1 are then */
static void vector_piece(bool returns)
{
	const struct piece *p;

	do {
		p = random_piece(SUPERVISOR_STREAM);
	} while (p->where == STREAM_ONLY || (returns && p->where != VECTOR_ALWAYS));
	p->make();
}

/*
 * What was interrupted finds its registers again, since it may be tried again: an address that
 * is in one of them must stay. What the pieces made of them is kept for the digest.
 */
static void vector_make(u32 vec)
{
	bool returns = may_return(vec) && chance(50);
	u32 n = below(3);

	here = (u32 *)(VECTORS + VECTOR_SIZE * vec);
	if (!plain_vector(vec) && chance(50)) {
		emit_begin(vec);
		while (n--) {
			if (chance(60))
				emit_state(vec);
			vector_piece(returns);
		}
		emit_save_gprs(LOW_RESULTS(vec));
		if (returns)
			emit_srr(vec);
		emit_restore(vec);
		if (returns)
			emit(RFI);
	}
	emit(BA((u32)vectors + 16 * vec));
}

void streams_make(void)
{
	u32 n;

	memset((void *)CODE, 0, CODE_SIZE);
	memset((void *)VECTORS, 0, NR_VEC * VECTOR_SIZE);
	here = (u32 *)CODE;
	stream_make(USER_STREAM, CODE_DATA / 2);
	stream_make(SUPERVISOR_STREAM, CODE_DATA);
	for (n = 0; n < NR_VEC; n++)
		vector_make(n);
	code_sync((void *)CODE, CODE_SIZE);
	code_sync((void *)VECTORS, NR_VEC * VECTOR_SIZE);
}
