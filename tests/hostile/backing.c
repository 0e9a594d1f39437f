// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory whose backing is not what it should be: taken away under a
 * running guest, replaced, truncated, a device, forked. A guest that needs what
 * is not there leaves with EFAULT, again and again, and goes on when it is
 * there; it never sees what it no longer has.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm.h"

#define SIZE  MB /* of both slots */
#define CODE  0x1000
#define EXTRA 0x1000000 /* guest physical address of the second slot */
#define TRIES 200

GUEST_CODE(load, "lwz 3, 0(4)\n" END_OF_CODE);
GUEST_CODE(store, "stw 3, 0(4)\n" END_OF_CODE);
GUEST_CODE(jump, "mtctr 4; bctr\n");
GUEST_CODE(spin, "1: lwz 5, 0(4); stw 5, 4(4); b 1b\n");

static void *ram;
static struct vm vm;

/* What one of the pieces of code above ends with; r3, then r4 */
static int go(const char *begin, const char *end, uint32_t r3, uint32_t r4)
{
	vm_copy_code(ram, CODE, begin, end);
	VM_START(&vm, CODE, 0, r3, r4);
	return vm_run(&vm);
}

#define GO(name, r3, r4) go(name, name##_end, r3, r4)

static bool loads(uint32_t offset, uint32_t expected)
{
	return GO(load, ~expected, EXTRA + offset) == 0 && vm_ended(&vm) &&
	       vm_gpr(&vm, 3) == expected;
}

static bool stores(uint32_t offset, uint32_t value)
{
	return GO(store, value, EXTRA + offset) == 0 && vm_ended(&vm);
}

/* All that can be done to @offset ends with EFAULT, however often it is tried */
static bool nothing_at(uint32_t offset)
{
	int i;

	for (i = 0; i < TRIES; i++)
		if (GO(load, 0, EXTRA + offset) != -EFAULT || vm_run(&vm) != -EFAULT ||
		    GO(store, 0, EXTRA + offset) != -EFAULT ||
		    GO(jump, 0, EXTRA + offset) != -EFAULT)
			return false;
	return true;
}

static uint32_t *word(void *p, uint32_t offset)
{
	return (uint32_t *)((char *)p + offset);
}

/* --- a file --- */

