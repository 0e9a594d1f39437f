// SPDX-License-Identifier: GPL-2.0-only
/* What the guest writes: dirty logs, read-only slots, pages that the host shares. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abi.h"

#define BASE  (16 * MB) /* guest physical address of slot 1 */
#define SIZE  (16 * MB)
#define PAGES (SIZE / 4096)

/* Little-endian everywhere: eight pages to a byte, the first is its lowest bit */
typedef uint8_t bitmap[PAGES / 8];

static int get_log(struct vm *vm, uint32_t slot, void *bits)
{
	struct kvm_dirty_log log = { .slot = slot, .dirty_bitmap = bits };

	return ioctl(vm->vm, KVM_GET_DIRTY_LOG, &log);
}

static int clear_log(struct vm *vm, uint32_t slot, uint64_t first, uint32_t count, void *bits)
{
	struct kvm_clear_dirty_log log = {
		.slot = slot,
		.first_page = first,
		.num_pages = count,
		.dirty_bitmap = bits,
	};

	return ioctl(vm->vm, KVM_CLEAR_DIRTY_LOG, &log);
}

static unsigned int count(const bitmap bits)
{
	unsigned int i, n = 0;

	for (i = 0; i < PAGES / 8; i++)
		n += __builtin_popcount(bits[i]);
	return n;
}

static int is_dirty(const bitmap bits, unsigned int page)
{
	return bits[page / 8] >> page % 8 & 1;
}

/* Slot 1, of which the guest makes 16 MB shadows */
static uint8_t *large_slot(struct vm *vm)
{
	uint64_t size = SIZE;
	int fd = ioctl(vm->vm, KVM44X_CREATE_MEMORY, &size);
	uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(fd >= 0 && p != MAP_FAILED);
	close(fd);
	CHECK(region(vm, 1, 0, BASE, SIZE, p) == 0);
	return p;
}

/* One store each to pages 0x10, 0x13 and 0xfff of slot 1 */
static void three_stores(struct vm *vm)
{
	CODE(vm, 0x100, LIS(4, 0x101), LIS(5, 0x200), STW(3, 4, 0), STW(3, 4, 0x3ffc),
	     STW(3, 5, -4096), STOP);
	CHECK(stopped(vm));
}

static void log_of_stores(void)
{
	uint64_t large, logged;
	struct vm vm;
	bitmap bits;
	uint8_t *p;

	create(&vm);
	p = large_slot(&vm);
	memset(bits, 0xff, sizeof(bits));
	REFUSED(ENOENT, get_log(&vm, 1, bits)); /* it does not log */
	REFUSED(ENOENT, get_log(&vm, 5, bits));
	REFUSED(EINVAL, get_log(&vm, 100000, bits));
	three_stores(&vm);
	large = statistic(&vm, "shadow_large");
	CHECK(large > 0);

	CHECK(region(&vm, 1, KVM_MEM_LOG_DIRTY_PAGES, BASE, SIZE, p) == 0);
	CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 0);
	REFUSED(EFAULT, get_log(&vm, 1, (void *)0xc0000000));
	REFUSED(ENOENT, get_log(&vm, 0, bits));
	/* a load is none, the first store is seen, and one after each look at the log */
	CODE(&vm, 0x100, LIS(4, 0x101), LWZ(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 0);
	three_stores(&vm);
	three_stores(&vm);
	CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 3);
	CHECK(is_dirty(bits, 0x10) && is_dirty(bits, 0x13) && is_dirty(bits, 0xfff));
	CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 0);
	three_stores(&vm);
	CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 3);
	/* only the slot that logs has small shadows, which become large again in the end */
	logged = statistic(&vm, "shadow_large");
	three_stores(&vm);
	CHECK(statistic(&vm, "shadow_large") == logged);
	CHECK(region(&vm, 1, 0, BASE, SIZE, p) == 0);
	three_stores(&vm);
	CHECK(statistic(&vm, "shadow_large") > logged);
	REFUSED(ENOENT, get_log(&vm, 1, bits));
	munmap(p, SIZE);
	destroy(&vm);
}

/* 4000 stores of a counter to pseudo-random words of slot 1 */
static void *scatter(void *arg)
{
	struct vm *vm = arg;

	CODE(vm, 0x100, LIS(4, 0x100), /* slot 1 */
	     LIS(6, 0x41c6), ORI(6, 6, 0x4e6d), /* r5 = r5 * r6 + 12345 */
	     LIS(7, 0), ORI(7, 7, 4000), MTSPR(CTR, 7), LI(5, 1), LI(3, 0), MULLW(5, 5, 6),
	     ADDI(5, 5, 12345), ADDI(3, 3, 1), RLWINM(8, 5, 24, 8, 29), /* 16 MB, whole words */
	     STWX(3, 4, 8), BDNZ(-20), STOP);
	CHECK(stopped(vm));
	return NULL;
}

