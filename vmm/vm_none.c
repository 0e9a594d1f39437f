// SPDX-License-Identifier: GPL-2.0-only
/* In place of vm.c where the host is no PowerPC: all but running works. */
#include "report.h"
#include "vm.h"

int vm_open(struct vm *vm)
{
	*vm = (struct vm){ .kvm = -1, .vm = -1, .vcpu = -1 };
	return 0;
}

int vm_hypervisor(const struct vm *vm, struct hypervisor *hypervisor)
{
	(void)vm;
	(void)hypervisor;
	return vm_error("this vm44x was not built for PowerPC: there is no /dev/kvm to ask");
}

int vm_contiguous_memory(struct vm *vm, uint64_t size)
{
	(void)vm;
	(void)size;
	return -1;
}

int vm_notify_by(const struct vm *vm, uint64_t addr, int fd)
{
	(void)vm;
	(void)addr;
	(void)fd;
	return -1;
}

int vm_interrupt_by(const struct vm *vm, uint32_t irq, int fd)
{
	(void)vm;
	(void)irq;
	(void)fd;
	return -1;
}

const struct machine_irqchip *vm_irqchip(const struct vm *vm)
{
	(void)vm;
	return NULL;
}

int vm_create(struct vm *vm, const struct memory *mem, const struct board *board, bool irqchip)
{
	(void)vm;
	(void)mem;
	(void)board;
	(void)irqchip;
	return vm_error("this vm44x was not built for PowerPC: it cannot run a virtual machine");
}

void vm_destroy(struct vm *vm)
{
	(void)vm;
}

int vm_set_entry(struct vm *vm, const struct entry_state *entry)
{
	(void)vm;
	(void)entry;
	return -1;
}

int vm_debug(struct vm *vm, const char *where, const struct memory *mem)
{
	(void)vm;
	(void)where;
	(void)mem;
	return -1;
}

int vm_run(struct vm *vm, struct machine *machine, struct hostio *io, const atomic_bool *stop)
{
	(void)vm;
	(void)machine;
	(void)io;
	(void)stop;
	return -1;
}

void vm_kick(void)
{
}
