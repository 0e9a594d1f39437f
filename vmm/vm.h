/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtual machine of KVM: one memory slot, one vCPU. */
#ifndef VM44X_VM_H
#define VM44X_VM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "devtree.h"
#include "hostio.h"
#include "machine.h"
#include "memory.h"

struct kvm_run;
struct debugger;

struct vm {
	int kvm, vm, vcpu; /* descriptors */
	struct kvm_run *run;
	uint32_t run_size;
	struct machine_irqchip irqchip; /* set: NULL if they are not in the kernel */
	struct debugger *debugger; /* NULL: none is wanted */
	uint32_t lines; /* KVM44X_LINE_* last told to KVM; without irqchip */
};

/* The registers that a boot loader would leave, all others are 0. */
struct entry_state {
	uint32_t pc, r1, r3; /* entry point, stack, device tree */
};

/*
 * Open /dev/kvm and make the VM. Returns 0, or -1 after a message that says
 * what to do; vm_destroy is right in both cases.
 */
int vm_open(struct vm *vm);

/* How the guest makes hypercalls. Returns 0, or -1 after a message. */
int vm_hypervisor(const struct vm *vm, struct hypervisor *hypervisor);

/*
 * Physically contiguous memory for the guest, which makes it faster. Returns a
 * file to map, or -1 (said with --verbose) if ordinary memory must do.
 */
int vm_contiguous_memory(struct vm *vm, uint64_t size);

/*
 * Give the VM its memory, at address 0, the board's interrupt controllers if they are to be
 * in the kernel, and its vCPU. Returns as vm_open does.
 */
int vm_create(struct vm *vm, const struct memory *mem, const struct board *board, bool irqchip);
void vm_destroy(struct vm *vm);

/* Set the vCPU's registers. Returns 0, or -1 after a message. */
int vm_set_entry(struct vm *vm, const struct entry_state *entry);

/*
 * Let gdb debug the guest, through a port or device as gdb_open() has it; vm_run will wait for it.
 * Returns 0, or -1 after a message.
 */
int vm_debug(struct vm *vm, const char *where, const struct memory *mem);

/*
 * Connect eventfds: the guest's 32-bit store to addr writes to fd; a write to fd is an edge of
 * interrupt irq (with interrupt controllers in the kernel). Return 0, or -1 after a message.
 */
int vm_notify_by(const struct vm *vm, uint64_t addr, int fd);
int vm_interrupt_by(const struct vm *vm, uint32_t irq, int fd);

/* The interrupt controllers in the kernel, or NULL. */
const struct machine_irqchip *vm_irqchip(const struct vm *vm);

/*
 * Run the guest until it ends (0), *stop is set (0), or something fails (-1
 * after a message). Only one VM of the process can run.
 */
int vm_run(struct vm *vm, struct machine *machine, struct hostio *io, const atomic_bool *stop);

/*
 * Make vm_run look at *stop and at the I/O thread's wishes: from any thread,
 * or from a signal handler of the thread in vm_run.
 */
void vm_kick(void);

#endif
