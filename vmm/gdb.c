// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gdb.h"
#include "report.h"
#include "terminal.h"

#define WAIT_MS	    100
#define INTERRUPT   0x03 /* Ctrl-C, outside of packets */
#define REGISTERS   71
#define FIRST_FPR   38
#define LAST_FPR    69
#define MEMORY_MOST ((GDB_PACKET - 1) / 2)

/* clang-format off */
static const char target_xml[] =
	"<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
	"<architecture>powerpc:common</architecture>"
	"<feature name=\"org.gnu.gdb.power.core\">"
#define R(n) "<reg name=\"r" #n "\" bitsize=\"32\" type=\"uint32\"/>"
	R(0) R(1) R(2) R(3) R(4) R(5) R(6) R(7) R(8) R(9) R(10) R(11) R(12) R(13) R(14) R(15)
	R(16) R(17) R(18) R(19) R(20) R(21) R(22) R(23)
	R(24) R(25) R(26) R(27) R(28) R(29) R(30) R(31)
	"<reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\"/>"
	"<reg name=\"msr\" bitsize=\"32\" type=\"uint32\"/>"
	"<reg name=\"cr\" bitsize=\"32\" type=\"uint32\"/>"
	"<reg name=\"lr\" bitsize=\"32\" type=\"code_ptr\"/>"
	"<reg name=\"ctr\" bitsize=\"32\" type=\"uint32\"/>"
	"<reg name=\"xer\" bitsize=\"32\" type=\"uint32\"/>"
	"</feature><feature name=\"org.gnu.gdb.power.fpu\">"
#define F(n) "<reg name=\"f" #n "\" bitsize=\"64\" type=\"ieee_double\"/>"
	F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) F(15)
	F(16) F(17) F(18) F(19) F(20) F(21) F(22) F(23)
	F(24) F(25) F(26) F(27) F(28) F(29) F(30) F(31)
	"<reg name=\"fpscr\" bitsize=\"32\" type=\"uint32\" group=\"float\"/>"
	"</feature></target>";
/* clang-format on */

/* --- the connection --- */

static void disconnect(struct gdb *g)
{
	if (g->fd < 0)
		return;
	close(g->fd);
	g->fd = -1;
	g->cpu->clear(g->ctx);
}

static void connected(struct gdb *g, int fd)
{
	g->fd = fd;
	g->no_ack = false;
	g->input_used = g->input_length = 0;
	g->reply_length = 0;
	if (g->cpu->notify)
		g->cpu->notify(fd);
}

static void accept_one(struct gdb *g)
{
	int fd = accept4(g->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), yes = 1;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	connected(g, fd);
}

static bool readable(int fd, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, wait_ms) > 0;
}

/* More input, if there is any; false if the debugger has gone */
static bool fill(struct gdb *g)
{
	ssize_t n = read(g->fd, g->input, sizeof(g->input));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0) {
		disconnect(g);
		return false;
	}
	g->input_used = 0;
	g->input_length = n;
	return true;
}

/* The next character, or -1: the debugger has gone, or the VM is to end */
static int get_byte(struct gdb *g)
{
	while (g->input_used == g->input_length) {
		if (g->cpu->ended(g->ctx) || (readable(g->fd, WAIT_MS) && !fill(g)))
			return -1;
	}
	return g->input[g->input_used++];
}

static void put(struct gdb *g, const char *bytes, size_t n)
{
	struct pollfd p = { .fd = g->fd, .events = POLLOUT };
	ssize_t done;

	while (n && g->fd >= 0) {
		done = write(g->fd, bytes, n);
		if (done < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (g->cpu->ended(g->ctx))
				return;
			poll(&p, 1, WAIT_MS);
			continue;
		}
		if (done <= 0) {
			disconnect(g);
			return;
		}
		bytes += done;
		n -= done;
	}
}

static uint8_t checksum(const char *bytes, size_t n)
{
	uint8_t sum = 0;

	while (n--)
		sum += *bytes++;
	return sum;
}

