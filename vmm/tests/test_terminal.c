// SPDX-License-Identifier: GPL-2.0-only
/* Ctrl-a, and raw mode on a pseudo terminal. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"
#include "util.h"

static void escapes(void **state)
{
	static const struct {
		uint8_t c;
		enum escape_action action;
	} typed[] = {
		{ 'x', ESCAPE_PASS },  { 0x01, ESCAPE_NONE }, { 'x', ESCAPE_QUIT },
		{ 'h', ESCAPE_PASS },  { 0x01, ESCAPE_NONE }, { 'h', ESCAPE_HELP },
		{ 'b', ESCAPE_PASS },  { 0x01, ESCAPE_NONE }, { 'b', ESCAPE_BREAK },
		{ 0x02, ESCAPE_PASS }, { 0x01, ESCAPE_NONE }, { 0x01, ESCAPE_PASS },
		{ 'x', ESCAPE_PASS },  { 0x01, ESCAPE_NONE }, { 'q', ESCAPE_NONE },
		{ 'x', ESCAPE_PASS },  { 0x01, ESCAPE_NONE }, { '?', ESCAPE_HELP },
	};
	struct escape e = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		assert_int_equal(escape_filter(&e, typed[i].c), typed[i].action);
}

static int open_pty(int *master)
{
	*master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(*master >= 0);
	assert_int_equal(grantpt(*master), 0);
	assert_int_equal(unlockpt(*master), 0);
	return open(ptsname(*master), O_RDWR | O_NOCTTY);
}

static bool same(int fd, const struct termios *t)
{
	struct termios now;

	assert_int_equal(tcgetattr(fd, &now), 0);
	return now.c_iflag == t->c_iflag && now.c_oflag == t->c_oflag &&
	       now.c_lflag == t->c_lflag && now.c_cflag == t->c_cflag;
}

/* The child ends by exit() alone: the terminal must be as it was. */
static void raw_and_back(void **state)
{
	struct termios before;
	int master, slave = open_pty(&master), end;
	pid_t child;

	(void)state;
	assert_int_equal(tcgetattr(slave, &before), 0);
	child = fork();
	if (!child) {
		int good = terminal_raw(slave) == 0 && !same(slave, &before);

		terminal_restore();
		good = good && same(slave, &before);
		terminal_resume();
		good = good && !same(slave, &before);
		/* Not through the sanitizer's and cmocka's handlers of exit. */
		if (!good)
			_exit(1);
		exit(0);
	}
	assert_int_equal(waitpid(child, &end, 0), child);
	assert_true(WIFEXITED(end));
	assert_int_equal(WEXITSTATUS(end), 0);
	assert_true(same(slave, &before));
	close(slave);
	close(master);
}

static void no_terminal(void **state)
{
	int fd = open("/dev/null", O_RDWR);

	(void)state;
	capture();
	assert_int_equal(terminal_raw(fd), -1);
	assert_one_line(captured());
	close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(raw_and_back),
		cmocka_unit_test(no_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
