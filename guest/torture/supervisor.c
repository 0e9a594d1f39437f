// SPDX-License-Identifier: GPL-2.0-only
/* Pieces of privileged instructions; in user state each is a program interrupt. */
#include "torture.h"
#include "code.h"

/* Not from MSR: which of them the stream runs with is not known where a piece is made */
#define KEPT	(MSR_IS | MSR_ME)
#define MSR_ALL 0x0002ff30 /* but WE */
/* To QEMU, DVC1 is another CPU's LPCR: with this bit it aborts when DEC is written. */
#define LPCR_LD 0x00020000u

struct spr {
	u16 number;
	u32 mask; /* what a 440 implements of it; 0: only read */
};

/*
 * Not here: ESR, bits of which QEMU leaves out (masks.c); what the time, resets or debug events
 * show in (DEC, TBL, TBU, TSR, DBSR, DBCR0), what decides where interrupts go, what changes the
 * caches of a 440, MCSR (a 440 clears what QEMU sets).
 */
static const struct spr sprs[] = {
	{ 272, ~0u },
	{ 273, ~0u },
	{ 274, ~0u },
	{ 275, ~0u },
	{ 256, ~0u },
	{ SPR_CSRR0, ~3u },
	{ SPR_CSRR1, MSR_ALL },
	{ SPR_MCSRR0, ~3u },
	{ SPR_MCSRR1, MSR_ALL },
	{ SPR_DEAR, ~0u },
	{ SPR_CCR0, 0 },
	{ SPR_MMUCR, 0x016100ffu },
	{ SPR_IAC1, ~3u },
	{ SPR_IAC1 + 1, ~3u },
	{ SPR_IAC1 + 2, ~3u },
	{ SPR_IAC1 + 3, ~3u },
	{ SPR_DAC1, ~0u },
	{ SPR_DAC1 + 1, ~0u },
	{ SPR_DVC1, ~LPCR_LD },
	{ SPR_DVC1 + 1, ~0u },
	{ SPR_PVR, 0 },
	{ SPR_PIR, 0 },
	{ SPR_IVPR, 0 },
	{ SPR_IVOR0 + VEC_DSI, 0 },
	{ SPR_IVOR0 + VEC_SC, 0 },
	{ SPR_IVOR0 + VEC_DEBUG, 0 },
	{ SPR_PID, 0 },
};

#define SPRG_COUNT 5 /* at the beginning: all bits, no effect */

static void make_sprg_row(void)
{
	u32 n = 2 + below(7);

	while (n--) {
		u32 spr = sprs[below(SPRG_COUNT)].number, r = below(32);

		if (chance(30))
			spr = 276 + below(4);
		if (spr < 276 && chance(50))
			emit(MFSPR(r, spr));
		else
			emit(MTSPR(spr, r));
		if (chance(20))
			emit(MFCR | RT(below(32)));
		if (chance(10))
			emit(MTCR | RT(below(32)));
	}
}

static void make_spr_reads(void)
{
	u32 n = 1 + below(6);

	while (n--) {
		const struct spr *s = &ONE_OF(sprs);

		emit(MFSPR(below(32), s->number));
	}
}

static void make_spr_writes(void)
{
	u32 n = 1 + below(4), r;

	while (n--) {
		const struct spr *s = &ONE_OF(sprs);

		if (!s->mask)
			continue;
		pick(&r, 1);
		emit_load(r, dice() & s->mask);
		emit(MTSPR(s->number, r));
		if (chance(30))
			emit(MFSPR(below(32), s->number));
	}
}

/* An interrupt that leaves no trace leaves one here */
static void make_srr(void)
{
	u32 r[2];

	pick(r, 2);
	emit_load(r[0], dice() & ~3u);
	emit_load(r[1], dice() & MSR_ALL);
	emit(WRTEEI(0u));
	emit(MTSPR(SPR_SRR0, r[0]));
	emit(MTSPR(SPR_SRR1, r[1]));
	emit(MTSPR(SPR_ESR, r[1]));
	emit(MFSPR(r[1], SPR_SRR0));
	emit(MFSPR(r[0], SPR_SRR1));
	emit(MFSPR(r[0], SPR_ESR));
	if (!async)
		emit(WRTEEI(below(2)));
}

/* Before anything counts down */
static void make_timer(void)
{
	static const struct spr timer[] = { { SPR_DECAR, ~0u }, { SPR_TCR, 0xc7400000 } };
	const struct spr *s = &ONE_OF(timer);
	u32 r;

	pick(&r, 1);
	emit_load(r, dice() & s->mask);
	if (async)
		return;
	emit(MTSPR(s->number, r));
	emit(MFSPR(r, SPR_TCR));
}

static void make_msr(void)
{
	u32 r[2];

	switch (below(5)) {
	case 0:
		emit(MFMSR | RT(below(32)));
		break;
	case 1:
		emit(WRTEEI(below(2)));
		break;
	case 2:
		emit(WRTEE | RT(below(32)));
		break;
	default:
		pick(r, 2);
		emit_load(r[1], KEPT);
		emit(MFMSR | RT(r[0]));
		emit(X31(28) | RT(r[0]) | RA(r[0]) | RB(r[1])); /* and */
		emit_load(r[1], random_msr() & ~(MSR_PR | KEPT));
		emit(X31(444) | RT(r[0]) | RA(r[0]) | RB(r[1])); /* or */
		emit(MTMSR | RT(r[0]));
		emit(ISYNC);
		if (chance(30))
			emit(MFMSR | RT(r[0]));
	}
}

