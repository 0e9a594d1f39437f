// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debug facility: every event, precise and delayed. QEMU has ICMP and BRT only, so the
 * expected values are the manual's (PPC440x5 User's Manual, chapter 8 and 6.5.16): each case
 * names its section. What stepping and watching must leave as it is, is compared with the bare
 * machine.
 */
#include "guest.h"

#define IDE   0x80000000
#define IDM   0x40000000
#define ICMP  0x08000000
#define BRT   0x04000000
#define IRPT  0x02000000
#define TRAP  0x01000000
#define IAC1  0x00800000
#define IAC2  0x00400000
#define IAC3  0x00200000
#define IAC4  0x00100000
#define DAC1R 0x00080000
#define DAC1W 0x00040000
#define DAC2R 0x00020000
#define DAC2W 0x00010000
#define RET   0x00008000
#define ATS12 0x00000002

#define SPR_DBCR1 309
#define SPR_DBCR2 310

/* DBCR1 and DBCR2: of the first register of a pair, of both */
#define SUPERVISOR_ONLY 0x80000000
#define USER_ONLY	0xc0000000
#define SPACE_0		0x20000000
#define SPACE_1		0x30000000
#define MASKED		0x00400000
#define INSIDE		0x00800000
#define OUTSIDE		0x00c00000
#define AUTO_TOGGLE	0x00010000
#define ASYNCHRONOUS	0x00200000
#define DVC1(mode, be)	((mode) << 18 | (be) << 8)
#define AND		1
#define OR		2
#define AND_OR		3

#define EA     0x60000000
#define SLOT   5
#define AS1    6
#define UNUSED 0x50000000

static u8 page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

struct debug {
	u32 msr, dbcr0, dbcr1, dbcr2;
	u32 iac[4], dac[2], dvc[2];
};

static void registers_write(u32 first, const u32 *value, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		spr_write(first + i, value[i]);
}

/* Runs on from *now until the next interrupt; returns DBSR, cleared. */
static u32 resume(struct cpu *now, u32 dbcr0)
{
	u32 dbsr;

	mtspr(SPR_DBCR0, dbcr0);
	isync();
	cpu_run(now);
	mtspr(SPR_DBCR0, 0);
	isync();
	dbsr = mfspr(SPR_DBSR) & ~0x30000000; /* MRR */
	mtspr(SPR_DBSR, 0xffffffff);
	return dbsr;
}

/* r4 = EA, r5 = 0x11223344; r3 and what is at EA tell what was done. */
static u32 run(struct cpu *now, const struct debug *d)
{
	u32 i;

	for (i = 0; i < PAGE_SIZE; i++)
		page[i] = i;
	cpu_init(now, d->msr);
	now->gpr[4] = EA;
	now->gpr[5] = 0x11223344;
	now->gpr[8] = IDM | RET;
	mtspr(SPR_DBSR, 0xffffffff);
	mtspr(SPR_DBCR1, d->dbcr1);
	mtspr(SPR_DBCR2, d->dbcr2);
	registers_write(SPR_IAC1, d->iac, 4);
	registers_write(SPR_DAC1, d->dac, 2);
	registers_write(SPR_DVC1, d->dvc, 2);
	return resume(now, d->dbcr0);
}

/* ~ lines: the manual's values */
static void expect(const char *name, const struct cpu *now, u32 dbsr, u32 vec, u32 pc, u32 events)
{
	if (now->vec == vec && now->pc == pc && dbsr == events)
		print("~ %s: ok\n", name);
	else
		print("~ %s: %s at %08x, DBSR %08x; the manual says %s at %08x, %08x\n", name,
		      vec_name(now->vec), now->pc, dbsr, vec_name(vec), pc, events);
}

/* One case: code, registers, and where it ends; @at = words from CODE_EA, @end: by the final sc. */
static void ends_by_event(const char *name, const struct debug *d, u32 at, u32 events)
{
	struct cpu now;
	u32 dbsr = run(&now, d);

	expect(name, &now, dbsr, VEC_DEBUG, CODE_EA + 4 * at, events);
}

static void ends_by_sc(const char *name, const struct debug *d, u32 words, u32 events)
{
	struct cpu now;
	u32 dbsr = run(&now, d);

	expect(name, &now, dbsr, VEC_SC, CODE_EA + 4 * words, events);
}

