// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random calls, good and bad ones, on several VMs by several threads, while their guests execute
 * random words and their memory comes and goes. Nothing is expected of a call but that it returns;
 * the host's log, and a VM that works in the end, are the verdict.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "abi.h"

#define VMS	2
#define CALLERS 3
#define ARENA	(8 * MB) /* all that guests can reach of this program */

static struct fuzzed {
	struct vm vm;
	pthread_rwlock_t lock; /* for writing: the VM is made anew */
	pthread_t runner;
	unsigned int runs;
} fuzzed[VMS];

static uint8_t *arena;
static int noise; /* /dev/urandom */
static volatile int end;
static unsigned int calls, good;

static uint32_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return *seed >> 33;
}

static uint32_t below(uint64_t *seed, uint32_t n)
{
	return next(seed) % n;
}

/* Numbers at the edges of things, and addresses that hurt nobody */
static uint64_t odd_number(uint64_t *seed)
{
	static const uint64_t edges[] = {
		0,	    1,		2,	     3,		  4,	      8,
		63,	    64,		0xfff,	     0x1000,	  0xffff,     0x7fffffff,
		0x80000000, 0xffffffff, 0xc0000000,  0xfffff000,  ~0ull,      1ull << 36,
		1ull << 63, 0xef600300, 0x70000000u, 0x100000000, 0xfffffffc, 16 * MB,
	};

	switch (below(seed, 4)) {
	case 0:
		return below(seed, 256);
	case 1:
		return (uintptr_t)arena + (below(seed, ARENA) & ~0xfffu);
	default:
		return edges[below(seed, sizeof(edges) / sizeof(edges[0]))];
	}
}

static void odd_buffer(uint64_t *seed, uint64_t *buffer, unsigned int words)
{
	while (words--)
		*buffer++ = below(seed, 3) ? odd_number(seed) : 0;
}

/* --- calls that often mean something --- */

typedef int call(struct vm *vm, uint64_t *seed);

static int memory_call(struct vm *vm, uint64_t *seed)
{
	static const uint32_t flags[] = { 0,
					  0,
					  KVM_MEM_LOG_DIRTY_PAGES,
					  KVM_MEM_READONLY,
					  KVM_MEM_READONLY | KVM_MEM_LOG_DIRTY_PAGES,
					  0x80 };
	uint64_t gpa = below(seed, 2) ? below(seed, 16) * MB : odd_number(seed) & ~0xfffull;
	uint32_t offset = below(seed, ARENA) & ~0xfffu;
	uint64_t size = below(seed, 4) ? below(seed, ARENA - offset) & ~0xfffu : 0;

	return region(vm, 1 + below(seed, 6), flags[below(seed, 6)], gpa, size, arena + offset);
}

static int log_call(struct vm *vm, uint64_t *seed)
{
	static __thread uint8_t bits[ARENA / 4096 / 8];
	struct kvm_dirty_log log = { .slot = below(seed, 8), .dirty_bitmap = bits };
	struct kvm_clear_dirty_log clear = {
		.slot = below(seed, 8),
		.first_page = below(seed, 8) * 64,
		.num_pages = below(seed, 8) * 64,
		.dirty_bitmap = bits,
	};

	if (below(seed, 2))
		return ioctl(vm->vm, KVM_GET_DIRTY_LOG, &log);
	memset(bits, next(seed), sizeof(bits));
	return ioctl(vm->vm, KVM_CLEAR_DIRTY_LOG, &clear);
}

static int bus_call(struct vm *vm, uint64_t *seed)
{
	struct kvm_coalesced_mmio_zone zone = {
		.addr = odd_number(seed),
		.size = below(seed, 4) ? 0x1000 : odd_number(seed),
	};
	struct kvm_ioeventfd io = {
		.addr = odd_number(seed),
		.len = below(seed, 10),
		.flags = below(seed, 8),
		.datamatch = below(seed, 4),
	};
	int r;

	switch (below(seed, 4)) {
	case 0:
		return ioctl(vm->vm, KVM_REGISTER_COALESCED_MMIO, &zone);
	case 1:
		return ioctl(vm->vm, KVM_UNREGISTER_COALESCED_MMIO, &zone);
	default:
		io.fd = eventfd(0, EFD_NONBLOCK);
		r = ioctl(vm->vm, KVM_IOEVENTFD, &io);
		close(io.fd);
		return r;
	}
}

