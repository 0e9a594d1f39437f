// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: each synchronous one out of several MSRs, what they leave alone, MSR bits and who
 * may change them, when a pending external interrupt is taken, handlers that are interrupted
 * themselves, a miss handler like an operating system's.
 *
 * Not here, since QEMU cannot: critical interrupts inside others, machine check, debug events,
 * ESR of an alignment interrupt, alignment by other instructions than lwarx.
 */
#include "guest.h"

#define EA     0x60000000
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define SLOT   5
#define NPAGES 32

static u8 pages[NPAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/* --- synchronous interrupts --- */

/* r4 = mapped read-only page, r6 = unmapped */
ROW(causes, ROW_BOTH, "sc");
ROW(causes, ROW_BOTH, "twi 31, 0, 0");
ROW(causes, ROW_BOTH, ".long 0");
ROW(causes, ROW_USER, "mfspr 5, 272");
ROW(causes, ROW_BOTH, "lwz 5, 0(6)");
ROW(causes, ROW_BOTH, "stw 5, 4(6)");
ROW(causes, ROW_BOTH, "stw 5, 0(4)");
ROW(causes, ROW_BOTH, "mtctr 6; bctr");
ROW(causes, ROW_BOTH, "mtctr 4; bctr");
ROW(causes, ROW_BOTH, "addi 4, 4, 2; lwarx 5, 0, 4");
ROW(causes, ROW_BOTH, "lfd 1, 0(4)");
ROW(causes, ROW_BOTH, "lfd 1, 0(6)");
ROW(causes, ROW_BOTH, "fadd 1, 2, 3");
ROW(causes, ROW_BOTH, "mffs 1");
ROW_TABLE(causes);

static void synchronous(void)
{
	/*
	 * no FP: the rows with floating point want it off; CE is masked in a program interrupt's
	 * SRR1
	 */
	static const u32 msrs[] = {
		0, MSR_EE, MSR_CE, MSR_DE | MSR_DWE, MSR_ME, MSR_FE0 | MSR_FE1,
	};
	struct cpu before, now;
	const struct row *r;
	u32 m, pr;

	map_4k(SLOT, EA, 0, pages[0], TLB_UR | TLB_SR);
	for (r = causes_begin; r < causes_end; r++) {
		code_load(r->words, r->words + r->count);
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			if (!(r->flags & (pr ? ROW_USER : ROW_SUPERVISOR)))
				continue;
			for (m = 0; m < ARRAY_SIZE(msrs); m++) {
				cpu_init(&before, msrs[m] | pr);
				before.gpr[4] = EA;
				before.gpr[6] = 0x70000000;
				now = before;
				cpu_run(&now);
				print("msr %08x ", before.msr);
				show(r->name, &before, &now);
			}
		}
	}
	tlb_clear(SLOT);

	/* Manual, MSR at interrupts: a non-critical one keeps CE and DE. QEMU clears them. */
	code_load(NULL, NULL);
	cpu_init(&now, MSR_CE | MSR_DE | MSR_EE | MSR_ME);
	cpu_run(&now);
	manual("CE and DE are kept by a system call", now.entry_msr, MSR_CE | MSR_DE | MSR_ME);
}

/* --- the MSR --- */

SNIPPET(write_msr, "mtmsr 6; isync; mfmsr 5; mtmsr 7; isync; mfmsr 8");
SNIPPET(read_msr, "mfmsr 5");

