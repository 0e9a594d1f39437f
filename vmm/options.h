/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line. */
#ifndef VM44X_OPTIONS_H
#define VM44X_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "disk/disk.h"
#include "loader.h"
#include "virtio/net.h"
#include "share/share.h"

#define VM44X_VERSION "0.1"

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

#define OPTIONS_DISKS 8
#define OPTIONS_NETS  4

struct option_disk {
	struct disk_options disk;
	const char *serial; /* NULL: none */
};

struct option_net {
	struct net_options net;
	uint8_t mac[VIRTIO_NET_MAC];
};

/* Who gets the terminal's input, and the kernel's messages */
enum console {
	CONSOLE_AUTO, /* until the kernel is known */
	CONSOLE_SERIAL, /* the first UART */
	CONSOLE_VIRTIO,
};

#define OPTIONS_SHARES 4

struct option_share {
	struct share_options share;
	const char *tag; /* by which the guest mounts it */
};

struct options {
	const struct board *board;
	const char *kernel, *initrd, *params;
	const char *dtb, *dump_dtb;
	const char *uart1;
	const char *gdb; /* port or device where gdb is waited for */
	bool raw; /* the kernel is as raw_image says */
	struct raw_image raw_image;
	struct option_disk disk[OPTIONS_DISKS];
	unsigned int disks;
	struct option_net net[OPTIONS_NETS];
	unsigned int nets;
	struct option_share share[OPTIONS_SHARES];
	unsigned int shares;
	bool rng;
	bool balloon; /* and so the guest's memory is ordinary memory */
	const char *balloon_control; /* NULL: nothing */
	enum console console;
	uint64_t ram; /* bytes, a multiple of 4096 */
	bool user_irqchip; /* interrupt controllers in vm44x, not in the kernel */
	bool paravirt; /* the device tree tells of KVM */
	bool verbose;
};

/*
 * Parse "vm44x run ...", or answer --help and --version. Returns 1 when
 * there is a VM to run; else 0 and *status is the exit status of the program.
 * The strings are those of argv.
 */
int options_parse(struct options *o, int argc, char **argv, int *status);

#endif