static int routing_call(struct vm *vm, uint64_t *seed)
{
	struct {
		struct kvm_irq_routing table;
		struct kvm_irq_routing_entry entries[4];
	} r = { .table.nr = below(seed, 5) };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		r.entries[i].gsi = below(seed, 8) ? below(seed, 64) : odd_number(seed);
		r.entries[i].type = below(seed, 8) ? KVM_IRQ_ROUTING_IRQCHIP : below(seed, 6);
		r.entries[i].u.irqchip.irqchip = below(seed, 5);
		r.entries[i].u.irqchip.pin = below(seed, 33);
	}
	return ioctl(vm->vm, KVM_SET_GSI_ROUTING, &r);
}

static int irqchip_call(struct vm *vm, uint64_t *seed)
{
	struct kvm_irq_level line = { .irq = below(seed, 130), .level = below(seed, 2) };
	struct kvm_irqfd irqfd = { .gsi = below(seed, 130), .flags = below(seed, 4) };
	struct kvm_irqchip chip = { .chip_id = below(seed, 5) };
	uint64_t one = 1;
	int r, fd, again;

	switch (below(seed, 6)) {
	case 0:
		return routing_call(vm, seed);
	case 1:
		ioctl(vm->vm, KVM_GET_IRQCHIP, &chip);
		((uint32_t *)&chip.chip)[below(seed, 10)] ^= odd_number(seed);
		return ioctl(vm->vm, KVM_SET_IRQCHIP, &chip);
	case 2:
		fd = eventfd(0, EFD_NONBLOCK);
		again = below(seed, 2) ? dup(fd) : eventfd(0, EFD_NONBLOCK);
		irqfd.fd = fd;
		irqfd.resamplefd = again;
		r = ioctl(vm->vm, KVM_IRQFD, &irqfd);
		if (write(fd, &one, sizeof(one)) != sizeof(one))
			r = -1;
		close(again);
		close(fd);
		return r;
	default:
		return ioctl(vm->vm, below(seed, 2) ? KVM_IRQ_LINE : KVM_IRQ_LINE_STATUS, &line);
	}
}

static int register_call(struct vm *vm, uint64_t *seed)
{
	static __thread struct {
		struct kvm_reg_list list;
		uint64_t id[256];
	} regs;
	uint64_t value[8], id;

	odd_buffer(seed, value, 8);
	regs.list.n = below(seed, 8) ? 256 : below(seed, 256);
	ioctl(vm->vcpu, KVM_GET_REG_LIST, &regs);
	id = regs.id[below(seed, 190)];
	if (!below(seed, 8))
		id ^= 1ull << below(seed, 64);
	return below(seed, 2) ? get(vm, id, value) : set(vm, id, value);
}

static int state_call(struct vm *vm, uint64_t *seed)
{
	struct kvm_mp_state mp = { .mp_state = below(seed, 6) };
	struct kvm_translation tr = { .linear_address = odd_number(seed) };
	struct kvm_guest_debug debug = { .control = below(seed, 4) | below(seed, 32) << 16 };
	struct kvm_enable_cap cap = { .cap = below(seed, 256), .args = { below(seed, 4) } };
	struct kvm44x_magic magic = { .ea = below(seed, MB) & ~0xfffu, .mapped = 1 };
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	unsigned int i;

	switch (below(seed, 10)) {
	case 0:
		return ioctl(vm->vcpu, KVM_SET_MP_STATE, &mp);
	case 1:
		return ioctl(vm->vcpu, KVM_TRANSLATE, &tr);
	case 2:
		for (i = 0; i < 16; i += 1 + below(seed, 4)) {
			debug.arch.bp[i].addr = odd_number(seed) & ~3ull;
			debug.arch.bp[i].type = below(seed, 8) << 1;
		}
		return ioctl(vm->vcpu, KVM_SET_GUEST_DEBUG, &debug);
	case 3:
		return ioctl(below(seed, 2) ? vm->vm : vm->vcpu, KVM_ENABLE_CAP, &cap);
	case 4:
		ioctl(vm->vcpu, KVM_GET_SREGS, &sregs);
		for (i = 0; i < 4; i++)
			((uint32_t *)&sregs.u)[below(seed, sizeof(sregs.u.e) / 4)] = next(seed);
		return ioctl(vm->vcpu, KVM_SET_SREGS, &sregs);
	case 5:
		return interrupt(vm, below(seed, 4) ? 0u - below(seed, 5) : next(seed));
	case 6:
		return set(vm, KVM44X_REG_MAGIC, &magic);
	default:
		/* somewhere else in the random words, in either state */
		ioctl(vm->vcpu, KVM_GET_REGS, &regs);
		regs.pc = below(seed, 8) ? below(seed, MB) : odd_number(seed);
		regs.msr = below(seed, 2) ? next(seed) : 0;
		for (i = 0; i < 32; i++)
			regs.gpr[i] = odd_number(seed);
		return ioctl(vm->vcpu, KVM_SET_REGS, &regs);
	}
}

