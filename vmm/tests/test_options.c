// SPDX-License-Identifier: GPL-2.0-only
/* The command line. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "util.h"

#define ARGUMENTS_MAX 16

static struct options o;
static int status;

/* Parse line, split at spaces. */
static int parse(const char *line)
{
	static char copy[4096];
	char *argv[ARGUMENTS_MAX + 1], *save = NULL, *p;
	int argc = 0;

	strcpy(copy, line);
	for (p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
		argv[argc++] = p;
	argv[argc] = NULL;
	status = -1;
	return options_parse(&o, argc, argv, &status);
}

static void defaults(void **state)
{
	(void)state;
	assert_int_equal(parse("vm44x run -k vmlinux"), 1);
	assert_string_equal(o.kernel, "vmlinux");
	assert_int_equal(o.ram, 128 << 20);
	assert_null(o.initrd);
	assert_null(o.params);
	assert_null(o.dtb);
	assert_null(o.dump_dtb);
	assert_null(o.uart1);
	assert_false(o.verbose);
	assert_false(o.user_irqchip);
	assert_false(o.paravirt);
	assert_null(o.gdb);
	assert_string_equal(o.board->name, "bamboo");
}

static void everything(void **state)
{
	(void)state;
	assert_int_equal(parse("vm44x run --kernel k --initrd i --mem 64M --params p --dtb d "
			       "--uart1 u --verbose --paravirt"),
			 1);
	assert_string_equal(o.kernel, "k");
	assert_string_equal(o.initrd, "i");
	assert_string_equal(o.params, "p");
	assert_string_equal(o.dtb, "d");
	assert_string_equal(o.uart1, "u");
	assert_int_equal(o.ram, 64 << 20);
	assert_true(o.verbose);
	assert_true(o.paravirt);
	assert_int_equal(parse("vm44x run -k k -i i -m 1G -p second"), 1);
	assert_string_equal(o.params, "second");
	assert_int_equal(o.ram, 1 << 30);
	assert_int_equal(parse("vm44x run -k k -a third"), 1);
	assert_string_equal(o.params, "third");
	assert_int_equal(parse("vm44x run -k k --gdb"), 1);
	assert_string_equal(o.gdb, "1234");
	assert_int_equal(parse("vm44x run -k k --gdb=/dev/ttyS1"), 1);
	assert_string_equal(o.gdb, "/dev/ttyS1");
	assert_int_equal(parse("vm44x run -k k --irqchip=user"), 1);
	assert_true(o.user_irqchip);
	assert_int_equal(parse("vm44x run -k k --irqchip user --irqchip kernel"), 1);
	assert_false(o.user_irqchip);
	assert_int_equal(parse("vm44x run -k k -m 2G --board canyonlands"), 1);
	assert_string_equal(o.board->name, "canyonlands");
	assert_true(o.ram == 2ull << 30);
	assert_int_equal(parse("vm44x run --dump-dtb f"), 1);
	assert_string_equal(o.dump_dtb, "f");
}

static void disks(void **state)
{
	(void)state;
	assert_int_equal(parse("vm44x run -k k -d a --disk b,ro -d c,overlay=o,serial=s1 --rng"),
			 1);
	assert_int_equal(o.disks, 3);
	assert_string_equal(o.disk[0].disk.path, "a");
	assert_false(o.disk[0].disk.read_only);
	assert_null(o.disk[0].disk.overlay);
	assert_null(o.disk[0].serial);
	assert_string_equal(o.disk[1].disk.path, "b");
	assert_true(o.disk[1].disk.read_only);
	assert_string_equal(o.disk[2].disk.path, "c");
	assert_string_equal(o.disk[2].disk.overlay, "o");
	assert_string_equal(o.disk[2].serial, "s1");
	assert_true(o.rng);
}

static void shares(void **state)
{
	(void)state;
	assert_int_equal(parse("vm44x run -k k --share a --share b,tag=two,ro,owner=mapped "
			       "--share=c,owner=host,tag=1234567890123456789012345678901"),
			 1);
	assert_int_equal(o.shares, 3);
	assert_string_equal(o.share[0].share.dir, "a");
	assert_string_equal(o.share[0].tag, "share");
	assert_false(o.share[0].share.read_only);
	assert_int_equal(o.share[0].share.owner, OWNER_HOST);
	assert_string_equal(o.share[1].share.dir, "b");
	assert_string_equal(o.share[1].tag, "two");
	assert_true(o.share[1].share.read_only);
	assert_int_equal(o.share[1].share.owner, OWNER_MAPPED);
	assert_int_equal(o.share[2].share.owner, OWNER_HOST);
}

static void wrong_shares(void **state)
{
	static const char *const bad[] = {
		",ro",
		"a,rw",
		"a,ro=1",
		"a,tag",
		"a,tag=",
		"a,tag=12345678901234567890123456789012",
		"a,owner",
		"a,owner=root",
		"a --share b",
		"a,tag=x --share b,tag=x",
		"a,tag=1 --share a,tag=2 --share a,tag=3 --share a,tag=4 --share a,tag=5",
	};
	char line[128];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), "vm44x run -k k --share %s", bad[i]);
		capture();
		assert_int_equal(parse(line), 0);
		assert_contains(captured(), "--share");
		assert_int_equal(status, EXIT_USAGE);
	}
}

