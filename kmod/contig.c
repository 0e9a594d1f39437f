// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physically contiguous guest memory: a file to mmap, made of the page
 * allocator's largest blocks, split into pages and sorted so that runs of
 * 16 MB, the size of a TLB entry, come first and aligned.
 *
 * The pages are ordinary ones, reference-counted and mapped into the VMM's page
 * tables when it maps the file, so that everything that works on its address
 * space works on them. They are charged to the owner's memory cgroup and to
 * RLIMIT_MEMLOCK, and all together are capped by a parameter of the module.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <asm/cacheflush.h>
#include "kvm44x.h"

#define BLOCK_ORDER 10 /* 4 MB, the allocator's largest */
#define UNIT_ORDER  8 /* 1 MB */
#define UNIT_PAGES  (1ul << UNIT_ORDER)
#define RUN_UNITS   16 /* 16 MB */

static long limit_mb = -1;
module_param_named(contiguous_limit_mb, limit_mb, long, 0644);
MODULE_PARM_DESC(contiguous_limit_mb,
		 "most contiguous memory that all guests may have, in MB (default: 3/4 of RAM)");

static atomic_long_t used_units; /* megabytes, of all files */

struct k44x_contig {
	unsigned long units;
	struct mm_struct *mm; /* whose memlock limit is charged */
	struct page *unit[]; /* first page of each megabyte of the file, in file order */
};

static struct page *contig_page(const struct k44x_contig *c, unsigned long index)
{
	return nth_page(c->unit[index / UNIT_PAGES], index % UNIT_PAGES);
}

static vm_fault_t contig_fault(struct vm_fault *vmf)
{
	struct k44x_contig *c = vmf->vma->vm_private_data;

	if (vmf->pgoff >= c->units * UNIT_PAGES)
		return VM_FAULT_SIGBUS;
	vmf->page = contig_page(c, vmf->pgoff);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct contig_vm_ops = {
	.fault = contig_fault,
};

/**
 * k44x_contig_find() - host memory behind a VMM address, if it is ours
 * @mm: the VMM's, mmap_lock held
 * @hva: address in it
 * @write: the mapping must allow stores
 * @view: filled in; valid while mmap_lock is held
 *
 * Return: false if it is other memory.
 */
bool k44x_contig_find(struct mm_struct *mm, unsigned long hva, bool write,
		      struct k44x_contig_view *view)
{
	struct vm_area_struct *vma = vma_lookup(mm, hva);

	if (!vma || vma->vm_ops != &contig_vm_ops || !(vma->vm_flags & VM_READ) ||
	    (write && !(vma->vm_flags & VM_WRITE)))
		return false;
	view->c = vma->vm_private_data;
	view->start = vma->vm_start;
	view->end = vma->vm_end;
	view->pgoff = vma->vm_pgoff;
	view->writable = vma->vm_flags & VM_WRITE;
	return true;
}

/** k44x_contig_pfn() - page frame behind @hva, which lies within @view */
unsigned long k44x_contig_pfn(const struct k44x_contig_view *view, unsigned long hva)
{
	return page_to_pfn(contig_page(view->c, ((hva - view->start) >> PAGE_SHIFT) + view->pgoff));
}

static int contig_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct k44x_contig *c = file->private_data;
	unsigned long npages = vma_pages(vma), i;
	int r;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_pgoff > c->units * UNIT_PAGES || npages > c->units * UNIT_PAGES - vma->vm_pgoff)
		return -EINVAL;
	k44x_vm_flags_set(vma, VM_DONTEXPAND | VM_MIXEDMAP);
	vma->vm_private_data = c;
	vma->vm_ops = &contig_vm_ops;
	for (i = 0; i < npages; i++) {
		r = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,
				   contig_page(c, vma->vm_pgoff + i));
		if (r)
			return r;
		if (i % UNIT_PAGES == 0)
			cond_resched();
	}
	return 0;
}

/* Take @units from the cap and from the limit of @mm's user */
static int charge(struct mm_struct *mm, unsigned long units)
{
	long limit = READ_ONCE(limit_mb);
	int r;

	if (limit < 0)
		limit = totalram_pages() / UNIT_PAGES * 3 / 4;
	if (atomic_long_add_return(units, &used_units) > limit) {
		atomic_long_sub(units, &used_units);
		return -ENOMEM;
	}
	r = account_locked_vm(mm, units * UNIT_PAGES, true);
	if (r)
		atomic_long_sub(units, &used_units);
	return r;
}

static void uncharge(struct mm_struct *mm, unsigned long units)
{
	account_locked_vm(mm, units * UNIT_PAGES, false);
	atomic_long_sub(units, &used_units);
}

