/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directory of the host's that a guest shares: a server of the file protocol 9P2000.L, for
 * one client, whose messages may be anything. Device thread only, but for opening and closing.
 */
#ifndef VM44X_SHARE_H
#define VM44X_SHARE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "share/owner.h"

struct share_options {
	const char *dir;
	bool read_only;
	enum owner_mode owner;
};

/* A message of the client's, and the room for the answer, in VIRTQUEUE_MAX pieces at most each */
struct share_message {
	const struct iovec *request, *room;
	unsigned int request_count, room_count;
};

struct share;

/*
 * How many of the host's files each of so many shares may hold, for which the limit of this
 * process is raised if it can be.
 */
unsigned int share_files(unsigned int shares);

/* NULL after a message. */
struct share *share_open(const struct share_options *o, unsigned int files);
void share_close(struct share *s);

/* The client has gone: whatever it had open is closed. */
void share_reset(struct share *s);

/*
 * Carry out one request. Returns the length of the answer in the room, or 0 if it was no
 * message, or there was not even room for an error.
 */
uint32_t share_answer(struct share *s, const struct share_message *m);

#endif
