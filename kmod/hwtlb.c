// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hardware: which of its TLB slots we may use, what we put into them, and
 * the page of vectors and switch code.
 *
 * The host's miss handlers overwrite any slot up to their high-water mark and
 * its flushes clear them, without telling us. So where a shadow was written to
 * is a hint, verified with tlbre before it is acted upon.
 *
 * The vectors and the switch lie in 64 KB of lowmem (IVPR has 16 bits), which
 * bolted TLB entries map, so that they run while host and guest are half
 * switched; module text is vmalloc space, which misses.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <asm/cacheflush.h>
#include <asm/reg.h>
#include <asm/reg_booke.h>
#include "kvm44x.h"
#include "switch.h"
#include "trace.h"

#define CODE_ORDER 4 /* 64 KB */
#define CODE_SIZE  (PAGE_SIZE << CODE_ORDER)

static struct {
	void *code; /* CODE_SIZE bytes of lowmem */
	void *slow; /* the same without tier 0: for a guest that is debugged */
	void (*tlb_write)(u32 slot, u32 word0, u32 word1, u32 word2, u32 tid);
	void (*tlb_drop)(u32 slot, u32 word0, u32 tid);
	u32 (*tlb_guard)(u32 slot, u32 count, u32 last, u32 limit);
	struct k44x_slots *slots; /* lowmem */
	struct k44x_slots guarded; /* as it was at the last k44x_hw_guard() */
	bool guard; /* tlbsx ignores the address space (QEMU): see k44x_hw_guard() */
	bool has_1k; /* pages of 1 KB are what they should be (not on QEMU) */
} hw;

void (*k44x_enter)(struct kvm_vcpu_arch *arch);

/** k44x_hw_ivpr() - the vectors; @slow: without tier 0 */
u32 k44x_hw_ivpr(bool slow)
{
	return (u32)(slow ? hw.slow : hw.code);
}

/**
 * k44x_hw_install() - put a shadow into the hardware TLB
 * @vcpu: it runs with interrupts off
 * @e: no hardware entry matches it (it has just missed)
 */
void k44x_hw_install(struct kvm_vcpu *vcpu, struct v44_sh_entry *e)
{
	u32 slot = hw.slots->next;

	if (slot == hw.slots->last) {
		hw.slots->next = 0;
		hw.slots->laps++;
	} else {
		hw.slots->next = slot + 1;
	}
	e->hw = slot;
	hw.tlb_write(slot, e->word[0], e->word[1], e->word[2], v44_sh_sid(e));
	vcpu->stat.tlb_writes++;
	trace_kvm44x_tlb_write(slot, e->word[0], e->word[1], e->word[2], v44_sh_sid(e));
}

/* struct v44_ops hw_drop */
void k44x_hw_drop(struct v44 *v, struct v44_sh_entry *e)
{
	unsigned long flags;

	local_irq_save(flags);
	hw.tlb_drop(e->hw, e->word[0], v44_sh_sid(e));
	e->hw = V44_HW_NONE;
	local_irq_restore(flags);
}

static u32 read_tlb_word0(u32 slot, u32 *tid)
{
	u32 mmucr = mfspr(SPRN_MMUCR), word;

	asm volatile("tlbre %0, %1, 0" : "=r"(word) : "r"(slot));
	*tid = mfspr(SPRN_MMUCR) & 0xff;
	mtspr(SPRN_MMUCR, mmucr);
	return word & ~0xfu;
}

/**
 * k44x_hw_guard() - make the host's tlbsx safe
 * @vcpu: a vCPU, for the statistics; interrupts off
 *
 * Where tlbsx ignores the address space, a host flush of one page can find a
 * guest entry with the same EA and TID and leave the host's own dead mapping alive.
 * So there, guest entries in the EA range of host user space go before interrupts
 * are on again. A no-op on silicon.
 */
void k44x_hw_guard(struct kvm_vcpu *vcpu)
{
	struct k44x_slots *slots = hw.slots;
	u32 count, drops;

	if (!hw.guard)
		return;
	/* those written since the last time */
	count = slots->next - hw.guarded.next;
	if (slots->laps != hw.guarded.laps) {
		count += (slots->laps - hw.guarded.laps) * (slots->last + 1);
		count = min(count, slots->last + 1);
	}
	if (!count)
		return;
	drops = hw.tlb_guard(hw.guarded.next, count, slots->last, TASK_SIZE);
	vcpu->stat.tlbsx_guard_drops += drops;
	if (drops == count) {
		/* all free again, so no others go next */
		slots->next = hw.guarded.next;
		slots->laps = hw.guarded.laps;
	} else {
		hw.guarded.next = slots->next;
		hw.guarded.laps = slots->laps;
	}
}

