// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "devtree.h"
#include "gdb.h"
#include "options.h"
#include "report.h"

#define KIB	    ((uint64_t)1 << 10)
#define MIB	    ((uint64_t)1 << 20)
#define GIB	    ((uint64_t)1 << 30)
#define PAGE	    4096
#define DEFAULT_RAM (128 * MIB)

static const char help[] = "Usage: vm44x run --kernel FILE [OPTION]...\n"
			   "       vm44x --help | --version\n"
			   "\n"
			   "Runs PowerPC 440 virtual machines on a PowerPC 440 host, by KVM.\n"
			   "'vm44x run --help' lists the options.\n";

static const char run_help[] =
	"Usage: vm44x run --kernel FILE [OPTION]...\n"
	"\n"
	"Runs a virtual machine, with the terminal as its console.\n"
	"\n"
	"      --board NAME     bamboo (440EP, default) or canyonlands (460EX)\n"
	"  -k, --kernel FILE    kernel to boot: an ELF vmlinux for 44x, or a uImage\n"
	"      --load-address ADDR\n"
	"                       the kernel is a raw image, to be loaded at this\n"
	"                       physical address\n"
	"      --entry ADDR     where a raw image starts (default: where it is loaded)\n"
	"  -i, --initrd FILE    initial RAM disk\n"
	"  -m, --mem SIZE       memory in MiB, or with suffix K, M or G (default 128)\n"
	"  -a, -p, --params STRING\n"
	"                       kernel command line\n"
	"      --dtb FILE       use this device tree; memory, clocks, initrd and\n"
	"                       command line are filled in\n"
	"      --dump-dtb FILE  write the device tree to FILE and exit\n"
	"      --uart1 FILE     output of the second serial port to a file or pipe;\n"
	"                       a terminal gives it input, too (default: none)\n"
	"      --gdb[=PORT|DEVICE]\n"
	"                       wait for gdb on this port of 127.0.0.1 (default 1234),\n"
	"                       or on a device, before the first instruction\n"
	"      --irqchip=kernel|user\n"
	"                       where the interrupt controller is: in the kernel\n"
	"                       (default), or in vm44x\n"
	"      --paravirt       tell the guest of KVM's hypercalls in its device tree\n"
	"      --verbose        say more on standard error\n"
	"  -h, --help           this help\n"
	"\n"
	"On the console: Ctrl-a x ends the machine, Ctrl-a h shows more keys.\n"
	"\n"
	"Exit status: 0 when the guest powers off or resets or the user ends it,\n"
	"1 when something fails, 2 for a wrong command line.\n";

static int usage(int *status)
{
	*status = EXIT_USAGE;
	return 0;
}

static int parse_size(const char *text, uint64_t *bytes)
{
	uint64_t unit = MIB;
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno)
		return vm_error("--mem: '%s' is not a size: give MiB, or a number with K, M or G",
				text);
	switch (toupper((unsigned char)*end)) {
	case 'K':
		unit = KIB;
		end++;
		break;
	case 'M':
		end++;
		break;
	case 'G':
		unit = GIB;
		end++;
		break;
	}
	if (*end)
		return vm_error("--mem: '%s' is not a size: give MiB, or a number with K, M or G",
				text);
	if (n > UINT64_MAX / unit)
		return vm_error("--mem: '%s' is too much", text);
	*bytes = n * unit;
	if (!*bytes || *bytes % PAGE)
		return vm_error("--mem: '%s' is no multiple of 4 KiB", text);
	return 0;
}

static int parse_address(const char *option, const char *text, uint32_t *address)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || *end || errno || n > UINT32_MAX)
		return vm_error("--%s: '%s' is not an address: give 32 bits, hexadecimal with 0x",
				option, text);
	*address = n;
	return 0;
}

static int check_ram(const struct options *o)
{
	const struct board *b = o->board;

	if (o->ram > b->ram_max)
		return vm_error("--mem: %llu MiB is too much: the board '%s' has at most %u MiB",
				(unsigned long long)(o->ram / MIB), b->name,
				(unsigned int)(b->ram_max / MIB));
	return 0;
}

static int parse_board(const char *text, const struct board **board)
{
	char known[128] = "";
	unsigned int i;

	*board = board_find(text);
	if (*board)
		return 0;
	for (i = 0; boards[i]; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), " %s",
			 boards[i]->name);
	return vm_error("--board: there is no board '%s'; there are:%s", text, known);
}

static int parse_irqchip(const char *text, bool *user)
{
	*user = !strcmp(text, "user");
	if (!*user && strcmp(text, "kernel"))
		return vm_error("--irqchip: '%s' is neither 'kernel' nor 'user'", text);
	return 0;
}

