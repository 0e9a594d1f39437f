// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory: which host page stands behind a guest page.
 *
 * Each slot has a map that the exit path reads without sleeping or locking:
 * what is not in it is asked for by k44x_page_in(), and the MMU notifier takes
 * it out again, with the shadows made from it. There is one CPU, so what is done
 * with preemption off, as under mmu_lock, is done alone.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/cacheflush.h>
#include "kvm44x.h"

/* A 440's physical addresses have 36 bits */
#define MAX_GFNS  (1ull << 24)
/* Of all slots of a VM: a VMM has no more memory. It bounds what the maps take of the kernel's. */
#define MAX_PAGES (TASK_SIZE >> PAGE_SHIFT)

static u32 *map_entry(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	unsigned long i = gfn - slot->base_gfn;

	return &slot->arch.map[i / K44X_MAP_CHUNK][i % K44X_MAP_CHUNK];
}

/*
 * In an SRCU read section, or with interrupts off: whoever changes the slots runs on this CPU, too,
 * so not meanwhile, and takes away afterwards what was made from the old ones.
 */
static struct kvm_memory_slot *find_slot(struct kvm *kvm, gfn_t gfn)
{
	return __gfn_to_memslot(rcu_dereference_raw(kvm->memslots[0]), gfn);
}

/* struct v44_ops page */
enum v44_page k44x_page(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable)
{
	struct kvm_vcpu *vcpu = k44x_vcpu(v);
	struct kvm_memory_slot *slot = find_slot(vcpu->kvm, gfn);
	struct k44x_ram *ram = &vcpu->arch.sw.ram;
	u32 entry;

	if (!slot) {
		*hpa = __pa(empty_zero_page);
		return V44_PAGE_DEVICE;
	}
	if (slot->flags & KVM_MEMSLOT_INVALID)
		return V44_PAGE_IO;
	if (write && (slot->flags & KVM_MEM_READONLY))
		return V44_PAGE_IO;
	entry = *map_entry(slot, gfn);
	if (!(entry & K44X_MAP_VALID) || (write && !(entry & K44X_MAP_WRITABLE)))
		return V44_PAGE_ABSENT;
	*hpa = (u64)(entry & K44X_MAP_PFN) << PAGE_SHIFT;
	*writable = (entry & K44X_MAP_WRITABLE) && !(slot->flags & KVM_MEM_READONLY);
	if (!(slot->flags & (KVM_MEM_READONLY | KVM_MEM_LOG_DIRTY_PAGES))) {
		ram->gfn = slot->base_gfn;
		ram->count = slot->npages;
		ram->map = slot->arch.map;
	}
	if (kvm_slot_dirty_track_enabled(slot)) {
		if (write)
			mark_page_dirty_in_slot(vcpu->kvm, slot, gfn);
		*writable &= write;
	}
	return V44_PAGE_RAM;
}

/*
 * Runs of pages are looked through again for each context that uses them. So the
 * first page's entry notes which of the wide sizes have been found to be whole.
 */
#define RUN_LEAST 0x100u

static const struct {
	u32 count;
	u32 flag;
} runs[] = {
	{ RUN_LEAST, K44X_MAP_RUN_1M },
	{ 0x1000, K44X_MAP_RUN_16M },
	{ 0x10000, K44X_MAP_RUN_256M },
};

static u32 run_flag(u32 count)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		if (count == runs[i].count)
			return runs[i].flag;
	}
	return 0;
}

/* Pages @start to @end - 1 change */
static void forget_runs(struct kvm_memory_slot *slot, gfn_t start, gfn_t end)
{
	gfn_t first;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		for (first = start & ~(gfn_t)(runs[i].count - 1); first < end;
		     first += runs[i].count) {
			if (first >= slot->base_gfn)
				*map_entry(slot, first) &= ~runs[i].flag;
		}
	}
}

/*
 * Is the page of @first, an entry of @gfn, the first of @count that lie together?
 * Interrupts can be off: 256 steps at most. What is wider than 1 MB consists of
 * such runs, which contig_page_in() has noted; other memory is not looked through.
 */
static bool is_run(const struct kvm_memory_slot *slot, gfn_t gfn, u32 count)
{
	u32 *head = map_entry(slot, gfn), first = *head & ~K44X_MAP_RUNS;
	u32 part = count > RUN_LEAST ? RUN_LEAST : 1;
	u32 flags = count > RUN_LEAST ? K44X_MAP_RUN_1M : 0;
	u32 i;

	if (*head & run_flag(count))
		return true;
	for (i = 0; i < count; i += part) {
		u32 entry = *map_entry(slot, gfn + i);

		if ((entry & ~K44X_MAP_RUNS) != first + i || (entry & flags) != flags)
			return false;
	}
	*head |= run_flag(count);
	return true;
}