/* Takes the dirty pages over to @copy; returns their number */
static unsigned int collect(struct vm *vm, const uint8_t *p, uint8_t *copy, int manual)
{
	unsigned int i;
	bitmap bits;

	memset(bits, 0, sizeof(bits));
	CHECK(get_log(vm, 1, bits) == 0);
	if (manual)
		CHECK(clear_log(vm, 1, 0, PAGES, bits) == 0);
	for (i = 0; i < PAGES; i++) {
		if (is_dirty(bits, i))
			memcpy(copy + i * 4096, p + i * 4096, 4096);
	}
	return count(bits);
}

/* As a migration does it: in the end the copy is what the guest wrote, so no store was lost */
static void copy_under_way(int manual)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		.args = { manual },
	};
	unsigned int rounds = 0, dirty = 0;
	pthread_t thread;
	struct vm vm;
	uint8_t *p, *copy = pages(SIZE);
	bitmap bits;

	create(&vm);
	if (manual)
		CHECK(ioctl(vm.vm, KVM_ENABLE_CAP, &cap) == 0);
	p = large_slot(&vm);
	three_stores(&vm);
	CHECK(region(&vm, 1, KVM_MEM_LOG_DIRTY_PAGES, BASE, SIZE, p) == 0);
	memset(copy, 0xaa, SIZE);
	memcpy(copy, p, SIZE);
	CHECK(pthread_create(&thread, NULL, scatter, &vm) == 0);
	while (pthread_tryjoin_np(thread, NULL)) {
		dirty += collect(&vm, p, copy, manual);
		rounds++;
	}
	dirty += collect(&vm, p, copy, manual);
	CHECK(rounds > 1 && dirty > 2000);
	CHECK(!memcmp(p, copy, SIZE));
	CHECK(collect(&vm, p, copy, manual) == 0);
	if (manual) {
		/* a log that is not cleared stays; only whole words of it are cleared */
		three_stores(&vm);
		CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 3);
		CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 3);
		REFUSED(EINVAL, clear_log(&vm, 1, 1, 64, bits));
		REFUSED(EINVAL, clear_log(&vm, 1, 0, 63, bits));
		REFUSED(EINVAL, clear_log(&vm, 1, PAGES, 64, bits));
		REFUSED(EINVAL, clear_log(&vm, 1, 1ull << 40, 64, bits));
		REFUSED(EFAULT, clear_log(&vm, 1, 0, 64, (void *)0xc0000000));
		REFUSED(ENOENT, clear_log(&vm, 0, 0, 64, bits));
		CHECK(clear_log(&vm, 1, 0, 64, bits) == 0);
		CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 1 && is_dirty(bits, 0xfff));
	}
	munmap(p, SIZE);
	munmap(copy, SIZE);
	destroy(&vm);
}

/* A load, whose shadow must not let the store through, then a store */
static void load_and_store(struct vm *vm)
{
	CODE(vm, 0x100, LIS(4, BASE >> 16), LWZ(5, 4, 8), LI(3, 0x77), STW(3, 4, 8), LWZ(6, 4, 8),
	     STOP);
}

static void read_only(void)
{
	uint8_t *small = pages(MB), *p;
	struct vm vm;
	bitmap bits;

	create(&vm);
	/* memory whose mapping the VMM itself could write, of both kinds */
	p = large_slot(&vm);
	CHECK(region(&vm, 1, 0, BASE, 0, NULL) == 0);
	for (int i = 0; i < 2; i++) {
		uint8_t *host = i ? p : small;

		*(uint32_t *)(host + 8) = 0x12345678;
		CHECK(region(&vm, 1, KVM_MEM_READONLY, BASE, MB, host) == 0);
		REFUSED(EINVAL, region(&vm, 1, 0, BASE, MB, host)); /* it stays what it is */
		load_and_store(&vm);
		CHECK(mmio(&vm, BASE + 8, 1) && vm.run->mmio.len == 4);
		CHECK(!memcmp(vm.run->mmio.data, "\0\0\0\x77", 4));
		CHECK(stopped(&vm));
		CHECK(gpr(&vm, 5) == 0x12345678 && gpr(&vm, 6) == 0x12345678);
		/* it may log, too, though nothing writes */
		CHECK(region(&vm, 1, KVM_MEM_READONLY | KVM_MEM_LOG_DIRTY_PAGES, BASE, MB, host) ==
		      0);
		load_and_store(&vm);
		CHECK(mmio(&vm, BASE + 8, 1));
		CHECK(stopped(&vm));
		memset(bits, 0, sizeof(bits));
		CHECK(get_log(&vm, 1, bits) == 0 && count(bits) == 0);
		/* the guest executes from it */
		memcpy(host, (uint32_t[]){ LI(7, 5), STOP }, 8);
		__builtin___clear_cache((char *)host, (char *)host + 8);
		CODE(&vm, 0x100, B(BASE - 0x100));
		CHECK(stopped(&vm));
		CHECK(gpr(&vm, 7) == 5 && *(uint32_t *)(host + 8) == 0x12345678);
		CHECK(region(&vm, 1, 0, BASE, 0, NULL) == 0);
	}
	/* the VMM needs no right to write */
	CHECK(mprotect(small, MB, PROT_READ) == 0);
	CHECK(region(&vm, 1, KVM_MEM_READONLY, BASE, MB, small) == 0);
	load_and_store(&vm);
	CHECK(mmio(&vm, BASE + 8, 1));
	CHECK(stopped(&vm));
	munmap(p, SIZE);
	munmap(small, MB);
	destroy(&vm);
}

