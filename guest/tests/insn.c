// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each privileged instruction in supervisor and in user state, illegal words, traps, system
 * calls, and every SPR number in both states.
 *
 * Not here: dccci in supervisor state (it throws away dirty lines: see cache.c); isel (a 440 has
 * it, QEMU's does not); numbers 284 and 285 (TBL, TBU for writing) read in user state, which QEMU
 * allows; dcread's result.
 */
#include "guest.h"

#define DATA_EA 0x50000000

/*
 * r4 = mapped data, r5 = result, r6 = an MSR or another value, r7 = address of the sc, r8 = TLB
 * slot
 */
#define SLOT	  7
#define NO_RESULT 4 /* r5 is undefined afterwards */

ROW(rows, ROW_BOTH, "mfmsr 5");
ROW(rows, ROW_BOTH, "mtmsr 6");
ROW(rows, ROW_BOTH, "wrtee 6");
ROW(rows, ROW_BOTH, "wrteei 1");
ROW(rows, ROW_BOTH, "wrteei 1; wrteei 0");
ROW(rows, ROW_USER, "wrteei 0");
ROW(rows, ROW_USER, "rfi");
ROW(rows, ROW_USER, "rfci");
ROW(rows, ROW_USER, "rfmci");
ROW(rows, ROW_SUPERVISOR, "mtspr 26, 7; mtspr 27, 6; nop; rfi; nop");
ROW(rows, ROW_SUPERVISOR, "mtspr 58, 7; mtspr 59, 6; nop; rfci; nop");
ROW(rows, ROW_SUPERVISOR, "mtspr 570, 7; mtspr 571, 6; nop; rfmci; nop");
ROW(rows, ROW_BOTH, "tlbre 5, 8, 0");
ROW(rows, ROW_BOTH, "tlbre 5, 8, 1");
ROW(rows, ROW_BOTH, "tlbre 5, 8, 2");
ROW(rows, ROW_BOTH, "tlbwe 9, 8, 0");
ROW(rows, ROW_BOTH, "tlbwe 9, 8, 1");
ROW(rows, ROW_BOTH, "tlbwe 9, 8, 2");
ROW(rows, ROW_BOTH, "tlbsx 5, 0, 4");
ROW(rows, ROW_BOTH, "tlbsx. 5, 0, 4");
ROW(rows, ROW_BOTH, "tlbsync");
ROW(rows, ROW_BOTH, "dcbi 0, 4");
ROW(rows, ROW_BOTH, "iccci 0, 0");
ROW(rows, ROW_USER, "dccci 0, 0");
ROW(rows, ROW_BOTH, "icread 0, 4");
ROW(rows, ROW_BOTH | NO_RESULT, "dcread 5, 0, 4");
ROW(rows, ROW_BOTH, "mfdcr 5, 0xc2");
ROW(rows, ROW_BOTH, "mtdcr 0xc2, 9");

ROW(rows, ROW_BOTH, "sc");
ROW(rows, ROW_BOTH, "sc; nop");
ROW(rows, ROW_BOTH, "tw 31, 0, 0");
ROW(rows, ROW_BOTH, "tw 0, 0, 0");
ROW(rows, ROW_BOTH, "tw 4, 5, 5");
ROW(rows, ROW_BOTH, "tw 24, 5, 5");
ROW(rows, ROW_BOTH, "tw 2, 8, 6");
ROW(rows, ROW_BOTH, "tw 1, 8, 6");
ROW(rows, ROW_BOTH, "twi 16, 8, 100");
ROW(rows, ROW_BOTH, "twi 8, 8, 100");
ROW(rows, ROW_BOTH, "nop; nop; twi 31, 0, 0");

ROW(rows, ROW_BOTH, ".long 0");
ROW_NAMED(rows, ROW_BOTH, "opcode 1", ".long 0x04000000");
ROW_NAMED(rows, ROW_BOTH, "0x00000200", ".long 0x00000200");
ROW_NAMED(rows, ROW_BOTH, "opcode 5", ".long 0x14000000");
ROW_NAMED(rows, ROW_BOTH, "opcode 22", ".long 0x58000000");
ROW_NAMED(rows, ROW_BOTH, "rldicl", ".long 0x78000000");
ROW_NAMED(rows, ROW_BOTH, "ld", ".long 0xe8640000");
ROW_NAMED(rows, ROW_BOTH, "std", ".long 0xf8640000");
ROW_NAMED(rows, ROW_BOTH, "opcode 31, 1023", ".long 0x7c0007fe");
ROW_NAMED(rows, ROW_BOTH, "opcode 19, 1023", ".long 0x4c0007fe");
ROW_NAMED(rows, ROW_BOTH, "rfdi", ".long 0x4c00004e");
ROW_NAMED(rows, ROW_BOTH, "tlbie", ".long 0x7c002264");
ROW_NAMED(rows, ROW_BOTH, "mtmsrd", ".long 0x7c000164");
ROW_NAMED(rows, ROW_BOTH, "mfsr", ".long 0x7ca004a6");
ROW_NAMED(rows, ROW_BOTH, "mtsr", ".long 0x7ca001a4");
ROW_NAMED(rows, ROW_BOTH, "wait", ".long 0x7c00007c");
ROW_NAMED(rows, ROW_BOTH, "tlbivax", ".long 0x7c002624");
ROW_NAMED(rows, ROW_BOTH, "popcntb", ".long 0x7ca500f4");
ROW_NAMED(rows, ROW_BOTH, "mfapidi", ".long 0x7ca00226");
ROW_NAMED(rows, ROW_BOTH, "mfdcrx (460 only)", ".long 0x7ca40206");
ROW_NAMED(rows, ROW_BOTH, "mtdcrx (460 only)", ".long 0x7ca40306");

ROW(rows, ROW_BOTH, "mulhhw 5, 6, 8");
ROW(rows, ROW_BOTH, "machhwo. 5, 6, 8");
ROW(rows, ROW_BOTH, "nmaclhws. 5, 6, 8");
ROW(rows, ROW_BOTH, "dlmzb. 5, 6, 9");
ROW(rows, ROW_BOTH, "lswi 20, 4, 7");
ROW(rows, ROW_BOTH, "stswi 20, 4, 3; lwz 5, 0(4)");
ROW(rows, ROW_BOTH, "subfco. 5, 6, 8; mcrxr 7");
ROW(rows, ROW_BOTH, "lwarx 5, 0, 4; stwcx. 8, 0, 4; lwz 10, 0(4)");
ROW(rows, ROW_BOTH, "msync; mbar; isync");
ROW(rows, ROW_BOTH, "dcba 0, 11; dcbt 0, 11; dcbtst 0, 11; icbt 0, 0, 11");
ROW_TABLE(rows);

static u32 data[PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

static void prepare(struct cpu *cpu, u32 msr, u32 count)
{
	u32 n;

	for (n = 0; n < 4; n++)
		data[n] = 0x11223344 * (n + 1);
	map_4k(1, DATA_EA, 0, data, TLB_UR | TLB_UW | TLB_SR | TLB_SW);
	tlb_set(SLOT, 0x60000000 | TLB_16K, 0x21, 0x01234000, TLB_SR);
	cpu_init(cpu, msr);
	cpu->gpr[4] = DATA_EA;
	cpu->gpr[6] = MSR_EE | MSR_CE | MSR_FP;
	cpu->gpr[7] = CODE_EA + 4 * count;
	cpu->gpr[8] = SLOT;
	cpu->gpr[9] = 0;
	cpu->gpr[11] = 0x66666660; /* unmapped */
}

static void run_row(const struct row *r, u32 msr)
{
	struct cpu before, now;

	code_load(r->words, r->words + r->count);
	prepare(&before, msr, r->count);
	now = before;
	cpu_run(&now);
	if (r->flags & NO_RESULT)
		now.gpr[5] = before.gpr[5];
	print(msr & MSR_PR ? "user " : "supv ");
	show(r->name, &before, &now);
}

/* --- every SPR number --- */

enum outcome {
	NONE,
	PIL,
	PPR,
	OTHER
};

static enum outcome try_spr(u32 opcode, u32 spr, u32 msr)
{
	u32 word = opcode | (spr & 31) << 16 | (spr >> 5 & 31) << 11;
	struct cpu cpu;

	code_load(&word, &word + 1);
	cpu_init(&cpu, msr);
	cpu_run(&cpu);
	if (cpu.vec == VEC_SC && cpu.pc == CODE_EA + 8)
		return NONE;
	if (cpu.vec == VEC_PROGRAM && cpu.pc == CODE_EA && cpu.esr == ESR_PIL)
		return PIL;
	if (cpu.vec == VEC_PROGRAM && cpu.pc == CODE_EA && cpu.esr == ESR_PPR)
		return PPR;
	return OTHER;
}

#define MFSPR_R5 0x7ca002a6
#define MTSPR_R5 0x7ca003a6

static bool user_spr(u32 spr, bool write)
{
	switch (spr) {
	case 1: /* XER */
	case 8: /* LR */
	case 9: /* CTR */
	case SPR_USPRG0:
		return true;
	case SPR_SPRG4R ... SPR_SPRG4R + 3:
	case SPR_TBL:
	case SPR_TBU:
		return !write;
	}
	return false;
}

static void all_user_sprs(bool write)
{
	const char *name = write ? "mtspr" : "mfspr";
	u32 privileged = 0, allowed = 0, illegal = 0, number = 0;
	enum outcome o;
	u32 spr;

	for (spr = 0; spr < 1024; spr++) {
		if (!write && (spr == 284 || spr == 285))
			continue;
		o = try_spr(write ? MTSPR_R5 : MFSPR_R5, spr, MSR_PR);
		if (user_spr(spr, write)) {
			allowed += o == NONE;
			if (o != NONE)
				print("user %s %u: outcome %d\n", name, spr, o);
		} else if (spr & 0x10) {
			privileged += o == PPR;
			if (o != PPR)
				print("user %s %u: outcome %d\n", name, spr, o);
		} else {
			illegal += o == PIL;
			number++;
			if (o != PIL && o != PPR)
				print("user %s %u: outcome %d\n", name, spr, o);
		}
	}
	print("user %s: %u allowed, %u privileged\n", name, allowed, privileged);
	/*
	 * Privilege rule (manual, chapter 2): undefined and bit 0x10 clear is PIL; QEMU says PPR.
	 */
	manual(write ? "user mtspr, undefined numbers: PIL" : "user mfspr, undefined numbers: PIL",
	       illegal, number);
}

/*
 * Supervisor state: an undefined number is boundedly undefined: no interrupt, or PIL (QEMU: PPR
 * for some). The defined ones are the business of spr.c.
 */
static void all_supervisor_reads(void)
{
	u32 spr, bad = 0;

	for (spr = 0; spr < 1024; spr++)
		bad += try_spr(MFSPR_R5, spr, 0) == OTHER;
	print("supv mfspr: %u numbers with another outcome than none, PIL or PPR\n", bad);
}

/* A DCR without a responder gives junk, no exception; QEMU gives PIL. */
SNIPPET(odd_dcr, "mfdcr 5, 0x3f0");

void test(void)
{
	struct cpu cpu;
	const struct row *r;

	for (r = rows_begin; r < rows_end; r++) {
		if (r->flags & ROW_SUPERVISOR)
			run_row(r, 0);
		if (r->flags & ROW_USER)
			run_row(r, MSR_PR);
	}
	all_user_sprs(false);
	all_user_sprs(true);
	all_supervisor_reads();

	code_snippet(odd_dcr);
	cpu_init(&cpu, 0);
	cpu_run(&cpu);
	manual("mfdcr of an unused number: no interrupt", cpu.vec, VEC_SC);
}
