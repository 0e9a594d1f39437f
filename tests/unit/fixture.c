// SPDX-License-Identifier: GPL-2.0-only
#include "fixture.h"

static u64 timebase(struct v44 *v)
{
	struct fixture *f = (struct fixture *)v;
	u64 now = f->tb;

	f->tb += f->tb_step;
	return now;
}

static void timer_changed(struct v44 *v)
{
	((struct fixture *)v)->timer_changes++;
}

static void watchdog(struct v44 *v)
{
	((struct fixture *)v)->watchdog_resets++;
}

static void icache_flush(struct v44 *v)
{
	((struct fixture *)v)->icache_flushes++;
}

static u8 sid_alloc(struct v44 *v)
{
	struct fixture *f = (struct fixture *)v;

	f->sid_allocs++;
	f->next_sid = f->next_sid % 255 + 1;
	return f->next_sid;
}

static void hw_drop(struct v44 *v, struct v44_sh_entry *e)
{
	struct fixture *f = (struct fixture *)v;

	check(e->word[0] & TLB_V, "hw_drop of a dead entry");
	check(e->hw != V44_HW_NONE, "hw_drop of an entry that is nowhere");
	f->hw_drops++;
}

static enum v44_page page(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable)
{
	(void)v;
	(void)write;
	*hpa = (u64)gfn << 12;
	*writable = true;
	return V44_PAGE_RAM;
}

static bool contiguous(struct v44 *v, u32 gfn, u32 count, u64 *hpa)
{
	(void)v;
	check(count && !(count & (count - 1)) && !(gfn & (count - 1)), "gfn %x count %x", gfn,
	      count);
	*hpa = (u64)gfn << 12;
	return true;
}

static void small_pages(struct v44 *v, bool any)
{
	((struct fixture *)v)->small_pages = any;
}

/* Each word of memory holds its address */
static bool peek(struct v44 *v, u64 gpa, u32 *word)
{
	(void)v;
	*word = gpa;
	return true;
}

static void debug_changed(struct v44 *v)
{
	((struct fixture *)v)->debug_changes++;
}

static void unimplemented(struct v44 *v, const char *name, u32 insn)
{
	struct fixture *f = (struct fixture *)v;

	f->unimplemented++;
	f->unimplemented_name = name;
	f->unimplemented_insn = insn;
}

int setup(void **state)
{
	static const struct v44_ops ops = {
		.timebase = timebase,
		.timer_changed = timer_changed,
		.watchdog = watchdog,
		.icache_flush = icache_flush,
		.sid_alloc = sid_alloc,
		.hw_drop = hw_drop,
		.page = page,
		.contiguous = contiguous,
		.small_pages = small_pages,
		.peek = peek,
		.debug_changed = debug_changed,
		.unimplemented = unimplemented,
	};
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->ops = ops;
	f->tb = 0x123456789abcull;
	v44_init(&f->v, &f->ops, f->entries, &f->counts);
	v44_reset(&f->v, 0x42221850);
	f->v.has_1k = true;
	f->timer_changes = 0;
	*state = f;
	return 0;
}

int teardown(void **state)
{
	free(*state);
	return 0;
}

