// SPDX-License-Identifier: GPL-2.0-only
/* Several threads at one VM: slots change under the guest, calls while it runs, closing. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include "abi.h"

#define BASE	(16 * MB)
#define ASIDE	(32 * MB) /* where the slot moves to */
#define SIZE	(64 * 1024)
#define CHANGES 400

/* --- slots under a running vCPU --- */

/*
 * Phases have numbers: even while all is quiet, odd while the slot changes. In
 * an even phase each word of the slot is the phase's number, and where there is
 * no slot the monitor answers with it. The guest compares what it loads with the
 * phase before and after, so it notices each translation that has outlived its
 * slot. It stores, too, which a read-only slot must not show.
 */
#define PHASE 0x8000 /* in slot 0 */
#define FOUND 0x8004 /* what did not fit */
#define LOOPS 0x8008

struct changing {
	struct vm vm;
	volatile int end;
	uint8_t *host[2];
	unsigned int exits;
};

static volatile uint32_t *word(struct changing *c, uint32_t at)
{
	return (volatile uint32_t *)(c->vm.ram + at);
}

static void guest_code(struct changing *c)
{
	/* r4 slot, r8 words of slot 0, r9 offset in the slot */
	CODE(&c->vm, 0x100, LIS(4, BASE >> 16), LIS(8, 1), LI(9, 0),
	     /* next: */
	     ADDI(9, 9, 4096 + 16), RLWINM(9, 9, 0, 16, 29), ADD(10, 4, 9),
	     LWZ(5, 8, PHASE - 0x10000), LWZ(6, 10, 0), STW(5, 10, 4), LWZ(7, 8, PHASE - 0x10000),
	     LWZ(3, 8, LOOPS - 0x10000), ADDI(3, 3, 1), STW(3, 8, LOOPS - 0x10000), CMPW(5, 7),
	     BNE(-44), /* it changed meanwhile */
	     RLWINM(3, 5, 0, 31, 31), CMPWI(3, 0), BNE(-56), /* it changes */
	     CMPW(5, 6), BEQ(-64), STW(6, 8, FOUND - 0x10000), B(-72));
}

static void *changing_vcpu(void *arg)
{
	struct changing *c = arg;
	struct kvm_run *r = c->vm.run;

	while (!c->end) {
		if (run(&c->vm) < 0) {
			CHECK(errno == EINTR);
			continue;
		}
		CHECK(r->exit_reason == KVM_EXIT_MMIO && r->mmio.len == 4);
		CHECK(r->mmio.phys_addr >= BASE && r->mmio.phys_addr < BASE + SIZE);
		c->exits++;
		if (!r->mmio.is_write)
			memcpy(r->mmio.data, (void *)word(c, PHASE), 4);
	}
	return NULL;
}

/* All words the guest looks at */
static void fill(uint8_t *host, uint32_t value)
{
	uint32_t i;

	for (i = 0; i < SIZE; i += 16)
		*(volatile uint32_t *)(host + i) = value;
}

static void slots_change(void)
{
	enum {
		ABSENT,
		FIRST,
		SECOND,
		READ_ONLY,
		LOGGED,
		MOVED,
		KINDS
	} kind = ABSENT, last;
	uint32_t phase = 0, x = 12345, loops = 0;
	static struct changing c;
	pthread_t thread;

	create(&c.vm);
	c.host[0] = pages(SIZE);
	c.host[1] = pages(SIZE);
	guest_code(&c);
	CHECK(pthread_create(&thread, NULL, changing_vcpu, &c) == 0);
	while (phase < 2 * CHANGES) {
		last = kind;
		x = x * 1103515245 + 12345;
		kind = (x >> 16) % KINDS;
		/* LOGGED and MOVED are done to the slot that is there */
		if (kind == LOGGED && last != FIRST)
			kind = FIRST;
		if (kind == MOVED && last != FIRST && last != LOGGED)
			kind = ABSENT;

		*word(&c, PHASE) = ++phase;
		if (kind < LOGGED && last != ABSENT)
			CHECK(region(&c.vm, 1, 0, last == MOVED ? ASIDE : BASE, 0, NULL) == 0);
		if (last == READ_ONLY)
			CHECK(*(uint32_t *)(c.host[1] + 4) == 0x55555555);
		if (x >> 20 & 1)
			CHECK(madvise(c.host[0], SIZE, MADV_DONTNEED) == 0);
		fill(c.host[kind == SECOND || kind == READ_ONLY], phase + 1);
		if (kind == READ_ONLY)
			*(uint32_t *)(c.host[1] + 4) = 0x55555555;
		if (kind == FIRST || kind == SECOND)
			CHECK(region(&c.vm, 1, 0, BASE, SIZE, c.host[kind == SECOND]) == 0);
		else if (kind == READ_ONLY)
			CHECK(region(&c.vm, 1, KVM_MEM_READONLY, BASE, SIZE, c.host[1]) == 0);
		else if (kind == LOGGED)
			CHECK(region(&c.vm, 1, KVM_MEM_LOG_DIRTY_PAGES, BASE, SIZE, c.host[0]) ==
			      0);
		else if (kind == MOVED)
			CHECK(region(&c.vm, 1, 0, ASIDE, SIZE, c.host[0]) == 0);
		*word(&c, PHASE) = ++phase;
		/* let the guest see it, most of the time */
		if (x & 0x300)
			usleep(x >> 8 & 0x3ff);
	}
	loops = *word(&c, LOOPS);
	c.end = 1;
	while (pthread_tryjoin_np(thread, NULL)) {
		c.vm.run->immediate_exit = 1;
		pthread_kill(thread, SIGUSR1);
		usleep(1000);
	}
	CHECK(*word(&c, FOUND) == 0);
	CHECK(loops > phase && c.exits > 100);
	printf("slots: %u loops of the guest, %u exits\n", loops, c.exits);
	destroy(&c.vm);
	munmap(c.host[0], SIZE);
	munmap(c.host[1], SIZE);
}

