// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eight VMs at a time, started and killed at random: life SEED VMS. Each is a
 * process that has got somewhere between its first call and a running guest
 * when it is killed.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vmm.h"

#define AT_ONCE 8
#define CODE	0x1000

/* Loads, stores, system calls into nothing and sleep: r3 says how often before it waits */
GUEST_CODE(busy, "	mtctr	3\n"
		 "1:	lwz	5, 0(4)\n"
		 "	addi	5, 5, 1\n"
		 "	stw	5, 0(4)\n"
		 "	mfspr	6, 272\n"
		 "	addi	4, 4, 4096\n"
		 "	rlwinm	4, 4, 0, 12, 31\n"
		 "	bdnz	1b\n"
		 "	lis	5, 4\n"
		 "	mtmsr	5\n" /* wait state, for ever */
		 "	b	.\n");

static void live(unsigned int seed)
{
	struct vm vm;
	void *ram;

	vm_create(&vm, NULL, 0);
	ram = seed & 1 ? vm_contiguous(&vm, MB) : ordinary(MB);
	if (!ram)
		ram = ordinary(MB);
	vm_slot(&vm, 0, 0, ram, MB);
	vm_code(ram, CODE, busy);
	VM_START(&vm, CODE, 0, seed % 5000 + 1, 0x10000);
	vm_run(&vm);
	_exit(1); /* it does not return */
}

int main(int argc, char **argv)
{
	pid_t child[AT_ONCE] = { 0 };
	unsigned int started = 0, vms, i;
	int status;

	if (argc != 3)
		errx(2, "usage: life SEED VMS");
	srandom(atoi(argv[1]));
	vms = atoi(argv[2]);
	while (started < vms) {
		i = random() % AT_ONCE;
		if (child[i]) {
			CHECK(kill(child[i], SIGKILL) == 0);
			CHECK(waitpid(child[i], &status, 0) == child[i]);
			CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		}
		child[i] = fork();
		if (child[i] < 0)
			err(2, "fork");
		if (!child[i])
			live(random() + started);
		started++;
		usleep(random() % 8000);
	}
	for (i = 0; i < AT_ONCE; i++) {
		if (!child[i])
			continue;
		kill(child[i], SIGKILL);
		waitpid(child[i], &status, 0);
	}
	return vmm_result();
}
