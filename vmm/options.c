// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "config.h"
#include "devtree.h"
#include "gdb.h"
#include "options.h"
#include "report.h"
#include "size.h"
#include "virtio/9p.h"
#include "virtio/blk.h"

#define MIB	    ((uint64_t)1 << 20)
#define DEFAULT_RAM (128 * MIB)
#define DEFAULT_TAG "share"

static const char help[] = "Usage: vm44x run --kernel FILE [OPTION]...\n"
			   "       vm44x --help | --version\n"
			   "\n"
			   "Runs PowerPC 440 virtual machines on a PowerPC 440 host, by KVM.\n"
			   "'vm44x run --help' lists the options.\n";

static const char run_help[] = "Usage: vm44x run --kernel FILE [OPTION]...\n"
			       "\n"
			       "Runs a virtual machine, with the terminal as its console.\n"
			       "\n";

static const char run_help_end[] =
	"\n"
	"On the console: Ctrl-a x ends the machine, Ctrl-a h shows more keys.\n"
	"\n"
	"Exit status: 0 when the guest powers off or resets or the user ends it,\n"
	"1 when something fails, 2 for a wrong command line.\n";

/* Options on their way in */
struct parsing {
	struct options *o;
	bool entry; /* --entry was given */
	bool answered; /* by what --help prints: there is nothing to run */
};

/* An option, by its long name on the command line and in configuration files */
struct row {
	const char *name, *letters;
	const char *value; /* what it takes, as the help calls it; NULL: nothing */
	bool optional; /* the value, which then needs "=" */
	bool once; /* command line only */
	/* Returns 0, or -1 after a message. value: NULL if there is none. */
	int (*set)(struct parsing *p, const struct row *row, char *value);
	size_t at; /* in struct options, of what text() and flag() set */
	const char *help;
};

static int text(struct parsing *p, const struct row *row, char *value)
{
	*(const char **)((char *)p->o + row->at) = value;
	return 0;
}

static int flag(struct parsing *p, const struct row *row, char *value)
{
	(void)value;
	*(bool *)((char *)p->o + row->at) = true;
	return 0;
}

static int parse_address(const struct row *row, const char *text, uint32_t *address)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || *end || errno || n > UINT32_MAX)
		return vm_error("--%s: '%s' is not an address: give 32 bits, hexadecimal with 0x",
				row->name, text);
	*address = n;
	return 0;
}

static int set_board(struct parsing *p, const struct row *row, char *value)
{
	p->o->board = board_find(value);
	if (!p->o->board)
		return vm_error("--board: there is no board '%s'; give one of %s", value,
				row->value);
	return 0;
}

static int set_mem(struct parsing *p, const struct row *row, char *value)
{
	(void)row;
	if (parse_size("--mem", value, &p->o->ram) < 0)
		return -1;
	return p->o->ram ? 0 : vm_error("--mem: a machine without memory cannot run");
}

static int set_load_address(struct parsing *p, const struct row *row, char *value)
{
	p->o->raw = true;
	return parse_address(row, value, &p->o->raw_image.load);
}

static int set_entry(struct parsing *p, const struct row *row, char *value)
{
	p->entry = true;
	return parse_address(row, value, &p->o->raw_image.entry);
}

static int set_gdb(struct parsing *p, const struct row *row, char *value)
{
	(void)row;
	p->o->gdb = value ? value : GDB_PORT;
	return 0;
}

static int set_irqchip(struct parsing *p, const struct row *row, char *value)
{
	(void)row;
	p->o->user_irqchip = !strcmp(value, "user");
	if (!p->o->user_irqchip && strcmp(value, "kernel"))
		return vm_error("--irqchip: '%s' is neither 'kernel' nor 'user'", value);
	return 0;
}

static int set_balloon(struct parsing *p, const struct row *row, char *value)
{
	(void)row;
	p->o->balloon = true;
	p->o->balloon_control = value;
	return 0;
}

