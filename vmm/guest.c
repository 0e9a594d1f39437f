// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "devtree.h"
#include "guest.h"
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

/* Drivers that a kernel has built in say their names in it. */
static bool has_driver(const struct memory *mem, const struct kernel *kernel, const char *name)
{
	return memmem(mem->host, kernel->end, name, strlen(name) + 1);
}

/* As Linux itself looks for it before it takes the serial port that the device tree names */
static bool names_console(const char *params)
{
	return params && strstr(params, "console=");
}

/* Whether hvc0 will do as the console of a guest whose user has not said which */
static bool has_virtio_console(const struct options *o, const struct memory *mem,
			       const struct kernel *kernel)
{
	/* The command line in the user's own tree is his choice, too. */
	if (names_console(o->params) || (o->dtb && !o->params))
		return false;
	return has_driver(mem, kernel, "virtio-mmio") && has_driver(mem, kernel, "virtio_console");
}

static void settle_console(struct options *o, const struct memory *mem, const struct kernel *kernel)
{
	static char params[DEVTREE_PARAMS_MAX];
	const char *rest = o->params ? o->params : "";
	int n;

	if (o->console == CONSOLE_AUTO)
		o->console = has_virtio_console(o, mem, kernel) ? CONSOLE_VIRTIO : CONSOLE_SERIAL;
	if (o->console != CONSOLE_VIRTIO || names_console(o->params))
		return;
	n = snprintf(params, sizeof(params), "console=hvc0%s%s", *rest ? " " : "", rest);
	if (n < (int)sizeof(params))
		o->params = params;
	else
		o->console =
			CONSOLE_SERIAL; /* so that a command line that is just short enough works */
}

int guest_load_kernel(struct options *o, struct memory *mem, struct kernel *kernel)
{
	*kernel = (struct kernel){ 0 };
	if (o->kernel && load_kernel(o->kernel, o->raw ? &o->raw_image : NULL, mem, kernel) < 0)
		return -1;
	settle_console(o, mem, kernel);
	return 0;
}

int guest_load_rest(const struct options *o, const struct kernel *kernel,
		    const struct hypervisor *hypervisor, struct memory *mem,
		    struct entry_state *entry)
{
	struct layout l = { .fdt_space = DEVTREE_SPACE, .kernel_end = kernel->end };
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
	memory_make_executable(mem, kernel->end);
	*entry = (struct entry_state){ .pc = kernel->entry, .r1 = l.stack, .r3 = l.fdt };
	return 0;
}
