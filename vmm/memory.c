// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"
#include "report.h"

#define MIB		((uint64_t)1 << 20)
#define FIRST_MAPPING	(256 * MIB)
#define LARGE_PAGE	0x10000u /* the largest page size of a 44x Linux */
#define STACK_ALIGNMENT 16

int memory_create(struct memory *mem, uint64_t size, int fd)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		return vm_error("cannot get %" PRIu64
				" MiB of memory for the guest: %s; give less with --mem",
				size / MIB, strerror(errno));
	mem->host = p;
	mem->size = size;
	return 0;
}

void memory_destroy(struct memory *mem)
{
	munmap(mem->host, mem->size);
}

void *memory_at(const struct memory *mem, uint64_t addr, uint64_t len)
{
	if (addr > mem->size || len > mem->size - addr)
		return NULL;
	return mem->host + addr;
}

void memory_give_back(void *host, uint64_t len)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE);
	const uintptr_t first = ((uintptr_t)host + page - 1) & -page;
	const uintptr_t end = ((uintptr_t)host + len) & -page;

	if (first < end)
		madvise((void *)first, end - first, MADV_DONTNEED);
}

void memory_make_executable(struct memory *mem, uint64_t size)
{
	__builtin___clear_cache((char *)mem->host, (char *)mem->host + size);
}

int layout_place(struct layout *l, uint64_t ram)
{
	uint64_t top = ram < FIRST_MAPPING ? ram : FIRST_MAPPING;
	/* What the things need, alignment included: nothing below can wrap. */
	uint64_t need = (uint64_t)l->kernel_end + LAYOUT_STACK + l->fdt_space + LARGE_PAGE +
			l->initrd_size + LARGE_PAGE;

	if (need > FIRST_MAPPING)
		return vm_error("--kernel and --initrd need %" PRIu64
				" MiB, and must lie in the first 256 MiB: use a smaller initrd",
				(need + MIB - 1) / MIB);
	if (need > top)
		return vm_error(
			"%" PRIu64
			" MiB of memory are too little for kernel and initrd: give --mem %" PRIu64,
			ram / MIB, (need + MIB - 1) / MIB);
	l->initrd = (top - l->initrd_size) & ~(LARGE_PAGE - 1);
	l->fdt = (l->initrd - l->fdt_space) & ~(LARGE_PAGE - 1);
	l->stack = l->fdt - STACK_ALIGNMENT;
	return 0;
}
