// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <string.h>

#include "report.h"
#include "thread.h"

int thread_start(pthread_t *thread, void *(*run)(void *), void *arg, const char *name)
{
	/* A fault must give the user his terminal back, a read from the background stops us. */
	static const int taken[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTTIN };
	sigset_t blocked, before;
	unsigned int i;
	int error;

	/* All others are for the vCPU thread, which they take out of the guest. */
	sigfillset(&blocked);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigdelset(&blocked, taken[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	error = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		return vm_error("cannot start the %s thread: %s", name, strerror(error));
	return 0;
}