static int parse_run(struct options *o, int argc, char **argv, int *status)
{
	enum {
		OPT_BOARD = 256,
		OPT_DTB,
		OPT_DUMP_DTB,
		OPT_ENTRY,
		OPT_GDB,
		OPT_IRQCHIP,
		OPT_LOAD_ADDRESS,
		OPT_PARAVIRT,
		OPT_UART1,
		OPT_VERBOSE
	};
	static const struct option longs[] = {
		{ "board", required_argument, NULL, OPT_BOARD },
		{ "kernel", required_argument, NULL, 'k' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "mem", required_argument, NULL, 'm' },
		{ "params", required_argument, NULL, 'a' },
		{ "dtb", required_argument, NULL, OPT_DTB },
		{ "dump-dtb", required_argument, NULL, OPT_DUMP_DTB },
		{ "entry", required_argument, NULL, OPT_ENTRY },
		{ "gdb", optional_argument, NULL, OPT_GDB },
		{ "irqchip", required_argument, NULL, OPT_IRQCHIP },
		{ "load-address", required_argument, NULL, OPT_LOAD_ADDRESS },
		{ "paravirt", no_argument, NULL, OPT_PARAVIRT },
		{ "uart1", required_argument, NULL, OPT_UART1 },
		{ "verbose", no_argument, NULL, OPT_VERBOSE },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool entry = false;
	int c;

	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, ":k:i:m:a:p:h", longs, NULL)) != -1) {
		switch (c) {
		case 'k':
			o->kernel = optarg;
			break;
		case 'i':
			o->initrd = optarg;
			break;
		case 'm':
			if (parse_size(optarg, &o->ram) < 0)
				return usage(status);
			break;
		case 'a':
		case 'p':
			o->params = optarg;
			break;
		case OPT_BOARD:
			if (parse_board(optarg, &o->board) < 0)
				return usage(status);
			break;
		case OPT_DTB:
			o->dtb = optarg;
			break;
		case OPT_DUMP_DTB:
			o->dump_dtb = optarg;
			break;
		case OPT_LOAD_ADDRESS:
			if (parse_address("load-address", optarg, &o->raw_image.load) < 0)
				return usage(status);
			o->raw = true;
			break;
		case OPT_ENTRY:
			if (parse_address("entry", optarg, &o->raw_image.entry) < 0)
				return usage(status);
			entry = true;
			break;
		case OPT_GDB:
			o->gdb = optarg ? optarg : GDB_PORT;
			break;
		case OPT_IRQCHIP:
			if (parse_irqchip(optarg, &o->user_irqchip) < 0)
				return usage(status);
			break;
		case OPT_PARAVIRT:
			o->paravirt = true;
			break;
		case OPT_UART1:
			o->uart1 = optarg;
			break;
		case OPT_VERBOSE:
			o->verbose = true;
			break;
		case 'h':
			fputs(run_help, stdout);
			*status = EXIT_OK;
			return 0;
		case ':':
			vm_error("option '%s' needs a value; see 'vm44x run --help'",
				 argv[optind - 1]);
			return usage(status);
		default:
			vm_error("unknown option '%s'; see 'vm44x run --help'", argv[optind - 1]);
			return usage(status);
		}
	}
	if (optind < argc) {
		vm_error("'%s' is no option; see 'vm44x run --help'", argv[optind]);
		return usage(status);
	}
	if (entry && !o->raw) {
		vm_error("--entry is for raw images: it needs --load-address");
		return usage(status);
	}
	if (check_ram(o) < 0)
		return usage(status);
	if (!entry)
		o->raw_image.entry = o->raw_image.load;
	if (!o->kernel && !o->dump_dtb) {
		vm_error("no kernel: give one with --kernel FILE");
		return usage(status);
	}
	if (o->params && strlen(o->params) >= DEVTREE_PARAMS_MAX) {
		vm_error("--params: longer than the %d characters that a kernel takes",
			 DEVTREE_PARAMS_MAX - 1);
		return usage(status);
	}
	return 1;
}

int options_parse(struct options *o, int argc, char **argv, int *status)
{
	const char *command = argc > 1 ? argv[1] : NULL;

	*o = (struct options){ .board = boards[0], .ram = DEFAULT_RAM };
	if (command && !strcmp(command, "run"))
		return parse_run(o, argc - 1, argv + 1, status);
	*status = EXIT_OK;
	if (command &&
	    (!strcmp(command, "--help") || !strcmp(command, "-h") || !strcmp(command, "help"))) {
		fputs(help, stdout);
		return 0;
	}
	if (command && !strcmp(command, "--version")) {
		puts("vm44x " VM44X_VERSION);
		return 0;
	}
	if (command)
		vm_error("unknown command '%s'; see 'vm44x --help'", command);
	else
		vm_error("no command; see 'vm44x --help'");
	return usage(status);
}