/* --- instruction addresses, 8.3.1 --- */

SNIPPET(four_nops, "nop; nop; nop; nop");

static void iac(void)
{
	struct debug d = { .msr = MSR_DE, .dbcr0 = IDM | IAC1, .iac = { CODE_EA + 4 } };
	static const char *const names[4] = { "IAC1", "IAC2", "IAC3", "IAC4" };
	struct cpu now;
	u32 i, dbsr;

	code_snippet(four_nops);
	for (i = 0; i < 4; i++) {
		const struct debug one = {
			.msr = MSR_DE,
			.dbcr0 = IDM | IAC1 >> i,
			.iac = { [0] = UNUSED, [1] = UNUSED, [2] = UNUSED, [3] = UNUSED },
		};
		struct debug here = one;

		here.iac[i] = CODE_EA + 8;
		ends_by_event(names[i], &here, 2, IAC1 >> i);
	}
	dbsr = run(&now, &d);
	expect("IAC1 before the instruction", &now, dbsr, VEC_DEBUG, CODE_EA + 4, IAC1);
	manual("CSRR1 is the MSR", now.msr, MSR_DE);
	manual("MSR in the handler", now.entry_msr, 0);
	dbsr = resume(&now, 0);
	expect("resumed without", &now, dbsr, VEC_SC, CODE_EA + 20, 0);

	d.msr = MSR_DE | MSR_PR;
	d.dbcr1 = SUPERVISOR_ONLY;
	ends_by_sc("IAC1US supervisor, in user state", &d, 5, 0);
	d.dbcr1 = USER_ONLY;
	ends_by_event("IAC1US user, in user state", &d, 1, IAC1);
	d.dbcr1 = SPACE_1;
	ends_by_sc("IAC1ER space 1, in space 0", &d, 5, 0);
	d.dbcr1 = SPACE_0;
	ends_by_event("IAC1ER space 0, in space 0", &d, 1, IAC1);
	d.msr = MSR_DE | MSR_IS;
	ends_by_sc("IAC1ER space 0, in space 1", &d, 5, 0);
	d.dbcr1 = SPACE_1;
	ends_by_event("IAC1ER space 1, in space 1", &d, 1, IAC1);

	d.msr = MSR_DE;
	d.dbcr0 = IDM | IAC1 | IAC2;
	d.dbcr1 = INSIDE;
	d.iac[0] = CODE_EA + 8;
	d.iac[1] = CODE_EA + 12;
	ends_by_event("IAC12M inclusive", &d, 2, IAC1 | IAC2);
	d.iac[1] = CODE_EA + 8;
	ends_by_sc("IAC12M inclusive, empty", &d, 5, 0);
	d.dbcr1 = OUTSIDE;
	d.iac[0] = CODE_EA;
	d.iac[1] = CODE_EA + 12;
	ends_by_event("IAC12M exclusive", &d, 3, IAC1 | IAC2);
	d.dbcr1 = INSIDE | AUTO_TOGGLE;
	d.iac[0] = CODE_EA + 4;
	ends_by_event("IAC12AT", &d, 1, IAC1 | IAC2 | ATS12);

	d.msr = 0;
	ends_by_sc("IAC12M inclusive, DE = 0", &d, 5, 0);
	d.dbcr1 = 0;
	d.dbcr0 = IDM | IAC1;
	ends_by_sc("IAC1, DE = 0", &d, 5, IAC1 | IDE);
	d.dbcr0 = IAC1;
	d.msr = MSR_DE;
	ends_by_sc("IAC1, not in internal mode", &d, 5, IAC1);
	d.iac[0] = CODE_EA + 0x100;
	ends_by_sc("IAC1 elsewhere in the page", &d, 5, 0);
}

/* --- events that wait for DE, 6.5.16 --- */

SNIPPET(lets_in, "nop; mtmsr 6; nop; nop");