/* --- calls while it runs --- */

struct running {
	struct vm vm;
	volatile int end;
	pthread_t runner[2];
	unsigned int returns[2];
};

static struct running running;

static void run_until_end(unsigned int n)
{
	while (!running.end) {
		REFUSED(EINTR, run(&running.vm));
		running.returns[n]++;
	}
}

static void *first_runner(void *arg)
{
	run_until_end(0);
	return arg;
}

static void *second_runner(void *arg)
{
	run_until_end(1);
	return arg;
}

/* Ends KVM_RUN of both every now and then, and at last for good */
static void *kicker(void *arg)
{
	unsigned int k, ended = 0;

	while (!running.end) {
		for (k = 0; k < 2; k++)
			pthread_kill(running.runner[k], SIGUSR1);
		usleep(2000);
	}
	/* both, as long as one is there: it may wait for the other one to come out */
	while (ended != 3) {
		running.vm.run->immediate_exit = 1;
		for (k = 0; k < 2; k++) {
			if (ended & 1u << k)
				continue;
			if (!pthread_tryjoin_np(running.runner[k], NULL))
				ended |= 1u << k;
			else
				pthread_kill(running.runner[k], SIGUSR1);
		}
		usleep(1000);
	}
	return arg;
}

/* The guest counts in r3, for ever; two threads run it */
static void calls_while_running(void)
{
	struct kvm_translation tr = { .linear_address = 0x100 };
	struct kvm_mp_state mp;
	struct kvm_sregs sregs;
	pthread_t thread;
	uint32_t last = 0, count, line;
	unsigned int i;

	create(&running.vm);
	CODE(&running.vm, 0x100, ADDI(3, 3, 1), B(-4));
	CHECK(pthread_create(&running.runner[0], NULL, first_runner, NULL) == 0);
	CHECK(pthread_create(&running.runner[1], NULL, second_runner, NULL) == 0);
	CHECK(pthread_create(&thread, NULL, kicker, NULL) == 0);
	for (i = 0; i < 50; i++) {
		/* at once */
		CHECK(interrupt(&running.vm, KVM_INTERRUPT_SET_LEVEL) == 0);
		CHECK(interrupt(&running.vm, KVM_INTERRUPT_UNSET) == 0);
		/* these wait for their turn */
		count = gpr(&running.vm, 3);
		CHECK(count >= last);
		last = count;
		CHECK(ioctl(running.vm.vcpu, KVM_TRANSLATE, &tr) == 0);
		CHECK(ioctl(running.vm.vcpu, KVM_GET_MP_STATE, &mp) == 0);
		CHECK(mp.mp_state == KVM_MP_STATE_RUNNABLE);
		CHECK(ioctl(running.vm.vcpu, KVM_GET_SREGS, &sregs) == 0);
		CHECK(get(&running.vm, KVM44X_REG_LINES, &line) == 0 && line == 0);
	}
	/* on a fast machine that took less time than ten kicks */
	for (i = 0; i < 10000 && (running.returns[0] <= 10 || running.returns[1] <= 10); i++)
		usleep(1000);
	running.end = 1;
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(last > 0 && running.returns[0] > 10 && running.returns[1] > 10);
	destroy(&running.vm);
}

/* --- closing --- */

static void closing(void)
{
	struct kvm_stats_header header;
	uint64_t size = 16 * MB;
	struct vm vm;
	int fd, stats;
	uint8_t *p;

	/* the vCPU outlives the VM's descriptor */
	create(&vm);
	CODE(&vm, 0x100, LI(3, 5), STOP, LI(3, 6), STOP);
	CHECK(stopped(&vm));
	CHECK(close(vm.vm) == 0);
	CHECK(stopped(&vm) && gpr(&vm, 3) == 6);
	/* its page outlives the vCPU */
	CHECK(close(vm.vcpu) == 0);
	CHECK(vm.run->exit_reason == KVM_EXIT_DCR);
	munmap(vm.run, run_size);
	munmap(vm.ram, vm.size);

	/* the VM's descriptor last, or the statistics' */
	create(&vm);
	CODE(&vm, 0x100, STOP);
	CHECK(stopped(&vm));
	stats = ioctl(vm.vcpu, KVM_GET_STATS_FD, NULL);
	close(vm.vcpu);
	munmap(vm.run, run_size);
	CHECK(region(&vm, 1, 0, BASE, MB, vm.ram) == 0);
	close(vm.vm);
	munmap(vm.ram, vm.size);
	CHECK(stats < 0 || pread(stats, &header, sizeof(header), 0) == sizeof(header));
	close(stats);

	/* contiguous memory outlives everything, and goes before */
	create(&vm);
	fd = ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	CHECK(region(&vm, 1, 0, BASE, size, p) == 0);
	CODE(&vm, 0x100, LIS(4, BASE >> 16), LI(3, 9), STW(3, 4, 0), STOP, STW(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	munmap(p, size);
	REFUSED(EFAULT, run(&vm));
	destroy(&vm);
	create(&vm);
	fd = ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && region(&vm, 1, 0, BASE, size, p) == 0);
	CODE(&vm, 0x100, LIS(4, BASE >> 16), LI(3, 9), STW(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	destroy(&vm);
	CHECK(p[3] == 9);
	close(fd);
	CHECK(p[3] == 9);
	munmap(p, size);
}

static void nothing(int sig)
{
	(void)sig;
}

void race_checks(void)
{
	struct sigaction wake = { .sa_handler = nothing };

	sigaction(SIGUSR1, &wake, NULL);
	slots_change();
	calls_while_running();
	closing();
}
