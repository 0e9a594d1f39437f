// SPDX-License-Identifier: GPL-2.0-only
/* The generated device tree, the user's own, and damaged ones. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>

#include "devtree.h"
#include "util.h"

static char tree[DEVTREE_SPACE];

static uint32_t cell(const char *path, const char *name, unsigned int index)
{
	int len, node = fdt_path_offset(tree, path);
	const fdt32_t *p;

	if (node < 0)
		fail_msg("no node %s", path);
	p = fdt_getprop(tree, node, name, &len);
	if (!p || len < (int)((index + 1) * 4))
		fail_msg("no cell %u of %s in %s", index, name, path);
	return fdt32_to_cpu(p[index]);
}

static const char *text(const char *path, const char *name)
{
	int len, node = fdt_path_offset(tree, path);
	const char *p = node < 0 ? NULL : fdt_getprop(tree, node, name, &len);

	if (!p || !len || p[len - 1])
		fail_msg("no string %s in %s", name, path);
	return p;
}

static const struct boot_facts facts = {
	.ram = 96 << 20,
	.params = "console=ttyS0 quiet",
	.initrd = 0x05000000,
	.initrd_size = 0x1234,
	.clocks = { .timebase = 667000000, .cpu = 667000001 },
};

static void generated(void **state)
{
	(void)state;
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	assert_int_equal(devtree_finish(tree, &facts), 0);
	assert_int_equal(fdt_check_header(tree), 0);
	assert_string_equal(text("/", "model"), "amcc,bamboo");
	assert_string_equal(text("/", "compatible"), "amcc,bamboo");
	assert_int_equal(cell("/memory", "reg", 0), 0);
	assert_int_equal(cell("/memory", "reg", 1), 0);
	assert_int_equal(cell("/memory", "reg", 2), 96 << 20);
	assert_string_equal(text("/memory", "device_type"), "memory");
	assert_int_equal(cell("/cpus/cpu@0", "timebase-frequency", 0), 667000000);
	assert_int_equal(cell("/cpus/cpu@0", "clock-frequency", 0), 667000001);
	assert_int_equal(cell("/", "dcr-parent", 0), cell("/cpus/cpu@0", "phandle", 0));
	assert_string_equal(text("/chosen", "bootargs"), "console=ttyS0 quiet");
	assert_int_equal(cell("/chosen", "linux,initrd-start", 0), 0x05000000);
	assert_int_equal(cell("/chosen", "linux,initrd-end", 0), 0x05001234);
	assert_string_equal(text("/chosen", "stdout-path"), text("/aliases", "serial0"));
	assert_string_equal(text("/aliases", "serial0"), "/plb/opb/serial@ef600300");
	assert_int_equal(cell("serial0", "reg", 0), 0xef600300);
	assert_int_equal(cell("serial1", "reg", 0), 0xef600400);
	assert_int_equal(cell("serial1", "interrupts", 0), 1);
	assert_int_equal(cell("serial1", "interrupt-parent", 0),
			 cell("/interrupt-controller0", "phandle", 0));
	assert_int_equal(cell("/interrupt-controller0", "dcr-reg", 0), 0xc0);
	assert_int_equal(cell("/plb/opb/poweroff", "regmap", 0),
			 cell("/plb/opb/power-control@ef602000", "phandle", 0));
	/* The reach of the OPB: from 2 GB to 4 GB. */
	assert_int_equal(cell("/plb/opb", "ranges", 2), 0x80000000);
	assert_int_equal(cell("/plb/opb", "ranges", 3), 0x80000000);
}

/* The cells of a property, one after the other */
static void check_cells(const char *path, const char *name, unsigned int count,
			const uint32_t *want)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		assert_int_equal(cell(path, name, i), want[i]);
}

