/* SPDX-License-Identifier: GPL-2.0-only */
/* The virtual CPU as gdb debugs it: gdb.h by means of KVM. vCPU thread only. */
#ifndef VM44X_DEBUGGER_H
#define VM44X_DEBUGGER_H

#include <linux/kvm.h>
#include <stdatomic.h>

#include "gdb.h"
#include "hostio.h"
#include "memory.h"

#define DEBUGGER_SOFTWARE 256 /* breakpoints in the guest's code */
#define DEBUGGER_POINTS	  16 /* what KVM has of the others */

struct debugger {
	struct gdb gdb;
	int vcpu;
	const struct memory *mem;
	struct hostio *io;
	const atomic_bool *stop;
	uint32_t instruction; /* of a breakpoint in the code */
	enum gdb_wish wish;
	bool stepping;
	struct {
		bool used;
		uint32_t address;
		uint64_t gpa; /* where it was put: the translation may change */
		uint32_t word; /* that was there */
	} software[DEBUGGER_SOFTWARE];
	struct {
		bool used;
		enum gdb_kind kind;
		uint32_t address, size;
	} point[DEBUGGER_POINTS]; /* KVM has one for each byte of a watchpoint */
};

/* notify: as in struct gdb_cpu. Returns 0, or -1 after a message. */
int debugger_open(struct debugger *d, const char *where, int vcpu, const struct memory *mem,
		  void (*notify)(int fd));
void debugger_close(struct debugger *d);

/* The guest has not begun yet: the debugger comes first. */
void debugger_start(struct debugger *d, struct hostio *io, const atomic_bool *stop);

/* Before KVM_RUN: is it to return at once, so that debugger_interrupted is called? */
bool debugger_wanted(struct debugger *d);

/* KVM_RUN was interrupted, or returned with KVM_EXIT_DEBUG. 1: go on, 0: end the VM. */
int debugger_interrupted(struct debugger *d);
int debugger_stopped(struct debugger *d, const struct kvm_debug_exit_arch *why);

#endif
