// SPDX-License-Identifier: GPL-2.0-only
/* gdb's protocol over a socket, with a CPU that the test can see through, and hostile clients. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gdb.h"
#include "util.h"

#define RAM 0x2000

static struct gdb g;
static int peer; /* the client's end */
static struct gdb_registers registers;
static uint8_t ram[0x1000];
static char points[256]; /* what was inserted and removed */
static unsigned int clears;
static bool end, quiet;

static int get_registers(void *ctx, struct gdb_registers *r)
{
	(void)ctx;
	*r = registers;
	return 0;
}

static int set_registers(void *ctx, const struct gdb_registers *r)
{
	(void)ctx;
	registers = *r;
	return 0;
}

static int memory(void *ctx, uint32_t address, void *bytes, size_t size, bool write)
{
	(void)ctx;
	if (address < RAM || address - RAM > sizeof(ram) || sizeof(ram) - (address - RAM) < size)
		return -1;
	if (write)
		memcpy(ram + address - RAM, bytes, size);
	else
		memcpy(bytes, ram + address - RAM, size);
	return 0;
}

static int log_point(const char *what, enum gdb_kind kind, uint32_t address, uint32_t size)
{
	snprintf(points + strlen(points), sizeof(points) - strlen(points), "%s%d@%x/%u ", what,
		 kind, address, size);
	return address < RAM ? -1 : 0;
}

static int insert(void *ctx, enum gdb_kind kind, uint32_t address, uint32_t size)
{
	(void)ctx;
	return log_point("+", kind, address, size);
}

static int remove_point(void *ctx, enum gdb_kind kind, uint32_t address, uint32_t size)
{
	(void)ctx;
	return log_point("-", kind, address, size);
}

static void clear(void *ctx)
{
	(void)ctx;
	clears++;
}

/* Or when all has been heard */
static bool ended(void *ctx)
{
	int left = 0;

	(void)ctx;
	return end || (quiet && (ioctl(g.fd, FIONREAD, &left) < 0 || !left));
}

static const struct gdb_cpu cpu = {
	.get_registers = get_registers,
	.set_registers = set_registers,
	.memory = memory,
	.insert = insert,
	.remove = remove_point,
	.clear = clear,
	.ended = ended,
};

static int setup(void **state)
{
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	memset(&g, 0, sizeof(g));
	memset(&registers, 0, sizeof(registers));
	memset(ram, 0, sizeof(ram));
	points[0] = '\0';
	clears = 0;
	end = quiet = false;
	g.cpu = &cpu;
	g.listener = -1;
	g.fd = pair[0];
	peer = pair[1];
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	gdb_close(&g);
	if (peer >= 0)
		close(peer);
	return 0;
}

static void type(const char *bytes, size_t n)
{
	assert_int_equal(write(peer, bytes, n), (ssize_t)n);
}

static void send_bytes(const char *body, size_t n)
{
	uint8_t sum = 0;
	char tail[4];
	size_t i;

	for (i = 0; i < n; i++)
		sum += body[i];
	snprintf(tail, sizeof(tail), "#%02x", sum);
	type("$", 1);
	type(body, n);
	type(tail, 3);
}

static void say(const char *body)
{
	send_bytes(body, strlen(body));
}