static void file(void)
{
	int fd = memfd_create("guest", 0);
	void *p;

	if (fd < 0 || ftruncate(fd, SIZE))
		err(2, "memfd");
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(2, "mmap");
	vm_slot(&vm, 1, EXTRA, p, SIZE);
	CHECK(stores(8 * PAGE, 0x11111111));
	CHECK(*word(p, 8 * PAGE) == 0x11111111);

	CHECK(ftruncate(fd, 8 * PAGE) == 0);
	CHECK(nothing_at(8 * PAGE));
	CHECK(nothing_at(SIZE - 4));
	CHECK(stores(8 * PAGE - 4, 0x22222222));
	CHECK(ftruncate(fd, SIZE) == 0);
	CHECK(loads(8 * PAGE, 0));
	CHECK(stores(8 * PAGE, 0x33333333));

	/* a hole reads as zeros */
	CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, SIZE) == 0);
	CHECK(loads(8 * PAGE, 0) && loads(8 * PAGE - 4, 0));

	/* another mapping at the same place, of a file, of nothing, and ordinary memory */
	CHECK(stores(0, 0x44444444));
	CHECK(mmap(p, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == p);
	CHECK(loads(0, 0x44444444) && stores(0, 0x55555555) && loads(0, 0x55555555));
	CHECK(pread(fd, ram, 4, 0) == 4 && *word(ram, 0) == 0x44444444);
	CHECK(mmap(p, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	CHECK(nothing_at(0));
	CHECK(mmap(p, SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	CHECK(loads(0, 0) && GO(store, 1, EXTRA) == -EFAULT && loads(0, 0));
	CHECK(munmap(p, SIZE) == 0);
	CHECK(nothing_at(0));
	vm_slot(&vm, 1, EXTRA, NULL, 0);
	close(fd);
}

/* A device of the host's: its registers must not be mapped cacheable */
static void device(void)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);
	void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0xef600000);

	if (fd < 0 || p == MAP_FAILED)
		err(2, "/dev/mem");
	vm_slot(&vm, 1, EXTRA, p, PAGE);
	CHECK(nothing_at(0x300));
	vm_slot(&vm, 1, EXTRA, NULL, 0);
	munmap(p, PAGE);
	close(fd);
}

/* --- taken away under a running guest --- */

static int spin_result;

static void *run_thread(void *unused)
{
	(void)unused;
	spin_result = vm_run(&vm);
	return NULL;
}

static void take_away(void *p, int (*how)(void *p))
{
	pthread_t thread;

	vm_slot(&vm, 1, EXTRA, p, SIZE);
	vm_code(ram, CODE, spin);
	VM_START(&vm, CODE, 0, 0, EXTRA);
	*word(p, 0) = 0x66666666;
	if (pthread_create(&thread, NULL, run_thread, NULL))
		errx(2, "no thread");
	while (*(volatile uint32_t *)word(p, 4) != 0x66666666)
		usleep(1000);
	CHECK(how(p) == 0);
	pthread_join(thread, NULL);
	CHECK(spin_result == -EFAULT);
	CHECK(nothing_at(0));
	vm_slot(&vm, 1, EXTRA, NULL, 0);
}

static int no_rights(void *p)
{
	return mprotect(p, SIZE, PROT_NONE);
}

static int unmap(void *p)
{
	return munmap(p, SIZE);
}

/* --- fork --- */

static int exit_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The child has the memory as it was: what guest and child write are two things from then on */
static void fork_ordinary(void)
{
	void *p = ordinary(SIZE);
	int go_on[2];
	pid_t child;
	char c = 0;

	vm_slot(&vm, 1, EXTRA, p, SIZE);
	CHECK(stores(0, 0x10101010) && stores(PAGE, 0x20202020));
	if (pipe(go_on))
		err(2, "pipe");
	child = fork();
	if (child == 0) {
		close(go_on[1]);
		if (read(go_on[0], &c, 1) != 1 || *word(p, 0) != 0x10101010)
			_exit(1);
		*word(p, PAGE) = 0;
		/* a VM belongs to the process that made it */
		if (vm_run(&vm) != -EIO || ioctl(vm.vm, KVM_CHECK_EXTENSION, 0) != -1)
			_exit(2);
		_exit(0);
	}
	CHECK(loads(0, 0x10101010));
	CHECK(stores(0, 0x30303030));
	CHECK(*word(p, 0) == 0x30303030);
	CHECK(write(go_on[1], &c, 1) == 1);
	CHECK(exit_status(child) == 0);
	CHECK(loads(PAGE, 0x20202020));
	CHECK(stores(PAGE, 0x40404040) && *word(p, PAGE) == 0x40404040);
	CHECK(loads(0, 0x30303030));
	close(go_on[0]);
	close(go_on[1]);
	vm_slot(&vm, 1, EXTRA, NULL, 0);
	munmap(p, SIZE);
}

/* Contiguous memory is shared with a child, and outlives what either does to its mapping */
static void fork_contiguous(void)
{
	void *p = vm_contiguous(&vm, SIZE);
	pid_t child;

	if (!p)
		err(2, "contiguous memory");
	vm_slot(&vm, 1, EXTRA, p, SIZE);
	CHECK(stores(0, 0x10101010));
	child = fork();
	if (child == 0) {
		if (*word(p, 0) != 0x10101010)
			_exit(1);
		*word(p, 0) = 0x20202020;
		_exit(munmap(p, SIZE) != 0);
	}
	CHECK(exit_status(child) == 0);
	CHECK(loads(0, 0x20202020));
	CHECK(stores(0, 0x30303030) && *word(p, 0) == 0x30303030);
	CHECK(madvise(p, SIZE, MADV_DONTFORK) == 0);
	child = fork();
	if (child == 0)
		_exit(0);
	CHECK(exit_status(child) == 0);
	CHECK(loads(0, 0x30303030));
	vm_slot(&vm, 1, EXTRA, NULL, 0);
	munmap(p, SIZE);
}

/*
 * The child outlives the process whose limit contiguous memory was charged to:
 * the memory is still there, and is given back by the last one.
 */
static void orphan(void)
{
	int ends[2];
	pid_t parent;
	char c = 0;

	if (pipe(ends))
		err(2, "pipe");
	parent = fork();
	if (parent == 0) {
		struct vm own;
		uint32_t *p;

		vm_create(&own, NULL, 0);
		p = vm_contiguous(&own, SIZE);
		if (!p)
			_exit(1);
		*p = 0x50505050;
		if (fork() > 0)
			_exit(0);
		while (getppid() != 1)
			usleep(1000);
		c = *p == 0x50505050;
		_exit(write(ends[1], &c, 1) != 1);
	}
	close(ends[1]);
	CHECK(exit_status(parent) == 0);
	CHECK(read(ends[0], &c, 1) == 1 && c == 1);
	close(ends[0]);
}

int main(void)
{
	void *p;

	ram = ordinary(SIZE);
	vm_create(&vm, ram, SIZE);
	file();
	device();
	take_away(ordinary(SIZE), no_rights);
	take_away(ordinary(SIZE), unmap);
	p = vm_contiguous(&vm, SIZE);
	if (!p)
		err(2, "contiguous memory");
	take_away(p, unmap);
	fork_ordinary();
	fork_contiguous();
	orphan();
	vm_destroy(&vm);
	return vmm_result();
}
