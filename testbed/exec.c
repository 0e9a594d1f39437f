// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function for GNU make: $(exec PROGRAM,ARG...) runs the program in
 * make's place.
 *
 * make itself ends with status 2 whenever a recipe fails and says so, which
 * would hide the exit status of `make run CMD=...`.
 */
#include <gnumake.h>
#include <stdio.h>
#include <unistd.h>

int plugin_is_GPL_compatible;

int exec_gmk_setup(void);

static char *exec(const char *name, unsigned int argc, char **argv)
{
	(void)name;
	(void)argc;
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(125);
}

int exec_gmk_setup(void)
{
	gmk_add_function("exec", exec, 1, 0, GMK_FUNC_DEFAULT);
	return 1;
}