/* To a piece that is to come, in any state */
static void make_return(void)
{
	static const struct {
		u32 srr0, srr1, word;
	} returns[] = {
		{ SPR_SRR0, SPR_SRR1, RFI },
		{ SPR_CSRR0, SPR_CSRR1, RFCI },
		{ SPR_MCSRR0, SPR_MCSRR1, RFMCI },
	};
	u32 n = chance(60) ? 0 : 1 + below(2), r[2];

	pick(r, 2);
	emit_address(r[0]);
	emit_load(r[1], random_msr());
	emit(WRTEEI(0u));
	emit(MTSPR(returns[n].srr0, r[0]));
	emit(MTSPR(returns[n].srr1, r[1]));
	if (chance(30))
		emit(MFSPR(1 + below(31), 272));
	emit(returns[n].word);
}

static void make_pid(void)
{
	u32 r;

	pick(&r, 1);
	emit(ADDI | RT(r) | IMM(ONE_OF(space_pid)));
	emit(MTSPR(SPR_PID, r));
	emit(ISYNC);
}

/* QEMU's cached translations outlive a change of anything but EPN, but not this */
static void emit_flush(u32 r)
{
	emit(MFSPR(r, SPR_PID));
	emit(MTSPR(SPR_PID, r));
	emit(ISYNC);
}

/* r[0] = slot, r[1..3] = words, r[4] = 0 */
static void emit_entry(const u32 *r, u32 how)
{
	static const u8 orders[][4] = {
		{ 0, 2, 3, 1 }, /* the right one: invalid first */
		{ 1, 2, 3 },	{ 2, 1, 3 }, { 3, 2, 1 }, { 3 }, /* the rights only */
		{ 0 },
	};
	static const u8 lengths[] = { 4, 3, 3, 3, 1, 1 };
	u32 n;

	for (n = 0; n < lengths[how]; n++) {
		u32 i = orders[how][n];

		emit(TLBWE | RT(r[i ? i : 4]) | RA(r[0]) | RB(i ? i - 1 : 0));
	}
	if (how)
		emit_flush(r[4]);
	else
		emit(ISYNC);
}

/* Data only: nothing that is executed from changes under way */
static void make_tlbwe(void)
{
	const struct mapping *m = space_data_mapping();
	u32 r[5], n;

	pick(r, 5);
	emit_load(r[4], m->tid | (dice() & MMUCR_STS));
	emit(MTSPR(SPR_MMUCR, r[4]));
	emit(ADDI | RT(r[0]) | IMM(m->slot));
	for (n = 0; n < 3; n++)
		emit_load(r[1 + n],
			  n < 2 || chance(50) ? m->word[n] : m->word[n] ^ below(TLB_ALL + 1));
	emit(ADDI | RT(r[4]));
	emit_entry(r, chance(40) ? 0 : below(6));
}

static void make_tlbre(void)
{
	u32 r[1], n = 1 + below(3);

	pick(r, 1);
	emit(ADDI | RT(r[0]) | IMM(below(TORTURE_SLOTS)));
	while (n--)
		emit(TLBRE | RT(1 + below(31)) | RA(r[0]) | RB(n));
}

/* Without a match the result is undefined */
static void make_tlbsx(void)
{
	u32 r[3], mmucr, ea = space_search(&mmucr), part = chance(50) ? dice() : 0;

	pick(r, 3);
	emit_load(r[0], mmucr);
	emit(MTSPR(SPR_MMUCR, r[0]));
	emit(ISYNC);
	emit_load(r[1], part);
	emit_load(r[2], ea - part);
	emit(TLBSX_DOT | RT(r[0]) | RA(part ? r[1] : 0) | RB(r[2]));
	emit(BEQ(8));
	emit(ADDI | RT(r[0]) | IMM(-1));
}

static void make_cache(void)
{
	u32 r;

	switch (below(6)) {
	case 0:
		pick(&r, 1);
		emit_load(r, space_easy());
		emit(DCBI | RB(r));
		break;
	case 1:
		emit(X31(454)); /* dccci */
		break;
	case 2:
		emit(X31(998) | RB(below(32))); /* icread */
		emit(ISYNC);
		break;
	case 3:
		emit(X31(566)); /* tlbsync */
		emit(MSYNC);
		break;
	default:
		emit(X31(966)); /* iccci */
		emit(ISYNC);
	}
}

const struct piece supervisor_pieces[] = {
	{ { 3, 10 }, VECTOR_ALWAYS, make_sprg_row },  { { 3, 8 }, VECTOR_ALWAYS, make_spr_reads },
	{ { 2, 8 }, VECTOR_ALWAYS, make_spr_writes }, { { 1, 3 }, STREAM_ONLY, make_srr },
	{ { 0, 1 }, STREAM_ONLY, make_timer },	      { { 3, 10 }, STREAM_ONLY, make_msr },
	{ { 2, 6 }, STREAM_ONLY, make_return },	      { { 1, 4 }, VECTOR_ALWAYS, make_pid },
	{ { 2, 10 }, VECTOR_ALWAYS, make_tlbwe },     { { 1, 5 }, VECTOR_ALWAYS, make_tlbre },
	{ { 1, 4 }, VECTOR_ALWAYS, make_tlbsx },      { { 1, 4 }, VECTOR_ALWAYS, make_cache },
};

const u32 supervisor_piece_count = ARRAY_SIZE(supervisor_pieces);