static void msr_bits(void)
{
	/* without WE, PR, IS, DS: they change what runs next. Reserved bits read as 0. */
	static const u32 bits[] = { MSR_CE,	MSR_EE,	    MSR_FP,
				    MSR_FE0,	MSR_DWE,    MSR_DE,
				    MSR_FE1,	0x80000000, 0x00080000,
				    0x00000080, 0x00000040, 0x00000008,
				    0x00000002, 0x00000001, 0xfffabfcf & ~MSR_ME };
	struct cpu before, now;
	u32 n;

	code_snippet(write_msr);
	for (n = 0; n < ARRAY_SIZE(bits); n++) {
		cpu_init(&before, 0);
		before.gpr[6] = bits[n];
		before.gpr[7] = 0;
		now = before;
		cpu_run(&now);
		print("mtmsr %08x: %08x then %08x\n", bits[n], now.gpr[5], now.gpr[8]);
	}
	code_snippet(read_msr);
	for (n = 0; n < ARRAY_SIZE(bits); n++) {
		cpu_init(&now, bits[n] | MSR_ME);
		cpu_run(&now);
		print("rfi %08x: %08x srr1=%08x\n", bits[n] | MSR_ME, now.gpr[5], now.msr);
	}
	/* QEMU's mtmsr leaves ME as it was. */
	code_snippet(write_msr);
	cpu_init(&now, 0);
	now.gpr[6] = MSR_ME;
	now.gpr[7] = 0;
	cpu_run(&now);
	manual("mtmsr sets ME", now.gpr[5], MSR_ME);
	cpu_init(&now, MSR_ME);
	now.gpr[6] = 0;
	now.gpr[7] = 0;
	cpu_run(&now);
	manual("mtmsr clears ME", now.gpr[5], 0);

	/* into user state: the mfmsr after it is the user's */
	cpu_init(&before, MSR_EE);
	before.gpr[6] = MSR_PR | MSR_FP;
	now = before;
	cpu_run(&now);
	show("mtmsr to user", &before, &now);
}

/* --- external and critical interrupts, raised by software in the UIC --- */

#define SOURCE 0x00000100 /* no device of the board */

ROW(gates, 0, "nop; nop");
ROW(gates, 0, "wrteei 1; nop");
ROW(gates, 0, "wrtee 6; nop");
ROW(gates, 0, "mtmsr 6; nop");
ROW(gates, 0, "wrteei 0; nop; wrteei 1; nop");
ROW(gates, 0, "wrteei 1; wrteei 0; nop");
ROW(gates, 0, "wrtee 7; nop; sc");
ROW(gates, 0, "mtspr 26, 8; mtspr 27, 6; rfi; nop; nop");
ROW(gates, 0, "mtspr 26, 8; mtspr 27, 9; rfi; nop; nop");
ROW(gates, 0, "mtspr 26, 8; mtspr 27, 7; rfi; nop; nop");
ROW(gates, 0, "mtspr 58, 8; mtspr 59, 6; rfci; nop; nop");
ROW_TABLE(gates);

static void raise(void)
{
	mtdcr(UIC_SRS, SOURCE);
}

/* An interrupt is pending that this bit of the MSR lets in */
static void through_gates(u32 msr)
{
	struct cpu before, now;
	const struct row *r;
	u32 n;

	for (r = gates_begin; r < gates_end; r++) {
		code_load(r->words, r->words + r->count);
		cpu_init(&before, 0);
		before.gpr[6] = msr;
		before.gpr[7] = 0;
		before.gpr[8] = CODE_EA + 4 * (r->count - 1);
		before.gpr[9] = msr | MSR_PR;
		now = before;
		cpu_run(&now);
		show(r->name, &before, &now);
	}
	/* taken before the first instruction, whatever that would do */
	code_load(NULL, NULL);
	for (n = 0; n < 2; n++) {
		cpu_init(&before, msr | (n ? MSR_PR : 0));
		now = before;
		cpu_run(&now);
		show(n ? "at once, user" : "at once", &before, &now);
	}
	/* a level: it comes again until it is cleared */
	cpu_run(&now);
	show("again", &before, &now);
	mtdcr(UIC_SR, SOURCE);
	cpu_run(&now);
	show("cleared", &before, &now);
}

static void external(void)
{
	struct cpu before, now;

	mtdcr(UIC_ER, 0);
	mtdcr(UIC_CR, 0);
	mtdcr(UIC_SR, 0xffffffff);
	raise();
	print("uic not enabled: sr=%08x msr=%08x\n", mfdcr(UIC_SR) & SOURCE, mfdcr(UIC_MSR));
	mtdcr(UIC_ER, SOURCE);
	print("uic enabled: msr=%08x er=%08x\n", mfdcr(UIC_MSR), mfdcr(UIC_ER));

	through_gates(MSR_EE);
	mtdcr(UIC_ER, 0);
	raise();
	cpu_init(&before, MSR_EE);
	now = before;
	cpu_run(&now);
	show("disabled in the UIC", &before, &now);
	mtdcr(UIC_SR, SOURCE);
	print("uic at the end: sr=%08x msr=%08x\n", mfdcr(UIC_SR) & SOURCE, mfdcr(UIC_MSR));
}

