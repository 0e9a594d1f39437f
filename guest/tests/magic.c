// SPDX-License-Identifier: GPL-2.0-only
/*
 * The magic page, as Linux's Documentation/virt/kvm/ppc-pv.rst and asm/kvm_para.h have it. The bare
 * machine has none, and finds our own page there; so what only a VM can answer stands in manual()
 * lines, and what must not differ in the others.
 */
#include "guest.h"

#define KVM_MAGIC     0x4b564d21
#define HC_MAGIC_PAGE (42 << 16 | 4)

#define EA	  0xfffff000
#define ELSEWHERE 0x50004000
#define SLOT	  5
#define RIGHTS	  (TLB_ALL & ~(TLB_UX | TLB_SX))

/* Offsets in the page, of the word that counts in each doubleword */
enum {
	SCRATCH1 = 0x04,
	CRITICAL = 0x1c,
	SPRG0 = 0x24,
	SRR0 = 0x44,
	SRR1 = 0x4c,
	DEAR = 0x54,
	MSR = 0x5c,
	INT_PENDING = 0x64,
	ESR = 0xc8,
	PIR = 0xcc,
	SPRG4 = 0xd4,
	END = 0xf0
};

static u8 own[2 * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static volatile u32 *at(u32 offset)
{
	return (volatile u32 *)(EA + offset);
}

static volatile u32 *own_at(u32 offset)
{
	return (volatile u32 *)(own + offset);
}

/* The second sc, which ends it, is a system call in any case */
SNIPPET(call, "sc; li 0, 0");

static void map_at(u32 ea, u32 *status, u32 *features)
{
	struct cpu cpu;

	code_snippet(call);
	cpu_init(&cpu, 0);
	cpu.gpr[0] = KVM_MAGIC;
	cpu.gpr[11] = HC_MAGIC_PAGE;
	cpu.gpr[3] = ea;
	cpu.gpr[4] = 0xabcde000;
	cpu_run(&cpu);
	*status = cpu.gpr[3];
	*features = cpu.gpr[4];
}

static void mapping(void)
{
	u32 status, features, sum = 0, i;

	map_4k(SLOT, EA, 0, own, RIGHTS);
	*own_at(SCRATCH1) = 0x1234;
	print("our own page: %x\n", *at(SCRATCH1));
	map_at(EA | 1, &status, &features);
	manual("KVM_HC_PPC_MAP_MAGIC_PAGE: status", status, 0);
	manual("... features: to SPRG7", features, 2);
	manual("the page covers our own", *at(SCRATCH1), 0);
	*at(SCRATCH1) = 0x5678;
	manual("... and is another", *own_at(SCRATCH1), 0x1234);
	(void)mfspr(SPR_SPRG0);
	manual("... keeps what is ours", *at(SCRATCH1), 0x5678);
	for (i = END; i < PAGE_SIZE; i += 4)
		sum |= *at(i);
	print("beyond its registers: %x\n", sum);
	*at(PAGE_SIZE - 4) = 0x9abc;
	(void)mfspr(SPR_SPRG0);
	print("... is memory: %x\n", *at(PAGE_SIZE - 4));
}

/* The numbers of SPRs that the page has, and where; user-readable ones have another to read */
#define REGISTER(name, number, read, offset)                            \
	do {                                                            \
		mtspr(number, 0x11223344);                              \
		manual(name " in the page", *at(offset), 0x11223344);   \
		*at(offset) = 0x55667788;                               \
		(void)mfspr(SPR_PVR);                                   \
		manual("... written there", mfspr(read), 0x55667788);   \
		manual("... and still there", *at(offset), 0x55667788); \
	} while (0)

static void registers(void)
{
	REGISTER("SPRG0", 272, 272, SPRG0);
	REGISTER("SPRG1", 273, 273, SPRG0 + 8);
	REGISTER("SPRG2", 274, 274, SPRG0 + 16);
	REGISTER("SPRG3", 275, 275, SPRG0 + 24);
	REGISTER("SPRG4", 276, 260, SPRG4);
	REGISTER("SPRG5", 277, 261, SPRG4 + 8);
	REGISTER("SPRG6", 278, 262, SPRG4 + 16);
	REGISTER("SPRG7", 279, 263, SPRG4 + 24);
	REGISTER("SRR0", 26, 26, SRR0);
	REGISTER("SRR1", 27, 27, SRR1);
	REGISTER("DEAR", 61, 61, DEAR);
	REGISTER("ESR", 62, 62, ESR);
	*at(SRR0) = 0x1237;
	manual("SRR0 has no two lowest bits", mfspr(26), 0x1234);
	manual("PIR", *at(PIR), mfspr(286));
	*at(PIR) = 7;
	(void)mfspr(SPR_PVR);
	manual("... is read-only", *at(PIR), mfspr(286));
	manual("MSR", *at(MSR), mfmsr());
	*at(MSR) ^= MSR_ME | MSR_PR | MSR_DS | MSR_WE;
	(void)mfspr(SPR_PVR);
	manual("... but for EE, is read-only", *at(MSR), mfmsr());
	print("MSR: %x\n", mfmsr());
}

/* Sets MSR[EE] in the page at r4, with r5 as what is critical; the two SPRs trap */
SNIPPET(enable, "mfspr 7, 272; lwz 6, 0x64(4); stw 5, 0x1c(4); lwz 7, 0x5c(4); ori 7, 7, 0x8000;"
		"stw 7, 0x5c(4); mfspr 7, 287; mfmsr 8; stw 9, 0x1c(4); mfspr 7, 272; nop");

static void enable_with(struct cpu *cpu, u32 critical)
{
	code_snippet(enable);
	cpu_init(cpu, 0);
	cpu->gpr[4] = EA;
	cpu->gpr[5] = critical;
	cpu->gpr[9] = 0;
	cpu_run(cpu);
}

static void interrupts(void)
{
	struct cpu cpu;

	enable_with(&cpu, 0);
	manual("nothing is pending", cpu.gpr[6], 0);
	manual("MSR[EE] by the page", cpu.gpr[8] & MSR_EE, MSR_EE);
	manual("... and the sc after it", cpu.vec, VEC_SC);
	manual("... saves it", cpu.msr, MSR_EE);
	print("... has cleared it: %x\n", mfmsr() & MSR_EE);

	mtspr(SPR_TCR, TCR_DIE);
	mtspr(SPR_DEC, 1);
	tsr_wait(TSR_DIS, 1000000);
	enable_with(&cpu, 0);
	manual("a decrementer interrupt is pending", cpu.gpr[6], 1);
	manual("... taken with MSR[EE]", cpu.vec, VEC_DEC);
	manual("... at the next exit", cpu.pc, CODE_EA + 7 * 4);
	enable_with(&cpu, cpu.gpr[1]);
	manual("in a critical section: pending", cpu.gpr[6], 1);
	manual("... MSR[EE]", cpu.gpr[8] & MSR_EE, MSR_EE);
	manual("... taken", cpu.vec, VEC_DEC);
	manual("... after its end", cpu.pc, CODE_EA + 10 * 4);
	mtspr(SPR_TCR, 0);
	mtspr(SPR_TSR, TSR_DIS);
}

static void translation(void)
{
	static const u32 spaces[] = { MSR_DS, MSR_IS | MSR_DS };
	u32 status, features, i;
	struct cpu cpu;

	*at(SCRATCH1) = 0x5678;
	*own_at(SCRATCH1) = 0x1234;
	probe_init();
	probe_load(&cpu, EA + SCRATCH1, MSR_PR);
	print("user state: %s %x\n", vec_name(cpu.vec), cpu.gpr[3]);
	tlb_clear(SLOT);
	probe_load(&cpu, EA + SCRATCH1, MSR_PR);
	print("user state, no entry of ours: ");
	show_interrupt(&cpu);
	print("\n");
	probe_load(&cpu, EA + SCRATCH1, 0);
	manual("no entry of ours: loads", cpu.vec, VEC_SC);
	manual("... the page", cpu.gpr[3], 0x5678);
	probe_store(&cpu, EA + SCRATCH1, 0x1111, 0);
	manual("... stores", cpu.vec, VEC_SC);
	probe_load(&cpu, EA + SCRATCH1, MSR_DS);
	manual("space 1", cpu.gpr[3], 0x1111);
	mtspr(SPR_PID, 7);
	isync();
	probe_load(&cpu, EA + SCRATCH1, 0);
	manual("a PID", cpu.gpr[3], 0x1111);
	mtspr(SPR_PID, 0);
	isync();
	for (i = 0; i < ARRAY_SIZE(spaces); i++) {
		probe_fetch(&cpu, EA, spaces[i] & MSR_IS);
		manual("a fetch", cpu.vec, VEC_ISI);
		manual("... from where", cpu.pc, EA);
	}

	tlb_set(SLOT, (EA & 0xff000000) | TLB_V | TLB_16M, 0, 0x01000000, RIGHTS);
	*(volatile u32 *)(0x01fff000 + SCRATCH1) = 0x2222;
	*(volatile u32 *)(0x01ffe000 + SCRATCH1) = 0x3333;
	print("a large page of ours, below: %x\n", *at(SCRATCH1 - PAGE_SIZE));
	manual("... and the page", *at(SCRATCH1), 0x1111);
	probe_init();
	probe_load(&cpu, EA + SCRATCH1, MSR_PR);
	print("... in user state: %s %x\n", vec_name(cpu.vec), cpu.gpr[3]);

	map_at(ELSEWHERE, &status, &features);
	manual("mapped elsewhere", status, 0);
	print("... no more here: %x\n", *at(SCRATCH1));
	map_4k(SLOT, ELSEWHERE, 0, own, RIGHTS);
	manual("... but there", *(volatile u32 *)(ELSEWHERE + SCRATCH1), 0x1111);
	tlb_clear(SLOT);
}

void test(void)
{
	mapping();
	registers();
	interrupts();
	translation();
}