/* The host's side of the arena; pages that go come back as others */
static int host_call(struct vm *vm, uint64_t *seed)
{
	uint32_t offset = below(seed, ARENA) & ~0xfffu;
	uint32_t size = (below(seed, ARENA - offset) & ~0xfffu) + 4096;
	uint64_t bytes = below(seed, 6) * MB;
	int fd;

	switch (below(seed, 5)) {
	case 0:
		return mprotect(arena + offset, size, below(seed, 4));
	case 1:
		return madvise(arena + offset, size, MADV_DONTNEED);
	case 2:
		mprotect(arena, ARENA, PROT_READ | PROT_WRITE);
		/* not by a store of our own: it may be taken away meanwhile */
		return read(noise, arena + offset, size < 8192 ? size : 8192);
	case 3:
		fd = ioctl(vm->vm, KVM44X_CREATE_MEMORY, &bytes);
		if (fd < 0)
			return -1;
		if (bytes > ARENA - offset)
			bytes = ARENA - offset;
		if (mmap(arena + offset, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 0) == MAP_FAILED)
			bytes = 0;
		close(fd);
		return bytes ? 0 : -1;
	default:
		return mmap(arena + offset, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED
			       ? -1
			       : 0;
	}
}

/* Any number with any argument; what comes back as a descriptor is closed */
static int any_call(struct vm *vm, uint64_t *seed)
{
	uint64_t buffer[1024];
	int fd = below(seed, 3) == 0 ? kvm : below(seed, 2) ? vm->vm : vm->vcpu;
	uint32_t number = below(seed, 256), size = below(seed, 8) ? below(seed, 600) : 0x3fff;
	unsigned long request = _IOC(below(seed, 4), KVMIO, number, size);
	int r;

	/* KVM_RUN would not return, KVM_SET_SIGNAL_MASK keep it from returning */
	if (number == 0x80 || number == 0x8b)
		return -1;
	odd_buffer(seed, buffer, 1024);
	r = ioctl(fd, request, below(seed, 4) ? (uintptr_t)buffer : (uintptr_t)odd_number(seed));
	if (r > 2 && (request == KVM_CREATE_VM || request == KVM_GET_STATS_FD))
		close(r);
	return r;
}

/* --- the threads --- */

static void random_code(struct vm *vm, uint64_t *seed)
{
	uint32_t *p = (uint32_t *)vm->ram, i;

	for (i = 0; i < MB / 4; i++)
		p[i] = below(seed, 4) ? X_FORM(next(seed) & 31, next(seed) & 31, next(seed) & 31,
					       next(seed) & 0x3ff)
				      : next(seed) << 1;
	__builtin___clear_cache((char *)vm->ram, (char *)vm->ram + MB);
}

/* With an interrupt controller in the kernel or without, and maybe with more of them */
static void create_any(struct vm *vm, uint64_t *seed)
{
	unsigned int uics = below(seed, 6);

	create_vm(vm, MB, 0);
	if (uics)
		CHECK(ioctl(vm->vm, KVM_CREATE_IRQCHIP, 0) == 0);
	for (; uics > 1; uics--) {
		struct kvm_enable_cap cap = {
			.cap = KVM44X_CAP_UIC,
			.args = { 0xc0 + 16 * below(seed, 5), below(seed, 33), below(seed, 33) },
		};

		ioctl(vm->vm, KVM_ENABLE_CAP, &cap);
	}
	create_vcpu(vm);
}

static void *runner(void *arg)
{
	struct fuzzed *f = arg;

	/* the callers come first */
	CHECK(setpriority(PRIO_PROCESS, gettid(), 15) == 0);
	while (!end) {
		pthread_rwlock_rdlock(&f->lock);
		run(&f->vm);
		pthread_rwlock_unlock(&f->lock);
		f->runs++;
		usleep(500);
	}
	return NULL;
}

static void anew(struct fuzzed *f, uint64_t *seed)
{
	pthread_rwlock_wrlock(&f->lock);
	destroy(&f->vm);
	create_any(&f->vm, seed);
	random_code(&f->vm, seed);
	pthread_rwlock_unlock(&f->lock);
}

static void *caller(void *arg)
{
	static call *const kinds[] = {
		memory_call,  memory_call,   log_call,	    bus_call,	irqchip_call,
		irqchip_call, register_call, register_call, state_call, state_call,
		host_call,    any_call,	     any_call,
	};
	uint64_t seed = *(uint64_t *)arg;

	while (!end) {
		struct fuzzed *f = &fuzzed[below(&seed, VMS)];

		if (!below(&seed, 500)) {
			anew(f, &seed);
			continue;
		}
		pthread_rwlock_rdlock(&f->lock);
		if (kinds[below(&seed, sizeof(kinds) / sizeof(kinds[0]))](&f->vm, &seed) >= 0)
			__atomic_fetch_add(&good, 1, __ATOMIC_RELAXED);
		pthread_rwlock_unlock(&f->lock);
		__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void nothing(int sig)
{
	(void)sig;
}

static void kick(pthread_t thread)
{
	pthread_kill(thread, SIGUSR1);
}

void fuzz(unsigned int seconds, uint64_t first_seed)
{
	struct sigaction wake = { .sa_handler = nothing };
	pthread_t callers[CALLERS];
	uint64_t seed[CALLERS];
	unsigned int i, runs = 0;
	time_t until = time(NULL) + seconds;
	struct vm vm;

	sigaction(SIGUSR1, &wake, NULL);
	arena = pages(ARENA);
	noise = open("/dev/urandom", O_RDONLY);
	CHECK(noise >= 0);
	for (i = 0; i < VMS; i++) {
		uint64_t code_seed = first_seed + i;

		pthread_rwlock_init(&fuzzed[i].lock, NULL);
		create_any(&fuzzed[i].vm, &code_seed);
		random_code(&fuzzed[i].vm, &code_seed);
		CHECK(pthread_create(&fuzzed[i].runner, NULL, runner, &fuzzed[i]) == 0);
	}
	for (i = 0; i < CALLERS; i++) {
		seed[i] = first_seed * 1000 + i;
		CHECK(pthread_create(&callers[i], NULL, caller, &seed[i]) == 0);
	}
	while (time(NULL) < until) {
		usleep(1000);
		for (i = 0; i < VMS; i++)
			kick(fuzzed[i].runner);
	}
	end = 1;
	for (i = 0; i < CALLERS; i++) {
		while (pthread_tryjoin_np(callers[i], NULL)) {
			for (unsigned int k = 0; k < VMS; k++)
				kick(fuzzed[k].runner);
			usleep(1000);
		}
	}
	for (i = 0; i < VMS; i++) {
		while (pthread_tryjoin_np(fuzzed[i].runner, NULL)) {
			kick(fuzzed[i].runner);
			usleep(1000);
		}
		runs += fuzzed[i].runs;
		destroy(&fuzzed[i].vm);
	}
	munmap(arena, ARENA);
	/* and all is well */
	create(&vm);
	CODE(&vm, 0x100, LI(3, 5), STOP);
	CHECK(stopped(&vm) && gpr(&vm, 3) == 5);
	destroy(&vm);
	CHECK(calls > 100 && good > calls / 20 && runs > 10);
	printf("fuzz, seed %llu: %u calls, %u succeeded, %u runs\n", (unsigned long long)first_seed,
	       calls, good, runs);
}
