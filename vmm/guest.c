// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "devices.h"
#include "devtree.h"
#include "guest.h"
#include "loader.h"
#include "report.h"

#define HOST_CPUS "/proc/device-tree/cpus"

/* The user's tree, from its file to its place in the guest. */
static int import_file(void *fdt, uint32_t space, const char *path, uint32_t size)
{
	void *dtb = malloc(size);
	int ret;

	if (!dtb)
		return vm_error("--dtb: no memory to read '%s'", path);
	ret = file_read(path, "dtb", dtb, size);
	if (!ret)
		ret = devtree_import(fdt, space, dtb, size, path);
	free(dtb);
	return ret;
}

int guest_load(const struct options *o, const struct hypervisor *hypervisor, struct memory *mem,
	       struct entry_state *entry)
{
	struct layout l = { .fdt_space = DEVTREE_SPACE };
	struct kernel kernel = { 0 };
	struct boot_facts facts = {
		.ram = mem->size,
		.params = o->params,
		.hypervisor = hypervisor,
		.board = o->board,
		.virtio = devices_wanted(o),
	};
	uint32_t dtb_size = 0;
	void *fdt;

	if (o->initrd && file_size(o->initrd, "initrd", &l.initrd_size) < 0)
		return -1;
	if (o->dtb) {
		if (file_size(o->dtb, "dtb", &dtb_size) < 0)
			return -1;
		if (dtb_size > DEVTREE_IMPORT_MAX)
			return vm_error("--dtb: '%s' is too large: at most %u bytes", o->dtb,
					DEVTREE_IMPORT_MAX);
		l.fdt_space = dtb_size + DEVTREE_GROWTH;
	}
	if (o->kernel && load_kernel(o->kernel, o->raw ? &o->raw_image : NULL, mem, &kernel) < 0)
		return -1;
	l.kernel_end = kernel.end;
	if (layout_place(&l, mem->size) < 0)
		return -1;
	if (o->initrd && file_read(o->initrd, "initrd", mem->host + l.initrd, l.initrd_size) < 0)
		return -1;

	facts.initrd = l.initrd;
	facts.initrd_size = l.initrd_size;
	host_clocks_read(&facts.clocks, HOST_CPUS);
	fdt = mem->host + l.fdt;
	if (o->dtb ? import_file(fdt, l.fdt_space, o->dtb, dtb_size)
		   : devtree_generate(fdt, l.fdt_space, o->board))
		return -1;
	if (devtree_finish(fdt, &facts) < 0)
		return -1;
	memory_make_executable(mem, kernel.end);
	*entry = (struct entry_state){ .pc = kernel.entry, .r1 = l.stack, .r3 = l.fdt };
	return 0;
}