static void send_reply(struct gdb *g)
{
	char tail[4];

	snprintf(tail, sizeof(tail), "#%02x", checksum(g->reply, g->reply_length));
	put(g, "$", 1);
	put(g, g->reply, g->reply_length);
	put(g, tail, 3);
}

/* --- packets --- */

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Two digits, or -1 */
static int hex_byte(int high, int low)
{
	if (hex_digit(high) < 0 || hex_digit(low) < 0)
		return -1;
	return hex_digit(high) << 4 | hex_digit(low);
}

/* After '$'. 1: it is in g->packet, 0: it was not right, -1: as get_byte() has it */
static int get_body(struct gdb *g)
{
	uint8_t sum = 0;
	int c, high, low;

	g->length = 0;
	while ((c = get_byte(g)) != '#') {
		if (c < 0)
			return -1;
		if (c == '$') { /* it begins anew: what came before was cut off */
			g->length = 0;
			sum = 0;
			continue;
		}
		sum += c;
		/* what is too long is read to its end, and is not a packet */
		if (g->length <= GDB_PACKET)
			g->packet[g->length++] = c;
	}
	high = get_byte(g);
	low = high < 0 ? -1 : get_byte(g);
	if (low < 0)
		return -1;
	if (!g->no_ack && hex_byte(high, low) != sum)
		return 0;
	return g->length <= GDB_PACKET;
}

/* The next packet, acknowledged: true, or false: the debugger has gone, or the VM is to end */
static bool get_packet(struct gdb *g)
{
	int c, got;

	for (;;) {
		c = get_byte(g);
		if (c < 0)
			return false;
		if (c == '-' && !g->no_ack && g->reply_length)
			send_reply(g);
		if (c != '$')
			continue;
		got = get_body(g);
		if (got < 0)
			return false;
		if (!g->no_ack)
			put(g, got ? "+" : "-", 1);
		if (got) {
			g->packet[g->length] = '\0';
			return true;
		}
	}
}

static void reply(struct gdb *g, const char *text)
{
	g->reply_length = strlen(text);
	memcpy(g->reply, text, g->reply_length);
}

static void reply_ok(struct gdb *g, int result)
{
	reply(g, result ? "E01" : "OK");
}

static void append_hex(struct gdb *g, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	while (n--) {
		g->reply[g->reply_length++] = digits[*bytes >> 4];
		g->reply[g->reply_length++] = digits[*bytes++ & 15];
	}
}

/* A hexadecimal number of at most 64 bits; *s moves behind it. False if there is none. */
static bool get_number(const char **s, uint64_t *value)
{
	const char *first = *s;

	for (*value = 0; hex_digit(**s) >= 0 && *s - first < 16; ++*s)
		*value = *value << 4 | hex_digit(**s);
	return *s != first && hex_digit(**s) < 0;
}

static bool get_word(const char **s, uint32_t *value)
{
	uint64_t n;

	if (!get_number(s, &n) || n > UINT32_MAX)
		return false;
	*value = n;
	return true;
}

/* "address,size" and then @end */
static bool get_range(const char **s, uint32_t *address, uint32_t *size, char end)
{
	return get_word(s, address) && *(*s)++ == ',' && get_word(s, size) && **s == end;
}

/* --- registers --- */

static unsigned int register_size(unsigned int n)
{
	return n >= FIRST_FPR && n <= LAST_FPR ? 8 : 4;
}

static void *register_at(struct gdb_registers *r, unsigned int n)
{
	if (n < FIRST_FPR)
		return (char *)r + 4 * n; /* gpr and those behind it, without a gap */
	return n <= LAST_FPR ? (void *)&r->fpr[n - FIRST_FPR] : &r->fpscr;
}

/* As it lies in the guest's memory: big-endian */
static void append_register(struct gdb *g, struct gdb_registers *r, unsigned int n)
{
	unsigned int size = register_size(n), i;
	uint64_t value =
		size == 8 ? *(uint64_t *)register_at(r, n) : *(uint32_t *)register_at(r, n);
	uint8_t bytes[8];

	for (i = 0; i < size; i++)
		bytes[i] = value >> 8 * (size - 1 - i);
	append_hex(g, bytes, size);
}

