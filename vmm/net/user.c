// SPDX-License-Identifier: GPL-2.0-only
/*
 * passt, a user-mode network stack. It is given an end of a socket pair, ends when the other end
 * is closed, however that comes about, and leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net.h"
#include "report.h"

extern char **environ;

/*
 * Runs passt until it is in the background, or has failed; what it says goes to log. Returns its
 * status, or -1 and errno.
 */
static int run(char **argv, int fd, int log)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t signals;
	int error, status = -1;
	pid_t pid;

	/* Whoever started us may have it ignored; then there is no status. */
	signal(SIGCHLD, SIG_DFL);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, log, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
	/* on itself: it is not closed */
	posix_spawn_file_actions_adddup2(&actions, fd, fd);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attr, &signals);
	sigfillset(&signals);
	posix_spawnattr_setsigdefault(&attr, &signals);
	error = posix_spawnp(&pid, argv[0], &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (error) {
		errno = error;
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* The last line of what passt has said: why it does not start. */
static const char *last_line(int log)
{
	static char text[1024];
	const off_t size = lseek(log, 0, SEEK_END);
	const off_t from = size > (off_t)sizeof(text) - 1 ? size - sizeof(text) + 1 : 0;
	ssize_t n = pread(log, text, sizeof(text) - 1, from);
	char *line;

	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n > 0 ? n : 0] = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

static int start(const struct net_options *o, int fd, int log)
{
	char number[16];
	/* Frames are no larger than the guest's buffers. */
	char *argv[6 + 2 * NET_FORWARDS + 1] = {
		"passt", "--quiet", "--mtu", "1500", "--fd", number
	};
	unsigned int i, n = 6;
	int status;

	snprintf(number, sizeof(number), "%d", fd);
	for (i = 0; i < o->forwards; i++) {
		argv[n++] = "--tcp-ports";
		argv[n++] = (char *)o->forward[i];
	}
	status = run(argv, fd, log);
	if (status < 0 && errno == ENOENT)
		return vm_error(
			"--net user: there is no program 'passt' on the PATH: install it, or use --net tap=NAME");
	if (status < 0)
		return vm_error("--net user: cannot start passt: %s", strerror(errno));
	if (status)
		return vm_error("--net user: passt does not start: %s", last_line(log));
	return 0;
}

int net_start_passt(const struct net_options *o)
{
	const int log = memfd_create("passt", MFD_CLOEXEC);
	int pair[2] = { -1, -1 };
	int ret = -1;

	if (log < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		vm_error("--net user: cannot make a socket pair: %s", strerror(errno));
	else
		ret = start(o, pair[1], log);
	/* passt's end may block: it sends the rest of a frame so. */
	if (!ret)
		fcntl(pair[0], F_SETFL, O_NONBLOCK);
	else
		close(pair[0]);
	close(pair[1]);
	close(log);
	return ret ? -1 : pair[0];
}