static void delayed(void)
{
	struct debug d = { .dbcr0 = IDM | IAC1, .iac = { CODE_EA } };
	struct cpu now;
	u32 dbsr;

	code_snippet(lets_in);
	cpu_init(&now, 0);
	registers_write(SPR_IAC1, d.iac, 4);
	mtspr(SPR_DBCR1, 0);
	mtspr(SPR_DBSR, 0xffffffff);
	now.gpr[6] = MSR_DE;
	dbsr = resume(&now, d.dbcr0);
	expect("mtmsr lets it in", &now, dbsr, VEC_DEBUG, CODE_EA + 8, IAC1 | IDE);

	code_snippet(four_nops);
	cpu_init(&now, 0);
	mtspr(SPR_DBCR0, d.dbcr0);
	isync();
	cpu_run(&now); /* recorded */
	cpu_init(&now, MSR_DE);
	dbsr = resume(&now, IDM);
	expect("rfi lets it in", &now, dbsr, VEC_DEBUG, CODE_EA, IAC1 | IDE);
	cpu_init(&now, MSR_DE);
	dbsr = resume(&now, IDM);
	expect("cleared in DBSR", &now, dbsr, VEC_SC, CODE_EA + 20, 0);

	mtspr(SPR_DBCR0, d.dbcr0);
	isync();
	cpu_init(&now, 0);
	cpu_run(&now);
	mtspr(SPR_DBCR0, 0);
	mtspr(SPR_DBSR, IDE);
	manual("DBSR: a 1 clears", mfspr(SPR_DBSR) & ~0x30000000, IAC1);
	mtspr(SPR_DBSR, 0xffffffff);
}

/* --- data addresses, 8.3.2 --- */

SNIPPET(load, "lwz 3, 0(4)");
SNIPPET(store, "stw 5, 0(4)");
SNIPPET(load_14, "lwz 3, 14(4)");
SNIPPET(load_three, "lmw 29, 0(4)");
SNIPPET(store_half, "sth 5, 2(4)");
SNIPPET(dcbst_it, "dcbst 0, 4");
SNIPPET(dcbf_it, "dcbf 0, 4");
SNIPPET(icbi_it, "icbi 0, 4");
SNIPPET(dcbz_it, "dcbz 0, 4");
SNIPPET(unmapped, "lwz 3, 0(7)");