static void nets(void **state)
{
	static const uint8_t mac[] = { 0x52, 0x54, 0, 0xAb, 0xcd, 0xef };
	unsigned int i;

	(void)state;
	assert_int_equal(
		parse("vm44x run -k k --net tap=a --net user,forward=2200:22,mac=52:54:00:Ab:cd:ef,"
		      "forward=1:65535 --net tap=b --net user"),
		1);
	assert_int_equal(o.nets, 4);
	assert_string_equal(o.net[0].net.tap, "a");
	assert_null(o.net[1].net.tap);
	assert_int_equal(o.net[1].net.forwards, 2);
	assert_string_equal(o.net[1].net.forward[0], "2200:22");
	assert_string_equal(o.net[1].net.forward[1], "1:65535");
	assert_memory_equal(o.net[1].mac, mac, sizeof(mac));
	/* The others' are locally administered, of one station, and different. */
	for (i = 0; i < 4; i++)
		assert_int_equal(o.net[i].mac[0] & 3, 2);
	assert_memory_not_equal(o.net[0].mac, o.net[2].mac, sizeof(mac));
	assert_memory_not_equal(o.net[2].mac, o.net[3].mac, sizeof(mac));
}

static void wrong_nets(void **state)
{
	static const char *const bad[] = {
		"",
		"tap",
		"tap=",
		"tap=1234567890123456",
		"user=1",
		"tap=a,user",
		"mac=02:00:00:00:00:00",
		"user,mac=1:2:3:4:5:6",
		"user,mac=02:00:00:00:00",
		"user,mac=02:00:00:00:00:000",
		"user,mac=02:00:00:00:00:0g",
		"user,mac=03:00:00:00:00:00",
		"user,forward=22",
		"user,forward=0:22",
		"user,forward=22:65536",
		"user,forward=22:23:24",
		"user,forward=x:22",
		"tap=a,forward=22:22",
		"user,what",
	};
	static char long_one[512] = "vm44x run -k k --net user";
	char line[128];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), "vm44x run -k k --net=%s", bad[i]);
		capture();
		assert_int_equal(parse(line), 0);
		assert_contains(captured(), "--net");
		assert_int_equal(status, EXIT_USAGE);
	}
	for (i = 0; i < NET_FORWARDS; i++)
		strcat(long_one, ",forward=100:200");
	assert_int_equal(parse(strdupa(long_one)), 1);
	assert_int_equal(o.net[0].net.forwards, NET_FORWARDS);
	capture();
	assert_int_equal(parse(strcat(long_one, ",forward=100:200")), 0);
	assert_contains(captured(), "at most 16");
	strcpy(line, "vm44x run -k k --net=user --net=user --net=user --net=user");
	capture();
	assert_int_equal(parse(strcat(line, " --net=user")), 0);
	assert_contains(captured(), "there can be 4");
}