/* struct v44_ops contiguous */
bool k44x_contiguous(struct v44 *v, u32 gfn, u32 count, u64 *hpa)
{
	struct kvm_memory_slot *slot = find_slot(k44x_vcpu(v)->kvm, gfn);
	u32 first;

	if (!slot || gfn + count > slot->base_gfn + slot->npages ||
	    (slot->flags & (KVM_MEMSLOT_INVALID | KVM_MEM_READONLY)) ||
	    kvm_slot_dirty_track_enabled(slot))
		return false;
	first = *map_entry(slot, gfn);
	if ((first & K44X_MAP_PFN & (count - 1)) || !(first & K44X_MAP_VALID) ||
	    !(first & K44X_MAP_WRITABLE) || !is_run(slot, gfn, count))
		return false;
	*hpa = (u64)(first & K44X_MAP_PFN) << PAGE_SHIFT;
	return true;
}

/* The host wrote the page through its data cache; the guest may fetch from it */
static void make_executable(kvm_pfn_t pfn)
{
	struct page *page = pfn_to_page(pfn);

	if (test_bit(PG_dcache_clean, &page->flags))
		return;
	k44x_flush_dcache_icache(page);
	set_bit(PG_dcache_clean, &page->flags);
}

/*
 * Memory that contig.c gave is entered 16 MB at a time, so that the largest
 * shadows can be made at once. Its pages stay with the file, whose mapping the
 * MMU notifier watches, so they need no references of ours.
 */
static bool contig_page_in(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, bool write)
{
	const gfn_t window = 1 << (24 - PAGE_SHIFT);
	unsigned long seq = kvm->mmu_invalidate_seq;
	struct k44x_contig_view view;
	gfn_t first, last;
	bool found;

	smp_rmb(); /* read before the VMA is */
	mmap_read_lock(kvm->mm);
	found = k44x_contig_find(kvm->mm, __gfn_to_hva_memslot(slot, gfn), write, &view);
	if (found) {
		first = max(gfn & ~(window - 1), slot->base_gfn);
		last = min((gfn | (window - 1)) + 1, slot->base_gfn + slot->npages);
		spin_lock(&kvm->mmu_lock);
		for (gfn = first; gfn < last && !mmu_invalidate_retry(kvm, seq); gfn++) {
			unsigned long hva = __gfn_to_hva_memslot(slot, gfn);

			if (hva < view.start || hva >= view.end)
				continue;
			*map_entry(slot, gfn) = K44X_MAP_VALID |
						(view.writable ? K44X_MAP_WRITABLE : 0) |
						k44x_contig_pfn(&view, hva);
		}
		for (first = ALIGN(first, RUN_LEAST); first + RUN_LEAST <= gfn; first += RUN_LEAST)
			is_run(slot, first, RUN_LEAST);
		spin_unlock(&kvm->mmu_lock);
	}
	mmap_read_unlock(kvm->mm);
	return found;
}

/**
 * k44x_page_in() - make a guest page present
 * @vcpu: in an SRCU read section, interrupts on
 * @gpa: guest physical address in a slot
 * @write: the guest wants to store
 *
 * Return: 1 (look again), or -EFAULT if the host has no such page for the guest.
 */
int k44x_page_in(struct kvm_vcpu *vcpu, u64 gpa, bool write)
{
	struct kvm *kvm = vcpu->kvm;
	struct kvm_memory_slot *slot;
	gfn_t gfn = gpa >> PAGE_SHIFT;
	unsigned long seq;
	bool writable;
	kvm_pfn_t pfn;

	vcpu->stat.page_faults++;
	slot = find_slot(kvm, gfn);
	if (slot && contig_page_in(kvm, slot, gfn, write))
		return 1;
	seq = kvm->mmu_invalidate_seq;
	smp_rmb(); /* read before the host's page tables are */
	pfn = gfn_to_pfn_prot(kvm, gfn, write, &writable);
	if (is_noslot_pfn(pfn) || pfn == KVM_PFN_ERR_RO_FAULT)
		return 1; /* the slot went away meanwhile, or is read-only now: it is I/O */
	if (is_error_pfn(pfn))
		return -EFAULT;
	if (!pfn_valid(pfn)) {
		/* a device, which must not be mapped cacheable */
		kvm_release_pfn_clean(pfn);
		return -EFAULT;
	}
	make_executable(pfn);

	spin_lock(&kvm->mmu_lock);
	slot = find_slot(kvm, gfn);
	if (slot && !mmu_invalidate_retry(kvm, seq))
		*map_entry(slot, gfn) = K44X_MAP_VALID | (writable ? K44X_MAP_WRITABLE : 0) | pfn;
	spin_unlock(&kvm->mmu_lock);

	if (writable)
		kvm_release_pfn_dirty(pfn);
	else
		kvm_release_pfn_clean(pfn);
	return 1;
}

