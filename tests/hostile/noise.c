// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that do anything at all, from a seed:
 *
 *	noise words SEED MS	random words as instructions, in random states
 *	noise tlb SEED MS	random TLB entries of all sizes and kinds, overlapping
 *				ones too, and accesses through them in random contexts
 *
 * Each runs for MS milliseconds, from ever new starts. What is checked is that
 * nothing but the guest's memory changes, not even what lies beside its pieces
 * in physical memory, and that KVM_RUN returns and says what it may; the caller
 * looks at the host's log.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "vmm.h"

#define SIZE  (4 * MB)
#define PIECE (64 * KB) /* the guest's memory and the guard lie in turns */
#define SLICE 3 /* ms from one start to the next */

static uint32_t seed;
static uint32_t *ram;
static struct vm vm;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* A word that is an instruction more often than not */
static uint32_t random_word(void)
{
	static const uint16_t privileged[] = {
		/*
		 * Extended opcodes of 31: tlbwe, tlbre, tlbsx, mtmsr, mfmsr, wrtee,
		 * wrteei, mtspr, mfspr, mtdcr, mfdcr, dcbi, iccci, dccci, icread, dcread
		 */
		978, 946, 914, 146, 83, 131, 163, 467, 339, 451, 323, 470, 966, 454, 998, 486,
	};
	uint32_t word = rnd();

	switch (rnd() % 8) {
	case 0:
		return word;
	case 1:
		return 31u << 26 | (word & 0x03ffffff);
	case 2:
	case 3:
		return 31u << 26 | (word & 0x03fff800) | privileged[rnd() % 16] << 1 | (word & 1);
	case 4: /* rfi, rfci, rfmci, isync and their like */
		return 19u << 26 | (word & 0x7ff);
	case 5: /* loads and stores */
		return (32 + rnd() % 24) << 26 | (word & 0x03ffffff);
	case 6: /* short branches */
		return 16u << 26 | (word & 0x03e0007d);
	default: /* addi, addis, and, or: registers get other values */
		return (14 + rnd() % 2) << 26 | (word & 0x03ffffff);
	}
}

static void random_word_at(uint32_t i)
{
	ram[i] = random_word();
	__builtin___clear_cache((char *)&ram[i], (char *)&ram[i + 1]);
}

static void set_vectors(uint32_t ivpr, uint32_t ivor)
{
	struct kvm_sregs s;
	unsigned int i;

	if (ioctl(vm.vcpu, KVM_GET_SREGS, &s))
		err(2, "KVM_GET_SREGS");
	s.u.e.ivpr = ivpr;
	for (i = 0; i < 16; i++)
		s.u.e.ivor_low[i] = ivor ? ivor : rnd() & 0xfff0;
	if (ioctl(vm.vcpu, KVM_SET_SREGS, &s))
		err(2, "KVM_SET_SREGS");
}

static void set_tlb(unsigned int slot, uint32_t word0, uint32_t word1, uint32_t word2)
{
	struct kvm44x_tlbe e = { { word0, word1, word2 }, 0 };
	struct kvm_one_reg one = { .id = KVM44X_REG_TLB(slot), .addr = (uintptr_t)&e };

	if (ioctl(vm.vcpu, KVM_SET_ONE_REG, &one))
		err(2, "TLB entry %u", slot);
}

#define MSR_ANY 0x2f230 /* CE EE PR FP ME FE0 DE FE1 IS DS: all but WE */

static void random_registers(uint32_t pc, uint32_t msr)
{
	struct kvm_regs regs;
	unsigned int i;

	if (ioctl(vm.vcpu, KVM_GET_REGS, &regs))
		err(2, "KVM_GET_REGS");
	for (i = 0; i < 32; i++)
		regs.gpr[i] = rnd() & (rnd() & 1 ? ~0u : SIZE - 4);
	regs.lr = rnd() & (SIZE - 4);
	regs.ctr = rnd() & (SIZE - 4);
	regs.pc = pc;
	regs.msr = msr;
	if (ioctl(vm.vcpu, KVM_SET_REGS, &regs))
		err(2, "KVM_SET_REGS");
}

