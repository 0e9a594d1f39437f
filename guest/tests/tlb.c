// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TLB as a program sees it: readback, page sizes, rights, matching by TID and PID, searches,
 * replacement, all entries in use, PID switches, and the registers at each kind of miss.
 *
 * Not here: 1K pages (QEMU has none below 4K), unsupported sizes (undefined on a 440, QEMU
 * differs), EPN bits below the page size (ignored by a 440, no match ever on QEMU), two matching
 * entries (undefined). Address space 1 is in aspace.c.
 */
#include "guest.h"

#define EA     0x60000000
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define SC_AT  0x100 /* offset of an sc in each page */
#define NPAGES 64
#define SLOT   5
#define USER   MSR_PR
#define SUPV   0
#define BIG_PA 0x01000000 /* 16 MB of RAM that nothing else uses */

static u8 pages[NPAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void fill_pages(void)
{
	u32 n;

	for (n = 0; n < NPAGES; n++) {
		memset(pages[n], 0, PAGE_SIZE);
		*(u32 *)pages[n] = 0xda7a0000 + n;
		*(u32 *)(pages[n] + SC_AT) = INSN_SC;
		*(u32 *)(pages[n] + PAGE_SIZE - 4) = 0xe4d00000 + n;
	}
	code_sync(pages, sizeof(pages));
}

static void show_load(const char *name, u32 ea, u32 msr)
{
	struct cpu cpu;

	probe_load(&cpu, ea, msr);
	print("%s ", name);
	if (cpu.vec == VEC_SC) {
		print("%08x\n", cpu.gpr[3]);
	} else {
		show_interrupt(&cpu);
		print("\n");
	}
}

/* --- readback --- */

static const u32 sizes[] = { TLB_4K, TLB_16K, TLB_64K, TLB_256K, TLB_1M, TLB_16M, TLB_256M };

static u32 size_bytes(u32 size)
{
	return 1024u << 2 * (size >> 4);
}

/*
 * Word 0 without the parity bits. Word 2: what both QEMU and a 440 keep (QEMU loses E and the
 * bits that only a 440x6 has).
 */
#define WORD0_MASK 0xfffffff0
#define WORD1_MASK 0xfffffc0f
#define WORD2_MASK 0x0000ff3f

static void readback(void)
{
	struct tlb_entry e;
	u32 seed = 1, slot, size, w0, w1, w2;

	for (slot = 0; slot < SLOT_UART; slot++) {
		size = sizes[random_u32(&seed) % ARRAY_SIZE(sizes)];
		/* EA 8.......: nothing of ours is there, nothing is accessed */
		w0 = ((random_u32(&seed) & 0x3fffffff) | 0x80000000) & -size_bytes(size);
		w0 |= size | (random_u32(&seed) & (TLB_V | TLB_TS));
		w1 = (random_u32(&seed) & -size_bytes(size)) | (random_u32(&seed) & 15);
		w2 = random_u32(&seed) & WORD2_MASK;
		/* a TID of its own for each, so that no two can match */
		tlb_set(slot, w0, slot + 1, w1, w2);
	}
	for (slot = 0; slot < SLOT_UART; slot++) {
		tlb_get(slot, &e);
		print("slot %2u %08x %08x %08x tid=%02x\n", slot, e.word[0] & WORD0_MASK,
		      e.word[1] & WORD1_MASK, e.word[2] & WORD2_MASK, e.tid);
	}
	for (slot = SLOT_UART; slot <= SLOT_PINNED; slot++) {
		tlb_get(slot, &e);
		print("slot %2u %08x %08x %08x tid=%02x\n", slot, e.word[0] & WORD0_MASK,
		      e.word[1] & WORD1_MASK, e.word[2] & WORD2_MASK, e.tid);
	}
	tlb_set(SLOT, EA | TLB_4K, 0, 0, 0x80);
	tlb_get(SLOT, &e);
	manual("word 2 keeps E", e.word[2], 0x80);

	/* tlbre of word 0 puts the TID into MMUCR[STID] and leaves STS. */
	tlb_set(SLOT, EA | TLB_4K, 0x77, 0, 0);
	mtspr(SPR_MMUCR, MMUCR_STS | 0x11);
	tlb_get(SLOT, &e);
	print("mmucr after tlbre %08x\n", mfspr(SPR_MMUCR));
	mtspr(SPR_MMUCR, 0);
	tlb_clear_all();
	probe_init();
}

/* --- page sizes --- */

static void page_sizes(void)
{
	u32 n, bytes, pa;

	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		bytes = size_bytes(sizes[n]);
		/* 256M: physical 0, whose RAM is smaller than the page */
		pa = bytes > BIG_PA ? 0 : BIG_PA;
		tlb_set(SLOT, EA | TLB_V | sizes[n], 0, pa, RIGHTS);
		print("%u KB\n", bytes >> 10);
		*(volatile u32 *)BIG_PA = 0x11110000 + n;
		*(volatile u32 *)(BIG_PA + 0x1f00) = 0x33330000 + n;
		if (bytes <= BIG_PA) {
			*(volatile u32 *)(pa + bytes - 4) = 0x22220000 + n;
			show_load("  first", EA, USER);
			show_load("  last", EA + bytes - 4, SUPV);
			show_load("  across the end", EA + bytes - 2, SUPV);
		} else {
			show_load("  inside", EA + BIG_PA, USER);
			show_load("  inside", EA + BIG_PA + 0x1f00, SUPV);
		}
		show_load("  below", EA - 4, USER);
		show_load("  above", EA + bytes, USER);
		tlb_clear(SLOT);
	}
}

