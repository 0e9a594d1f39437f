// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <kvm44x.h>

#include "debugger.h"
#include "report.h"

#define PAGE_LEAST 1024u
#define WORD	   4u

/* --- registers --- */

static int fp_register(struct debugger *d, uint64_t id, uint64_t *value, bool set)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return ioctl(d->vcpu, set ? KVM_SET_ONE_REG : KVM_GET_ONE_REG, &reg);
}

static int fp_registers(struct debugger *d, uint64_t *fpr, uint64_t *fpscr, bool set)
{
	unsigned int i;

	for (i = 0; i < 32; i++) {
		if (fp_register(d, KVM_REG_PPC_FPR(i), &fpr[i], set) < 0)
			return -1;
	}
	return fp_register(d, KVM_REG_PPC_FPSCR, fpscr, set);
}

static int get_registers(void *ctx, struct gdb_registers *r)
{
	struct debugger *d = ctx;
	struct kvm_regs regs;
	uint64_t fpscr;
	unsigned int i;

	if (ioctl(d->vcpu, KVM_GET_REGS, &regs) < 0 || fp_registers(d, r->fpr, &fpscr, false) < 0)
		return -1;
	for (i = 0; i < 32; i++)
		r->gpr[i] = regs.gpr[i];
	r->pc = regs.pc;
	r->msr = regs.msr;
	r->cr = regs.cr;
	r->lr = regs.lr;
	r->ctr = regs.ctr;
	r->xer = regs.xer;
	r->fpscr = fpscr;
	return 0;
}

static int set_registers(void *ctx, const struct gdb_registers *r)
{
	struct debugger *d = ctx;
	uint64_t fpr[32], fpscr = r->fpscr;
	struct kvm_regs regs;
	unsigned int i;

	if (ioctl(d->vcpu, KVM_GET_REGS, &regs) < 0)
		return -1;
	for (i = 0; i < 32; i++)
		regs.gpr[i] = r->gpr[i];
	regs.pc = r->pc;
	regs.msr = r->msr;
	regs.cr = r->cr;
	regs.lr = r->lr;
	regs.ctr = r->ctr;
	regs.xer = r->xer;
	memcpy(fpr, r->fpr, sizeof(fpr));
	if (ioctl(d->vcpu, KVM_SET_REGS, &regs) < 0)
		return -1;
	return fp_registers(d, fpr, &fpscr, true);
}

/* --- memory --- */

/* Guest memory at an effective address, as far as its page goes; NULL if there is none */
static uint8_t *translate(struct debugger *d, uint32_t address, size_t *size)
{
	struct kvm_translation tr = { .linear_address = address };
	size_t left = PAGE_LEAST - address % PAGE_LEAST;

	if (*size > left)
		*size = left;
	if (ioctl(d->vcpu, KVM_TRANSLATE, &tr) < 0 || !tr.valid ||
	    tr.physical_address >= d->mem->size || d->mem->size - tr.physical_address < *size)
		return NULL;
	return d->mem->host + tr.physical_address;
}

/* Nothing is done where only a part could be */
static int memory(void *ctx, uint32_t address, void *bytes, size_t size, bool write)
{
	struct debugger *d = ctx;
	size_t done, n;
	uint8_t *p;

	for (done = 0; done < size; done += n) {
		n = size - done;
		if (!translate(d, address + done, &n))
			return -1;
	}
	for (done = 0; done < size; done += n) {
		n = size - done;
		p = translate(d, address + done, &n);
		if (!p)
			return -1;
		if (!write) {
			memcpy((uint8_t *)bytes + done, p, n);
			continue;
		}
		memcpy(p, (uint8_t *)bytes + done, n);
		/* it may be code; KVM_SET_GUEST_DEBUG does the rest */
		__builtin___clear_cache((char *)p, (char *)p + n);
	}
	return 0;
}

/* --- breakpoints --- */

