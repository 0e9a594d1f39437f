// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VM whose whole state is copied into a fresh one goes on as if nothing had happened: programs
 * of guest/ and code of our own run in one VM after the other, changing at random moments, with an
 * access in flight and in the wait state, too, and must print what they print in one VM.
 */
#include <elf.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include "abi.h"

#define UART	0xef600300u /* two of them, 0x100 apart; the second has the transcript */
#define THR	0
#define LCR	3
#define LSR	5
#define DLAB	0x80
#define UIC_SR	0xc0
#define UIC_SRS 0xc1
#define UIC_ER	0xc2
#define UIC_MSR 0xc6
#define DEVICE	0x70000000u
#define TEXT	(256 * 1024)

/* What the guest has beside its CPU and memory: it is not copied, but stays */
struct board {
	uint8_t uart[2][8];
	uint32_t uic[8];
	uint8_t device[256];
	char text[TEXT];
	unsigned int length;
	int external; /* level of the interrupt input */
};

struct session {
	struct vm vm;
	struct board board;
	int irqchip; /* it has an interrupt controller in the kernel, not the board's */
	unsigned int moves; /* so many exits at most until the next move in flight; 0: no moves */
	unsigned int longest; /* microseconds at most until the next move elsewhere */
	unsigned int exits; /* until the next move in flight */
	unsigned int moved, in_flight, waiting;
	unsigned int ms; /* that a program took */
};

static uint32_t random_below(uint32_t n)
{
	static uint32_t x = 20261122;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x % n;
}

/* --- the board --- */

static void uart(struct board *b, unsigned int n, unsigned int reg, uint8_t *data, int is_write)
{
	if (!is_write) {
		*data = reg == LSR ? 0x60 : b->uart[n][reg];
	} else if (n == 1 && reg == THR && !(b->uart[n][LCR] & DLAB)) {
		if (b->length < TEXT - 1)
			b->text[b->length++] = *data;
	} else {
		b->uart[n][reg] = *data;
	}
}

static void answer_mmio(struct board *b, struct kvm_run *run)
{
	uint64_t at = run->mmio.phys_addr;

	if (at >= UART && at < UART + 0x200 && (at & 0xff) < 8) {
		uart(b, (at - UART) >> 8, at & 7, run->mmio.data, run->mmio.is_write);
	} else if (at >= DEVICE && at + run->mmio.len <= DEVICE + sizeof(b->device)) {
		if (run->mmio.is_write)
			memcpy(b->device + (at - DEVICE), run->mmio.data, run->mmio.len);
		else
			memcpy(run->mmio.data, b->device + (at - DEVICE), run->mmio.len);
	}
}

static void answer_dcr(struct session *s)
{
	struct kvm_run *run = s->vm.run;
	uint32_t *uic = s->board.uic, n = run->dcr.dcrn;
	int level;

	if (n < UIC_SR || n >= UIC_SR + 8)
		return;
	if (!run->dcr.is_write) {
		run->dcr.data = n == UIC_MSR   ? uic[0] & uic[UIC_ER - UIC_SR]
				: n == UIC_SRS ? uic[0]
					       : uic[n - UIC_SR];
		return;
	}
	if (n == UIC_SR)
		uic[0] &= ~run->dcr.data;
	else if (n == UIC_SRS)
		uic[0] |= run->dcr.data;
	else
		uic[n - UIC_SR] = run->dcr.data;
	level = !!(uic[0] & uic[UIC_ER - UIC_SR]);
	if (level != s->board.external)
		CHECK(interrupt(&s->vm, level ? KVM_INTERRUPT_SET_LEVEL : KVM_INTERRUPT_UNSET) ==
		      0);
	s->board.external = level;
}

/* --- moving --- */

