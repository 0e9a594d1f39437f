// SPDX-License-Identifier: GPL-2.0-only
/* The magic page, as Linux's Documentation/virt/kvm/ppc-pv.rst and asm/kvm_para.h have it. */
#include "fixture.h"

#define EA	  0xfffff000u
#define ELSEWHERE 0x30000000u
#define HPA	  0x200345000ull
#define GPA	  0x1000000000ull /* beyond the 36 bits of a guest's */

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

static struct v44_magic_page page;

/* Unit tests run on either byte order: the words as a 440 has them */
static u32 *word(u32 offset)
{
	const u32 one = 1;
	bool little = *(const u8 *)&one, wide = offset < 0x60 || offset >= SPRG4;

	return (u32 *)((u8 *)&page + offset - (little && wide ? 4 : 0));
}

static void mapped(struct fixture *f, u32 msr)
{
	scramble(f, msr);
	f->v.cpu.srr[0] &= ~3u;
	v44_magic_map(&f->v, EA + 0x123);
}

static void used(struct fixture *f, u32 msr)
{
	mapped(f, msr);
	memset(&page, 0, sizeof(page));
	v44_magic_use(&f->v, &page, HPA);
	v44_magic_show(&f->v);
}

static void layout(void **state)
{
	struct fixture *f = *state;
	const struct v44_cpu *cpu = &f->v.cpu;
	u32 i;

	used(f, EE | ME);
	check_equal(sizeof(page), END, "size");
	for (i = 0; i < 4; i++) {
		check_equal(*word(SPRG0 + 8 * i), cpu->sprg[i], "SPRG%u", i);
		check_equal(*word(SPRG4 + 8 * i), cpu->sprg[4 + i], "SPRG%u", 4 + i);
	}
	check_equal(*word(SRR0), cpu->srr[0], "SRR0");
	check_equal(*word(SRR1), cpu->srr[1], "SRR1");
	check_equal(*word(DEAR), cpu->dear, "DEAR");
	check_equal(*word(ESR), cpu->esr, "ESR");
	check_equal(*word(PIR), cpu->pir, "PIR");
	check_equal(*word(MSR), EE | ME, "MSR");
	check_equal(*word(SCRATCH1) | *word(CRITICAL), 0, "the guest's own");
}