static void put_word(uint8_t *p, uint32_t word)
{
	word = htobe32(word);
	memcpy(p, &word, sizeof(word));
	__builtin___clear_cache((char *)p, (char *)p + sizeof(word));
}

static int insert_software(struct debugger *d, uint32_t address)
{
	size_t size = WORD;
	uint8_t *p = address % WORD ? NULL : translate(d, address, &size);
	unsigned int i;

	for (i = 0; p && i < DEBUGGER_SOFTWARE; i++) {
		if (d->software[i].used)
			continue;
		d->software[i].used = true;
		d->software[i].address = address;
		d->software[i].gpa = p - d->mem->host;
		memcpy(&d->software[i].word, p, WORD);
		put_word(p, d->instruction);
		return 0;
	}
	return -1;
}

static void restore(struct debugger *d, unsigned int i)
{
	put_word(d->mem->host + d->software[i].gpa, be32toh(d->software[i].word));
	d->software[i].used = false;
}

static int remove_software(struct debugger *d, uint32_t address)
{
	unsigned int i;

	for (i = 0; i < DEBUGGER_SOFTWARE; i++) {
		if (d->software[i].used && d->software[i].address == address) {
			restore(d, i);
			return 0;
		}
	}
	return -1;
}

static uint32_t points_of(enum gdb_kind kind, uint32_t size)
{
	return kind == GDB_HARDWARE ? 1 : size;
}

static int insert(void *ctx, enum gdb_kind kind, uint32_t address, uint32_t size)
{
	struct debugger *d = ctx;
	uint32_t taken = points_of(kind, size), i, place = DEBUGGER_POINTS;

	if (kind == GDB_SOFTWARE)
		return insert_software(d, address);
	for (i = 0; i < DEBUGGER_POINTS; i++) {
		if (d->point[i].used)
			taken += points_of(d->point[i].kind, d->point[i].size);
		else
			place = i;
	}
	if (!size || size > DEBUGGER_POINTS || taken > DEBUGGER_POINTS ||
	    (kind == GDB_HARDWARE && address % WORD))
		return -1;
	d->point[place].used = true;
	d->point[place].kind = kind;
	d->point[place].address = address;
	d->point[place].size = size;
	return 0;
}

static int remove_point(void *ctx, enum gdb_kind kind, uint32_t address, uint32_t size)
{
	struct debugger *d = ctx;
	unsigned int i;

	if (kind == GDB_SOFTWARE)
		return remove_software(d, address);
	for (i = 0; i < DEBUGGER_POINTS; i++) {
		if (d->point[i].used && d->point[i].kind == kind &&
		    d->point[i].address == address && d->point[i].size == size) {
			d->point[i].used = false;
			return 0;
		}
	}
	return -1;
}

static void clear(void *ctx)
{
	struct debugger *d = ctx;
	unsigned int i;

	for (i = 0; i < DEBUGGER_SOFTWARE; i++) {
		if (d->software[i].used)
			restore(d, i);
	}
	memset(d->point, 0, sizeof(d->point));
}

/* --- running --- */

static bool ended(void *ctx)
{
	struct debugger *d = ctx;

	hostio_service(d->io);
	return atomic_load(d->stop);
}

static uint32_t type_of(enum gdb_kind kind)
{
	switch (kind) {
	case GDB_WATCH_WRITE:
		return KVMPPC_DEBUG_WATCH_WRITE;
	case GDB_WATCH_READ:
		return KVMPPC_DEBUG_WATCH_READ;
	case GDB_WATCH_ACCESS:
		return KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE;
	default:
		return KVMPPC_DEBUG_BREAKPOINT;
	}
}