static void copy_registers(struct vm *from, struct vm *to)
{
	static struct {
		struct kvm_reg_list list;
		uint64_t id[2000];
	} regs;
	struct kvm_regs r;
	uint8_t value[64];
	uint64_t i;

	regs.list.n = 2000;
	CHECK(ioctl(from->vcpu, KVM_GET_REG_LIST, &regs) == 0);
	CHECK(ioctl(from->vcpu, KVM_GET_REGS, &r) == 0 && ioctl(to->vcpu, KVM_SET_REGS, &r) == 0);
	for (i = 0; i < regs.list.n; i++)
		CHECK(get(from, regs.id[i], value) == 0 && set(to, regs.id[i], value) == 0);
}

static void create_with(struct vm *vm, size_t size, int contiguous, int irqchip)
{
	create_vm(vm, size, contiguous);
	if (irqchip)
		CHECK(ioctl(vm->vm, KVM_CREATE_IRQCHIP, 0) == 0);
	create_vcpu(vm);
}

static void copy_irqchip(const struct vm *from, const struct vm *to)
{
	struct kvm_irqchip chip = { 0 };

	CHECK(ioctl(from->vm, KVM_GET_IRQCHIP, &chip) == 0);
	CHECK(ioctl(to->vm, KVM_SET_IRQCHIP, &chip) == 0);
}

/* New memory is zero: most of a small program's needs no copy */
static void copy_memory(const struct vm *from, struct vm *to)
{
	static const uint8_t zero[4096];
	size_t at;

	for (at = 0; at < from->size; at += sizeof(zero)) {
		char *page = (char *)to->ram + at;

		if (!memcmp(from->ram + at, zero, sizeof(zero)))
			continue;
		memcpy(page, from->ram + at, sizeof(zero));
		__builtin___clear_cache(page, page + sizeof(zero));
	}
}

static void move(struct session *s)
{
	struct kvm44x_in_flight f;
	struct kvm_mp_state mp;
	struct vm to;

	alarm_in(0);
	CHECK(get(&s->vm, KVM44X_REG_IN_FLIGHT, &f) == 0);
	CHECK(ioctl(s->vm.vcpu, KVM_GET_MP_STATE, &mp) == 0);
	s->moved++;
	s->in_flight += f.kind != KVM44X_IN_FLIGHT_NONE;
	s->waiting += mp.mp_state == KVM_MP_STATE_HALTED;

	create_with(&to, s->vm.size, s->moved & 1, s->irqchip);
	copy_registers(&s->vm, &to);
	if (s->irqchip)
		copy_irqchip(&s->vm, &to);
	copy_memory(&s->vm, &to);
	*to.run = *s->vm.run; /* what user space was asked for */
	destroy(&s->vm);
	s->vm = to;
}

static void move_soon(const struct session *s)
{
	if (s->moves)
		alarm_in_us(1 + random_below(s->longest));
}

/* Runs until the guest resets the board or reads DCR END; 0 when all went well */
static int session(struct session *s)
{
	struct kvm_run *run;

	move_soon(s);
	while (s->moved < 50000) {
		if (ioctl(s->vm.vcpu, KVM_RUN, 0) < 0) {
			if (errno != EINTR)
				return -1;
			move(s);
			move_soon(s);
			continue;
		}
		run = s->vm.run;
		if (run->exit_reason == KVM_EXIT_SYSTEM_EVENT)
			return 0;
		if (run->exit_reason == KVM_EXIT_DCR && run->dcr.dcrn == END)
			return 0;
		if (s->moves && s->exits-- == 0) {
			s->exits = random_below(s->moves);
			move(s);
			move_soon(s);
			run = s->vm.run;
		}
		if (run->exit_reason == KVM_EXIT_MMIO)
			answer_mmio(&s->board, run);
		else if (run->exit_reason == KVM_EXIT_DCR)
			answer_dcr(s);
		else
			return -1;
	}
	return -1;
}

static void finish(struct session *s)
{
	alarm_in(0);
	destroy(&s->vm);
}

/* --- programs of guest/ --- */