static bool take_register(const char **s, struct gdb_registers *r, unsigned int n)
{
	unsigned int digits = 2 * register_size(n);
	uint64_t value = 0;

	while (digits--) {
		if (hex_digit(**s) < 0)
			return false;
		value = value << 4 | hex_digit(*(*s)++);
	}
	if (register_size(n) == 8)
		*(uint64_t *)register_at(r, n) = value;
	else
		*(uint32_t *)register_at(r, n) = value;
	return true;
}

static void read_registers(struct gdb *g, const char *s, bool all)
{
	struct gdb_registers r;
	uint32_t n = 0;

	if ((!all && (!get_word(&s, &n) || *s || n >= REGISTERS)) ||
	    g->cpu->get_registers(g->ctx, &r)) {
		reply(g, "E01");
		return;
	}
	if (!all) {
		append_register(g, &r, n);
		return;
	}
	for (n = 0; n < REGISTERS; n++)
		append_register(g, &r, n);
}

static int write_registers(struct gdb *g, const char *s, bool all)
{
	struct gdb_registers r;
	uint32_t n = 0, last = REGISTERS - 1;

	if (!all) {
		if (!get_word(&s, &n) || *s++ != '=' || n >= REGISTERS)
			return -1;
		last = n;
	}
	if (g->cpu->get_registers(g->ctx, &r))
		return -1;
	for (; n <= last; n++) {
		if (!take_register(&s, &r, n))
			return -1;
	}
	return *s ? -1 : g->cpu->set_registers(g->ctx, &r);
}

/* --- memory --- */

static void read_memory(struct gdb *g, const char *s)
{
	uint8_t bytes[MEMORY_MOST];
	uint32_t address, size;

	if (!get_range(&s, &address, &size, '\0') || size > sizeof(bytes) ||
	    g->cpu->memory(g->ctx, address, bytes, size, false))
		reply(g, "E01");
	else
		append_hex(g, bytes, size);
}

/* What follows "address,size:" in @s, as hexadecimal digits or as bytes with escapes */
static int write_memory(struct gdb *g, const char *s, bool binary)
{
	const char *end = g->packet + g->length;
	uint8_t bytes[GDB_PACKET];
	uint32_t address, size, n;

	if (!get_range(&s, &address, &size, ':') || size > sizeof(bytes))
		return -1;
	s++;
	for (n = 0; n < size; n++) {
		if (s == end)
			return -1;
		if (!binary) {
			if (end - s < 2 || hex_byte(s[0], s[1]) < 0)
				return -1;
			bytes[n] = hex_byte(s[0], s[1]);
			s += 2;
		} else if (*s == '}') {
			if (end - s < 2)
				return -1;
			bytes[n] = s[1] ^ 0x20;
			s += 2;
		} else {
			bytes[n] = *s++;
		}
	}
	return s != end || !size ? -(s != end) : g->cpu->memory(g->ctx, address, bytes, size, true);
}

/* --- the others --- */

static void point(struct gdb *g, const char *s, bool insert)
{
	uint32_t kind, address, size;

	if (!get_word(&s, &kind) || *s++ != ',' || !get_range(&s, &address, &size, '\0')) {
		reply(g, "E01");
		return;
	}
	if (kind >= GDB_KINDS)
		return; /* an empty reply: there is no such thing */
	reply_ok(g, insert ? g->cpu->insert(g->ctx, kind, address, size)
			   : g->cpu->remove(g->ctx, kind, address, size));
}

static void transfer(struct gdb *g, const char *s)
{
	uint32_t offset, size, left = sizeof(target_xml) - 1;

	if (!get_range(&s, &offset, &size, '\0') || offset > left) {
		reply(g, "E01");
		return;
	}
	left -= offset;
	if (size > GDB_PACKET - 1)
		size = GDB_PACKET - 1;
	reply(g, left > size ? "m" : "l");
	left = left > size ? size : left;
	/* none of its characters needs an escape */
	memcpy(g->reply + 1, target_xml + offset, left);
	g->reply_length += left;
}