static void critical(void)
{
	struct cpu before, now;

	mtdcr(UIC_CR, SOURCE);
	mtdcr(UIC_ER, SOURCE);
	mtdcr(UIC_VCR, 0x00100000);
	raise();
	print("uic critical: msr=%08x cr=%08x\n", mfdcr(UIC_MSR), mfdcr(UIC_CR));
	manual("vector from source 0 on", mfdcr(UIC_VR), 0x00100000 + 23 * 512);
	mtdcr(UIC_VCR, 0x00100001);
	manual("vector from source 31 on", mfdcr(UIC_VR), 0x00100000 + 8 * 512);
	/* MSR[EE] is another's */
	code_load(NULL, NULL);
	cpu_init(&before, MSR_EE);
	now = before;
	cpu_run(&now);
	show("EE with a critical interrupt", &before, &now);
	through_gates(MSR_CE);
	mtdcr(UIC_ER, 0);
	mtdcr(UIC_CR, 0);
}

/* --- registers that only a real interrupt may change --- */

/* Everything here traps or misses in a VM; none of it is an interrupt of the guest. */
SNIPPET(keep, "mtspr 26, 6; mtspr 27, 7; mtspr 61, 8; mtspr 62, 9\n"
	      "mfmsr 10; wrteei 0; tlbsync; mfspr 10, 48; mfspr 10, 287; iccci 0, 0\n"
	      "lwz 10, 0(4); stw 10, 4(4); lwz 10, 0(5); tlbre 10, 3, 1; mfdcr 10, 0xc2\n"
	      "mfspr 20, 26; mfspr 21, 27; mfspr 22, 61; mfspr 23, 62");

