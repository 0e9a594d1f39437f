// SPDX-License-Identifier: GPL-2.0-only
/*
 * run-framed TTY COMMAND [ARG...]: runs COMMAND in a session of its own, sends
 * what it writes, and in the end its exit status, over TTY (see frame.h).
 *
 * What a background process of COMMAND writes later is not waited for.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "frame.h"

static int tty;

static void send_all(const unsigned char *data, size_t len)
{
	while (len) {
		ssize_t n = write(tty, data, len);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			err(125, "write to the serial line");
		}
		data += n;
		len -= n;
	}
}

/* buf has FRAME_HEADER free bytes in front of the payload */
static void send_frame(unsigned char *buf, char type, size_t len)
{
	buf[0] = FRAME_MARK;
	buf[1] = type;
	buf[2] = len >> 8;
	buf[3] = len;
	send_all(buf, FRAME_HEADER + len);
}

/* Sends what one read finds. Returns 0 at the end of the output. */
static int relay(int fd, char type)
{
	unsigned char buf[FRAME_HEADER + FRAME_MAX];
	ssize_t n = read(fd, buf + FRAME_HEADER, FRAME_MAX);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (n == 0)
		return 0;
	send_frame(buf, type, n);
	return 1;
}

static void open_tty(const char *name)
{
	struct termios tio;

	tty = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		err(125, "%s", name);
	/* not a terminal when a test sends the frames elsewhere */
	if (tcgetattr(tty, &tio) == 0) {
		cfmakeraw(&tio);
		cfsetspeed(&tio, B115200);
		tio.c_cflag |= CLOCAL;
		if (tcsetattr(tty, TCSANOW, &tio) < 0)
			err(125, "%s", name);
	}
}

static pid_t start(char **argv, int *out, int *errs)
{
	int outs[2], errors[2], null;
	pid_t pid;

	null = open("/dev/null", O_RDONLY);
	if (null < 0 || pipe(outs) < 0 || pipe(errors) < 0)
		err(125, "pipe");
	pid = fork();
	if (pid < 0)
		err(125, "fork");
	if (pid == 0) {
		setsid();
		dup2(null, STDIN_FILENO);
		dup2(outs[1], STDOUT_FILENO);
		dup2(errors[1], STDERR_FILENO);
		for (int fd = STDERR_FILENO + 1; fd <= errors[1] || fd <= null; fd++)
			close(fd);
		execvp(argv[0], argv);
		warn("%s", argv[0]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	close(null);
	close(outs[1]);
	close(errors[1]);
	fcntl(outs[0], F_SETFL, O_NONBLOCK);
	fcntl(errors[0], F_SETFL, O_NONBLOCK);
	*out = outs[0];
	*errs = errors[0];
	return pid;
}

/* Only here to interrupt the poll. */
static void child_ended(int sig)
{
	(void)sig;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	struct sigaction sa = { .sa_handler = child_ended };
	unsigned char last[FRAME_HEADER + 1];
	int status = 0, ended = 0;
	sigset_t chld, unblocked;
	pid_t pid;

	if (argc < 3)
		errx(125, "usage: run-framed TTY COMMAND [ARG...]");
	open_tty(argv[1]);

	/* SIGCHLD is open only while ppoll waits, so that none is missed */
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	pid = start(argv + 2, &fds[0].fd, &fds[1].fd);
	sigprocmask(SIG_BLOCK, &chld, &unblocked);

	for (;;) {
		static const struct timespec now;
		int n;

		if (!ended && waitpid(pid, &status, WNOHANG) == pid)
			ended = 1;
		n = ppoll(fds, 2, ended ? &now : NULL, &unblocked);
		if (ended && n <= 0)
			break;
		if (n < 0)
			continue;
		if (fds[0].revents && !relay(fds[0].fd, FRAME_STDOUT))
			fds[0].fd = -1;
		if (fds[1].revents && !relay(fds[1].fd, FRAME_STDERR))
			fds[1].fd = -1;
	}

	last[FRAME_HEADER] = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	send_frame(last, FRAME_EXIT, 1);
	tcdrain(tty);
	return last[FRAME_HEADER];
}
