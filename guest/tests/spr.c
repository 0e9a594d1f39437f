// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a supervisor SPR gives back after patterns were written to it, and which other number
 * shows it.
 *
 * Not here: DEC, TBL, TBU (they run), DBCR0 (bits that reset or stop the machine), DBSR (QEMU
 * clears it by another rule), CCR1 and the cache registers (they change what the caches do on
 * silicon).
 */
#include "guest.h"

struct spr {
	u32 number;
	const char *name;
	u32 mask; /* written and compared: what a 440 implements and a test may set */
};

/*
 * Masks below 0xffffffff: manual, chapter 10, each register's page; unimplemented bits read as 0.
 */
static const struct spr sprs[] = {
	{ 272, "SPRG0", 0xffffffff },
	{ 273, "SPRG1", 0xffffffff },
	{ 274, "SPRG2", 0xffffffff },
	{ 275, "SPRG3", 0xffffffff },
	{ 256, "USPRG0", 0xffffffff },
	{ SPR_SRR0, "SRR0", 0xfffffffc },
	{ SPR_CSRR0, "CSRR0", 0xfffffffc },
	{ SPR_MCSRR0, "MCSRR0", 0xfffffffc },
	/* only bits that an MSR has: QEMU keeps all */
	{ SPR_SRR1, "SRR1", 0x0006ff30 },
	{ SPR_CSRR1, "CSRR1", 0x0006ff30 },
	{ SPR_MCSRR1, "MCSRR1", 0x0006ff30 },
	{ SPR_DEAR, "DEAR", 0xffffffff },
	{ SPR_ESR, "ESR", 0x8ff70000 },
	{ SPR_PID, "PID", 0xff }, /* QEMU keeps more than the 8 bits */
	{ SPR_MMUCR, "MMUCR", 0x016900ff },
	{ SPR_TCR, "TCR", 0x03000000 }, /* WP and the enables: dec.c; WRC cannot be cleared again */
	{ SPR_IAC1, "IAC1", 0xfffffffc },
	{ SPR_IAC1 + 1, "IAC2", 0xfffffffc },
	{ SPR_IAC1 + 2, "IAC3", 0xfffffffc },
	{ SPR_IAC1 + 3, "IAC4", 0xfffffffc },
	{ SPR_DAC1, "DAC1", 0xffffffff },
	{ SPR_DAC1 + 1, "DAC2", 0xffffffff },
	{ SPR_DVC1, "DVC1", 0xffffffff },
	{ SPR_DVC1 + 1, "DVC2", 0xffffffff },
	/* speculative fetch: what Linux sets; the rest changes the core's behaviour */
	{ SPR_CCR0, "CCR0", 0x0000000f },
};

static const u32 patterns[] = {
	0xffffffff, 0x00000000, 0xaaaaaaaa, 0x55555555, 0x12345678, 0x80000001, 0x7ffffffe,
};

static void patterns_of(const struct spr *s)
{
	u32 old = spr_read(s->number), p;

	print("%-7s", s->name);
	for (p = 0; p < ARRAY_SIZE(patterns); p++) {
		spr_write(s->number, patterns[p] & s->mask);
		print(" %08x", spr_read(s->number) & s->mask);
	}
	spr_write(s->number, old);
	print("\n");
}

/* All hold their own value at the same time: none is an alias of another. */
static void all_at_once(void)
{
	u32 old[ARRAY_SIZE(sprs)], seen[ARRAY_SIZE(sprs)];
	u32 seed = 4711, n;

	/*
	 * only register accesses until all are read: printing takes no interrupt, but why rely on
	 * it
	 */
	for (n = 0; n < ARRAY_SIZE(sprs); n++) {
		old[n] = spr_read(sprs[n].number);
		spr_write(sprs[n].number, random_u32(&seed) & sprs[n].mask);
	}
	for (n = 0; n < ARRAY_SIZE(sprs); n++)
		seen[n] = spr_read(sprs[n].number) & sprs[n].mask;
	for (n = 0; n < ARRAY_SIZE(sprs); n++)
		spr_write(sprs[n].number, old[n]);
	print("all at once");
	for (n = 0; n < ARRAY_SIZE(sprs); n++)
		print(" %x", seen[n]);
	print("\n");
}

SNIPPET(user_reads, "mfspr 4, 260; mfspr 5, 261; mfspr 6, 262; mfspr 7, 263; mfspr 8, 256\n"
		    "mtspr 256, 9");
SNIPPET(supervisor_reads, "mfspr 4, 260; mfspr 5, 261; mfspr 6, 262; mfspr 7, 263; mfspr 8, 256");