/* A large page is used at many places, in both states, between small ones. */
static void scattered(void)
{
	struct cpu cpu;
	u32 seed = 99, sum = 0, wrong = 0, n, off;

	tlb_set(SLOT, EA | TLB_V | TLB_16M, 0, BIG_PA, RIGHTS);
	map_4k(SLOT + 1, EA + 0x01000000, 0, pages[7], RIGHTS);
	for (n = 0; n < 256; n++) {
		off = random_u32(&seed) & 0x00fffffc;
		probe_store(&cpu, EA + off, off ^ n, n & 1 ? USER : SUPV);
		wrong += cpu.vec != VEC_SC;
		wrong += *(volatile u32 *)(BIG_PA + off) != (off ^ n);
		*(volatile u32 *)(BIG_PA + (off ^ 0x1000)) = off * 3;
		probe_load(&cpu, EA + (off ^ 0x1000), n & 2 ? USER : SUPV);
		wrong += cpu.vec != VEC_SC;
		sum = sum * 31 + cpu.gpr[3];
		probe_load(&cpu, EA + 0x01000000, USER);
		sum = sum * 31 + cpu.gpr[3];
	}
	print("scattered: sum=%08x wrong=%u\n", sum, wrong);
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

/* --- rights --- */

static void one_access(u32 kind, u32 msr)
{
	static const char letters[] = "rwx";
	struct cpu cpu;
	bool denied;

	switch (kind) {
	case 0:
		probe_load(&cpu, EA, msr);
		denied = cpu.vec == VEC_DSI && cpu.pc == CODE_EA && !cpu.esr && cpu.dear == EA;
		break;
	case 1:
		probe_store(&cpu, EA + 8, 1, msr);
		denied = cpu.vec == VEC_DSI && cpu.pc == CODE_EA + 8 && cpu.esr == ESR_ST &&
			 cpu.dear == EA + 8;
		break;
	default:
		probe_fetch(&cpu, EA + SC_AT, msr);
		denied = cpu.vec == VEC_ISI && cpu.pc == EA + SC_AT && !cpu.esr;
	}
	if (cpu.vec == VEC_SC && cpu.msr == msr) {
		print("%c", letters[kind]);
	} else if (denied && cpu.msr == msr) {
		print("-");
	} else {
		print("?(");
		show_interrupt(&cpu);
		print(")");
	}
}

static void rights(void)
{
	u32 r, kind;

	for (r = 0; r < 64; r++) {
		map_4k(SLOT, EA, 0, pages[0], r);
		print("rights %02x user ", r);
		for (kind = 0; kind < 3; kind++)
			one_access(kind, USER);
		print(" supervisor ");
		for (kind = 0; kind < 3; kind++)
			one_access(kind, SUPV);
		print("\n");
	}
	tlb_clear(SLOT);
}

/* What is emulated must also work where the code may be executed but not read. */
static void execute_only(void)
{
	struct cpu before, now;
	u32 *code = (u32 *)(pages[1] + 0x200);

	code[0] = 0x7ca000a6; /* mfmsr 5 */
	code[1] = 0x7cd042a6; /* mfspr 6, 272 */
	code[2] = 0x80e40000; /* lwz 7, 0(4): its own page, not readable */
	code_sync(code, 12);
	mtspr(SPR_SPRG0, 0x5a5a1234);
	map_4k(SLOT, EA, 0, pages[1], TLB_SX | TLB_UX);
	cpu_init(&before, SUPV);
	before.pc = EA + 0x200;
	before.gpr[4] = EA;
	now = before;
	cpu_run(&now);
	show("execute only, supervisor", &before, &now);
	before.msr = USER;
	now = before;
	cpu_run(&now);
	show("execute only, user", &before, &now);
	before.pc = EA + 0x208;
	now = before;
	cpu_run(&now);
	show("execute only, user load", &before, &now);
	tlb_clear(SLOT);
	fill_pages();
}

/* --- matching --- */

static void tid_and_pid(void)
{
	static const u32 ids[] = { 0, 1, 5, 0x80, 0xff };
	struct cpu cpu;
	u32 t, p;

	for (t = 0; t < ARRAY_SIZE(ids); t++) {
		map_4k(SLOT, EA, ids[t], pages[t], RIGHTS | TLB_UX);
		print("tid %02x, pid", ids[t]);
		for (p = 0; p < ARRAY_SIZE(ids); p++) {
			mtspr(SPR_PID, ids[p]);
			isync();
			probe_load(&cpu, EA, USER);
			print(" %02x: %s", ids[p], cpu.vec == VEC_SC ? "hit" : vec_name(cpu.vec));
			probe_fetch(&cpu, EA + SC_AT, USER);
			print("/%s", cpu.vec == VEC_SC ? "hit" : vec_name(cpu.vec));
		}
		print("\n");
		mtspr(SPR_PID, 0);
	}
	map_4k(SLOT, EA | TLB_TS, 0, pages[0], RIGHTS);
	show_load("TS=1 entry from AS 0", EA, SUPV);
	tlb_set(SLOT, EA | TLB_4K, 0, (u32)pages[0], RIGHTS);
	show_load("V=0 entry", EA, SUPV);
	tlb_clear(SLOT);
}

static void searches(void)
{
	static const u32 eas[] = { EA,		 EA + 0xffc,   EA + 0x1000, EA + 0x10000,
				   EA + 0x1ffff, EA + 0x20000, 0,	    UART1_BASE,
				   CODE_EA,	 0xfffffffc };
	static const u32 tids[] = { 0, 1, 2, 0x21 };
	u32 n, t;

	map_4k(7, EA, 1, pages[0], 0);
	map_4k(9, EA, 2, pages[1], 0);
	tlb_set(30, (EA + 0x10000) | TLB_V | TLB_64K, 0, 0, 0);
	tlb_set(31, (EA + 0x20000) | TLB_4K, 0, 0, 0); /* not valid */
	for (n = 0; n < ARRAY_SIZE(eas); n++) {
		print("tlbsx %08x:", eas[n]);
		for (t = 0; t < ARRAY_SIZE(tids); t++)
			print(" tid %02x slot %d", tids[t], tlb_search(eas[n], 0, tids[t]));
		print("\n");
	}
	/* QEMU's tlbsx ignores STS and TS. */
	map_4k(11, EA | TLB_TS, 1, pages[2], 0);
	map_4k(12, (EA + 0x30000) | TLB_TS, 0, pages[2], 0);
	manual("tlbsx with STS=1 passes over TS=0", tlb_search(EA, 1, 1), 11);
	manual("tlbsx with STS=0 passes over TS=1", tlb_search(EA + 0x30000, 0, 0), -1);
	manual("tlbsx with STS=1 finds no TS=0", tlb_search(EA + 0x10000, 1, 0), -1);
	tlb_clear_all();
	probe_init();
}

/* --- changing live entries --- */

static void write_word(u32 slot, u32 ws, u32 value)
{
	switch (ws) {
	case 0:
		asm volatile("tlbwe %0, %1, 0; isync" : : "r"(value), "r"(slot) : "memory");
		break;
	case 1:
		asm volatile("tlbwe %0, %1, 1; isync" : : "r"(value), "r"(slot) : "memory");
		break;
	case 2:
		asm volatile("tlbwe %0, %1, 2; isync" : : "r"(value), "r"(slot) : "memory");
		break;
	}
}

static u32 vector_of_load(u32 ea)
{
	struct cpu cpu;

	probe_load(&cpu, ea, USER);
	return cpu.vec;
}

static void changes(void)
{
	struct cpu cpu;

	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	show_load("mapped", EA, USER);
	map_4k(SLOT, EA, 0, pages[1], RIGHTS);
	show_load("mapped elsewhere", EA, USER);
	map_4k(SLOT, EA, 0, pages[1], TLB_SR);
	show_load("user's rights removed", EA, USER);
	show_load("... supervisor's not", EA, SUPV);
	tlb_clear(SLOT);
	show_load("cleared", EA, USER);
	show_load("cleared", EA, SUPV);

	/* as a miss handler does it: words 1, 0, 2 over a live entry, another page */
	map_4k(SLOT, EA, 0, pages[2], RIGHTS);
	show_load("live entry", EA, USER);
	write_word(SLOT, 1, (u32)pages[3]);
	write_word(SLOT, 0, (EA + 0x5000) | TLB_V | TLB_4K);
	write_word(SLOT, 2, RIGHTS);
	show_load("replaced, old page", EA, USER);
	show_load("replaced, new page", EA + 0x5000, USER);
	write_word(SLOT, 1, (u32)pages[4]);
	show_load("word 1 rewritten", EA + 0x5000, USER);
	write_word(SLOT, 0, 0);
	show_load("word 0 cleared", EA + 0x5000, USER);
	write_word(SLOT, 0, (EA + 0x5000) | TLB_V | TLB_4K);
	show_load("word 0 back", EA + 0x5000, USER);
	/* the same translation moves to another slot */
	tlb_clear(SLOT);
	map_4k(SLOT + 20, EA + 0x5000, 0, pages[4], RIGHTS);
	show_load("in another slot", EA + 0x5000, USER);
	tlb_clear(SLOT + 20);
	show_load("cleared there", EA + 0x5000, USER);

	/* Changes of one word of a live entry that QEMU's cached translations outlive. */
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	probe_store(&cpu, EA, 0xda7a0000, USER);
	write_word(SLOT, 2, TLB_UR);
	probe_store(&cpu, EA, 0xda7a0000, USER);
	manual("write right removed by word 2", cpu.vec, VEC_DSI);
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	vector_of_load(EA);
	mtspr(SPR_MMUCR, 0x33);
	write_word(SLOT, 0, EA | TLB_V | TLB_4K);
	manual("TID changed by word 0", vector_of_load(EA), VEC_DTLB);
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	vector_of_load(EA);
	write_word(SLOT, 0, EA | TLB_V | TLB_TS | TLB_4K);
	manual("TS changed by word 0", vector_of_load(EA), VEC_DTLB);
	tlb_set(SLOT, EA | TLB_V | TLB_64K, 0, BIG_PA, RIGHTS);
	vector_of_load(EA + 0x8000);
	write_word(SLOT, 0, EA | TLB_V | TLB_4K);
	manual("size shrunk by word 0", vector_of_load(EA + 0x8000), VEC_DTLB);
	tlb_clear(SLOT);
}

/*
 * A page is replaced while other sizes cover its neighbours; then sizes change over the same
 * place.
 */
static void sizes_over_one_place(void)
{
	u32 n;

	for (n = 0; n < ARRAY_SIZE(sizes) - 1; n++) {
		*(volatile u32 *)(BIG_PA + 0x400) = 0x44440000 + n;
		tlb_set(SLOT, EA | TLB_V | sizes[n], 0, BIG_PA, RIGHTS);
		show_load("growing", EA + 0x400, USER);
	}
	for (n = ARRAY_SIZE(sizes) - 1; n-- > 0;) {
		tlb_set(SLOT, EA | TLB_V | sizes[n], 0, BIG_PA, TLB_UR);
		show_load("shrinking", EA + 0x400, USER);
		show_load("... past its end", EA + size_bytes(sizes[n]), USER);
	}
	/* Four 4K pages in place of one 16K page: one of them elsewhere, one missing. */
	tlb_set(SLOT, EA | TLB_V | TLB_16K, 0, (u32)pages[0] & -0x4000, RIGHTS);
	show_load("16K page", EA + 0x3000, USER);
	tlb_clear(SLOT);
	map_4k(SLOT, EA, 0, pages[10], RIGHTS);
	map_4k(SLOT + 1, EA + 0x1000, 0, pages[20], RIGHTS);
	map_4k(SLOT + 2, EA + 0x3000, 0, pages[13], RIGHTS);
	for (n = 0; n < 4; n++)
		show_load("4K pages", EA + n * 0x1000, USER);
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
	tlb_clear(SLOT + 2);
}

/* --- many entries, many PIDs --- */

static void all_slots(void)
{
	struct cpu cpu;
	u32 slot, round, wrong = 0;

	for (slot = 1; slot < SLOT_UART; slot++)
		map_4k(slot, EA + slot * PAGE_SIZE, 0, pages[slot], RIGHTS | TLB_UX);
	for (round = 0; round < 3; round++) {
		for (slot = 1; slot < SLOT_UART; slot++) {
			probe_load(&cpu, EA + slot * PAGE_SIZE, USER);
			wrong += cpu.vec != VEC_SC || cpu.gpr[3] != 0xda7a0000 + slot;
			probe_store(&cpu, EA + slot * PAGE_SIZE + 0x40, slot + round, USER);
			wrong += *(volatile u32 *)(pages[slot] + 0x40) != slot + round;
			probe_fetch(&cpu, EA + slot * PAGE_SIZE + SC_AT, USER);
			wrong += cpu.vec != VEC_SC;
		}
	}
	/* every second one away: those miss, the others do not */
	for (slot = 2; slot < SLOT_UART; slot += 2)
		tlb_clear(slot);
	for (slot = 1; slot < SLOT_UART; slot++) {
		probe_load(&cpu, EA + slot * PAGE_SIZE, SUPV);
		wrong += cpu.vec != (slot & 1 ? VEC_SC : VEC_DTLB);
	}
	print("all slots: wrong=%u\n", wrong);
	tlb_clear_all();
	probe_init();
}

SNIPPET(count_visits,
	"lwz 3, 0(4); addi 3, 3, 1; stw 3, 0(4); lwz 6, 0(5); addi 6, 6, 1; stw 6, 0(5)");
SNIPPET(run_there, "mtctr 7; bctrl");

static void visit(u32 pid, struct cpu *cpu)
{
	mtspr(SPR_PID, pid);
	isync();
	cpu_init(cpu, MSR_PR);
	cpu->gpr[4] = EA;
	cpu->gpr[5] = EA + 0x1000;
	cpu_run(cpu);
}

/* The same address has a page of its own in 40 PIDs, another is shared (TID 0). */
static void private_pages(void)
{
	struct cpu cpu;
	u32 pid, round, wrong = 0;

	code_snippet(count_visits);
	map_4k(1, EA + 0x1000, 0, pages[63], RIGHTS);
	for (pid = 1; pid <= 40; pid++)
		map_4k(1 + pid, EA, pid, pages[pid], RIGHTS);
	for (round = 1; round <= 5; round++) {
		for (pid = 1; pid <= 40; pid++) {
			visit(pid, &cpu);
			wrong += cpu.vec != VEC_SC || cpu.gpr[3] != 0xda7a0000 + pid + round;
		}
	}
	print("private pages: wrong=%u, shared %08x\n", wrong, *(volatile u32 *)pages[63]);
	visit(41, &cpu);
	print("PID without a page: ");
	show_interrupt(&cpu);
	print("\n");
	tlb_clear(1 + 7);
	visit(7, &cpu);
	print("its page cleared: ");
	show_interrupt(&cpu);
	print("\n");
	visit(8, &cpu);
	print("the next one still: %08x\n", cpu.gpr[3]);
	mtspr(SPR_PID, 0);
	tlb_clear_all();
	fill_pages();
}

/* All 255 PIDs, several times, through a few slots; each sees its own page, data and code. */
static void pid_storm(void)
{
	struct cpu cpu;
	u32 n, pid, page, wrong = 0;

	for (page = 0; page < NPAGES; page++) {
		u32 *code = (u32 *)(pages[page] + 0x300);

		code[0] = 0x39000000 | page; /* li 8, page */
		code[1] = 0x4e800020; /* blr */
		*(u32 *)pages[page] = 0;
	}
	code_sync(pages, sizeof(pages));
	code_snippet(run_there);
	map_4k(1, EA + 0x1000, 0, pages[63], RIGHTS);
	for (n = 0; n < 1100; n++) {
		pid = 1 + n % 255;
		page = pid % 61;
		map_4k(2 + n % 5, EA, pid, pages[page], RIGHTS | TLB_UX);
		mtspr(SPR_PID, pid);
		isync();
		cpu_init(&cpu, MSR_PR);
		cpu.gpr[7] = EA + 0x300;
		cpu_run(&cpu);
		wrong += cpu.vec != VEC_SC || cpu.gpr[8] != page;
	}
	mtspr(SPR_PID, 0);
	print("pid storm: wrong=%u\n", wrong);
	tlb_clear_all();
	fill_pages();
	probe_init();
}

/* --- misses and denials by each kind of access --- */

/* r4 = EA of the access, r5 = offset 0, r6.. data */
ROW(misses, ROW_BOTH, "lwz 3, 0(4)");
ROW(misses, ROW_BOTH, "lbz 3, 0(4)");
ROW(misses, ROW_BOTH, "lhau 3, 0x20(4)");
ROW(misses, ROW_BOTH, "lwzux 3, 4, 5");
ROW(misses, ROW_BOTH, "lwbrx 3, 4, 5");
ROW(misses, ROW_BOTH, "stw 6, 0(4)");
ROW(misses, ROW_BOTH, "stb 6, 0(4)");
ROW(misses, ROW_BOTH, "sthu 6, 0x20(4)");
ROW(misses, ROW_BOTH, "stwux 6, 4, 5");
ROW(misses, ROW_BOTH, "sthbrx 6, 4, 5");
ROW(misses, ROW_BOTH, "lmw 28, 0(4)");
ROW(misses, ROW_BOTH, "stmw 28, 0(4)");
ROW(misses, ROW_BOTH, "lswi 20, 4, 9");
ROW(misses, ROW_BOTH, "stswi 20, 4, 9");
ROW(misses, ROW_BOTH, "lwarx 3, 0, 4");
ROW(misses, ROW_BOTH, "dcbz 0, 4");
ROW(misses, ROW_BOTH, "dcbst 0, 4");
ROW(misses, ROW_BOTH, "dcbf 0, 4");
ROW(misses, ROW_BOTH, "icbi 0, 4");
ROW(misses, ROW_BOTH, "dcbt 0, 4");
ROW(misses, ROW_BOTH, "dcbtst 0, 4");
ROW(misses, ROW_USER, "dcbi 0, 4"); /* supervisor: QEMU makes it a load and a store */
ROW_TABLE(misses);

static void access_kinds(const char *what, u32 ea)
{
	const struct row *r;
	struct cpu before, now;
	u32 msr;

	print("%s\n", what);
	for (r = misses_begin; r < misses_end; r++) {
		for (msr = 0; msr <= MSR_PR; msr += MSR_PR) {
			if (!(r->flags & (msr ? ROW_USER : ROW_SUPERVISOR)))
				continue;
			code_load(r->words, r->words + r->count);
			cpu_init(&before, msr);
			before.gpr[4] = ea;
			before.gpr[5] = 0;
			now = before;
			cpu_run(&now);
			print(msr ? "user " : "supv ");
			show(r->name, &before, &now);
		}
	}
}

SNIPPET(invalidate, "dcbi 0, 4");

static void dcbi_is_a_store(void)
{
	struct cpu cpu;

	code_snippet(invalidate);
	cpu_init(&cpu, 0);
	cpu.gpr[4] = EA + 0x7000;
	cpu_run(&cpu);
	print("dcbi miss: %s dear=%08x\n", vec_name(cpu.vec), cpu.dear);
	manual("dcbi miss has ST", cpu.esr, ESR_ST);
}

static void kinds_of_access(void)
{
	access_kinds("unmapped", EA);
	map_4k(SLOT, EA, 0, pages[0], TLB_UR | TLB_SR);
	access_kinds("read-only", EA);
	map_4k(SLOT, EA, 0, pages[0], TLB_UX | TLB_SX);
	access_kinds("execute-only", EA);
	map_4k(SLOT, EA, 0, pages[0], TLB_SR | TLB_SW);
	access_kinds("supervisor's", EA);
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	access_kinds("last bytes before a hole", EA + PAGE_SIZE - 2);
	tlb_clear(SLOT);
	dcbi_is_a_store();
	fill_pages();
	probe_init();
}

/* --- instruction fetch --- */

static void fetches(void)
{
	struct cpu cpu;
	u32 *end = (u32 *)(pages[2] + PAGE_SIZE - 8);

	end[0] = 0x38600001; /* li 3, 1 */
	end[1] = 0x38800002; /* li 4, 2 */
	*(u32 *)pages[3] = INSN_SC;
	code_sync(pages, 4 * PAGE_SIZE);

	map_4k(SLOT, EA, 0, pages[2], TLB_UX | TLB_SX);
	probe_fetch(&cpu, EA + PAGE_SIZE - 8, USER);
	print("runs off its page: ");
	show_interrupt(&cpu);
	print(" r3=%08x r4=%08x\n", cpu.gpr[3], cpu.gpr[4]);
	map_4k(SLOT + 1, EA + PAGE_SIZE, 0, pages[3], TLB_UX);
	cpu_run(&cpu);
	print("repaired and resumed: ");
	show_interrupt(&cpu);
	print("\n");
	probe_fetch(&cpu, EA + PAGE_SIZE - 8, SUPV);
	print("supervisor may not: ");
	show_interrupt(&cpu);
	print("\n");
	probe_fetch(&cpu, 0x10000, USER);
	print("user in a supervisor's page: ");
	show_interrupt(&cpu);
	print("\n");
	show_load("user's load there", 0x10000, USER);
	probe_store(&cpu, 0x8000, 0, USER);
	print("user's store at the bottom: ");
	show_interrupt(&cpu);
	print("\n");

	/* the last page of the address space */
	map_4k(SLOT, 0xfffff000, 0, pages[4], TLB_ALL);
	*(u32 *)(pages[4] + 0xff8) = INSN_SC;
	code_sync(pages[4], PAGE_SIZE);
	probe_fetch(&cpu, 0xfffffff8, USER);
	print("top: ");
	show_interrupt(&cpu);
	print("\n");
	show_load("top", 0xfffffffc, USER);
	show_load("top", 0xfffffffc, SUPV);
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

void test(void)
{
	fill_pages();
	readback();
	page_sizes();
	scattered();
	rights();
	execute_only();
	tid_and_pid();
	searches();
	changes();
	sizes_over_one_place();
	all_slots();
	private_pages();
	pid_storm();
	kinds_of_access();
	fetches();
}
