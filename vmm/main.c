// SPDX-License-Identifier: GPL-2.0-only
/* vm44x: a small monitor for virtual PowerPC 440 machines. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "devices.h"
#include "devtree.h"
#include "guest.h"
#include "hostio.h"
#include "machine.h"
#include "memory.h"
#include "options.h"
#include "report.h"
#include "terminal.h"
#include "vm.h"

/* The VM is to end, for Ctrl-a x or for a signal (0: none). */
static atomic_bool stop;
static volatile sig_atomic_t stop_signal;

static void on_stop(int sig)
{
	stop_signal = sig;
	atomic_store(&stop, true);
	vm_kick();
}

/* Ctrl-Z does not reach us in raw mode, but kill -TSTP does. */
static void on_suspend(int sig)
{
	(void)sig;
	terminal_restore();
	raise(SIGSTOP);
	/* SIGCONT makes the terminal raw again. */
}

static void on_continue(int sig)
{
	(void)sig;
	terminal_resume();
}

/* A bug of ours must not cost the user his terminal. SA_RESETHAND: then die of it. */
static void on_crash(int sig)
{
	terminal_restore();
	raise(sig);
}

static void handle(const int *signals, unsigned int count, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	while (count--)
		sigaction(signals[count], &action, NULL);
}

#define HANDLE(handler, flags, ...)                                                              \
	handle((const int[]){ __VA_ARGS__ }, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int), \
	       handler, flags)

static void install_signals(void)
{
	HANDLE(on_stop, 0, SIGTERM, SIGINT, SIGHUP, SIGQUIT);
	HANDLE(on_suspend, SA_RESTART, SIGTSTP);
	HANDLE(on_continue, SA_RESTART, SIGCONT);
	HANDLE(on_crash, SA_RESETHAND, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT);
	/* An output's reader that is gone, or a limit of file sizes, is an error of write(). */
	HANDLE(SIG_IGN, 0, SIGPIPE, SIGXFSZ);
}

/*
 * The second serial port's file: a terminal goes both ways, anything else
 * takes output only. A FIFO's reader is waited for, a terminal's carrier
 * is not. Returns the descriptor, or -1.
 */
static int open_uart1(const char *path, bool *both)
{
	struct stat st;
	int fd;

	*both = !stat(path, &st) && S_ISCHR(st.st_mode);
	if (*both)
		fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	else
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return vm_error("--uart1: cannot open '%s': %s", path, strerror(errno));
	if (*both)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* The host's lines: of the UARTs, and of virtio-console */
enum {
	LINE_CONSOLE = BOARD_UARTS,
	LINES
};

static struct serial lines[LINES];

/*
 * The terminal's input is for the console. Its output is that of both: what a kernel says before
 * its hvc0 is there comes from the first UART.
 */
static void init_terminal(enum console console)
{
	struct serial *uart = &lines[0], *virtio = &lines[LINE_CONSOLE];
	struct serial *terminal = console == CONSOLE_VIRTIO ? virtio : uart;

	serial_init(uart, -1, STDOUT_FILENO, &stop);
	serial_init(virtio, -1, STDOUT_FILENO, &stop);
	serial_init(terminal, STDIN_FILENO, STDOUT_FILENO, &stop);
	terminal->commands = isatty(STDIN_FILENO);
}

static int init_uart1(const char *path)
{
	bool both = false;
	int fd = -1;

	if (path) {
		fd = open_uart1(path, &both);
		if (fd < 0)
			return -1;
	}
	serial_init(&lines[1], both ? fd : -1, fd, &stop);
	return 0;
}

static int raw_terminals(void)
{
	unsigned int i;

	for (i = 0; i < LINES; i++)
		if (lines[i].in >= 0 && isatty(lines[i].in) && terminal_raw(lines[i].in) < 0)
			return -1;
	return 0;
}

static int run(struct vm *vm, const struct options *o, struct devices *devices,
	       const struct memory *mem)
{
	static struct machine machine;
	struct hostio io;
	unsigned int i;
	int ret;

	if (init_uart1(o->uart1) < 0)
		return -1;
	machine_init(&machine, o->board, o->ram, lines, vm_irqchip(vm));
	install_signals();
	if (raw_terminals() < 0 || hostio_start(&io, lines, LINES, &stop, vm_kick) < 0)
		return -1;
	ret = devices_start(devices, vm, &machine, o->board, mem);
	if (!ret) {
		ret = vm_run(vm, &machine, &io, &stop);
		/* A virtio console may wait for a slow reader: until here Ctrl-a x ends that. */
		devices_stop(devices);
	}
	hostio_stop(&io);
	for (i = 0; i < BOARD_UARTS; i++)
		serial_flush(&lines[i]);
	terminal_restore();
	return ret;
}

static int dump_dtb(struct options *o, const struct hypervisor *hypervisor)
{
	struct entry_state entry;
	struct kernel kernel;
	struct memory mem;

	if (memory_create(&mem, o->ram, -1) < 0 || guest_load_kernel(o, &mem, &kernel) < 0 ||
	    guest_load_rest(o, &kernel, hypervisor, &mem, &entry) < 0)
		return -1;
	return devtree_dump(mem.host + entry.r3, o->dump_dtb);
}

static int create_and_run(struct vm *vm, struct options *o, const struct hypervisor *hypervisor)
{
	struct devices devices;
	struct entry_state entry;
	struct kernel kernel;
	struct memory mem;
	int fd, ret;

	/* Contiguous memory comes and goes as a whole. */
	fd = o->balloon ? -1 : vm_contiguous_memory(vm, o->ram);
	ret = memory_create(&mem, o->ram, fd);
	if (fd >= 0)
		close(fd);
	if (ret < 0)
		return -1;
	devices_init(&devices);
	ret = guest_load_kernel(o, &mem, &kernel);
	init_terminal(o->console);
	if (!ret)
		ret = devices_create(&devices, o, &lines[LINE_CONSOLE]);
	if (!ret)
		ret = guest_load_rest(o, &kernel, hypervisor, &mem, &entry);
	if (!ret)
		ret = vm_create(vm, &mem, o->board, !o->user_irqchip);
	if (!ret)
		ret = vm_set_entry(vm, &entry);
	if (!ret && o->gdb)
		ret = vm_debug(vm, o->gdb, &mem);
	if (!ret)
		ret = run(vm, o, &devices, &mem);
	devices_destroy(&devices);
	memory_destroy(&mem);
	return ret;
}

/* A standard descriptor that is closed must not become one of ours. */
static void open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct hypervisor asked, *hypervisor = NULL;
	struct options o;
	struct vm vm;
	int ret, status;

	open_standard_files();
	if (!options_parse(&o, argc, argv, &status))
		return status;
	report_set_verbose(o.verbose);
	if (o.paravirt)
		hypervisor = &asked;
	if (o.dump_dtb && !hypervisor)
		return dump_dtb(&o, NULL) < 0 ? EXIT_FAILED : EXIT_OK;

	ret = vm_open(&vm);
	if (!ret && hypervisor)
		ret = vm_hypervisor(&vm, hypervisor);
	if (!ret)
		ret = o.dump_dtb ? dump_dtb(&o, hypervisor) : create_and_run(&vm, &o, hypervisor);
	vm_destroy(&vm);
	if (stop_signal) {
		/* Die of the signal, so that our parent sees it. */
		signal(stop_signal, SIG_DFL);
		raise(stop_signal);
	}
	return ret < 0 ? EXIT_FAILED : EXIT_OK;
}
