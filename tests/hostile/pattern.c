// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that check their memory, word by word with the address in it, while the
 * host takes the pages away from them.
 *
 *	pattern swap	one guest, on a host that lacks the room for it
 *	pattern ksm	two guests with the same contents, which the host merges
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm.h"

#define CODE 0x1000
#define BASE MB /* what is below has the code */
#define STEP 128

/* r3, r4: from, to; r5: value to be XORed with the address */
GUEST_CODE(fill, "1:	xor	8, 3, 5\n"
		 "	stw	8, 0(3)\n"
		 "	addi	3, 3, 128\n"
		 "	cmplw	3, 4\n"
		 "	blt	1b\n" END_OF_CODE);

/* The same, and r6: the value for the next time, r7: what was wrong */
GUEST_CODE(check, "1:	xor	8, 3, 5\n"
		  "	lwz	9, 0(3)\n"
		  "	cmplw	8, 9\n"
		  "	beq	2f\n"
		  "	addi	7, 7, 1\n"
		  "2:	xor	8, 3, 6\n"
		  "	stw	8, 0(3)\n"
		  "	addi	3, 3, 128\n"
		  "	cmplw	3, 4\n"
		  "	blt	1b\n" END_OF_CODE);

struct guest {
	struct vm vm;
	char *ram;
	uint32_t end;
};

static void create(struct guest *g, uint32_t size)
{
	g->ram = ordinary(BASE + size);
	g->end = BASE + size;
	vm_create(&g->vm, g->ram, g->end);
}

static void guest_fills(struct guest *g, uint32_t value)
{
	vm_code(g->ram, CODE, fill);
	VM_START(&g->vm, CODE, 0, BASE, g->end, value);
	CHECK(vm_run(&g->vm) == 0 && vm_ended(&g->vm));
}

static void guest_checks(struct guest *g, uint32_t value, uint32_t next)
{
	vm_code(g->ram, CODE, check);
	VM_START(&g->vm, CODE, 0, BASE, g->end, value, next, 0);
	CHECK(vm_run(&g->vm) == 0 && vm_ended(&g->vm) && vm_gpr(&g->vm, 7) == 0);
}

/* The host's view of the same memory */
static void host_checks(struct guest *g, uint32_t value)
{
	uint32_t at, wrong = 0;

	for (at = BASE; at < g->end; at += STEP)
		wrong += *(uint32_t *)(g->ram + at) != (at ^ value);
	CHECK(wrong == 0);
}

static long from_proc(const char *path, const char *name)
{
	FILE *f = fopen(path, "r");
	char line[128];
	long value = -1;

	if (!f)
		err(2, "%s", path);
	while (value < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			value = atol(line + strlen(name));
	fclose(f);
	if (value < 0)
		errx(2, "%s has no %s", path, name);
	return value;
}

/* --- swap --- */

#define ROOM	   (14 * MB)
#define GUEST_SIZE (28 * MB)

static void swapped(void)
{
	size_t locked = from_proc("/proc/meminfo", "MemAvailable:") * KB - ROOM;
	char *hog = mmap(NULL, locked, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	long out = from_proc("/proc/vmstat", "pswpout ");
	struct guest g;
	uint32_t round;

	if (hog == MAP_FAILED)
		err(2, "locking %zu MB of memory", locked / MB);
	create(&g, GUEST_SIZE);
	guest_fills(&g, 0);
	for (round = 0; round < 2; round++)
		guest_checks(&g, round, round + 1);
	host_checks(&g, round);
	guest_checks(&g, round, round);
	out = from_proc("/proc/vmstat", "pswpout ") - out;
	printf("%ld pages went to the disk\n", out);
	CHECK(out > (long)(GUEST_SIZE - ROOM) / (long)PAGE);
	vm_destroy(&g.vm);
}

/* --- merging --- */

#define KSM	   "/sys/kernel/mm/ksm/"
#define KSM_PAGES  512
#define MERGE_TIME 30 /* s */

static void ksm_set(const char *path, const char *value)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(value, f) < 0 || fclose(f))
		err(2, "%s", path);
}

static void wait_merged(long pages)
{
	int i;

	for (i = 0; i < MERGE_TIME * 10 && from_proc(KSM "pages_sharing", "") < pages; i++)
		usleep(100000);
	CHECK(from_proc(KSM "pages_sharing", "") >= pages);
}

static void merged(void)
{
	struct guest a, b;
	uint32_t i;

	create(&a, KSM_PAGES * PAGE);
	create(&b, KSM_PAGES * PAGE);
	CHECK(madvise(a.ram + BASE, KSM_PAGES * PAGE, MADV_MERGEABLE) == 0);
	CHECK(madvise(b.ram + BASE, KSM_PAGES * PAGE, MADV_MERGEABLE) == 0);
	ksm_set(KSM "sleep_millisecs", "1");
	ksm_set(KSM "pages_to_scan", "200");
	ksm_set(KSM "run", "1");
	guest_fills(&a, 1);
	guest_fills(&b, 1);
	wait_merged(KSM_PAGES - 1);
	/* each writes something of its own, and sees nothing of the other's */
	guest_checks(&a, 1, 2);
	guest_checks(&b, 1, 3);
	guest_checks(&a, 2, 4);
	host_checks(&b, 3);
	guest_checks(&b, 3, 4);
	wait_merged(KSM_PAGES - 1);
	/* merged and broken up while they go on */
	for (i = 0; i < 12; i++) {
		guest_checks(&a, 4, 4);
		guest_checks(&b, 4, 4);
	}
	host_checks(&a, 4);
	wait_merged(KSM_PAGES - 1);
	guest_checks(&b, 4, 5);
	ksm_set(KSM "run", "2"); /* breaks up what is merged */
	guest_checks(&a, 4, 5);
	host_checks(&b, 5);
	vm_destroy(&a.vm);
	vm_destroy(&b.vm);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: pattern swap|ksm");
	if (!strcmp(argv[1], "swap"))
		swapped();
	else
		merged();
	return vmm_result();
}