/* Four UICs, and an OPB above 4 GB; the rest is as above. */
static void generated_canyonlands(void **state)
{
	static const uint32_t cascade[] = { 10, 4, 11, 4 };
	static const uint32_t opb[] = { 0xb0000000, 4, 0xb0000000, 0x50000000 };

	(void)state;
	assert_int_equal(devtree_generate(tree, sizeof(tree), board_find("canyonlands")), 0);
	assert_int_equal(devtree_finish(tree, &facts), 0);
	assert_string_equal(text("/", "compatible"), "amcc,canyonlands");
	assert_int_equal(cell("/interrupt-controller2", "dcr-reg", 0), 0xe0);
	check_cells("/interrupt-controller2", "interrupts", 4, cascade);
	assert_int_equal(cell("/interrupt-controller2", "interrupt-parent", 0),
			 cell("/interrupt-controller0", "phandle", 0));
	assert_int_equal(cell("/interrupt-controller3", "cell-index", 0), 3);
	assert_int_equal(cell("serial0", "interrupts", 0), 1);
	assert_int_equal(cell("serial0", "interrupt-parent", 0),
			 cell("/interrupt-controller1", "phandle", 0));
	assert_int_equal(cell("serial1", "interrupts", 0), 1);
	assert_int_equal(cell("serial1", "interrupt-parent", 0),
			 cell("/interrupt-controller0", "phandle", 0));
	check_cells("/plb/opb", "ranges", 4, opb);
	assert_int_equal(fdt_path_offset(tree, "/plb/sdram"), -FDT_ERR_NOTFOUND);
}

/* Who is told of KVM, and who is not */
static void told_of_kvm(void **state)
{
	static const struct hypervisor hypervisor = { .hcall = { 0x3c004b56, 2, 3, 4 },
						      .idle = true };
	struct boot_facts told = facts;
	unsigned int i;

	(void)state;
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	assert_int_equal(devtree_finish(tree, &facts), 0);
	assert_int_equal(fdt_path_offset(tree, "/hypervisor"), -FDT_ERR_NOTFOUND);

	told.hypervisor = &hypervisor;
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	assert_int_equal(devtree_finish(tree, &told), 0);
	assert_string_equal(text("/hypervisor", "compatible"), "linux,kvm");
	for (i = 0; i < 4; i++)
		assert_int_equal(cell("/hypervisor", "hcall-instructions", i), hypervisor.hcall[i]);
	assert_non_null(fdt_getprop(tree, fdt_path_offset(tree, "/hypervisor"), "has-idle", NULL));
}

/* On a bus of their own, with the interrupt controller of whatever tree it is */
static void virtio(void **state)
{
	struct boot_facts with = facts;
	int uic;

	(void)state;
	with.board = boards[0];
	with.virtio = 2;
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	assert_int_equal(devtree_finish(tree, &with), 0);
	assert_string_equal(text("/virtio", "compatible"), "simple-bus");
	assert_string_equal(text("/virtio/virtio@ef610000", "compatible"), "virtio,mmio");
	assert_int_equal(cell("/virtio", "interrupt-parent", 0),
			 cell("/interrupt-controller0", "phandle", 0));
	assert_int_equal(cell("/virtio/virtio@ef610200", "reg", 0), 0);
	assert_int_equal(cell("/virtio/virtio@ef610200", "reg", 1), 0xef610200);
	assert_int_equal(cell("/virtio/virtio@ef610200", "reg", 2), 0x200);
	assert_int_equal(cell("/virtio/virtio@ef610200", "interrupts", 0), 19);
	assert_int_equal(cell("/virtio/virtio@ef610200", "interrupts", 1), 1);
	assert_int_equal(fdt_path_offset(tree, "/virtio/virtio@ef610400"), -FDT_ERR_NOTFOUND);
	/* in the order of the slots, which is that of the names in Linux */
	assert_int_equal(fdt_first_subnode(tree, fdt_path_offset(tree, "/virtio")),
			 fdt_path_offset(tree, "/virtio/virtio@ef610000"));

	with.board = board_find("canyonlands");
	assert_int_equal(devtree_generate(tree, sizeof(tree), with.board), 0);
	assert_int_equal(devtree_finish(tree, &with), 0);
	assert_int_equal(cell("/virtio", "interrupt-parent", 0),
			 cell("/interrupt-controller0", "phandle", 0));
	assert_int_equal(cell("/virtio/virtio@4ef610200", "reg", 0), 4);
	assert_int_equal(cell("/virtio/virtio@4ef610200", "reg", 1), 0xef610200);

	/* one without a phandle gets one, and there must be one */
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	uic = fdt_path_offset(tree, "/interrupt-controller0");
	assert_int_equal(fdt_delprop(tree, uic, "phandle"), 0);
	assert_int_equal(devtree_finish(tree, &with), 0);
	assert_int_equal(cell("/virtio", "interrupt-parent", 0),
			 cell("/interrupt-controller0", "phandle", 0));
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	assert_int_equal(fdt_del_node(tree, fdt_path_offset(tree, "/interrupt-controller0")), 0);
	capture();
	assert_int_equal(devtree_finish(tree, &with), -1);
	assert_one_line(captured());
}

