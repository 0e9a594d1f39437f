// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an entry maps: every page size in both spaces with every set of rights, for both states, by
 * TID 0 and by a TID; the upper bits of the physical address; entries that overlap.
 *
 * Two matches are the guest's error, and undefined. In a VM, the one in the lower slot counts,
 * but one of 4 KB that is in use stays so when another one of 4 KB comes (docs/limits.md); the "~"
 * lines say it. 1K pages are in small.c.
 */
#include "guest.h"

#define EA     0x50000000 /* a multiple of the largest page */
#define SLOT   5
#define RAM    0x01000000 /* 16 MB that nothing else uses */
#define SC_AT  0x100
#define PID    7
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define AS1    (MSR_IS | MSR_DS)

#define AS1_SLOT 1

static const u32 sizes[] = { TLB_4K, TLB_16K, TLB_64K, TLB_256K, TLB_1M, TLB_16M, TLB_256M };

static u32 size_bytes(u32 size)
{
	return 1024u << 2 * (size >> 4);
}

/* --- sizes and rights --- */

/* The outcome of one access, as a letter: its own, '-' denied as it must be, '?' anything else */
static char outcome(const struct cpu *cpu, u32 kind, u32 ea, u32 msr)
{
	static const char letters[] = "rwx";

	if (cpu->vec == VEC_SC && cpu->msr == msr)
		return letters[kind];
	if (cpu->msr != msr)
		return '?';
	if (kind == 2)
		return cpu->vec == VEC_ISI && cpu->pc == ea && !cpu->esr ? '-' : '?';
	return cpu->vec == VEC_DSI && cpu->dear == ea && cpu->esr == (kind ? ESR_ST : 0) ? '-'
											 : '?';
}

static char one_access(u32 kind, u32 offset, u32 msr)
{
	struct cpu cpu;
	u32 ea = EA + offset;

	switch (kind) {
	case 0:
		probe_load(&cpu, ea, msr);
		break;
	case 1:
		probe_store(&cpu, ea, 0x57040000, msr);
		break;
	default:
		probe_fetch(&cpu, ea, msr);
	}
	return outcome(&cpu, kind, ea, msr);
}

/* All three kinds of access in both states, at a random place of the page */
static u32 all_accesses(u32 bytes, u32 space, u32 *seed, u32 sum, u32 *strange)
{
	u32 state, kind;

	for (state = 0; state <= MSR_PR; state += MSR_PR)
		for (kind = 0; kind < 3; kind++) {
			u32 offset = random_u32(seed) % bytes & 0x00ffffe0;
			char c;

			if (bytes > RAM)
				offset |= RAM; /* physical 0 is the program's */
			*(volatile u32 *)(RAM + (offset & 0x00ffffff)) = INSN_SC;
			code_sync((void *)(RAM + (offset & 0x00ffffff)), 4);
			c = one_access(kind, offset, state | space);
			*strange += c == '?';
			sum = sum * 31 + c;
		}
	return sum;
}

static void sizes_and_rights(void)
{
	u32 n, space, tid, rights, seed = 11;

	for (n = 0; n < ARRAY_SIZE(sizes); n++)
		for (space = 0; space <= AS1; space += AS1)
			for (tid = 0; tid <= PID; tid += PID) {
				u32 bytes = size_bytes(sizes[n]), sum = 0, strange = 0;

				mtspr(SPR_PID, PID);
				isync();
				for (rights = 0; rights < 64; rights++) {
					tlb_set(SLOT, EA | TLB_V | sizes[n] | (space ? TLB_TS : 0),
						tid, bytes > RAM ? 0 : RAM, rights);
					sum = all_accesses(bytes, space, &seed, sum, &strange);
				}
				mtspr(SPR_PID, 0);
				isync();
				print("%6u KB space %u tid %u: %08x strange=%u\n", bytes >> 10,
				      space ? 1 : 0, tid, sum, strange);
			}
	tlb_clear(SLOT);
}

/* A user's access to a page of all processes that only the supervisor may use, and to one of his */
static void shared_pages(void)
{
	static const u32 rights[] = { RIGHTS, TLB_SR | TLB_SW, TLB_UR | TLB_SR, TLB_UR, 0 };
	struct cpu cpu;
	u32 n, pid;

	for (n = 0; n < ARRAY_SIZE(rights); n++) {
		map_4k(SLOT, EA, 0, (void *)RAM, rights[n]);
		print("shared page, rights %02x:", rights[n]);
		for (pid = 0; pid < 256; pid += 51) {
			mtspr(SPR_PID, pid);
			isync();
			probe_load(&cpu, EA, MSR_PR);
			print(" %s", vec_name(cpu.vec));
			probe_store(&cpu, EA, n, MSR_PR);
			print("/%s", vec_name(cpu.vec));
			probe_load(&cpu, EA, 0);
			print("/%s", vec_name(cpu.vec));
		}
		mtspr(SPR_PID, 0);
		isync();
		print("\n");
	}
	tlb_clear(SLOT);
}

