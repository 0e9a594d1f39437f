// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>

#include "devtree.h"
#include "machine.h"
#include "report.h"

#define DEFAULT_HZ	400000000
#define CACHE_SIZE	0x8000
#define CACHE_LINE	32
#define UART_SPEED	115200
#define IRQ_LEVEL_HIGH	4
#define IRQ_EDGE_RISING 1

enum {
	PHANDLE_CPU = 1,
	PHANDLE_POWER,
	PHANDLE_UIC, /* UIC0's; those of the others follow */
};

/* A property of one cell from a file of /proc/device-tree; two cells only if they fit in one. */
static uint32_t read_cell(const char *dir, const char *node, const char *property, uint32_t missing)
{
	char path[512];
	uint8_t data[9];
	uint64_t value = 0;
	ssize_t i, n;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s/%s", dir, node, property) >= (int)sizeof(path))
		return missing;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return missing;
	n = read(fd, data, sizeof(data));
	close(fd);
	if (n != 4 && n != 8)
		return missing;
	for (i = 0; i < n; i++)
		value = value << 8 | data[i];
	return value && value <= UINT32_MAX ? value : missing;
}

void host_clocks_read(struct host_clocks *clocks, const char *cpus)
{
	struct dirent *entry;
	DIR *dir;

	clocks->timebase = 0;
	dir = opendir(cpus);
	while (dir && !clocks->timebase) {
		entry = readdir(dir);
		if (!entry)
			break;
		clocks->timebase = read_cell(cpus, entry->d_name, "timebase-frequency", 0);
		clocks->cpu = read_cell(cpus, entry->d_name, "clock-frequency", DEFAULT_HZ);
	}
	if (dir)
		closedir(dir);
	if (!clocks->timebase)
		clocks->timebase = clocks->cpu = DEFAULT_HZ;
}

/*
 * A tree under construction. The first failure is kept, and everything
 * after it does nothing, so that only the end needs a check.
 */
struct tree {
	void *fdt;
	int error; /* libfdt's, negative */
};

static int node(struct tree *t, int parent, const char *name)
{
	int offset = t->error ? t->error : fdt_add_subnode(t->fdt, parent, name);

	if (offset < 0)
		t->error = offset;
	return offset;
}

static void bytes(struct tree *t, int offset, const char *name, const void *value, int size)
{
	if (!t->error)
		t->error = fdt_setprop(t->fdt, offset, name, value, size);
}

static void flag(struct tree *t, int offset, const char *name)
{
	bytes(t, offset, name, "", 0);
}

static void string(struct tree *t, int offset, const char *name, const char *value)
{
	bytes(t, offset, name, value, strlen(value) + 1);
}

/* list is as in a board's table. */
static void strings(struct tree *t, int offset, const char *name, const char *list)
{
	const char *end = list;

	while (*end)
		end += strlen(end) + 1;
	bytes(t, offset, name, list, end - list);
}

static void cells(struct tree *t, int offset, const char *name, const uint32_t *value,
		  unsigned int count)
{
	fdt32_t be[8];
	unsigned int i;

	for (i = 0; i < count; i++)
		be[i] = cpu_to_fdt32(value[i]);
	bytes(t, offset, name, be, count * sizeof(be[0]));
}