static int set_guest_debug(struct debugger *d)
{
	struct kvm_guest_debug g = { .control = 0 };
	uint32_t i, k, n = 0;

	if (d->gdb.fd >= 0)
		g.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW_BP;
	if (d->stepping)
		g.control |= KVM_GUESTDBG_SINGLESTEP | KVM44X_GUESTDBG_BLOCKIRQ;
	for (i = 0; i < DEBUGGER_POINTS; i++) {
		if (!d->point[i].used)
			continue;
		for (k = 0; k < points_of(d->point[i].kind, d->point[i].size); k++, n++) {
			g.arch.bp[n].addr = d->point[i].address + k;
			g.arch.bp[n].type = type_of(d->point[i].kind);
		}
	}
	if (ioctl(d->vcpu, KVM_SET_GUEST_DEBUG, &g) < 0)
		return vm_error("cannot debug the virtual CPU: %s", strerror(errno));
	return 1;
}

static int serve(struct debugger *d, const struct gdb_stop *stop, bool tell)
{
	enum gdb_action action = gdb_serve(&d->gdb, stop, tell);

	d->stepping = action == GDB_STEP;
	return action == GDB_END ? 0 : set_guest_debug(d);
}

int debugger_open(struct debugger *d, const char *where, int vcpu, const struct memory *mem,
		  void (*notify)(int fd))
{
	static struct gdb_cpu cpu = {
		.get_registers = get_registers,
		.set_registers = set_registers,
		.memory = memory,
		.insert = insert,
		.remove = remove_point,
		.clear = clear,
		.ended = ended,
	};
	struct kvm_one_reg reg = { .id = KVM_REG_PPC_DEBUG_INST,
				   .addr = (uintptr_t)&d->instruction };

	memset(d, 0, sizeof(*d));
	d->vcpu = vcpu;
	d->mem = mem;
	if (ioctl(vcpu, KVM_GET_ONE_REG, &reg) < 0)
		return vm_error("cannot debug the virtual CPU: %s", strerror(errno));
	cpu.notify = notify;
	return gdb_open(&d->gdb, where, &cpu, d);
}

void debugger_close(struct debugger *d)
{
	gdb_close(&d->gdb);
}

void debugger_start(struct debugger *d, struct hostio *io, const atomic_bool *stop)
{
	d->io = io;
	d->stop = stop;
	d->wish = GDB_HELLO;
}

bool debugger_wanted(struct debugger *d)
{
	if (d->wish == GDB_NOTHING) {
		bool was = d->gdb.fd >= 0;

		d->wish = gdb_wanted(&d->gdb);
		if (was && d->gdb.fd < 0)
			set_guest_debug(d);
	}
	return d->wish != GDB_NOTHING;
}

int debugger_interrupted(struct debugger *d)
{
	const struct gdb_stop stop = { .signal = GDB_SIGINT };
	bool tell = d->wish == GDB_INTERRUPT;

	if (d->wish == GDB_NOTHING)
		return 1;
	d->wish = GDB_NOTHING;
	return serve(d, &stop, tell);
}

static bool software_at(const struct debugger *d, uint32_t address)
{
	unsigned int i;

	for (i = 0; i < DEBUGGER_SOFTWARE; i++) {
		if (d->software[i].used && d->software[i].address == address)
			return true;
	}
	return false;
}

int debugger_stopped(struct debugger *d, const struct kvm_debug_exit_arch *why)
{
	struct gdb_stop stop = { .signal = GDB_SIGTRAP, .point = true };
	uint32_t address = why->address;
	unsigned int i;

	for (i = 0; i < DEBUGGER_POINTS; i++) {
		if (d->point[i].used && type_of(d->point[i].kind) & why->status &&
		    address - d->point[i].address < points_of(d->point[i].kind, d->point[i].size))
			break;
	}
	if (i < DEBUGGER_POINTS) {
		stop.kind = d->point[i].kind;
		stop.address = address;
	} else if (software_at(d, address)) {
		stop.kind = GDB_SOFTWARE;
	} else {
		stop.point = false;
		/* the guest has that instruction of its own */
		if (!d->stepping)
			stop.signal = GDB_SIGILL;
	}
	return serve(d, &stop, true);
}