/* --- the upper four bits of the physical address --- */

static void beyond_4_gb(void)
{
	struct cpu cpu;
	u32 erpn, n;

	for (n = 0; n < 2; n++)
		for (erpn = 0; erpn < 16; erpn++) {
			*(volatile u32 *)RAM = 0xda7a0000 + erpn;
			tlb_set(SLOT, EA | TLB_V | (n ? TLB_16M : TLB_4K), 0, RAM | erpn, RIGHTS);
			probe_load(&cpu, EA, MSR_PR);
			print("%s %x_%08x: %s %08x", n ? "16M" : "4K", erpn, RAM, vec_name(cpu.vec),
			      cpu.gpr[3]);
			probe_store(&cpu, EA, 0x57040000 + erpn, 0);
			print(", stored %s, memory %08x\n", vec_name(cpu.vec),
			      *(volatile u32 *)RAM);
		}
	tlb_clear(SLOT);
}

/* --- two matches --- */

static u32 overlap_wrong;

/* By a load and a fetch: is the entry with frame @n the one that counts? */
static void expect_frame(u32 n, u32 msr)
{
	struct cpu cpu;

	probe_load(&cpu, EA, msr);
	overlap_wrong += cpu.vec != VEC_SC || cpu.gpr[3] != 0xda7a0000 + n;
	probe_fetch(&cpu, EA + 8, msr);
	overlap_wrong += cpu.vec != VEC_SC || cpu.gpr[3] != n;
}

static void map_frame(u32 slot, u32 n, u32 size, u32 tid)
{
	/* each at a multiple of its size: frame n begins at n MB */
	tlb_set(slot, EA | TLB_V | size, tid, RAM + 0x100000 * n, TLB_ALL);
}

static void overlaps(void)
{
	struct cpu cpu;
	u32 a, b, first, tids;

	for (a = 0; a < 3; a++) {
		volatile u32 *frame = (u32 *)(RAM + 0x100000 * a);

		frame[0] = 0xda7a0000 + a;
		frame[2] = 0x38600000 + a; /* li 3, a */
		frame[3] = INSN_SC;
		code_sync((void *)frame, 16);
	}
	for (a = 0; a < 5; a++)
		for (b = 0; b < 5; b++)
			for (first = 0; first < 2; first++)
				for (tids = 0; tids < 4; tids++) {
					u32 tid_a = tids & 1 ? PID : 0, tid_b = tids & 2 ? PID : 0;

					mtspr(SPR_PID, PID);
					isync();
					if (first)
						map_frame(SLOT, 1, sizes[a], tid_a);
					map_frame(SLOT + 9, 2, sizes[b], tid_b);
					if (!first) {
						expect_frame(2, MSR_PR);
						map_frame(SLOT, 1, sizes[a], tid_a);
					}
					if (first || a || b) {
						expect_frame(1, MSR_PR);
						expect_frame(1, 0);
					} else {
						expect_frame(2, MSR_PR);
					}
					tlb_clear(SLOT);
					asm volatile("iccci 0, 0; isync" : : : "memory");
					expect_frame(2, MSR_PR);
					tlb_clear(SLOT + 9);
					probe_load(&cpu, EA, MSR_PR);
					overlap_wrong += cpu.vec != VEC_DTLB;
					mtspr(SPR_PID, 0);
				}
	manual("two matches: the lower slot counts", overlap_wrong, 0);
	map_4k(SLOT, EA, 0, (void *)RAM, TLB_SR);
	tlb_set(SLOT + 1, EA | TLB_V | TLB_16M, 0, RAM, TLB_ALL);
	probe_load(&cpu, EA, MSR_PR);
	manual("... also without the right", cpu.vec, VEC_DSI);
	probe_load(&cpu, EA + PAGE_SIZE, MSR_PR);
	manual("... and beside it the other", cpu.vec, VEC_SC);
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

void test(void)
{
	probe_init();
	map_4k(AS1_SLOT, CODE_EA | TLB_TS, 0, code_page, TLB_ALL);
	sizes_and_rights();
	shared_pages();
	beyond_4_gb();
	overlaps();
}