static const char *after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) ? NULL : s + n;
}

static void query(struct gdb *g, const char *s)
{
	const char *description = after(s, "qXfer:features:read:target.xml:");

	if (after(s, "qSupported"))
		reply(g, "PacketSize=1000;qXfer:features:read+;swbreak+;hwbreak+;vContSupported+;"
			 "QStartNoAckMode+");
	else if (description)
		transfer(g, description);
	else if (!strcmp(s, "qC"))
		reply(g, "QC1");
	else if (!strcmp(s, "qfThreadInfo"))
		reply(g, "m1");
	else if (!strcmp(s, "qsThreadInfo"))
		reply(g, "l");
	else if (after(s, "qAttached"))
		reply(g, "1");
}

static void append_stop(struct gdb *g, const struct gdb_stop *stop)
{
	static const char *const kinds[GDB_KINDS] = { "swbreak", "hwbreak", "watch", "rwatch",
						      "awatch" };

	g->reply_length = sprintf(g->reply, "T%02xthread:1;", stop->signal);
	if (!stop->point)
		return;
	if (stop->kind >= GDB_WATCH_WRITE)
		g->reply_length += sprintf(g->reply + g->reply_length, "%s:%x;", kinds[stop->kind],
					   stop->address);
	else
		g->reply_length += sprintf(g->reply + g->reply_length, "%s:;", kinds[stop->kind]);
}

/* "c", "s" and with a signal, which is ignored; an address in hexadecimal digits may follow */
static bool resume(struct gdb *g, const char *s, enum gdb_action *action)
{
	struct gdb_registers r;
	uint32_t value;

	*action = *s == 's' || *s == 'S' ? GDB_STEP : GDB_CONTINUE;
	if (*s == 'C' || *s == 'S') {
		s++;
		if (!get_word(&s, &value))
			return false;
		if (*s == ';')
			s++;
		else
			return !*s;
	} else {
		s++;
	}
	if (!*s)
		return true;
	if (!get_word(&s, &value) || *s || g->cpu->get_registers(g->ctx, &r))
		return false;
	r.pc = value;
	return !g->cpu->set_registers(g->ctx, &r);
}

/* The first action counts: there is one thread */
static bool resume_threads(const char *s, enum gdb_action *action)
{
	*action = *s == 's' || *s == 'S' ? GDB_STEP : GDB_CONTINUE;
	return *s && strchr("cCsS", *s);
}

/* Answers g->packet in g->reply. True if the guest is to go on: *action, and there is no reply. */
static bool handle_packet(struct gdb *g, const struct gdb_stop *stop, enum gdb_action *action)
{
	const char *s = g->packet, *actions = after(s, "vCont;");

	g->reply_length = 0;
	switch (*s) {
	case '?':
		append_stop(g, stop);
		break;
	case 'c':
	case 'C':
	case 's':
	case 'S':
		if (resume(g, s, action))
			return true;
		reply(g, "E01");
		break;
	case 'D':
		reply(g, "OK");
		send_reply(g);
		g->cpu->clear(g->ctx);
		if (g->listener >= 0)
			disconnect(g);
		*action = GDB_CONTINUE;
		return true;
	case 'g':
		read_registers(g, s + 1, true);
		break;
	case 'G':
		reply_ok(g, write_registers(g, s + 1, true));
		break;
	case 'H':
	case 'T':
		reply(g, "OK");
		break;
	case 'k':
		*action = GDB_END;
		return true;
	case 'm':
		read_memory(g, s + 1);
		break;
	case 'M':
	case 'X':
		reply_ok(g, write_memory(g, s + 1, *s == 'X'));
		break;
	case 'p':
		read_registers(g, s + 1, false);
		break;
	case 'P':
		reply_ok(g, write_registers(g, s + 1, false));
		break;
	case 'q':
		query(g, s);
		break;
	case 'Q':
		if (strcmp(s, "QStartNoAckMode"))
			break;
		reply(g, "OK");
		send_reply(g);
		g->no_ack = true;
		return false;
	case 'v':
		if (!strcmp(s, "vCont?")) {
			reply(g, "vCont;c;C;s;S");
		} else if (actions) {
			if (resume_threads(actions, action))
				return true;
			reply(g, "E01");
		} else if (after(s, "vKill")) {
			reply(g, "OK");
			send_reply(g);
			*action = GDB_END;
			return true;
		}
		break;
	case 'z':
	case 'Z':
		point(g, s + 1, *s == 'Z');
		break;
	}
	send_reply(g);
	return false;
}