static int set_console(struct parsing *p, const struct row *row, char *value)
{
	(void)row;
	p->o->console = strcmp(value, "virtio") ? CONSOLE_SERIAL : CONSOLE_VIRTIO;
	if (p->o->console == CONSOLE_SERIAL && strcmp(value, "serial"))
		return vm_error("--console: '%s' is neither 'virtio' nor 'serial'", value);
	return 0;
}

/* FILE[,ro][,overlay=FILE][,serial=TEXT] */
static int set_disk(struct parsing *p, const struct row *row, char *value)
{
	struct options *o = p->o;
	enum {
		RO,
		OVERLAY,
		SERIAL
	};
	static char *const names[] = { "ro", "overlay", "serial", NULL };
	struct option_disk *d = &o->disk[o->disks];
	char *part, *all = strchrnul(value, ',');

	(void)row;
	if (o->disks == OPTIONS_DISKS)
		return vm_error("--disk: there can be %d of them", OPTIONS_DISKS);
	*d = (struct option_disk){ .disk.path = value };
	if (*all)
		*all++ = '\0';
	while (*all) {
		const char *word = all;
		int which = getsubopt(&all, names, &part);

		if (which == RO && !part)
			d->disk.read_only = true;
		else if (which == OVERLAY && part)
			d->disk.overlay = part;
		else if (which == SERIAL && part && strlen(part) <= VIRTIO_BLK_SERIAL)
			d->serial = part;
		else
			return vm_error(
				"--disk: '%s' is none of ro, overlay=FILE, serial=TEXT (at most %d characters)",
				word, VIRTIO_BLK_SERIAL);
	}
	if (!*d->disk.path)
		return vm_error("--disk: the name of the image is missing");
	if (d->disk.read_only && d->disk.overlay)
		return vm_error("--disk: 'ro' and 'overlay' exclude each other");
	o->disks++;
	return 0;
}

/* Locally administered; of the tap's name, so that the guests of a bridge have different ones */
static void default_mac(struct option_net *n, unsigned int index)
{
	const char *p = n->net.tap ? n->net.tap : "";
	uint32_t hash = 2166136261u + index; /* FNV-1a */

	for (; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 16777619u;
	n->mac[0] = 0x02;
	n->mac[1] = 0x44;
	n->mac[2] = hash >> 24;
	n->mac[3] = hash >> 16;
	n->mac[4] = hash >> 8;
	n->mac[5] = hash;
}

/* False: it is no address of a single station. */
static bool parse_mac(const char *text, uint8_t *mac)
{
	int end = 0;

	return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5], &end) == VIRTIO_NET_MAC &&
	       end == 17 && !text[end] && !(mac[0] & 1);
}

/* "HOSTPORT:GUESTPORT" */
static bool is_forward(const char *text)
{
	unsigned int host, guest;
	int end = 0;

	return sscanf(text, "%5u:%5u%n", &host, &guest, &end) == 2 && !text[end] &&
	       isdigit((unsigned char)*text) && host - 1 < 65535 && guest - 1 < 65535;
}

/* tap=NAME[,mac=ADDRESS] or user[,mac=ADDRESS][,forward=HOSTPORT:GUESTPORT]... */
static int set_net(struct parsing *p, const struct row *row, char *value)
{
	struct options *o = p->o;
	enum {
		TAP,
		USER,
		MAC,
		FORWARD
	};
	static char *const names[] = { "tap", "user", "mac", "forward", NULL };
	struct option_net *n = &o->net[o->nets];
	bool user = false, mac = false;
	char *part;

	(void)row;
	if (o->nets == OPTIONS_NETS)
		return vm_error("--net: there can be %d of them", OPTIONS_NETS);
	*n = (struct option_net){ 0 };
	while (*value) {
		const char *word = value;
		int which = getsubopt(&value, names, &part);

		if (which == TAP && part && *part && strlen(part) <= NET_TAP_NAME)
			n->net.tap = part;
		else if (which == USER && !part)
			user = true;
		else if (which == MAC && part && parse_mac(part, n->mac))
			mac = true;
		else if (which == FORWARD && part && is_forward(part) &&
			 n->net.forwards < NET_FORWARDS)
			n->net.forward[n->net.forwards++] = part;
		else
			return vm_error(
				"--net: '%s' is none of tap=NAME (at most %d characters), user, mac=XX:XX:XX:XX:XX:XX (of one station), forward=HOSTPORT:GUESTPORT (at most %d)",
				word, NET_TAP_NAME, NET_FORWARDS);
	}
	if (user == !!n->net.tap)
		return vm_error("--net: give one of tap=NAME and user");
	if (n->net.tap && n->net.forwards)
		return vm_error("--net: 'forward' is for 'user' only");
	if (!mac)
		default_mac(n, o->nets);
	o->nets++;
	return 0;
}