/* The longest command line must fit, one byte of space too few must be noticed. */
static void space(void **state)
{
	static char params[DEVTREE_PARAMS_MAX];
	struct boot_facts longest = facts;
	uint32_t size;

	(void)state;
	memset(params, 'x', sizeof(params) - 1);
	longest.params = params;
	assert_int_equal(devtree_generate(tree, sizeof(tree), boards[0]), 0);
	assert_int_equal(devtree_finish(tree, &longest), 0);
	for (size = 0; size < 2000; size += 40) {
		char *small = malloc(size);

		capture();
		assert_int_equal(devtree_generate(small, size, boards[0]), -1);
		assert_one_line(captured());
		free(small);
	}
}

static uint32_t generate(char *dtb, uint32_t size)
{
	assert_int_equal(devtree_generate(dtb, size, boards[0]), 0);
	assert_int_equal(devtree_finish(dtb, &facts), 0);
	return fdt_totalsize(dtb);
}

static void imported(void **state)
{
	static char dtb[DEVTREE_SPACE];
	uint32_t size = generate(dtb, sizeof(dtb));
	struct boot_facts other = { .ram = 32 << 20, .clocks = { 1, 2 } };
	int node;

	(void)state;
	assert_int_equal(devtree_import(tree, size + DEVTREE_GROWTH, dtb, size, "x"), 0);
	/* Two memory nodes of the user's become the one that is there. */
	node = fdt_add_subnode(tree, 0, "memory@10000000");
	fdt_setprop_string(tree, node, "device_type", "memory");
	assert_int_equal(devtree_finish(tree, &other), 0);
	assert_int_equal(cell("/memory", "reg", 2), 32 << 20);
	assert_true(fdt_path_offset(tree, "/memory@10000000") < 0);
	assert_int_equal(cell("/cpus/cpu@0", "timebase-frequency", 0), 1);
	/* No parameters given: the tree's own stay. No initrd given: there is none. */
	assert_string_equal(text("/chosen", "bootargs"), "console=ttyS0 quiet");
	node = fdt_path_offset(tree, "/chosen");
	assert_null(fdt_getprop(tree, node, "linux,initrd-start", NULL));
	assert_null(fdt_getprop(tree, node, "linux,initrd-end", NULL));
}

/* A tree without memory and chosen gets them; one without a CPU is refused. */
static void imported_bare(void **state)
{
	char dtb[1024];
	int node;

	(void)state;
	fdt_create_empty_tree(dtb, sizeof(dtb));
	node = fdt_add_subnode(dtb, 0, "cpus");
	node = fdt_add_subnode(dtb, node, "cpu");
	fdt_setprop_string(dtb, node, "device_type", "cpu");
	assert_int_equal(devtree_import(tree, sizeof(tree), dtb, sizeof(dtb), "x"), 0);
	assert_int_equal(devtree_finish(tree, &facts), 0);
	assert_int_equal(cell("/memory", "reg", 2), 96 << 20);
	assert_string_equal(text("/chosen", "bootargs"), facts.params);

	fdt_create_empty_tree(dtb, sizeof(dtb));
	assert_int_equal(devtree_import(tree, sizeof(tree), dtb, sizeof(dtb), "x"), 0);
	capture();
	assert_int_equal(devtree_finish(tree, &facts), -1);
	assert_one_line(captured());
}

