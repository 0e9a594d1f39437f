/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guest finds in its memory when it starts. */
#ifndef VM44X_GUEST_H
#define VM44X_GUEST_H

#include "devtree.h"
#include "memory.h"
#include "options.h"
#include "vm.h"

/*
 * Load kernel and initrd into mem, whose size is o->ram, and put the device
 * tree beside them, which tells of hypervisor if it is not NULL. Returns 0 with
 * the registers to start with in *entry, or -1 after a message. Without
 * o->kernel there is only the rest, and entry->pc is 0.
 */
int guest_load(const struct options *o, const struct hypervisor *hypervisor, struct memory *mem,
	       struct entry_state *entry);

#endif