static void dac(void)
{
	struct debug d = { .msr = MSR_DE, .dbcr0 = IDM | DAC1R, .dac = { EA, UNUSED } };
	struct cpu now;
	u32 dbsr, before;

	code_snippet(load);
	cpu_init(&now, 0);
	before = now.gpr[3];
	dbsr = run(&now, &d);
	expect("DAC1 read", &now, dbsr, VEC_DEBUG, CODE_EA, DAC1R);
	manual("the load is suppressed", now.gpr[3], before);
	dbsr = resume(&now, 0);
	expect("the load, resumed", &now, dbsr, VEC_SC, CODE_EA + 8, 0);
	print("loads %08x\n", now.gpr[3]);
	d.dbcr0 = IDM | DAC1W;
	ends_by_sc("DAC1 write, of a load", &d, 2, 0);
	d.dbcr0 = IDM | DAC2R;
	ends_by_sc("DAC2 elsewhere", &d, 2, 0);
	d.dac[1] = EA;
	ends_by_event("DAC2 read", &d, 0, DAC2R);
	d.msr = 0;
	ends_by_sc("DAC2 read, DE = 0", &d, 2, DAC2R | IDE);
	d.dbcr0 = DAC2R;
	ends_by_sc("DAC2 read, not in internal mode", &d, 2, DAC2R);
	d.msr = MSR_DE | MSR_PR;
	d.dbcr0 = IDM | DAC1R;
	d.dbcr2 = SUPERVISOR_ONLY;
	ends_by_sc("DAC1US supervisor, in user state", &d, 2, 0);
	d.dbcr2 = USER_ONLY;
	ends_by_event("DAC1US user, in user state", &d, 0, DAC1R);
	d.dbcr2 = SPACE_1;
	ends_by_sc("DAC1ER space 1, in space 0", &d, 2, 0);
	d.msr = MSR_DE | MSR_DS;
	ends_by_event("DAC1ER space 1, in space 1", &d, 0, DAC1R);

	d.msr = MSR_DE;
	d.dbcr2 = MASKED;
	d.dac[0] = EA + 3;
	d.dac[1] = 0xfffffffc;
	ends_by_event("DAC12M bit mask", &d, 0, DAC1R);
	d.dbcr2 = INSIDE;
	d.dac[0] = EA - 16;
	d.dac[1] = EA + 1;
	d.dbcr0 = IDM | DAC1R | DAC2R;
	ends_by_event("DAC12M inclusive", &d, 0, DAC1R | DAC2R);
	d.dac[1] = EA;
	ends_by_sc("DAC12M inclusive, one too far", &d, 2, 0);
	/* not what the library does in between */
	d.msr = MSR_DE | MSR_PR;
	d.dbcr2 = OUTSIDE | USER_ONLY | USER_ONLY >> 4;
	ends_by_event("DAC12M exclusive", &d, 0, DAC1R | DAC2R);

	d = (struct debug){ .msr = MSR_DE, .dbcr0 = IDM | DAC1W, .dac = { EA, UNUSED } };
	code_snippet(store);
	dbsr = run(&now, &d);
	expect("DAC1 write", &now, dbsr, VEC_DEBUG, CODE_EA, DAC1W);
	manual("the store is suppressed", *(u32 *)page, 0x00010203);
	d.msr = 0;
	ends_by_sc("DAC1 write, DE = 0", &d, 2, DAC1W | IDE);
	print("stored %08x\n", *(u32 *)page);

	d = (struct debug){ .msr = MSR_DE, .dbcr0 = IDM | DAC1R, .dac = { EA + 16 } };
	code_snippet(load_14);
	ends_by_event("the second access of a load over 16 bytes, 8.3.2.3", &d, 0, DAC1R);
	d.dac[0] = EA + 15;
	ends_by_sc("the middle of an access", &d, 2, 0);
	d.dac[0] = EA + 4;
	code_snippet(load_three);
	ends_by_event("a word of lmw", &d, 0, DAC1R);
	d.dac[0] = EA + 12;
	ends_by_sc("the word behind lmw", &d, 2, 0);

	d = (struct debug){ .msr = MSR_DE, .dbcr0 = IDM | DAC1R | DAC1W, .dac = { EA } };
	code_snippet(dcbst_it);
	ends_by_event("dcbst is a write", &d, 0, DAC1W);
	code_snippet(dcbf_it);
	ends_by_event("dcbf is a write", &d, 0, DAC1W);
	code_snippet(icbi_it);
	ends_by_event("icbi is a read", &d, 0, DAC1R);
	code_snippet(dcbz_it);
	ends_by_event("dcbz is a write", &d, 0, DAC1W);

	/* its TLB error comes before (6.7) */
	code_snippet(unmapped);
	cpu_init(&now, MSR_DE);
	now.gpr[7] = UNUSED;
	mtspr(SPR_DAC1, UNUSED);
	dbsr = resume(&now, IDM | DAC1R);
	print("a DAC of what is not mapped: ");
	show_interrupt(&now);
	print("\n");
	manual("no event", dbsr, 0);
}

/* --- data values, 8.3.3 --- */

static void dvc(void)
{
	struct debug d = {
		.msr = MSR_DE,
		.dbcr0 = IDM | DAC1R | DAC1W,
		.dac = { EA },
		.dvc = { 0x00010203 }, /* what is there */
	};

	code_snippet(load);
	d.dbcr2 = DVC1(AND, 15);
	ends_by_event("DVC1 of a load", &d, 0, DAC1R);
	d.dvc[0] = 0x00010204;
	ends_by_sc("DVC1, another value", &d, 2, 0);
	d.dbcr2 = DVC1(AND, 14);
	ends_by_event("DVC1BE", &d, 0, DAC1R);
	d.dvc[0] = 0xff01ffff;
	d.dbcr2 = DVC1(OR, 15);
	ends_by_event("DVC1M or", &d, 0, DAC1R);
	d.dbcr2 = DVC1(OR, 11);
	ends_by_sc("DVC1M or, of other bytes", &d, 2, 0);
	d.dvc[0] = 0xffff0203;
	d.dbcr2 = DVC1(AND_OR, 15);
	ends_by_event("DVC1M and-or", &d, 0, DAC1R);
	d.dvc[0] = 0xff01ff03;
	ends_by_sc("DVC1M and-or, half of each", &d, 2, 0);

	code_snippet(store);
	d.dvc[0] = 0x11223344;
	d.dbcr2 = DVC1(AND, 15);
	ends_by_event("DVC1 of a store", &d, 0, DAC1W);
	d.dvc[0] = 0x00010203;
	ends_by_sc("DVC1, what it replaces", &d, 2, 0);
	code_snippet(store_half);
	d.dac[0] = EA + 2;
	d.dvc[0] = 0x00003344;
	d.dbcr2 = DVC1(AND, 3);
	ends_by_event("DVC1 of half a word", &d, 0, DAC1W);
	d.dbcr2 = DVC1(AND, 15);
	ends_by_sc("DVC1 of half a word, of which all was wanted", &d, 2, 0);
}