static void wrong_disks(void **state)
{
	static const char *const bad[] = {
		",ro",
		"a,rw",
		"a,ro=1",
		"a,overlay",
		"a,serial",
		"a,ro,overlay=b",
		"a,serial=123456789012345678901",
	};
	char line[128];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), "vm44x run -k k -d %s", bad[i]);
		capture();
		assert_int_equal(parse(line), 0);
		assert_contains(captured(), "--disk");
		assert_int_equal(status, EXIT_USAGE);
	}
	strcpy(line, "vm44x run -k k -d0 -d1 -d2 -d3 -d4 -d5 -d6 -d7");
	assert_int_equal(parse(line), 1);
	assert_int_equal(o.disks, OPTIONS_DISKS);
	capture();
	strcat(line, " -d8");
	assert_int_equal(parse(line), 0);
	assert_contains(captured(), "there can be 8");
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} size[] = { { "24", 24 << 20 }, { "24m", 24 << 20 }, { "65536K", 64 << 20 },
		     { "4k", 4096 },	 { "1g", 1 << 30 },   { "1024", 1 << 30 } };
	static const char *const bad[] = { "",
					   "x",
					   "-1",
					   "+1",
					   "0",
					   "1T",
					   "1MM",
					   "2G",
					   "1025",
					   "3K",
					   "99999999999999999999",
					   "18446744073709551615K",
					   " 1" };
	char *argv[] = { "vm44x", "run", "-k", "k", "-m", NULL, NULL };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		argv[5] = (char *)size[i].text;
		assert_int_equal(options_parse(&o, 6, argv, &status), 1);
		assert_int_equal(o.ram, size[i].bytes);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *text;

		argv[5] = (char *)bad[i];
		capture();
		assert_int_equal(options_parse(&o, 6, argv, &status), 0);
		text = captured();
		assert_one_line(text);
		assert_contains(text, "--mem");
		assert_int_equal(status, EXIT_USAGE);
	}
}

static void refused(const char *line, const char *part)
{
	const char *text;
	int ret;

	capture();
	ret = parse(line);
	text = captured();
	assert_one_line(text);
	assert_contains(text, part);
	assert_int_equal(ret, 0);
	assert_int_equal(status, EXIT_USAGE);
}

static void wrong(void **state)
{
	char line[4096];
	unsigned int i;

	(void)state;
	for (i = 0; boards[i]; i++) /* the list names each */
		refused("vm44x run -k k --board ebony", boards[i]->name);
	refused("vm44x", "no command");
	refused("vm44x start", "'start'");
	refused("vm44x run", "--kernel");
	refused("vm44x run -i x", "--kernel");
	refused("vm44x run -k", "'-k' needs a value");
	refused("vm44x run --kernel", "'--kernel' needs a value");
	refused("vm44x run -k k -z", "'-z'");
	refused("vm44x run -k k --zoo", "'--zoo'");
	refused("vm44x run -k k disk", "'disk'");
	refused("vm44x run -k k --verbose=3", "--verbose");
	refused("vm44x run -k k --config /tmp/vm44x-test-none", "/tmp/vm44x-test-none");
	refused("vm44x run -k k --board canyonlands -m 2049", "2048");
	refused("vm44x run -k k --irqchip=on", "--irqchip: 'on'");
	snprintf(line, sizeof(line), "vm44x run -k k -a %02047d", 0);
	assert_int_equal(parse(line), 1);
	snprintf(line, sizeof(line), "vm44x run -k k -a %02048d", 0);
	refused(line, "2047");
}

/* --help and --version go to standard output, and are no failure. */
static void answers(void **state)
{
	static const char *const line[] = { "vm44x --help",    "vm44x -h",	   "vm44x help",
					    "vm44x --version", "vm44x run --help", "vm44x run -h" };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		capture();
		assert_int_equal(parse(line[i]), 0);
		assert_string_equal(captured(), "");
		assert_int_equal(status, EXIT_OK);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), cmocka_unit_test(everything),
		cmocka_unit_test(disks),    cmocka_unit_test(wrong_disks),
		cmocka_unit_test(shares),   cmocka_unit_test(wrong_shares),
		cmocka_unit_test(nets),	    cmocka_unit_test(wrong_nets),
		cmocka_unit_test(sizes),    cmocka_unit_test(wrong),
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