static int set_owner(struct share_options *o, const char *how)
{
	if (!how)
		return -1;
	o->owner = strcmp(how, "mapped") ? OWNER_HOST : OWNER_MAPPED;
	return o->owner == OWNER_MAPPED || !strcmp(how, "host") ? 0 : -1;
}

static int check_share(const struct options *o, const struct option_share *s)
{
	unsigned int i;

	if (!*s->share.dir)
		return vm_error("--share: the name of the directory is missing");
	if (!*s->tag || strlen(s->tag) > VIRTIO_9P_TAG)
		return vm_error("--share: a tag has 1 to %d characters, '%s' has not",
				VIRTIO_9P_TAG, s->tag);
	for (i = 0; i < o->shares; i++)
		if (!strcmp(o->share[i].tag, s->tag))
			return vm_error(
				"--share: two directories cannot both be '%s' for the guest: give one another name by 'tag='",
				s->tag);
	return 0;
}

/* DIR[,tag=NAME][,ro][,owner=host|mapped] */
static int set_share(struct parsing *p, const struct row *row, char *value)
{
	struct options *o = p->o;
	enum {
		RO,
		TAG,
		OWNER
	};
	static char *const names[] = { "ro", "tag", "owner", NULL };
	struct option_share *s = &o->share[o->shares];
	char *part, *all = strchrnul(value, ',');

	(void)row;
	if (o->shares == OPTIONS_SHARES)
		return vm_error("--share: there can be %d of them", OPTIONS_SHARES);
	*s = (struct option_share){ .share.dir = value, .tag = DEFAULT_TAG };
	if (*all)
		*all++ = '\0';
	while (*all) {
		const char *word = all;
		int which = getsubopt(&all, names, &part);

		if (which == RO && !part)
			s->share.read_only = true;
		else if (which == TAG && part)
			s->tag = part;
		else if (which != OWNER || set_owner(&s->share, part) < 0)
			return vm_error(
				"--share: '%s' is none of ro, tag=NAME, owner=host, owner=mapped",
				word);
	}
	if (check_share(o, s) < 0)
		return -1;
	o->shares++;
	return 0;
}

static int set_config(struct parsing *p, const struct row *row, char *value);
static int answer_help(struct parsing *p, const struct row *row, char *value);

#define TEXT(field) .set = text, .at = offsetof(struct options, field)
#define FLAG(field) .set = flag, .at = offsetof(struct options, field)

