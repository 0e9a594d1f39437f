// SPDX-License-Identifier: GPL-2.0-only
/* Configuration files: what is a line, and what is said about a wrong one. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "options.h"
#include "util.h"

static char seen[1024];

/* Logs what it gets; "bad" is refused. */
static int line(void *ctx, const char *name, char *value)
{
	assert_ptr_equal(ctx, seen);
	sprintf(seen + strlen(seen), value ? "%s[%s] " : "%s ", name, value);
	return strcmp(name, "bad") ? 0 : -1;
}

static int read_text(const char *text, size_t size)
{
	const char *path = temporary(text, size);
	int ret;

	seen[0] = '\0';
	ret = config_read(path, line, seen);
	unlink(path);
	return ret;
}

static void lines(void **state)
{
	static const struct {
		const char *text, *want;
	} files[] = {
		{ "\n\n", "" },
		{ "kernel vmlinux\n", "kernel[vmlinux] " },
		{ "kernel vmlinux", "kernel[vmlinux] " },
		{ "kernel=vmlinux\n", "kernel[vmlinux] " },
		{ "\tkernel  =  vmlinux \t\r\n", "kernel[vmlinux] " },
		{ "# comment\n  # another\nverbose\n", "verbose " },
		{ "verbose\t \r\n", "verbose " },
		{ "params console=ttyS0 x=\"a b\" # no comment\n",
		  "params[console=ttyS0 x=\"a b\" # no comment] " },
		{ "params=console=ttyS0\n", "params[console=ttyS0] " },
		{ "params =\n", "params[] " },
		{ "a 1\nb 2\na 3\n", "a[1] b[2] a[3] " },
		{ "--mem 3\n", "--mem[3] " }, /* no option has this name */
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		assert_int_equal(read_text(files[i].text, strlen(files[i].text)), 0);
		assert_string_equal(seen, files[i].want);
	}
	assert_int_equal(read_text("a\nbad 2\nb\n", 10), -1);
	assert_string_equal(seen, "a bad[2] ");
}

static void wrong_files(void **state)
{
	static char large[CONFIG_MAX + 1];

	(void)state;
	capture();
	assert_int_equal(config_read("/tmp/vm44x-test-none", line, seen), -1);
	assert_contains(captured(), "--config: cannot open '/tmp/vm44x-test-none': No such file");
	capture();
	assert_int_equal(config_read("/tmp", line, seen), -1);
	assert_contains(captured(), "not a regular file");
	capture();
	assert_int_equal(read_text("a\0b\n", 4), -1);
	assert_contains(captured(), "no text");
	capture();
	assert_int_equal(read_text("", 0), -1);
	assert_contains(captured(), "empty");
	memset(large, '\n', sizeof(large));
	assert_int_equal(read_text(large, CONFIG_MAX), 0);
	capture();
	assert_int_equal(read_text(large, CONFIG_MAX + 1), -1);
	assert_contains(captured(), "too large");
	capture();
	assert_int_equal(read_text("\n = 3\n", 6), -1);
	assert_contains(captured(), ":2: no option's name before '= 3'");
}

static struct options o;

/* Options from a file, with more of them behind it on the command line; the exit status or -1 */
static int parse(const char *text, const char *after)
{
	char path[64], *argv[] = { "vm44x", "run", "-k", "first", "--config", path, (char *)after };
	int status = -1;

	strcpy(path, temporary(text, strlen(text)));
	options_parse(&o, after ? 7 : 6, argv, &status);
	unlink(path);
	return status;
}

static void options(void **state)
{
	(void)state;
	capture();
	parse("board canyonlands\nkernel vmlinux\nmem=2G\nverbose\ngdb\nirqchip = user\n"
	      "params root=/dev/vda rw\n",
	      NULL);
	assert_string_equal(captured(), "");
	assert_string_equal(o.board->name, "canyonlands");
	assert_string_equal(o.kernel, "vmlinux");
	assert_true(o.ram == 2ull << 30);
	assert_true(o.verbose);
	assert_true(o.user_irqchip);
	assert_string_equal(o.gdb, "1234");
	assert_string_equal(o.params, "root=/dev/vda rw");
	/* what comes later counts */
	parse("mem 64\nmem 32\nkernel second\n", "-kthird");
	assert_true(o.ram == 32 << 20);
	assert_string_equal(o.kernel, "third");
	parse("gdb 99\n", NULL);
	assert_string_equal(o.gdb, "99");
}

static void refused(const char *text, const char *part)
{
	const char *got;
	int status;

	capture();
	status = parse(text, NULL);
	got = captured();
	assert_one_line(got);
	assert_contains(got, part);
	assert_int_equal(status, EXIT_USAGE);
}

static void wrong_options(void **state)
{
	(void)state;
	refused("mem 64\n\nzoo 3\n", ":3: unknown option 'zoo'");
	refused("--mem 64\n", ":1: unknown option '--mem'");
	refused("# x\nmem lots\n", ":2: --mem: 'lots'");
	refused("verbose yes\n", ":1: 'verbose' takes no value");
	refused("kernel\n", ":1: 'kernel' needs a value: FILE");
	refused("config other\n", ":1: 'config' is for the command line only");
	refused("help\n", ":1: 'help' is for the command line only");
	/* what is found out later is about no line */
	capture();
	assert_int_equal(parse("mem 3G\n", NULL), EXIT_USAGE);
	assert_contains(captured(), "vm44x: --mem: 3072 MiB");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(wrong_files),
		cmocka_unit_test(options),
		cmocka_unit_test(wrong_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
