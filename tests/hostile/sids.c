// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that spins through all translation contexts, 256 PIDs by IS, DS and
 * PR, hurts nobody else: beside it, guests with no more contexts than their
 * share keep their shadows, and need as few new ones as without it.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm.h"

#define CODE	0x1000
#define MEMORY	(128 * KB)
#define SYSCALL 0xc00

/* 256 MB at 0 for everybody, in both spaces; the system call goes to SYSCALL */
GUEST_CODE(setup, "	li	5, 0\n"
		  "	mtspr	63, 5\n" /* IVPR */
		  "	li	5, 0xc00\n"
		  "	mtspr	408, 5\n" /* IVOR8 */
		  "	li	6, 0x3f\n"
		  "	li	5, 16\n"
		  "	li	7, 0\n"
		  "	li	8, 0x390\n"
		  "	tlbwe	7, 5, 1\n"
		  "	tlbwe	6, 5, 2\n"
		  "	tlbwe	8, 5, 0\n"
		  "	tlbwe	6, 7, 2\n" /* slot 0 has it in space 0 */
		  "	isync\n" END_OF_CODE);

/*
 * r3: PIDs from 0 on, r4: rounds. In each round, in each of the 8 states of each
 * PID, two pages are loaded from, then a system call leads back.
 */
GUEST_CODE(contexts, "	lis	10, 1\n" /* DATA */
		     "	bl	1f\n"
		     "1:	mflr	12\n"
		     "	addi	12, 12, 5f - 1b\n"
		     "2:	li	20, 0\n"
		     "3:	mtspr	48, 20\n" /* PID */
		     "	li	21, 0\n"
		     "4:	rlwinm	5, 21, 14, 17, 17\n" /* PR */
		     "	rlwimi	5, 21, 4, 26, 26\n" /* IS */
		     "	rlwimi	5, 21, 2, 27, 27\n" /* DS */
		     "	mtspr	27, 5\n" /* SRR1 */
		     "	mtspr	26, 12\n" /* SRR0 */
		     "	rfi\n"
		     "5:	lwz	5, 0(10)\n"
		     "	lwz	5, 4096(10)\n"
		     "	sc\n"
		     "	addi	21, 21, 1\n"
		     "	cmpwi	21, 8\n"
		     "	bne	4b\n"
		     "	addi	20, 20, 1\n"
		     "	cmpw	20, 3\n"
		     "	bne	3b\n"
		     "	addi	4, 4, -1\n"
		     "	cmpwi	4, 0\n"
		     "	bne	2b\n" END_OF_CODE);

/* On in supervisor state and space 0, after the sc */
GUEST_CODE(back, "	li	5, 0\n"
		 "	mtspr	27, 5\n"
		 "	rfi\n");

#define ALL_PIDS 256
#define PER_PID	 8 /* contexts */
#define SIDS	 255

struct guest {
	struct vm vm;
	void *ram;
	pthread_t thread;
};

static void create(struct guest *g)
{
	g->ram = ordinary(MEMORY);
	vm_create(&g->vm, g->ram, MEMORY);
	vm_code(g->ram, SYSCALL, back);
	vm_code(g->ram, CODE, setup);
	VM_START(&g->vm, CODE, 0, 0);
	CHECK(vm_run(&g->vm) == 0 && vm_ended(&g->vm));
	vm_code(g->ram, CODE, contexts);
}

static void destroy(struct guest *g)
{
	vm_destroy(&g->vm);
	munmap(g->ram, MEMORY);
}

/* Shadows that the guest needed for @rounds through @pids */
static uint64_t go(struct guest *g, uint32_t pids, uint32_t rounds)
{
	uint64_t before = vm_stat(&g->vm, "shadow_made");
	int r;

	VM_START(&g->vm, CODE, 0, pids, rounds);
	do {
		r = vm_run(&g->vm);
	} while (r == -EINTR);
	CHECK(r == 0 && vm_ended(&g->vm));
	return vm_stat(&g->vm, "shadow_made") - before;
}

/* --- the storm --- */

static struct guest storm;
static atomic_bool storm_ends;

static void on_signal(int sig)
{
	(void)sig;
	storm.vm.run->immediate_exit = 1;
}

static void *storm_thread(void *unused)
{
	(void)unused;
	VM_START(&storm.vm, CODE, 0, ALL_PIDS, 0); /* 2^32 rounds */
	while (!storm_ends)
		CHECK(vm_run(&storm.vm) == -EINTR);
	return NULL;
}

static void storm_begin(void)
{
	create(&storm);
	storm_ends = false;
	if (pthread_create(&storm.thread, NULL, storm_thread, NULL))
		errx(2, "no thread for the storm");
	while (vm_stat(&storm.vm, "sid_generations") < 1)
		usleep(1000);
}

static void storm_end(void)
{
	storm_ends = true;
	pthread_kill(storm.thread, SIGUSR1);
	pthread_join(storm.thread, NULL);
	destroy(&storm);
}

/* --- the others --- */

#define ROUNDS 20

/* @count guests with @pids each, a share at most, in turns, without and with the storm */
static void beside(unsigned int count, uint32_t pids)
{
	uint64_t alone = 0, together = 0, generations;
	static struct guest g[SIDS];
	unsigned int i, round;

	for (i = 0; i < count; i++) {
		create(&g[i]);
		go(&g[i], pids, 1);
	}
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < count; i++)
			alone += go(&g[i], pids, 1);
	storm_begin();
	generations = vm_stat(&storm.vm, "sid_generations");
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < count; i++)
			together += go(&g[i], pids, 1);
		usleep(10000);
	}
	generations = vm_stat(&storm.vm, "sid_generations") - generations;
	for (i = 0; i < count; i++) {
		CHECK(vm_stat(&g[i].vm, "sid_generations") == 0);
		destroy(&g[i]);
	}
	storm_end();
	printf("%u guests of %u contexts: %llu new shadows alone, %llu beside %llu storms\n", count,
	       pids * PER_PID, (unsigned long long)alone, (unsigned long long)together,
	       (unsigned long long)generations);
	CHECK(together <= alone);
	CHECK(generations >= ROUNDS / 4);
}

/* What is more than a share may be lost, but only as often as a share was used */
static void greedy(void)
{
	const uint32_t pids = 31;
	struct guest g;

	create(&g);
	go(&g, pids, ROUNDS);
	CHECK(vm_stat(&g.vm, "sid_generations") == 0); /* alone, it may have them all */
	storm_begin();
	go(&g, pids, ROUNDS);
	CHECK(vm_stat(&g.vm, "sid_generations") >= 1);
	CHECK(vm_stat(&g.vm, "sid_generations") <= ROUNDS * pids * PER_PID / (SIDS / 2) + 1);
	storm_end();
	destroy(&g);
}

/* What a VM had is free when it has gone */
static void freed(void)
{
	struct guest g[2];
	unsigned int i;

	create(&g[0]);
	go(&g[0], 1, 1);
	for (i = 0; i < 2 * SIDS / PER_PID; i++) {
		create(&g[1]);
		go(&g[1], 1, 1);
		destroy(&g[1]);
	}
	go(&g[0], 31, 1);
	CHECK(vm_stat(&g[0].vm, "sid_generations") == 0);
	destroy(&g[0]);
}

int main(void)
{
	struct sigaction out = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &out, NULL);
	beside(1, SIDS / 2 / PER_PID);
	beside(19, SIDS / 20 / PER_PID);
	greedy();
	freed();
	return vmm_result();
}
