/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gdb's remote serial protocol, for one virtual CPU. What a debugger can do to
 * that is behind struct gdb_cpu; the connection is a TCP port of the loopback
 * interface, or a device, a serial line say. vCPU thread only.
 */
#ifndef VM44X_GDB_H
#define VM44X_GDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDB_PORT   "1234" /* as QEMU has it */
#define GDB_PACKET 4096 /* characters */

/* What gdb calls org.gnu.gdb.power.core and .fpu, in its order */
struct gdb_registers {
	uint32_t gpr[32];
	uint32_t pc, msr, cr, lr, ctr, xer;
	uint64_t fpr[32];
	uint32_t fpscr;
};

/* Kinds of breakpoints, by their numbers in the protocol */
enum gdb_kind {
	GDB_SOFTWARE,
	GDB_HARDWARE,
	GDB_WATCH_WRITE,
	GDB_WATCH_READ,
	GDB_WATCH_ACCESS,
	GDB_KINDS
};

/* All return 0, or -1 if it cannot be done. */
struct gdb_cpu {
	int (*get_registers)(void *ctx, struct gdb_registers *r);
	int (*set_registers)(void *ctx, const struct gdb_registers *r);
	/* by the guest's own translation; all of it or nothing */
	int (*memory)(void *ctx, uint32_t address, void *bytes, size_t size, bool write);
	int (*insert)(void *ctx, enum gdb_kind kind, uint32_t address, uint32_t size);
	int (*remove)(void *ctx, enum gdb_kind kind, uint32_t address, uint32_t size);
	/* all of them */
	void (*clear)(void *ctx);
	/* looked at every 100 ms while the guest is stopped: end the VM? */
	bool (*ended)(void *ctx);
	/* a connection or its door: give a signal when there is something to read; may be NULL */
	void (*notify)(int fd);
};

/* Why the guest has stopped */
struct gdb_stop {
	enum {
		GDB_SIGINT = 2, /* the debugger wanted it */
		GDB_SIGILL = 4,
		GDB_SIGTRAP = 5
	} signal;
	bool point; /* by this one */
	enum gdb_kind kind;
	uint32_t address; /* of data */
};

enum gdb_action {
	GDB_CONTINUE,
	GDB_STEP,
	GDB_END /* the VM */
};

struct gdb {
	const struct gdb_cpu *cpu;
	void *ctx;
	int listener; /* -1: the connection is a device */
	unsigned int port; /* of the listener */
	int fd; /* -1: nobody is connected */
	bool no_ack;
	uint8_t input[512];
	size_t input_used, input_length;
	char packet[GDB_PACKET + 1]; /* the last one received */
	size_t length;
	char reply[GDB_PACKET + 1];
	size_t reply_length;
};

/*
 * Where is a port number, or the path of a device if it has a slash. Returns 0, or -1 after a
 * message.
 */
int gdb_open(struct gdb *g, const char *where, const struct gdb_cpu *cpu, void *ctx);
void gdb_close(struct gdb *g);

/*
 * Before the guest runs on: does somebody want to stop it? Does not wait. A
 * debugger that has gone leaves no breakpoints.
 */
enum gdb_wish {
	GDB_NOTHING,
	GDB_INTERRUPT, /* and wants to be told when it has stopped */
	GDB_HELLO /* will ask */
};

enum gdb_wish gdb_wanted(struct gdb *g);

/*
 * The guest has stopped: tell the debugger if it wants that, waiting for one if
 * there is none, and do what it says until the guest is to go on.
 */
enum gdb_action gdb_serve(struct gdb *g, const struct gdb_stop *stop, bool tell);

#endif