/* --- traps, returns, branches, interrupts: 8.3.4 to 8.3.8 --- */

SNIPPET(trapping, "nop; twi 31, 0, 0");
SNIPPET(not_trapping, "nop; twi 16, 5, 0");
/* r8 into DBCR0: not before, since the library's own rfi would be an event */
SNIPPET(returning, "mtspr 308, 8; isync; li 6, 0; mtsrr1 6; lis 6, 0x4000; ori 6, 6, 36; mtsrr0 6; "
		   "rfi; nop; li 6, 0; mtspr 308, 6; isync");
SNIPPET(returning_critical, "mtspr 308, 8; isync; li 6, 0; mtspr 59, 6; lis 6, 0x4000; "
			    "ori 6, 6, 36; mtspr 58, 6; rfci; nop; li 6, 0; mtspr 308, 6; isync");
SNIPPET(branching, "cmpwi 5, 0; beq .+8; bne .+8; nop; nop");
SNIPPET(calling, "li 6, 2; mtctr 6; bdz .+8; bdnz .+8; bl .+8; nop; nop");
SNIPPET(nothing, "");

static void flow(void)
{
	struct debug d = { .msr = MSR_DE, .dbcr0 = IDM | TRAP };
	struct cpu now;
	u32 dbsr;

	code_snippet(trapping);
	ends_by_event("TRAP", &d, 1, TRAP);
	d.msr = 0;
	dbsr = run(&now, &d);
	expect("TRAP, DE = 0", &now, dbsr, VEC_PROGRAM, CODE_EA + 4, TRAP | IDE);
	code_snippet(not_trapping);
	d.msr = MSR_DE;
	ends_by_sc("TRAP, the condition is false", &d, 3, 0);

	code_snippet(returning);
	d.dbcr0 = IDM;
	ends_by_event("RET, and the library's", &d, 7, RET | IDE);
	d.msr = 0;
	ends_by_sc("RET of rfi, DE = 0", &d, 13, RET | IDE);
	code_snippet(returning_critical);
	d.msr = MSR_DE;
	ends_by_event("RET of rfci, and the library's", &d, 7, RET | IDE);
	d.msr = 0;
	ends_by_sc("RET of rfci, DE = 0", &d, 13, 0);

	code_snippet(branching);
	d.dbcr0 = IDM | BRT;
	d.msr = MSR_DE;
	ends_by_event("BRT before the branch that is taken", &d, 2, BRT);
	d.msr = 0;
	ends_by_sc("BRT, DE = 0", &d, 6, 0);
	code_snippet(calling);
	d.msr = MSR_DE;
	dbsr = run(&now, &d);
	expect("BRT by CTR", &now, dbsr, VEC_DEBUG, CODE_EA + 16, BRT);

	code_snippet(nothing);
	d.dbcr0 = IDM | IRPT;
	dbsr = run(&now, &d);
	expect("IRPT: at the handler's first instruction", &now, dbsr, VEC_DEBUG,
	       mfspr(SPR_IVPR) | mfspr(SPR_IVOR0 + VEC_SC), IRPT);
	d.msr = 0;
	ends_by_sc("IRPT, DE = 0", &d, 1, IRPT | IDE);
}

/* --- stepping, 8.3.7 --- */

SNIPPET(all_sorts, "li 6, 3; mtctr 6; 1: lwz 7, 0(4); addi 7, 7, 1; stw 7, 0(4); bdnz 1b; "
		   "mfmsr 8; mtspr 272, 8; mfspr 9, 272; bl 2f; nop; 2: mflr 10; "
		   "lfd 1, 0(4); fadd 1, 1, 1; dcbst 0, 4; isync; mftb 11; li 11, 0");
SNIPPET(atomically, "li 6, 4; mtctr 6; 1: lwarx 7, 0, 4; addi 7, 7, 1; stwcx. 7, 0, 4; bne- 1b; "
		    "bdnz 1b");
SNIPPET(closes_de, "nop; mtmsr 6; nop; mtmsr 7; nop");