/* All that has come, valid until the next call */
static const char *heard(void)
{
	static char text[65536];
	ssize_t n = read(peer, text, sizeof(text) - 1);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static const struct gdb_stop trapped = { .signal = GDB_SIGTRAP };

/* One packet and its answer, acknowledged: "+$answer#sum" */
static void ask(const char *body, const char *answer)
{
	char want[8192];
	uint8_t sum = 0;
	const char *c;

	for (c = answer; *c; c++)
		sum += *c;
	snprintf(want, sizeof(want), "+$%s#%02x+", answer, sum);
	say(body);
	say("c");
	assert_int_equal(gdb_serve(&g, &trapped, false), GDB_CONTINUE);
	assert_string_equal(heard(), want);
}

static void answers(void **state)
{
	(void)state;
	ask("?", "T05thread:1;");
	ask("qC", "QC1");
	ask("qfThreadInfo", "m1");
	ask("qsThreadInfo", "l");
	ask("Hg0", "OK");
	ask("T1", "OK");
	ask("vCont?", "vCont;c;C;s;S");
	ask("vMustReplyEmpty", "");
	ask("qRcmd,00", "");
	ask("nonsense", "");
	ask("", "");
}

static void of_registers(void **state)
{
	const char *all;
	unsigned int i;

	(void)state;
	for (i = 0; i < 32; i++)
		registers.gpr[i] = 0x01000000 + i;
	registers.pc = 0x12345678;
	registers.xer = 0x20000000;
	registers.fpr[31] = 0x400921fb54442d18;
	registers.fpscr = 0xabcd;
	ask("p1f", "0100001f");
	ask("p20", "12345678");
	ask("p25", "20000000");
	ask("p45", "400921fb54442d18");
	ask("p46", "0000abcd");
	ask("p47", "E01");
	ask("p", "E01");
	ask("pffffffffff", "E01");
	ask("P20=00001000", "OK");
	assert_int_equal(registers.pc, 0x1000);
	ask("P45=0102030405060708", "OK");
	assert_true(registers.fpr[31] == 0x0102030405060708);
	ask("P20=0000100", "E01");
	ask("P20=000010000", "E01");
	ask("P47=00000000", "E01");
	ask("P20", "E01");
	assert_int_equal(registers.pc, 0x1000);

	say("g");
	say("c");
	gdb_serve(&g, &trapped, false);
	all = heard();
	/* 38 and 1 of 32 bits, 32 of 64 */
	assert_int_equal(strlen(all), strlen("+$#00+") + 8 * 39 + 16 * 32);
	assert_memory_equal(all + 2, "0100000001000001", 16);
	ask("G00", "E01");
}

static void of_memory(void **state)
{
	(void)state;
	ram[0] = 0x12;
	ram[0xfff] = 0x34;
	ask("m2000,2", "1200");
	ask("m2fff,1", "34");
	ask("m2fff,2", "E01");
	ask("m1000,1", "E01");
	ask("m2000,0", "");
	ask("m2000,ffffffff", "E01");
	ask("mffffffff,ffffffff", "E01");
	ask("m2000", "E01");
	ask("m,1", "E01");
	ask("M2004,2:abcd", "OK");
	assert_memory_equal(ram + 4, "\xab\xcd", 2);
	ask("M2004,2:ab", "E01");
	ask("M2004,2:abcdef", "E01");
	ask("M2004,2:xyzt", "E01");
	ask("M2004,0:", "OK");
	ask("X2000,0:", "OK");
	ask("X2000,4:abcd", "OK");
	assert_memory_equal(ram, "abcd", 4);
	/* escaped: '#', '$', '}' */
	ask("X2000,3:}\x03}\x04}]", "OK");
	assert_memory_equal(ram, "#$}d", 4);
	ask("X2000,3:ab", "E01");
	ask("X2000,1:}", "E01");
	ask("X1000,1:a", "E01");
}

static void of_points(void **state)
{
	(void)state;
	ask("Z0,2000,4", "OK");
	ask("Z1,2004,4", "OK");
	ask("Z2,2008,4", "OK");
	ask("z3,200c,8", "OK");
	ask("Z4,2010,1", "OK");
	assert_string_equal(points, "+0@2000/4 +1@2004/4 +2@2008/4 -3@200c/8 +4@2010/1 ");
	ask("Z0,1000,4", "E01");
	ask("Z5,2000,4", "");
	ask("Z0", "E01");
	ask("Z0,2000", "E01");
}

static void description_in_pieces(void **state)
{
	char text[16384] = "", packet[64];
	const char *s;
	size_t n = 0, length;
	char more;

	(void)state;
	do {
		snprintf(packet, sizeof(packet), "qXfer:features:read:target.xml:%zx,200", n);
		say(packet);
		say("c");
		gdb_serve(&g, &trapped, false);
		s = heard();
		assert_memory_equal(s, "+$", 2);
		more = s[2];
		length = strlen(s) - strlen("+$m#00+");
		memcpy(text + n, s + 3, length);
		n += length;
	} while (more == 'm' && n < sizeof(text) - 0x200);
	assert_int_equal(more, 'l');
	assert_non_null(strstr(text, "org.gnu.gdb.power.core"));
	assert_non_null(strstr(text, "name=\"fpscr\""));
	assert_string_equal(text + n - 9, "</target>");
	ask("qXfer:features:read:target.xml:ffff,10", "E01");
	ask("qXfer:features:read:other.xml:0,10", "");
}

static void going_on(void **state)
{
	static const struct {
		const char *packet;
		enum gdb_action action;
	} cases[] = {
		{ "c", GDB_CONTINUE },		 { "s", GDB_STEP },
		{ "C05", GDB_CONTINUE },	 { "S05", GDB_STEP },
		{ "vCont;c", GDB_CONTINUE },	 { "vCont;s:1;c", GDB_STEP },
		{ "vCont;C05:1", GDB_CONTINUE }, { "k", GDB_END },
		{ "vKill;1", GDB_END },		 { "c3000", GDB_CONTINUE },
		{ "S05;3004", GDB_STEP },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		say(cases[i].packet);
		assert_int_equal(gdb_serve(&g, &trapped, false), cases[i].action);
	}
	assert_int_equal(registers.pc, 0x3004);
	heard();
	ask("vCont;x", "E01");
	ask("vCont;", "E01");
	ask("cxyz", "E01");
	ask("S", "E01");
}

static void stops(void **state)
{
	struct gdb_stop stop = { .signal = GDB_SIGTRAP, .point = true };

	(void)state;
	say("c");
	gdb_serve(&g, &trapped, true);
	assert_memory_equal(heard(), "$T05thread:1;#", 14);
	say("c");
	stop.kind = GDB_HARDWARE;
	gdb_serve(&g, &stop, true);
	assert_non_null(strstr(heard(), "$T05thread:1;hwbreak:;#"));
	say("c");
	stop.kind = GDB_WATCH_ACCESS;
	stop.address = 0xc0001234;
	gdb_serve(&g, &stop, true);
	assert_non_null(strstr(heard(), "$T05thread:1;awatch:c0001234;#"));
	say("c");
	stop = (struct gdb_stop){ .signal = GDB_SIGINT };
	gdb_serve(&g, &stop, true);
	assert_non_null(strstr(heard(), "$T02thread:1;#"));
}

static void wishes(void **state)
{
	(void)state;
	assert_int_equal(gdb_wanted(&g), GDB_NOTHING);
	type("++", 2);
	assert_int_equal(gdb_wanted(&g), GDB_NOTHING);
	type("+\x03", 2);
	assert_int_equal(gdb_wanted(&g), GDB_INTERRUPT);
	assert_int_equal(gdb_wanted(&g), GDB_NOTHING);
	say("?");
	assert_int_equal(gdb_wanted(&g), GDB_HELLO);
	close(peer);
	peer = -1;
	/* what was said is still answered, to nobody */
	assert_int_equal(gdb_serve(&g, &trapped, false), GDB_CONTINUE);
	assert_int_equal(g.fd, -1);
	assert_int_equal(clears, 1);
	assert_int_equal(gdb_wanted(&g), GDB_NOTHING);
}

static void detaching(void **state)
{
	(void)state;
	say("D");
	assert_int_equal(gdb_serve(&g, &trapped, false), GDB_CONTINUE);
	assert_string_equal(heard(), "+$OK#9a");
	assert_int_equal(clears, 1);
	/* a device stays: another debugger may come */
	assert_true(g.fd >= 0);
	ask("?", "T05thread:1;");
}

static void without_acknowledgments(void **state)
{
	(void)state;
	say("QStartNoAckMode");
	type("$qC#00", 6); /* nor checksums */
	say("c");
	gdb_serve(&g, &trapped, false);
	assert_string_equal(heard(), "+$OK#9a$QC1#c5");
}

/* A bad sum is asked for again; one that is no number, too */
static void hostile_sums(void **state)
{
	(void)state;
	type("$?#00", 5);
	type("$?#zz", 5);
	say("c");
	gdb_serve(&g, &trapped, false);
	assert_string_equal(heard(), "--+");
}

/* Too long, cut off, begun anew, noise, and again what was said before */
static void hostile_lengths(void **state)
{
	static char longest[3 * GDB_PACKET];

	(void)state;
	memset(longest, 'm', sizeof(longest));
	send_bytes(longest, sizeof(longest));
	type("noise", 5);
	type("$m2000$", 7);
	type("qC#b4", 5);
	type("-", 1);
	say("c");
	gdb_serve(&g, &trapped, false);
	assert_string_equal(heard(), "-+$QC1#c5$QC1#c5+");
	/* exactly as long as may be */
	memset(longest, 'm', GDB_PACKET);
	send_bytes(longest, GDB_PACKET);
	say("c");
	gdb_serve(&g, &trapped, false);
	assert_string_equal(heard(), "+$E01#a6+");
}

static void hostile_noise(void **state)
{
	uint32_t seed = 1;
	unsigned int round, i;
	char c[64];

	(void)state;
	quiet = true;
	for (round = 0; round < 3000; round++) {
		for (i = 0; i < sizeof(c); i++) {
			seed = seed * 1664525 + 1013904223;
			c[i] = "$#+-}:;,=0123456789abcdefgGmMpPXZzqQvcsSDH?T\x03"[(seed >> 16) %
										  46];
		}
		type(c, sizeof(c));
		if (round % 4 == 0)
			send_bytes(c, sizeof(c));
		say("c");
		while (g.fd >= 0 && gdb_wanted(&g) == GDB_HELLO)
			gdb_serve(&g, &trapped, round % 2);
		assert_true(g.fd >= 0);
		heard();
	}
}

/* The VM ends while the debugger says nothing */
static void ending(void **state)
{
	(void)state;
	end = true;
	assert_int_equal(gdb_serve(&g, &trapped, true), GDB_CONTINUE);
}

static void doors(void **state)
{
	struct gdb other;

	(void)state;
	capture();
	assert_int_equal(gdb_open(&other, "x", &cpu, NULL), -1);
	assert_contains(captured(), "--gdb: 'x' is neither a port nor the path of a device");
	capture();
	assert_int_equal(gdb_open(&other, "70000", &cpu, NULL), -1);
	assert_one_line(captured());
	capture();
	assert_int_equal(gdb_open(&other, "/does/not/exist", &cpu, NULL), -1);
	assert_contains(captured(), "/does/not/exist");
	assert_int_equal(gdb_open(&other, "0", &cpu, NULL), 0);
	assert_int_equal(gdb_wanted(&other), GDB_NOTHING);
	gdb_close(&other);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(answers),
		TEST(of_registers),
		TEST(of_memory),
		TEST(of_points),
		TEST(description_in_pieces),
		TEST(going_on),
		TEST(stops),
		TEST(wishes),
		TEST(detaching),
		TEST(without_acknowledgments),
		TEST(hostile_sums),
		TEST(hostile_lengths),
		TEST(hostile_noise),
		TEST(ending),
		TEST(doors),
	};

	signal(SIGPIPE, SIG_IGN); /* as vm44x has it */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