/* clang-format off */
static const struct row rows[] = {
	{ "config", .value = "FILE", .once = true, .set = set_config,
	  .help = "more options from a file: in each line a name as here,\n"
		  "without --, and the value; # begins a comment" },
	{ "board", .value = "bamboo|canyonlands", .set = set_board,
	  .help = "the board: a 440EP (default), or a 460EX" },
	{ "kernel", "k", "FILE", TEXT(kernel),
	  .help = "kernel to boot: an ELF vmlinux for 44x, or a uImage" },
	{ "load-address", .value = "ADDR", .set = set_load_address,
	  .help = "the kernel is a raw image, to be loaded at this\n"
		  "physical address" },
	{ "entry", .value = "ADDR", .set = set_entry,
	  .help = "where a raw image starts (default: where it is loaded)" },
	{ "initrd", "i", "FILE", TEXT(initrd),
	  .help = "initial RAM disk" },
	{ "mem", "m", "SIZE", .set = set_mem,
	  .help = "memory in MiB, or with suffix K, M or G (default 128)" },
	{ "params", "ap", "STRING", TEXT(params),
	  .help = "kernel command line" },
	{ "dtb", .value = "FILE", TEXT(dtb),
	  .help = "use this device tree; memory, clocks, initrd and\n"
		  "command line are filled in" },
	{ "dump-dtb", .value = "FILE", TEXT(dump_dtb),
	  .help = "write the device tree to FILE and exit" },
	{ "disk", "d", "FILE[,ro][,overlay=FILE][,serial=TEXT]", .set = set_disk,
	  .help = "a disk, /dev/vda, vdb, ... of the guest: a raw image or\n"
		  "a block device; only to be read; with what the guest\n"
		  "writes kept in an overlay, the image as it was" },
	{ "net", .value = "tap=NAME|user[,mac=ADDRESS][,forward=HOSTPORT:GUESTPORT]",
	  .set = set_net,
	  .help = "a network card, eth0, eth1, ... of the guest: on a tap of\n"
		  "the host's, or by passt, without any rights, with TCP\n"
		  "ports of the host leading to the guest's" },
	{ "share", .value = "DIR[,ro][,tag=NAME][,owner=host|mapped]", .set = set_share,
	  .help = "a directory that the guest mounts by its tag, 'share' by\n"
		  "default (-t 9p -o trans=virtio,version=9p2000.L); mapped:\n"
		  "what the guest says of owners and modes is kept beside" },
	{ "rng", FLAG(rng),
	  .help = "a source of random numbers for the guest" },
	{ "balloon", .value = "FIFO", .optional = true, .set = set_balloon,
	  .help = "memory that the guest does not use goes back to the host,\n"
		  "and as much more as the last line of FIFO says;\n"
		  "the guest's memory is not contiguous then, so it is slower" },
	{ "console", .value = "virtio|serial", .set = set_console,
	  .help = "the console: the guest's hvc0, or its first serial port\n"
		  "(default: hvc0 if the kernel has the driver and its\n"
		  "command line names no console)" },
	{ "uart1", .value = "FILE", TEXT(uart1),
	  .help = "output of the second serial port to a file or pipe;\n"
		  "a terminal gives it input, too (default: none)" },
	{ "gdb", .value = "PORT|DEVICE", .optional = true, .set = set_gdb,
	  .help = "wait for gdb on this port of 127.0.0.1 (default 1234),\n"
		  "or on a device, before the first instruction" },
	{ "irqchip", .value = "kernel|user", .set = set_irqchip,
	  .help = "where the interrupt controllers are: in the kernel\n"
		  "(default), or in vm44x" },
	{ "paravirt", FLAG(paravirt),
	  .help = "tell the guest of KVM's hypercalls in its device tree" },
	{ "verbose", FLAG(verbose),
	  .help = "say more on standard error" },
	{ "help", "h", .once = true, .set = answer_help,
	  .help = "this help" },
};

/* clang-format on */

#define ROWS	    (sizeof(rows) / sizeof(rows[0]))
#define HELP_COLUMN 23

static void print_row(const struct row *row)
{
	char left[96] = "";
	const char *p;
	size_t n = 0;

	for (p = row->letters; p && *p; p++)
		n += snprintf(left + n, sizeof(left) - n, "-%c, ", *p);
	if (!n)
		n = snprintf(left, sizeof(left), "    ");
	n += snprintf(left + n, sizeof(left) - n, "--%s", row->name);
	if (row->value)
		n += snprintf(left + n, sizeof(left) - n, row->optional ? "[=%s]" : " %s",
			      row->value);
	if (n + 3 < HELP_COLUMN)
		printf("  %-*s", HELP_COLUMN - 2, left);
	else
		printf("  %s\n%*s", left, HELP_COLUMN, "");
	for (p = row->help; *p; p++) {
		putchar(*p);
		if (*p == '\n')
			printf("%*s", HELP_COLUMN, "");
	}
	putchar('\n');
}

static int answer_help(struct parsing *p, const struct row *row, char *value)
{
	unsigned int i;

	(void)row;
	(void)value;
	fputs(run_help, stdout);
	for (i = 0; i < ROWS; i++)
		print_row(&rows[i]);
	fputs(run_help_end, stdout);
	p->answered = true;
	return 0;
}