/* The host pins lowmem from the top slot down; below that it replaces */
static int find_last_slot(void)
{
	const u32 pinned = V44_TLB0_V | V44_SIZE_256M << 4;
	unsigned long flags;
	u32 slot, tid;

	local_irq_save(flags);
	for (slot = V44_TLB_ENTRIES; slot > 0; slot--) {
		u32 word = read_tlb_word0(slot - 1, &tid);

		if ((word & (V44_TLB0_V | V44_TLB0_TS | V44_TLB0_SIZE)) != pinned || tid)
			break;
	}
	local_irq_restore(flags);
	if (slot == V44_TLB_ENTRIES || slot < 16)
		return -ENODEV;
	hw.slots->last = slot - 1;
	return 0;
}

/* Can the host's tlbsx (STS = 0) find an entry of address space 1? */
static bool tlbsx_ignores_ts(void)
{
	const u32 ea = 0x00010000; /* the host maps nothing global there */
	u32 mmucr, found, cr;
	unsigned long flags;

	local_irq_save(flags);
	hw.tlb_write(0, ea | V44_TLB0_V | V44_TLB0_TS | V44_SIZE_4K << 4, 0, 0, 255);
	mmucr = mfspr(SPRN_MMUCR);
	mtspr(SPRN_MMUCR, (mmucr & ~0xff) | 255);
	asm volatile("isync; tlbsx. %0, 0, %2; mfcr %1" : "=r"(found), "=r"(cr) : "r"(ea) : "cr0");
	mtspr(SPRN_MMUCR, mmucr);
	hw.tlb_drop(0, ea | V44_TLB0_V | V44_TLB0_TS | V44_SIZE_4K << 4, 255);
	local_irq_restore(flags);
	return (cr & 0x20000000) && found == 0;
}

/* By address space 1, where code must not use its stack */
static u32 load_from_as1(u32 ea)
{
	u32 msr = mfmsr(), word;

	asm volatile("mtmsr %1; isync; lwz %0, 0(%3); mtmsr %2; isync"
		     : "=&r"(word)
		     : "r"(msr | V44_MSR_DS), "r"(msr), "b"(ea)
		     : "memory");
	return word;
}

/* Is one quarter of a page found through another one's address? */
static bool has_1k(void)
{
	const u32 ea = 0x00010400, w0 = ea | V44_TLB0_V | V44_TLB0_TS | V44_SIZE_1K << 4;
	u32 *page = (u32 *)get_zeroed_page(GFP_KERNEL);
	unsigned long flags;
	bool found;

	if (!page)
		return false;
	page[0x800 / sizeof(u32)] = ea;
	local_irq_save(flags);
	hw.tlb_write(0, w0, __pa(page) + 0x800, V44_TLB2_SR, 0);
	found = load_from_as1(ea) == ea;
	hw.tlb_drop(0, w0, 0);
	local_irq_restore(flags);
	free_page((unsigned long)page);
	return found;
}

bool k44x_hw_has_1k(void)
{
	return hw.has_1k;
}

struct k44x_slots *k44x_hw_slots(void)
{
	return hw.slots;
}

static void *copied_to(void *page, const void *label)
{
	return page + ((const char *)label - k44x_code) + (CODE_SIZE / 2);
}

/** k44x_copied() - where the copy of a label of switch.h is */
void *k44x_copied(const void *label)
{
	return copied_to(hw.code, label);
}

static u32 branch(const void *from, const void *to)
{
	return 0x48000000 | (((u32)to - (u32)from) & 0x03fffffc);
}

/* Copy a stub to @offset; its last word becomes the branch to the target */
static void place(void *page, u32 offset, const char *stub, const char *end, const char *target)
{
	u32 *to = page + offset;
	u32 words = (end - stub) / 4;

	memcpy(to, stub, end - stub);
	to[words - 1] = branch(&to[words - 1], copied_to(page, target));
}

/* The same; the word before that takes the IVOR number */
static void place_stub(void *page, u32 ivor, u32 offset, const char *stub, const char *end,
		       const char *target)
{
	place(page, offset, stub, end, target);
	((u32 *)(page + offset))[(end - stub) / 4 - 2] |= ivor;
}

/* Where tier 0 takes an interrupt, or NULL */
static const char *fast_target(u32 ivor)
{
	switch (ivor) {
	case V44_PROGRAM:
		return k44x_fast_program;
	case V44_SYSCALL:
		return k44x_fast_syscall;
	case V44_DATA_STORAGE:
		return k44x_fast_data_storage;
	case V44_INST_STORAGE:
		return k44x_fast_inst_storage;
	case V44_DATA_TLB:
		return k44x_fast_data_miss;
	case V44_INST_TLB:
		return k44x_fast_inst_miss;
	default:
		return NULL;
	}
}

static int compare_u32(const void *a, const void *b)
{
	return *(const u32 *)a < *(const u32 *)b ? -1 : *(const u32 *)a > *(const u32 *)b;
}

#define READ_IVOR(n) mfspr(SPRN_IVOR0 + (n))