static void free_contig(struct k44x_contig *c)
{
	unsigned long i;

	for (i = 0; i < c->units * UNIT_PAGES; i++)
		__free_page(contig_page(c, i));
	uncharge(c->mm, c->units);
	mmdrop(c->mm);
	kvfree(c);
}

static int contig_release(struct inode *inode, struct file *file)
{
	free_contig(file->private_data);
	return 0;
}

static const struct file_operations contig_fops = {
	.owner = THIS_MODULE,
	.mmap = contig_mmap,
	.release = contig_release,
};

static int by_pfn(const void *a, const void *b)
{
	unsigned long x = page_to_pfn(*(struct page *const *)a);
	unsigned long y = page_to_pfn(*(struct page *const *)b);

	return x < y ? -1 : x > y;
}

/* Is unit[i] the start of an aligned run of 16 MB? */
static bool run_starts(const struct k44x_contig *c, unsigned long i)
{
	unsigned long pfn = page_to_pfn(c->unit[i]), n;

	if (pfn % (RUN_UNITS * UNIT_PAGES) || i + RUN_UNITS > c->units)
		return false;
	for (n = 1; n < RUN_UNITS; n++) {
		if (page_to_pfn(c->unit[i + n]) != pfn + n * UNIT_PAGES)
			return false;
	}
	return true;
}

/* Sorted by address; then the 16 MB runs move to the front, which keeps them aligned in the file */
static int arrange(struct k44x_contig *c)
{
	struct page **rest = kvmalloc_array(c->units, sizeof(*rest), GFP_KERNEL);
	unsigned long i, to = 0, nrest = 0;

	if (!rest)
		return -ENOMEM;
	sort(c->unit, c->units, sizeof(c->unit[0]), by_pfn, NULL);
	for (i = 0; i < c->units;) {
		if (run_starts(c, i)) {
			memmove(&c->unit[to], &c->unit[i], RUN_UNITS * sizeof(c->unit[0]));
			to += RUN_UNITS;
			i += RUN_UNITS;
		} else {
			rest[nrest++] = c->unit[i++];
		}
	}
	memcpy(&c->unit[to], rest, nrest * sizeof(rest[0]));
	kvfree(rest);
	return 0;
}

/* c->units grows with each block, so that free_contig() can undo it at any point */
static int allocate(struct k44x_contig *c, unsigned long units)
{
	const gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN | __GFP_NORETRY;
	unsigned int order = BLOCK_ORDER, i;

	while (c->units < units) {
		struct page *block;

		while (order > UNIT_ORDER && 1ul << (order - UNIT_ORDER) > units - c->units)
			order--;
		if (fatal_signal_pending(current))
			return -EINTR;
		block = alloc_pages(gfp, order);
		if (!block && order > UNIT_ORDER) {
			order--;
			continue;
		}
		if (!block)
			return -ENOMEM;
		split_page(block, order);
		/* the guest may fetch from it: the zeros must not stay in the data cache */
		flush_dcache_range((unsigned long)page_address(block),
				   (unsigned long)page_address(block) + (PAGE_SIZE << order));
		for (i = 0; i < 1u << (order - UNIT_ORDER); i++)
			c->unit[c->units++] = nth_page(block, i * UNIT_PAGES);
		cond_resched();
	}
	return 0;
}

/**
 * k44x_contig_create() - KVM44X_CREATE_MEMORY
 * @size: bytes, a multiple of 1 MB
 *
 * Return: a file descriptor, -EINVAL for a bad size, -ENOMEM where memory or
 * the limits do not allow it.
 */
int k44x_contig_create(u64 size)
{
	unsigned long units = size >> (PAGE_SHIFT + UNIT_ORDER);
	struct k44x_contig *c;
	int r;

	if (!size || size & ((UNIT_PAGES << PAGE_SHIFT) - 1) ||
	    size >> PAGE_SHIFT > totalram_pages())
		return -EINVAL;
	c = kvzalloc(struct_size(c, unit, units), GFP_KERNEL_ACCOUNT);
	if (!c)
		return -ENOMEM;
	r = charge(current->mm, units);
	if (r) {
		kvfree(c);
		return r;
	}
	c->mm = current->mm;
	mmgrab(c->mm);
	r = allocate(c, units);
	if (!r)
		r = arrange(c);
	if (!r)
		r = anon_inode_getfd("kvm44x-memory", &contig_fops, c, O_RDWR | O_CLOEXEC);
	if (r < 0) {
		/* the charge is for all of it, also where only a part was allocated */
		uncharge(c->mm, units - c->units);
		free_contig(c);
	}
	return r;
}