#define CELLS(t, offset, name, ...)                               \
	cells(t, offset, name, (const uint32_t[]){ __VA_ARGS__ }, \
	      sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static int result(const struct tree *t)
{
	if (!t->error)
		return 0;
	return vm_error("cannot make the device tree: %s", fdt_strerror(t->error));
}

static void add_cpu(struct tree *t, int root, const struct board *b)
{
	int cpus, cpu;

	cpus = node(t, root, "cpus");
	CELLS(t, cpus, "#address-cells", 1);
	CELLS(t, cpus, "#size-cells", 0);
	cpu = node(t, cpus, "cpu@0");
	string(t, cpu, "device_type", "cpu");
	string(t, cpu, "model", b->cpu_model);
	CELLS(t, cpu, "reg", 0);
	CELLS(t, cpu, "i-cache-line-size", CACHE_LINE);
	CELLS(t, cpu, "d-cache-line-size", CACHE_LINE);
	CELLS(t, cpu, "i-cache-size", CACHE_SIZE);
	CELLS(t, cpu, "d-cache-size", CACHE_SIZE);
	flag(t, cpu, "dcr-controller");
	string(t, cpu, "dcr-access-method", "native");
	CELLS(t, cpu, "phandle", PHANDLE_CPU);
}

/* Who gets an interrupt that goes by KVM's number, and what it is called there */
static void interrupt(struct tree *t, int offset, uint32_t irq)
{
	CELLS(t, offset, "interrupt-parent", PHANDLE_UIC + irq / V44_UIC_SOURCES);
	CELLS(t, offset, "interrupts", irq % V44_UIC_SOURCES, IRQ_LEVEL_HIGH);
}

static void add_uic(struct tree *t, int root, const struct board *b, unsigned int i)
{
	const struct v44_uic_wires *wires = &b->uic[i];
	char name[32];
	int uic;

	snprintf(name, sizeof(name), "interrupt-controller%u", i);
	uic = node(t, root, name);
	strings(t, uic, "compatible", b->uic_compatible);
	flag(t, uic, "interrupt-controller");
	CELLS(t, uic, "cell-index", i);
	CELLS(t, uic, "dcr-reg", wires->dcr, V44_UIC_REGS);
	CELLS(t, uic, "#address-cells", 0);
	CELLS(t, uic, "#size-cells", 0);
	CELLS(t, uic, "#interrupt-cells", 2);
	CELLS(t, uic, "phandle", PHANDLE_UIC + i);
	if (i) {
		CELLS(t, uic, "interrupt-parent", PHANDLE_UIC);
		CELLS(t, uic, "interrupts", wires->external, IRQ_LEVEL_HIGH, wires->critical,
		      IRQ_LEVEL_HIGH);
	}
}

static void uart_name(char *name, size_t size, const struct board *b, unsigned int i)
{
	snprintf(name, size, "serial@%x", (unsigned int)b->uart[i].addr);
}

static void add_uart(struct tree *t, int opb, const struct board *b, unsigned int i)
{
	char name[32];
	int uart;

	uart_name(name, sizeof(name), b, i);
	uart = node(t, opb, name);
	string(t, uart, "device_type", "serial");
	/* Linux uses the FIFOs of the first, and looks for its early console by the second. */
	strings(t, uart, "compatible", "ns16550a\0ns16550\0");
	CELLS(t, uart, "reg", b->uart[i].addr, UART16550_REGS);
	CELLS(t, uart, "virtual-reg", b->uart[i].addr);
	CELLS(t, uart, "clock-frequency", b->uart_clock);
	CELLS(t, uart, "current-speed", UART_SPEED);
	interrupt(t, uart, b->uart[i].irq);
}

/*
 * The power control register, and who uses it. Linux makes devices of the
 * children of plb and opb only, so the second node stands there as well.
 */
static void add_power(struct tree *t, int opb, const struct board *b)
{
	char name[32];
	int power;

	snprintf(name, sizeof(name), "power-control@%x", (unsigned int)b->power_addr);
	power = node(t, opb, name);
	string(t, power, "compatible", "syscon");
	CELLS(t, power, "reg", b->power_addr, MACHINE_POWER_SIZE);
	flag(t, power, "big-endian");
	CELLS(t, power, "phandle", PHANDLE_POWER);

	power = node(t, opb, "poweroff");
	string(t, power, "compatible", "syscon-poweroff");
	CELLS(t, power, "regmap", PHANDLE_POWER);
	CELLS(t, power, "offset", 0);
	CELLS(t, power, "value", MACHINE_POWER_OFF);
}

static void add_buses(struct tree *t, int root, const struct board *b)
{
	unsigned int i;
	int plb, sdram, opb;

	plb = node(t, root, "plb");
	strings(t, plb, "compatible", b->plb_compatible);
	CELLS(t, plb, "#address-cells", 2);
	CELLS(t, plb, "#size-cells", 1);
	flag(t, plb, "ranges");

	if (b->sdram_dcr) {
		sdram = node(t, plb, "sdram");
		strings(t, sdram, "compatible", b->sdram_compatible);
		CELLS(t, sdram, "dcr-reg", b->sdram_dcr, SDRAM_DCRS);
	}

	opb = node(t, plb, "opb");
	strings(t, opb, "compatible", b->opb_compatible);
	CELLS(t, opb, "#address-cells", 1);
	CELLS(t, opb, "#size-cells", 1);
	CELLS(t, opb, "ranges", b->io_base, b->opb_base >> 32, b->opb_base + b->io_base,
	      -b->io_base);
	/* libfdt puts a new node before its older sisters: last first. */
	add_power(t, opb, b);
	for (i = BOARD_UARTS; i--;)
		add_uart(t, opb, b, i);
}

static void add_names(struct tree *t, int root, const struct board *b)
{
	static const char *const alias[BOARD_UARTS] = { "serial0", "serial1" };
	char path[64] = "/plb/opb/";
	const size_t dir = strlen(path);
	unsigned int i;
	int aliases, chosen;

	aliases = node(t, root, "aliases");
	for (i = 0; i < BOARD_UARTS; i++) {
		uart_name(path + dir, sizeof(path) - dir, b, i);
		string(t, aliases, alias[i], path);
	}
	chosen = node(t, root, "chosen");
	uart_name(path + dir, sizeof(path) - dir, b, 0);
	/* The second is the older name, and the one a boot wrapper looks for. */
	string(t, chosen, "stdout-path", path);
	string(t, chosen, "linux,stdout-path", path);
}

int devtree_generate(void *fdt, uint32_t space, const struct board *b)
{
	struct tree t = { .fdt = fdt };
	const int root = 0;
	unsigned int i;

	t.error = fdt_create_empty_tree(fdt, space);
	CELLS(&t, root, "#address-cells", 2);
	CELLS(&t, root, "#size-cells", 1);
	string(&t, root, "model", b->compatible);
	strings(&t, root, "compatible", b->compatible);
	CELLS(&t, root, "dcr-parent", PHANDLE_CPU);
	add_names(&t, root, b);
	add_buses(&t, root, b);
	for (i = b->uics; i--;) /* last first, as above */
		add_uic(&t, root, b, i);
	add_cpu(&t, root, b);
	return result(&t);
}

/* Walk everything once: libfdt checks each step against the size of the tree. */
static int walk(const void *fdt)
{
	int offset, property, len;

	/* The list of reservations: its end must be found. */
	offset = fdt_num_mem_rsv(fdt);
	if (offset < 0)
		return offset;
	for (offset = 0; offset >= 0; offset = fdt_next_node(fdt, offset, NULL)) {
		for (property = fdt_first_property_offset(fdt, offset); property >= 0;
		     property = fdt_next_property_offset(fdt, property)) {
			const char *name;

			if (!fdt_getprop_by_offset(fdt, property, &name, &len))
				return len;
		}
		if (property != -FDT_ERR_NOTFOUND)
			return property;
	}
	return offset == -FDT_ERR_NOTFOUND ? 0 : offset;
}

int devtree_import(void *fdt, uint32_t space, const void *dtb, uint32_t size, const char *path)
{
	int error = size < sizeof(struct fdt_header) ? -FDT_ERR_TRUNCATED : fdt_check_header(dtb);

	if (!error && fdt_totalsize(dtb) > size)
		error = -FDT_ERR_TRUNCATED;
	/* libfdt takes the alignment that the format demands for granted. */
	if (!error && (fdt_off_dt_struct(dtb) % 4 || fdt_off_mem_rsvmap(dtb) % 8))
		error = -FDT_ERR_ALIGNMENT;
	if (!error)
		error = walk(dtb);
	if (!error)
		error = fdt_open_into(dtb, fdt, space);
	if (error)
		return vm_error(
			"--dtb: '%s' is damaged or no device tree: %s; make it with dtc -O dtb",
			path, fdt_strerror(error));
	return 0;
}

/* The node at path below the root, made if it is missing. */
static int find_or_add(struct tree *t, const char *name)
{
	int offset = t->error ? t->error : fdt_subnode_offset(t->fdt, 0, name);

	return offset == -FDT_ERR_NOTFOUND ? node(t, 0, name) : offset;
}

static int find_type(const struct tree *t, const char *type)
{
	return fdt_node_offset_by_prop_value(t->fdt, -1, "device_type", type, strlen(type) + 1);
}

static void set_memory(struct tree *t, uint64_t ram)
{
	int offset;

	while (!t->error && (offset = find_type(t, "memory")) >= 0)
		t->error = fdt_del_node(t->fdt, offset);
	offset = node(t, 0, "memory");
	string(t, offset, "device_type", "memory");
	if (!t->error)
		t->error = fdt_appendprop_addrrange(t->fdt, 0, offset, "reg", 0, ram);
}

static void set_clocks(struct tree *t, const struct host_clocks *clocks)
{
	int cpu = t->error ? t->error : find_type(t, "cpu");

	if (cpu < 0) {
		t->error = cpu;
		return;
	}
	CELLS(t, cpu, "timebase-frequency", clocks->timebase);
	CELLS(t, cpu, "clock-frequency", clocks->cpu);
}

static void set_chosen(struct tree *t, const struct boot_facts *f)
{
	int chosen = find_or_add(t, "chosen");

	if (f->params)
		string(t, chosen, "bootargs", f->params);
	if (f->initrd_size) {
		CELLS(t, chosen, "linux,initrd-start", f->initrd);
		CELLS(t, chosen, "linux,initrd-end", f->initrd + f->initrd_size);
	} else if (!t->error) {
		fdt_delprop(t->fdt, chosen, "linux,initrd-start");
		fdt_delprop(t->fdt, chosen, "linux,initrd-end");
	}
}

/* As Linux's Documentation/virt/kvm/ppc-pv.rst and the ePAPR have it. */
static void set_hypervisor(struct tree *t, const struct hypervisor *h)
{
	int offset = find_or_add(t, "hypervisor");

	string(t, offset, "compatible", "linux,kvm");
	cells(t, offset, "hcall-instructions", h->hcall, 4);
	if (h->idle)
		flag(t, offset, "has-idle");
}

/* The phandle of the interrupt controller that is no other's device, UIC0; 0: there is none */
static uint32_t find_uic(struct tree *t)
{
	uint32_t phandle = 0;
	int uic = -1;

	do {
		uic = fdt_node_offset_by_compatible(t->fdt, uic, "ibm,uic");
	} while (uic >= 0 && fdt_getprop(t->fdt, uic, "interrupts", NULL));
	if (uic < 0)
		return 0;
	phandle = fdt_get_phandle(t->fdt, uic);
	if (!phandle) {
		t->error = fdt_generate_phandle(t->fdt, &phandle);
		CELLS(t, uic, "phandle", phandle);
	}
	return phandle;
}

static void add_virtio_device(struct tree *t, int bus, uint64_t addr, uint32_t source)
{
	char name[32];
	int device;

	snprintf(name, sizeof(name), "virtio@%" PRIx64, addr);
	device = node(t, bus, name);
	string(t, device, "compatible", "virtio,mmio");
	if (!t->error)
		t->error =
			fdt_appendprop_addrrange(t->fdt, bus, device, "reg", addr, VIRTIO_WINDOW);
	/* an edge each, see virtio/device.c */
	CELLS(t, device, "interrupts", source, IRQ_EDGE_RISING);
}

/*
 * On a bus of their own, since they are no part of the chip: Linux looks for devices on a
 * "simple-bus" whatever the board.
 */
static void add_virtio(struct tree *t, const struct board *b, unsigned int count, uint32_t uic)
{
	int bus = node(t, 0, "virtio");

	string(t, bus, "compatible", "simple-bus");
	CELLS(t, bus, "#address-cells", t->error ? 0 : fdt_address_cells(t->fdt, 0));
	CELLS(t, bus, "#size-cells", t->error ? 0 : fdt_size_cells(t->fdt, 0));
	flag(t, bus, "ranges");
	CELLS(t, bus, "interrupt-parent", uic);
	/* libfdt puts a new node before its older sisters: last first. */
	while (count--)
		add_virtio_device(t, bus, machine_virtio_addr(b, count), b->virtio_source + count);
}

static int set_virtio(struct tree *t, const struct boot_facts *facts)
{
	uint32_t uic;

	if (t->error || !facts->virtio)
		return 0;
	uic = find_uic(t);
	if (!uic)
		return vm_error(
			"the device tree has no interrupt controller (ibm,uic) for the virtio devices");
	add_virtio(t, facts->board, facts->virtio, uic);
	return 0;
}

int devtree_finish(void *fdt, const struct boot_facts *facts)
{
	struct tree t = { .fdt = fdt };

	set_memory(&t, facts->ram);
	set_clocks(&t, &facts->clocks);
	set_chosen(&t, facts);
	if (facts->hypervisor)
		set_hypervisor(&t, facts->hypervisor);
	if (set_virtio(&t, facts) < 0)
		return -1;
	if (!t.error)
		t.error = fdt_pack(fdt);
	return result(&t);
}

int devtree_dump(const void *fdt, const char *path)
{
	FILE *f = fopen(path, "wbe");
	size_t size = fdt_totalsize(fdt);

	if (!f)
		return vm_error("--dump-dtb: cannot write '%s': %s", path, strerror(errno));
	if (fwrite(fdt, 1, size, f) != size || fflush(f)) {
		int error = errno;
		struct stat st;

		/* Leave no half a file, but never remove a device. */
		if (!fstat(fileno(f), &st) && S_ISREG(st.st_mode))
			unlink(path);
		fclose(f);
		return vm_error("--dump-dtb: cannot write '%s': %s", path, strerror(error));
	}
	fclose(f);
	return 0;
}
