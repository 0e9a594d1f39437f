// SPDX-License-Identifier: GPL-2.0-only
/*
 * The /init of the Linux benchmark, the same in a VM and on the bare machine. The
 * kernel gives it a word of the command line as environment: bench=boot (report the
 * time of the boot only), bench=loads, bench=idle, or loads by their names, with commas;
 * the rings and what needs a device are run by their names only.
 *
 * It writes to the second UART: "boot TICKS"; for each load "begin NAME",
 * "end NAME COUNT", then "load NAME COUNT TICKS..."; for the idle guest "idle WAKE-UPS START
 * END"; then "END".
 */
#include <err.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "marker.h"
#include "timebase.h"

#define BATCHES	  5
#define PAGE_SIZE 4096

/* Upper and lower half of the time base, before anything else was executed here */
uint32_t boot_time[2];
asm(".globl first_instruction\n"
    "first_instruction:\n"
    "	xori	%r29, %r29, 0\n" /* mark_end() */
    "	mftbu	%r7\n"
    "	mftb	%r8\n"
    "	mftbu	%r9\n"
    "	cmpw	%r7, %r9\n"
    "	bne	first_instruction\n"
    "	lis	%r9, boot_time@ha\n"
    "	stwu	%r7, boot_time@l(%r9)\n"
    "	stw	%r8, 4(%r9)\n"
    "	b	_start\n");

static FILE *report;

static void pause_ms(unsigned int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* Sends what was reported, and lets the host look at its statistics */
static void sync_report(void)
{
	fflush(report);
	tcdrain(fileno(report));
	pause_ms(100);
}

/* --- the loads; each does n of its operations --- */

static void calibration(unsigned int n)
{
	asm volatile("mtctr %0; 1: addi 9, 9, 1; bdnz 1b" : : "r"(n) : "ctr", "r9");
}

static void getppid_load(unsigned int n)
{
	while (n--)
		syscall(SYS_getppid);
}

static int null_fd;

static void write_null(unsigned int n)
{
	while (n--)
		if (write(null_fd, "x", 1) != 1)
			err(1, "write");
}

static int there[2], back[2];

static void pipe_pingpong(unsigned int n)
{
	char c = 0;

	while (n--)
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			err(1, "pipe");
}

static pid_t ponger;

static void pipe_start(void)
{
	char c;

	if (pipe(there) || pipe(back))
		err(1, "pipe");
	ponger = fork();
	if (ponger)
		return;
	while (read(there[0], &c, 1) == 1)
		if (write(back[1], &c, 1) != 1)
			break;
	_exit(0);
}

static void pipe_stop(void)
{
	kill(ponger, SIGKILL);
	waitpid(ponger, NULL, 0);
}

static void wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		err(1, "a child failed");
}

/* A token goes around: each of the processes reads it from its pipe, and writes it to the next */
#define RING_MAX 512
static unsigned int ring_size;
static int ring_pipe[RING_MAX][2];
static pid_t ring_pid[RING_MAX];

static void ring_pass(unsigned int from)
{
	char c;

	if (read(ring_pipe[from][0], &c, 1) != 1 ||
	    write(ring_pipe[(from + 1) % ring_size][1], &c, 1) != 1)
		err(1, "ring");
}

static void ring_start(void)
{
	const struct rlimit files = { 4 * RING_MAX, 4 * RING_MAX };
	unsigned int i;

	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "RLIMIT_NOFILE");
	for (i = 0; i < ring_size; i++)
		if (pipe(ring_pipe[i]))
			err(1, "pipe");
	for (i = 1; i < ring_size; i++) {
		ring_pid[i] = fork();
		if (ring_pid[i] < 0)
			err(1, "fork");
		if (!ring_pid[i])
			while (true)
				ring_pass(i);
	}
	if (write(ring_pipe[0][1], "x", 1) != 1)
		err(1, "ring");
}

static void ring_stop(void)
{
	unsigned int i;

	for (i = 1; i < ring_size; i++) {
		kill(ring_pid[i], SIGKILL);
		waitpid(ring_pid[i], NULL, 0);
	}
	for (i = 0; i < ring_size; i++) {
		close(ring_pipe[i][0]);
		close(ring_pipe[i][1]);
	}
}

static void ring(unsigned int n)
{
	for (; n >= ring_size; n -= ring_size)
		ring_pass(0);
}

static void fork_exit_wait(unsigned int n)
{
	while (n--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		wait_for(pid);
	}
}