/* --- random words --- */

static void words_start(void)
{
	uint32_t i;

	for (i = 0; i < 256; i++)
		random_word_at(rnd() % (SIZE / 4));
	/* everything mapped one to one, in both spaces, for everybody */
	for (i = 0; i < 16; i++)
		set_tlb(i, 0x290 | i << 28 | (i & 1) << 8, (i >> 1) << 28, 0x3f);
	set_tlb(16, 0x390, 0, 0x3f);
	set_vectors(0, 0);
	random_registers(rnd() & (SIZE - 4), rnd() & MSR_ANY);
}

/* --- random translations --- */

#define STORM	0x1000
#define VECTORS 0x2000
#define ACCESS	0x3000

/*
 * r30: seed; r5: slot; r7: word 0; r8: address to access. The random numbers'
 * subroutine is at 9. All interrupts lead to 1.
 */
GUEST_CODE(storm, "	b	1f\n"
		  "9:	slwi	29, 30, 13\n"
		  "	xor	30, 30, 29\n"
		  "	srwi	29, 30, 17\n"
		  "	xor	30, 30, 29\n"
		  "	slwi	29, 30, 5\n"
		  "	xor	30, 30, 29\n"
		  "	blr\n"
		  "1:	bl	9b\n"
		  "	clrlwi	5, 30, 26\n"
		  "	cmplwi	5, 2\n"
		  "	blt	1b\n"
		  "	bl	9b\n"
		  "	rlwinm	6, 30, 0, 29, 23\n" /* 8 PIDs; sids.c has them all */
		  "	mtspr	946, 6\n" /* MMUCR */
		  "	bl	9b\n"
		  "	rlwinm	7, 30, 0, 25, 23\n" /* up to 16 MB, */
		  "	ori	7, 7, 0x200\n" /* valid */
		  "	tlbwe	7, 5, 0\n"
		  "	bl	9b\n"
		  "	andi.	6, 30, 7\n"
		  "	beq	2f\n"
		  "	rlwinm	30, 30, 0, 10, 21\n" /* within 4 MB */
		  "2:	tlbwe	30, 5, 1\n"
		  "	bl	9b\n"
		  "	andi.	6, 30, 0xc00\n"
		  "	beq	6f\n"
		  "	ori	30, 30, 0x3f\n" /* mostly all rights */
		  "6:	tlbwe	30, 5, 2\n"
		  "	tlbre	6, 5, 0\n"
		  "	bl	9b\n"
		  "	rlwinm	8, 7, 0, 0, 21\n" /* in its first KB */
		  "	rlwimi	8, 30, 0, 22, 29\n"
		  "	andi.	6, 30, 0x400\n"
		  "	beq	3f\n"
		  "	xor	8, 8, 30\n" /* or near it */
		  "	rlwinm	8, 8, 0, 0, 29\n"
		  "3:	bl	9b\n"
		  "	tlbsx.	6, 0, 8\n"
		  "	mfspr	6, 946\n"
		  "	rlwinm	6, 6, 0, 24, 31\n" /* the entry's own PID, often */
		  "	andi.	9, 30, 0x300\n"
		  "	bne	4f\n"
		  "	rlwinm	6, 30, 0, 29, 31\n"
		  "4:	mtspr	48, 6\n"
		  "	bl	9b\n"
		  "	andi.	6, 30, 0x4030\n" /* PR, IS, DS */
		  "	mtspr	27, 6\n"
		  "	li	6, 0x3000\n"
		  "	andi.	9, 30, 0x700\n"
		  "	bne	5f\n"
		  "	mr	6, 8\n" /* sometimes executed from */
		  "5:	mtspr	26, 6\n"
		  "	rfi\n");
GUEST_CODE(again, "	b	.-0xffc\n"); /* from VECTORS to STORM + 4, which goes on at 1 */
GUEST_CODE(touch, "	lwz	9, 0(8)\n"
		  "	stw	9, 4(8)\n"
		  "	lwarx	9, 0, 8\n"
		  "	lmw	26, 8(8)\n"
		  "	sc\n");

