/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads beside the vCPU's, which is the one that takes signals. */
#ifndef VM44X_THREAD_H
#define VM44X_THREAD_H

#include <pthread.h>

/*
 * Start a thread that gets no signals but those of its own faults, and SIGTTIN.
 * name ("I/O") is for messages. Returns 0, or -1 after a message.
 */
int thread_start(pthread_t *thread, void *(*run)(void *), void *arg, const char *name);

#endif