/* To the sc that ends a snippet of @words, but not for ever. */
static void step_through(struct cpu *now, u32 words, bool tell)
{
	u32 steps;

	for (steps = 0; steps < 200 && now->pc != CODE_EA + 4 * words; steps++) {
		resume(now, IDM | ICMP);
		if (tell)
			print(" %x", now->pc - CODE_EA);
	}
}

static void stepping(void)
{
	struct debug d = { .msr = MSR_DE };
	struct cpu now;
	u32 dbsr;

	code_snippet(all_sorts);
	cpu_init(&now, MSR_DE | MSR_FP);
	now.gpr[4] = EA;
	memset(page, 0, PAGE_SIZE);
	mtspr(SPR_DBSR, 0xffffffff);
	print("steps:");
	step_through(&now, all_sorts_end - all_sorts, true);
	print("\nr7=%08x r8=%08x r9=%08x r10=%08x, memory %08x\n", now.gpr[7], now.gpr[8],
	      now.gpr[9], now.gpr[10], *(u32 *)page);

	code_snippet(four_nops);
	d.dbcr0 = IDM | ICMP;
	ends_by_event("ICMP: after the instruction", &d, 1, ICMP);
	d.msr = 0;
	ends_by_sc("ICMP, DE = 0", &d, 5, 0);
	code_snippet(nothing);
	d.msr = MSR_DE;
	dbsr = run(&now, &d);
	expect("ICMP of sc", &now, dbsr, VEC_DEBUG, mfspr(SPR_IVPR) | mfspr(SPR_IVOR0 + VEC_SC),
	       ICMP);

	/* the event of the instruction that sets DE to 0 waits (6.5.16) */
	code_snippet(closes_de);
	cpu_init(&now, MSR_DE);
	now.gpr[6] = 0;
	now.gpr[7] = MSR_DE;
	resume(&now, IDM | ICMP);
	dbsr = resume(&now, IDM | ICMP);
	expect("ICMP of the mtmsr that closes DE", &now, dbsr, VEC_DEBUG, CODE_EA + 16, ICMP);

	/* a loop that needs its reservation comes to an end all the same */
	code_snippet(atomically);
	cpu_init(&now, MSR_DE);
	now.gpr[4] = EA;
	*(u32 *)page = 0;
	step_through(&now, atomically_end - atomically, false);
	manual("lwarx and stwcx., stepped", *(u32 *)page, 4);
}

/* Pages that are watched work as others do. */
static void watching(void)
{
	struct cpu before, now;

	mtspr(SPR_DBCR1, 0);
	mtspr(SPR_DBCR2, 0);
	mtspr(SPR_IAC1, CODE_EA + 0x800);
	mtspr(SPR_DAC1, EA + 0x800);
	code_snippet(all_sorts);
	cpu_init(&before, MSR_FP);
	before.gpr[4] = EA;
	memset(page, 0, PAGE_SIZE);
	now = before;
	mtspr(SPR_DBCR0, IDM | IAC1 | DAC1R | DAC1W);
	isync();
	cpu_run(&now);
	show("code and data watched", &before, &now);
	code_snippet(atomically);
	*(u32 *)page = 0;
	now = before;
	cpu_run(&now);
	print("lwarx and stwcx., watched: %u\n", *(u32 *)page);
	mtspr(SPR_DBCR0, IDM | DAC1W);
	isync();
	*(u32 *)page = 0;
	now = before;
	cpu_run(&now);
	print("their data watched: %u\n", *(u32 *)page);
	mtspr(SPR_DBCR0, IDM | IAC1);
	isync();
	*(u32 *)page = 0;
	now = before;
	cpu_run(&now);
	print("their code watched: %u\n", *(u32 *)page);
	mtspr(SPR_DBCR0, 0);
	isync();
	manual("no event", mfspr(SPR_DBSR) & ~0x30000000, 0);
}

void test(void)
{
	map_4k(SLOT, EA, 0, page, TLB_ALL);
	tlb_set(AS1, EA | TLB_V | TLB_TS | TLB_4K, 0, (u32)page, TLB_ALL);
	tlb_set(AS1 + 1, CODE_EA | TLB_V | TLB_TS | TLB_4K, 0, (u32)code_page, TLB_ALL);
	mtspr(SPR_DBCR0, 0);
	iac();
	delayed();
	dac();
	dvc();
	flow();
	stepping();
	watching();
}