/* --- for the vCPU thread --- */

static int listen_on(const char *port, unsigned int *number)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	unsigned long n;
	char *end;
	int fd, yes = 1;

	errno = 0;
	n = strtoul(port, &end, 10);
	if (*port < '0' || *port > '9' || *end || errno || n > 65535)
		return vm_error("--gdb: '%s' is neither a port nor the path of a device", port);
	address.sin_port = htons(n);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return vm_error("--gdb: cannot make a socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0) {
		vm_error("--gdb: cannot listen on port %lu: %s; give another one with --gdb=PORT",
			 n, strerror(errno));
		close(fd);
		return -1;
	}
	*number = n;
	return fd;
}

int gdb_open(struct gdb *g, const char *where, const struct gdb_cpu *cpu, void *ctx)
{
	int fd;

	memset(g, 0, sizeof(*g));
	g->cpu = cpu;
	g->ctx = ctx;
	g->fd = g->listener = -1;
	if (!strchr(where, '/')) {
		g->listener = listen_on(where, &g->port);
		if (g->listener < 0)
			return -1;
		if (cpu->notify)
			cpu->notify(g->listener);
		return 0;
	}
	fd = open(where, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return vm_error("--gdb: cannot open '%s': %s", where, strerror(errno));
	if (isatty(fd) && terminal_raw(fd) < 0) {
		close(fd);
		return -1;
	}
	connected(g, fd);
	return 0;
}

void gdb_close(struct gdb *g)
{
	disconnect(g);
	if (g->listener >= 0)
		close(g->listener);
	g->listener = -1;
}

enum gdb_wish gdb_wanted(struct gdb *g)
{
	if (g->fd < 0) {
		if (g->listener >= 0)
			accept_one(g);
		return g->fd >= 0 ? GDB_HELLO : GDB_NOTHING;
	}
	if (g->input_used == g->input_length && (!readable(g->fd, 0) || !fill(g)))
		return GDB_NOTHING;
	/* acknowledgments come late, and noise is none of our business */
	for (; g->input_used < g->input_length; g->input_used++) {
		if (g->input[g->input_used] == '$')
			return GDB_HELLO;
		if (g->input[g->input_used] == INTERRUPT) {
			g->input_used++;
			return GDB_INTERRUPT;
		}
	}
	return GDB_NOTHING;
}

/* Waits for a debugger: false if the VM is to end, or nobody can come any more */
static bool wait_for_one(struct gdb *g)
{
	while (g->fd < 0) {
		if (g->listener < 0 || g->cpu->ended(g->ctx))
			return false;
		if (readable(g->listener, WAIT_MS))
			accept_one(g);
	}
	return true;
}

enum gdb_action gdb_serve(struct gdb *g, const struct gdb_stop *stop, bool tell)
{
	enum gdb_action action = GDB_CONTINUE;

	if (tell && g->fd >= 0) {
		append_stop(g, stop);
		send_reply(g);
	}
	if (g->fd < 0 && g->listener >= 0)
		vm_warn("the guest waits for gdb on 127.0.0.1:%u", g->port);
	if (!wait_for_one(g))
		return GDB_CONTINUE;
	while (g->fd >= 0 && get_packet(g)) {
		if (handle_packet(g, stop, &action))
			return action;
	}
	/* it has gone without a word, or we are to end */
	return GDB_CONTINUE;
}
