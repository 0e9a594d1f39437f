// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "iov.h"
#include "net.h"
#include "report.h"

struct net *net_create(int fd, bool stream)
{
	struct net *n = malloc(sizeof(*n));

	if (!n) {
		vm_error("out of memory");
		close(fd);
		return NULL;
	}
	n->fd = fd;
	n->stream = stream;
	n->header = (struct virtio_net_hdr_v1){ 0 };
	n->size = 0;
	n->from = n->end = 0;
	n->rest_from = n->rest_end = 0;
	return n;
}

struct net *net_open(const struct net_options *o)
{
	const int fd = o->tap ? net_open_tap(o->tap) : net_start_passt(o);

	return fd < 0 ? NULL : net_create(fd, !o->tap);
}

void net_close(struct net *n)
{
	/* A tap that stays keeps them, also for a user who has no headers. */
	net_accept(n, 0);
	net_gone(n);
	free(n);
}

void net_gone(struct net *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
	n->size = 0;
	n->rest_from = n->rest_end = 0;
}

/* As much as there is, behind what is in the buffer; of a tap, the header. False: nothing. */
static bool fill(struct net *n)
{
	const struct iovec iov[] = {
		{ &n->header, n->stream ? 0 : NET_HEADER },
		{ n->buffer + n->end, sizeof(n->buffer) - n->end },
	};
	const ssize_t got = readv(n->fd, iov, 2);

	if (got > (ssize_t)iov[0].iov_len)
		n->end += got - iov[0].iov_len;
	else if (got >= 0 || errno != EAGAIN)
		net_gone(n);
	return got > 0 && n->fd >= 0;
}

/* The next frame of the stream, if all of it is in the buffer. */
static bool cut(struct net *n)
{
	const uint32_t left = n->end - n->from;
	uint32_t size;

	if (left < NET_PREFIX)
		return false;
	memcpy(&size, n->buffer + n->from, NET_PREFIX);
	size = ntohl(size);
	/* What follows is not a frame either. */
	if (size < NET_FRAME_MIN || size > NET_FRAME_MAX) {
		net_gone(n);
		return false;
	}
	if (left - NET_PREFIX < size)
		return false;
	n->frame = n->buffer + n->from + NET_PREFIX;
	n->size = size;
	n->from += NET_PREFIX + size;
	return true;
}

static bool receive_stream(struct net *n)
{
	if (cut(n))
		return true;
	/* The rest goes to the beginning: there is room for a frame and more behind it. */
	memmove(n->buffer, n->buffer + n->from, n->end - n->from);
	n->end -= n->from;
	n->from = 0;
	return n->fd >= 0 && fill(n) && cut(n);
}

static bool receive_frame(struct net *n)
{
	n->end = 0;
	if (!fill(n))
		return false;
	n->frame = n->buffer;
	n->size = n->end;
	return true;
}

bool net_receive(struct net *n)
{
	if (n->size || n->fd < 0)
		return n->size;
	return n->stream ? receive_stream(n) : receive_frame(n);
}

void net_taken(struct net *n)
{
	n->size = 0;
}

uint64_t net_offloads(const struct net *n)
{
	if (n->stream)
		return 0;
	return 1 << VIRTIO_NET_F_CSUM | 1 << VIRTIO_NET_F_GUEST_CSUM |
	       1 << VIRTIO_NET_F_GUEST_TSO4 | 1 << VIRTIO_NET_F_GUEST_TSO6 |
	       1 << VIRTIO_NET_F_HOST_TSO4 | 1 << VIRTIO_NET_F_HOST_TSO6;
}

void net_accept(struct net *n, uint64_t features)
{
	if (!n->stream && n->fd >= 0)
		net_accept_tap(n->fd, features);
}

/* How much of it was sent. What the other side does not take for another reason is lost. */
static size_t transmit(struct net *n, const struct iovec *iov, unsigned int count)
{
	const struct msghdr message = { .msg_iov = (struct iovec *)iov, .msg_iovlen = count };
	const ssize_t sent =
		n->stream ? sendmsg(n->fd, &message, MSG_NOSIGNAL) : writev(n->fd, iov, count);

	if (sent >= 0)
		return sent;
	if (errno == EAGAIN)
		return 0;
	/* A tap that is there may refuse a frame: it is down, perhaps. */
	if (n->stream || errno == EBADFD)
		net_gone(n);
	return iov_size(iov, count);
}

static void send_all(struct net *n, const struct iovec *iov, unsigned int count)
{
	const uint32_t size = iov_size(iov, count);
	const size_t sent = transmit(n, iov, count);

	if (sent == size || n->fd < 0)
		return;
	n->rest_from = 0;
	n->rest_end = iov_read(iov, count, sent, n->rest, size - sent);
}

void net_send(struct net *n, const struct iovec *iov, unsigned int count)
{
	const uint32_t size = iov_size(iov, count) - NET_HEADER, prefix = htonl(size);
	struct iovec all[1 + NET_PIECES] = { { (void *)&prefix, NET_PREFIX } };

	if (n->fd < 0)
		return;
	if (!n->stream) {
		send_all(n, iov, count);
		return;
	}
	count = iov_slice(all + 1, iov, count, NET_HEADER, size);
	send_all(n, all, count + 1);
}

bool net_blocked(const struct net *n)
{
	return n->rest_from < n->rest_end;
}

void net_retry(struct net *n)
{
	const struct iovec rest = { n->rest + n->rest_from, n->rest_end - n->rest_from };

	if (net_blocked(n))
		n->rest_from += transmit(n, &rest, 1);
}