int run_all(const struct CMUnitTest *tests, size_t count)
{
	int failed = _cmocka_run_group_tests("unit", tests, count, NULL, NULL);

	fflush(stderr);
	printf("%d passed, %d failed\n", (int)count - failed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void check_cpu(const struct v44_cpu *got, const struct v44_cpu *want, const char *what)
{
	u32 a[sizeof(*got) / 4], b[sizeof(*want) / 4];
	size_t i;

	if (!memcmp(got, want, sizeof(*got)))
		return;
	memcpy(a, got, sizeof(a));
	memcpy(b, want, sizeof(b));
	for (i = 0; i < ARRAY_SIZE(a); i++) {
		/* the first words are gpr[0..31], pc, msr, cr, xer, lr, ctr */
		check(a[i] == b[i], "%s: state word %zu is %x, not %x", what, i, a[i], b[i]);
	}
}

void scramble(struct fixture *f, u32 msr)
{
	struct rng r = { 0 };
	u32 words[sizeof(f->v.cpu) / 4];
	struct v44_cpu *cpu = &f->v.cpu;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = rnd(&r);
	memcpy(cpu, words, sizeof(*cpu));
	cpu->pc &= ~3u;
	cpu->msr = msr;
	cpu->pid &= 0xff;
	cpu->ivpr &= 0xffff0000;
	for (i = 0; i < ARRAY_SIZE(cpu->ivor); i++)
		cpu->ivor[i] = 0x1000 + 0x20 * i;
	cpu->lines = 0;
	cpu->tcr = 0;
	cpu->dbcr[0] &= ~0x40000000u; /* IDM: what DBSR says is not pending */
	cpu->timer.dec_running = 0;
	cpu->timer.tsr_time = f->tb;
	for (i = 0; i < V44_TLB_ENTRIES; i++) {
		cpu->tlb[i].word[0] &= 0xfffffdf0; /* not valid */
		cpu->tlb[i].word[1] &= 0xfffffc0f;
		cpu->tlb[i].word[2] &= 0xffbf;
		cpu->tlb[i].tid &= 0xff;
	}
	memset(&f->v.index, 0, sizeof(f->v.index)); /* nothing is valid */
}

void map_all(struct fixture *f, u32 rights)
{
	u32 i;

	for (i = 0; i < 16; i++)
		v44_tlb_set(&f->v, 40 + i,
			    &(struct v44_tlbe){ { i << 28 | TLB_V | 0x90, i << 28, rights }, 0 });
}

u32 live_shadows(const struct fixture *f)
{
	u32 i, live = 0;

	for (i = 0; i < V44_SH_ALL; i++)
		live += f->v.sh.entry[i].tag != 0;
	return live;
}

/* splitmix64 */
u32 rnd(struct rng *r)
{
	u64 z = r->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (z ^ z >> 31) >> 16;
}

u32 rnd_below(struct rng *r, u32 limit)
{
	return (u64)rnd(r) * limit >> 32;
}

static u32 through_gpr(struct v44 *v, u32 insn, u32 r4, u32 r5)
{
	struct v44_cpu *cpu = &v->cpu;
	u32 old4 = cpu->gpr[4], old5 = cpu->gpr[5], pc = cpu->pc, pr = cpu->msr & PR;
	u32 result;

	cpu->gpr[4] = r4;
	cpu->gpr[5] = r5;
	cpu->msr &= ~PR;
	check_equal(v44_emulate(v, insn), V44_EMU_DONE, "insn %08x", insn);
	result = cpu->gpr[4];
	cpu->gpr[4] = old4;
	cpu->gpr[5] = old5;
	cpu->pc = pc;
	cpu->msr |= pr;
	return result;
}

u32 read_spr(struct v44 *v, u32 number)
{
	return through_gpr(v, MFSPR(4, number), 0xdeadbeef, 0);
}

void write_spr(struct v44 *v, u32 number, u32 value)
{
	through_gpr(v, MTSPR(number, 4), value, 0);
}

void write_tlb_word(struct v44 *v, u32 slot, u32 ws, u32 value)
{
	through_gpr(v, TLBWE(4, 5, ws), value, slot);
}

u32 read_tlb_word(struct v44 *v, u32 slot, u32 ws)
{
	return through_gpr(v, TLBRE(4, 5, ws), 0xdeadbeef, slot);
}

void write_tlb(struct v44 *v, u32 slot, u32 tid, u32 w0, u32 w1, u32 w2)
{
	u32 mmucr = v->cpu.mmucr;

	write_tlb_word(v, slot, 0, 0);
	write_tlb_word(v, slot, 1, w1);
	write_tlb_word(v, slot, 2, w2);
	write_spr(v, SPR_MMUCR, (mmucr & ~0xffu) | tid);
	write_tlb_word(v, slot, 0, w0);
	v->cpu.mmucr = mmucr;
}
