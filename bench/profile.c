// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TCG plugin of QEMU that counts the instructions a host and its guests execute, each
 * by its address, for one window after the other:
 *
 *   -plugin profile.so,out=FILE,kernel_end=ADDRESS[,begin=ADDRESS]
 *
 *   out         at the end of window N, "PLACE ADDRESS 1 N COUNT OPCODE" for each instruction
 *               that was executed in it, and "window N 1 mark|boot TIER0 C"; ADDRESS and OPCODE
 *               in hex; PLACE is one of those of struct counter, in "switch" ADDRESS is an
 *               offset; TIER0 and C are the most instructions that passed with interrupts off
 *               between an exit of the guest and what let them in again
 *   kernel_end  end of the host's kernel
 *   begin       an instruction of a guest that opens a window, as marks do (marker.h)
 *
 * An address means one thing in a guest, and another in the host. The plugin API shows no
 * register, so the two are told apart by the switch code, the only code in lowmem that is
 * not the kernel's, all in 64 KB: every exit comes in there, every entry is an rfi there.
 * The two address spaces of the emulated CPU are translated apart, so that it is enough to
 * know at translation.
 *
 * An instruction that faults is counted, although it is not completed.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marker.h"

/* What is needed of QEMU's plugin API, version 1; Debian does not package its header. */
#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;

#define INLINE_ADD_U64 0
#define CB_NO_REGS     0

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*cb)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*cb)(unsigned int cpu, void *data), int flags,
					  void *data);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *to,
					      uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int cpu, void *data), int flags,
					    void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *to,
						uint64_t value);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t n);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv);
extern EXPORT int qemu_plugin_version;
int qemu_plugin_version = 1;

/* --- counters --- */

struct counter {
	uint64_t count;
	uint64_t before; /* the window */
	struct counter *next; /* of its bucket */
	uint32_t address;
	uint32_t opcode;
	const char *place; /* guest, switch, module, kernel, user: the last three of the host */
};

#define BUCKETS 0x10000
static struct counter *buckets[BUCKETS];

static struct counter *counter(const char *place, uint32_t address, uint32_t opcode)
{
	struct counter **bucket = &buckets[address / 4 % BUCKETS], *c;

	for (c = *bucket; c; c = c->next)
		if (c->place == place && c->address == address && c->opcode == opcode)
			return c;
	c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->place = place;
	c->address = address;
	c->opcode = opcode;
	c->next = *bucket;
	*bucket = c;
	return c;
}

/* --- interrupts off --- */

/*
 * From an exit to the next entry, which sets MSR[EE], or to the host's wrteei 1. A wrtee
 * there is of a pair that finds interrupts off.
 */
static uint64_t executed; /* instructions, by translated blocks */
static uint64_t off_since;
static bool off;
static bool off_in_c; /* has come to C meanwhile */
static uint64_t longest[2]; /* without, with C */

static void interrupts_off(void)
{
	off = true;
	off_in_c = false;
	off_since = executed;
}

static void interrupts_on(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (off && executed - off_since > longest[off_in_c])
		longest[off_in_c] = executed - off_since;
	off = false;
}

static void to_c(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	off_in_c = true;
}

/* --- windows --- */

static FILE *out;
static unsigned int windows; /* so far */
static const char *window; /* what opened it, NULL: none is open */

static void open_window(const char *by)
{
	struct counter *c;
	size_t i;

	window = by;
	longest[0] = longest[1] = 0;
	for (i = 0; i < BUCKETS; i++)
		for (c = buckets[i]; c; c = c->next)
			c->before = c->count;
}

static void on_begin(unsigned int cpu, void *by)
{
	(void)cpu;
	open_window(by);
}

static void on_end(unsigned int cpu, void *data)
{
	struct counter *c;
	size_t i;

	(void)cpu;
	(void)data;
	if (!window)
		return;
	windows++;
	fprintf(out, "window %u 1 %s %" PRIu64 " %" PRIu64 "\n", windows, window, longest[0],
		longest[1]);
	for (i = 0; i < BUCKETS; i++)
		for (c = buckets[i]; c; c = c->next)
			if (c->count != c->before)
				fprintf(out, "%s %08x 1 %u %" PRIu64 " %08x\n", c->place,
					c->address, windows, c->count - c->before, c->opcode);
	fflush(out);
	window = NULL;
}

/* --- host and guest --- */

#define KERNEL_BASE 0xc0000000
#define BLOCK	    0x10000 /* IVPR holds the upper half of an address */
#define RFI	    0x4c000064
#define BLR	    0x4e800020
#define WRTEEI_1    0x7c008146

static uint32_t kernel_end;
static uint32_t begin = ~0u;
static uintptr_t lowmem; /* from an address there to where QEMU has it in memory */
static uintptr_t switch_block; /* where QEMU has it; 0: not known yet */
static bool in_guest;

static void on_switch_code(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (in_guest)
		interrupts_off();
	in_guest = false;
}

static void on_rfi(unsigned int cpu, void *data)
{
	interrupts_on(cpu, data);
	in_guest = true;
}

/* The instruction words are in the guest's order, big-endian. */
static uint32_t word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static const char *place_of(uint32_t address, uintptr_t memory)
{
	bool kernel = address >= KERNEL_BASE && address < kernel_end;

	if (!in_guest && kernel)
		lowmem = memory - address;
	else if (!in_guest && address >= kernel_end && memory - address == lowmem)
		switch_block = memory - address % BLOCK;

	if (memory - address % BLOCK == switch_block)
		return "switch";
	if (in_guest)
		return "guest";
	if (address < KERNEL_BASE)
		return "user";
	return kernel ? "kernel" : "module";
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), i;
	bool in_switch = false;

	(void)id;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint32_t address = qemu_plugin_insn_vaddr(insn);
		uint32_t opcode = word(qemu_plugin_insn_data(insn));
		const char *place = place_of(address, (uintptr_t)qemu_plugin_insn_haddr(insn));
		struct counter *c;

		in_switch = !strcmp(place, "switch");
		c = counter(place, in_switch ? address % BLOCK : address, opcode);
		if (opcode == MARK_BEGIN)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_begin, CB_NO_REGS, "mark");
		if (opcode == MARK_END)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_end, CB_NO_REGS, NULL);
		if (in_guest && !in_switch && address == begin)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_begin, CB_NO_REGS, "boot");
		if (in_switch && opcode == RFI)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_rfi, CB_NO_REGS, NULL);
		if (in_switch && opcode == BLR)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, to_c, CB_NO_REGS, NULL);
		if (!in_guest && opcode == WRTEEI_1)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, interrupts_on, CB_NO_REGS,
							       NULL);
		qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &c->count, 1);
	}
	qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &executed, n);
	if (in_switch)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_switch_code, CB_NO_REGS, NULL);
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
		else if (!strncmp(argv[i], "kernel_end=", 11))
			kernel_end = strtoul(argv[i] + 11, NULL, 0);
		else if (!strncmp(argv[i], "begin=", 6))
			begin = strtoul(argv[i] + 6, NULL, 0);
		else
			return 1;
	}
	if (!out || !kernel_end)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