/* SPRG4-7: written by 276-279, read by 260-263 in both states; USPRG0 is the user's to write. */
static void sprg4_7(void)
{
	struct cpu before, now;

	mtspr(276, 0x44444444);
	mtspr(277, 0x55555555);
	mtspr(278, 0x66666666);
	mtspr(279, 0x77777777);
	mtspr(256, 0x12121212);
	code_snippet(supervisor_reads);
	cpu_init(&before, 0);
	now = before;
	cpu_run(&now);
	show("SPRG4-7, USPRG0 by supervisor", &before, &now);
	code_snippet(user_reads);
	cpu_init(&before, MSR_PR);
	before.gpr[9] = 0x34343434;
	now = before;
	cpu_run(&now);
	show("SPRG4-7, USPRG0 by user", &before, &now);
	print("USPRG0 as the user wrote it %08x\n", mfspr(256));
	/* supervisor changes them between two runs of the same user */
	mtspr(277, 0x5a5a5a5a);
	mtspr(256, 0x56565656);
	now = before;
	cpu_run(&now);
	show("SPRG5, USPRG0 changed", &before, &now);
}

SNIPPET(miss, "lwz 3, 0(4)");
SNIPPET(jump, "mtctr 4; bctr");

/* What an interrupt may touch, and what not. */
static void kept_over_interrupts(void)
{
	struct cpu cpu;
	u32 n;

	for (n = 272; n <= 279; n++)
		spr_write(n, 0x01010101 * n);
	mtspr(SPR_CSRR0, 0x1110);
	mtspr(SPR_CSRR1, 0x2200);
	mtspr(SPR_MCSRR0, 0x3330);
	mtspr(SPR_MCSRR1, 0x4400);
	mtspr(SPR_PID, 0x5a);
	mtspr(SPR_DEAR, 0x13572468);

	code_load(NULL, NULL);
	cpu_init(&cpu, MSR_PR);
	cpu_run(&cpu);
	print("after %s: dear=%08x csrr=%08x %08x mcsrr=%08x %08x pid=%02x sprg=%08x %08x %08x "
	      "%08x\n",
	      vec_name(cpu.vec), cpu.dear, mfspr(SPR_CSRR0), mfspr(SPR_CSRR1), mfspr(SPR_MCSRR0),
	      mfspr(SPR_MCSRR1), mfspr(SPR_PID), mfspr(272), mfspr(275), mfspr(260), mfspr(263));

	/* ESR: kept by those interrupts that do not define it. */
	mtspr(SPR_ESR, ESR_ST);
	cpu_init(&cpu, MSR_PR);
	cpu_run(&cpu);
	print("esr after %s: %08x\n", vec_name(cpu.vec), cpu.esr);

	mtspr(SPR_ESR, ESR_PTR);
	code_snippet(miss);
	cpu_init(&cpu, MSR_PR);
	cpu.gpr[4] = 0x55555554;
	cpu_run(&cpu);
	print("esr after %s: %08x dear=%08x\n", vec_name(cpu.vec), cpu.esr, cpu.dear);

	/* Instruction TLB miss: manual, p. 172: neither ESR nor DEAR. */
	mtspr(SPR_ESR, ESR_PPR);
	mtspr(SPR_DEAR, 0x13572468);
	code_snippet(jump);
	cpu_init(&cpu, MSR_PR);
	cpu.gpr[4] = 0x55555554;
	cpu_run(&cpu);
	print("%s at %08x\n", vec_name(cpu.vec), cpu.pc);
	manual("ESR after an instruction TLB miss", cpu.esr, ESR_PPR);
	manual("DEAR after an instruction TLB miss", cpu.dear, 0x13572468);
	mtspr(SPR_PID, 0);
}

/* IVPR has 16 bits, an IVOR 12: the rest reads as 0. Restored before an interrupt needs them. */
static void vectors(void)
{
	u32 ivpr = mfspr(SPR_IVPR), n, p, old;

	print("IVPR   ");
	for (p = 0; p < ARRAY_SIZE(patterns); p++) {
		mtspr(SPR_IVPR, patterns[p]);
		print(" %08x", mfspr(SPR_IVPR));
	}
	mtspr(SPR_IVPR, ivpr);
	print("\n");
	for (n = 0; n < NR_VEC; n++) {
		old = spr_read(SPR_IVOR0 + n);
		print("IVOR%-3u", n);
		for (p = 0; p < ARRAY_SIZE(patterns); p++) {
			spr_write(SPR_IVOR0 + n, patterns[p]);
			print(" %08x", spr_read(SPR_IVOR0 + n));
		}
		spr_write(SPR_IVOR0 + n, old);
		print("\n");
	}
}

/* What QEMU stores and a 440 does not. */
static void not_as_qemu(void)
{
	/* write one to clear */
	mtspr(SPR_MCSR, 0x10000000);
	manual("MCSR is cleared, not set, by ones", mfspr(SPR_MCSR), 0);
	mtspr(SPR_MCSR, 0);
	mtspr(SPR_SRR0, 0x1003);
	manual("SRR0 has no bits 30 and 31", mfspr(SPR_SRR0), 0x1000);
	mtspr(SPR_PID, 0xffffff00);
	manual("PID has 8 bits", mfspr(SPR_PID), 0);
	mtspr(SPR_PID, 0);
}

void test(void)
{
	u32 n;

	for (n = 0; n < ARRAY_SIZE(sprs); n++)
		patterns_of(&sprs[n]);
	vectors();
	all_at_once();
	sprg4_7();
	kept_over_interrupts();
	print("PVR=%08x PIR=%08x\n", mfspr(SPR_PVR), mfspr(SPR_PIR));
	not_as_qemu();
}