/* Under mmu_lock, or nobody else can see the slot */
static bool unmap_gfns(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t start, gfn_t end)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(kvm);
	bool found = false;
	gfn_t gfn;

	forget_runs(slot, start, end);
	for (gfn = start; gfn < end; gfn++) {
		u32 *entry = map_entry(slot, gfn);

		found |= *entry & K44X_MAP_VALID;
		*entry = 0;
	}
	if (found && vcpu)
		v44_shadow_drop_gfns(&vcpu->arch.v, start, end - 1);
	return found;
}

bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	unmap_gfns(kvm, range->slot, range->start, range->end);
	return false; /* nothing is left in the TLB: no flush to ask for */
}

/* There is no accessed bit: a mapped page counts as used, and is unmapped to find out anew */
bool kvm_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return unmap_gfns(kvm, range->slot, range->start, range->end);
}

bool kvm_test_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	gfn_t gfn;

	for (gfn = range->start; gfn < range->end; gfn++) {
		if (*map_entry(range->slot, gfn) & K44X_MAP_VALID)
			return true;
	}
	return false;
}

/* A slot goes or changes: tier 0 must ask for it anew */
static void forget_ram(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(kvm);

	if (vcpu)
		vcpu->arch.sw.ram.count = 0;
}

void kvm_arch_flush_shadow_all(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(kvm);

	spin_lock(&kvm->mmu_lock);
	forget_ram(kvm);
	if (vcpu)
		v44_shadow_drop_gfns(&vcpu->arch.v, 0, MAX_GFNS - 1);
	spin_unlock(&kvm->mmu_lock);
}

void kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	spin_lock(&kvm->mmu_lock);
	forget_ram(kvm);
	unmap_gfns(kvm, slot, slot->base_gfn, slot->base_gfn + slot->npages);
	spin_unlock(&kvm->mmu_lock);
}

static void free_map(u32 **map, unsigned long npages)
{
	unsigned long i;

	if (!map)
		return;
	for (i = 0; i < DIV_ROUND_UP(npages, K44X_MAP_CHUNK); i++)
		kfree(map[i]);
	kfree(map);
}

static u32 **alloc_map(unsigned long npages)
{
	unsigned long i, chunks = DIV_ROUND_UP(npages, K44X_MAP_CHUNK);
	u32 **map = kcalloc(chunks, sizeof(*map), GFP_KERNEL_ACCOUNT);

	for (i = 0; map && i < chunks; i++) {
		map[i] = kcalloc(min_t(unsigned long, npages - i * K44X_MAP_CHUNK, K44X_MAP_CHUNK),
				 sizeof(**map), GFP_KERNEL_ACCOUNT);
		if (!map[i]) {
			free_map(map, npages);
			return NULL;
		}
	}
	return map;
}

int kvm_arch_prepare_memory_region(struct kvm *kvm, const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	if (change == KVM_MR_DELETE)
		return 0;
	if (new->base_gfn + new->npages > MAX_GFNS)
		return -EINVAL;
	if (change == KVM_MR_CREATE) {
		if (kvm->nr_memslot_pages + new->npages > MAX_PAGES)
			return -ENOMEM;
		new->arch.map = alloc_map(new->npages);
		return new->arch.map ? 0 : -ENOMEM;
	}
	new->arch = old->arch; /* moved, or other flags: the same pages */
	return 0;
}

void kvm_arch_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *old,
				   const struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(kvm);

	if (!vcpu || change == KVM_MR_DELETE)
		return;
	spin_lock(&kvm->mmu_lock);
	forget_ram(kvm);
	if (change == KVM_MR_FLAGS_ONLY)
		/* dirty logging may have been switched on: writable and large shadows must go */
		v44_shadow_drop_gfns(&vcpu->arch.v, 0, MAX_GFNS - 1);
	else
		/* these may have been a device's until now */
		v44_shadow_drop_gfns(&vcpu->arch.v, new->base_gfn, new->base_gfn + new->npages - 1);
	spin_unlock(&kvm->mmu_lock);
}

void kvm_arch_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	free_map(slot->arch.map, slot->npages);
	slot->arch.map = NULL;
}

/*
 * GET_DIRTY_LOG, CLEAR_DIRTY_LOG: from now on, the next store to each of these
 * pages must be seen. A word of the bitmap is little-endian everywhere.
 */
void kvm_arch_mmu_enable_log_dirty_pt_masked(struct kvm *kvm, struct kvm_memory_slot *slot,
					     gfn_t gfn_offset, unsigned long mask)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(kvm);
	gfn_t base = slot->base_gfn + gfn_offset;
	u32 bits = le32_to_cpu((__force __le32)mask);

	if (vcpu && bits)
		v44_shadow_drop_gfns(&vcpu->arch.v, base + __ffs(bits), base + __fls(bits));
}

void kvm_arch_sync_dirty_log(struct kvm *kvm, struct kvm_memory_slot *slot)
{
}
