/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's side of a network device: where its frames come from and go to. A tap
 * gives and takes one with each call, and its header, by which the host's kernel does
 * checksums and segments; passt a stream of them, without. Beyond that they are the
 * same. Nothing here waits. Used by one thread at a time.
 */
#ifndef VM44X_NET_H
#define VM44X_NET_H

#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define NET_HEADER    sizeof(struct virtio_net_hdr_v1) /* virtio's, little-endian */
#define NET_FRAME_MIN 14 /* Ethernet's header */
#define NET_FRAME_MAX (NET_FRAME_MIN + 65535)
#define NET_PREFIX    4 /* a stream has the length of each frame before it, big-endian */
#define NET_TAP_NAME  15 /* characters at most */
#define NET_FORWARDS  16

/* What the user wants: a tap, or passt */
struct net_options {
	const char *tap; /* its name; NULL: passt */
	const char *forward[NET_FORWARDS]; /* "HOSTPORT:GUESTPORT" of TCP, for passt */
	unsigned int forwards;
};

struct net {
	int fd; /* to wait for; -1: it has gone, or there is none */
	bool stream;
	/* What was received last: [from, end) of buffer, of a stream with more behind it */
	struct virtio_net_hdr_v1 header; /* of a stream: 0 */
	uint8_t *frame;
	uint32_t size; /* of the frame, 0: there is none */
	/* What could not be sent at once: [rest_from, rest_end) of rest */
	uint32_t rest_from, rest_end;
	uint32_t from, end;
	uint8_t buffer[2 * (NET_PREFIX + NET_FRAME_MAX)];
	uint8_t rest[NET_HEADER + NET_FRAME_MAX];
};

/* Open what the options say. Returns NULL after a message. */
struct net *net_open(const struct net_options *o);

/* The frames' source is fd, which net_close closes. Returns NULL after a message. */
struct net *net_create(int fd, bool stream);
void net_close(struct net *n);

/*
 * Whether there is a frame: n->frame, n->size, until net_taken. False also if the other side has
 * gone, and then n->fd is -1.
 */
bool net_receive(struct net *n);
void net_taken(struct net *n);

/*
 * Send a header and a frame, of NET_FRAME_MIN to NET_FRAME_MAX bytes, in up to NET_PIECES pieces.
 * It is lost if the other side does not want it, or has gone, and then n->fd is -1. Not while
 * net_blocked.
 */
#define NET_PIECES 256
void net_send(struct net *n, const struct iovec *iov, unsigned int count);

/* Whether a frame waits until the other side has room (EPOLLOUT), and trying again. */
bool net_blocked(const struct net *n);
void net_retry(struct net *n);

/*
 * What can be handed over to the other side, VIRTIO_NET_F_*; and what of it the guest has accepted:
 * only such frames are received then, but for those that wait already.
 */
uint64_t net_offloads(const struct net *n);
void net_accept(struct net *n, uint64_t features);

/* The other side has gone. */
void net_gone(struct net *n);

/* --- the two: a descriptor, or -1 after a message --- */

int net_open_tap(const char *name);
void net_accept_tap(int fd, uint64_t features);
int net_start_passt(const struct net_options *o);

#endif