static void place_vector(void *page, u32 ivor, u32 offset, bool fast)
{
	switch (ivor) {
	case V44_MACHINE_CHECK:
		place_stub(page, ivor, offset, k44x_mcheck_stub, k44x_mcheck_stub_end, k44x_mcheck);
		break;
	case V44_CRITICAL:
	case V44_WATCHDOG:
	case V44_DEBUG:
		place_stub(page, ivor, offset, k44x_critical_stub, k44x_critical_stub_end,
			   k44x_critical);
		break;
	default:
		if (fast && fast_target(ivor))
			place(page, offset, k44x_fast_stub, k44x_fast_stub_end, fast_target(ivor));
		else
			place_stub(page, ivor, offset, k44x_stub, k44x_stub_end, k44x_exit);
		break;
	}
}

static void build_page(void *page, const u32 *ivor, bool fast)
{
	u32 i;

	memcpy(copied_to(page, k44x_code), k44x_code, k44x_code_end - k44x_code);
	for (i = 0; i < V44_IVORS; i++)
		place_vector(page, i, ivor[i], fast);
	flush_icache_range((unsigned long)page, (unsigned long)page + CODE_SIZE);
}

/* Our vectors lie at the host's IVOR offsets, so that a switch changes IVPR only */
static int build_vectors(void)
{
	u32 ivor[V44_IVORS] = {
		READ_IVOR(0),  READ_IVOR(1),  READ_IVOR(2),  READ_IVOR(3),
		READ_IVOR(4),  READ_IVOR(5),  READ_IVOR(6),  READ_IVOR(7),
		READ_IVOR(8),  READ_IVOR(9),  READ_IVOR(10), READ_IVOR(11),
		READ_IVOR(12), READ_IVOR(13), READ_IVOR(14), READ_IVOR(15),
	};
	u32 sorted[V44_IVORS], i;

	memcpy(sorted, ivor, sizeof(sorted));
	sort(sorted, V44_IVORS, sizeof(u32), compare_u32, NULL);
	for (i = 0; i < V44_IVORS; i++) {
		u32 end = i + 1 < V44_IVORS ? sorted[i + 1] : CODE_SIZE / 2;

		if (sorted[i] + 64 > end) {
			pr_err("kvm44x: the host's vectors are too close at offset 0x%x\n",
			       sorted[i]);
			return -ENODEV;
		}
	}
	build_page(hw.code, ivor, k44x_fast);
	build_page(hw.slow, ivor, false);
	return 0;
}

/* What the design takes for granted of the host; each refusal says which */
static int check_host(void)
{
	if (!mmu_has_feature(MMU_FTR_TYPE_44x)) {
		pr_err("kvm44x: this CPU has no 44x MMU\n");
		return -ENODEV;
	}
	if (mfmsr() & (V44_MSR_IS | V44_MSR_DS)) {
		pr_err("kvm44x: the host kernel runs in address space 1\n");
		return -ENODEV;
	}
	if (mfspr(SPRN_MMUCR) & V44_MMUCR_STS) {
		pr_err("kvm44x: the host kernel searches address space 1 (MMUCR[STS])\n");
		return -ENODEV;
	}
	if (mfspr(SPRN_IVPR) != KERNELBASE) {
		pr_err("kvm44x: the host's vectors are not at 0x%lx\n", KERNELBASE);
		return -ENODEV;
	}
	if (find_last_slot()) {
		pr_err("kvm44x: the host pins no 256 MB of lowmem in the last TLB slots\n");
		return -ENODEV;
	}
	return 0;
}

/* NULL if there is none, or no aligned one */
static void *alloc_code(void)
{
	void *code = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, CODE_ORDER);

	if ((u32)code & (CODE_SIZE - 1)) {
		pr_err("kvm44x: 64 KB of lowmem are not aligned\n");
		free_pages((unsigned long)code, CODE_ORDER);
		return NULL;
	}
	return code;
}

int k44x_hw_init(void)
{
	int r = -ENOMEM;

	hw.slots = kzalloc(sizeof(*hw.slots), GFP_KERNEL);
	hw.code = alloc_code();
	hw.slow = alloc_code();
	if (!hw.slots || !hw.code || !hw.slow)
		goto free;
	r = check_host();
	if (r)
		goto free;
	r = build_vectors();
	if (r)
		goto free;
	k44x_enter = k44x_copied(k44x_enter_guest);
	hw.tlb_write = k44x_copied(k44x_tlb_write);
	hw.tlb_drop = k44x_copied(k44x_tlb_drop);
	hw.tlb_guard = k44x_copied(k44x_tlb_guard);
	hw.guard = tlbsx_ignores_ts();
	hw.has_1k = has_1k();
	pr_info("kvm44x: TLB slots 0-%u shared with the host%s%s\n", hw.slots->last,
		hw.guard ? "; tlbsx ignores the address space here (an emulator): guarded" : "",
		hw.has_1k ? "" : "; no pages of 1 KB: emulated");
	return 0;
free:
	k44x_hw_exit();
	return r;
}

void k44x_hw_exit(void)
{
	free_pages((unsigned long)hw.slow, CODE_ORDER);
	free_pages((unsigned long)hw.code, CODE_ORDER);
	kfree(hw.slots);
}