/* Registers are taken with what their mtspr keeps; of the MSR only EE, of PIR nothing */
static void guest_writes(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i, n;

	for (n = 0; n < 2; n++) {
		used(f, n ? EE | ME : CE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		memset(&page, n ? 0x5a : 0xff, sizeof(page));
		v44_magic_take(&f->v);
		for (i = 0; i < 8; i++)
			want.sprg[i] = n ? 0x5a5a5a5a : ~0u;
		want.srr[0] = n ? 0x5a5a5a58 : ~3u;
		want.srr[1] = want.dear = want.esr = n ? 0x5a5a5a5a : ~0u;
		want.msr = n ? ME : CE | EE;
		check_cpu(&f->v.cpu, &want, "taken from the page");
		memset(&page, 0, sizeof(page));
		v44_magic_show(&f->v);
		for (i = 0; i < 4; i++)
			check_equal(*word(SCRATCH1 + 8 * i), n ? 0x5a5a5a5a : ~0u, "the guest's");
		check_equal(*word(PIR), want.pir, "PIR");
	}
}

static void nothing_is_nothing(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;

	used(f, EE | CE | ME);
	memcpy(&want, &f->v.cpu, sizeof(want));
	v44_magic_take(&f->v);
	check_cpu(&f->v.cpu, &want, "a page that the guest left alone");
}

static void pending(struct fixture *f, u32 msr)
{
	used(f, msr);
	f->v.cpu.lines = f->v.cpu.tsr = f->v.cpu.mcsr = f->v.cpu.dbsr = 0;
	v44_magic_show(&f->v);
	check_equal(*word(INT_PENDING), 0, "nothing");
}

static void interrupts_pending(void **state)
{
	struct fixture *f = *state;

	pending(f, 0);
	f->v.cpu.tsr = 0x08000000; /* DIS */
	f->v.cpu.tcr = 0;
	v44_magic_show(&f->v);
	check_equal(*word(INT_PENDING), 0, "DIS without DIE");
	f->v.cpu.tcr = 0x04000000; /* DIE */
	v44_magic_show(&f->v);
	check_equal(*word(INT_PENDING), 1, "a decrementer interrupt");
	pending(f, 0);
	f->v.cpu.lines = 2;
	v44_magic_show(&f->v);
	check_equal(*word(INT_PENDING), 1, "a critical one");
	pending(f, 0);
	f->v.cpu.mcsr = 0x80000000;
	v44_magic_show(&f->v);
	check_equal(*word(INT_PENDING), 0, "a machine check does not wait for EE");
}

/* While critical is r1, in supervisor state */
static void critical_sections(void **state)
{
	struct fixture *f = *state;

	pending(f, EE | CE | ME);
	f->v.cpu.lines = 3;
	check_equal(v44_pending(&f->v), V44_CRITICAL, "outside");
	*word(CRITICAL) = f->v.cpu.gpr[1];
	v44_magic_take(&f->v);
	check_equal(v44_pending(&f->v), -1, "inside");
	v44_magic_show(&f->v);
	check_equal(*word(INT_PENDING), 1, "inside");
	f->v.cpu.mcsr = 0x80000000;
	check_equal(v44_pending(&f->v), V44_MACHINE_CHECK, "a machine check");
	f->v.cpu.mcsr = 0;
	f->v.cpu.msr |= PR;
	check_equal(v44_pending(&f->v), V44_CRITICAL, "user state");
	f->v.cpu.msr &= ~(PR | CE);
	f->v.cpu.gpr[1]++;
	check_equal(v44_pending(&f->v), V44_EXTERNAL, "another r1");
}

static struct v44_sh_entry *filled(struct fixture *f, u32 ea, enum v44_access_type type)
{
	struct v44_sh_entry *e = NULL;
	u64 gpa;

	check_equal(v44_shadow_fault(&f->v, ea, type, &e, &gpa), V44_FAULT_FILLED, "ea %x", ea);
	return e;
}

static void fails(struct fixture *f, u32 ea, enum v44_access_type type, enum v44_fault fault)
{
	struct v44_sh_entry *e;
	u64 gpa;

	check_equal(v44_shadow_fault(&f->v, ea, type, &e, &gpa), fault, "ea %x", ea);
}

static void translation(void **state)
{
	static const u32 spaces[] = { 0, DS, IS, IS | DS };
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u32 i;

	mapped(f, 0);
	fails(f, EA, V44_LOAD, V44_FAULT_MAGIC);
	fails(f, EA + 0xfff, V44_STORE, V44_FAULT_MAGIC);
	fails(f, EA, V44_FETCH, V44_FAULT_DENIED);
	fails(f, EA - 1, V44_LOAD, V44_FAULT_MISS);
	used(f, 0);
	for (i = 0; i < ARRAY_SIZE(spaces); i++) {
		f->v.cpu.msr = spaces[i];
		f->v.cpu.pid = 17 * i;
		e = filled(f, EA + 0xffc, i & 1 ? V44_STORE : V44_LOAD);
		check_equal(e->word[0], EA | TLB_V | TLB_TS | 0x10, "4 KB");
		check_equal(e->word[1], (HPA & 0xfffff000) | 2, "where it is");
		check_equal(e->word[2], UR | UW, "rights, big-endian");
		check(v44_shadow_find(&f->v.sh, v44_shadow_sid(&f->v), EA) == e, "found");
		fails(f, EA, V44_FETCH, V44_FAULT_DENIED);
	}
	f->v.cpu.msr = PR;
	fails(f, EA, V44_LOAD, V44_FAULT_MISS);
	/* no memory slot that comes or goes has to do with it */
	i = live_shadows(f);
	v44_shadow_drop_gfns(&f->v, 0, 0xffffff);
	check_equal(live_shadows(f), i, "shadows");
}

/* The guest's own entries are below the page, also those that it makes later */
static void above_the_tlb(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;

	scramble(f, 0);
	map_all(f, SX | SR | SW | UR);
	e = filled(f, ELSEWHERE + 0x5000, V44_LOAD);
	check(page_bytes(e->word[0] >> 4 & 15) > 4096, "a large one");
	v44_magic_map(&f->v, ELSEWHERE + 0x4000);
	check_equal(live_shadows(f), 0, "what was there");
	fails(f, ELSEWHERE + 0x4000, V44_STORE, V44_FAULT_MAGIC);
	v44_magic_use(&f->v, &page, HPA);
	check_equal(filled(f, ELSEWHERE + 0x4000, V44_LOAD)->word[1], (HPA & 0xfffff000) | 2,
		    "the page");
	check_equal(filled(f, ELSEWHERE + 0x3000, V44_LOAD)->word[1], ELSEWHERE + 0x3000, "below");
	check_equal(filled(f, ELSEWHERE + 0x5000, V44_LOAD)->word[1], ELSEWHERE + 0x5000, "above");
	e = filled(f, ELSEWHERE + 0x400000, V44_LOAD);
	check_equal(page_bytes(e->word[0] >> 4 & 15), 1 << 20, "large ones do not reach it");
	check_equal(filled(f, ELSEWHERE + 0x4000, V44_LOAD)->word[1], (HPA & 0xfffff000) | 2,
		    "still");
	f->v.cpu.msr = PR;
	check_equal(filled(f, ELSEWHERE + 0x4000, V44_LOAD)->word[1], ELSEWHERE + 0x4000,
		    "in user state");
	f->v.cpu.msr = 0;
	v44_magic_map(&f->v, EA);
	check_equal(filled(f, ELSEWHERE + 0x4000, V44_LOAD)->word[1] & 0xfff00000, ELSEWHERE,
		    "moved away");
	check_equal(filled(f, EA, V44_LOAD)->word[1], (HPA & 0xfffff000) | 2, "moved");
}

/* Whoever looks at the index only finds no page of 4 KB alone around it */
static void marked(void **state)
{
	struct fixture *f = *state;

	mapped(f, 0);
	check_equal(f->v.index.mixed, 0x00010000, "the last 256 MB");
	v44_magic_map(&f->v, ELSEWHERE);
	check_equal(f->v.index.mixed, 0x10000000, "moved");
	v44_magic_reset(&f->v);
	check_equal(f->v.index.mixed, 0, "gone");
	check(!f->v.magic.mapped && !f->v.magic.used, "gone");
}

static void emulated_accesses(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	int slot;
	u64 gpa;

	mapped(f, DS);
	memcpy(&want, &f->v.cpu, sizeof(want));
	check(v44_translate_or_raise(&f->v, EA + 0xffc, V44_STORE, &gpa, &slot), "a store");
	check_equal(gpa, GPA + 0xffc, "behind all memory");
	check(slot < 0, "slot %d", slot);
	check_cpu(&f->v.cpu, &want, "no interrupt");
	check(!v44_translate_or_raise(&f->v, EA, V44_FETCH, &gpa, &slot), "a fetch");
	check_equal(f->v.cpu.pc, want.ivpr | want.ivor[V44_INST_STORAGE], "its interrupt");
}

static void reset(void **state)
{
	struct fixture *f = *state;

	used(f, 0);
	filled(f, EA, V44_LOAD);
	v44_reset(&f->v, 0x42221850);
	check(!f->v.magic.mapped && !f->v.magic.used, "gone");
	check_equal(live_shadows(f), 0, "shadows");
	check_equal(f->v.index.mixed, 0, "index");
	fails(f, EA, V44_LOAD, V44_FAULT_MISS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(layout),
		TEST(guest_writes),
		TEST(nothing_is_nothing),
		TEST(interrupts_pending),
		TEST(critical_sections),
		TEST(translation),
		TEST(above_the_tlb),
		TEST(marked),
		TEST(emulated_accesses),
		TEST(reset),
	};

	return RUN_ALL(tests);
}