/* A line of a configuration file */
static int config_line(void *ctx, const char *name, char *value)
{
	struct parsing *p = ctx;
	unsigned int i;

	for (i = 0; i < ROWS && strcmp(rows[i].name, name); i++)
		;
	if (i == ROWS)
		return vm_error("unknown option '%s'; see 'vm44x run --help'", name);
	if (rows[i].once)
		return vm_error("'%s' is for the command line only", name);
	if (!rows[i].value && value)
		return vm_error("'%s' takes no value: leave '%s' out", name, value);
	if (rows[i].value && !rows[i].optional && !value)
		return vm_error("'%s' needs a value: %s", name, rows[i].value);
	return rows[i].set(p, &rows[i], value);
}

static int set_config(struct parsing *p, const struct row *row, char *value)
{
	(void)row;
	return config_read(value, config_line, p);
}

/* What getopt_long() wants to know; a long option's number is 256 and its row's */
static void describe(struct option longs[ROWS + 1], char *shorts)
{
	const char *letter;
	unsigned int i;

	*shorts++ = ':';
	for (i = 0; i < ROWS; i++) {
		longs[i] = (struct option){
			.name = rows[i].name,
			.has_arg = !rows[i].value     ? no_argument
				   : rows[i].optional ? optional_argument
						      : required_argument,
			.val = 256 + i,
		};
		for (letter = rows[i].letters; letter && *letter; letter++) {
			*shorts++ = *letter;
			if (rows[i].value)
				*shorts++ = ':';
		}
	}
	longs[ROWS] = (struct option){ 0 };
	*shorts = '\0';
}

static const struct row *row_of(int c)
{
	unsigned int i;

	if (c >= 256)
		return &rows[c - 256];
	for (i = 0; i < ROWS; i++)
		if (rows[i].letters && strchr(rows[i].letters, c))
			break;
	return &rows[i];
}

static int parse_arguments(struct parsing *p, int argc, char **argv)
{
	struct option longs[ROWS + 1];
	char shorts[64];
	int c;

	describe(longs, shorts);
	opterr = 0;
	optind = 0;
	while (!p->answered && (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct row *row;

		if (c == ':')
			return vm_error("option '%s' needs a value; see 'vm44x run --help'",
					argv[optind - 1]);
		if (c == '?')
			return vm_error("unknown option '%s'; see 'vm44x run --help'",
					argv[optind - 1]);
		row = row_of(c);
		if (row->set(p, row, optarg) < 0)
			return -1;
	}
	if (!p->answered && optind < argc)
		return vm_error("'%s' is no option; see 'vm44x run --help'", argv[optind]);
	return 0;
}

/* What can be said only when all are known */
static int check(const struct parsing *p)
{
	const struct options *o = p->o;

	if (p->entry && !o->raw)
		return vm_error("--entry is for raw images: it needs --load-address");
	if (!o->kernel && !o->dump_dtb)
		return vm_error("no kernel: give one with --kernel FILE");
	if (o->ram > o->board->ram_max)
		return vm_error("--mem: %llu MiB is too much: the board '%s' has at most %u MiB",
				(unsigned long long)(o->ram / MIB), o->board->name,
				(unsigned int)(o->board->ram_max / MIB));
	if (o->params && strlen(o->params) >= DEVTREE_PARAMS_MAX)
		return vm_error("--params: longer than the %d characters that a kernel takes",
				DEVTREE_PARAMS_MAX - 1);
	return 0;
}

static int parse_run(struct options *o, int argc, char **argv, int *status)
{
	struct parsing p = { .o = o };

	*status = EXIT_USAGE;
	if (parse_arguments(&p, argc, argv) < 0)
		return 0;
	if (p.answered) {
		*status = EXIT_OK;
		return 0;
	}
	if (check(&p) < 0)
		return 0;
	if (!p.entry)
		o->raw_image.entry = o->raw_image.load;
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
	*status = EXIT_USAGE;
	return 0;
}