static void exec_load(unsigned int n)
{
	static char *const argv[] = { "/nothing", NULL };

	while (n--) {
		pid_t pid = vfork();

		if (!pid) {
			execve(argv[0], argv, argv + 1);
			_exit(1);
		}
		wait_for(pid);
	}
}

#define ANON_PAGES 256

static void anon_page(unsigned int n)
{
	unsigned int i;

	for (; n >= ANON_PAGES; n -= ANON_PAGES) {
		volatile char *p = mmap(NULL, ANON_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			err(1, "mmap");
		for (i = 0; i < ANON_PAGES; i++)
			p[i * PAGE_SIZE] = 1;
		munmap((void *)p, ANON_PAGES * PAGE_SIZE);
	}
}

#define TOUCH_PAGES 1024
static volatile char *touched;

static void touch_start(void)
{
	touched = mmap(NULL, TOUCH_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (touched == MAP_FAILED)
		err(1, "mmap");
}

static void touch_stop(void)
{
	munmap((void *)touched, TOUCH_PAGES * PAGE_SIZE);
}

static void touch_1024(unsigned int n)
{
	unsigned int i;

	for (; n >= TOUCH_PAGES; n -= TOUCH_PAGES)
		for (i = 0; i < TOUCH_PAGES; i++)
			touched[i * PAGE_SIZE];
}

static int console_fd;

static void console_line(unsigned int n)
{
	static const char line[] =
		"the quick brown fox jumps over the lazy dog 0123456789 abcdefgh\n";

	while (n--)
		if (write(console_fd, line, 64) != 64 || tcdrain(console_fd))
			err(1, "console");
}

static void compute(unsigned int n)
{
	asm volatile("mtctr %0; 1: xor 9, 9, 10; add 10, 10, 9; bdnz 1b"
		     :
		     : "r"(n)
		     : "ctr", "r9", "r10");
}

#define COPY 65536
static unsigned char copy_from[COPY], copy_to[COPY];

static void memcpy_64k(unsigned int n)
{
	while (n--) {
		copy_from[n % COPY]++;
		memcpy(copy_to, copy_from, COPY);
		if (copy_to[n % COPY] != copy_from[n % COPY])
			errx(1, "memcpy");
	}
}

static void fp(unsigned int n)
{
	unsigned int i;
	double x = 0;

	for (i = 0; i < n; i++)
		x = __builtin_fma(x, 0.5, 1);
	/* 2 - 2 ** (1 - n), which rounds to 2 */
	if (x != 2)
		errx(1, "fp");
}

/* --- the first disk, past the page cache --- */

#define MB	   (1 << 20)
#define DISK_SIZE  (16 * MB)
#define SEQUENTIAL (128 * 1024) /* bytes of a request */
#define RANDOM	   4096

static int disk;
static char *disk_buffer;

static void disk_start(void)
{
	if (mount("dev", "/dev", "devtmpfs", 0, NULL))
		err(1, "/dev");
	disk = open("/dev/vda", O_RDWR | O_DIRECT);
	if (disk < 0)
		err(1, "/dev/vda");
	disk_buffer = aligned_alloc(PAGE_SIZE, SEQUENTIAL);
}

static void disk_stop(void)
{
	close(disk);
	free(disk_buffer);
	umount("/dev");
}

typedef ssize_t transfer(int fd, void *buffer, size_t size, off_t offset);

static ssize_t put(int fd, void *buffer, size_t size, off_t offset)
{
	return pwrite(fd, buffer, size, offset);
}

static void sequential(transfer *request, unsigned int mb)
{
	off_t offset;

	for (offset = 0; offset < (off_t)mb * MB; offset += SEQUENTIAL)
		if (request(disk, disk_buffer, SEQUENTIAL, offset % DISK_SIZE) != SEQUENTIAL)
			err(1, "disk");
}

static void scattered(transfer *request, unsigned int n)
{
	uint32_t x = 1;

	while (n--) {
		x = x * 1664525 + 1013904223;
		if (request(disk, disk_buffer, RANDOM,
			    (off_t)(x >> 8) % (DISK_SIZE / RANDOM) * RANDOM) != RANDOM)
			err(1, "disk");
	}
}

static void disk_read_mb(unsigned int n)
{
	sequential(pread, n);
}

static void disk_write_mb(unsigned int n)
{
	sequential(put, n);
}

static void disk_read_4k(unsigned int n)
{
	scattered(pread, n);
}

static void disk_write_4k(unsigned int n)
{
	scattered(put, n);
}

/* --- the network card with this address, without any protocol over it --- */

static const uint8_t card_address[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
static int card;
static struct frame frame;

/* Its name */
static void find_card(struct ifreq *ifr)
{
	for (ifr->ifr_ifindex = 1; !ioctl(card, SIOCGIFNAME, ifr); ifr->ifr_ifindex++) {
		const int index = ifr->ifr_ifindex;

		if (!ioctl(card, SIOCGIFHWADDR, ifr) &&
		    !memcmp(ifr->ifr_hwaddr.sa_data, card_address, sizeof(card_address)))
			return;
		ifr->ifr_ifindex = index;
	}
	errx(1, "no network card");
}

static void ask(uint8_t wish, size_t size)
{
	frame.wish = wish;
	if (send(card, &frame, size, 0) != (ssize_t)size)
		err(1, "send");
}

/* False: it does not come in time. */
static bool answered(unsigned int count)
{
	struct frame answer;

	while (count) {
		if (recv(card, &answer, sizeof(answer), 0) < 0)
			return false;
		count -= answer.wish == FRAME_ANSWER;
	}
	return true;
}

static void must_answer(unsigned int count)
{
	if (!answered(count))
		err(1, "no answer");
}

static void net_start(void)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htobe16(FRAME_TYPE) };
	struct timeval patience = { .tv_usec = 200000 };
	struct ifreq ifr = { 0 };
	unsigned int i;

	card = socket(AF_PACKET, SOCK_RAW, addr.sll_protocol);
	if (card < 0)
		err(1, "AF_PACKET");
	find_card(&ifr);
	ifr.ifr_flags = IFF_UP;
	if (ioctl(card, SIOCSIFFLAGS, &ifr) || ioctl(card, SIOCGIFINDEX, &ifr))
		err(1, "%s", ifr.ifr_name);
	addr.sll_ifindex = ifr.ifr_ifindex;
	if (bind(card, (void *)&addr, sizeof(addr)) ||
	    setsockopt(card, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		err(1, "%s", ifr.ifr_name);
	memset(frame.to, 0xff, sizeof(frame.to));
	memcpy(frame.from, card_address, sizeof(frame.from));
	frame.type = addr.sll_protocol;
	/* the other end comes up, too */
	for (i = 0; i < 100; i++) {
		ask(FRAME_ECHO, FRAME_LEAST);
		if (answered(1))
			break;
	}
	patience.tv_sec = 10;
	setsockopt(card, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	/* what is late */
	pause_ms(500);
	while (recv(card, &frame, 0, MSG_DONTWAIT) >= 0)
		;
}

static void net_stop(void)
{
	close(card);
}

static void net_round_trip(unsigned int n)
{
	while (n--) {
		ask(FRAME_ECHO, FRAME_LEAST);
		must_answer(1);
	}
}

#define BURSTS_MB 50

static void net_send_mb(unsigned int mb)
{
	unsigned int n, i;

	for (n = mb * BURSTS_MB; n; n--) {
		for (i = 0; i < BURST; i++)
			ask(FRAME_NOTHING, sizeof(frame));
		/* the last one comes back, as little of it as can be */
		ask(FRAME_ECHO, FRAME_LEAST);
		must_answer(1);
	}
}

static void net_receive_mb(unsigned int mb)
{
	unsigned int n;

	for (n = mb * BURSTS_MB; n; n--) {
		ask(FRAME_BURST, FRAME_LEAST);
		must_answer(BURST);
	}
}

static const struct load {
	const char *name;
	void (*run)(unsigned int n);
	unsigned int count; /* in each batch */
	void (*start)(void);
	void (*stop)(void);
	unsigned int processes; /* of a ring */
	bool device; /* which not all machines have */
} loads[] = {
	{ "calibration", calibration, 50000 },
	{ "getppid", getppid_load, 2000 },
	{ "write_null", write_null, 1000 },
	{ "pipe_pingpong", pipe_pingpong, 100, pipe_start, pipe_stop },
	{ "fork_exit_wait", fork_exit_wait, 20 },
	{ "exec", exec_load, 20 },
	{ "anon_page", anon_page, 4 * ANON_PAGES },
	{ "touch_1024", touch_1024, 4 * TOUCH_PAGES, touch_start, touch_stop },
	{ "console_line", console_line, 20 },
	{ "compute", compute, 20000000 },
	{ "memcpy_64k", memcpy_64k, 50 },
	{ "fp", fp, 500000 },
	{ "disk_read_mb", disk_read_mb, 4, disk_start, disk_stop, .device = true },
	{ "disk_write_mb", disk_write_mb, 4, disk_start, disk_stop, .device = true },
	{ "disk_read_4k", disk_read_4k, 100, disk_start, disk_stop, .device = true },
	{ "disk_write_4k", disk_write_4k, 100, disk_start, disk_stop, .device = true },
	{ "net_round_trip", net_round_trip, 100, net_start, net_stop, .device = true },
	{ "net_send_mb", net_send_mb, 1, net_start, net_stop, .device = true },
	{ "net_receive_mb", net_receive_mb, 1, net_start, net_stop, .device = true },
	{ "ring_2", ring, 512, ring_start, ring_stop, 2 },
	{ "ring_16", ring, 512, ring_start, ring_stop, 16 },
	{ "ring_64", ring, 512, ring_start, ring_stop, 64 },
	{ "ring_256", ring, 1024, ring_start, ring_stop, 256 },
	{ "ring_512", ring, 1024, ring_start, ring_stop, 512 },
};

/* As it is written, not with the carriage returns of a terminal */
static void open_report(void)
{
	struct termios t;

	report = fopen("/dev/ttyS1", "w");
	if (!report || tcgetattr(fileno(report), &t))
		err(1, "/dev/ttyS1");
	cfmakeraw(&t);
	if (tcsetattr(fileno(report), TCSANOW, &t))
		err(1, "/dev/ttyS1");
}

static void run_load(const struct load *l)
{
	uint64_t ticks[BATCHES];
	unsigned int i;

	ring_size = l->processes;
	if (l->start)
		l->start();
	l->run(l->count);
	fprintf(report, "begin %s\n", l->name);
	sync_report();
	for (i = 0; i < BATCHES; i++) {
		uint64_t begin = timebase();

		/* one window, but of devices one for each batch: some wait longer than others */
		if (!i || l->device)
			mark_begin();
		l->run(l->count);
		if (i == BATCHES - 1 || l->device)
			mark_end();
		ticks[i] = timebase() - begin;
	}
	fprintf(report, "end %s %u\n", l->name, l->count * BATCHES);
	sync_report();
	fprintf(report, "load %s %u", l->name, l->count);
	for (i = 0; i < BATCHES; i++)
		fprintf(report, " %llu", (unsigned long long)ticks[i]);
	fputc('\n', report);
	if (l->stop)
		l->stop();
}

/* How often the timer has interrupted the kernel */
static unsigned int timer_interrupts(void)
{
	FILE *f = fopen("/proc/interrupts", "r");
	unsigned int count;
	char line[128];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, " LOC: %u", &count) == 1) {
			fclose(f);
			return count;
		}
	}
	err(1, "/proc/interrupts");
}

/*
 * Short sleeps: what they cost, the host's meter sees (meter.c). Each is more than one
 * wake-up: its own timer, and the tick until nothing is left to do.
 */
#define SLEEPS 200

static void idle(void)
{
	uint64_t begin, end;
	unsigned int i, wakeups;

	if (mount("proc", "/proc", "proc", 0, NULL))
		err(1, "/proc");
	/* the boot's last deferred work is not ours */
	pause_ms(2000);
	wakeups = timer_interrupts();
	begin = timebase();
	mark_begin();
	for (i = 0; i < SLEEPS; i++)
		pause_ms(10);
	mark_end();
	end = timebase();
	wakeups = timer_interrupts() - wakeups;
	fprintf(report, "idle %u %llu %llu\n", wakeups, (unsigned long long)begin,
		(unsigned long long)end);
}

/* Is @name one of the words of @list? */
static bool named(const char *list, const char *name)
{
	size_t size = strlen(name);

	while (list) {
		if (!strncmp(list, name, size) && (!list[size] || list[size] == ','))
			return true;
		list = strchr(list, ',');
		list += !!list;
	}
	return false;
}

int main(void)
{
	const char *bench = getenv("bench") ?: "boot";
	unsigned int i;

	open_report();
	console_fd = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	null_fd = open("/dev/null", O_WRONLY);
	if (console_fd < 0 || null_fd < 0)
		err(1, "/dev");
	fprintf(report, "boot %llu\n", (unsigned long long)boot_time[0] << 32 | boot_time[1]);
	sync_report();
	for (i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		if ((!strcmp(bench, "loads") && !loads[i].processes && !loads[i].device) ||
		    named(bench, loads[i].name))
			run_load(&loads[i]);
	if (!strcmp(bench, "idle"))
		idle();
	fprintf(report, "END\n");
	sync_report();
	reboot(RB_AUTOBOOT);
	return 1;
}