/* Loads an ELF file; its segments lie below @vm->size. 0 if there is none. */
static uint32_t load_elf(struct vm *vm, const char *file)
{
	Elf32_Ehdr e;
	Elf32_Phdr p;
	int i, good;
	FILE *f = fopen(file, "r");

	if (!f)
		return 0;
	good = fread(&e, sizeof(e), 1, f) == 1;
	for (i = 0; good && i < e.e_phnum; i++) {
		good = !fseek(f, e.e_phoff + i * e.e_phentsize, SEEK_SET) &&
		       fread(&p, sizeof(p), 1, f) == 1 && p.p_paddr < vm->size &&
		       p.p_filesz <= vm->size - p.p_paddr && !fseek(f, p.p_offset, SEEK_SET) &&
		       (!p.p_filesz || fread(vm->ram + p.p_paddr, p.p_filesz, 1, f) == 1);
	}
	fclose(f);
	__builtin___clear_cache((char *)vm->ram, (char *)vm->ram + vm->size);
	return good ? e.e_entry : 0;
}

static void run_program(struct session *s, const char *file, size_t size)
{
	struct kvm_regs regs = { 0 };
	struct timespec begin, end;

	create_sized(&s->vm, size, 0);
	regs.pc = load_elf(&s->vm, file);
	CHECK(regs.pc);
	CHECK(ioctl(s->vm.vcpu, KVM_SET_REGS, &regs) == 0);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	CHECK(session(s) == 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	s->ms = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
	finish(s);
}

/* Of all programs */
static unsigned int moved, in_flight;

static void program(const char *file, size_t size)
{
	static struct session still, moving;

	memset(&still, 0, sizeof(still));
	memset(&moving, 0, sizeof(moving));
	run_program(&still, file, size);
	CHECK(still.board.length > 4 &&
	      !strcmp(still.board.text + still.board.length - 4, "END\n"));
	/* some 10 moves of each sort, however long the program runs */
	moving.moves = 1 + still.board.length / 2;
	moving.longest = 1000 * (20 + still.ms / 10);
	run_program(&moving, file, size);
	if (strcmp(still.board.text, moving.board.text)) {
		const char *a = still.board.text, *b = moving.board.text;

		while (*a && *a == *b)
			a++, b++;
		printf("%s: one VM: '%.100s', several: '%.100s'\n", file, a, b);
	}
	CHECK(!strcmp(still.board.text, moving.board.text));
	moved += moving.moved;
	in_flight += moving.in_flight;
	printf("%s: %u moves, %u with an access in flight; %u ms, without moves %u ms\n", file,
	       moving.moved, moving.in_flight, moving.ms, still.ms);
}

/* --- the torture program --- */

#define TORTURE_SIZE (4 * MB)
#define TREE_AT	     0x3ff000u

/* A device tree that has the kernel's command line and nothing else */
static void device_tree(uint8_t *at, const char *args)
{
	enum {
		BEGIN = 1,
		END_NODE,
		PROP,
		END_TREE = 9
	};
	struct {
		uint32_t header[10], reserved[4];
		uint32_t root[2], chosen, name[2], prop[3];
		char args[64];
		uint32_t end[3];
		char strings[12];
	} tree = {
		.header = { 0xd00dfeed, sizeof(tree), offsetof(__typeof__(tree), root),
			    offsetof(__typeof__(tree), strings),
			    offsetof(__typeof__(tree), reserved), 17, 16 },
		.root = { BEGIN },
		.chosen = BEGIN,
		.prop = { PROP, sizeof(tree.args) },
		.end = { END_NODE, END_NODE, END_TREE },
		.strings = "bootargs",
	};

	memcpy(tree.name, "chosen", 6);
	CHECK(strlen(args) < sizeof(tree.args));
	strncpy(tree.args, args, sizeof(tree.args) - 1);
	memcpy(at, &tree, sizeof(tree));
}

/* Prints its transcript; moves it many times for each seed */
void restore_torture(const char *file, const char *args)
{
	static struct session s = { .irqchip = 1, .moves = 80, .longest = 60000 };
	struct kvm_regs regs = { .gpr[3] = TREE_AT };

	create_with(&s.vm, TORTURE_SIZE, 0, s.irqchip);
	regs.pc = load_elf(&s.vm, file);
	device_tree(s.vm.ram + TREE_AT, args);
	CHECK(regs.pc && ioctl(s.vm.vcpu, KVM_SET_REGS, &regs) == 0);
	CHECK(session(&s) == 0);
	finish(&s);
	fputs(s.board.text, stdout);
	fprintf(stderr, "%u moves, %u with an access in flight\n", s.moved, s.in_flight);
}

/* --- code of our own --- */

/* Accesses of all sorts; with moves at each of their elements all registers come out the same */
static void accesses(void)
{
	static struct session s;
	struct kvm_regs regs[2];
	int i;

	for (i = 0; i < 2; i++) {
		unsigned int n;

		memset(&s, 0, sizeof(s));
		for (n = 0; n < sizeof(s.board.device); n++)
			s.board.device[n] = 0x80 + 7 * n;
		create(&s.vm);
		CODE(&s.vm, 0x100, LIS(4, DEVICE >> 16), LI(5, 8), LWZ(6, 4, 0), LWZU(7, 4, 4),
		     LHA(8, 4, 2), LWBRX(9, 4, 5), STB(6, 4, 0x40), STH(7, 4, 0x42),
		     STWU(8, 4, 0x10), LMW(20, 4, 0), STMW(10, 4, 0x44), LMW(24, 4, 0x40),
		     MTDCR(UIC_ER, 7), MFDCR(10, UIC_ER), MFDCR(11, 0x77), ADD(12, 10, 4), STOP);
		s.moves = i;
		s.longest = 30000;
		CHECK(session(&s) == 0);
		CHECK(ioctl(s.vm.vcpu, KVM_GET_REGS, &regs[i]) == 0);
		CHECK(s.moved >= (i ? 50 : 0) && s.in_flight >= s.moved / 2);
		finish(&s);
	}
	CHECK(!memcmp(&regs[0], &regs[1], sizeof(regs[0])));
	CHECK(regs[0].gpr[6] == 0x80878e95 && regs[0].gpr[4] == DEVICE + 0x14);
}

/* Forty waits of 10 ms for the decrementer, each told to the UART, and moves while it waits */
static void wait_state(void)
{
	static struct session s;

	memset(&s, 0, sizeof(s));
	create(&s.vm);
	/* the decrementer's handler: acknowledges, and returns without MSR[WE] */
	CODE(&s.vm, 0x10200, LIS(6, TSR_DIS >> 16), MTSPR(TSR, 6), STB(7, 8, 0), ADDI(7, 7, 1),
	     MFSPR(6, SRR1), RLWINM(6, 6, 0, 14, 12), MTSPR(SRR1, 6), RFI);
	CODE(&s.vm, 0x100, LIS(8, 0xef60), ORI(8, 8, 0x400), LIS(3, 1), MTSPR(IVPR, 3),
	     LI(3, 0x200), MTSPR(410, 3), LIS(3, TCR_DIE >> 16), MTSPR(TCR, 3), LI(7, '0'),
	     LI(3, 40), MTSPR(CTR, 3), LIS(3, 61), MTSPR(DEC, 3), LIS(3, MSR_WE >> 16),
	     ORI(3, 3, MSR_EE), MTMSR(3), BDNZ(-20), STOP);
	s.moves = 8;
	s.longest = 30000;
	CHECK(session(&s) == 0);
	CHECK(!strcmp(s.board.text, "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW"));
	CHECK(s.waiting > 5);
	printf("wait state: %u moves, %u in it\n", s.moved, s.waiting);
	finish(&s);
}

void restore_checks(char **files)
{
	if (!*files) {
		accesses();
		wait_state();
	}
	for (; *files && files[1]; files += 2)
		program(*files, atoi(files[1]) * MB);
	CHECK(!moved || (in_flight > 10 && moved - in_flight > 10));
}