static void tlb_start(void)
{
	vm_code(ram, STORM, storm);
	vm_code(ram, VECTORS, again);
	vm_code(ram, ACCESS, touch);
	/* the code, in both spaces; lower slots count, so nothing hides it */
	set_tlb(0, 0x250, 0, 0x3f);
	set_tlb(1, 0x350, 0, 0x3f);
	set_vectors(0, VECTORS);
	random_registers(STORM, 0);
	/* and the host takes pages away */
	madvise((char *)ram + MB + rnd() % (2 * MB / PAGE) * PAGE, rnd() % MB, MADV_DONTNEED);
}

/* --- */

static void on_alarm(int sig)
{
	(void)sig;
	vm.run->immediate_exit = 1;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

/* Until the alarm; devices answer anything */
static void slice(void)
{
	struct itimerval soon = { .it_value = { .tv_usec = SLICE * 1000 } };

	vm.run->immediate_exit = 0;
	setitimer(ITIMER_REAL, &soon, NULL);
	for (;;) {
		int r = vm_run(&vm);

		if (r == -EINTR)
			return;
		if (!CHECK(r == 0))
			exit(1);
		switch (vm.run->exit_reason) {
		case KVM_EXIT_MMIO:
			CHECK(vm.run->mmio.len <= 8);
			CHECK(vm.run->mmio.phys_addr >= SIZE);
			memset(vm.run->mmio.data, rnd(), 8);
			break;
		case KVM_EXIT_DCR:
			CHECK(vm.run->dcr.dcrn < 1024);
			vm.run->dcr.data = rnd();
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			CHECK(vm.run->system_event.type == KVM_SYSTEM_EVENT_RESET);
			break;
		default:
			printf("exit reason %u\n", vm.run->exit_reason);
			exit(1);
		}
	}
}

/* Gives the guest every other piece of contiguous memory, and returns the rest of it */
static uint32_t *divide_memory(void)
{
	char *guard = ordinary(SIZE);
	uint64_t size = 2 * SIZE;
	uint32_t at;
	int fd;

	ram = ordinary(SIZE);
	fd = ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size);
	if (fd < 0)
		err(2, "contiguous memory");
	for (at = 0; at < SIZE; at += PIECE) {
		if (mmap((char *)ram + at, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			 fd, 2 * at) == MAP_FAILED ||
		    mmap(guard + at, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 2 * at + PIECE) == MAP_FAILED)
			err(2, "mmap");
	}
	close(fd);
	memset(guard, 0x5a, SIZE);
	vm_slot(&vm, 0, 0, ram, SIZE);
	return (uint32_t *)guard;
}

static void check_guard(const uint32_t *guard)
{
	uint32_t i, wrong = 0;

	for (i = 0; i < SIZE / 4; i++)
		wrong += guard[i] != 0x5a5a5a5a;
	CHECK(wrong == 0);
}

static const char *const shown[] = {
	"privileged_exits", "shadow_made", "shadow_large",
	"sid_generations",  "mmio_exits",  "dcr_exits",
};

int main(int argc, char **argv)
{
	struct sigaction alarm = { .sa_handler = on_alarm };
	void (*start)(void) = words_start;
	uint64_t end;
	uint32_t *guard, i;

	if (argc != 4)
		errx(2, "usage: noise words|tlb SEED MS");
	if (!strcmp(argv[1], "tlb"))
		start = tlb_start;
	seed = strtoul(argv[2], NULL, 0) * 2654435761u + 1;
	vm_create(&vm, NULL, 0);
	guard = divide_memory();
	sigaction(SIGALRM, &alarm, NULL);
	for (i = 0; i < SIZE / 4; i++)
		random_word_at(i);
	end = now() + strtoul(argv[3], NULL, 0);
	while (now() < end) {
		start();
		slice();
	}
	check_guard(guard);
	printf("%s %s:", argv[1], argv[2]);
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		printf(" %s %" PRIu64, shown[i], vm_stat(&vm, shown[i]));
	printf("\n");
	vm_destroy(&vm);
	return vmm_result();
}