/* Import and finish a copy whose size the address sanitizer knows exactly. */
static int try_import(const char *dtb, uint32_t size)
{
	char *copy = malloc(size);
	char *space_for_tree = malloc(size + DEVTREE_GROWTH);
	int ret;

	memcpy(copy, dtb, size);
	ret = devtree_import(space_for_tree, size + DEVTREE_GROWTH, copy, size, "x");
	if (!ret)
		ret = devtree_finish(space_for_tree, &facts);
	free(copy);
	free(space_for_tree);
	return ret;
}

static void damaged(void **state)
{
	static char dtb[DEVTREE_SPACE];
	uint32_t n, size = generate(dtb, sizeof(dtb));

	(void)state;
	for (n = 0; n < size; n++) {
		capture();
		assert_int_equal(try_import(dtb, n), -1);
		assert_one_line(captured());
	}
	for (n = 0; n < size * 8; n++) {
		dtb[n / 8] ^= 1 << n % 8;
		capture();
		try_import(dtb, size);
		captured();
		dtb[n / 8] ^= 1 << n % 8;
	}
	capture();
	assert_int_equal(try_import("this is no device tree, but long enough for a header", 52),
			 -1);
	assert_contains(captured(), "dtc");
}

static char directory[] = "/tmp/vm44x-test-XXXXXX";

static void property(const char *node, const char *name, const void *data, size_t size)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, node);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/%s", directory, node, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fwrite(data, 1, size, f);
	fclose(f);
}

static void clocks(void **state)
{
	struct host_clocks c;
	char command[64];

	(void)state;
	assert_non_null(mkdtemp(directory));
	host_clocks_read(&c, "/tmp/vm44x-test-none");
	assert_int_equal(c.timebase, 400000000);
	assert_int_equal(c.cpu, 400000000);
	property("cpu@0", "timebase-frequency", "\x00\x00", 2);
	host_clocks_read(&c, directory);
	assert_int_equal(c.timebase, 400000000);
	property("cpu@0", "timebase-frequency", "\x02\x00\x00\x01", 4);
	host_clocks_read(&c, directory);
	assert_int_equal(c.timebase, 0x02000001);
	assert_int_equal(c.cpu, 400000000);
	property("cpu@0", "clock-frequency", "\x00\x00\x00\x00\x30\x00\x00\x01", 8);
	host_clocks_read(&c, directory);
	assert_int_equal(c.cpu, 0x30000001);
	property("cpu@0", "timebase-frequency", "\x00\x00\x00\x01\x30\x00\x00\x01", 8);
	host_clocks_read(&c, directory);
	assert_int_equal(c.timebase, 400000000);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
}

static void dumped(void **state)
{
	char path[64];
	struct stat st;
	uint32_t size = generate(tree, sizeof(tree));

	(void)state;
	strcpy(path, temporary("", 0));
	assert_int_equal(devtree_dump(tree, path), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, size);
	unlink(path);
	capture();
	assert_int_equal(devtree_dump(tree, "/tmp/vm44x-test-none/x"), -1);
	assert_contains(captured(), "No such file");
	capture();
	assert_int_equal(devtree_dump(tree, "/dev/full"), -1);
	assert_contains(captured(), "No space");
	assert_int_equal(access("/dev/full", F_OK), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(generated),	 cmocka_unit_test(generated_canyonlands),
		cmocka_unit_test(virtio),	 cmocka_unit_test(told_of_kvm),
		cmocka_unit_test(space),	 cmocka_unit_test(imported),
		cmocka_unit_test(imported_bare), cmocka_unit_test(damaged),
		cmocka_unit_test(clocks),	 cmocka_unit_test(dumped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