static void untouched(void)
{
	struct cpu before, now;
	u32 n;

	code_snippet(keep);
	for (n = 0; n < 3; n++) {
		/* new pages each time: nobody has touched them yet */
		map_4k(SLOT, EA + n * 0x10000, 0, pages[2 * n], RIGHTS);
		map_4k(SLOT + 1, EA + n * 0x10000 + 0x5000, 0, pages[2 * n + 1], RIGHTS);
		*(u32 *)pages[2 * n + 1] = n;
		cpu_init(&before, 0);
		before.gpr[3] = SLOT;
		before.gpr[4] = EA + n * 0x10000;
		before.gpr[5] = EA + n * 0x10000 + 0x5000;
		before.gpr[6] = 0x12345678;
		before.gpr[7] = MSR_EE | MSR_PR | MSR_IS;
		before.gpr[8] = 0x9abcdef0;
		before.gpr[9] = ESR_ST | ESR_PIL;
		before.gpr[10] = 0;
		now = before;
		cpu_run(&now);
		now.gpr[10] = 0;
		show("kept", &before, &now);
	}
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

/* --- handlers --- */

/* A system call's handler that misses itself, before and after it saved SRR0 and SRR1. */
SNIPPET(handler, "mfspr 20, 26; mfspr 21, 27; lwz 22, 0(4); mtspr 26, 20; mtspr 27, 21; rfi");
SNIPPET(caller, "li 3, 1; sc; li 5, 5; twi 31, 0, 0");

static void nested(void)
{
	struct cpu before, now;

	vector_install(VEC_SC, handler, handler_end);
	code_snippet(caller);
	*(u32 *)pages[3] = 0x4e574ed0;
	cpu_init(&before, MSR_PR | MSR_EE);
	before.gpr[4] = EA;
	now = before;
	cpu_run(&now);
	show("miss in the handler", &before, &now);
	map_4k(SLOT, EA, 0, pages[3], TLB_SR);
	cpu_run(&now);
	show("repaired, back in user", &before, &now);
	vector_restore(VEC_SC);
	tlb_clear(SLOT);
}

/*
 * A data miss handler: slot 8..39 in turn (SPRG4), page DEAR modulo NPAGES. r28-r31 are its own.
 * No stack, no page but page 0's absolute addresses: as an operating system's fast path.
 */
SNIPPET(refill,
	"mfspr 28, 61; rlwinm 29, 28, 0, 0, 19; mfspr 30, 260; addi 30, 30, 1\n"
	"rlwinm 31, 30, 0, 27, 31; mtspr 276, 31; addi 31, 31, 8; li 30, 0; tlbwe 30, 31, 0\n"
	"rlwinm 30, 28, 0, 15, 19; add 30, 30, 26; tlbwe 30, 31, 1; li 30, 0x1b\n"
	"tlbwe 30, 31, 2; ori 29, 29, 0x210; tlbwe 29, 31, 0; addi 27, 27, 1; rfi");
/* r4 goes round 64 pages, r9 stays; more pages than slots. */
SNIPPET(walk, "mtctr 5; 1: lwz 6, 0(4); rotlwi 7, 7, 3; xor 7, 7, 6; add 7, 7, 4; stw 7, 8(4)\n"
	      "add 4, 4, 8; rlwinm 4, 4, 0, 14, 12; lwz 6, 8(9); add 7, 7, 6; bdnz 1b");

static void miss_handler(void)
{
	struct cpu before, now;
	u32 n;

	for (n = 0; n < NPAGES; n++)
		*(u32 *)pages[n] = 0x01010101 * n;
	mtspr(SPR_SPRG4, 0);
	vector_install(VEC_DTLB, refill, refill_end);
	code_snippet(walk);
	for (n = 0; n < 2; n++) {
		cpu_init(&before, n ? MSR_PR : 0);
		before.gpr[4] = EA;
		before.gpr[5] = 1000;
		before.gpr[7] = 0;
		before.gpr[8] = 0x00003000;
		before.gpr[9] = EA + 0x00100000;
		before.gpr[26] = (u32)pages;
		before.gpr[27] = 0;
		before.gpr[28] = before.gpr[29] = before.gpr[30] = before.gpr[31] = 0;
		now = before;
		cpu_run(&now);
		print("miss handler: %s sum=%08x refills=%u end=%08x\n", vec_name(now.vec),
		      now.gpr[7], now.gpr[27], now.gpr[4]);
	}
	vector_restore(VEC_DTLB);
	for (n = 8; n < 40; n++)
		tlb_clear(n);
}

/* --- many in random order --- */

static void mixture(void)
{
	struct cpu cpu;
	const struct row *r;
	u32 seed = 77, n, sum = 0, srr1;

	for (n = 0; n < 300; n++) {
		r = causes_begin + random_u32(&seed) % (u32)(causes_end - causes_begin);
		code_load(r->words, r->words + r->count);
		map_4k(SLOT, EA, 0, pages[0], TLB_UR | TLB_SR);
		cpu_init(&cpu, random_u32(&seed) & (MSR_PR | MSR_EE | MSR_FE0 | MSR_ME));
		if (!(r->flags & ROW_SUPERVISOR))
			cpu.msr |= MSR_PR;
		cpu.gpr[4] = EA;
		cpu.gpr[6] = 0x70000000 + (random_u32(&seed) & 0xfffffc);
		cpu_run(&cpu);
		srr1 = cpu.vec == VEC_PROGRAM ? cpu.msr & SRR1_PROGRAM_MASK : cpu.msr;
		sum = sum * 31 + cpu.vec;
		sum = sum * 31 + cpu.pc;
		sum = sum * 31 + srr1;
		sum = sum * 31 + cpu.gpr[4];
		if (cpu.vec == VEC_DTLB || cpu.vec == VEC_DSI)
			sum = sum * 31 + cpu.dear + cpu.esr;
	}
	print("mixture: %08x\n", sum);
	tlb_clear(SLOT);
}

void test(void)
{
	synchronous();
	msr_bits();
	external();
	critical();
	untouched();
	nested();
	miss_handler();
	mixture();
}
