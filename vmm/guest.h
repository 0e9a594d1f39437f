/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guest finds in its memory when it starts. */
#ifndef VM44X_GUEST_H
#define VM44X_GUEST_H

#include "devtree.h"
#include "loader.h"
#include "memory.h"
#include "options.h"
#include "vm.h"

/*
 * Load the kernel into mem, whose size is o->ram. That it is known settles o->console, and with
 * it o->params. Returns 0, or -1 after a message. Without o->kernel there is nothing to load.
 */
int guest_load_kernel(struct options *o, struct memory *mem, struct kernel *kernel);

/*
 * Load the initrd, and put the device tree beside it, which tells of hypervisor if it is not
 * NULL. Returns 0 with the registers to start with in *entry, or -1 after a message.
 */
int guest_load_rest(const struct options *o, const struct kernel *kernel,
		    const struct hypervisor *hypervisor, struct memory *mem,
		    struct entry_state *entry);

#endif