/* Word 8 of slot 1, as the guest sees it */
static uint32_t load(struct vm *vm)
{
	CODE(vm, 0x100, LIS(4, BASE >> 16), LWZ(5, 4, 8), STOP);
	CHECK(stopped(vm));
	return gpr(vm, 5);
}

/* A store by the guest, behind a load that finds @before */
static void store(struct vm *vm, uint32_t before, uint32_t value)
{
	struct kvm_regs regs;

	CHECK(load(vm) == before);
	CODE(vm, 0x100, LIS(4, BASE >> 16), STW(3, 4, 8), LWZ(5, 4, 8), STOP);
	CHECK(ioctl(vm->vcpu, KVM_GET_REGS, &regs) == 0);
	regs.gpr[3] = value;
	CHECK(ioctl(vm->vcpu, KVM_SET_REGS, &regs) == 0);
	CHECK(stopped(vm));
	CHECK(gpr(vm, 5) == value);
}

/* Pages that the guest has for reading, and of which a store makes others */
static void copy_on_write(void)
{
	struct vm vm;
	uint32_t *p, *file;
	int fd, status;
	pid_t child;

	create(&vm);
	/* the zero page */
	p = pages(MB);
	CHECK(region(&vm, 1, 0, BASE, MB, p) == 0);
	store(&vm, 0, 0x1111);
	CHECK(p[2] == 0x1111);
	CHECK(madvise(p, MB, MADV_DONTNEED) == 0);
	CHECK(load(&vm) == 0);
	p[2] = 0x2222; /* now it is the VMM that replaces it */
	CHECK(load(&vm) == 0x2222);

	/* a fork: each side keeps its own */
	child = fork();
	if (child == 0) {
		int before = p[2] == 0x2222;

		p[2] = 0x3333;
		sleep(1);
		_exit(before && p[2] == 0x3333);
	}
	usleep(300000);
	CHECK(load(&vm) == 0x2222);
	store(&vm, 0x2222, 0x4444);
	CHECK(p[2] == 0x4444);
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1);
	CHECK(load(&vm) == 0x4444);
	child = fork();
	if (child == 0) {
		sleep(1);
		_exit(p[2] == 0x4444);
	}
	usleep(300000);
	store(&vm, 0x4444, 0x5555);
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1);
	CHECK(region(&vm, 1, 0, BASE, 0, NULL) == 0);
	munmap(p, MB);

	/* a private mapping of a file */
	fd = memfd_create("guest", 0);
	CHECK(fd >= 0 && ftruncate(fd, MB) == 0);
	file = mmap(NULL, MB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p = mmap(NULL, MB, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(file != MAP_FAILED && p != MAP_FAILED);
	file[2] = 0x6666;
	CHECK(region(&vm, 1, 0, BASE, MB, p) == 0);
	CHECK(load(&vm) == 0x6666);
	file[2] = 0x7777; /* the file's page until one writes to it here */
	store(&vm, 0x7777, 0x8888);
	CHECK(p[2] == 0x8888 && file[2] == 0x7777);
	file[2] = 0x9999;
	CHECK(load(&vm) == 0x8888);
	CHECK(region(&vm, 1, 0, BASE, 0, NULL) == 0);

	/* a shared one */
	CHECK(region(&vm, 1, 0, BASE, MB, file) == 0);
	store(&vm, 0x9999, 0xaaaa);
	CHECK(file[2] == 0xaaaa);
	CHECK(mprotect(file, MB, PROT_READ) == 0);
	CHECK(load(&vm) == 0xaaaa);
	CODE(&vm, 0x100, LIS(4, BASE >> 16), STW(3, 4, 8), STOP);
	REFUSED(EFAULT, run(&vm));
	CHECK(mprotect(file, MB, PROT_READ | PROT_WRITE) == 0);
	CHECK(stopped(&vm));
	munmap(p, MB);
	munmap(file, MB);
	close(fd);
	destroy(&vm);
}

void dirty_checks(void)
{
	log_of_stores();
	copy_under_way(0);
	copy_under_way(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE);
	read_only();
	copy_on_write();
}
